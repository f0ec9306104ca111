package ecl

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// refset plans "^" and "^R".
func (pl *planner) refset(s *SubExpressionConstraint, of operand) operand {
	text := canonical(s)
	if s.Refset.ContainingAny {
		c := &containing{about: pl.part("refsetsContaining", text, of), of: of}
		for _, f := range s.MemberFilters {
			c.filters = append(c.filters, pl.rowFilter(f, pl.allColumns()))
		}
		part := of.info()
		c.size = int(pl.p.Refsets().GetCardinality())
		c.make, c.test = part.make+int64(500*c.size), part.make+500
		return c
	}
	pl.checkRefsets(s)
	m := &memberOf{about: pl.part("memberOf", text, of), refsets: pl.refsets(of), fields: s.Refset.Fields, all: s.Refset.AllFields}
	m.known = pl.allColumns()
	if m.refsets.of == nil {
		m.known = pl.columnsOf(m.refsets.names)
	}
	for _, f := range s.MemberFilters {
		m.filters = append(m.filters, pl.rowFilter(f, m.known))
	}
	for _, f := range m.fields {
		pl.checkField(f, m.known)
	}
	if pl.selection(m); m.mixed != "" {
		pl.mixed = append(pl.mixed, m)
	}
	for _, t := range pl.p.Tables() {
		if m.refsets.of != nil || slices.Contains(m.refsets.names, t.Name) {
			m.size += t.Members
			m.make += int64(t.Members)/16 + 100
			if len(m.filters) > 0 || m.selects() {
				m.make += 20 * int64(t.Rows)
			}
		}
	}
	m.size = min(m.size, pl.p.Len())
	m.test = int64(200 * max(1, len(m.refsets.names)) * (1 + len(m.filters)))
	if m.refsets.of != nil {
		m.test = 3000
	}
	return m
}

// selection says of selected columns whether they are concepts.
func (pl *planner) selection(m *memberOf) {
	switch {
	case m.all:
		m.mixed = "^ [*] selects columns, which are no set of concepts: it can only stand alone"
	case len(m.fields) > 1:
		m.mixed = "^ [" + strings.Join(m.fields, ", ") + "] selects several columns, which are no set of concepts: it can only stand alone"
	case len(m.fields) == 1 && strings.EqualFold(m.fields[0], fieldComponent):
		m.fields = nil
	case len(m.fields) == 1 && fieldIndex(commonFields, m.fields[0]) >= 0:
		m.mixed = "^ [" + m.fields[0] + "] selects a column that holds no concepts: it can only stand alone"
	}
}

// refsets plans which reference sets are meant.
func (pl *planner) refsets(of operand) *refsetsOf {
	names, ok := codesOf(of)
	if ok {
		return &refsetsOf{names: names}
	}
	if _, ok := of.(*everything); ok {
		r := &refsetsOf{names: []string{}}
		for _, t := range pl.p.Tables() {
			if isDigits(t.Name) && t.Rows > 0 {
				r.names = append(r.names, t.Name)
			}
		}
		return r
	}
	return &refsetsOf{of: of}
}

// codesOf returns the codes of an operand that is concepts by their identifiers.
func codesOf(of operand) ([]string, bool) {
	switch of := of.(type) {
	case *concept:
		if of.code == "" {
			return nil, true
		}
		return []string{of.code}, true
	case *compound:
		if of.operator != Disjunction {
			return nil, false
		}
		var all []string
		for _, part := range of.operands {
			codes, ok := codesOf(part)
			if !ok {
				return nil, false
			}
			all = append(all, codes...)
		}
		return all, true
	}
	return nil, false
}

// columnsOf returns the columns of tables, each once; nil when there are no tables.
func (pl *planner) columnsOf(names []string) []string {
	var all []string
	for _, t := range pl.p.Tables() {
		if !slices.Contains(names, t.Name) {
			continue
		}
		for _, c := range t.Columns {
			if fieldIndex(all, c) < 0 {
				all = append(all, c)
			}
		}
		if all == nil {
			all = []string{}
		}
	}
	return all
}

func (pl *planner) allColumns() []string {
	var names []string
	for _, t := range pl.p.Tables() {
		if isDigits(t.Name) {
			names = append(names, t.Name)
		}
	}
	return pl.columnsOf(names)
}

// checkField fails when no reference set has a column. Of no reference sets there is
// nothing to know.
func (pl *planner) checkField(name string, known []string) {
	if known == nil || fieldIndex(known, name) >= 0 || fieldIndex(commonFields, name) >= 0 {
		return
	}
	pl.fail("no column %s: the columns are %s", name, strings.Join(slices.Concat(commonFields, known), ", "))
}

