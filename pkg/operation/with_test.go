package operation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// fruit is a code system in two versions and a value set of one of them, as a request
// brings them.
func fruit() [][]byte {
	cs := func(version, pear string) []byte {
		return []byte(`{"resourceType":"CodeSystem","url":"http://example.org/fruit","version":"` + version + `","status":"active","language":"en","caseSensitive":true,"content":"complete",
			"concept":[{"code":"pome","display":"Pome","concept":[{"code":"pear","display":"` + pear + `"},{"code":"apple","display":"Apple","property":[{"code":"colour","valueCode":"red"}]}]}]}`)
	}
	vs := []byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/fruit","version":"1","status":"active","compose":{"include":[{"system":"http://example.org/fruit"}]}}`)
	return [][]byte{cs("1.0.0", "Pear"), cs("1.1.0", "Garden pear"), vs}
}

// TestWith asks of resources that only the request has, by the rules of versions.
func TestWith(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	const system, set = "http://example.org/fruit", "http://example.org/vs/fruit"
	for _, tt := range []struct {
		name    string
		rules   operation.VersionRules
		version string // of the coding
		display string // of pear in what answers
		issue   string // id of the first error
	}{
		{name: "the newest", display: "Garden pear"},
		{name: "as the coding says", version: "1.0.0", display: "Pear"},
		{name: "as the request says", rules: operation.VersionRules{Default: []string{system + "|1.0.0"}}, display: "Pear"},
		{name: "as the request forces", rules: operation.VersionRules{Force: []string{system + "|1.0.x"}}, display: "Pear"},
		{name: "the coding differs from what is forced", rules: operation.VersionRules{Force: []string{system + "|1.0.x"}}, version: "1.1.0", display: "Pear", issue: "VALUESET_VALUE_MISMATCH_CHANGED"},
		{name: "a version that is not there", version: "9", display: "Garden pear", issue: "UNKNOWN_CODESYSTEM_VERSION"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 { // the second time the resources are known
				with := operation.With{Resources: fruit(), Versions: tt.rules}
				resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: with, Form: operation.FormCoding, ValueSet: set,
					Codings: []terminology.Coding{{System: system, Version: tt.version, Code: "pear"}}})
				if err != nil {
					t.Fatal(err)
				}
				issue := ""
				for _, i := range resp.Issues {
					if i.Severity == operation.SeverityError && issue == "" {
						issue = i.ID
					}
				}
				if resp.Coding.Display != tt.display || issue != tt.issue || resp.Result != (tt.issue == "") {
					t.Errorf("%+v, want display %s and issue %q", resp, tt.display, tt.issue)
				}
			}
		})
	}
	if _, err := s.Expand(t.Context(), operation.ExpandRequest{URL: set, Count: -1}); terminology.KindOf(err) != terminology.NotFound {
		t.Errorf("a request without the resources: %v, want NotFound", err)
	}
	_, err := s.Expand(t.Context(), operation.ExpandRequest{With: operation.With{Resources: [][]byte{[]byte(`{"resourceType":"ValueSet","url":1}`)}}, URL: set, Count: -1})
	if terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), "ValueSet.url") {
		t.Errorf("a resource that is none: %v, want Invalid and where", err)
	}
}

