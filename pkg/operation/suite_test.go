package operation_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// suite is the folder of the HL7 terminology ecosystem's tests, when it is beside the
// project.
var suite = filepath.Join("..", "..", "..", "shared", "tx-ecosystem")

// resource is as much of a FHIR resource as the tests need.
type resource struct {
	ResourceType string
	URL, Version string
	Parameter    []struct {
		Name, ValueURI, ValueCode, ValueString, ValueCanonical string
		ValueBoolean                                           *bool
		ValueInteger                                           *int
		Resource                                               *resource
		ValueCoding                                            struct{ System, Version, Code, Display string }
	}
	Compose *struct {
		Inactive         *bool
		Include, Exclude []struct {
			System, Version string
			Concept         []operation.ConceptReference
			Filter          []operation.Filter
			ValueSet        []string
		}
	}
	Expansion struct {
		Total    int
		Contains []struct{ System, Code, Display string }
	}
	Issue []struct{ Details struct{ Text string } }
}

func (r *resource) text(names ...string) string {
	for _, p := range r.Parameter {
		if slices.Contains(names, p.Name) {
			return p.ValueURI + p.ValueCode + p.ValueString + p.ValueCanonical
		}
	}
	return ""
}

func (r *resource) compose() *operation.Compose {
	c := &operation.Compose{URL: r.URL, Version: r.Version, Inactive: r.Compose.Inactive}
	for _, in := range r.Compose.Include {
		c.Include = append(c.Include, operation.ConceptSet{System: in.System, Version: in.Version, Concepts: in.Concept, Filters: in.Filter, ValueSets: in.ValueSet})
	}
	for _, ex := range r.Compose.Exclude {
		c.Exclude = append(c.Exclude, operation.ConceptSet{System: ex.System, Version: ex.Version, Concepts: ex.Concept, Filters: ex.Filter, ValueSets: ex.ValueSet})
	}
	return c
}

