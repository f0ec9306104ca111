package scg

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// NormalForm is the necessary normal form of an expression or a concept in one
// release: all that is true of it, said once, with primitive concepts. It is not
// changed after it is made, may be shared, and means nothing in another release.
type NormalForm struct {
	Status     DefinitionStatus
	Primitives []terminology.Ordinal // proximal primitive supertypes, ascending
	Ungrouped  []Relationship        // attributes in no group
	Groups     [][]Relationship      // each of one attribute or more

	// What was written, as far as it says something of its own: the most special of
	// the focus concepts, and the refinement.
	focus []terminology.Ordinal
	loose []Relationship
	own   [][]Relationship
	text  string // canonical text when Status is SubtypeOf
}

// Relationship is an attribute of a NormalForm.
type Relationship struct {
	Type  terminology.Ordinal
	Value Target
}

// Target is the value of a Relationship: a concept, a nested form, or a concrete
// value.
type Target struct {
	Concept terminology.Ordinal   // NoOrdinal: it is none
	Nested  *NormalForm           // nil: it is none
	Kind    terminology.ValueKind // of a concrete value; ValueCode for the others
	// Text is the concrete value: a number as NumericValue.Canonical, a text, true or
	// false. With ValueCode it is the id of a concept that the release does not have.
	Text string
}

// IsNumber reports whether the value is a number.
func (t Target) IsNumber() bool {
	return t.Kind == terminology.ValueDecimal || t.Kind == terminology.ValueInteger
}

// Concept returns the concept that the form is of; false: it is of an expression that
// has more to it.
func (f *NormalForm) Concept() (terminology.Ordinal, bool) {
	if f.Status == SubtypeOf || len(f.focus) != 1 || len(f.loose)+len(f.own) > 0 {
		return terminology.NoOrdinal, false
	}
	return f.focus[0], true
}

// Focus returns the focus concepts as they were written, without those that another
// of them is below. The slice is shared.
func (f *NormalForm) Focus() []terminology.Ordinal { return f.focus }

// Attributes returns all attributes with the number of their group: 0 is none, and
// the groups count from 1. It is what a refinement of a constraint is compared with:
// every attribute is there once, inherited or written, and none that another says
// more precisely in the same group.
func (f *NormalForm) Attributes() iter.Seq2[int, Relationship] {
	return func(yield func(int, Relationship) bool) {
		for _, r := range f.Ungrouped {
			if !yield(0, r) {
				return
			}
		}
		for i, g := range f.Groups {
			for _, r := range g {
				if !yield(i+1, r) {
					return
				}
			}
		}
	}
}

// all returns all attributes, without their groups.
func (f *NormalForm) all() []Relationship {
	all := slices.Clone(f.Ungrouped)
	for _, g := range f.Groups {
		all = append(all, g...)
	}
	return all
}

// ConceptForm returns the normal form of a concept: of a primitive one itself and its
// attributes, of a defined one its proximal primitive supertypes and its attributes.
func ConceptForm(p *basic.Provider, o terminology.Ordinal) *NormalForm {
	f := conceptForm(p, o)
	f.Ungrouped, f.Groups = reduce(p, f.Ungrouped, f.Groups)
	return f
}

// conceptForm is ConceptForm with the attributes as the release says them, which is
// all that a comparison needs.
func conceptForm(p *basic.Provider, o terminology.Ordinal) *NormalForm {
	f := &NormalForm{Status: EquivalentTo, focus: []terminology.Ordinal{o}}
	f.Primitives = proximalPrimitives(p, f.focus)
	f.Ungrouped, f.Groups = attributesOf(p, o)
	return f
}

// attributesOf returns the attributes of a concept that its release says; the second
// result has one slice a group.
func attributesOf(p *basic.Provider, o terminology.Ordinal) (ungrouped []Relationship, groups [][]Relationship) {
	types := p.AttributeTypes()
	last := uint16(0)
	for _, a := range p.Attributes(o) {
		t := types[a.Type()]
		if t.Concept == terminology.NoOrdinal {
			continue // a property that is no attribute of SNOMED CT
		}
		r := Relationship{Type: t.Concept, Value: Target{Concept: a.Value()}}
		if t.Text {
			r.Value = concrete(t.Kind, p.ValueText(a.Value()))
		}
		switch group := a.Group(); {
		case group == 0:
			ungrouped = append(ungrouped, r)
			continue
		case group != last:
			last, groups = group, append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], r)
	}
	return ungrouped, groups
}

