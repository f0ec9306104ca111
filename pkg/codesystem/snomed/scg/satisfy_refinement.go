package scg

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// refinement answers for conditions on the attributes of s.
func (j *judge) refinement(s *subject, r *ecl.Refinement) (bool, error) {
	for _, operand := range r.Operands {
		var in bool
		var err error
		switch o := operand.(type) {
		case *ecl.Refinement:
			in, err = j.refinement(s, o)
		case *ecl.AttributeGroup:
			in, err = j.group(s, o)
		case *ecl.Attribute:
			in, err = j.attribute(s, s.attributes().all(), o)
		}
		if err != nil || in != (r.Operator == ecl.Conjunction) {
			return in, err
		}
	}
	return r.Operator == ecl.Conjunction, nil
}

// group answers for a group: how many groups of s meet its conditions. Attributes in
// no group are in no group.
func (j *judge) group(s *subject, g *ecl.AttributeGroup) (bool, error) {
	n := 0
	for _, group := range s.attributes().Groups {
		in, err := j.set(s, group, g.Set)
		if err != nil {
			return false, err
		}
		if in {
			n++
		}
	}
	return holds(g.Cardinality, n), nil
}

// set answers for the conditions inside a group.
func (j *judge) set(s *subject, group []Relationship, set *ecl.AttributeSet) (bool, error) {
	for _, operand := range set.Operands {
		var in bool
		var err error
		switch o := operand.(type) {
		case *ecl.AttributeSet:
			in, err = j.set(s, group, o)
		case *ecl.Attribute:
			in, err = j.attribute(s, group, o)
		}
		if err != nil || in != (set.Operator == ecl.Conjunction) {
			return in, err
		}
	}
	return set.Operator == ecl.Conjunction, nil
}

// attribute answers for one condition: how many of the attributes of s meet it.
func (j *judge) attribute(s *subject, all []Relationship, a *ecl.Attribute) (bool, error) {
	n := 0
	if a.Reverse {
		sources, err := j.sources(s, a)
		return err == nil && holds(a.Cardinality, sources), err
	}
	for _, r := range all {
		named, err := j.simple(&subject{p: j.p, concept: r.Type}, a.Name)
		if err != nil {
			return false, err
		}
		if !named {
			continue
		}
		met, err := j.value(r.Value, a)
		if err != nil {
			return false, err
		}
		if met {
			n++
		}
	}
	return holds(a.Cardinality, n), nil
}

// sources counts the concepts that have s as value and meet a reversed condition. No
// concept has an expression as value.
func (j *judge) sources(s *subject, a *ecl.Attribute) (int, error) {
	if s.form != nil {
		return 0, nil
	}
	value, ok := a.Value.(*ecl.SubExpressionConstraint)
	if !ok {
		return 0, notSupported("a reversed attribute with a concrete value")
	}
	met := map[terminology.Ordinal]bool{}
	for i, t := range j.p.AttributeTypes() {
		if t.Text || t.Concept == terminology.NoOrdinal {
			continue
		}
		post := j.p.Postings(i)
		at, found := slices.BinarySearch(post.Values, s.concept)
		if !found {
			continue
		}
		named, err := j.simple(&subject{p: j.p, concept: t.Concept}, a.Name)
		if err != nil {
			return 0, err
		}
		if !named {
			continue
		}
		for _, o := range post.Sources[post.Offsets[at]:post.Offsets[at+1]] {
			in, err := j.simple(&subject{p: j.p, concept: o}, value)
			if err != nil {
				return 0, err
			}
			if in == (a.Comparison == ecl.Equal) {
				met[o] = true
			}
		}
	}
	return len(met), nil
}

func holds(c *ecl.Cardinality, n int) bool {
	if c == nil {
		return n >= 1
	}
	return n >= c.Min && (c.Max == ecl.Many || n <= c.Max)
}

// value answers for the value of an attribute. A value of another kind than the
// condition's meets neither "=" nor "!=".
func (j *judge) value(t Target, a *ecl.Attribute) (bool, error) {
	switch v := a.Value.(type) {
	case *ecl.SubExpressionConstraint:
		if anyValue(v) { // also a number, a text, or a concept that the release does not have
			return a.Comparison == ecl.Equal, nil
		}
		s := &subject{p: j.p, concept: t.Concept}
		if t.Nested != nil {
			s = newSubject(j.p, t.Nested)
		} else if t.Concept == terminology.NoOrdinal {
			return t.Kind == terminology.ValueCode && a.Comparison == ecl.NotEqual, nil // of another kind, or a code that is in no set
		}
		in, err := j.simple(s, v)
		return err == nil && in == (a.Comparison == ecl.Equal), err
	case ecl.NumericValue:
		return t.IsNumber() && a.Comparison.Met(NumericValue(t.Text).Compare(NumericValue(v))), nil
	case ecl.BooleanValue:
		return t.Kind == terminology.ValueBoolean && (t.Text == "true") == bool(v) == (a.Comparison == ecl.Equal), nil
	case ecl.TypedSearchTermSet:
		return t.Kind == terminology.ValueString && v.Matches(t.Text) == (a.Comparison == ecl.Equal), nil
	}
	return false, notSupported("a value of type %T", a.Value)
}

// anyValue reports whether a value is "*".
func anyValue(v *ecl.SubExpressionConstraint) bool {
	_, wild := v.Focus.(*ecl.WildCard)
	return wild && v.Operator == ecl.NoOperator && v.Refset == nil && len(v.Filters)+len(v.MemberFilters) == 0 && v.History == nil
}
