package mrcm

import (
	"fmt"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
)

// Kind is what a violation breaks.
type Kind uint8

// The kinds of violation.
const (
	UnknownConcept   Kind = iota // the release does not have a concept
	InactiveConcept              // a concept is inactive
	NoAttribute                  // a name is no attribute of the concept model
	OutsideDomain                // an attribute is not for these focus concepts
	OutOfRange                   // a value is not for this attribute
	NotGrouped                   // an attribute has to be in a group
	Grouped                      // an attribute must not be in a group
	TooManyValues                // an attribute has too many values
	TooManyInGroup               // an attribute has too many values in one group
	MissingAttribute             // an attribute has too few values
)

// String returns the kind in a word.
func (k Kind) String() string {
	return [...]string{"unknown-concept", "inactive-concept", "no-attribute", "outside-domain", "out-of-range",
		"not-grouped", "grouped", "too-many-values", "too-many-in-group", "missing-attribute"}[k]
}

// Violation is one place where an expression breaks the concept model.
type Violation struct {
	Kind     Kind
	Warning  bool         // the rule is optional
	Position scg.Position // of the attribute, the value or the focus concept
	// The rule that is broken: its row, its reference set, the attribute that it is of,
	// its domain (0 for a range), and its text: a constraint or a cardinality. All are
	// zero where no rule is needed to see the fault.
	Member     string
	Refset     snomed.ID
	Attribute  snomed.ID
	Domain     snomed.ID
	Constraint string
	Message    string // a sentence that says what was found and what was expected
}

// String returns the place and the message.
func (v Violation) String() string {
	if v.Position == (scg.Position{}) {
		return v.Message
	}
	return fmt.Sprintf("line %d, column %d: %s", v.Position.Line, v.Position.Column, v.Message)
}

// of fills in the rule of a violation.
func (v Violation) of(r Rule) Violation {
	v.Member, v.Refset, v.Attribute, v.Constraint, v.Warning = r.Member, r.Refset, r.Attribute, r.Constraint, r.Optional
	return v
}
