package operation_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"

	"github.com/kodeks/kodeks/internal/wiring"
)

// apples is a value set as a request carries it.
func apples(version, code string) []byte {
	return []byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/apples","version":"` + version + `","date":"2026-02-03","status":"active","compose":{"include":[{"system":"http://example.org/fruit","concept":[{"code":"` + code + `"}]}]}}`)
}

// TestBasisIsOfTheContent asks the same of four services: over the sample, over the same
// folder opened again, over the same files imported anew, and again of the first. The
// basis is the same, and that of any two questions about other content differs.
func TestBasisIsOfTheContent(t *testing.T) {
	data := t.TempDir()
	again, err := importSample(data)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	restarted, err := catalog.Open(data, wiring.Open, catalog.Options{Language: "nb"})
	if err != nil {
		t.Fatal(err)
	}
	defer restarted.Close()
	nb := operation.Options{Languages: language.Of(language.Bokmal)}
	services := []*operation.Service{operation.New(installed, nb), operation.New(again, nb), operation.New(restarted, nb)}
	services = append(services, services[0])

	fruit := operation.With{Resources: fruit()}
	forced := fruit
	forced.Versions.Force = []string{"http://example.org/fruit|1.0.0"}
	inactive := false
	hearts := func(x operation.Compose) *operation.Compose {
		x.Include = []operation.ConceptSet{{System: sct, Filters: []operation.Filter{{Property: "concept", Op: "is-a", Value: "22298006"}}}}
		return &x
	}
	seen := map[operation.Basis]string{}
	for name, tt := range map[string]struct {
		req       operation.ExpandRequest
		published terminology.Date
	}{
		"isa":                   {operation.ExpandRequest{URL: isa + "22298006"}, 20250915},
		"another isa":           {operation.ExpandRequest{URL: isa + "57054005"}, 20250915},
		"active only":           {operation.ExpandRequest{URL: isa + "22298006", ActiveOnly: true}, 20250915},
		"another version":       {operation.ExpandRequest{URL: older + "?fhir_vs=isa/22298006"}, 20250315},
		"on a day":              {operation.ExpandRequest{URL: isa + "22298006", Date: 20260101}, 20250915},
		"a definition":          {operation.ExpandRequest{Compose: hearts(operation.Compose{})}, 20250915},
		"its inactive left out": {operation.ExpandRequest{Compose: hearts(operation.Compose{Inactive: &inactive})}, 20250915},
		"it with an exclude":    {operation.ExpandRequest{Compose: hearts(operation.Compose{Exclude: []operation.ConceptSet{{System: sct, Concepts: []operation.ConceptReference{{Code: "1755008"}}}}})}, 20250915},
		"a resource":            {operation.ExpandRequest{With: fruit, Definition: apples("1", "apple")}, 20260203},
		"another of it":         {operation.ExpandRequest{With: fruit, Definition: apples("1", "pear")}, 20260203},
		"a forced version":      {operation.ExpandRequest{With: forced, Definition: apples("1", "apple")}, 20260203},
	} {
		var first operation.Basis
		for i, s := range services {
			resp, err := s.Expand(t.Context(), tt.req)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if i == 0 {
				first = resp.Basis
			}
			if resp.Basis != first {
				t.Errorf("%s: service %d has another basis", name, i)
			}
			if resp.Published != tt.published {
				t.Errorf("%s: published %s, want %s", name, resp.Published, tt.published)
			}
		}
		if other, ok := seen[first]; ok {
			t.Errorf("%s and %s have the same basis", name, other)
		}
		seen[first] = name
	}
	resp, err := operation.New(installed, operation.Options{Languages: language.Of(language.Nynorsk)}).Expand(t.Context(), operation.ExpandRequest{URL: isa + "22298006"})
	if err != nil || seen[resp.Basis] != "" {
		t.Errorf("a server of another language has the basis of %q, %v", seen[resp.Basis], err)
	}
}
