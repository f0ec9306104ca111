package resource

import (
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The content modes of a CodeSystem (FHIR CodeSystemContentMode).
const (
	Complete   = "complete"
	Fragment   = "fragment"
	Example    = "example"
	NotPresent = "not-present"
	Supplement = "supplement"
)

// CodeSystem is what a CodeSystem says besides its identity.
type CodeSystem struct {
	Content       string
	Supplements   string // canonical URL, with |version or not, of the system that it adds to
	CaseSensitive bool
	Hierarchy     string // hierarchyMeaning
	Compositional bool
	VersionNeeded bool
	ValueSet      string // canonical URL of the value set of all codes
	Filters       []FilterDefinition
	Properties    []PropertyDefinition
	Concepts      []Concept
	Count         int  // as the resource says it
	listed        bool // has concepts
	from, to      int  // of the array of concepts in the text
}

// FilterDefinition is a filter that value sets may use.
type FilterDefinition struct {
	Code, Description, Value string
	Operators                []string
}

// PropertyDefinition declares a property of concepts.
type PropertyDefinition struct{ Code, URI, Description, Type string }

// Concept is a concept with those below it.
type Concept struct {
	Code, Display, Definition string
	Displays, Definitions     []Designation // in other languages, from extensions
	Designations              []Designation
	Properties                []Property
	Concepts                  []Concept
	Extensions                []Extension
	at                        int // where it begins in the text
}

// Designation is another text of a concept.
type Designation struct {
	Language   string
	Use        terminology.Coding
	Value      string
	Extensions []Extension
}

// Property is a value of a property. Of a Coding, Value is system|version#code and
// Coding the whole of it.
type Property struct {
	Code   string
	Kind   terminology.ValueKind
	Value  string
	Coding *terminology.Coding
}

func (c *CodeSystem) member(s *scanner, key string) {
	switch key {
	case "content":
		c.Content = s.str()
	case "supplements":
		c.Supplements = s.str()
	case "caseSensitive":
		c.CaseSensitive = s.flag()
	case "hierarchyMeaning":
		c.Hierarchy = s.str()
	case "compositional":
		c.Compositional = s.flag()
	case "versionNeeded":
		c.VersionNeeded = s.flag()
	case "valueSet":
		c.ValueSet = s.str()
	case "count":
		c.Count = atoi(s.number())
	case "filter":
		s.array(func(int) { c.Filters = append(c.Filters, readFilterDefinition(s)) })
	case "property":
		s.array(func(int) { c.Properties = append(c.Properties, readPropertyDefinition(s)) })
	case "concept":
		if s.head {
			c.listed = s.listed()
			return
		}
		s.space()
		c.from = s.at
		c.Concepts = readConcepts(s)
		c.to, c.listed = s.at, len(c.Concepts) > 0
	}
}

// atoi returns a small count; anything else is 0.
func atoi(text string) int {
	n := 0
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' || n > 1<<30 {
			return 0
		}
		n = n*10 + int(text[i]-'0')
	}
	return n
}

func readFilterDefinition(s *scanner) FilterDefinition {
	var f FilterDefinition
	s.object(func(key string) {
		switch key {
		case "code":
			f.Code = s.str()
		case "description":
			f.Description = s.str()
		case "value":
			f.Value = s.str()
		case "operator":
			s.array(func(int) { f.Operators = append(f.Operators, s.str()) })
		}
	})
	return f
}

func readPropertyDefinition(s *scanner) PropertyDefinition {
	var p PropertyDefinition
	s.object(func(key string) {
		switch key {
		case "code":
			p.Code = s.str()
		case "uri":
			p.URI = s.str()
		case "description":
			p.Description = s.str()
		case "type":
			p.Type = s.str()
		}
	})
	return p
}

func readConcepts(s *scanner) []Concept {
	var list []Concept
	s.array(func(int) { list = append(list, readConcept(s)) })
	return list
}

func readConcept(s *scanner) Concept {
	c := Concept{at: s.at}
	s.object(func(key string) { c.member(s, key) })
	if s.err == nil && c.Code == "" {
		s.at = c.at
		s.fail("the concept has no code")
	}
	return c
}

func (c *Concept) member(s *scanner, key string) {
	switch key {
	case "code":
		c.Code = s.str()
	case "display":
		c.Display = s.str()
	case "definition":
		c.Definition = s.str()
	case "_display":
		c.Displays = translations(readElement(s))
	case "_definition":
		c.Definitions = translations(readElement(s))
	case "designation":
		c.Designations = readDesignations(s)
	case "property":
		s.array(func(int) {
			if p := readProperty(s); p.Code != "" {
				c.Properties = append(c.Properties, p)
			}
		})
	case "concept":
		if !s.alone {
			c.Concepts = readConcepts(s)
		}
	case "extension":
		c.Extensions = readExtensions(s)
	}
}

func readDesignations(s *scanner) []Designation {
	var list []Designation
	s.array(func(int) {
		var d Designation
		s.object(func(key string) {
			switch key {
			case "language":
				d.Language = s.str()
			case "use":
				_, d.Use = readCoding(s)
			case "value":
				d.Value = s.str()
			case "extension":
				d.Extensions = readExtensions(s)
			}
		})
		list = append(list, d)
	})
	return list
}

// valueKinds are the members that a property's value stands in.
var valueKinds = map[string]terminology.ValueKind{
	"valueCode": terminology.ValueCode, "valueString": terminology.ValueString, "valueInteger": terminology.ValueInteger,
	"valueDecimal": terminology.ValueDecimal, "valueBoolean": terminology.ValueBoolean, "valueDateTime": terminology.ValueDateTime,
	"valueUri": terminology.ValueString, "valueCanonical": terminology.ValueString, "valueDate": terminology.ValueDateTime, // in attributes of maps
}

func readProperty(s *scanner) Property {
	p, found := Property{}, false
	s.object(func(key string) {
		kind, ok := valueKinds[key]
		switch {
		case key == "code" || key == "property" || key == "attribute":
			p.Code = s.str()
			return
		case key == "valueCoding":
			var c terminology.Coding
			p.Kind = terminology.ValueString
			p.Value, c = readCoding(s)
			p.Coding = &c
		case ok:
			p.Kind, p.Value = kind, s.primitive()
		default:
			return
		}
		if found {
			s.fail("the property has several values")
		}
		found = true
	})
	if s.err == nil && p.Code == "" {
		s.fail("the property has no code")
	}
	return p
}

// Walk calls visit with every concept of the code system, those above before those
// below, and the path of it in the resource. It ends when visit returns false.
func (c *CodeSystem) Walk(visit func(concept, parent *Concept) bool) {
	walk(c.Concepts, nil, visit)
}

func walk(list []Concept, parent *Concept, visit func(concept, parent *Concept) bool) bool {
	for i := range list {
		if !visit(&list[i], parent) || !walk(list[i].Concepts, &list[i], visit) {
			return false
		}
	}
	return true
}
