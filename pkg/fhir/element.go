package fhir

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource/element"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// isList reports whether a version of FHIR has an element as a list.
func isList(e *element.Element, v Version) bool {
	return e.List == element.Many || e.List == element.ManyInR5 && v == R5
}

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
	s := element.Of(name)
	if s == nil || !s.Resource {
		return nil
	}
	return c.object(s, object, true)
}

func (c *checker) object(s *element.Type, object map[string]any, resource bool) error {
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
		e := s.Find(stem)
		if e == nil || sibling && !element.IsPrimitive(e.Type) {
			return c.at("."+name, func() error { return c.fail("%s has no element '%s'", s.Name, name) })
		}
		if err := c.at("."+name, func() error { return c.values(e, value, sibling) }); err != nil {
			return err
		}
	}
	return nil
}

// values checks the value of an element, or the values of a list.
func (c *checker) values(e *element.Element, value any, sibling bool) error {
	list, listed := value.([]any)
	switch {
	case e.List == element.Single && listed:
		return c.fail("want %s, not an array", describeType(e.Type))
	case e.List == element.Many && !listed:
		return c.fail("want an array, not %s", jsonType(value))
	case !listed:
		return c.value(e, value, sibling)
	case len(list) == 0:
		return c.fail("the array is empty: FHIR has no empty elements")
	}
	for i, v := range list {
		if v == nil && element.IsPrimitive(e.Type) {
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
	case element.IsNumber(typ):
		return "a number"
	case element.IsPrimitive(typ):
		return "a string"
	}
	return "an object"
}

func (c *checker) value(e *element.Element, value any, sibling bool) error {
	object, isObject := value.(map[string]any)
	switch {
	case sibling:
		if !isObject {
			return c.fail("want an object, not %s", jsonType(value))
		}
		return c.object(element.Base, object, false)
	case e.Type == "Resource":
		if !isObject {
			return c.fail("want an object, not %s", jsonType(value))
		}
		return c.resource(object)
	case !element.IsPrimitive(e.Type):
		if !isObject {
			return c.fail("want an object, not %s", jsonType(value))
		}
		return c.object(element.Of(e.Type), object, false)
	}
	ok := false
	switch v := value.(type) {
	case bool:
		ok = e.Type == "boolean"
	case json.Number:
		ok = element.IsNumber(e.Type)
		if ok && e.Type != "decimal" {
			n, err := strconv.ParseInt(v.String(), 10, 32)
			if err != nil || n < 0 && e.Type != "integer" || n == 0 && e.Type == "positiveInt" {
				return c.fail("%s is no %s", v, e.Type)
			}
		}
	case string:
		ok = e.Type != "boolean" && !element.IsNumber(e.Type)
		if ok && v == "" {
			return c.fail("the string is empty: FHIR has no empty elements")
		}
	}
	if !ok {
		return c.fail("want %s, not %s", describeType(e.Type), jsonType(value))
	}
	return nil
}