// rowFilter plans a member filter. Without a filter on the status rows are active.
func (pl *planner) rowFilter(f *FilterConstraint, known []string) *rowFilter {
	out := &rowFilter{status: Active}
	d := &descriptionFilter{status: Active}
	for _, one := range f.Filters {
		switch x := one.(type) {
		case *ModuleFilter:
			out.tests = append(out.tests, &moduleTest{pl.sub(x.Modules), x.Comparison == NotEqual})
		case *EffectiveTimeFilter:
			out.tests = append(out.tests, &effectiveTest{timesOf(x)})
		case *ActiveFilter:
			if d.status, d.never = activeStatus(x, d); d.never {
				out.tests = append(out.tests, neverTest{})
			}
			out.status = d.status
		case *MemberFieldFilter:
			pl.checkField(x.Field, known)
			out.tests = append(out.tests, &fieldTest{x.Field, pl.fieldValue(x)})
		}
	}
	return out
}

// neverTest is met by no row.
type neverTest struct{}

func (neverTest) bind(*evaluation, *memberTable, bool) func(uint32) bool { return nil }

// fieldValue plans the comparison of a column. With != a row passes when its value is
// another one, of whatever kind.
func (pl *planner) fieldValue(x *MemberFieldFilter) fieldValue {
	other := x.Comparison == NotEqual
	switch v := x.Value.(type) {
	case *SubExpressionConstraint:
		of := pl.sub(v)
		return func(ev *evaluation, text string, o terminology.Ordinal) bool {
			if o == terminology.NoOrdinal {
				return ev.hasCode(of, text) != other
			}
			return ev.has(of, o) != other
		}
	case NumericValue:
		n, _ := parseDecimal(string(v))
		m := &numberValue{x.Comparison, n}
		return func(_ *evaluation, text string, _ terminology.Ordinal) bool {
			if _, number := parseDecimal(text); !number {
				return other
			}
			return m.meets(text)
		}
	case BooleanValue:
		return func(_ *evaluation, text string, _ terminology.Ordinal) bool {
			yes := text == "1" || strings.EqualFold(text, "true")
			no := text == "0" || strings.EqualFold(text, "false")
			if !yes && !no {
				return other
			}
			return yes == bool(v) != other
		}
	}
	terms := searchTerms(x.Value.(TypedSearchTermSet), false)
	if x.Comparison >= Less {
		t := times{comparison: x.Comparison}
		for _, s := range terms {
			t.dates = append(t.dates, dateOf(s.text))
		}
		return func(_ *evaluation, text string, _ terminology.Ordinal) bool { return t.meets(dateOf(text)) }
	}
	return func(ev *evaluation, text string, _ terminology.Ordinal) bool {
		return ev.matchesAny(terms, text) != other
	}
}

// dateOf reads YYYYMMDD; what is no date is 0.
func dateOf(s string) uint32 {
	if len(s) != 8 || !isDigits(s) {
		return 0
	}
	n, _ := strconv.ParseUint(s, 10, 32)
	return uint32(n)
}

// history plans a history supplement.
func (pl *planner) history(text string, x *HistorySupplement, of operand) operand {
	h := &supplemented{about: pl.part("historySupplement", text, of), of: of}
	if x.Subset != nil {
		subset := pl.constraint(x.Subset)
		h.parts = append(h.parts, subset.info())
		h.refsets = pl.refsets(subset)
		pl.checkRefsets(bare(x.Subset))
	} else {
		h.refsets = &refsetsOf{names: pl.associations(x.Profile)}
	}
	part := of.info()
	h.size, h.test = part.size+part.size/4, part.test+500
	h.make = part.make + 1000
	for _, t := range pl.p.Tables() {
		if h.refsets.of != nil || slices.Contains(h.refsets.names, t.Name) {
			h.make += 4 * int64(t.Rows)
		}
	}
	return h
}

// associations returns the association reference sets of a profile that the release
// has rows of.
func (pl *planner) associations(p HistoryProfile) []string {
	if p == NoProfile {
		p = HistoryMaximum
	}
	above, any := pl.p.Find(historicalAssociation)
	var names []string
	for _, t := range pl.p.Tables() {
		wanted := slices.ContainsFunc(associations[p], func(id snomed.ID) bool { return id.String() == t.Name })
		if !wanted && p == HistoryMaximum && any {
			o, ok := pl.p.Find(t.Name)
			wanted = ok && o != above && pl.p.Subsumes(above, o)
		}
		if wanted {
			names = append(names, t.Name)
		}
	}
	return names
}
