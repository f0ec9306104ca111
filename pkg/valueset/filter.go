package valueset

import (
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The filter operators that are evaluated (FHIR FilterOperator).
const (
	opEqual        = "="
	opIsA          = "is-a"
	opDescendentOf = "descendent-of"
	opIsNotA       = "is-not-a"
	opGeneralizes  = "generalizes"
	opChildOf      = "child-of"
	opIn           = "in"
	opParentOf     = "parent-of" // not of FHIR: what a filter on the property child says
)

// onConcept are the property names that mean the concept itself.
func onConcept(property string) bool { return property == "concept" || property == "code" }

func (f Filter) unsupported(cs terminology.CodeSystem) error {
	return &terminology.Error{Op: "valueset.Evaluate", Kind: terminology.NotSupported, Err: fmt.Errorf("filter %s %s %s of code system %s", f.Property, f.Op, f.Value, cs.Release().System)}
}

// concept returns the concept that the filter names. A value that names no concept
// makes the filter hold nothing, or everything for is-not-a.
func (f Filter) concept(cs terminology.CodeSystem) (terminology.Ordinal, bool) {
	return cs.Find(f.Value)
}

// set returns the concepts that satisfy the filter.
func (f Filter) set(cs terminology.CodeSystem) (*Set, error) {
	set := roaring.New()
	if !onConcept(f.Property) {
		var err error
		if f, err = f.onProperty(cs); err != nil {
			return nil, err
		}
	}
	o, ok := f.concept(cs)
	switch f.Op {
	case opIsA:
		if ok {
			set.Or(cs.Descendants(o))
			set.Add(o)
		}
	case opDescendentOf:
		if ok {
			set.Or(cs.Descendants(o))
		}
	case opIsNotA:
		set.AddRange(0, uint64(cs.Len()))
		if ok {
			set.AndNot(cs.Descendants(o))
			set.Remove(o)
		}
	case opGeneralizes:
		if ok {
			set.AddMany(cs.Ancestors(o))
			set.Add(o)
		}
	case opChildOf:
		if ok {
			set.AddMany(cs.Children(o))
		}
	case opParentOf:
		if ok {
			set.AddMany(cs.Parents(o))
		}
	case opEqual:
		if ok {
			set.Add(o)
		}
	case opIn:
		if members, ok := cs.Members(f.Value); ok {
			set.Or(members)
		}
	default:
		return nil, f.unsupported(cs)
	}
	return set, nil
}

// holds reports whether one concept satisfies the filter.
func (f Filter) holds(cs terminology.CodeSystem, c terminology.Ordinal) (bool, error) {
	if !onConcept(f.Property) {
		var err error
		if f, err = f.onProperty(cs); err != nil {
			return false, err
		}
	}
	o, ok := f.concept(cs)
	switch f.Op {
	case opIsA:
		return ok && cs.Subsumes(o, c), nil
	case opDescendentOf:
		return ok && o != c && cs.Subsumes(o, c), nil
	case opIsNotA:
		return !ok || !cs.Subsumes(o, c), nil
	case opGeneralizes:
		return ok && cs.Subsumes(c, o), nil
	case opChildOf:
		return ok && slices.Contains(cs.Children(o), c), nil
	case opParentOf:
		return ok && slices.Contains(cs.Parents(o), c), nil
	case opEqual:
		return ok && o == c, nil
	case opIn:
		members, ok := cs.Members(f.Value)
		return ok && members.Contains(c), nil
	}
	return false, f.unsupported(cs)
}

// onProperty returns the filter on the concept that says the same as a filter on the
// property parent or child; other properties wait for the postings that answer them
// without walking all concepts.
func (f Filter) onProperty(cs terminology.CodeSystem) (Filter, error) {
	switch {
	case f.Op == opEqual && f.Property == "parent":
		return Filter{Property: "concept", Op: opChildOf, Value: f.Value}, nil
	case f.Op == opEqual && f.Property == "child":
		return Filter{Property: "concept", Op: opParentOf, Value: f.Value}, nil
	}
	return f, f.unsupported(cs)
}
