package basic

import (
	"fmt"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// memberCheck compares the rows of tables, which come table by table, with what is
// kept of them by column.
type memberCheck struct {
	p      *Provider
	table  int // place+1 of the open table
	rows   *MemberRows
	ids    [][16]byte
	fields []*MemberField // nil: kept by row only
	seen   int            // rows of the open table that are by column
	done   int            // rows of all tables that are by column
}

// open reads the columns of a table.
func (c *memberCheck) open(place int) error {
	if err := c.close(); err != nil {
		return err
	}
	*c = memberCheck{p: c.p, table: place + 1, done: c.done}
	t := &c.p.meta.Refsets[place]
	var err error
	if c.rows, _, err = c.p.MemberRows(t.Name); err != nil || c.rows == nil {
		return err
	}
	if t.UUIDs {
		if c.ids, err = c.p.MemberIDs(t.Name); err != nil {
			return err
		}
	}
	c.fields = make([]*MemberField, len(t.Columns))
	for f := range c.fields {
		if c.fields[f], err = c.p.MemberField(t.Name, f); err != nil && terminology.KindOf(err) != terminology.NotSupported {
			return err
		}
		if err := c.fields[f].check(); err != nil {
			return fmt.Errorf("column %s of table %s: %w", t.Columns[f], t.Name, err)
		}
	}
	return nil
}

// close looks whether all rows of the open table have been seen.
func (c *memberCheck) close() error {
	if c.rows != nil && c.seen != c.rows.Len() {
		return fmt.Errorf("table %s has %d rows about concepts, but %d by column", c.p.meta.Refsets[c.table-1].Name, c.seen, c.rows.Len())
	}
	c.done += c.seen
	return nil
}

// end looks whether all rows by column have been seen.
func (c *memberCheck) end() error {
	if err := c.close(); err != nil {
		return err
	}
	want := 0
	for _, t := range c.p.meta.Refsets {
		want += t.ConceptRows
	}
	if c.done != want {
		return fmt.Errorf("%d rows about concepts, but %d by column", c.done, want)
	}
	return nil
}

// check compares the rows of one component.
func (c *memberCheck) check(place int, component string, rows []terminology.Row) error {
	if c.table != place+1 {
		if err := c.open(place); err != nil {
			return err
		}
	}
	o := c.p.exactly(component)
	switch name := c.p.meta.Refsets[place].Name; {
	case o == terminology.NoOrdinal:
		return nil
	case name == tableIdentifier:
		return c.p.checkIdentifiers(c.p.meta.Refsets[place], rows)
	case apart[name]:
		return nil
	case c.rows == nil:
		return fmt.Errorf("table %s has rows of %s, but none by column", name, component)
	}
	from, to := c.rows.Of(o)
	if int(to-from) != len(rows) {
		return fmt.Errorf("table %s has %d rows of %s, but %d by column", c.p.meta.Refsets[place].Name, len(rows), component, to-from)
	}
	c.seen += len(rows)
	for i, row := range rows {
		if !c.same(from+uint32(i), row) {
			return fmt.Errorf("row %s of %s in table %s is another one by column", row.ID, component, row.Table)
		}
	}
	return nil
}

// same reports whether a row by column is the row.
func (c *memberCheck) same(r uint32, row terminology.Row) bool {
	m := c.rows
	if m.IsActive(r) == row.Inactive || m.Effective[r] != uint32(row.Effective) || c.p.ModuleName(m.Module[r]) != row.Module {
		return false
	}
	if c.ids != nil && formatUUID(c.ids[r][:]) != row.ID {
		return false
	}
	for f, field := range c.fields {
		if field != nil && field.Text(field.Values[r]) != row.Fields[f] {
			return false
		}
	}
	return true
}

// check looks whether the texts ascend.
func (f *MemberField) check() error {
	if f == nil {
		return nil
	}
	for v := 1; v < f.Len(); v++ {
		if f.Text(uint32(v)) <= f.Text(uint32(v-1)) {
			return fmt.Errorf("%q is not in order", f.Text(uint32(v)))
		}
	}
	return nil
}
