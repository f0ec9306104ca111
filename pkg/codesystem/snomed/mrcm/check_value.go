package mrcm

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
)

// value checks a value against the ranges of its attribute. Rules of one strength and
// content type are alternatives; of each kind of rule that there is, one has to have
// the value.
func (c *checker) value(ctx context.Context, u *use) error {
	if nested, ok := u.Value.(*scg.SubExpression); ok {
		if err := c.expression(ctx, nested); err != nil {
			return err
		}
	}
	rules := c.m.Ranges(u.typ, c.o.Content)
	if len(rules) == 0 && len(c.m.ranges[u.typ]) > 0 {
		c.note(Violation{Kind: OutOfRange, Position: u.Name.Position, Attribute: u.Name.ID},
			"%s has no range for this kind of content: it must not be used", c.name(u.Name.ID))
	}
	for len(rules) > 0 {
		same := func(r RangeRule) bool {
			return r.Optional == rules[0].Optional && r.ContentType == rules[0].ContentType
		}
		met := false
		var texts []string
		for _, r := range rules {
			if !same(r) || met {
				continue
			}
			in, err := c.inRange(ctx, r, u.Value)
			if err != nil {
				return err
			}
			met = in
			texts = append(texts, r.Constraint)
		}
		if !met {
			at := u.Name.Position
			if v, ok := u.Value.(*scg.ConceptReference); ok {
				at = v.Position
			} else if v, ok := u.Value.(*scg.SubExpression); ok {
				at = v.Focus[0].Position
			}
			c.note(Violation{Kind: OutOfRange, Position: at}.of(rules[0].Rule),
				"%s may not have the value %s: want %s", c.name(u.Name.ID), c.written(u.Value), strings.Join(texts, " OR "))
		}
		rules = slices.DeleteFunc(slices.Clone(rules), same)
	}
	return nil
}

// inRange reports whether a value is in the range of a rule.
func (c *checker) inRange(ctx context.Context, r RangeRule, value scg.Value) (bool, error) {
	if r.values != nil {
		return r.values.has(value), nil
	}
	switch v := value.(type) {
	case *scg.ConceptReference:
		o, _ := c.p.Find(v.ID.String())
		return c.o.Contains(ctx, r.set, o)
	case *scg.SubExpression:
		form, _, err := scg.Normalize(c.p, &scg.Expression{SubExpression: *v})
		if err != nil {
			return false, err
		}
		if o, ok := form.Concept(); ok {
			return c.o.Contains(ctx, r.set, o)
		}
		return scg.Satisfies(ctx, c.p, form, r.set.Constraint)
	}
	return false, nil
}

func (c *checker) note(v Violation, format string, args ...any) {
	v.Message = fmt.Sprintf(format, args...)
	c.found = append(c.found, v)
}

func (c *checker) term(id snomed.ID) string {
	if c.o.Term != nil {
		return c.o.Term(id)
	}
	if o, ok := c.p.Find(id.String()); ok {
		return c.p.Display(o)
	}
	return ""
}

// name writes a concept with its term.
func (c *checker) name(id snomed.ID) string {
	return c.written(&scg.ConceptReference{ID: id})
}

func (c *checker) written(v scg.Value) string {
	return scg.FormatValue(v, scg.FormatOptions{Term: c.term, Blanks: true})
}

func (c *checker) foci(s *scg.SubExpression) string {
	return c.written(&scg.SubExpression{Focus: s.Focus})
}

// listed writes the domains of rules.
func (c *checker) listed(rules []DomainRule) string {
	var all []string
	for _, r := range rules {
		text := r.Constraint
		if !strings.Contains(text, "|") { // made of the id alone
			text = strings.Replace(text, r.Domain.String(), c.name(r.Domain), 1)
		}
		all = append(all, text)
	}
	return strings.Join(all, " or ")
}
