package element_test

import (
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/resource/element"
)

// TestTable holds that the table is whole: every type that an element has is a primitive one,
// Resource, or in the table, and is reached from a resource.
func TestTable(t *testing.T) {
	met := map[string]bool{}
	var visit func(of *element.Type)
	visit = func(of *element.Type) {
		if met[of.Name] {
			return
		}
		met[of.Name] = true
		for i, e := range of.Elements {
			if at, ok := of.Index(e.Name); !ok || at != i || of.Find(e.Name).Name != e.Name {
				t.Errorf("%s.%s is there twice", of.Name, e.Name)
			}
			switch next := element.Of(e.Type); {
			case element.IsPrimitive(e.Type) || e.Type == "Resource":
			case next == nil:
				t.Errorf("%s.%s is %s, which the table does not have", of.Name, e.Name, e.Type)
			default:
				visit(next)
			}
		}
	}
	for _, name := range []string{"CodeSystem", "ValueSet", "ConceptMap", "NamingSystem", "OperationOutcome", "Parameters", "Bundle", "CapabilityStatement", "TerminologyCapabilities"} {
		of := element.Of(name)
		if of == nil || !of.Resource || of.Find("resourceType") != nil || of.Find("id") == nil {
			t.Fatalf("%s is %v, want a resource", name, of)
		}
		visit(of)
	}
	visit(element.Base)
	if len(met) < 60 {
		t.Errorf("met %d types, want more", len(met))
	}
}

func ExampleOf() {
	concept := element.Of("CodeSystem.concept")
	for _, name := range []string{"code", "designation", "term"} {
		e := concept.Find(name)
		if e == nil {
			fmt.Println(name, "is no element of", concept.Name)
			continue
		}
		fmt.Println(name, "is", e.Type, "list:", e.List != element.Single)
	}
	// Output:
	// code is code list: false
	// designation is CodeSystem.concept.designation list: true
	// term is no element of CodeSystem.concept
}
