package fhir

import (
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// BatchValidateCode is the parameter table of $batch-validate-code (HL7 terminology
// ecosystem): each validation is the Parameters of one $validate-code, which also has the
// parameters beside them that it does not have itself.
var BatchValidateCode = &Operation{Resource: "ValueSet", Name: "batch-validate-code", Parameters: append([]Definition{
	{Name: "validation", Type: ResourceType, Many: true, In: Ecosystem},
}, ValueSetValidateCode.Parameters...)}

// Validations returns the requests of a batch as parameters of $validate-code, on a value
// set where one is named and else on the code system, with what is wrong with those that
// cannot be read.
func Validations(p *Parameters) ([]Parameters, []error) {
	var out []Parameters
	var errs []error
	var shared [][]byte
	for i := range p.list {
		if n := &p.list[i]; n.Definition.Name == "tx-resource" {
			shared = append(shared, n.Raw)
		}
	}
	for i := range p.list {
		if n := &p.list[i]; n.Definition.Name == "validation" {
			one, err := p.validation(n.Raw, shared)
			out, errs = append(out, one), append(errs, err)
		}
	}
	return out, errs
}

func (p *Parameters) validation(raw []byte, shared [][]byte) (Parameters, error) {
	one := Parameters{AcceptLanguage: p.AcceptLanguage, CacheID: p.CacheID, Time: p.Time, FHIR: p.FHIR, Shared: shared, op: ValueSetValidateCode}
	err := one.ReadBody(raw)
	for i := range p.list {
		n := p.list[i]
		if n.Definition.Type == ResourceType || one.find(n.name()) != nil {
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
	for _, n := range kept {
		if d := p.op.find(n.Definition.Name); d != nil && p.find(n.name()) == nil {
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
			if ClassOf(terminology.KindOf(errs[i])).HTTP >= 500 {
				return dst, errs[i]
			}
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
