package ecl

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Columns that every reference set has.
const (
	fieldID        = "id"
	fieldEffective = "effectiveTime"
	fieldActive    = "active"
	fieldModule    = "moduleId"
	fieldRefset    = "refsetId"
	fieldComponent = "referencedComponentId"
)

var commonFields = []string{fieldID, fieldEffective, fieldActive, fieldModule, fieldRefset, fieldComponent}

// moduleTest compares the module of a row.
type moduleTest struct {
	of    operand
	other bool
}

func (m *moduleTest) bind(ev *evaluation, t *memberTable, _ bool) func(uint32) bool {
	memo := make([]byte, len(ev.p.Modules()))
	return func(row uint32) bool {
		at := &memo[t.rows.Module[row]]
		if *at == 0 {
			*at = answer(ev.hasCode(m.of, ev.p.ModuleName(t.rows.Module[row])) != m.other)
		}
		return *at == 2
	}
}

// answer makes a remembered answer: 0 is none yet.
func answer(yes bool) byte {
	if yes {
		return 2
	}
	return 1
}

// effectiveTest compares the effective time of a row.
type effectiveTest struct{ times times }

func (e *effectiveTest) bind(_ *evaluation, t *memberTable, _ bool) func(uint32) bool {
	return func(row uint32) bool { return e.times.meets(t.rows.Effective[row]) }
}

// times is a comparison with dates, 0 for a row that is not yet published. Such a row
// is neither before nor after a date.
type times struct {
	comparison Comparison
	dates      []uint32
}

func (t times) meets(date uint32) bool {
	if t.comparison == NotEqual {
		return !slices.Contains(t.dates, date)
	}
	return slices.ContainsFunc(t.dates, func(d uint32) bool {
		if d == 0 || date == 0 {
			return d == date && t.comparison != Less && t.comparison != Greater
		}
		outcome := 0
		if date < d {
			outcome = -1
		} else if date > d {
			outcome = 1
		}
		return t.comparison.Met(outcome)
	})
}

// fieldTest compares a column of a row.
type fieldTest struct {
	field string
	test  fieldValue
}

// fieldValue tests the value of a column, a concept (o) when it is the code of one.
type fieldValue func(ev *evaluation, text string, o terminology.Ordinal) bool

func (f *fieldTest) bind(ev *evaluation, t *memberTable, scan bool) func(uint32) bool {
	switch {
	case strings.EqualFold(f.field, fieldComponent):
		return func(row uint32) bool { return f.test(ev, ev.p.Code(t.rows.Concept[row]), t.rows.Concept[row]) }
	case strings.EqualFold(f.field, fieldRefset):
		o, _ := ev.p.Find(t.name)
		return func(uint32) bool { return f.test(ev, t.name, o) }
	case strings.EqualFold(f.field, fieldID):
		return func(row uint32) bool { return f.test(ev, ev.rowID(t, row), terminology.NoOrdinal) }
	}
	c := ev.field(t, f.field)
	if c == nil {
		return nil
	}
	if c.values == nil {
		return func(row uint32) bool {
			r := ev.row(t, row)
			return c.place < len(r.Fields) && f.test(ev, r.Fields[c.place], terminology.NoOrdinal)
		}
	}
	v := c.values
	if !scan || v.Len() > v.Len()/2+t.rows.Len() {
		return func(row uint32) bool { return f.test(ev, v.Text(v.Values[row]), v.Concepts[v.Values[row]]) }
	}
	memo := make([]byte, v.Len())
	return func(row uint32) bool {
		at := &memo[v.Values[row]]
		if *at == 0 {
			*at = answer(f.test(ev, v.Text(v.Values[row]), v.Concepts[v.Values[row]]))
		}
		return *at == 2
	}
}

// row reads one row from the store: for columns that are not kept in memory.
func (ev *evaluation) row(t *memberTable, row uint32) terminology.Row {
	ev.spend(5000)
	o := t.rows.Concept[row]
	rows, err := ev.p.Rows(t.name, ev.p.Code(o))
	if err != nil {
		ev.fail(err)
		return terminology.Row{}
	}
	from, _ := t.rows.Of(o)
	if at := int(row - from); at < len(rows) {
		return rows[at]
	}
	return terminology.Row{}
}

// rowID returns the id of a row.
func (ev *evaluation) rowID(t *memberTable, row uint32) string {
	ids, err := ev.e.members.memberIDs(t)
	if err != nil {
		ev.fail(err)
		return ""
	}
	if ids == nil {
		return ev.row(t, row).ID
	}
	var b [36]byte
	id := ids[row]
	hex.Encode(b[:8], id[:4])
	hex.Encode(b[9:13], id[4:6])
	hex.Encode(b[14:18], id[6:8])
	hex.Encode(b[19:23], id[8:10])
	hex.Encode(b[24:], id[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// columns returns the names of the columns that m selects.
func (m *memberOf) columns() []string {
	if m.all {
		return slices.Concat(commonFields, m.known)
	}
	return m.fields
}

// walk calls do with the selected values of the rows that pass. It returns false when
// do did.
func (m *memberOf) walk(ev *evaluation, do func([]string) bool) bool {
	columns := m.columns()
	values := make([]string, len(columns))
	for _, name := range m.refsets.tables(ev) {
		t := ev.table(name)
		if t == nil || ev.err != nil {
			continue
		}
		read := make([]func(uint32) string, len(columns))
		for i, c := range columns {
			read[i] = ev.reader(t, c)
		}
		if !m.passing(ev, t, func(row uint32) bool {
			for i := range values {
				values[i] = read[i](row)
			}
			return ev.err != nil || do(values)
		}) {
			return false
		}
	}
	return true
}

// reader returns how to read a column as text; "" when the table does not have it.
func (ev *evaluation) reader(t *memberTable, column string) func(uint32) string {
	switch fieldIndex(commonFields, column) {
	case 0:
		return func(row uint32) string { return ev.rowID(t, row) }
	case 1:
		return func(row uint32) string {
			if t.rows.Effective[row] == 0 {
				return ""
			}
			return strconv.FormatUint(uint64(t.rows.Effective[row]), 10)
		}
	case 2:
		return func(row uint32) string {
			if t.rows.IsActive(row) {
				return "1"
			}
			return "0"
		}
	case 3:
		return func(row uint32) string { return ev.p.ModuleName(t.rows.Module[row]) }
	case 4:
		return func(uint32) string { return t.name }
	case 5:
		return func(row uint32) string { return ev.p.Code(t.rows.Concept[row]) }
	}
	f := ev.field(t, column)
	if f == nil {
		return func(uint32) string { return "" }
	}
	if f.values == nil {
		return func(row uint32) string {
			if r := ev.row(t, row); f.place < len(r.Fields) {
				return r.Fields[f.place]
			}
			return ""
		}
	}
	return func(row uint32) string { return f.values.Text(f.values.Values[row]) }
}
