package fhir

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// element is an element of a type.
type element struct {
	name string // in JSON: of a choice with the type at its end
	typ  string
	list listing
}

// listing says whether an element is a list.
type listing uint8

const (
	single listing = iota
	many
	manyInR5
)

func (e *element) many(v Version) bool { return e.list == many || e.list == manyInR5 && v == R5 }

// shape is what a type has.
type shape struct {
	name     string
	elements []element
	byName   map[string]int
	resource bool
}

func (s *shape) find(name string) *element {
	if i, ok := s.byName[name]; ok {
		return &s.elements[i]
	}
	return nil
}

// shapes are the types of elementTable.
var shapes = readShapes()

func readShapes() map[string]*shape {
	out := map[string]*shape{}
	for line := range strings.Lines(strings.TrimSpace(elementTable)) {
		name, list, _ := strings.Cut(strings.TrimSpace(line), " = ")
		s := &shape{name: name, byName: map[string]int{}}
		first := name[0] >= 'A' && name[0] <= 'Z'
		s.resource = first && slices.Contains(resourceTypes, name)
		switch {
		case name == "Bundle" || name == "Parameters":
			s.addAll("id:id meta:Meta implicitRules:uri language:code")
		case s.resource:
			s.addAll("id:id meta:Meta implicitRules:uri language:code text:Narrative contained:Resource* extension:Extension* modifierExtension:Extension*")
		case name == "Extension":
			s.addAll("id:string extension:Extension* url:string")
		case strings.Contains(name, "."):
			s.addAll("id:string extension:Extension* modifierExtension:Extension*")
		default:
			s.addAll("id:string extension:Extension*")
		}
		s.addAll(list)
		out[name] = s
	}
	return out
}

var resourceTypes = []string{"CodeSystem", "ValueSet", "ConceptMap", "NamingSystem", "OperationOutcome", "Parameters", "Bundle", "CapabilityStatement", "TerminologyCapabilities"}

// addAll adds the elements of a line of the table.
func (s *shape) addAll(list string) {
	for item := range strings.FieldsSeq(list) {
		name, typ, _ := strings.Cut(item, ":")
		e := element{name: name, typ: typ}
		if rest, ok := strings.CutSuffix(typ, "*5"); ok {
			e.typ, e.list = rest, manyInR5
		} else if rest, ok := strings.CutSuffix(typ, "*"); ok {
			e.typ, e.list = rest, many
		}
		stem, choice := strings.CutSuffix(name, "[x]")
		if !choice {
			s.add(e)
			continue
		}
		if typ == "open" {
			typ = openTypes
		}
		for t := range strings.SplitSeq(typ, "|") {
			s.add(element{name: stem + strings.ToUpper(t[:1]) + t[1:], typ: t})
		}
	}
}

func (s *shape) add(e element) {
	s.byName[e.name] = len(s.elements)
	s.elements = append(s.elements, e)
}

func isPrimitive(typ string) bool { return typ[0] >= 'a' && typ[0] <= 'z' }

// maxNested is how deep elements may stand in each other.
const maxNested = 200

// beginning is as much of the path of an element that is too deep as a person reads.
func beginning(path string) string {
	const enough = 60
	if len(path) <= enough {
		return path
	}
	return path[:enough] + "..."
}

// checker holds a resource to the table.
type checker struct {
	version Version
	path    []byte
	depth   int
}

// checkElements reports the first element of a resource that the standard does not have,
// or whose value has another type. Types of resources that the table does not have are
// passed over.
func checkElements(v Version, object map[string]any) error {
	c := checker{version: v}
	return c.resource(object)
}

func (c *checker) fail(format string, args ...any) error {
	return elementError(terminology.Invalid, string(c.path), format, args...)
}

// at is at a place that is deeper.
func (c *checker) at(step string, do func() error) error {
	n := len(c.path)
	if c.depth++; c.depth > maxNested {
		return elementError(terminology.Invalid, beginning(string(c.path)), "elements stand in each other more than %d deep", maxNested)
	}
	c.path = append(c.path, step...)
	err := do()
	c.path, c.depth = c.path[:n], c.depth-1
	return err
}

