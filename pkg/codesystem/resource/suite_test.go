package resource_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// suite is where the resources of the HL7 terminology ecosystem suite are.
const suite = "../../../../shared/tx-ecosystem/tests"

// outcome counts what became of resources.
type outcome struct{ codeSystems, supplements, maps, valueSets, imported int }

// TestSuiteResources reads every resource of the suite that is well-formed JSON: each of
// them can be read, and every code system that is not a supplement answers for all of its codes.
func TestSuiteResources(t *testing.T) {
	if _, err := os.Stat(suite); err != nil {
		t.Skip("the suite is not here")
	}
	var got outcome
	bases := map[string]*resource.Provider{}
	var supplements []*resource.Resource
	err := filepath.WalkDir(suite, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var head struct{ ResourceType string }
		if err := json.Unmarshal([]byte(strings.TrimPrefix(string(data), "\ufeff")), &head); err != nil || head.ResourceType == "" {
			return nil
		}
		r, err := resource.Parse(data)
		if err != nil || r.Type != head.ResourceType {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		if head.ResourceType == "CodeSystem" || head.ResourceType == "ValueSet" || head.ResourceType == "ConceptMap" {
			got.imported += imported(t, path, string(data))
		}
		switch r.Type {
		case resource.TypeCodeSystem:
			if r.CodeSystem.Content == resource.Supplement {
				supplements = append(supplements, r)
				got.supplements++
				return nil
			}
			got.codeSystems++
			bases[r.URL] = answers(t, path, r)
		case resource.TypeConceptMap:
			got.maps++
		case resource.TypeValueSet:
			got.valueSets++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range supplements {
		if _, err := resource.Apply(bases[r.CodeSystem.Supplements], r); err != nil {
			t.Error(err)
		}
	}
	if want := (outcome{codeSystems: 40, supplements: 1, maps: 2, valueSets: 267, imported: 310}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// imported reads the file of a resource as an import does and returns 1. One that has
// neither url nor id is refused.
func imported(t *testing.T, path, data string) int {
	sources, err := resource.NewSources([]terminology.SourceFile{text(path, data)}, options)
	if err != nil || len(sources) != 1 {
		t.Errorf("%s: %d sources, %v", path, len(sources), err)
		return 0
	}
	to := newSink()
	_, err = sources[0].Read(t.Context(), to)
	for _, row := range to.BadRows {
		if strings.HasSuffix(row.Error(), "the resource has neither url nor id") {
			return 0
		}
		t.Error(row)
	}
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
	return 1
}

// answers makes the code system of a resource and asks it for every code.
func answers(t *testing.T, path string, r *resource.Resource) *resource.Provider {
	p, err := resource.NewProvider(r, basic.Options{})
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return nil
	}
	n := 0
	r.CodeSystem.Walk(func(c, parent *resource.Concept) bool {
		n++
		o, ok := p.Find(c.Code)
		if !ok || p.Concept(o).Code != c.Code || c.Display != "" && p.Display(o) != c.Display {
			t.Errorf("%s: %s is %q, want %q", path, c.Code, p.Display(o), c.Display)
		}
		if parent != nil {
			if above, _ := p.Find(parent.Code); !p.Subsumes(above, o) {
				t.Errorf("%s: %s is not below %s", path, c.Code, parent.Code)
			}
		}
		return true
	})
	if n != p.Len() {
		t.Errorf("%s: %d concepts, want %d", path, p.Len(), n)
	}
	return p
}
