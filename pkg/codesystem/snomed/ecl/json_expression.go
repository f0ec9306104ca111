package ecl

func constraintToJSON(c ExpressionConstraint) *constraintJSON {
	switch c := c.(type) {
	case *CompoundExpressionConstraint:
		all := subsToJSON(c.Operands)
		switch c.Operator {
		case Conjunction:
			return &constraintJSON{Conjunction: all}
		case Disjunction:
			return &constraintJSON{Disjunction: all}
		}
		return &constraintJSON{Exclusion: &exclusionJSON{First: all[0], Second: all[1]}}
	case *RefinedExpressionConstraint:
		return &constraintJSON{Focus: constraintToJSON(c.Focus), Refinement: refinementToJSON(c.Refinement)}
	case *DottedExpressionConstraint:
		return &constraintJSON{Focus: constraintToJSON(c.Focus), Attributes: subsToJSON(c.Attributes)}
	case *SubExpressionConstraint:
		return subToJSON(c)
	}
	return nil
}

func subsToJSON(all []*SubExpressionConstraint) []*constraintJSON {
	var out []*constraintJSON
	for _, s := range all {
		out = append(out, subToJSON(s))
	}
	return out
}

func subToJSON(s *SubExpressionConstraint) *constraintJSON {
	out := &constraintJSON{Operator: constraintOperators[s.Operator].name}
	if f := s.Refset; f != nil && f.ContainingAny {
		out.ContainingAny = true
	} else if f != nil {
		out.MemberOf = &memberOfJSON{AllFields: f.AllFields, Fields: f.Fields}
	}
	switch f := s.Focus.(type) {
	case *ConceptReference:
		out.ConceptID, out.Term = f.ID.String(), f.Term
	case *WildCard:
		out.WildCard = true
	case *AlternateIdentifier:
		out.Alternate, out.Term = &alternateJSON{Scheme: f.Scheme, Code: f.Code}, f.Term
	case *Nested:
		out.Nested = constraintToJSON(f.Constraint)
	}
	out.MemberFilters, out.Filters = filtersToJSON(s.MemberFilters), filtersToJSON(s.Filters)
	if h := s.History; h != nil {
		out.History = &historyJSON{Profile: historyProfiles[h.Profile].name, Subset: constraintToJSON(h.Subset)}
	}
	return out
}

func refinementToJSON(r *Refinement) *refinementJSON {
	var all []*subRefinementJSON
	for _, o := range r.Operands {
		switch o := o.(type) {
		case *Attribute:
			all = append(all, &subRefinementJSON{Attribute: attributeToJSON(o)})
		case *AttributeGroup:
			all = append(all, &subRefinementJSON{Group: &groupJSON{
				Cardinality: cardinalityToJSON(o.Cardinality), Set: attributeSetToJSON(o.Set)}})
		case *Refinement:
			all = append(all, &subRefinementJSON{Refinement: refinementToJSON(o)})
		}
	}
	if r.Operator == Disjunction {
		return &refinementJSON{Disjunction: all}
	}
	return &refinementJSON{Conjunction: all}
}

func attributeSetToJSON(s *AttributeSet) *attributeSetJSON {
	var all []*subAttributeSetJSON
	for _, o := range s.Operands {
		switch o := o.(type) {
		case *Attribute:
			all = append(all, &subAttributeSetJSON{Attribute: attributeToJSON(o)})
		case *AttributeSet:
			all = append(all, &subAttributeSetJSON{Set: attributeSetToJSON(o)})
		}
	}
	if s.Operator == Disjunction {
		return &attributeSetJSON{Disjunction: all}
	}
	return &attributeSetJSON{Conjunction: all}
}

func attributeToJSON(a *Attribute) *attributeJSON {
	return &attributeJSON{Cardinality: cardinalityToJSON(a.Cardinality), Reverse: a.Reverse,
		Name: subToJSON(a.Name), Comparison: comparisons[a.Comparison].name, valueJSON: valueToJSON(a.Value)}
}

func cardinalityToJSON(c *Cardinality) *cardinalityJSON {
	switch {
	case c == nil:
		return nil
	case c.Max == Many:
		return &cardinalityJSON{Min: c.Min}
	}
	return &cardinalityJSON{Min: c.Min, Max: &c.Max}
}

func valueToJSON(v Value) (out valueJSON) {
	switch v := v.(type) {
	case *SubExpressionConstraint:
		out.Value = subToJSON(v)
	case NumericValue:
		out.Number = (*string)(&v)
	case BooleanValue:
		out.Boolean = (*bool)(&v)
	case TypedSearchTermSet:
		out.Terms = searchTermsToJSON(v)
	}
	return out
}

func searchTermsToJSON(terms TypedSearchTermSet) []searchTermJSON {
	var out []searchTermJSON
	for _, t := range terms {
		out = append(out, searchTermJSON{Type: searchTypes[t.Type].name, Text: t.Text})
	}
	return out
}
