package codesystem_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
)

func TestResolve(t *testing.T) {
	const icd10, icpc2, icpc2b = "http://hl7.org/fhir/sid/icd-10-no", "http://hl7.org/fhir/sid/icpc-2", "urn:oid:2.16.578.1.12.4.1.1.7171"
	tests := []struct{ name, in, want string }{
		{"preferred URI", icd10, icd10},
		{"OID as URI", "urn:oid:2.16.578.1.12.4.1.1.7110", icd10},
		{"bare OID", "2.16.578.1.12.4.1.1.7110", icd10},
		{"short name", "icd-10", icd10},
		{"short name in capitals", "ICD10", icd10},
		{"WHO's is another", "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10"},
		{"ICPC-2", "ICPC-2", icpc2},
		{"international OID of ICPC-2", "urn:oid:2.16.840.1.113883.6.139", icpc2},
		{"ICPC-2B has its OID as URI", "2.16.578.1.12.4.1.1.7171", icpc2b},
		{"ICPC-2B", "icpc2b", icpc2b},
		{"SNOMED CT", "sct", "http://snomed.info/sct"},
		{"OID of SNOMED CT, capitals", "URN:OID:2.16.840.1.113883.6.96", "http://snomed.info/sct"},
		{"NLK under its older host", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7280-nlk", "http://helsedir.no/fhir/CodeSystem/no-kodeverk-7280-nlk"},
		{"ATC", "2.16.578.1.12.4.1.1.7180", "http://www.whocc.no/atc"},
		{"the number of the Directorate", "7110", icd10},
		{"the number of ICPC-2", "7170", icpc2},
		{"the number of ICPC-2B", "7171", icpc2b},
		{"a number of nobody", "7999", ""},
		{"unknown", "urn:oid:1.2.3", ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := codesystem.Resolve(tt.in); got != tt.want || ok != (tt.want != "") {
				t.Errorf("Resolve(%q) = %q, %v, want %q", tt.in, got, ok, tt.want)
			}
		})
	}
}

// TestList holds the list to its own rules.
func TestList(t *testing.T) {
	owner := map[string]string{}
	for _, s := range codesystem.Systems() {
		if s.Name == "" || s.Title == "" || s.Normalize == nil || len(s.Short) == 0 {
			t.Errorf("%+v lacks a name, title, short name or Normalize", s)
		}
		for _, name := range append(append([]string{s.URI}, s.Short...), s.Aliases...) {
			if other, ok := owner[strings.ToLower(name)]; ok {
				t.Errorf("%q names both %s and %s", name, other, s.Name)
			}
			owner[strings.ToLower(name)] = s.Name
			if uri, ok := codesystem.Resolve(name); !ok || uri != s.URI {
				t.Errorf("Resolve(%q) = %q, want %q", name, uri, s.URI)
			}
		}
		if again, ok := codesystem.Known(s.URI); !ok || again.Name != s.Name {
			t.Errorf("Known(%q) = %s", s.URI, again.Name)
		}
	}
}

func TestResolveDoesNotAllocate(t *testing.T) {
	codesystem.Resolve(codesystem.SNOMED)
	if n := testing.AllocsPerRun(100, func() { codesystem.Resolve("urn:oid:2.16.578.1.12.4.1.1.7110") }); n > 0 {
		t.Errorf("Resolve allocates %v times", n)
	}
}

func ExampleResolve() {
	fmt.Println(codesystem.Resolve("icpc2"))
	fmt.Println(codesystem.Resolve("2.16.578.1.12.4.1.1.7110"))
	fmt.Println(codesystem.Resolve("urn:oid:1.2.3"))
	// Output:
	// http://hl7.org/fhir/sid/icpc-2 true
	// http://hl7.org/fhir/sid/icd-10-no true
	//  false
}

func ExampleKnown() {
	system, ok := codesystem.Known("icd-10")
	fmt.Println(system.Title, system.Normalize("i210A"), ok)
	// Output: ICD-10 (norsk utgave) [I21.0a] true
}
