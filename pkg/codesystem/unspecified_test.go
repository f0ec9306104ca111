package codesystem_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
)

func TestUnspecified(t *testing.T) {
	for _, tt := range []struct {
		system, code string
		want         bool
	}{
		{codesystem.ICD10NO, "J06.9", true},
		{codesystem.ICD10NO, "J06.8", false},
		{codesystem.ICD10NO, "J09", false},
		{codesystem.ICD10NO, "M10.09", false},
		{"http://hl7.org/fhir/sid/icd-10", "J06.9", true},
		{"http://hl7.org/fhir/sid/icd-10-cm", "J06.9", true},
		{codesystem.ICD11, "GC00.Z", true},
		{codesystem.ICD11, "6A7Z", true},
		{codesystem.ICD11, "GC00.Y", false},
	} {
		if got := codesystem.Unspecified(tt.system)(tt.code); got != tt.want {
			t.Errorf("%s of %s: %v, want %v", tt.code, tt.system, got, tt.want)
		}
	}
	for _, system := range []string{"http://snomed.info/sct", "http://hl7.org/fhir/sid/icpc-2", "http://example.org/none", ""} {
		if codesystem.Unspecified(system) != nil {
			t.Errorf("%s has codes for what is not specified", system)
		}
	}
}
