package ecl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// planner makes the operands of one expression. Parts with the same text become one
// operand, which is evaluated once.
type planner struct {
	e        *Engine
	p        *basic.Provider
	byText   map[string]operand
	parts    int
	warnings []Warning
	err      error
	mixed    []*memberOf // that select columns which are no set of concepts
}

func invalidf(format string, args ...any) error {
	return &terminology.Error{Kind: terminology.Invalid, Err: fmt.Errorf(format, args...)}
}

// fail keeps the first fault of the expression.
func (pl *planner) fail(format string, args ...any) {
	if pl.err == nil {
		pl.err = fmt.Errorf(format, args...)
	}
}

// part numbers a part of the plan.
func (pl *planner) part(operation, text string, of ...interface{ info() *about }) about {
	a := about{id: pl.parts, operation: operation, text: text}
	pl.parts++
	for _, o := range of {
		if part := o.info(); part != nil {
			a.parts = append(a.parts, part)
		}
	}
	return a
}

// once plans a part unless one with the same text is planned.
func (pl *planner) once(text string, plan func() operand) operand {
	if o, ok := pl.byText[text]; ok {
		return o
	}
	o := plan()
	o.info().clamp()
	pl.byText[text] = o
	return o
}

func canonical(n Node) string { return Format(n, FormatOptions{DropTerms: true}) }

// constraint plans a set of concepts.
func (pl *planner) constraint(c ExpressionConstraint) operand {
	if s, ok := c.(*SubExpressionConstraint); ok {
		return pl.sub(s)
	}
	text := canonical(c)
	return pl.once(text, func() operand {
		switch c := c.(type) {
		case *CompoundExpressionConstraint:
			operands := make([]operand, len(c.Operands))
			kids := make([]interface{ info() *about }, len(c.Operands))
			for i, o := range c.Operands {
				operands[i] = pl.sub(o)
				kids[i] = operands[i]
			}
			return newCompound(pl.part(logicalOperators[c.Operator].name, text, kids...), c.Operator, operands)
		case *RefinedExpressionConstraint:
			return pl.refined(c, text)
		}
		return pl.dotted(c.(*DottedExpressionConstraint))
	})
}

// sub plans a sub-expression from its focus outwards.
func (pl *planner) sub(s *SubExpressionConstraint) operand {
	at := &SubExpressionConstraint{Focus: s.Focus}
	o := pl.focus(s.Focus)
	if s.Refset != nil {
		at.Refset, at.MemberFilters = s.Refset, s.MemberFilters
		of := o
		o = pl.once(canonical(at), func() operand { return pl.refset(at, of) })
	} else if len(s.MemberFilters) > 0 {
		pl.fail("a member filter needs ^ before the reference set")
	}
	if s.Operator != NoOperator {
		at.Operator = s.Operator
		of := o
		o = pl.once(canonical(at), func() operand { return pl.hierarchy(canonical(at), s.Operator, of) })
	}
	for i := range s.Filters {
		at.Filters = s.Filters[:i+1]
		of := o
		o = pl.once(canonical(at), func() operand { return pl.filter(canonical(at), s.Filters[i], of) })
	}
	if s.History != nil {
		at.History = s.History
		of := o
		o = pl.once(canonical(at), func() operand { return pl.history(canonical(at), s.History, of) })
	}
	return o
}

func (pl *planner) focus(f Focus) operand {
	switch f := f.(type) {
	case *Nested:
		return pl.constraint(f.Constraint)
	case *WildCard:
		return pl.once("*", func() operand {
			w := &everything{pl.part("wildcard", "*")}
			w.size, w.test = int(pl.e.scope.GetCardinality()), 20
			return w
		})
	case *AlternateIdentifier:
		return pl.once(canonical(f), func() operand {
			c := &concept{about: pl.part("alternateIdentifier", canonical(f)), o: pl.alternate(f)}
			if c.o != terminology.NoOrdinal {
				c.code, c.size = pl.p.Code(c.o), 1
			}
			c.make, c.test = 1, 1
			return c
		})
	}
	r := f.(*ConceptReference)
	o := pl.find(r) // each place has a warning of its own
	return pl.once(canonical(r), func() operand {
		c := &concept{about: pl.part("concept", canonical(r)), code: r.ID.String(), o: o}
		if o != terminology.NoOrdinal {
			c.size = 1
		}
		c.make, c.test = 1, 1
		return c
	})
}

