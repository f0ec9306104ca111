package scg

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Normalize computes the normal form of an expression in a release. The error is
// NotFound when the release lacks a concept of the expression; inactive ones are
// returned as problems, and stand in the form as they are in the release, without
// supertypes and attributes.
func Normalize(p *basic.Provider, e *Expression) (*NormalForm, []Problem, error) {
	problems := Check(p, &e.SubExpression)
	if err := unknown(p, problems); err != nil {
		return nil, nil, err
	}
	f := normalize(p, &e.SubExpression)
	if f.Status = EquivalentTo; e.Status == SubtypeOf {
		f.Status, f.text = SubtypeOf, Format(Canonical(e), FormatOptions{})
	}
	return f, problems, nil
}

// normalize makes the form of s, whose concepts are all known.
func normalize(p *basic.Provider, s *SubExpression) *NormalForm {
	f := &NormalForm{Status: EquivalentTo}
	for _, c := range s.Focus {
		f.focus = append(f.focus, known(p, c))
	}
	f.focus = mostSpecial(p, f.focus)
	f.Primitives = proximalPrimitives(p, f.focus)
	f.loose = relationships(p, s.Attributes)
	for _, g := range s.Groups {
		f.own = append(f.own, relationships(p, g))
	}
	for _, o := range f.focus {
		u, g := attributesOf(p, o)
		f.Ungrouped, f.Groups = append(f.Ungrouped, u...), append(f.Groups, g...)
	}
	f.loose, f.own = reduce(p, f.loose, f.own)
	// What the focus concepts have anyway says nothing.
	f.loose = slices.DeleteFunc(f.loose, func(r Relationship) bool { return has(p, r, f) })
	f.own = slices.DeleteFunc(f.own, func(g []Relationship) bool {
		return slices.ContainsFunc(f.Groups, func(inherited []Relationship) bool { return coversGroup(p, g, inherited) }) ||
			slices.ContainsFunc(f.Ungrouped, func(r Relationship) bool {
				// The same attribute in a group of its own is kept, to be what is printed.
				return coversGroup(p, g, []Relationship{r}) && !anyBelow(p, r, g)
			})
	})
	f.Ungrouped, f.Groups = reduce(p, append(f.Ungrouped, f.loose...), append(f.Groups, f.own...))
	return f
}

func known(p *basic.Provider, c *ConceptReference) terminology.Ordinal {
	o, _ := p.Find(c.ID.String()) // Check has found it
	return o
}

func relationships(p *basic.Provider, all []*Attribute) []Relationship {
	out := make([]Relationship, len(all))
	for i, a := range all {
		out[i] = Relationship{Type: known(p, a.Name), Value: target(p, a.Value)}
	}
	return out
}

func target(p *basic.Provider, v Value) Target {
	switch v := v.(type) {
	case *ConceptReference:
		return Target{Concept: known(p, v)}
	case *SubExpression:
		f := normalize(p, v)
		if o, ok := f.Concept(); ok {
			return Target{Concept: o}
		}
		return Target{Concept: terminology.NoOrdinal, Nested: f}
	case NumericValue:
		return concrete(terminology.ValueDecimal, string(v))
	case StringValue:
		return concrete(terminology.ValueString, string(v))
	case BooleanValue:
		if v {
			return concrete(terminology.ValueBoolean, "true")
		}
	}
	return concrete(terminology.ValueBoolean, "false")
}

// reduce takes away what is said better elsewhere: inside a group an attribute that
// another one of the group is below, a group that another group or an ungrouped
// attribute meets whole, and an ungrouped attribute that a group meets. Of equals one
// stays.
func reduce(p *basic.Provider, ungrouped []Relationship, groups [][]Relationship) ([]Relationship, [][]Relationship) {
	ungrouped = minimal(slices.Clone(ungrouped), func(a, b Relationship) bool { return covers(p, a, b) })
	var inner [][]Relationship
	for _, g := range groups {
		g = minimal(slices.Clone(g), func(a, b Relationship) bool { return covers(p, a, b) })
		slices.SortStableFunc(g, compareRelationships)
		inner = append(inner, g)
	}
	groups = minimal(inner, func(a, b []Relationship) bool { return coversGroup(p, a, b) })
	ungrouped = slices.DeleteFunc(ungrouped, func(r Relationship) bool {
		return slices.ContainsFunc(groups, func(g []Relationship) bool { return anyBelow(p, r, g) })
	})
	groups = slices.DeleteFunc(groups, func(g []Relationship) bool {
		return slices.ContainsFunc(ungrouped, func(r Relationship) bool { return coversGroup(p, g, []Relationship{r}) })
	})
	slices.SortStableFunc(ungrouped, compareRelationships)
	slices.SortStableFunc(groups, func(a, b []Relationship) int { return slices.CompareFunc(a, b, compareRelationships) })
	return ungrouped, groups
}

// minimal takes away each element that covers another one that stays; of those that
// cover each other the first stays.
func minimal[T any](all []T, covers func(a, b T) bool) []T {
	gone := make([]bool, len(all))
	for i := range all {
		for j := range all {
			if i != j && !gone[j] && covers(all[i], all[j]) {
				gone[i] = j < i || !covers(all[j], all[i])
			}
			if gone[i] {
				break
			}
		}
	}
	out := all[:0]
	for i, v := range all {
		if !gone[i] {
			out = append(out, v)
		}
	}
	return out
}
