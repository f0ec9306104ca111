package fhir

import (
	"context"
	"slices"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// BatchValidateCode is the parameter table of $batch-validate-code (HL7 terminology
// ecosystem): each validation is the Parameters of one $validate-code, which also has the
// parameters beside them that it does not have itself.
var BatchValidateCode = &Operation{Resource: "ValueSet", Name: "batch-validate-code", Parameters: append([]Definition{
	{Name: "validation", Type: ResourceType, Many: true, In: Ecosystem},
}, ValueSetValidateCode.Parameters...)}

// maxValidations is how many validations a batch may have.
const maxValidations = 10_000

// Validations returns the requests of a batch as parameters of $validate-code, on a value
// set where one is named and else on the code system, with what is wrong with those that
// cannot be read. The error is Invalid for none, TooCostly for more than 10,000 of them,
// and that of the context once it is done.
func Validations(ctx context.Context, p *Parameters) ([]Parameters, []error, error) {
	var out []Parameters
	var errs []error
	var shared [][]byte
	count := 0
	for i := range p.list {
		switch n := &p.list[i]; n.Definition.Name {
		case "tx-resource":
			shared = append(shared, n.Raw)
		case "validation":
			count++
		}
	}
	if count == 0 {
		return nil, nil, p.missing("validation")
	}
	if count > maxValidations {
		return nil, nil, elementError(terminology.TooCostly, p.op.Path(), "the batch has %d validations, want %d at most", count, maxValidations)
	}
	for i := range p.list {
		n := &p.list[i]
		if n.Definition.Name != "validation" {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, &terminology.Error{Op: "fhir.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		one, err := p.validation(n.Raw, shared)
		out, errs = append(out, one), append(errs, err)
	}
	return out, errs, nil
}

func (p *Parameters) validation(raw []byte, shared [][]byte) (Parameters, error) {
	one := Parameters{AcceptLanguage: p.AcceptLanguage, CacheID: p.CacheID, Client: p.Client, FHIR: p.FHIR, Shared: shared, op: ValueSetValidateCode}
	err := one.ReadBody(raw)
	own := len(one.list)
	for i := range p.list {
		n := p.list[i]
		if n.Definition.Type == ResourceType || slices.ContainsFunc(one.list[:own], func(x Parameter) bool { return x.name() == n.name() }) {
			continue
		}
		one.list = append(one.list, n)
	}
	if err == nil && one.find("url") == nil && one.find("valueSet") == nil {
		err = one.ofCodeSystem(raw)
	}
	return one, err
}

// ofCodeSystem reads a validation again as one on the code system.
func (p *Parameters) ofCodeSystem(raw []byte) error {
	kept := p.list
	p.list, p.op = nil, CodeSystemValidateCode
	if err := p.ReadBody(raw); err != nil {
		return err
	}
	own := len(p.list)
	for _, n := range kept {
		if d := p.op.find(n.Definition.Name); d != nil && !slices.ContainsFunc(p.list[:own], func(x Parameter) bool { return x.name() == n.name() }) {
			n.Definition = d
			p.list = append(p.list, n)
		}
	}
	return nil
}

// AppendValidations writes the answer to $batch-validate-code: for each validation its
// answer, or what was wrong with it.
func AppendValidations(dst []byte, v Version, list []Parameters, answers []*operation.ValidateResponse, errs []error) ([]byte, error) {
	dst = append(dst, openParameters...)
	for i := range list {
		dst = appendKey(openParameter(dst, "validation"), "resource")
		if errs[i] != nil {
			dst = append(AppendOutcome(dst, errs[i]), '}')
			continue
		}
		var err error
		if dst, err = AppendValidate(dst, v, &list[i], answers[i]); err != nil {
			return dst, err
		}
		dst = append(dst, '}')
	}
	return append(dst, closeParameters...), nil
}
