package fhir

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Subsumes is the parameter table of CodeSystem/$subsumes.
var Subsumes = &Operation{Resource: "CodeSystem", Name: "subsumes", Parameters: []Definition{
	{Name: "codeA", Type: Code},
	{Name: "codeB", Type: Code},
	{Name: "system", Type: URI},
	{Name: "version", Type: String},
	{Name: "codingA", Type: CodingType},
	{Name: "codingB", Type: CodingType},
}}

// SubsumesRequest reads the parameters of CodeSystem/$subsumes.
func SubsumesRequest(p *Parameters) (operation.SubsumesRequest, error) {
	a, err := p.coding("codingA", "codeA", "system", "version")
	if err != nil {
		return operation.SubsumesRequest{}, err
	}
	b, err := p.coding("codingB", "codeB", "system", "version")
	if err != nil {
		return operation.SubsumesRequest{}, err
	}
	switch {
	case a.System != b.System:
		err = elementError(terminology.Invalid, "codingB", "both codes must be of one code system, not '%s' and '%s'", a.System, b.System)
	case a.Version != "" && b.Version != "" && a.Version != b.Version:
		err = elementError(terminology.Invalid, "codingB", "both codes must be of one version, not '%s' and '%s'", a.Version, b.Version)
	}
	return operation.SubsumesRequest{With: p.with(), System: a.System, Version: firstOf(a.Version, b.Version), CodeA: a.Code, CodeB: b.Code}, err
}

// AppendSubsumes writes the answer to CodeSystem/$subsumes. An unknown code is an
// error that names it: the operation has no outcome for it.
func AppendSubsumes(dst []byte, _ Version, _ *Parameters, a *operation.SubsumesResponse) ([]byte, error) {
	if len(a.Unknown) > 0 || a.Outcome == operation.NoAnswer {
		c := terminology.Coding{System: a.System, Version: a.Version, Code: strings.Join(a.Unknown, "' and '")}
		because := make([]string, len(a.Reasons))
		for i, why := range a.Reasons {
			because[i] = operation.NotExpression(why)
		}
		return dst, unknownCode("fhir.AppendSubsumes", c, because...)
	}
	dst = append(dst, openParameters...)
	dst = appendParameter(dst, "outcome", "valueCode", a.Outcome.String())
	return append(dst, closeParameters...), nil
}
