package ecl

import "github.com/kodeks/kodeks/pkg/codesystem/snomed"

// A filter constraint in JSON is {"domain": "description" "concept" or "member",
// "filters": [...]}, and a filter {"filter": its keyword, "comparisonOperator", one
// key with what it compares with}. The keyword of a member's field is its name.
type (
	filterSet struct {
		Domain  string        `json:"domain"`
		Filters []*filterJSON `json:"filters"`
	}
	filterJSON struct {
		Filter     string          `json:"filter"`
		Field      string          `json:"field,omitempty"` // of filter "field"
		Comparison string          `json:"comparisonOperator"`
		Tokens     []string        `json:"tokens,omitempty"` // language, type, effectiveTime, active, id, definitionStatus
		Concepts   *constraintJSON `json:"concepts,omitempty"`
		Dialects   []*dialectJSON  `json:"dialects,omitempty"`
		valueJSON                  // term and field
	}
	dialectJSON struct {
		Alias         string          `json:"alias,omitempty"`
		Concepts      *constraintJSON `json:"concepts,omitempty"`
		Acceptability []string        `json:"acceptability,omitempty"`
		IDs           []*conceptJSON  `json:"acceptabilityIds,omitempty"`
	}
	conceptJSON struct {
		ConceptID string `json:"conceptId"`
		Term      string `json:"term,omitempty"`
	}
	historyJSON struct {
		Profile string          `json:"historyProfile,omitempty"`
		Subset  *constraintJSON `json:"historySubset,omitempty"`
	}
)

func filtersToJSON(all []*FilterConstraint) []*filterSet {
	var out []*filterSet
	for _, f := range all {
		set := &filterSet{Domain: domains[f.Domain].name}
		for _, one := range f.Filters {
			set.Filters = append(set.Filters, filterToJSON(one))
		}
		out = append(out, set)
	}
	return out
}

func filterToJSON(f Filter) *filterJSON {
	concepts := func(keyword string, c Comparison, s *SubExpressionConstraint) *filterJSON {
		return &filterJSON{Filter: keyword, Comparison: comparisons[c].name, Concepts: subToJSON(s)}
	}
	tokens := func(keyword string, c Comparison, t []string) *filterJSON {
		return &filterJSON{Filter: keyword, Comparison: comparisons[c].name, Tokens: t}
	}
	switch f := f.(type) {
	case *TermFilter:
		return &filterJSON{Filter: "term", Comparison: comparisons[f.Comparison].name, valueJSON: valueToJSON(f.Terms)}
	case *LanguageFilter:
		return tokens("language", f.Comparison, f.Languages)
	case *TypeTokenFilter:
		return tokens("type", f.Comparison, symbols(typeTokens[:], f.Types))
	case *TypeIDFilter:
		return concepts("typeId", f.Comparison, f.Types)
	case *DialectFilter:
		return dialectsToJSON(f)
	case *ModuleFilter:
		return concepts("moduleId", f.Comparison, f.Modules)
	case *EffectiveTimeFilter:
		return tokens("effectiveTime", f.Comparison, f.Times)
	case *ActiveFilter:
		return tokens("active", f.Comparison, []string{activeValues[f.Value].name})
	case *DescriptionIDFilter:
		var ids []string
		for _, id := range f.IDs {
			ids = append(ids, id.String())
		}
		return tokens("id", f.Comparison, ids)
	case *DefinitionStatusTokenFilter:
		return tokens("definitionStatus", f.Comparison, symbols(definitionStatusTokens[:], f.Statuses))
	case *DefinitionStatusIDFilter:
		return concepts("definitionStatusId", f.Comparison, f.Statuses)
	case *MemberFieldFilter:
		return &filterJSON{Filter: "field", Field: f.Field, Comparison: comparisons[f.Comparison].name, valueJSON: valueToJSON(f.Value)}
	}
	return nil
}

func dialectsToJSON(f *DialectFilter) *filterJSON {
	out := &filterJSON{Filter: "dialect", Comparison: comparisons[f.Comparison].name}
	if f.ByID {
		out.Filter = "dialectId"
	}
	for _, d := range f.Dialects {
		one := &dialectJSON{Alias: d.Alias, Acceptability: symbols(acceptabilityTokens[:], d.Acceptability)}
		if d.Refsets != nil {
			one.Concepts = subToJSON(d.Refsets)
		}
		for _, ref := range d.AcceptabilityIDs {
			one.IDs = append(one.IDs, &conceptJSON{ConceptID: ref.ID.String(), Term: ref.Term})
		}
		out.Dialects = append(out.Dialects, one)
	}
	return out
}

