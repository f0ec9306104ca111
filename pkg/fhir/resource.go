package fhir

import (
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Coding is the data type of that name, as far as we read it.
type Coding struct{ System, Version, Code, Display string }

// Terminology returns the coding in the vocabulary of the other packages.
func (c *Coding) Terminology() terminology.Coding { return terminology.Coding(*c) }

// CodeableConcept is the data type of that name.
type CodeableConcept struct {
	Coding []Coding
	Text   string
}

// ValueSet is the resource of that name, as far as we read it. R4 and R5 write it
// the same.
type ValueSet struct {
	ID, URL, Version, Name, Status string
	Inactive                       *bool // compose.inactive
	Composed                       bool  // has a compose
	Include, Exclude               []operation.ConceptSet
	Contained                      []*ValueSet
	path                           string
}

func readCoding(t tree) Coding {
	return Coding{System: t.text("system"), Version: t.text("version"), Code: t.text("code"), Display: t.text("display")}
}

func readConcept(t tree) *CodeableConcept {
	c := &CodeableConcept{Text: t.text("text")}
	for _, item := range t.objects("coding") {
		c.Coding = append(c.Coding, readCoding(item))
	}
	return c
}

func readValueSet(t tree) *ValueSet {
	vs := &ValueSet{ID: t.text("id"), URL: t.text("url"), Version: t.text("version"), Name: t.text("name"), Status: t.text("status"), path: t.path}
	for _, item := range t.objects("contained") {
		if item.text("resourceType") == "ValueSet" {
			vs.Contained = append(vs.Contained, readValueSet(item))
		}
	}
	if compose, ok := t.child("compose"); ok {
		vs.Composed = true
		vs.Inactive = compose.bool("inactive")
		for _, item := range compose.objects("include") {
			vs.Include = append(vs.Include, readConceptSet(item))
		}
		for _, item := range compose.objects("exclude") {
			vs.Exclude = append(vs.Exclude, readConceptSet(item))
		}
	}
	return vs
}

func readConceptSet(t tree) operation.ConceptSet {
	set := operation.ConceptSet{System: t.text("system"), Version: t.text("version"), ValueSets: t.texts("valueSet")}
	for _, item := range t.objects("concept") {
		set.Concepts = append(set.Concepts, operation.ConceptReference{Code: item.text("code"), Display: item.text("display")})
	}
	for _, item := range t.objects("filter") {
		set.Filters = append(set.Filters, operation.Filter{Property: item.text("property"), Op: item.text("op"), Value: item.text("value")})
	}
	return set
}

// Compose returns the definition of the value set. A reference to a contained
// value set is replaced by what that one includes; the error is NotSupported when
// that cannot say the same, and Invalid when there is no definition.
func (vs *ValueSet) Compose() (*operation.Compose, error) {
	if !vs.Composed {
		return nil, elementError(terminology.NotSupported, vs.path, "the value set has no compose, and a stored expansion is not read")
	}
	out := &operation.Compose{URL: vs.URL, Version: vs.Version, Name: vs.Name, Inactive: vs.Inactive}
	var err error
	left := maxInlined
	if out.Include, err = vs.inline(vs.Include, 0, &left); err != nil {
		return nil, err
	}
	out.Exclude, err = vs.inline(vs.Exclude, 0, &left)
	return out, err
}

// maxInlined is how many includes and excludes a value set may have once those of its
// contained value sets stand in the place of references to them.
const maxInlined = 10_000

// inline replaces references to contained value sets. Left is how many sets may come
// yet: a few contained value sets that include each other often would be billions.
func (vs *ValueSet) inline(sets []operation.ConceptSet, depth int, left *int) ([]operation.ConceptSet, error) {
	var out []operation.ConceptSet
	for _, set := range sets {
		if *left--; *left < 0 {
			return nil, elementError(terminology.TooCostly, vs.path, "the value set and what it contains have more than %d includes and excludes", maxInlined)
		}
		id := ""
		for _, url := range set.ValueSets {
			if len(url) > 1 && url[0] == '#' {
				id = url[1:]
			}
		}
		if id == "" {
			out = append(out, set)
			continue
		}
		c := vs.contained(id)
		switch {
		case c == nil:
			return nil, elementError(terminology.NotFound, vs.path, "the value set has no contained value set '#%s'", id)
		case !c.Composed:
			return nil, elementError(terminology.NotSupported, vs.path, "the contained value set '#%s' has no compose, and a stored expansion is not read", id)
		case depth > 8:
			return nil, elementError(terminology.Invalid, vs.path, "the contained value set '#%s' includes itself", id)
		case set.System != "" || len(set.ValueSets) > 1 || len(c.Exclude) > 0 || c.Inactive != nil:
			return nil, elementError(terminology.NotSupported, vs.path, "the contained value set '#%s' is used together with other conditions", id)
		}
		more, err := vs.inline(c.Include, depth+1, left)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

func (vs *ValueSet) contained(id string) *ValueSet {
	for _, c := range vs.Contained {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// ReadValueSet reads a ValueSet resource. The error is Invalid and says where.
func ReadValueSet(body []byte) (*ValueSet, error) {
	object, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	t := newTree(object, "ValueSet")
	if got := t.text("resourceType"); got != "ValueSet" {
		return nil, elementError(terminology.Invalid, "resourceType", "want ValueSet, not %q", got)
	}
	vs := readValueSet(t)
	return vs, *t.err
}
