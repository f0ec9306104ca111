package ecl_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func equals(c ecl.Comparison, is bool) bool { return is == (c == ecl.Equal) }

// ids is the identifiers that a constraint names or that satisfy it: module and type
// concepts need not be in the release.
func (n *naive) ids(s *ecl.SubExpressionConstraint) func(string) bool {
	if r, ok := s.Focus.(*ecl.ConceptReference); ok && s.Operator == ecl.NoOperator && s.Refset == nil && s.Filters == nil && s.History == nil {
		return func(code string) bool { return code == r.ID.String() }
	}
	if nested, ok := s.Focus.(*ecl.Nested); ok && s.Operator == ecl.NoOperator && s.Refset == nil && s.Filters == nil && s.History == nil {
		if c, ok := nested.Constraint.(*ecl.CompoundExpressionConstraint); ok && c.Operator == ecl.Disjunction {
			return func(code string) bool {
				return slices.ContainsFunc(c.Operands, func(o *ecl.SubExpressionConstraint) bool { return n.ids(o)(code) })
			}
		}
	}
	if isAny(s) {
		return func(code string) bool { _, known := n.known[code]; return !known || n.all[code] }
	}
	in := n.sub(s)
	return func(code string) bool { return in[code] }
}

func active(f *ecl.FilterConstraint, inactive bool) bool {
	said, met := false, true
	for _, one := range f.Filters {
		if a, ok := one.(*ecl.ActiveFilter); ok {
			said = true
			is := a.Value == ecl.AnyStatus || (a.Value == ecl.Active) == !inactive
			met = met && equals(a.Comparison, is)
		}
	}
	return met && (said || !inactive)
}

func times(f *ecl.EffectiveTimeFilter, date terminology.Date) bool {
	some := false
	for _, t := range f.Times {
		d, _ := strconv.Atoi(t)
		outcome := compared(f.Comparison, int(date)-d)
		if f.Comparison == ecl.NotEqual {
			outcome = int(date) == d
		} else if (d == 0) != (date == 0) {
			outcome = false
		}
		some = some || outcome
	}
	return some == (f.Comparison != ecl.NotEqual)
}

func (n *naive) conceptFilter(f *ecl.FilterConstraint, code string) bool {
	c := n.known[code]
	status := map[bool]string{true: "900000000000073002", false: "900000000000074008"}[c.Defined]
	for _, one := range f.Filters {
		met := true
		switch x := one.(type) {
		case *ecl.ActiveFilter:
			met = equals(x.Comparison, x.Value == ecl.AnyStatus || (x.Value == ecl.Active) == !c.Inactive)
		case *ecl.DefinitionStatusTokenFilter:
			met = equals(x.Comparison, slices.Contains(x.Statuses, map[bool]ecl.DefinitionStatusToken{true: ecl.Defined, false: ecl.Primitive}[c.Defined]))
		case *ecl.DefinitionStatusIDFilter:
			met = equals(x.Comparison, n.ids(x.Statuses)(status))
		case *ecl.ModuleFilter:
			met = equals(x.Comparison, n.ids(x.Modules)(c.Module))
		case *ecl.EffectiveTimeFilter:
			met = times(x, c.Effective)
		}
		if !met {
			return false
		}
	}
	return true
}

func (n *naive) description(f *ecl.FilterConstraint, d terminology.Designation) bool {
	uses := map[ecl.TypeToken]string{ecl.Synonym: "900000000000013009", ecl.FullySpecifiedName: "900000000000003001", ecl.Definition: "900000000000550004"}
	for _, one := range f.Filters {
		met := true
		switch x := one.(type) {
		case *ecl.TermFilter:
			met = equals(x.Comparison, texts(x.Terms, d.Term, true))
		case *ecl.LanguageFilter:
			met = equals(x.Comparison, slices.Contains(x.Languages, d.Language))
		case *ecl.TypeTokenFilter:
			met = equals(x.Comparison, slices.ContainsFunc(x.Types, func(t ecl.TypeToken) bool { return uses[t] == d.Use }))
		case *ecl.TypeIDFilter:
			met = equals(x.Comparison, n.ids(x.Types)(d.Use))
		case *ecl.ModuleFilter:
			met = equals(x.Comparison, n.ids(x.Modules)(d.Module))
		case *ecl.EffectiveTimeFilter:
			met = times(x, d.Effective)
		case *ecl.DescriptionIDFilter:
			met = equals(x.Comparison, slices.ContainsFunc(x.IDs, func(id snomed.ID) bool { return uint64(id) == d.ID }))
		case *ecl.DialectFilter:
			met = equals(x.Comparison, slices.ContainsFunc(x.Dialects, func(dialect *ecl.Dialect) bool { return n.inDialect(dialect, d) }))
		}
		if !met {
			return false
		}
	}
	return active(f, d.Inactive)
}

