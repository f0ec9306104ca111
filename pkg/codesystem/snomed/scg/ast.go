package scg

import (
	"iter"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
)

// Expression is a whole parsed expression. It is not changed after it is made, and
// may be shared.
type Expression struct {
	Status DefinitionStatus
	SubExpression
}

// DefinitionStatus says whether an expression is what it says, or only below it.
type DefinitionStatus uint8

// The definition statuses.
const (
	Unstated     DefinitionStatus = iota // nothing is written, which means EquivalentTo
	EquivalentTo                         // ===, the meaning is what is written
	SubtypeOf                            // <<<, the meaning has more to it than is written
)

// String returns the status as it is written, "" for Unstated.
func (s DefinitionStatus) String() string {
	return [...]string{"", "===", "<<<"}[s]
}

// SubExpression is focus concepts and what refines them: attributes in no group, and
// groups of attributes. As a value of an attribute it always has more than one
// concept: brackets around one leave no trace.
type SubExpression struct {
	Focus      []*ConceptReference // one or more
	Attributes []*Attribute        // ungrouped
	Groups     []AttributeGroup
}

// AttributeGroup is attributes that belong together, one or more.
type AttributeGroup []*Attribute

// Attribute is the name and the value of an attribute.
type Attribute struct {
	Name  *ConceptReference
	Value Value
}

// Value is the value of an attribute: a *ConceptReference, a *SubExpression, a
// NumericValue, a StringValue or a BooleanValue.
type Value interface{ value() }

// ConceptReference is a concept by its identifier. Of the identifier only the form is
// checked, not the check digit; the term is what the writer wrote in pipes.
type ConceptReference struct {
	ID       snomed.ID
	Term     string   // "": none
	Position Position // zero when the reference was not read from text
}

// NumericValue is a number as it was written, exact, without "#" and "+".
type NumericValue string

// StringValue is a text without its quotes and escapes.
type StringValue string

// BooleanValue is true or false.
type BooleanValue bool

// Position is a place in the text of an expression.
type Position = ecl.Position

func (*ConceptReference) value() {}
func (*SubExpression) value()    {}
func (NumericValue) value()      {}
func (StringValue) value()       {}
func (BooleanValue) value()      {}

// isConcept reports whether s is one concept and nothing else.
func (s *SubExpression) isConcept() bool {
	return len(s.Focus) == 1 && len(s.Attributes) == 0 && len(s.Groups) == 0
}

// Concept returns the concept that the expression is, when it is one concept and
// nothing else; nil: it is more, or it is below what is written.
func (e *Expression) Concept() *ConceptReference {
	if e.Status == SubtypeOf || !e.isConcept() {
		return nil
	}
	return e.Focus[0]
}

// References returns every concept of s in the order of the text.
func (s *SubExpression) References() iter.Seq[*ConceptReference] {
	return func(yield func(*ConceptReference) bool) { s.references(yield) }
}

func (s *SubExpression) references(yield func(*ConceptReference) bool) bool {
	for _, c := range s.Focus {
		if !yield(c) {
			return false
		}
	}
	for _, a := range s.all() {
		if !yield(a.Name) {
			return false
		}
		switch v := a.Value.(type) {
		case *ConceptReference:
			if !yield(v) {
				return false
			}
		case *SubExpression:
			if !v.references(yield) {
				return false
			}
		}
	}
	return true
}

// all returns the attributes of s with their group, 0 for none and else from 1.
func (s *SubExpression) all() iter.Seq2[int, *Attribute] {
	return func(yield func(int, *Attribute) bool) {
		for _, a := range s.Attributes {
			if !yield(0, a) {
				return
			}
		}
		for i, g := range s.Groups {
			for _, a := range g {
				if !yield(i+1, a) {
					return
				}
			}
		}
	}
}
