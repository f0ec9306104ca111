package ecl

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// memberCache keeps the columns of reference sets that were asked for. Unlike results
// they are data of the release, read once; when they pass maxMemberBytes all are
// forgotten and read again as they are asked for.
type memberCache struct {
	p      *basic.Provider
	mu     sync.Mutex
	tables map[string]*memberTable
	bytes  int
}

const maxMemberBytes = 256 << 20

func newMemberCache(p *basic.Provider) *memberCache {
	return &memberCache{p: p, tables: map[string]*memberTable{}}
}

// memberTable is the rows of a reference set that refer to concepts.
type memberTable struct {
	name   string
	rows   *basic.MemberRows
	mu     sync.Mutex
	fields map[string]*memberField
	ids    [][16]byte
	hasIDs bool
}

// memberField is one column. Of a column that is too long for memory, values is nil.
type memberField struct {
	place  int // in the fields of a row
	values *basic.MemberField
}

// concept returns the concept that a row names, or NoOrdinal.
func (f *memberField) concept(row uint32) terminology.Ordinal {
	if f.values == nil {
		return terminology.NoOrdinal
	}
	return f.values.Concepts[f.values.Values[row]]
}

// table returns the rows of a reference set; nil when it has none that refer to
// concepts.
func (c *memberCache) table(name string) (*memberTable, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t, ok := c.tables[name]; ok {
		return t, nil
	}
	rows, ok, err := c.p.MemberRows(name)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, nil // not kept: names come from clients, and to look again costs little
	}
	t := &memberTable{name: name, rows: rows, fields: map[string]*memberField{}}
	c.grow(len(rows.Concept) * 11)
	c.tables[strings.Clone(name)] = t
	return t, nil
}

func (c *memberCache) grow(n int) {
	if c.bytes += n; c.bytes > maxMemberBytes {
		clear(c.tables)
		c.bytes = n
	}
}

// field returns a column by its name, which may differ in case; nil when there is none.
func (c *memberCache) field(t *memberTable, name string) (*memberField, error) {
	at := fieldIndex(t.rows.Fields, name)
	if at < 0 {
		return nil, nil
	}
	name = t.rows.Fields[at]
	t.mu.Lock()
	defer t.mu.Unlock()
	if f, ok := t.fields[name]; ok {
		return f, nil
	}
	f := &memberField{place: at}
	values, err := c.p.MemberField(t.name, at)
	if err != nil && terminology.KindOf(err) != terminology.NotSupported {
		return nil, err
	}
	if err == nil {
		f.values = values
		c.mu.Lock()
		c.grow(4*len(values.Values) + 20*values.Len())
		c.mu.Unlock()
	}
	t.fields[name] = f
	return f, nil
}

// memberIDs returns the ids of the rows; nil when they are no UUIDs.
func (c *memberCache) memberIDs(t *memberTable) ([][16]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.hasIDs {
		ids, err := c.p.MemberIDs(t.name)
		if err != nil {
			return nil, err
		}
		t.ids, t.hasIDs = ids, true
		c.mu.Lock()
		c.grow(16 * len(ids))
		c.mu.Unlock()
	}
	return t.ids, nil
}

func fieldIndex(fields []string, name string) int {
	return slices.IndexFunc(fields, func(f string) bool { return strings.EqualFold(f, name) })
}

// table returns the rows of a reference set, or nil.
func (ev *evaluation) table(name string) *memberTable {
	t, err := ev.e.members.table(name)
	if err != nil {
		ev.fail(err)
	}
	return t
}

// field returns a column of a reference set, or nil.
func (ev *evaluation) field(t *memberTable, name string) *memberField {
	f, err := ev.e.members.field(t, name)
	if err != nil {
		ev.fail(err)
	}
	return f
}

// valueField returns a column whose values are to be concepts; nil when there is none, and
// after a failure. A column of texts so long that they are not kept as a column (such as
// owlExpression) fails, for it cannot be walked: it is not taken for one without concepts.
func (ev *evaluation) valueField(t *memberTable, name string) *memberField {
	f := ev.field(t, name)
	if f != nil && f.values == nil {
		ev.fail(&terminology.Error{Kind: terminology.NotSupported, Err: fmt.Errorf("column %s of %s holds texts too long to select concepts from", name, t.name)})
		return nil
	}
	return f
}