// alternate returns the concept of an alternate identifier.
func (pl *planner) alternate(a *AlternateIdentifier) terminology.Ordinal {
	found := pl.schemes(a.Scheme)
	if len(found) == 0 {
		pl.warn(UnknownScheme, a.Position, a.Scheme, "%s is no scheme of alternate identifiers in this release", a.Scheme)
		return terminology.NoOrdinal
	}
	for _, scheme := range found {
		if o, ok := pl.p.Alternate(scheme, a.Code); ok {
			if !pl.p.Active().Contains(o) {
				pl.warn(InactiveConcept, a.Position, a.Code, "concept %s |%s|, which is %s#%s, is inactive", pl.p.Code(o), pl.p.Display(o), a.Scheme, a.Code)
			}
			return o
		}
	}
	pl.warn(UnknownCode, a.Position, a.Code, "%s#%s is no concept of this release", a.Scheme, a.Code)
	return terminology.NoOrdinal
}

// schemes returns the schemes that an alias stands for: those of the table, and
// those whose concept has the alias as a term.
func (pl *planner) schemes(alias string) []string {
	var found []string
	words := language.Fold(alias)
	for _, scheme := range pl.p.Schemes() {
		if slices.Contains(schemes[strings.ToUpper(alias)], scheme) {
			found = append(found, scheme)
			continue
		}
		o, ok := pl.p.Find(scheme)
		if !ok {
			continue
		}
		for d := range pl.p.Designations(o) {
			if !d.Inactive && language.Fold(d.Term) == words {
				found = append(found, scheme)
				break
			}
		}
	}
	return found
}

// hierarchy plans an operator on a set.
func (pl *planner) hierarchy(text string, op ConstraintOperator, of operand) operand {
	h := &hierarchyOf{about: pl.part(constraintOperators[op].name, text, of), operator: op, of: of, one: terminology.NoOrdinal}
	n := pl.p.Len()
	a := of.info()
	if c, ok := of.(*concept); ok && c.o != terminology.NoOrdinal {
		h.one = c.o
		h.parts = nil
		direct, self := direction(op)
		switch direct {
		case DescendantOf:
			h.size = int(pl.p.Descendants(c.o).GetCardinality())
		case ChildOf:
			h.size = len(pl.p.Children(c.o))
		case AncestorOf:
			h.size = len(pl.p.Ancestors(c.o))
		case ParentOf:
			h.size = len(pl.p.Parents(c.o))
		default:
			h.size = 1
		}
		if self {
			h.size++
		}
		h.make, h.test = 200, 60
		return h
	}
	h.size = a.size
	switch direct, _ := direction(op); direct {
	case DescendantOf:
		h.size, h.make, h.test = min(n, 20*a.size), a.make+int64(min(n, 40*a.size)), 15*a.test
	case AncestorOf:
		h.size, h.make, h.test = min(n/4, 10*a.size), a.make+int64(10*a.size), 200+min(100*a.test, a.make)
	case ChildOf:
		h.size, h.make, h.test = min(n, 4*a.size), a.make+int64(6*a.size), 2*a.test+10
	case ParentOf:
		h.make, h.test = a.make+int64(6*a.size), 4*a.test+10
	case Top:
		h.make, h.test = a.make+int64(30*a.size), 16*a.test
	default:
		h.make, h.test = a.make+int64(10*a.size), 200+min(100*a.test, a.make)
	}
	h.make += 500
	return h
}

// dotted plans a chain of attributes, each on what the one before gives.
func (pl *planner) dotted(c *DottedExpressionConstraint) operand {
	of := pl.sub(c.Focus)
	for i, name := range c.Attributes {
		text := canonical(&DottedExpressionConstraint{Focus: c.Focus, Attributes: c.Attributes[:i+1]})
		from := of
		plan := func() operand {
			a := pl.attributeOf(&Attribute{Name: name, Value: &SubExpressionConstraint{Focus: &WildCard{}}})
			d := &dotted{about: pl.part("dotted", text, from, a), of: from, name: a}
			part := from.info()
			d.size = min(5*part.size, pl.p.Len()/8)
			d.make = part.make + int64(min(5*part.size, int(a.make))) + 500
			d.test = 50 + 10*part.test
			return d
		}
		if i == len(c.Attributes)-1 {
			of = plan() // constraint keeps it by its text
		} else {
			of = pl.once(text, plan)
		}
	}
	return of
}
