package operation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
)

// TestEvaluatedSetsAreNotChanged asks for the same value set in all the ways that make
// something of it, in turn, and of more sets than are kept: the answers must be those
// of a service that has not been asked before.
func TestEvaluatedSetsAreNotChanged(t *testing.T) {
	asked := operation.New(installed, operation.Options{Languages: language.Of(language.Bokmal)})
	everything, err := asked.Expand(t.Context(), operation.ExpandRequest{URL: sct + "?fhir_vs", Count: -1})
	if err != nil {
		t.Fatal(err)
	}
	var urls []string
	for _, c := range everything.Codes {
		urls = append(urls, isa+c.Coding.Code)
	}
	if urls = urls[:min(len(urls), 300)]; len(urls) < 300 {
		t.Fatalf("only %d value sets", len(urls))
	}
	for round := range 2 {
		for _, url := range append(urls, isa+"404684003", isa+"404684003") {
			for _, req := range []operation.ExpandRequest{
				{URL: url, Count: 20}, {URL: url, Count: 20, ActiveOnly: true}, {URL: url, Count: 5, Text: "h"}, {URL: url, Count: 5, Text: "h", ActiveOnly: true},
			} {
				if round == 0 && !strings.HasSuffix(url, "03") {
					continue // the second round meets some that are known and some that are not
				}
				got, err := asked.Expand(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				want, err := operation.New(installed, operation.Options{Languages: language.Of(language.Bokmal)}).Expand(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%+v (-asked for the first time +asked before):\n%s", req, diff)
				}
			}
		}
	}
}

// TestEvaluatedSetsAreOfTheirSnapshot asks before and after releases are gone.
func TestEvaluatedSetsAreOfTheirSnapshot(t *testing.T) {
	data := t.TempDir()
	c, err := importSample(data)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := operation.New(c, operation.Options{})
	req := operation.ExpandRequest{URL: isa + "404684003", Count: 3}
	for range 2 {
		if resp, err := s.Expand(t.Context(), req); err != nil || len(resp.Codes) != 3 {
			t.Fatalf("%v, %v", resp, err)
		}
	}
	releases, err := filepath.Glob(filepath.Join(data, catalog.ReleasesDir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range releases {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	if changes, err := c.Refresh(); err != nil || len(changes) == 0 {
		t.Fatalf("Refresh: %v, %v", changes, err)
	}
	if resp, err := s.Expand(t.Context(), req); err == nil {
		t.Errorf("after its release was removed: %s", fmt.Sprint(resp))
	}
}

// TestPagesAreOfOneEvaluation asks for pages of sets of every kind: what a page costs must
// not grow with the definition, or the set would be evaluated for each page.
func TestPagesAreOfOneEvaluation(t *testing.T) {
	all, err := service.Expand(t.Context(), operation.ExpandRequest{URL: sct + "?fhir_vs", Count: 1000})
	if err != nil {
		t.Fatal(err)
	}
	list := operation.ConceptSet{System: sct}
	for _, c := range all.Codes {
		list.Concepts = append(list.Concepts, operation.ConceptReference{Code: c.Coding.Code})
	}
	without := []operation.ConceptSet{{System: sct, Filters: []operation.Filter{{Property: "concept", Op: "is-a", Value: "57054005"}}}}
	named := `{"resourceType":"ValueSet","url":"http://example.org/vs/named","status":"active","compose":{"include":[{"system":"` + sct + `","concept":[`
	for i, c := range list.Concepts {
		if i > 0 {
			named += ","
		}
		named += `{"code":"` + c.Code + `","display":"` + c.Code + `"}`
	}
	named += `]}],"exclude":[{"system":"` + sct + `","filter":[{"property":"concept","op":"is-a","value":"57054005"}]}]}}`
	for name, req := range map[string]operation.ExpandRequest{
		"a definition with an exclude": {Compose: &operation.Compose{Include: []operation.ConceptSet{list}, Exclude: without}},
		"the resource of the request":  {Definition: []byte(named), Details: true},
		"a resource beside it":         {With: operation.With{Resources: [][]byte{[]byte(named)}}, URL: "http://example.org/vs/named", Details: true},
		"by rules of versions":         {With: operation.With{Versions: operation.VersionRules{Force: []string{sct + "|" + older}}}, URL: isa + "404684003", Details: true},
	} {
		want := -1
		page := func(offset int) {
			req := req
			req.Offset, req.Count = offset, 5
			resp, err := service.Expand(t.Context(), req)
			if err != nil || len(resp.Codes) != 5 || want >= 0 && resp.Total != want {
				t.Fatalf("%s: %+v, %v", name, resp, err)
			}
			want = resp.Total
		}
		page(0)
		if allocs := testing.AllocsPerRun(20, func() { page(20) }); allocs > 60 {
			t.Errorf("%s: a page of 5 takes %.0f allocations, want at most 60: the set is made anew", name, allocs)
		}
	}
}