// TestSuite asks what the open part of the HL7 suite asks about SNOMED CT, of the
// operations themselves: sets of codes, verdicts, displays and messages. How FHIR words
// an answer is for the suite's own runner.
func TestSuite(t *testing.T) {
	var cases struct {
		Suites []struct {
			Name  string
			Setup []string
			Tests []struct {
				Name, Operation, Request, Response string
				Status                             string `json:"http-code"`
			}
		}
	}
	if _, err := os.Stat(suite); err != nil {
		t.Skip("skipped: there is no HL7 suite here:", err)
	}
	load := func(name string, into any) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(suite, "tests", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	load("test-cases.json", &cases)
	c := importSuite(t)
	s := operation.New(c, operation.Options{Languages: language.Of("en-US")})
	ran := 0
	for _, group := range cases.Suites {
		if group.Name != "snomed" && group.Name != "sct-ecl" {
			continue
		}
		known := map[string]*operation.Compose{}
		for _, file := range group.Setup {
			var r resource
			load(file, &r)
			known[r.URL] = r.compose()
		}
		for _, tt := range group.Tests {
			t.Run(tt.Name, func(t *testing.T) {
				var request, want resource
				load(tt.Request, &request)
				load(tt.Response, &want)
				url := request.text("url")
				compose := known[url]
				for _, p := range request.Parameter {
					if p.Resource != nil && p.Resource.Compose != nil {
						compose = p.Resource.compose()
					}
				}
				if compose != nil {
					url = ""
				}
				var err error
				switch tt.Operation {
				case "expand":
					s := s
					if limit := number(&request, "limit", 0); limit > 0 {
						s = operation.New(c, operation.Options{MaxCodes: limit})
					}
					err = suiteExpand(t, s, url, compose, &request, &want)
				case "validate-code", "cs-validate-code":
					if tt.Operation == "cs-validate-code" {
						url = ""
					}
					err = suiteValidate(t, s, url, compose, &request, &want)
				case "lookup":
					err = suiteLookup(t, s, &request, &want)
				default:
					t.Fatalf("operation %s", tt.Operation)
				}
				if refused := strings.HasPrefix(tt.Status, "4"); refused != (err != nil) {
					t.Fatalf("error %v, want one: %v", err, refused)
				}
				if err != nil && len(want.Issue) > 0 {
					if text, ok := strings.CutPrefix(strings.TrimSuffix(want.Issue[0].Details.Text, "$"), "$fragments:"); ok && !strings.Contains(err.Error(), text) {
						t.Errorf("error %v, want %q in it", err, text)
					}
				}
			})
			ran++
		}
	}
	if ran < 50 {
		t.Errorf("only %d tests were found", ran)
	}
}

func importSuite(t *testing.T) *catalog.Catalog {
	t.Helper()
	in, err := importer.OpenInputs([]string{filepath.Join(suite, "tx-source", "snomed")})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	sources, err := codesystem.Detect(in.List, codesystem.Options{Today: "2026-11-22"})
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	for _, src := range sources {
		if _, err := importer.Run(context.Background(), src, wiring.ImportOptions(data, "test")); err != nil {
			t.Fatal(err)
		}
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func number(r *resource, name string, missing int) int {
	for _, p := range r.Parameter {
		if p.Name == name && p.ValueInteger != nil {
			return *p.ValueInteger
		}
	}
	return missing
}

func suiteExpand(t *testing.T, s *operation.Service, url string, compose *operation.Compose, request, want *resource) error {
	resp, err := s.Expand(t.Context(), operation.ExpandRequest{URL: url, Compose: compose, Count: number(request, "count", -1)})
	if err != nil {
		return err
	}
	got, expected := map[string]string{}, map[string]string{}
	for _, c := range resp.Codes {
		got[c.Coding.Code] = c.Coding.Display
	}
	for _, c := range want.Expansion.Contains {
		expected[c.Code] = c.Display
	}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if want.Expansion.Total > 0 && resp.Total != want.Expansion.Total {
		t.Errorf("total %d, want %d", resp.Total, want.Expansion.Total)
	}
	return nil
}

func suiteValidate(t *testing.T, s *operation.Service, url string, compose *operation.Compose, request, want *resource) error {
	coding := terminology.Coding{System: request.text("system"), Version: request.text("version", "systemVersion"), Code: request.text("code"), Display: request.text("display")}
	for _, p := range request.Parameter {
		if p.Name == "coding" {
			coding = terminology.Coding{System: p.ValueCoding.System, Version: p.ValueCoding.Version, Code: p.ValueCoding.Code, Display: p.ValueCoding.Display}
		}
	}
	if coding.System == "" && compose == nil {
		coding.System, url = request.text("url"), ""
	}
	if _, version, ok := strings.Cut(request.text("system-version"), "|"); ok && coding.Version == "" {
		coding.Version = version
	}
	resp, err := s.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: coding, ValueSet: url, Compose: compose})
	if err != nil {
		return err
	}
	for _, p := range want.Parameter {
		if p.Name == "result" && *p.ValueBoolean != resp.Result {
			t.Errorf("result %v, want %v: %s", resp.Result, *p.ValueBoolean, resp.Message)
		}
	}
	if display := want.text("display"); display != "" && !strings.HasPrefix(display, "$") && display != resp.Coding.Display {
		t.Errorf("display %q, want %q", resp.Coding.Display, display)
	}
	return nil
}

func suiteLookup(t *testing.T, s *operation.Service, request, want *resource) error {
	resp, err := s.Lookup(t.Context(), operation.LookupRequest{Coding: terminology.Coding{System: request.text("system"), Version: request.text("version"), Code: request.text("code")}})
	if err != nil {
		return err
	}
	if !resp.Found || resp.Coding.Display != want.text("display") {
		t.Errorf("found %v, display %q, want %q", resp.Found, resp.Coding.Display, want.text("display"))
	}
	return nil
}
