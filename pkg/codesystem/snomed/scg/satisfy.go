package scg

import (
	"context"
	"fmt"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Satisfies reports whether an expression is in the set that a constraint describes,
// had it a place of its own in the hierarchy. doc.go says what that means of each
// operator, and which constraints are refused by name, with an error of kind
// NotSupported. A concept that the release does not have has nothing above or below.
// The error is TooCostly for a constraint that would take more than maxSteps, and
// Unavailable when the context ends.
func Satisfies(ctx context.Context, p *basic.Provider, f *NormalForm, constraint ecl.ExpressionConstraint) (bool, error) {
	return newJudge(ctx, p).satisfies(newSubject(p, f), constraint)
}

// ConceptSatisfies is Satisfies for a concept of the release.
func ConceptSatisfies(ctx context.Context, p *basic.Provider, o terminology.Ordinal, constraint ecl.ExpressionConstraint) (bool, error) {
	return newJudge(ctx, p).satisfies(&subject{p: p, concept: o}, constraint)
}

// maxSteps is how many times parts of a constraint are asked of a concept or expression
// before it is too costly: some tenths of a second.
const maxSteps = 1 << 20

// stepWork is what a question takes of the budget of a request.
const stepWork = 300

// judge answers for the parts of one constraint. It asks every part of a concept once:
// operators on sets, one in another, would come back to the same in every way.
type judge struct {
	p     *basic.Provider
	ctx   context.Context
	steps int
	known map[question]bool
}

// question is a part of a constraint asked of a concept.
type question struct {
	part    *ecl.SubExpressionConstraint
	concept terminology.Ordinal
}

func newJudge(ctx context.Context, p *basic.Provider) *judge {
	return &judge{p: p, ctx: ctx, known: map[question]bool{}}
}

// step counts one question.
func (j *judge) step() error {
	if j.steps++; j.steps > maxSteps {
		return &terminology.Error{Op: "scg.Satisfies", Kind: terminology.TooCostly, Err: fmt.Errorf("the constraint takes more than %d steps, asked of an expression", maxSteps)}
	}
	if j.steps%256 == 1 {
		return terminology.Spend(j.ctx, "scg.Satisfies", 256*stepWork)
	}
	return nil
}

func notSupported(format string, args ...any) error {
	return &terminology.Error{Op: "scg.Satisfies", Kind: terminology.NotSupported, Err: fmt.Errorf(format+", asked of an expression", args...)}
}

func (j *judge) satisfies(s *subject, c ecl.ExpressionConstraint) (bool, error) {
	switch c := c.(type) {
	case *ecl.SubExpressionConstraint:
		return j.simple(s, c)
	case *ecl.CompoundExpressionConstraint:
		return j.compound(s, c)
	case *ecl.RefinedExpressionConstraint:
		if in, err := j.simple(s, c.Focus); err != nil || !in {
			return false, err
		}
		return j.refinement(s, c.Refinement)
	case *ecl.DottedExpressionConstraint:
		if s.form != nil { // the values are concepts of the release
			return false, nil
		}
		return false, notSupported("dotted attributes")
	}
	return false, notSupported("a constraint of type %T", c)
}

func (j *judge) compound(s *subject, c *ecl.CompoundExpressionConstraint) (bool, error) {
	for i, operand := range c.Operands {
		in, err := j.simple(s, operand)
		switch {
		case err != nil:
			return false, err
		case c.Operator == ecl.Disjunction && in:
			return true, nil
		case c.Operator == ecl.Conjunction && !in, c.Operator == ecl.Exclusion && in != (i == 0):
			return false, nil
		}
	}
	return c.Operator != ecl.Disjunction, nil
}

// simple answers for a focus and what is done to it.
func (j *judge) simple(s *subject, c *ecl.SubExpressionConstraint) (bool, error) {
	if s.form != nil {
		return j.ask(s, c)
	}
	q := question{c, s.concept}
	if in, ok := j.known[q]; ok {
		return in, nil
	}
	in, err := j.ask(s, c)
	if err == nil {
		j.known[q] = in
	}
	return in, err
}

func (j *judge) ask(s *subject, c *ecl.SubExpressionConstraint) (bool, error) {
	if err := j.step(); err != nil {
		return false, err
	}
	if len(c.Filters)+len(c.MemberFilters) > 0 {
		if s.form != nil { // it has no rows of the release to match
			return false, nil
		}
		return false, notSupported("a filter {{ }}")
	}
	// A history supplement adds inactive concepts, and an expression is none.
	base := func(s *subject) (bool, error) { return j.focus(s, c) }
	if r, ok := c.Focus.(*ecl.ConceptReference); ok && c.Refset == nil {
		x, known := j.p.Find(r.ID.String())
		if !known {
			return false, nil
		}
		if done, in := s.relates(x, c.Operator); done {
			return in, nil
		}
		base = func(s *subject) (bool, error) { return s.is(x), nil }
	}
	return j.operator(s, c.Operator, base)
}

// operator answers for an operator on a set that base is the membership of.
func (j *judge) operator(s *subject, op ecl.ConstraintOperator, base func(*subject) (bool, error)) (bool, error) {
	switch op {
	case ecl.NoOperator:
		return base(s)
	case ecl.DescendantOrSelfOf, ecl.ChildOrSelfOf:
		if in, err := base(s); err != nil || in {
			return in, err
		}
	case ecl.DescendantOf, ecl.ChildOf:
	default:
		return false, notSupported("the operator %s on a set", op)
	}
	above := s.above()
	if op == ecl.ChildOf || op == ecl.ChildOrSelfOf {
		above = s.parents()
	}
	for _, o := range above {
		if err := j.step(); err != nil {
			return false, err
		}
		if in, err := base(&subject{p: j.p, concept: o}); err != nil || in {
			return in, err
		}
	}
	return false, nil
}

// focus answers for a focus with its reference set operator.
func (j *judge) focus(s *subject, c *ecl.SubExpressionConstraint) (bool, error) {
	if c.Refset != nil {
		return j.member(s, c)
	}
	switch f := c.Focus.(type) {
	case *ecl.WildCard:
		return true, nil
	case *ecl.Nested:
		return j.satisfies(s, f.Constraint)
	case *ecl.AlternateIdentifier:
		return false, notSupported("the alternate identifier %s#%s", f.Scheme, f.Code)
	}
	return false, notSupported("a focus of type %T", c.Focus)
}

// member answers for "^": an expression is in no reference set, a concept may be.
func (j *judge) member(s *subject, c *ecl.SubExpressionConstraint) (bool, error) {
	switch {
	case s.form != nil:
		return false, nil
	case c.Refset.AllFields || len(c.Refset.Fields) > 0:
		return false, notSupported("^ [field]")
	case c.Refset.ContainingAny:
		return false, notSupported("^R")
	}
	if r, ok := c.Focus.(*ecl.ConceptReference); ok {
		members, ok := j.p.Members(r.ID.String())
		return ok && members.Contains(s.concept), nil
	}
	for it := j.p.Refsets().Iterator(); it.HasNext(); {
		refset := it.Next()
		members, ok := j.p.Members(j.p.Code(refset))
		if err := j.step(); err != nil {
			return false, err
		}
		if !ok || !members.Contains(s.concept) {
			continue
		}
		of := *c
		of.Refset = nil
		if in, err := j.focus(&subject{p: j.p, concept: refset}, &of); err != nil || in {
			return in, err
		}
	}
	return false, nil
}
