package fhir

// Version is a version of the FHIR standard.
type Version uint8

// The versions that we speak.
const (
	R4 Version = iota
	R5
)

// String returns the version as CapabilityStatement.fhirVersion has it.
func (v Version) String() string { return [...]string{"4.0.1", "5.0.0"}[v] }

// MIME returns the version as the fhirVersion parameter of a media type has it
// (FHIR R4, "Managing FHIR versions").
func (v Version) MIME() string { return [...]string{"4.0", "5.0"}[v] }
