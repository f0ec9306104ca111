package icd11_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// suite is the folder of the HL7 terminology ecosystem's tests of ICD-11, when it is
// beside the project.
var suite = filepath.Join("..", "..", "..", "..", "shared", "tx-ecosystem", "tests", "icd-11")

// TestSuite asks for the value set that the open part of the HL7 suite has about ICD-11:
// its filters must select what its own expansion lists. The release here is older than the
// one that an include pins, so that one is asked without its version; with it, the answer
// names what is installed.
func TestSuite(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(suite, "vs2.json"))
	if err != nil {
		t.Skip("skipped: there is no HL7 suite here:", err)
	}
	var vs struct {
		URL     string
		Compose struct {
			Include []struct {
				System, Version string
				Filter          []operation.Filter
			}
		}
		Expansion struct {
			Contains []struct{ System, Code, Display string }
		}
	}
	if err := json.Unmarshal(text, &vs); err != nil {
		t.Fatal(err)
	}
	s := operation.New(realRelease(t).catalog, operation.Options{})
	pinned := &operation.Compose{URL: vs.URL}
	free := &operation.Compose{URL: vs.URL}
	for _, in := range vs.Compose.Include {
		pinned.Include = append(pinned.Include, operation.ConceptSet{System: in.System, Version: in.Version, Filters: in.Filter})
		free.Include = append(free.Include, operation.ConceptSet{System: in.System, Filters: in.Filter})
	}
	want, got := map[string]string{}, map[string]string{}
	for _, c := range vs.Expansion.Contains {
		want[c.Code] = c.Display
		v, err := s.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: terminology.Coding{System: c.System, Code: c.Code, Display: c.Display}, Compose: free})
		if err != nil || !v.Result {
			t.Errorf("%s in its value set: %v, %v", c.Code, v, err)
		}
	}
	resp, err := s.Expand(t.Context(), operation.ExpandRequest{Compose: free, Count: -1})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range resp.Codes {
		got[c.Coding.Code] = c.Coding.Display
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if _, err := s.Expand(t.Context(), operation.ExpandRequest{Compose: pinned, Count: -1}); terminology.KindOf(err) != terminology.NotFound || !strings.Contains(err.Error(), "installed: 2024-01") {
		t.Errorf("with the version that is not installed: %v", err)
	}
}

// TestOperations asks of the small ICD-11 what the suite would have: good and bad
// postcoordination, codes and URIs, what is not selectable, case.
func TestOperations(t *testing.T) {
	const system = "http://id.who.int/icd/release/11/mms"
	s := operation.New(sample.catalog, operation.Options{})
	coding := func(code string) terminology.Coding { return terminology.Coding{System: system, Code: code} }
	below := func(value string) *operation.Compose {
		return &operation.Compose{URL: "urn:x", Include: []operation.ConceptSet{{System: system, Filters: []operation.Filter{{Property: "concept", Op: "is-a", Value: value}}}}}
	}
	for _, tt := range []struct {
		name, code, display string
		set                 *operation.Compose
		result              bool
		issue               string // part of one
	}{
		{name: "good cluster", code: "1B12.3&XA0NE9/5A74.0", result: true},
		{name: "its display", code: "1B12.3&XA0NE9", display: "tuberculosis of glands [adrenal gland]", result: true},
		{name: "another display", code: "1B12.3&XA0NE9", display: "Tuberculosis", issue: "Wrong Display Name 'Tuberculosis'"},
		{name: "dangling separator", code: "1B12.3&", issue: `Not a valid expression: column 8: the text ends after "&": want an extension code`},
		{name: "extension as a stem", code: "1B12.3/XA0NE9", issue: "column 8: XA0NE9: it is an extension code"},
		{name: "unknown part", code: "1B12.3&XA0NE8", issue: "column 8: XA0NE8: ICD-11 MMS 2024-01 has no such code"},
		{name: "unknown code", code: "1B12.9", issue: "Unknown code '1B12.9'"},
		{name: "URI", code: system + "/257068234", result: true, issue: "'1A00'"},
		{name: "lower case", code: "1a03.y", result: true, issue: "'1A03.Y'"},
		{name: "not selectable, where that may be", code: "BlockL1-1A0", result: true},
		{name: "in a value set by its stem", code: "1B12.3&XA0NE9", set: below("1B12"), result: true},
		{name: "in a value set by its other stem", code: "1B12.3&XA0NE9/5A74.0", set: below("05"), result: true},
		{name: "in a value set by URI", code: "1B12.3&XA0NE9", set: below(system + "/1435254666"), result: true},
		{name: "not by its extension", code: "1B12.3&XA0NE9", set: below("XA96N8"), issue: "was not found in the value set"},
		{name: "in none", code: "1A00&XN8P1", set: below("1B12"), issue: "was not found in the value set"},
		{name: "in a list, in other order", code: "1A00&XN8P1&XK9J", result: true, issue: "'1A00&XK9J&XN8P1'", set: &operation.Compose{URL: "urn:x",
			Include: []operation.ConceptSet{{System: system, Concepts: []operation.ConceptReference{{Code: "1a00 & XK9J & XN8P1"}}}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := coding(tt.code)
			c.Display = tt.display
			resp, err := s.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: c, Compose: tt.set})
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, i := range resp.Issues {
				texts = append(texts, i.Text)
			}
			if all := strings.Join(texts, "; "); resp.Result != tt.result || !strings.Contains(all, tt.issue) || tt.issue == "" && all != "" {
				t.Errorf("result %v, issues %s; want %v, %s", resp.Result, all, tt.result, tt.issue)
			}
		})
	}
	for _, tt := range []struct {
		a, b string
		want operation.Subsumption
	}{
		{"1B12", "1B12.3&XA0NE9/5A74.0", operation.Subsuming}, {"1A00&XN8P1", "1A00&XN7N1", operation.SubsumedBy},
		{"1A00&XN8P1&XK9J", "1a00&xk9j&xn8p1", operation.SameConcept}, {"1A00&XK9J", "1A03&XK9J", operation.NotSubsumed},
	} {
		resp, err := s.Subsumes(t.Context(), operation.SubsumesRequest{System: system, CodeA: tt.a, CodeB: tt.b})
		if err != nil || resp.Outcome != tt.want {
			t.Errorf("%s and %s: %v, %v, want %v", tt.a, tt.b, resp, err, tt.want)
		}
	}
	resp, err := s.Subsumes(t.Context(), operation.SubsumesRequest{System: system, CodeA: "1A00", CodeB: "1A00&"})
	if err != nil || len(resp.Reasons) != 1 || !strings.HasPrefix(resp.Reasons[0], "column 6") {
		t.Errorf("1A00 and 1A00&: %+v, %v", resp, err)
	}
	found, err := s.Lookup(t.Context(), operation.LookupRequest{Coding: coding("1B12.3&XA0NE9/5A74.0")})
	if err != nil || !found.Found || !found.Composed || len(found.Properties) != 4 || len(found.Parents) != 2 || found.Properties[2].Display != "Adrenal gland" {
		t.Errorf("lookup: %+v, %v", found, err)
	}
}
