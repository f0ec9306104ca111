package ecl

// Two rules keep one form for expressions that differ only in brackets without an
// effect. The parser and the JSON reader apply them as they build, so that equal
// text and equal trees go together.

// collapse takes away brackets around a focus, and brackets around all of s:
// <<(404684003) is <<404684003, and (<<404684003) is <<404684003.
func collapse(s *SubExpressionConstraint) *SubExpressionConstraint {
	n, ok := s.Focus.(*Nested)
	if !ok {
		return s
	}
	inner, ok := n.Constraint.(*SubExpressionConstraint)
	switch {
	case !ok:
		return s
	case isBare(s):
		return inner
	case isBare(inner):
		s.Focus = inner.Focus
		return collapse(s)
	}
	return s
}

// unwrap takes away brackets around a whole expression.
func unwrap(s *SubExpressionConstraint) ExpressionConstraint {
	if n, ok := s.Focus.(*Nested); ok && isBare(s) {
		return n.Constraint
	}
	return s
}

// isBare reports whether s is a focus and nothing else.
func isBare(s *SubExpressionConstraint) bool {
	return s.Operator == NoOperator && s.Refset == nil && s.MemberFilters == nil && s.Filters == nil && s.History == nil
}

// bare returns s as a sub-expression, in brackets when it is none.
func bare(c ExpressionConstraint) *SubExpressionConstraint {
	if s, ok := c.(*SubExpressionConstraint); ok {
		return s
	}
	return &SubExpressionConstraint{Focus: &Nested{Constraint: c}}
}

// defaultMatch makes match: the default of a term filter, which it is.
func defaultMatch(terms TypedSearchTermSet) TypedSearchTermSet {
	for i := range terms {
		if terms[i].Type == MatchSearch {
			terms[i].Type = DefaultSearch
		}
	}
	return terms
}

// simplifyRefinement is collapse for a bracketed refinement, which with one operand is it.
func simplifyRefinement(r *Refinement) SubRefinement {
	if len(r.Operands) == 1 {
		return r.Operands[0]
	}
	return r
}

func simplifyAttributeSet(s *AttributeSet) SubAttributeSet {
	if len(s.Operands) == 1 {
		return s.Operands[0]
	}
	return s
}