func concrete(kind terminology.ValueKind, text string) Target {
	t := Target{Concept: terminology.NoOrdinal, Kind: kind, Text: text}
	if t.IsNumber() {
		t.Text = string(NumericValue(text).Canonical())
	}
	return t
}

// proximalPrimitives returns the primitive concepts that are nearest above concepts,
// or are they, none of them above another.
func proximalPrimitives(p *basic.Provider, from []terminology.Ordinal) []terminology.Ordinal {
	var found []terminology.Ordinal
	seen := map[terminology.Ordinal]bool{}
	for queue := slices.Clone(from); len(queue) > 0; {
		o := queue[len(queue)-1]
		if queue = queue[:len(queue)-1]; seen[o] {
			continue
		}
		seen[o] = true
		if parents := p.Parents(o); p.Info(o).Defined && len(parents) > 0 {
			queue = append(queue, parents...)
		} else {
			found = append(found, o)
		}
	}
	return mostSpecial(p, found)
}

// mostSpecial takes away what another concept of the list is below, and sorts. It
// changes its argument.
func mostSpecial(p *basic.Provider, all []terminology.Ordinal) []terminology.Ordinal {
	slices.Sort(all)
	all = slices.Compact(all)
	out := all[:0:0]
	for _, o := range all {
		if !slices.ContainsFunc(all, func(other terminology.Ordinal) bool { return other != o && p.Subsumes(o, other) }) {
			out = append(out, o)
		}
	}
	return out
}

// Expression returns the form as an expression: primitive supertypes, and all
// attributes, in canonical order.
func (f *NormalForm) Expression(p *basic.Provider) *Expression {
	return Canonical(&Expression{Status: f.Status, SubExpression: *f.sub(p)})
}

func (f *NormalForm) sub(p *basic.Provider) *SubExpression {
	s := &SubExpression{Attributes: writeAll(p, f.Ungrouped)}
	for _, o := range f.Primitives {
		s.Focus = append(s.Focus, reference(p, o))
	}
	for _, g := range f.Groups {
		s.Groups = append(s.Groups, writeAll(p, g))
	}
	return s
}

func writeAll(p *basic.Provider, all []Relationship) []*Attribute {
	var out []*Attribute
	for _, r := range all {
		out = append(out, &Attribute{Name: reference(p, r.Type), Value: r.Value.value(p)})
	}
	return out
}

func (t Target) value(p *basic.Provider) Value {
	switch {
	case t.Nested != nil:
		return t.Nested.sub(p)
	case t.Concept != terminology.NoOrdinal:
		return reference(p, t.Concept)
	case t.IsNumber():
		return NumericValue(t.Text)
	case t.Kind == terminology.ValueBoolean:
		return BooleanValue(t.Text == "true")
	case t.Kind == terminology.ValueCode:
		id, _ := snomed.ScanID(t.Text)
		return &ConceptReference{ID: id}
	}
	return StringValue(t.Text)
}

func reference(p *basic.Provider, o terminology.Ordinal) *ConceptReference {
	id, _ := snomed.ScanID(p.Code(o))
	return &ConceptReference{ID: id}
}

// ConceptExpression returns the normal form of a concept as circulating servers print
// it: a defined concept is equivalent to (===) its primitive supertypes and
// attributes, a primitive one is said to be below (<<<) itself with its attributes.
func ConceptExpression(p *basic.Provider, o terminology.Ordinal) *Expression {
	e := ConceptForm(p, o).Expression(p)
	if !p.Info(o).Defined {
		e.Status = SubtypeOf
	}
	return e
}

// compareRelationships orders for a stable result; it says nothing of meaning.
func compareRelationships(a, b Relationship) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Value.Concept, b.Value.Concept),
		cmp.Compare(a.Value.Kind, b.Value.Kind), strings.Compare(a.Value.Text, b.Value.Text))
}
