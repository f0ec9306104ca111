package scg

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Subsumes reports whether everything that b is, a is: whether a is b or above it, by
// what the release says and the structure of both. It is reflexive and transitive,
// and true wherever the hierarchy says so of concepts.
//
// An expression that is only a subtype of what is written (<<<) has a meaning that
// nothing else is known to have, so that it subsumes itself alone.
func Subsumes(p *basic.Provider, a, b *NormalForm) bool {
	if a.Status == SubtypeOf {
		return b.Status == SubtypeOf && a.text == b.text
	}
	return subsumes(p, a, b)
}

// Equivalent reports whether a and b mean the same.
func Equivalent(p *basic.Provider, a, b *NormalForm) bool {
	return Subsumes(p, a, b) && Subsumes(p, b, a)
}

// ConceptSubsumes reports whether the concept a is b or above it. A primitive concept
// is so by the hierarchy only, a defined one also when b meets its definition; of two
// concepts the hierarchy tells, for it is the release's own answer.
func ConceptSubsumes(p *basic.Provider, a terminology.Ordinal, b *NormalForm) bool {
	for _, o := range b.focus {
		if p.Subsumes(a, o) {
			return true
		}
	}
	if _, ok := b.Concept(); ok || !p.Info(a).Defined || !p.Active().Contains(a) || misses(p, a, b) {
		return false
	}
	for _, o := range proximalPrimitives(p, []terminology.Ordinal{a}) {
		if o == a || !slices.ContainsFunc(b.Primitives, func(below terminology.Ordinal) bool { return p.Subsumes(o, below) }) {
			return false
		}
	}
	ungrouped, groups := attributesOf(p, a)
	// A defined concept without attributes says no more than its supertypes, and the
	// hierarchy has told that: a release in part, of which nothing can be known.
	return len(ungrouped)+len(groups) > 0 && meets(p, ungrouped, groups, b)
}

// misses reports whether b lacks one of the attributes of the concept a, whatever the
// groups. It tells most concepts apart without an allocation; a false says nothing.
func misses(p *basic.Provider, a terminology.Ordinal, b *NormalForm) bool {
	types := p.AttributeTypes()
	for _, x := range p.Attributes(a) {
		t := &types[x.Type()]
		if t.Text || t.Concept == terminology.NoOrdinal {
			continue
		}
		r := Relationship{Type: t.Concept, Value: Target{Concept: x.Value()}}
		if !has(p, r, b) {
			return true
		}
	}
	return false
}

// SubsumesConcept reports whether a is the concept b or above it.
func SubsumesConcept(p *basic.Provider, a *NormalForm, b terminology.Ordinal) bool {
	return Subsumes(p, a, conceptForm(p, b))
}

// subsumes is Subsumes for forms that mean what is written.
func subsumes(p *basic.Provider, a, b *NormalForm) bool {
	for _, o := range a.focus {
		if !ConceptSubsumes(p, o, b) {
			return false
		}
	}
	return meets(p, a.loose, a.own, b)
}

// meets reports whether b has the attributes and groups, or more special ones.
func meets(p *basic.Provider, ungrouped []Relationship, groups [][]Relationship, b *NormalForm) bool {
	for _, r := range ungrouped {
		if !has(p, r, b) {
			return false
		}
	}
	for _, g := range groups {
		if !hasGroup(p, g, b) {
			return false
		}
	}
	return true
}

// hasGroup reports whether a group of b has all of g; an ungrouped attribute is a
// group of its own.
func hasGroup(p *basic.Provider, g []Relationship, b *NormalForm) bool {
	for i := range b.Ungrouped {
		if coversGroup(p, g, b.Ungrouped[i:i+1]) {
			return true
		}
	}
	return slices.ContainsFunc(b.Groups, func(below []Relationship) bool { return coversGroup(p, g, below) })
}

// has reports whether b has r, or a more special attribute, in any group or none.
func has(p *basic.Provider, r Relationship, b *NormalForm) bool {
	return anyBelow(p, r, b.Ungrouped) ||
		slices.ContainsFunc(b.Groups, func(g []Relationship) bool { return anyBelow(p, r, g) })
}

// coversGroup reports whether each attribute of a subsumes one of b.
func coversGroup(p *basic.Provider, a, b []Relationship) bool {
	return !slices.ContainsFunc(a, func(r Relationship) bool { return !anyBelow(p, r, b) })
}

func anyBelow(p *basic.Provider, r Relationship, all []Relationship) bool {
	return slices.ContainsFunc(all, func(below Relationship) bool { return covers(p, r, below) })
}

// covers reports whether a subsumes b: its type and its value do.
func covers(p *basic.Provider, a, b Relationship) bool {
	return p.Subsumes(a.Type, b.Type) && a.Value.subsumes(p, b.Value)
}

// subsumes reports whether t is b or above it. Two concepts are compared by the
// hierarchy alone, which a release has whole.
func (t Target) subsumes(p *basic.Provider, b Target) bool {
	if (t.Nested == nil && t.Concept == terminology.NoOrdinal) || (b.Nested == nil && b.Concept == terminology.NoOrdinal) {
		return t.Concept == b.Concept && t.Nested == b.Nested && t.Text == b.Text && (t.Kind == b.Kind || t.IsNumber() && b.IsNumber())
	}
	switch {
	case t.Nested == nil && b.Nested == nil:
		return p.Subsumes(t.Concept, b.Concept)
	case t.Nested == nil:
		return ConceptSubsumes(p, t.Concept, b.Nested)
	case b.Nested == nil:
		return subsumes(p, t.Nested, conceptForm(p, b.Concept))
	}
	return subsumes(p, t.Nested, b.Nested)
}

// Supertypes returns the concepts that subsume f, those that are equivalent to it
// among them: what is above its focus concepts, and the defined concepts that it
// meets.
func Supertypes(p *basic.Provider, f *NormalForm) *roaring.Bitmap {
	out := roaring.New()
	var queue []terminology.Ordinal
	for _, o := range f.focus {
		out.Add(o)
		out.AddMany(p.Ancestors(o))
	}
	if _, ok := f.Concept(); ok {
		return out // the hierarchy is whole
	}
	queue = out.ToArray()
	// All parents of a concept that subsumes f subsume f, so every one is a child of
	// one that was found before.
	for seen := out.Clone(); len(queue) > 0; {
		o := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, child := range p.Children(o) {
			if seen.CheckedAdd(child) && p.Info(child).Defined && ConceptSubsumes(p, child, f) {
				out.Add(child)
				queue = append(queue, child)
			}
		}
	}
	return out
}

// Parents returns the proximal supertypes of f, ascending: the concepts that subsume
// it and have none below them that does too. Concepts that are equivalent to f are
// not above it.
func Parents(p *basic.Provider, f *NormalForm) []terminology.Ordinal {
	if o, ok := f.Concept(); ok {
		return p.Parents(o)
	}
	above := properSupertypes(p, f)
	var out []terminology.Ordinal
	for it := above.Iterator(); it.HasNext(); {
		o := it.Next()
		if !slices.ContainsFunc(p.Children(o), above.Contains) {
			out = append(out, o)
		}
	}
	return out
}

// properSupertypes is Supertypes without the concepts that are equivalent to f.
func properSupertypes(p *basic.Provider, f *NormalForm) *roaring.Bitmap {
	all := Supertypes(p, f)
	out := all.Clone()
	for it := all.Iterator(); it.HasNext(); {
		if o := it.Next(); Subsumes(p, f, conceptForm(p, o)) {
			out.Remove(o)
		}
	}
	return out
}
