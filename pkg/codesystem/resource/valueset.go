package resource

import "strings"

// ValueSet is what a ValueSet says besides its identity.
type ValueSet struct {
	Composed   bool // has a compose
	LockedDate string
	Inactive   *bool // compose.inactive
	Include    []ConceptSet
	Exclude    []ConceptSet
	Extensions []Extension // of compose
	Expansion  string      // the JSON of a stored expansion, "" for none
	Contained  []*Resource // value sets that it contains
	Immutable  bool
}

// ConceptSet is one include or exclude.
type ConceptSet struct {
	System, Version string
	Concepts        []ConceptReference
	Filters         []Filter
	ValueSets       []string
	Extensions      []Extension
}

// ConceptReference names a concept of an enumeration.
type ConceptReference struct {
	Code, Display string
	Designations  []Designation
	Extensions    []Extension
}

// Filter is a condition of an include.
type Filter struct{ Property, Op, Value string }

func (v *ValueSet) member(s *scanner, key string) {
	switch key {
	case "immutable":
		v.Immutable = s.flag()
	case "compose":
		v.Composed = true
		if s.head {
			return
		}
		s.object(func(key string) { v.compose(s, key) })
	case "expansion":
		if s.head {
			return
		}
		if s.typed('{', "an object") {
			v.Expansion = s.raw()
		}
	case "contained":
		if s.head {
			return
		}
		s.array(func(int) { v.contained(s) })
	}
}

func (v *ValueSet) compose(s *scanner, key string) {
	switch key {
	case "lockedDate":
		v.LockedDate = s.str()
	case "inactive":
		inactive := s.flag()
		v.Inactive = &inactive
	case "include":
		s.array(func(int) { v.Include = append(v.Include, readConceptSet(s)) })
	case "exclude":
		s.array(func(int) { v.Exclude = append(v.Exclude, readConceptSet(s)) })
	case "extension":
		v.Extensions = readExtensions(s)
	}
}

// contained reads a value set inside a value set; others stay in the text only.
func (v *ValueSet) contained(s *scanner) {
	typ := resourceType(s)
	if s.err != nil || typ != TypeValueSet {
		return
	}
	s.space()
	start := s.at
	r := &Resource{Type: typ}
	s.object(func(key string) {
		if key == "contained" {
			s.fail("a contained resource contains others")
			return
		}
		r.member(s, key)
	})
	if s.err == nil {
		r.Raw = []byte(s.text[start:s.at])
		v.Contained = append(v.Contained, r)
	}
}

func readConceptSet(s *scanner) ConceptSet {
	var set ConceptSet
	s.object(func(key string) {
		switch key {
		case "system":
			set.System = s.str()
		case "version":
			set.Version = s.str()
		case "valueSet":
			s.array(func(int) { set.ValueSets = append(set.ValueSets, s.str()) })
		case "extension":
			set.Extensions = readExtensions(s)
		case "filter":
			s.array(func(int) { set.Filters = append(set.Filters, readFilter(s)) })
		case "concept":
			s.array(func(int) {
				var c ConceptReference
				s.object(func(key string) {
					switch key {
					case "code":
						c.Code = s.str()
					case "display":
						c.Display = s.str()
					case "designation":
						c.Designations = readDesignations(s)
					case "extension":
						c.Extensions = readExtensions(s)
					}
				})
				set.Concepts = append(set.Concepts, c)
			})
		}
	})
	if system, version, ok := strings.Cut(set.System, "|"); ok && set.Version == "" {
		set.System, set.Version = system, version
	}
	return set
}

// readFilter reads a filter. R4 has the operators of R5 in an extension.
func readFilter(s *scanner) Filter {
	var f Filter
	s.object(func(key string) {
		switch key {
		case "property":
			f.Property = s.str()
		case "op":
			f.Op = s.str()
		case "value":
			f.Value = s.str()
		case "_op":
			if e, ok := find(readElement(s), ExtFilterOperator); ok {
				f.Op = e.Value
			}
		}
	})
	return f
}
