package valueset

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
	return &terminology.Error{Op: "valueset.Evaluate", Kind: terminology.NotSupported, Err: fmt.Errorf("the filter %s %s %s is not supported for code system %s", f.Property, f.Op, f.Value, cs.Release().System)}
}

// concept returns the concept that the filter names. A value that names no concept
// makes the filter hold nothing, or everything for is-not-a.
func (f Filter) concept(cs terminology.CodeSystem) (terminology.Ordinal, bool) {
	return cs.Find(f.Value)
}

// onConstraint reports whether the filter is a constraint in the code system's own
// language (FHIR, "Using SNOMED CT with FHIR": constraint = ECL).
func (f Filter) onConstraint(cs terminology.CodeSystem) bool {
	_, ok := terminology.As[terminology.Constrained](cs)
	return ok && f.Property == "constraint" && f.Op == opEqual
}

// onExpressions reports whether the filter says if expressions may stand in the place
// of codes (the same, "expressions").
func (f Filter) onExpressions(cs terminology.CodeSystem) bool {
	_, ok := terminology.As[terminology.Composable](cs)
	return ok && f.Property == "expressions" && f.Op == opEqual && (f.Value == "true" || f.Value == "false")
}

// found is set within the budget of the request.
func (f Filter) found(ctx context.Context, cs terminology.CodeSystem) (*Set, error) {
	if err := f.spend(ctx, cs); err != nil {
		return nil, err
	}
	set, err := f.set(ctx, cs)
	if err != nil {
		return nil, err
	}
	return set, spend(ctx, "valueset.Evaluate", 2*workOf(cs))
}

// set returns the concepts that satisfy the filter.
func (f Filter) set(ctx context.Context, cs terminology.CodeSystem) (*Set, error) {
	if c, ok := f.asConstraint(cs); ok {
		f = c
	}
	set := roaring.New()
	constrained, ok := terminology.As[terminology.Constrained](cs)
	switch {
	case ok && f.onConstraint(cs):
		selected, err := constrained.Select(ctx, f.Value)
		if err != nil {
			return nil, err
		}
		set.Or(selected)
		return set, nil
	case f.onExpressions(cs): // concepts are in either way, and expressions are without number
		set.AddRange(0, uint64(cs.Len()))
		return set, nil
	}
	if f.hasValues(cs) {
		p, err := f.onProperties(cs)
		if err != nil {
			return nil, err
		}
		return p.set(ctx)
	}
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
	case opDescendentLeaf:
		if ok {
			below := cs.Descendants(o)
			if err := spend(ctx, "valueset.Evaluate", workValue*int64(below.GetCardinality())); err != nil {
				return nil, err
			}
			for it := below.Iterator(); it.HasNext(); {
				if x := it.Next(); len(cs.Children(x)) == 0 {
					set.Add(x)
				}
			}
		}
	case opNotIn:
		set.AddRange(0, uint64(cs.Len()))
		if members, ok := f.members(cs); ok {
			set.AndNot(members)
			break
		}
		for _, o := range f.codes(cs) {
			set.Remove(o)
		}
	case opEqual:
		if ok {
			set.Add(o)
		}
	case opIn:
		if members, ok := f.members(cs); ok {
			set.Or(members)
		} else {
			for _, o := range f.listed(cs) {
				set.Add(o)
			}
		}
	default:
		return nil, f.unsupported(cs)
	}
	return set, nil
}

// members returns the members of the reference set that an "in" names ("Using SNOMED CT
// with FHIR"); false when it names none, and is a list of codes as FHIR has it.
func (f Filter) members(cs terminology.CodeSystem) (*Set, bool) {
	members, ok := cs.Members(f.Value)
	return members, ok && members != nil
}

// listed returns the concepts of a list of codes between commas. A concept that could be
// a reference set, and is none, has no members and is no list.
func (f Filter) listed(cs terminology.CodeSystem) []terminology.Ordinal {
	if !strings.Contains(f.Value, ",") && !cs.Refsets().IsEmpty() {
		return nil
	}
	return f.codes(cs)
}

// codes returns the concepts of a list of codes between commas.
func (f Filter) codes(cs terminology.CodeSystem) []terminology.Ordinal {
	var out []terminology.Ordinal
	for code := range strings.SplitSeq(f.Value, ",") {
		if o, ok := cs.Find(strings.TrimSpace(code)); ok {
			out = append(out, o)
		}
	}
	return out
}

// holds reports whether one concept or expression satisfies the filter.
func (f Filter) holds(ctx context.Context, m member) (bool, error) {
	if err := f.spend(ctx, m.cs); err != nil {
		return false, err
	}
	if c, ok := f.asConstraint(m.cs); ok {
		f = c
	}
	switch {
	case f.onConstraint(m.cs):
		return m.selected(ctx, f.Value)
	case f.onExpressions(m.cs):
		return m.composed == nil || f.Value == "true", nil
	}
	if f.hasValues(m.cs) {
		p, err := f.onProperties(m.cs)
		in := err == nil && m.composed == nil && p.holds(m.o)
		if err == nil {
			err = spend(ctx, "valueset.Contains", p.steps)
		}
		return in && err == nil, err
	}
	if !onConcept(f.Property) {
		var err error
		if f, err = f.onProperty(m.cs); err != nil {
			return false, err
		}
	}
	o, ok := f.concept(m.cs)
	switch f.Op {
	case opIsA:
		return ok && m.isA(o), nil
	case opDescendentOf:
		return ok && m.isA(o) && !m.is(o), nil
	case opIsNotA:
		return !ok || !m.isA(o), nil
	case opGeneralizes:
		return ok && m.generalizes(o), nil
	case opChildOf:
		return ok && m.childOf(o), nil
	case opParentOf:
		return ok && m.composed == nil && slices.Contains(m.cs.Parents(o), m.o), nil
	case opDescendentLeaf:
		return ok && m.composed == nil && m.isA(o) && !m.is(o) && len(m.cs.Children(m.o)) == 0, nil
	case opNotIn:
		if members, ok := f.members(m.cs); ok {
			return m.composed != nil || !members.Contains(m.o), nil
		}
		return !slices.ContainsFunc(f.codes(m.cs), m.is), nil
	case opEqual:
		return ok && m.is(o), nil
	case opIn:
		if members, ok := f.members(m.cs); ok {
			return m.composed == nil && members.Contains(m.o), nil
		}
		return slices.ContainsFunc(f.listed(m.cs), m.is), nil
	}
	return false, f.unsupported(m.cs)
}

// onProperty returns the filter on the concept that says the same as a filter on the
// property parent or child.
func (f Filter) onProperty(cs terminology.CodeSystem) (Filter, error) {
	switch {
	case f.Op == opEqual && f.Property == "parent":
		return Filter{Property: "concept", Op: opChildOf, Value: f.Value}, nil
	case f.Op == opEqual && f.Property == "child":
		return Filter{Property: "concept", Op: opParentOf, Value: f.Value}, nil
	}
	return f, f.unsupported(cs)
}
