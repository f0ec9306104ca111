package ecl

// constraint reads an expression constraint of any kind.
func (r *jsonReader) constraint(in *constraintJSON) ExpressionConstraint {
	if in == nil {
		r.fail("an expression constraint is missing")
		return &SubExpressionConstraint{Focus: &WildCard{}}
	}
	kinds := 0
	for _, has := range [...]bool{in.Conjunction != nil, in.Disjunction != nil, in.Exclusion != nil, in.Refinement != nil, in.Attributes != nil} {
		if has {
			kinds++
		}
	}
	if kinds > 1 || (in.Focus != nil) != (in.Refinement != nil || in.Attributes != nil) ||
		kinds == 1 && (in.Operator != "" || in.MemberOf != nil || in.ContainingAny || in.ConceptID != "" || in.WildCard ||
			in.Alternate != nil || in.Nested != nil || in.Term != "" || in.MemberFilters != nil || in.Filters != nil || in.History != nil) {
		r.fail("keys of different kinds of expression constraints in one object")
	}
	switch {
	case in.Conjunction != nil:
		return r.compound(Conjunction, in.Conjunction)
	case in.Disjunction != nil:
		return r.compound(Disjunction, in.Disjunction)
	case in.Exclusion != nil:
		return r.compound(Exclusion, []*constraintJSON{in.Exclusion.First, in.Exclusion.Second})
	case in.Refinement != nil:
		return &RefinedExpressionConstraint{Focus: r.sub(in.Focus), Refinement: r.refinement(in.Refinement)}
	case in.Attributes != nil:
		return &DottedExpressionConstraint{Focus: r.sub(in.Focus), Attributes: r.subs(in.Attributes)}
	}
	return r.subExpression(in)
}

func (r *jsonReader) compound(op LogicalOperator, in []*constraintJSON) ExpressionConstraint {
	if len(in) < 2 {
		r.fail("fewer than two operands")
	}
	return &CompoundExpressionConstraint{Operator: op, Operands: r.subs(in)}
}

// sub reads an expression constraint where the grammar wants a sub-expression.
func (r *jsonReader) sub(in *constraintJSON) *SubExpressionConstraint { return bare(r.constraint(in)) }

func (r *jsonReader) subs(in []*constraintJSON) []*SubExpressionConstraint {
	var out []*SubExpressionConstraint
	for _, one := range in {
		out = append(out, r.sub(one))
	}
	return out
}

func (r *jsonReader) subExpression(in *constraintJSON) *SubExpressionConstraint {
	out := &SubExpressionConstraint{Operator: name[ConstraintOperator](r, constraintOperators[:], in.Operator)}
	switch {
	case in.ContainingAny && in.MemberOf != nil:
		r.fail("both memberOf and refsetContainingAny")
	case in.ContainingAny:
		out.Refset = &RefsetOperator{ContainingAny: true}
	case in.MemberOf != nil:
		out.Refset = &RefsetOperator{AllFields: in.MemberOf.AllFields, Fields: in.MemberOf.Fields}
	}
	foci := 0
	if in.ConceptID != "" {
		out.Focus = &ConceptReference{ID: r.id(in.ConceptID), Term: in.Term}
		foci++
	}
	if in.WildCard {
		out.Focus = &WildCard{}
		foci++
	}
	if in.Alternate != nil {
		out.Focus = &AlternateIdentifier{Scheme: in.Alternate.Scheme, Code: in.Alternate.Code, Term: in.Term}
		foci++
	}
	if in.Nested != nil {
		c := r.constraint(in.Nested)
		if s, ok := c.(*SubExpressionConstraint); ok {
			c = unwrap(s)
		}
		out.Focus = &Nested{Constraint: c}
		foci++
	}
	if foci != 1 {
		r.fail("want one of conceptId, wildcard, alternateIdentifier and nestedExpressionConstraint")
		out.Focus = &WildCard{}
	}
	out.MemberFilters, out.Filters = r.filters(in.MemberFilters), r.filters(in.Filters)
	if in.History != nil {
		out.History = &HistorySupplement{Profile: name[HistoryProfile](r, historyProfiles[:], in.History.Profile)}
		if in.History.Subset != nil {
			out.History.Subset = r.constraint(in.History.Subset)
			if s, ok := out.History.Subset.(*SubExpressionConstraint); ok {
				out.History.Subset = unwrap(s)
			}
		}
	}
	return collapse(out)
}

