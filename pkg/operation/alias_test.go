package operation_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
)

// identities are the names of the code systems as their publishers and registries give
// them: the preferred URI, OIDs, older URIs. Public repositories swap 7110, 7170 and 7171.
var identities = []struct {
	uri, code string
	others    []string
}{
	{"http://hl7.org/fhir/sid/icd-10-no", "A00.0", []string{"2.16.578.1.12.4.1.1.7110"}},
	{"urn:oid:2.16.578.1.12.4.1.1.7112", "1 F90.0", []string{"2.16.578.1.12.4.1.1.7112"}},
	{"http://hl7.org/fhir/sid/icpc-2", "A01", []string{"2.16.578.1.12.4.1.1.7170", "2.16.840.1.113883.6.139"}},
	{"urn:oid:2.16.578.1.12.4.1.1.7171", "A01.0001", []string{"2.16.578.1.12.4.1.1.7171"}},
	{"http://www.whocc.no/atc", "C01DA14", []string{"2.16.578.1.12.4.1.1.7180", "2.16.840.1.113883.6.73"}},
	{"urn:oid:2.16.578.1.12.4.1.1.7210", "AAA00", []string{"2.16.578.1.12.4.1.1.7210"}},
	{"urn:oid:2.16.578.1.12.4.1.1.7220", "AAAA00", []string{"2.16.578.1.12.4.1.1.7220"}},
	{"http://helsedir.no/fhir/CodeSystem/no-kodeverk-7270-ncrp", "SJJ0AK", []string{"2.16.578.1.12.4.1.1.7270", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7270-ncrp"}},
	{"urn:oid:2.16.578.1.12.4.1.1.7275", "AAA00", []string{"2.16.578.1.12.4.1.1.7275"}},
	{"urn:oid:2.16.578.1.12.4.1.1.7020", "A0099", []string{"2.16.578.1.12.4.1.1.7020"}},
	{"http://helsedir.no/fhir/CodeSystem/no-kodeverk-7280-nlk", "NPU01234", []string{"2.16.578.1.12.4.1.1.7280", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7280-nlk"}},
	{"http://npu-terminology.org", "NPU01234", []string{"1.2.208.176.9.1"}},
	{"http://helsedir.no/fhir/CodeSystem/no-kodeverk-7010-norpat", "T56000", []string{"2.16.578.1.12.4.1.1.7010", "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7010-norpat"}},
	{"http://hl7.org/fhir/sid/icd-10", "A00.0", []string{"2.16.840.1.113883.6.3"}},
	{"http://fhir.de/CodeSystem/bfarm/icd-10-gm", "A00.0", nil},
	{"http://hl7.org/fhir/sid/icd-10-cm", "A00.0", []string{"2.16.840.1.113883.6.90"}},
	{"http://id.who.int/icd/release/11/mms", "1A00", nil},
	{"http://terminology.hl7.org/CodeSystem/ICPC-3", "A01", nil},
	{"https://www.orpha.net", "558", []string{"http://www.orpha.net", "1.3.6.1.4.1.12559.11.10.1.3.1.44.5"}},
	{"http://loinc.org", "718-7", []string{"2.16.840.1.113883.6.1"}},
	{"http://hl7.org/fhir/sid/icpc-1", "A01", []string{"2.16.840.1.113883.6.138", "2.16.840.1.113883.6.138.10"}},
	{"http://snomed.info/sct", "22298006", []string{"2.16.840.1.113883.6.96"}},
}

// TestAliases asks every code system for a code by each of its names: the answer has the
// preferred one.
func TestAliases(t *testing.T) {
	dir, data := t.TempDir(), t.TempDir()
	told := map[string]bool{}
	for i, id := range identities {
		told[id.uri] = true
		resource := map[string]any{"resourceType": "CodeSystem", "url": id.uri, "version": "2026", "status": "active", "content": "complete",
			"concept": []map[string]string{{"code": id.code, "display": "Prøve"}}}
		text, err := json.Marshal(resource)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "cs-"+string(rune('a'+i))+".json"), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, known := range codesystem.Systems() {
		if !told[known.URI] {
			t.Errorf("%s (%s) is in the list and not in this test", known.Name, known.URI)
		}
	}
	s := serviceOf(t, data, dir)
	for _, id := range identities {
		names := append([]string{id.uri}, id.others...)
		known, ok := codesystem.Known(id.uri)
		if !ok {
			t.Errorf("%s is not in the list", id.uri)
			continue
		}
		for _, name := range append(names, known.Short...) {
			if name[0] >= '0' && name[0] <= '9' {
				names = append(names, "urn:oid:"+name, "URN:OID:"+name)
			}
			names = append(names, strings.ToUpper(name))
		}
		for _, name := range append(names, known.Short...) {
			resp, err := s.Lookup(t.Context(), operation.LookupRequest{Coding: coding(name, id.code)})
			if err != nil || !resp.Found || resp.Coding.System != id.uri {
				t.Errorf("Lookup(%s, %s) = %+v, %v, want a code of %s", name, id.code, resp, err, id.uri)
			}
			valid, err := s.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: coding(name, id.code)})
			if err != nil || !valid.Result || valid.Coding.System != id.uri {
				t.Errorf("ValidateCode(%s, %s) = %+v, %v, want a code of %s", name, id.code, valid, err, id.uri)
			}
		}
	}
}

// serviceOf imports a folder and answers from it.
func serviceOf(t *testing.T, data, folder string) *operation.Service {
	t.Helper()
	in, err := importer.OpenInputs([]string{folder})
	if err != nil {
		t.Fatal(err)
	}
	sources, err := codesystem.Detect(in.List, codesystem.Options{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range sources {
		if _, err := importer.Run(t.Context(), src, wiring.ImportOptions(data, "test")); err != nil {
			t.Fatal(err)
		}
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{Language: "nb"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return operation.New(c, operation.Options{Languages: language.Of(language.Bokmal)})
}
