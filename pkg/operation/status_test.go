package operation_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	wards  = "http://example.org/wards"  // a resource
	houses = "http://example.org/houses" // a table
)

// wardsWithStatus is a code system whose codes stand in every way that there is; its
// property of the status has another name than that of the standard.
func wardsWithStatus() []byte {
	concept := func(code, property, value, extension string) string {
		out := `{"code":"` + code + `","display":"` + code + `","definition":"what ` + code + ` is"`
		if property != "" {
			out += `,"property":[{"code":"` + property + `",` + value + `}]`
		}
		if extension != "" {
			out += `,"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status","valueCode":"` + extension + `"}]`
		}
		return out + "}"
	}
	return []byte(`{"resourceType":"CodeSystem","url":"` + wards + `","version":"1","status":"active","content":"complete","caseSensitive":true,
		"property":[{"code":"life","uri":"http://hl7.org/fhir/concept-properties#status","type":"code"},{"code":"gone","uri":"http://hl7.org/fhir/concept-properties#inactive","type":"boolean"}],"concept":[` + strings.Join([]string{
		concept("open", "", "", ""), concept("current", "life", `"valueCode":"active"`, ""), concept("closed", "life", `"valueCode":"retired"`, ""),
		concept("withdrawn", "life", `"valueCode":"withdrawn"`, ""), concept("old", "life", `"valueCode":"deprecated"`, ""), concept("gone", "gone", `"valueBoolean":true`, ""),
		concept("both", "gone", `"valueBoolean":true`, "deprecated"), concept("new", "life", `"valueCode":"experimental"`, ""),
	}, ",") + `]}`)
}

// TestStatus wants the words of code systems for how their codes stand, whether they are
// resources or releases of their own, and with a day as without.
func TestStatus(t *testing.T) {
	dir := t.TempDir()
	file, data := filepath.Join(dir, "houses.csv"), filepath.Join(dir, "data")
	if err := os.WriteFile(file, []byte("code;text;stands;to\nopen;Open;Active;\nclosed;Closed;Retired;2026-06-30\nold;Old;deprecated;\ngone;Gone;utgått;2026-06-30\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mapping, err := table.Parse("houses.yaml", []byte("system: {uri: "+houses+", name: houses, title: Houses, version: '2026'}\nfile: {decimal: ','}\ncolumns: {code: code, display: text, valid-to: to, status: {column: stands, values: [retired, utgått]}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	in, err := importer.OpenInputs([]string{file})
	if err != nil {
		t.Fatal(err)
	}
	sources, err := codesystem.Detect(in.List, codesystem.Options{Mapping: mapping, Today: "2026-11-22"})
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range sources {
		if _, err := importer.Run(context.Background(), src, wiring.ImportOptions(data, "test")); err != nil {
			t.Fatal(err)
		}
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	s := operation.New(c, operation.Options{})
	for _, tt := range []struct {
		system, code string
		day          terminology.Date
		inactive     bool
		status, says string
	}{
		{system: wards, code: "open"},
		{system: wards, code: "current"},
		{system: wards, code: "new"},
		{system: wards, code: "closed", inactive: true, status: "retired", says: "a status of retired and inactive"},
		{system: wards, code: "withdrawn", inactive: true, status: "withdrawn", says: "a status of withdrawn and inactive"},
		{system: wards, code: "old", status: "deprecated", says: "is deprecated"},
		{system: wards, code: "gone", inactive: true, says: "a status of inactive"},
		{system: wards, code: "both", inactive: true, status: "deprecated", says: "a status of deprecated and inactive"},
		{system: wards, code: "closed", day: 20260701, inactive: true, status: "retired", says: "no longer valid"},
		{system: houses, code: "open"},
		{system: houses, code: "closed", inactive: true, status: "retired", says: "a status of retired and inactive"},
		{system: houses, code: "closed", day: 20260630},
		{system: houses, code: "closed", day: 20260701, inactive: true, status: "retired", says: "no longer valid"},
		{system: houses, code: "old", status: "deprecated", says: "is deprecated"},
		{system: houses, code: "gone", inactive: true, says: "a status of inactive"},
	} {
		t.Run(strings.Join([]string{tt.system, tt.code, tt.day.String()}, " "), func(t *testing.T) {
			resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: operation.With{Resources: [][]byte{wardsWithStatus()}}, Date: tt.day,
				Codings: []terminology.Coding{{System: tt.system, Code: tt.code}}})
			if err != nil || resp.Inactive != tt.inactive || resp.Status != tt.status {
				t.Fatalf("Validate: inactive %v, status %q, %v, want %v, %q\n%+v", resp.Inactive, resp.Status, err, tt.inactive, tt.status, resp.Issues)
			}
			if said := slices.ContainsFunc(resp.Issues, func(i operation.Issue) bool { return strings.Contains(i.Text, tt.says) }); said != (tt.says != "") && tt.day == 0 {
				t.Errorf("Validate says %+v, want %q", resp.Issues, tt.says)
			}
		})
	}
}

// TestUseOfDefinitions wants no description type of SNOMED CT told of the texts of others.
func TestUseOfDefinitions(t *testing.T) {
	resp, err := service.Lookup(t.Context(), operation.LookupRequest{With: operation.With{Resources: [][]byte{wardsWithStatus()}}, Coding: terminology.Coding{System: wards, Code: "open"}})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(resp.Designations, func(d operation.Designation) bool { return d.Term == "what open is" })
	if i < 0 || resp.Designations[i].Use != (terminology.Coding{System: "urn:kodeks:designation-use", Code: "definition", Display: "Definition"}) {
		t.Errorf("Lookup: %+v", resp.Designations)
	}
}
