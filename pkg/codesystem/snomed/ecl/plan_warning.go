package ecl

import (
	"fmt"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// WarningKind is what a Warning is about.
type WarningKind uint8

// The kinds of warnings.
const (
	UnknownConcept   WarningKind = iota // no such concept in the release
	InactiveConcept                     // the concept is inactive
	UnknownRefset                       // names no reference set with members here
	UnknownAttribute                    // no concept of the release has the attribute
	UnknownDialect                      // no language reference set of the release
	UnknownScheme                       // no such scheme of alternate identifiers
	UnknownCode                         // no such code in the scheme
	NoConceptMembers                    // the members of the reference set are not concepts
)

var warningNames = [...]string{"unknown-concept", "inactive-concept", "unknown-refset", "unknown-attribute", "unknown-dialect", "unknown-scheme", "unknown-code", "no-concept-members"}

// String returns the kind as a word, such as "unknown-concept".
func (k WarningKind) String() string { return warningNames[k] }

// Warning is something in an expression that means less in this release than its
// writer may think. The expression is evaluated all the same.
type Warning struct {
	Kind     WarningKind
	Position Position // zero when the expression was not read from text
	Subject  string   // the identifier, alias or name
	Message  string
}

// String returns the place and the message.
func (w Warning) String() string {
	if w.Position == (Position{}) {
		return w.Message
	}
	return fmt.Sprintf("line %d, column %d: %s", w.Position.Line, w.Position.Column, w.Message)
}

func (pl *planner) warn(k WarningKind, at Position, subject, format string, args ...any) {
	w := Warning{k, at, subject, fmt.Sprintf(format, args...)}
	if !slices.Contains(pl.warnings, w) {
		pl.warnings = append(pl.warnings, w)
	}
}

// find returns the concept of a reference, and warns when it is unknown or inactive.
func (pl *planner) find(r *ConceptReference) terminology.Ordinal {
	code := r.ID.String()
	o, ok := pl.p.Find(code)
	switch {
	case !ok:
		pl.warn(UnknownConcept, r.Position, code, "concept %s is not in this release", code)
		return terminology.NoOrdinal
	case !pl.p.Active().Contains(o):
		pl.warn(InactiveConcept, r.Position, code, "concept %s |%s| is inactive", code, pl.p.Display(o))
	}
	return o
}

// references walks the references that stand for themselves in s: X, and X and Y of
// (X OR Y).
func references(s *SubExpressionConstraint, visit func(*ConceptReference)) {
	if s.Operator != NoOperator || s.Refset != nil {
		return
	}
	switch f := s.Focus.(type) {
	case *ConceptReference:
		visit(f)
	case *Nested:
		if c, ok := f.Constraint.(*CompoundExpressionConstraint); ok && c.Operator == Disjunction {
			for _, o := range c.Operands {
				references(o, visit)
			}
		}
	}
}

// checkRefsets warns of references that name no reference set.
func (pl *planner) checkRefsets(s *SubExpressionConstraint) {
	bare := &SubExpressionConstraint{Focus: s.Focus}
	references(bare, func(r *ConceptReference) {
		code := r.ID.String()
		members, ok := pl.p.Members(code)
		switch {
		case !ok:
			pl.warn(UnknownRefset, r.Position, code, "%s is no reference set with members in this release", code)
		case members.IsEmpty() && pl.hasRows(code):
			pl.warn(NoConceptMembers, r.Position, code, "no active member of reference set %s is a concept of this release", code)
		}
	})
}

func (pl *planner) hasRows(table string) bool {
	for _, t := range pl.p.Tables() {
		if t.Name == table {
			return t.Rows > 0
		}
	}
	return false
}

// checkAttribute warns of names that no concept has as an attribute.
func (pl *planner) checkAttribute(s *SubExpressionConstraint) {
	references(s, func(r *ConceptReference) {
		code := r.ID.String()
		if r.ID == snomed.IsA {
			pl.warn(UnknownAttribute, r.Position, code, "116680003 |Is a| is the hierarchy and no attribute: write < or <!")
			return
		}
		if _, ok := pl.p.Find(code); ok && !pl.isAttribute(code) {
			pl.warn(UnknownAttribute, r.Position, code, "no concept of this release has the attribute %s", code)
		}
	})
}

func (pl *planner) isAttribute(code string) bool {
	return len(pl.e.types[code]) > 0
}