// TestNested states that a nested expansion has the codes of the flat one, each below one
// that is above it.
func TestNested(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	req := operation.ExpandRequest{With: operation.With{Resources: fruit()}, URL: "http://example.org/vs/fruit", Count: -1, Details: true}
	flat, err := s.Expand(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	req.Nested = true
	nested, err := s.Expand(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	var all, got []string
	for _, c := range flat.Codes {
		all = append(all, c.Coding.Code)
	}
	var walk func([]operation.ExpandedCode)
	walk = func(list []operation.ExpandedCode) {
		for _, c := range list {
			got = append(got, c.Coding.Code)
			walk(c.Contains)
		}
	}
	walk(nested.Codes)
	if !slices.Equal(all, []string{"pome", "pear", "apple"}) || !slices.Equal(got, all) || len(nested.Codes) != 1 || nested.Total != 3 {
		t.Errorf("flat %v, nested %v under %d roots", all, got, len(nested.Codes))
	}
}

// TestRecommendedDisplay states that a CodeSystem's own displays are what a client reads
// who asks for no language, or for one that a concept has no term in.
func TestRecommendedDisplay(t *testing.T) {
	s := operation.New(installed, operation.Options{Languages: language.Of(language.Bokmal)})
	cs := func(own string) []byte {
		return []byte(`{"resourceType":"CodeSystem","url":"http://example.org/boats","status":"active",` + own + `"caseSensitive":true,"content":"complete","concept":[
			{"code":"1","display":"Boot","designation":[{"language":"nb","value":"båt"},{"language":"en","value":"boat"},{"language":"es","value":"barco"}]},
			{"code":"2","display":"Fähre","designation":[{"language":"en","value":"ferry"},{"language":"es","value":"transbordador"}]}]}`)
	}
	for _, own := range []string{`"language":"de",`, ""} {
		for list, want := range map[string][2]string{
			"": {"Boot", "Fähre"}, "fr": {"Boot", "Fähre"}, "nb": {"båt", "Fähre"}, "nn": {"båt", "Fähre"}, "es": {"barco", "transbordador"}, "sv,en": {"boat", "ferry"},
		} {
			p, err := language.Parse(list)
			if err != nil {
				t.Fatal(err)
			}
			for i, code := range []string{"1", "2"} {
				resp, err := s.Lookup(t.Context(), operation.LookupRequest{With: operation.With{Resources: [][]byte{cs(own)}}, Languages: p, Coding: terminology.Coding{System: "http://example.org/boats", Code: code}})
				if err != nil {
					t.Fatal(err)
				}
				if resp.Coding.Display != want[i] {
					t.Errorf("%s of a code system with {%s}, asked for %q: %q, want %q", code, own, list, resp.Coding.Display, want[i])
				}
			}
		}
	}
}

// TestCircleIsTold states that an expansion tells of value sets that import each other
// in the same issue as a validation.
func TestCircleIsTold(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	vs := func(name, of string) []byte {
		return []byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/` + name + `","version":"2","status":"active","compose":{"include":[{"valueSet":["http://example.org/vs/` + of + `"]}]}}`)
	}
	with := operation.With{Resources: append(fruit(), vs("hen", "egg"), vs("egg", "hen"))}
	_, expanded := s.Expand(t.Context(), operation.ExpandRequest{With: with, URL: "http://example.org/vs/hen", Count: -1, Details: true})
	_, validated := s.Validate(t.Context(), operation.ValidateRequest{With: with, ValueSet: "http://example.org/vs/hen", Codings: []terminology.Coding{{System: "http://example.org/fruit", Code: "pear"}}})
	for _, err := range []error{expanded, validated} {
		var told *operation.IssueError
		if !errors.As(err, &told) || terminology.KindOf(err) != terminology.Invalid {
			t.Fatalf("%v, want an IssueError of kind Invalid", err)
		}
		const want = "Cyclic reference detected when including http://example.org/vs/hen via http://example.org/vs/hen|2 -> http://example.org/vs/egg|2 -> http://example.org/vs/hen|2"
		if i := told.Issues[0]; len(told.Issues) != 1 || i.ID != "VALUESET_CIRCULAR_REFERENCE" || i.Type != "processing" || i.Code != "vs-invalid" || i.Text != want {
			t.Errorf("issues %+v, want %s", told.Issues, want)
		}
	}
}

// TestUnknownCode states that the message about an unknown code is another one where the
// code system has no version to name.
func TestUnknownCode(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	for version, want := range map[string][2]string{
		"":               {"Unknown_Code_in", "Unknown code '2' in the CodeSystem 'http://example.org/boats'"},
		`"version":"7",`: {"Unknown_Code_in_Version", "Unknown code '2' in the CodeSystem 'http://example.org/boats' version '7'"},
	} {
		cs := []byte(`{"resourceType":"CodeSystem","url":"http://example.org/boats",` + version + `"status":"active","caseSensitive":true,"content":"complete","concept":[{"code":"1","display":"Boot"}]}`)
		resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: operation.With{Resources: [][]byte{cs}}, Codings: []terminology.Coding{{System: "http://example.org/boats", Code: "2"}}})
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.Issues) != 1 || resp.Issues[0].ID != want[0] || resp.Issues[0].Text != want[1] {
			t.Errorf("issues %+v, want %s", resp.Issues, want)
		}
	}
}
