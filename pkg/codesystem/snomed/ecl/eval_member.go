package ecl

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// refsetsOf is the tables of reference sets.
type refsetsOf struct {
	names []string // when they are known before the evaluation
	of    operand  // nil: names
}

// tables returns the names of the tables.
func (r *refsetsOf) tables(ev *evaluation) []string {
	if r.of == nil {
		return r.names
	}
	var names []string
	eachOf(roaring.And(ev.set(r.of), ev.p.Refsets()), func(o uint32) bool {
		names = append(names, ev.p.Code(o))
		return ev.spend(5)
	})
	return names
}

// has reports whether a reference set is one of them.
func (r *refsetsOf) has(ev *evaluation, name string) bool {
	if r.of == nil {
		return slices.Contains(r.names, name)
	}
	return ev.hasCode(r.of, name)
}

// memberOf is the members of reference sets, or the concepts in one of their columns.
type memberOf struct {
	about
	refsets *refsetsOf
	fields  []string // selected columns; nil: the referenced component
	all     bool     // every column
	filters []*rowFilter
	known   []string // columns of the reference sets, when they are known before
	mixed   string   // why the columns are no set of concepts; "": they are
}

// selects reports whether m has columns to return.
func (m *memberOf) selects() bool { return m.all || len(m.fields) > 0 }

// rowFilter is one "{{ M ... }}".
type rowFilter struct {
	status ActiveValue
	tests  []rowTest
}

// rowTest is one condition on a row. bind returns it for one table; nil when the table
// does not have the column. With scan many rows are going to be tested.
type rowTest interface {
	bind(ev *evaluation, t *memberTable, scan bool) func(row uint32) bool
}

// bind returns whether a row passes; nil when no row of the table can.
func (f *rowFilter) bind(ev *evaluation, t *memberTable, scan bool) func(uint32) bool {
	tests := make([]func(uint32) bool, 0, len(f.tests))
	for _, test := range f.tests {
		bound := test.bind(ev, t, scan)
		if bound == nil {
			return nil
		}
		tests = append(tests, bound)
	}
	return func(row uint32) bool {
		if f.status != AnyStatus && t.rows.IsActive(row) != (f.status == Active) {
			return false
		}
		for _, test := range tests {
			if !test(row) {
				return false
			}
		}
		return ev.spend(5)
	}
}

// plainMembers reports whether the stored sets of members answer.
func (m *memberOf) plainMembers() bool { return len(m.filters) == 0 && !m.selects() }

func (m *memberOf) build(ev *evaluation) *roaring.Bitmap {
	if m.mixed != "" {
		ev.fail(invalidf("%s", m.mixed))
		return roaring.New()
	}
	names := m.refsets.tables(ev)
	if len(names) == 1 && m.plainMembers() {
		if s := ev.e.refsets[names[0]]; s != nil {
			return s
		}
		return roaring.New()
	}
	b := ev.empty()
	for _, name := range names {
		if m.plainMembers() {
			if s := ev.e.refsets[name]; s != nil {
				ev.union(b, s)
				ev.spend(int(s.GetCardinality()) / 4)
			}
		} else if t := ev.table(name); t != nil {
			m.gather(ev, b, t)
		}
		if !ev.spend(200) {
			break
		}
	}
	return ev.bitmap(b)
}

// gather adds what the rows of one table give.
func (m *memberOf) gather(ev *evaluation, b bits, t *memberTable) {
	if m.selects() {
		f := ev.valueField(t, m.fields[0])
		if f == nil {
			return
		}
		m.passing(ev, t, func(row uint32) bool {
			if o := f.concept(row); o != terminology.NoOrdinal {
				b.add(o)
			}
			return true
		})
		return
	}
	// Each filter is met by a row of its own, so concepts are gathered for one after
	// the other.
	var found bits
	for _, f := range m.filters {
		test := f.bind(ev, t, true)
		if test == nil {
			found = nil
			break
		}
		next := ev.empty()
		for row, o := range t.rows.Concept {
			if !ev.spend(2) {
				break
			}
			if (found == nil || found.has(o)) && !next.has(o) && test(uint32(row)) {
				next.add(o)
			}
		}
		if found != nil {
			ev.done(found)
		}
		found = next
	}
	if found == nil {
		return
	}
	for i, w := range found {
		b[i] |= w
	}
	ev.done(found)
}

func anyRow(from, to uint32, test func(uint32) bool) bool {
	for row := from; row < to; row++ {
		if test(row) {
			return true
		}
	}
	return false
}

// tests returns the filters for one table; nil when no row of it can pass.
func (m *memberOf) tests(ev *evaluation, t *memberTable, scan bool) []func(uint32) bool {
	filters := m.filters
	if len(filters) == 0 {
		filters = []*rowFilter{{status: Active}}
	}
	tests := make([]func(uint32) bool, 0, len(filters))
	for _, f := range filters {
		test := f.bind(ev, t, scan)
		if test == nil {
			return nil
		}
		tests = append(tests, test)
	}
	return tests
}

// passing calls do with the rows that pass every filter, active ones when there is
// no filter, until it returns false.
func (m *memberOf) passing(ev *evaluation, t *memberTable, do func(row uint32) bool) bool {
	tests := m.tests(ev, t, true)
	if tests == nil {
		return true
	}
	for row := range uint32(t.rows.Len()) {
		if !ev.spend(3) {
			return true
		}
		if !slices.ContainsFunc(tests, func(test func(uint32) bool) bool { return !test(row) }) && !do(row) {
			return false
		}
	}
	return true
}

func (m *memberOf) holds(ev *evaluation, o uint32) bool {
	if m.mixed != "" {
		ev.fail(invalidf("%s", m.mixed))
		return false
	}
	if m.refsets.of == nil {
		return slices.ContainsFunc(m.refsets.names, func(name string) bool { return ev.spend(100) && m.in(ev, name, o) })
	}
	found := false
	for _, t := range ev.p.Tables() {
		if !ev.spend(20) || found {
			break
		}
		found = t.Rows > 0 && isDigits(t.Name) && m.in(ev, t.Name, o) && m.refsets.has(ev, t.Name)
	}
	return found
}

// in reports whether a concept has rows of one table that pass, or is in the selected
// column of one that does.
func (m *memberOf) in(ev *evaluation, name string, o uint32) bool {
	if m.selects() {
		return m.selected(ev, name, o)
	}
	if len(m.filters) == 0 {
		s := ev.e.refsets[name]
		return s != nil && s.Contains(o)
	}
	t := ev.table(name)
	if t == nil {
		return false
	}
	from, to := t.rows.Of(o)
	if from == to {
		return false
	}
	for _, f := range m.filters {
		if test := f.bind(ev, t, false); test == nil || !anyRow(from, to, test) {
			return false
		}
	}
	return true
}

// selected reports whether a concept is in the selected column of a row that passes.
func (m *memberOf) selected(ev *evaluation, name string, o uint32) bool {
	t := ev.table(name)
	if t == nil {
		return false
	}
	f := ev.valueField(t, m.fields[0])
	if f == nil {
		return false
	}
	v, ok := f.values.Find(ev.p.Code(o))
	if !ok {
		return false
	}
	tests := m.tests(ev, t, false)
	for row, value := range f.values.Values {
		if value == v && ev.spend(5) && !slices.ContainsFunc(tests, func(test func(uint32) bool) bool { return !test(uint32(row)) }) {
			return tests != nil
		}
	}
	ev.spend(len(f.values.Values) / 2)
	return false
}
