package ecl_test

import (
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// set is a set of codes.
type set map[string]bool

// naive evaluates expressions from their definitions, over what a source said: every
// part of an expression is a set of codes, and nothing is indexed.
type naive struct {
	r        *release
	all      set // "*"
	known    map[string]terminology.Concept
	parents  map[string][]string
	children map[string][]string
}

func newNaive(r *release, w ecl.Substrate) *naive {
	n := &naive{r: r, all: set{}, known: map[string]terminology.Concept{}, parents: map[string][]string{}, children: map[string][]string{}}
	for _, c := range r.concepts {
		n.known[c.Code] = c
	}
	for _, p := range r.parents {
		n.parents[p[0]] = append(n.parents[p[0]], p[1])
		n.children[p[1]] = append(n.children[p[1]], p[0])
	}
	for code, c := range n.known {
		switch w {
		case ecl.AllConcepts:
			n.all[code] = true
		case ecl.ActiveConcepts:
			if !c.Inactive {
				n.all[code] = true
			}
		case ecl.HierarchyOnly:
			if code == "138875005" || n.reach(code, n.parents)["138875005"] {
				n.all[code] = true
			}
		}
	}
	return n
}

// reach is everything that edges lead to from a code, without itself.
func (n *naive) reach(code string, edges map[string][]string) set {
	out := set{}
	for _, next := range edges[code] {
		out[next] = true
		maps.Copy(out, n.reach(next, edges))
	}
	return out
}

// only returns the members of s that pass.
func only(s set, pass func(string) bool) set {
	out := set{}
	for c := range s {
		if pass(c) {
			out[c] = true
		}
	}
	return out
}

func (n *naive) constraint(c ecl.ExpressionConstraint) set {
	switch c := c.(type) {
	case *ecl.SubExpressionConstraint:
		return n.sub(c)
	case *ecl.CompoundExpressionConstraint:
		out := maps.Clone(n.sub(c.Operands[0]))
		for _, o := range c.Operands[1:] {
			s := n.sub(o)
			switch c.Operator {
			case ecl.Conjunction:
				out = only(out, func(c string) bool { return s[c] })
			case ecl.Disjunction:
				maps.Copy(out, s)
			case ecl.Exclusion:
				out = only(out, func(c string) bool { return !s[c] })
			}
		}
		return out
	case *ecl.RefinedExpressionConstraint:
		return only(n.sub(c.Focus), func(code string) bool { return n.refinement(code, c.Refinement) })
	}
	d := c.(*ecl.DottedExpressionConstraint)
	s := n.sub(d.Focus)
	for _, name := range d.Attributes {
		types, next := n.names(name), set{}
		for _, p := range n.r.properties {
			if _, known := n.known[p.Value]; s[p.Concept] && types(p.Code) && p.Kind == terminology.ValueCode && known {
				next[p.Value] = true
			}
		}
		s = next
	}
	return s
}

func (n *naive) sub(s *ecl.SubExpressionConstraint) set {
	out := set{}
	switch f := s.Focus.(type) {
	case *ecl.WildCard:
		out = n.all
	case *ecl.ConceptReference:
		out[f.ID.String()] = true // an unknown one names a reference set perhaps
	case *ecl.Nested:
		out = n.constraint(f.Constraint)
	case *ecl.AlternateIdentifier:
		for _, row := range n.r.rows {
			if row.Table == "identifier" && !row.Inactive && row.ID == f.Code && f.Scheme == "LOINC" {
				out[row.Component] = true
			}
		}
	}
	if s.Refset != nil {
		_, any := s.Focus.(*ecl.WildCard)
		out = n.refset(s, out, any)
	}
	out = only(out, func(c string) bool { _, ok := n.known[c]; return ok })
	out = n.operator(s.Operator, out)
	for _, f := range s.Filters {
		if f.Domain == ecl.ConceptDomain {
			out = only(out, func(c string) bool { return n.conceptFilter(f, c) })
		} else {
			out = only(out, func(c string) bool {
				return slices.ContainsFunc(n.r.designations, func(d terminology.Designation) bool { return d.Concept == c && n.description(f, d) })
			})
		}
	}
	if s.History != nil {
		out = n.history(s.History, out)
	}
	return out
}

func (n *naive) operator(op ecl.ConstraintOperator, s set) set {
	out := set{}
	has := func(some set) bool {
		for c := range some {
			if s[c] {
				return true
			}
		}
		return false
	}
	list := func(l []string) set {
		out := set{}
		for _, c := range l {
			out[c] = true
		}
		return out
	}
	for c := range n.known {
		up, down := n.reach(c, n.parents), n.reach(c, n.children)
		in := false
		switch op {
		case ecl.NoOperator:
			in = s[c]
		case ecl.DescendantOf:
			in = has(up)
		case ecl.DescendantOrSelfOf:
			in = s[c] || has(up)
		case ecl.ChildOf:
			in = has(list(n.parents[c]))
		case ecl.ChildOrSelfOf:
			in = s[c] || has(list(n.parents[c]))
		case ecl.AncestorOf:
			in = has(down)
		case ecl.AncestorOrSelfOf:
			in = s[c] || has(down)
		case ecl.ParentOf:
			in = has(list(n.children[c]))
		case ecl.ParentOrSelfOf:
			in = s[c] || has(list(n.children[c]))
		case ecl.Top:
			in = s[c] && !has(up)
		case ecl.Bottom:
			in = s[c] && !has(down)
		}
		if in {
			out[c] = true
		}
	}
	return out
}

// names returns whether an attribute has one of the names.
func (n *naive) names(s *ecl.SubExpressionConstraint) func(string) bool {
	if _, any := s.Focus.(*ecl.WildCard); any && s.Operator == ecl.NoOperator && s.Refset == nil && s.Filters == nil && s.History == nil {
		return func(string) bool { return true }
	}
	in := n.sub(s)
	if r, ok := s.Focus.(*ecl.ConceptReference); ok && s.Operator == ecl.NoOperator && s.Refset == nil && s.Filters == nil && s.History == nil {
		in = set{r.ID.String(): true}
	}
	return func(code string) bool { return in[code] }
}

func (n *naive) refinement(code string, r *ecl.Refinement) bool {
	all := true
	some := false
	for _, o := range r.Operands {
		met := false
		switch o := o.(type) {
		case *ecl.Attribute:
			met = n.attribute(code, o, n.properties(code))
		case *ecl.AttributeGroup:
			met = n.group(code, o)
		case *ecl.Refinement:
			met = n.refinement(code, o)
		}
		all, some = all && met, some || met
	}
	if r.Operator == ecl.Disjunction {
		return some
	}
	return all
}

// properties returns the different attributes of a concept.
func (n *naive) properties(code string) []terminology.Property {
	var out []terminology.Property
	for _, p := range n.r.properties {
		if p.Concept == code && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func (n *naive) group(code string, g *ecl.AttributeGroup) bool {
	byGroup := map[uint16][]terminology.Property{}
	for _, p := range n.properties(code) {
		if p.Group != 0 {
			byGroup[p.Group] = append(byGroup[p.Group], p)
		}
	}
	met := 0
	for _, list := range byGroup {
		if n.attributeSet(code, g.Set, list) {
			met++
		}
	}
	return within(g.Cardinality, met)
}

func (n *naive) attributeSet(code string, s *ecl.AttributeSet, list []terminology.Property) bool {
	for _, o := range s.Operands {
		met := false
		if a, ok := o.(*ecl.Attribute); ok {
			met = n.attribute(code, a, list)
		} else {
			met = n.attributeSet(code, o.(*ecl.AttributeSet), list)
		}
		if met == (s.Operator == ecl.Disjunction) {
			return met
		}
	}
	return s.Operator != ecl.Disjunction
}

func within(c *ecl.Cardinality, count int) bool {
	if c == nil {
		return count >= 1
	}
	return count >= c.Min && (c.Max == ecl.Many || count <= c.Max)
}

func (n *naive) attribute(code string, a *ecl.Attribute, list []terminology.Property) bool {
	name := n.names(a.Name)
	count := 0
	if a.Reverse {
		sources := set{}
		for _, p := range n.r.properties {
			if p.Kind == terminology.ValueCode && p.Value == code && name(p.Code) && n.source(a, p.Concept) {
				sources[p.Concept] = true
			}
		}
		return within(a.Cardinality, len(sources))
	}
	for _, p := range list {
		if name(p.Code) && n.value(a, p) {
			count++
		}
	}
	return within(a.Cardinality, count)
}

func isAny(s *ecl.SubExpressionConstraint) bool {
	_, any := s.Focus.(*ecl.WildCard)
	return any && s.Operator == ecl.NoOperator && s.Refset == nil && s.Filters == nil && s.History == nil
}

func (n *naive) source(a *ecl.Attribute, code string) bool {
	s, ok := a.Value.(*ecl.SubExpressionConstraint)
	if !ok {
		return false
	}
	return (isAny(s) || n.sub(s)[code]) == (a.Comparison == ecl.Equal)
}

func (n *naive) value(a *ecl.Attribute, p terminology.Property) bool {
	equal := a.Comparison == ecl.Equal
	switch v := a.Value.(type) {
	case *ecl.SubExpressionConstraint:
		if isAny(v) {
			return equal
		}
		return p.Kind == terminology.ValueCode && n.sub(v)[p.Value] == equal
	case ecl.NumericValue:
		return (p.Kind == terminology.ValueInteger || p.Kind == terminology.ValueDecimal) && numbers(a.Comparison, p.Value, string(v))
	case ecl.BooleanValue:
		return p.Kind == terminology.ValueBoolean && (p.Value == "true") == (bool(v) == equal)
	}
	return p.Kind == terminology.ValueString && texts(a.Value.(ecl.TypedSearchTermSet), p.Value, false) == equal
}

func numbers(c ecl.Comparison, x, y string) bool {
	a, okA := new(big.Rat).SetString(x)
	b, okB := new(big.Rat).SetString(y)
	if !okA || !okB {
		return false
	}
	return compared(c, a.Cmp(b))
}

func compared(c ecl.Comparison, outcome int) bool {
	return map[ecl.Comparison]bool{
		ecl.Equal: outcome == 0, ecl.NotEqual: outcome != 0, ecl.Less: outcome < 0,
		ecl.LessOrEqual: outcome <= 0, ecl.Greater: outcome > 0, ecl.GreaterOrEqual: outcome >= 0,
	}[c]
}

// plain folds the few letters that the terms of the tests have.
var plain = strings.NewReplacer("é", "e", "è", "e", "É", "e", "Ø", "ø", "Å", "å")

// words are the words of a text; an apostrophe joins.
func words(text string) []string {
	text = strings.ReplaceAll(strings.ToLower(plain.Replace(text)), "'", "")
	return regexp.MustCompile(`[a-zæøå0-9]+`).FindAllString(text, -1)
}

func texts(terms ecl.TypedSearchTermSet, text string, ofDescription bool) bool {
	for _, t := range terms {
		kind := t.Type
		if kind == ecl.DefaultSearch {
			kind = ecl.ExactSearch
			if ofDescription {
				kind = ecl.MatchSearch
			}
		}
		met := false
		switch kind {
		case ecl.ExactSearch:
			met = t.Text == text
		case ecl.WildSearch:
			pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.ToLower(plain.Replace(t.Text))), `\*`, ".*")
			met = regexp.MustCompile("^(?s:" + pattern + ")$").MatchString(strings.ToLower(plain.Replace(text)))
		default:
			met = true
			for _, word := range words(t.Text) {
				met = met && slices.ContainsFunc(words(text), func(w string) bool { return strings.HasPrefix(w, word) })
			}
		}
		if met {
			return true
		}
	}
	return false
}
