package scg

import (
	"cmp"
	"slices"
	"strings"
)

// Canonical returns the expression in the form that all ways to write it down share:
// without terms and positions; focus concepts, attributes and groups in the order of
// their identifiers, and none of them twice; numbers without digits that do not
// matter. The definition status is kept. Nothing is asked of a release, so that
// expressions of one meaning may differ still; Equivalent tells those.
func Canonical(e *Expression) *Expression {
	return &Expression{Status: e.Status, SubExpression: *canonicalSub(&e.SubExpression)}
}

func canonicalSub(s *SubExpression) *SubExpression {
	out := &SubExpression{Focus: make([]*ConceptReference, len(s.Focus)), Attributes: canonicalSet(s.Attributes)}
	for i, c := range s.Focus {
		out.Focus[i] = &ConceptReference{ID: c.ID}
	}
	out.Focus = sorted(out.Focus, compareConcepts)
	for _, g := range s.Groups {
		out.Groups = append(out.Groups, canonicalSet(g))
	}
	out.Groups = sorted(out.Groups, compareGroups)
	return out
}

func canonicalSet(all []*Attribute) []*Attribute {
	var out []*Attribute
	for _, a := range all {
		c := &Attribute{Name: &ConceptReference{ID: a.Name.ID}}
		switch v := a.Value.(type) {
		case *ConceptReference:
			c.Value = &ConceptReference{ID: v.ID}
		case *SubExpression:
			c.Value = canonicalValue(v)
		case NumericValue:
			c.Value = v.Canonical()
		default:
			c.Value = v
		}
		out = append(out, c)
	}
	return sorted(out, compareAttributes)
}

// canonicalValue is canonicalSub for a value: what is one concept after all, such as
// (73211009 + 73211009), is that concept.
func canonicalValue(s *SubExpression) Value {
	c := canonicalSub(s)
	if c.isConcept() {
		return c.Focus[0]
	}
	return c
}

// sorted sorts and takes away what is there twice.
func sorted[T any](all []T, compare func(a, b T) int) []T {
	slices.SortFunc(all, compare)
	return slices.CompactFunc(all, func(a, b T) bool { return compare(a, b) == 0 })
}

func compareConcepts(a, b *ConceptReference) int { return cmp.Compare(a.ID, b.ID) }

func compareGroups(a, b AttributeGroup) int { return slices.CompareFunc(a, b, compareAttributes) }

func compareAttributes(a, b *Attribute) int {
	return cmp.Or(cmp.Compare(a.Name.ID, b.Name.ID), compareValues(a.Value, b.Value))
}

// compareValues orders concepts before nested expressions, numbers, texts and truths.
func compareValues(a, b Value) int {
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch a := a.(type) {
	case *ConceptReference:
		return compareConcepts(a, b.(*ConceptReference))
	case *SubExpression:
		b := b.(*SubExpression)
		return cmp.Or(slices.CompareFunc(a.Focus, b.Focus, compareConcepts),
			slices.CompareFunc(a.Attributes, b.Attributes, compareAttributes),
			slices.CompareFunc(a.Groups, b.Groups, compareGroups))
	case NumericValue:
		return a.Compare(b.(NumericValue))
	case StringValue:
		return strings.Compare(string(a), string(b.(StringValue)))
	case BooleanValue:
		switch {
		case a == b.(BooleanValue):
			return 0
		case bool(a):
			return 1
		}
		return -1
	}
	return 0
}

func rank(v Value) int {
	switch v.(type) {
	case *ConceptReference:
		return 0
	case *SubExpression:
		return 1
	case NumericValue:
		return 2
	case StringValue:
		return 3
	}
	return 4
}
