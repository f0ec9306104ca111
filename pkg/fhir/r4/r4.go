package r4

import (
	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
)

// Version is the version of FHIR that this package writes.
const Version = fhir.R4

// Operations lists the parameter tables of the operations.
func Operations() []*fhir.Operation { return fhir.Operations }

// LookupRequest reads CodeSystem/$lookup.
func LookupRequest(p *fhir.Parameters) (operation.LookupRequest, error) { return fhir.LookupRequest(p) }

// AppendLookup writes the answer to CodeSystem/$lookup; an unknown code is an error.
func AppendLookup(dst []byte, p *fhir.Parameters, a *operation.LookupResponse) ([]byte, error) {
	return fhir.AppendLookup(dst, Version, p, a)
}

// SubsumesRequest reads CodeSystem/$subsumes.
func SubsumesRequest(p *fhir.Parameters) (operation.SubsumesRequest, error) {
	return fhir.SubsumesRequest(p)
}

// AppendSubsumes writes the answer to CodeSystem/$subsumes; an unknown code is an
// error.
func AppendSubsumes(dst []byte, p *fhir.Parameters, a *operation.SubsumesResponse) ([]byte, error) {
	return fhir.AppendSubsumes(dst, Version, p, a)
}

// ValidateRequest reads $validate-code of a CodeSystem or a ValueSet.
func ValidateRequest(p *fhir.Parameters) (operation.ValidateRequest, error) {
	return fhir.ValidateRequest(p)
}

// AppendValidate writes the answer to $validate-code.
func AppendValidate(dst []byte, p *fhir.Parameters, a *operation.ValidateResponse) ([]byte, error) {
	return fhir.AppendValidate(dst, Version, p, a)
}

// ExpandRequest reads ValueSet/$expand.
func ExpandRequest(p *fhir.Parameters) (operation.ExpandRequest, error) { return fhir.ExpandRequest(p) }

// AppendExpand writes the answer to ValueSet/$expand.
func AppendExpand(dst []byte, p *fhir.Parameters, a *operation.ExpandResponse) ([]byte, error) {
	return fhir.AppendExpand(dst, Version, p, a)
}

// TranslateRequests reads ConceptMap/$translate: one request a coding.
func TranslateRequests(p *fhir.Parameters) ([]operation.TranslateRequest, error) {
	return fhir.TranslateRequests(p)
}

// AppendTranslate writes the answer to ConceptMap/$translate from the answers for
// each coding; nil stands for one that could not be asked.
func AppendTranslate(dst []byte, p *fhir.Parameters, answers []*operation.TranslateResponse) ([]byte, error) {
	return fhir.AppendTranslate(dst, Version, p, answers)
}

// AppendCapabilityStatement writes what the endpoint can do.
func AppendCapabilityStatement(dst []byte, s fhir.Server) []byte {
	return fhir.AppendCapabilityStatement(dst, Version, s)
}

// AppendTerminologyCapabilities writes which code systems are installed.
func AppendTerminologyCapabilities(dst []byte, s fhir.Server, list *operation.ListResponse) []byte {
	return fhir.AppendTerminologyCapabilities(dst, Version, s, list)
}
