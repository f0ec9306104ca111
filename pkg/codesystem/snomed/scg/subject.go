package scg

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// subject is what a constraint is asked of: an expression, or a concept, of which the
// hierarchy tells all.
type subject struct {
	p       *basic.Provider
	concept terminology.Ordinal
	form    *NormalForm // nil: the concept
	supers  []terminology.Ordinal
	direct  []terminology.Ordinal // parents, once they have been asked for
}

// newSubject makes a subject of a form; that of a concept alone is the concept.
func newSubject(p *basic.Provider, f *NormalForm) *subject {
	if o, ok := f.Concept(); ok {
		return &subject{p: p, concept: o}
	}
	return &subject{p: p, concept: terminology.NoOrdinal, form: f}
}

// is reports whether s is a concept, or means the same.
func (s *subject) is(x terminology.Ordinal) bool {
	if s.form == nil {
		return s.concept == x
	}
	return s.below(x) && s.subsumes(x)
}

// below reports whether s is x or a subtype of it.
func (s *subject) below(x terminology.Ordinal) bool {
	if s.form == nil {
		return s.p.Subsumes(x, s.concept)
	}
	return ConceptSubsumes(s.p, x, s.form)
}

// subsumes reports whether s is x or a supertype of it.
func (s *subject) subsumes(x terminology.Ordinal) bool {
	if s.form == nil {
		return s.p.Subsumes(s.concept, x)
	}
	return SubsumesConcept(s.p, s.form, x)
}

// above returns what is properly above s.
func (s *subject) above() []terminology.Ordinal {
	if s.form == nil {
		return s.p.Ancestors(s.concept)
	}
	if s.supers == nil {
		s.supers = properSupertypes(s.p, s.form).ToArray()
	}
	return s.supers
}

// parents returns what is directly above s.
func (s *subject) parents() []terminology.Ordinal {
	if s.form == nil {
		return s.p.Parents(s.concept)
	}
	if s.direct == nil {
		s.direct = Parents(s.p, s.form)
	}
	return s.direct
}

// attributes returns the form of s, which has its attributes.
func (s *subject) attributes() *NormalForm {
	if s.form == nil {
		return conceptForm(s.p, s.concept)
	}
	return s.form
}

// relates answers for an operator on the concept x; done is false for those that are
// answered as of a set.
func (s *subject) relates(x terminology.Ordinal, op ecl.ConstraintOperator) (done, in bool) {
	switch op {
	case ecl.NoOperator, ecl.Top, ecl.Bottom: // of one concept: itself
		return true, s.is(x)
	case ecl.DescendantOrSelfOf:
		return true, s.below(x)
	case ecl.DescendantOf:
		return true, s.below(x) && !s.subsumes(x)
	case ecl.AncestorOrSelfOf:
		return true, s.subsumes(x)
	case ecl.AncestorOf:
		return true, s.subsumes(x) && !s.below(x)
	case ecl.ParentOrSelfOf:
		return true, s.is(x) || s.isParentOf(x)
	case ecl.ParentOf:
		return true, s.isParentOf(x)
	}
	return false, false
}

// isParentOf reports whether s is directly above x: above it, and with no parent of x
// properly between.
func (s *subject) isParentOf(x terminology.Ordinal) bool {
	if s.form == nil {
		return slices.Contains(s.p.Parents(x), s.concept)
	}
	return s.subsumes(x) && !s.below(x) && !slices.ContainsFunc(s.p.Parents(x), func(o terminology.Ordinal) bool {
		return s.subsumes(o) && !s.below(o)
	})
}
