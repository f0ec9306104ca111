package engine

import (
	"context"
	"iter"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Expression is a postcoordinated expression as a release understands it. It
// implements terminology.Composed.
type Expression struct {
	release  *Release
	tree     *scg.Expression
	form     *scg.NormalForm
	problems []scg.Problem
	parents  func() []terminology.Ordinal
}

// Compose reads an expression of the Compositional Grammar. The error is Invalid for a
// text that is none, and NotFound when the release lacks one of its concepts.
func (r *Release) Compose(text string) (terminology.Composed, error) {
	x, err := r.Expression(text)
	if err != nil {
		return nil, err // not a Composed that holds nothing
	}
	return x, nil
}

// Expression is Compose with the type of the answer.
func (r *Release) Expression(text string) (*Expression, error) {
	tree, err := scg.Parse(text)
	if err != nil {
		return nil, err
	}
	form, problems, err := scg.Normalize(r.Provider, tree)
	if err != nil {
		return nil, err
	}
	return &Expression{release: r, tree: tree, form: form, problems: problems,
		parents: sync.OnceValue(func() []terminology.Ordinal { return scg.Parents(r.Provider, form) })}, nil
}

// Tree returns the expression as it was written.
func (x *Expression) Tree() *scg.Expression { return x.tree }

// Form returns the necessary normal form.
func (x *Expression) Form() *scg.NormalForm { return x.form }

// Code returns the expression in canonical form, without terms.
func (x *Expression) Code() string {
	return scg.Format(scg.Canonical(x.tree), scg.FormatOptions{DropTerms: true})
}

// Display returns the expression as it was written, with the term of each concept.
func (x *Expression) Display(term func(terminology.Ordinal) string) string {
	return scg.Display(x.tree, func(id snomed.ID) string {
		if o, ok := x.release.Find(id.String()); ok {
			return term(o)
		}
		return ""
	})
}

// Equals reports whether two expressions of this release mean the same.
func (x *Expression) Equals(other terminology.Composed) bool {
	y, ok := other.(*Expression)
	return ok && y.release == x.release && scg.Equivalent(x.release.Provider, x.form, y.form)
}

// Subsumes reports whether the expression is concept o or more general.
func (x *Expression) Subsumes(o terminology.Ordinal) bool {
	return scg.SubsumesConcept(x.release.Provider, x.form, o)
}

// SubsumesComposed reports whether the expression is another one of this release, or
// more general.
func (x *Expression) SubsumesComposed(other terminology.Composed) bool {
	y, ok := other.(*Expression)
	return ok && y.release == x.release && scg.Subsumes(x.release.Provider, x.form, y.form)
}

// IsA reports whether the expression is concept o or more special.
func (x *Expression) IsA(o terminology.Ordinal) bool {
	return scg.ConceptSubsumes(x.release.Provider, o, x.form)
}

// Parents returns the proximal supertypes of the expression.
func (x *Expression) Parents() []terminology.Ordinal { return x.parents() }

// Selected reports whether an expression constraint selects the expression.
func (x *Expression) Selected(ctx context.Context, constraint string) (bool, error) {
	parsed, err := ecl.Parse(constraint)
	if err != nil {
		return false, about(constraint, err)
	}
	if o, ok := x.form.Concept(); ok {
		return x.release.Selects(ctx, constraint, o)
	}
	in, err := scg.Satisfies(ctx, x.release.Provider, x.form, parsed.Constraint)
	if err != nil {
		return false, about(constraint, err)
	}
	return in, nil
}

// Attributes walks the attributes of the normal form; groups count from 1.
func (x *Expression) Attributes() iter.Seq[terminology.PropertyInfo] {
	return func(yield func(terminology.PropertyInfo) bool) {
		for group, a := range x.form.Attributes() {
			p := terminology.PropertyInfo{Code: x.release.Code(a.Type), Group: uint16(group), Kind: a.Value.Kind, Value: a.Value.Text, Target: terminology.NoOrdinal}
			switch {
			case a.Value.Nested != nil:
				p.Value = scg.Format(a.Value.Nested.Expression(x.release.Provider), scg.FormatOptions{DropTerms: true})
			case a.Value.Concept != terminology.NoOrdinal:
				p.Target, p.Value = a.Value.Concept, x.release.Code(a.Value.Concept)
			}
			if !yield(p) {
				return
			}
		}
	}
}

// Remarks tells which concepts of the expression are inactive.
func (x *Expression) Remarks() []string {
	out := make([]string, len(x.problems))
	for i, p := range x.problems {
		out[i] = p.String()
	}
	return out
}

// NormalForm returns the necessary normal form of an expression, or of a concept when
// there is none, without terms and with them.
func (r *Release) NormalForm(o terminology.Ordinal, x terminology.Composed, term func(terminology.Ordinal) string) (terse, withTerms string) {
	form := (*scg.Expression)(nil)
	if own, ok := x.(*Expression); ok {
		form = own.form.Expression(r.Provider)
	} else {
		form = scg.ConceptExpression(r.Provider, o)
	}
	return scg.Format(form, scg.FormatOptions{DropTerms: true}), scg.Display(form, func(id snomed.ID) string {
		if o, ok := r.Find(id.String()); ok {
			return term(o)
		}
		return ""
	})
}

// Check compares the expression with the concept model. No violations and no model are
// told apart by checked: a release may come without its model. Term gives the terms in
// messages; nil: those of the release.
func (x *Expression) Check(ctx context.Context, term func(snomed.ID) string) (violations []mrcm.Violation, checked bool, err error) {
	model, err := x.release.Model()
	if terminology.KindOf(err) == terminology.NotFound {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	violations, err = model.Check(ctx, x.tree, mrcm.Options{Term: term, Contains: func(ctx context.Context, constraint *ecl.Expression, o terminology.Ordinal) (bool, error) {
		q, err := x.release.constraints.Plan(constraint)
		if err != nil {
			return false, err
		}
		return q.Contains(ctx, o)
	}})
	return violations, err == nil, err
}

var _ terminology.Composed = (*Expression)(nil)