func (c *checker) resource(object map[string]any) error {
	name, ok := object["resourceType"].(string)
	if len(c.path) == 0 {
		c.path = append(c.path, name...)
	}
	if !ok || name == "" {
		return c.fail("the object has no resourceType: want a FHIR resource")
	}
	s := shapes[name]
	if s == nil || !s.resource {
		return nil
	}
	return c.object(s, object, true)
}

func (c *checker) object(s *shape, object map[string]any, resource bool) error {
	if len(object) == 0 {
		return c.fail("the object is empty: FHIR has no empty elements")
	}
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names) // the same error each time
	for _, name := range names {
		if name == "resourceType" && resource || name == "fhir_comments" {
			continue
		}
		value := object[name]
		stem, sibling := strings.CutPrefix(name, "_")
		e := s.find(stem)
		if e == nil || sibling && !isPrimitive(e.typ) {
			return c.at("."+name, func() error { return c.fail("%s has no element '%s'", s.name, name) })
		}
		if err := c.at("."+name, func() error { return c.values(e, value, sibling) }); err != nil {
			return err
		}
	}
	return nil
}

// values checks the value of an element, or the values of a list.
func (c *checker) values(e *element, value any, sibling bool) error {
	list, isList := value.([]any)
	switch {
	case e.list == single && isList:
		return c.fail("want %s, not an array", describeType(e.typ))
	case e.list == many && !isList:
		return c.fail("want an array, not %s", jsonType(value))
	case !isList:
		return c.value(e, value, sibling)
	case len(list) == 0:
		return c.fail("the array is empty: FHIR has no empty elements")
	}
	for i, v := range list {
		if v == nil && isPrimitive(e.typ) {
			continue // the other of the two arrays of a primitive has it
		}
		if err := c.at("["+strconv.Itoa(i)+"]", func() error { return c.value(e, v, sibling) }); err != nil {
			return err
		}
	}
	return nil
}

func describeType(typ string) string {
	switch {
	case typ == "boolean":
		return "true or false"
	case isNumber(typ):
		return "a number"
	case isPrimitive(typ):
		return "a string"
	}
	return "an object"
}

func isNumber(typ string) bool {
	switch typ {
	case "integer", "positiveInt", "unsignedInt", "decimal":
		return true
	}
	return false
}

func (c *checker) value(e *element, value any, sibling bool) error {
	object, isObject := value.(map[string]any)
	switch {
	case sibling:
		if !isObject {
			return c.fail("want an object, not %s", jsonType(value))
		}
		return c.object(elementShape, object, false)
	case e.typ == "Resource":
		if !isObject {
			return c.fail("want an object, not %s", jsonType(value))
		}
		return c.resource(object)
	case !isPrimitive(e.typ):
		if !isObject {
			return c.fail("want an object, not %s", jsonType(value))
		}
		return c.object(shapes[e.typ], object, false)
	}
	ok := false
	switch v := value.(type) {
	case bool:
		ok = e.typ == "boolean"
	case json.Number:
		ok = isNumber(e.typ)
		if ok && e.typ != "decimal" {
			n, err := strconv.ParseInt(v.String(), 10, 32)
			if err != nil || n < 0 && e.typ != "integer" || n == 0 && e.typ == "positiveInt" {
				return c.fail("%s is no %s", v, e.typ)
			}
		}
	case string:
		ok = e.typ != "boolean" && !isNumber(e.typ)
		if ok && v == "" {
			return c.fail("the string is empty: FHIR has no empty elements")
		}
	}
	if !ok {
		return c.fail("want %s, not %s", describeType(e.typ), jsonType(value))
	}
	return nil
}

// elementShape is what the sibling of a primitive may have.
var elementShape = func() *shape {
	s := &shape{name: "Element", byName: map[string]int{}}
	s.addAll("id:string extension:Extension*")
	return s
}()
