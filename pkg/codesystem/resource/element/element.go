package element

import (
	"slices"
	"strings"
)

// Element is an element of a type.
type Element struct {
	Name string // in JSON: of a choice with the type at its end
	Type string // name of the type; primitive ones begin with a small letter
	List Listing
}

// Listing says whether an element is a list, which JSON has as an array also where there
// is one value.
type Listing uint8

// The listings.
const (
	Single   Listing = iota
	Many             // in R4 and R5
	ManyInR5         // single in R4
)

// Type is what a type of FHIR has.
type Type struct {
	Name     string    // such as CodeSystem or CodeSystem.concept
	Elements []Element // in the order of XML
	Resource bool

	byName map[string]int
}

// Find returns the element of a name, nil when the type has none.
func (t *Type) Find(name string) *Element {
	if i, ok := t.byName[name]; ok {
		return &t.Elements[i]
	}
	return nil
}

// Index returns the place of an element in Elements; false when the type has none.
func (t *Type) Index(name string) (int, bool) {
	i, ok := t.byName[name]
	return i, ok
}

// Of returns the type of a name, nil when the table has none.
func Of(name string) *Type { return types[name] }

// Base is what every element has, and all that a primitive one has beside its value.
var Base = func() *Type {
	t := &Type{Name: "Element", byName: map[string]int{}}
	t.addAll("id:string extension:Extension*")
	return t
}()

// IsPrimitive reports whether a type is one of values.
func IsPrimitive(typ string) bool { return typ[0] >= 'a' && typ[0] <= 'z' }

// IsNumber reports whether JSON has values of a type as numbers. It has an integer64 as a
// string.
func IsNumber(typ string) bool {
	switch typ {
	case "integer", "positiveInt", "unsignedInt", "decimal":
		return true
	}
	return false
}

// types are those of elementTable.
var types = readTypes()

func readTypes() map[string]*Type {
	out := map[string]*Type{}
	for line := range strings.Lines(strings.TrimSpace(elementTable)) {
		name, list, _ := strings.Cut(strings.TrimSpace(line), " = ")
		t := &Type{Name: name, byName: map[string]int{}}
		first := name[0] >= 'A' && name[0] <= 'Z'
		t.Resource = first && slices.Contains(resourceTypes, name)
		switch {
		case name == "Bundle" || name == "Parameters":
			t.addAll("id:id meta:Meta implicitRules:uri language:code")
		case t.Resource:
			t.addAll("id:id meta:Meta implicitRules:uri language:code text:Narrative contained:Resource* extension:Extension* modifierExtension:Extension*")
		case name == "Extension":
			t.addAll("id:string extension:Extension* url:string")
		case strings.Contains(name, "."):
			t.addAll("id:string extension:Extension* modifierExtension:Extension*")
		default:
			t.addAll("id:string extension:Extension*")
		}
		t.addAll(list)
		out[name] = t
	}
	return out
}

var resourceTypes = []string{"CodeSystem", "ValueSet", "ConceptMap", "NamingSystem", "OperationOutcome", "Parameters", "Bundle", "CapabilityStatement", "TerminologyCapabilities"}

// addAll adds the elements of a line of the table.
func (t *Type) addAll(list string) {
	for item := range strings.FieldsSeq(list) {
		name, typ, _ := strings.Cut(item, ":")
		e := Element{Name: name, Type: typ}
		if rest, ok := strings.CutSuffix(typ, "*5"); ok {
			e.Type, e.List = rest, ManyInR5
		} else if rest, ok := strings.CutSuffix(typ, "*"); ok {
			e.Type, e.List = rest, Many
		}
		stem, choice := strings.CutSuffix(name, "[x]")
		if !choice {
			t.add(e)
			continue
		}
		if typ == "open" {
			typ = openTypes
		}
		for one := range strings.SplitSeq(typ, "|") {
			t.add(Element{Name: stem + strings.ToUpper(one[:1]) + one[1:], Type: one})
		}
	}
}

func (t *Type) add(e Element) {
	t.byName[e.Name] = len(t.Elements)
	t.Elements = append(t.Elements, e)
}
