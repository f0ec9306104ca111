package mrcm

import (
	"context"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// grouping notes an attribute that is in a group or not against all its rules.
func (c *checker) grouping(u *use) {
	grouped := u.group > 0
	if len(u.domains) == 0 || slices.ContainsFunc(u.domains, func(r DomainRule) bool { return r.Grouped == grouped }) {
		return
	}
	r := strongest(u.domains)
	v := Violation{Kind: NotGrouped, Position: u.Name.Position, Domain: r.Domain}.of(r.Rule)
	if !grouped {
		c.note(v, "%s stands in no group: in the domain %s it has to be in one", c.name(u.Name.ID), c.name(r.Domain))
		return
	}
	v.Kind = Grouped
	c.note(v, "%s stands in a group: in the domain %s it must not be in one", c.name(u.Name.ID), c.name(r.Domain))
}

// strongest returns the first mandatory rule, else the first.
func strongest(all []DomainRule) DomainRule {
	if i := slices.IndexFunc(all, func(r DomainRule) bool { return !r.Optional }); i >= 0 {
		return all[i]
	}
	return all[0]
}

// counts notes attributes with more values than every rule allows, in the whole
// expression with what it inherits, and in a group as it was written.
func (c *checker) counts(form *scg.NormalForm, uses []use) {
	seen := map[terminology.Ordinal]bool{}
	for i, u := range uses {
		if len(u.domains) == 0 {
			continue
		}
		inGroup := func(r DomainRule) ecl.Cardinality { return r.InGroup }
		if u.group > 0 && !slices.ContainsFunc(uses[:i], func(other use) bool { return other.group == u.group && other.typ == u.typ }) {
			n := c.inOneGroup(uses, u)
			if r, ok := exceeded(u.domains, n, inGroup); ok && r.Grouped {
				r.Constraint = bounds(r.InGroup)
				c.note(Violation{Kind: TooManyInGroup, Position: u.Name.Position, Domain: r.Domain}.of(r.Rule),
					"%s has %d different values in one group: in the domain %s it may have %s", c.name(u.Name.ID), n, c.name(r.Domain), bounds(r.InGroup))
			}
		}
		if seen[u.typ] {
			continue
		}
		seen[u.typ] = true
		n := different(form, u.typ)
		if r, ok := exceeded(u.domains, n, func(r DomainRule) ecl.Cardinality { return r.Count }); ok {
			r.Constraint = bounds(r.Count)
			c.note(Violation{Kind: TooManyValues, Position: u.Name.Position, Domain: r.Domain}.of(r.Rule),
				"%s has %d different values, inherited ones counted: in the domain %s it may have %s", c.name(u.Name.ID), n, c.name(r.Domain), bounds(r.Count))
		}
	}
}

// exceeded returns the rule that n values break, when they break every rule.
func exceeded(rules []DomainRule, n int, of func(DomainRule) ecl.Cardinality) (DomainRule, bool) {
	for _, r := range rules {
		if most := of(r).Max; most == ecl.Many || n <= most {
			return DomainRule{}, false
		}
	}
	return strongest(rules), true
}

// inOneGroup counts the different values that an attribute has in the group of u,
// without those that another value there is below.
func (c *checker) inOneGroup(uses []use, u use) int {
	// The attribute is the focus, since it has no attributes that would count as well.
	s := scg.SubExpression{Focus: []*scg.ConceptReference{u.Name}}
	for _, other := range uses {
		if other.group == u.group && other.typ == u.typ {
			s.Attributes = append(s.Attributes, other.Attribute)
		}
	}
	form, _, err := scg.Normalize(c.p, &scg.Expression{SubExpression: s})
	if err != nil {
		return len(s.Attributes)
	}
	return different(form, u.typ)
}

// different counts the different values of an attribute in a form.
func different(form *scg.NormalForm, typ terminology.Ordinal) int {
	var values []scg.Target
	for _, r := range form.Attributes() {
		if r.Type == typ && (r.Value.Nested != nil || !slices.Contains(values, r.Value)) {
			values = append(values, r.Value)
		}
	}
	return len(values)
}

// missing notes attributes that a domain of the focus concepts asks for and that the
// expression has too few of.
func (c *checker) missing(ctx context.Context, s *scg.SubExpression, form *scg.NormalForm) error {
	for _, o := range c.m.required {
		for _, r := range c.m.Domains(o, c.o.Content) {
			if r.Count.Min == 0 {
				continue
			}
			in, err := c.inDomain(ctx, r, form)
			if err != nil {
				return err
			}
			if n := different(form, o); in && n < r.Count.Min {
				r.Constraint = bounds(r.Count)
				c.note(Violation{Kind: MissingAttribute, Position: s.Focus[0].Position, Domain: r.Domain}.of(r.Rule),
					"%s has %d values: in the domain %s it has to have %s", c.name(r.Attribute), n, c.name(r.Domain), bounds(r.Count))
			}
		}
	}
	return nil
}