func (r *jsonReader) refinement(in *refinementJSON) *Refinement {
	out := &Refinement{}
	if in == nil || (in.Conjunction == nil) == (in.Disjunction == nil) {
		r.fail("want conjunctionSubRefinements or disjunctionSubRefinements")
		return out
	}
	all := in.Conjunction
	if in.Disjunction != nil {
		all = in.Disjunction
	}
	if len(in.Disjunction) > 1 {
		out.Operator = Disjunction
	}
	for _, one := range all {
		switch {
		case one != nil && one.Attribute != nil && one.Group == nil && one.Refinement == nil:
			out.Operands = append(out.Operands, r.attribute(one.Attribute))
		case one != nil && one.Group != nil && one.Attribute == nil && one.Refinement == nil:
			out.Operands = append(out.Operands, &AttributeGroup{
				Cardinality: r.cardinality(one.Group.Cardinality), Set: r.attributeSet(one.Group.Set)})
		case one != nil && one.Refinement != nil && one.Attribute == nil && one.Group == nil:
			out.Operands = append(out.Operands, simplifyRefinement(r.refinement(one.Refinement)))
		default:
			r.fail("want one of attribute, attributeGroup and refinement")
		}
	}
	return out
}

func (r *jsonReader) attributeSet(in *attributeSetJSON) *AttributeSet {
	out := &AttributeSet{}
	if in == nil || (in.Conjunction == nil) == (in.Disjunction == nil) {
		r.fail("want conjunctionAttributeSets or disjunctionAttributeSets")
		return out
	}
	all := in.Conjunction
	if in.Disjunction != nil {
		all = in.Disjunction
	}
	if len(in.Disjunction) > 1 {
		out.Operator = Disjunction
	}
	for _, one := range all {
		switch {
		case one != nil && one.Attribute != nil && one.Set == nil:
			out.Operands = append(out.Operands, r.attribute(one.Attribute))
		case one != nil && one.Set != nil && one.Attribute == nil:
			out.Operands = append(out.Operands, simplifyAttributeSet(r.attributeSet(one.Set)))
		default:
			r.fail("want one of attribute and attributeSet")
		}
	}
	return out
}

func (r *jsonReader) attribute(in *attributeJSON) *Attribute {
	return &Attribute{Cardinality: r.cardinality(in.Cardinality), Reverse: in.Reverse, Name: r.sub(in.Name),
		Comparison: name[Comparison](r, comparisons[:], in.Comparison), Value: r.value(in.valueJSON)}
}

func (r *jsonReader) cardinality(in *cardinalityJSON) *Cardinality {
	switch {
	case in == nil:
		return nil
	case in.Max == nil:
		return &Cardinality{Min: in.Min, Max: Many}
	case *in.Max < 0:
		r.fail("a cardinality below zero")
	}
	return &Cardinality{Min: in.Min, Max: *in.Max}
}

func (r *jsonReader) value(in valueJSON) Value {
	var all []Value
	if in.Value != nil {
		all = append(all, r.sub(in.Value))
	}
	if in.Number != nil {
		all = append(all, NumericValue(*in.Number))
	}
	if in.Boolean != nil {
		all = append(all, BooleanValue(*in.Boolean))
	}
	if in.Terms != nil {
		all = append(all, r.searchTerms(in.Terms))
	}
	if len(all) != 1 {
		r.fail("want one of value, numericValue, booleanValue and searchTerms")
		return BooleanValue(false)
	}
	return all[0]
}

func (r *jsonReader) searchTerms(in []searchTermJSON) TypedSearchTermSet {
	var out TypedSearchTermSet
	for _, t := range in {
		out = append(out, TypedSearchTerm{Type: name[SearchType](r, searchTypes[:], t.Type), Text: t.Text})
	}
	return out
}