func (r *jsonReader) filters(in []*filterSet) []*FilterConstraint {
	var out []*FilterConstraint
	for _, set := range in {
		if set == nil {
			r.fail("a filter constraint is missing")
			continue
		}
		f := &FilterConstraint{Domain: name[Domain](r, domains[:], set.Domain)}
		for _, one := range set.Filters {
			if one == nil {
				r.fail("a filter is missing")
				continue
			}
			f.Filters = append(f.Filters, r.filter(one))
		}
		out = append(out, f)
	}
	return out
}

func (r *jsonReader) filter(in *filterJSON) Filter {
	c := name[Comparison](r, comparisons[:], in.Comparison)
	values := 0
	for _, has := range [...]bool{in.Tokens != nil, in.Concepts != nil, in.Dialects != nil,
		in.Value != nil, in.Number != nil, in.Boolean != nil, in.Terms != nil} {
		if has {
			values++
		}
	}
	if values != 1 || (in.Field != "") != (in.Filter == "field") {
		r.fail("want one key with what filter " + in.Filter + " compares with")
	}
	switch in.Filter {
	case "term":
		return &TermFilter{Comparison: c, Terms: defaultMatch(r.searchTerms(in.Terms))}
	case "language":
		return &LanguageFilter{Comparison: c, Languages: in.Tokens}
	case "type":
		return &TypeTokenFilter{Comparison: c, Types: names[TypeToken](r, typeTokens[:], in.Tokens)}
	case "typeId":
		return &TypeIDFilter{Comparison: c, Types: r.sub(in.Concepts)}
	case "dialect", "dialectId":
		return r.dialects(&DialectFilter{Comparison: c, ByID: in.Filter == "dialectId"}, in.Dialects)
	case "moduleId":
		return &ModuleFilter{Comparison: c, Modules: r.sub(in.Concepts)}
	case "effectiveTime":
		return &EffectiveTimeFilter{Comparison: c, Times: in.Tokens}
	case "active":
		if len(in.Tokens) != 1 {
			r.fail("want one token for active")
			return &ActiveFilter{}
		}
		return &ActiveFilter{Comparison: c, Value: name[ActiveValue](r, activeValues[:], in.Tokens[0])}
	case "id":
		var ids []snomed.ID
		for _, s := range in.Tokens {
			ids = append(ids, r.identifier(s, 1))
		}
		return &DescriptionIDFilter{Comparison: c, IDs: ids}
	case "definitionStatus":
		return &DefinitionStatusTokenFilter{Comparison: c, Statuses: names[DefinitionStatusToken](r, definitionStatusTokens[:], in.Tokens)}
	case "definitionStatusId":
		return &DefinitionStatusIDFilter{Comparison: c, Statuses: r.sub(in.Concepts)}
	case "field":
		return &MemberFieldFilter{Field: in.Field, Comparison: c, Value: r.value(in.valueJSON)}
	}
	r.fail("no such filter: " + in.Filter)
	return &ActiveFilter{}
}

func (r *jsonReader) dialects(f *DialectFilter, in []*dialectJSON) Filter {
	for _, one := range in {
		if one == nil {
			r.fail("a dialect is missing")
			continue
		}
		d := &Dialect{Alias: one.Alias, Acceptability: names[AcceptabilityToken](r, acceptabilityTokens[:], one.Acceptability)}
		if one.Concepts != nil {
			d.Refsets = r.sub(one.Concepts)
		}
		for _, ref := range one.IDs {
			if ref == nil {
				r.fail("an acceptability is missing")
				continue
			}
			d.AcceptabilityIDs = append(d.AcceptabilityIDs, &ConceptReference{ID: r.id(ref.ConceptID), Term: ref.Term})
		}
		f.Dialects = append(f.Dialects, d)
	}
	return f
}

func names[T ~uint8](r *jsonReader, table []spelling, in []string) []T {
	var out []T
	for _, s := range in {
		out = append(out, name[T](r, table, s))
	}
	return out
}
