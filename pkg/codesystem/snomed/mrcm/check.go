package mrcm

import (
	"context"
	"errors"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Contains reports whether a concept is in the set that a constraint describes.
type Contains func(ctx context.Context, constraint *ecl.Expression, o terminology.Ordinal) (bool, error)

// Options say how an expression is checked. The zero Options checks an expression of
// a user.
type Options struct {
	Content Content
	// Contains evaluates domains and ranges; nil: scg.ConceptSatisfies does, which knows
	// the constraints that concept models are made of and refuses others.
	Contains Contains
	// Term gives the term of a concept for messages; nil: the release's own.
	Term func(snomed.ID) string
}

// Check returns where an expression breaks the model, in the order of the text, and
// nothing when it does not. A concept that is unknown ends the check, since nothing
// can be told with it. The error is of a rule that could not be read or evaluated.
func (m *Model) Check(ctx context.Context, e *scg.Expression, o Options) ([]Violation, error) {
	c := &checker{m: m, p: m.p, o: o}
	if c.o.Contains == nil {
		c.o.Contains = func(ctx context.Context, e *ecl.Expression, o terminology.Ordinal) (bool, error) {
			return scg.ConceptSatisfies(ctx, m.p, o, e.Constraint)
		}
	}
	if c.concepts(&e.SubExpression) {
		if err := c.expression(ctx, &e.SubExpression); err != nil {
			return nil, &terminology.Error{Op: "mrcm.Check", Err: err}
		}
	}
	slices.SortStableFunc(c.found, func(a, b Violation) int {
		if a.Position.Line != b.Position.Line {
			return a.Position.Line - b.Position.Line
		}
		return a.Position.Column - b.Position.Column
	})
	return c.found, nil
}

// checker collects what is found in one expression.
type checker struct {
	m     *Model
	p     *basic.Provider
	o     Options
	found []Violation
}

// concepts notes unknown and inactive concepts; false: some are unknown.
func (c *checker) concepts(s *scg.SubExpression) bool {
	known := true
	for _, problem := range scg.Check(c.p, s) {
		v := Violation{Kind: UnknownConcept, Position: problem.Position}
		if known = known && problem.Inactive; problem.Inactive {
			v.Kind = InactiveConcept
		}
		problem.Position = scg.Position{}
		v.Message = problem.String()
		c.found = append(c.found, v)
	}
	return known
}

// use is an attribute where an expression uses it.
type use struct {
	*scg.Attribute
	typ     terminology.Ordinal
	group   int // 0: none
	domains []DomainRule
}

// expression checks an expression whose concepts are all known, and what is nested.
func (c *checker) expression(ctx context.Context, s *scg.SubExpression) error {
	if ctx.Err() != nil {
		return &terminology.Error{Kind: terminology.Unavailable, Err: context.Cause(ctx)}
	}
	form, _, err := scg.Normalize(c.p, &scg.Expression{SubExpression: *s})
	if err != nil {
		return err
	}
	var uses []use
	add := func(group int, all []*scg.Attribute) {
		for _, a := range all {
			typ, _ := c.p.Find(a.Name.ID.String())
			uses = append(uses, use{Attribute: a, typ: typ, group: group})
		}
	}
	add(0, s.Attributes)
	for i, g := range s.Groups {
		add(i+1, g)
	}
	for i := range uses {
		u := &uses[i]
		if bad := c.m.bad[u.typ]; len(bad) > 0 {
			return &terminology.Error{Kind: terminology.Corrupt, Err: errors.Join(bad...)}
		}
		if u.domains, err = c.domains(ctx, s, form, u); err != nil {
			return err
		}
		c.grouping(u)
		if err := c.value(ctx, u); err != nil {
			return err
		}
	}
	c.counts(form, uses)
	return c.missing(ctx, s, form)
}

// domains returns the domain rules that an attribute is used under: those whose
// domain has a focus concept. When there are rules of a strength and none is met, it
// notes that.
func (c *checker) domains(ctx context.Context, s *scg.SubExpression, form *scg.NormalForm, u *use) ([]DomainRule, error) {
	all := c.m.Domains(u.typ, c.o.Content)
	if len(all) == 0 {
		c.note(Violation{Kind: NoAttribute, Position: u.Name.Position, Attribute: u.Name.ID},
			"%s is no attribute that the concept model has a rule for", c.name(u.Name.ID))
		return nil, nil
	}
	var met, missed []DomainRule
	for _, r := range all {
		in, err := c.inDomain(ctx, r, form)
		if err != nil {
			return nil, err
		}
		if in {
			met = append(met, r)
		} else {
			missed = append(missed, r)
		}
	}
	for _, strength := range [...]bool{false, true} {
		if of := ofStrength(missed, strength); len(of) > 0 && len(ofStrength(met, strength)) == 0 {
			c.note(Violation{Kind: OutsideDomain, Position: u.Name.Position, Domain: of[0].Domain}.of(of[0].Rule),
				"%s is not for %s: want a focus concept in %s", c.name(u.Name.ID), c.foci(s), c.listed(of))
		}
	}
	return met, nil
}

// inDomain reports whether one of the focus concepts is in the domain of a rule: an
// expression is below each of them.
func (c *checker) inDomain(ctx context.Context, r DomainRule, form *scg.NormalForm) (bool, error) {
	for _, o := range form.Focus() {
		if in, err := c.o.Contains(ctx, r.set, o); err != nil || in {
			return in, err
		}
	}
	return false, nil
}

func ofStrength(all []DomainRule, optional bool) []DomainRule {
	var out []DomainRule
	for _, r := range all {
		if r.Optional == optional {
			out = append(out, r)
		}
	}
	return out
}