func (n *naive) inDialect(dialect *ecl.Dialect, d terminology.Designation) bool {
	aliases := map[string]string{"nb": "61000202103", "nb-no": "61000202103", "nn": "91000202106", "en-us": "900000000000509007"}
	for _, a := range n.r.acceptable {
		switch {
		case a.Designation != d.ID:
		case dialect.Refsets == nil && aliases[dialect.Alias] != a.Refset:
		case dialect.Refsets != nil && !n.ids(dialect.Refsets)(a.Refset):
		case len(dialect.Acceptability) > 0:
			token := map[bool]ecl.AcceptabilityToken{true: ecl.Preferred, false: ecl.Acceptable}[a.Preferred]
			if slices.Contains(dialect.Acceptability, token) {
				return true
			}
		case len(dialect.AcceptabilityIDs) > 0:
			id := map[bool]string{true: "900000000000548007", false: "900000000000549004"}[a.Preferred]
			if slices.ContainsFunc(dialect.AcceptabilityIDs, func(r *ecl.ConceptReference) bool { return r.ID.String() == id }) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// refset is "^" and "^R" of a focus.
func (n *naive) refset(s *ecl.SubExpressionConstraint, focus set, any bool) set {
	wanted := func(table string) bool { return focus[table] || any && table[0] >= '0' && table[0] <= '9' }
	if s.Refset.ContainingAny {
		out := set{}
		for _, t := range n.r.tables {
			members := n.members(s, func(table string) bool { return table == t[0] })
			for c := range focus {
				if members[c] {
					out[t[0]] = true
				}
			}
		}
		return out
	}
	return n.members(s, wanted)
}

func (n *naive) members(s *ecl.SubExpressionConstraint, wanted func(string) bool) set {
	out := set{}
	filters := s.MemberFilters
	if len(filters) == 0 {
		filters = []*ecl.FilterConstraint{{Domain: ecl.MemberDomain}}
	}
	for _, row := range n.r.rows {
		if !wanted(row.Table) {
			continue
		}
		if _, known := n.known[row.Component]; !known {
			continue
		}
		if len(s.Refset.Fields) == 1 && s.Refset.Fields[0] != "referencedComponentId" {
			met := true
			for _, f := range filters {
				met = met && n.row(f, row)
			}
			if value, ok := n.field(row, s.Refset.Fields[0]); ok && met {
				out[value] = true
			}
			continue
		}
		// each filter is to be met by some row of the concept in this reference set
		met := true
		for _, f := range filters {
			met = met && slices.ContainsFunc(n.r.rows, func(other terminology.Row) bool {
				return other.Table == row.Table && other.Component == row.Component && n.row(f, other)
			})
		}
		if met {
			out[row.Component] = true
		}
	}
	return out
}

func (n *naive) field(row terminology.Row, name string) (string, bool) {
	switch strings.ToLower(name) {
	case "referencedcomponentid":
		return row.Component, true
	case "refsetid":
		return row.Table, true
	case "id":
		return row.ID, true
	}
	for _, t := range n.r.tables {
		for i, c := range t[1:] {
			if t[0] == row.Table && strings.EqualFold(c, name) {
				return row.Fields[i], true
			}
		}
	}
	return "", false
}

func (n *naive) row(f *ecl.FilterConstraint, row terminology.Row) bool {
	for _, one := range f.Filters {
		met := true
		switch x := one.(type) {
		case *ecl.ModuleFilter:
			met = equals(x.Comparison, n.ids(x.Modules)(row.Module))
		case *ecl.EffectiveTimeFilter:
			met = times(x, row.Effective)
		case *ecl.MemberFieldFilter:
			value, ok := n.field(row, x.Field)
			met = ok && n.fieldValue(x, value)
		}
		if !met {
			return false
		}
	}
	return active(f, row.Inactive)
}

func (n *naive) fieldValue(x *ecl.MemberFieldFilter, value string) bool {
	switch v := x.Value.(type) {
	case *ecl.SubExpressionConstraint:
		return equals(x.Comparison, n.ids(v)(value))
	case ecl.NumericValue:
		if _, number := new(big.Rat).SetString(value); !number {
			return x.Comparison == ecl.NotEqual
		}
		return numbers(x.Comparison, value, string(v))
	case ecl.BooleanValue:
		is := map[string]string{"1": "true", "true": "true", "0": "false", "false": "false"}[value]
		return equals(x.Comparison, is == fmt.Sprint(bool(v)))
	}
	terms := x.Value.(ecl.TypedSearchTermSet)
	if x.Comparison == ecl.Equal || x.Comparison == ecl.NotEqual {
		return equals(x.Comparison, texts(terms, value, false))
	}
	return len(value) == 8 && slices.ContainsFunc(terms, func(t ecl.TypedSearchTerm) bool { return compared(x.Comparison, strings.Compare(value, t.Text)) })
}

// history adds the inactive concepts that associations lead into s from.
func (n *naive) history(h *ecl.HistorySupplement, s set) set {
	tables := set{"900000000000527005": true}
	switch {
	case h.Subset != nil:
		tables = n.constraint(h.Subset)
		if sub, ok := h.Subset.(*ecl.SubExpressionConstraint); ok && isAny(sub) {
			for _, t := range n.r.tables {
				tables[t[0]] = true
			}
		}
	case h.Profile != ecl.HistoryMinimum:
		tables["900000000000526001"], tables["900000000000528000"], tables["1186924009"] = true, true, true
		if h.Profile != ecl.HistoryModerate {
			for _, t := range n.r.tables {
				tables[t[0]] = tables[t[0]] || n.reach(t[0], n.parents)["900000000000522004"] || t[0] == "900000000000523009"
			}
		}
	}
	out := maps.Clone(s)
	for _, row := range n.r.rows {
		to, ok := n.field(row, "targetComponentId")
		if c, known := n.known[row.Component]; ok && tables[row.Table] && !row.Inactive && s[to] && known && c.Inactive {
			out[row.Component] = true
		}
	}
	return out
}
