package basic

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TableRows is the table that holds rows: key is the name of a table, 0, and the
// component; the value is all its rows of that table, each as encodeRow writes it.
const TableRows = 'R'

// rowTable collects rows, encoded, to be sorted once at the end.
type rowTable struct {
	byName map[string]uint16
	tables []Table
	refs   []rowRef
	blocks [][]byte
	inRows bool // refs are in the order of their keys
}

// rowRef is one encoded row. Components that are plain numbers sort by number,
// others by text, after the numbers.
type rowRef struct {
	table    uint16
	text     bool // component is interned text
	inactive bool
	concept  uint32 // number of the concept in the Builder, else NoOrdinal
	key      uint64 // the number, or the position of the text in the block
	block    uint32
	offset   uint32
}

const blockSize = 8 << 20

func (t *rowTable) declare(name string, columns []string) error {
	const op = "basic.Table"
	if n, ok := t.byName[name]; ok {
		if old := t.tables[n].Columns; !slices.Equal(old, columns) {
			return invalid(op, "table %s has columns %s, and now %s", name, strings.Join(old, " "), strings.Join(columns, " "))
		}
		return nil
	}
	if strings.IndexByte(name, 0) >= 0 {
		return invalid(op, "the name of table %q has a zero byte", name)
	}
	if t.byName == nil {
		t.byName = map[string]uint16{}
	}
	if len(t.tables) == 1<<16-1 {
		return &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: errors.New("more than 65,535 tables")}
	}
	name = strings.Clone(name)
	t.byName[name] = uint16(len(t.tables))
	kept := make([]string, len(columns))
	for i, c := range columns {
		kept[i] = strings.Clone(c)
	}
	t.tables = append(t.tables, Table{Name: name, Columns: kept})
	return nil
}

func (t *rowTable) add(r terminology.Row, concept uint32, module uint16) error {
	const op = "basic.Row"
	n, ok := t.byName[r.Table]
	if !ok {
		return invalid(op, "table %s has not been declared", r.Table)
	}
	tab := &t.tables[n]
	if len(r.Fields) != len(tab.Columns) {
		return invalid(op, "table %s: found %d fields, want %d", r.Table, len(r.Fields), len(tab.Columns))
	}
	if len(t.blocks) == 0 || len(t.blocks[len(t.blocks)-1]) > blockSize-(64<<10) {
		t.blocks = append(t.blocks, make([]byte, 0, blockSize))
	}
	last := len(t.blocks) - 1
	block := t.blocks[last]
	ref := rowRef{table: n, inactive: r.Inactive, concept: concept, block: uint32(last)}
	if num, ok := plainNumber(r.Component); ok {
		ref.key = num
	} else {
		ref.text, ref.key = true, uint64(len(block))
		block = binary.AppendUvarint(block, uint64(len(r.Component)))
		block = append(block, r.Component...)
	}
	ref.offset = uint32(len(block))
	t.blocks[last] = encodeRow(block, r, module)
	t.refs = append(t.refs, ref)
	tab.Rows++
	if !r.Inactive {
		tab.Active++
	}
	return nil
}

// component returns the text of a component that is not a number.
func (t *rowTable) component(r rowRef) string {
	block := t.blocks[r.block][r.key:]
	n, w := binary.Uvarint(block)
	return string(block[w : w+int(n)])
}

// order returns the tables in the order of their names.
func (t *rowTable) order() []int {
	order := make([]int, len(t.tables))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(t.tables[a].Name, t.tables[b].Name) })
	return order
}

// sorted returns the rows by name of table, component and order of arrival.
func (t *rowTable) sorted() []rowRef {
	if t.inRows {
		return t.refs
	}
	t.inRows = true
	byName := make([]int, len(t.tables))
	for place, n := range t.order() {
		byName[n] = place
	}
	slices.SortFunc(t.refs, func(a, b rowRef) int {
		if a.table != b.table {
			return byName[a.table] - byName[b.table]
		}
		if a.text != b.text {
			if b.text {
				return -1
			}
			return 1
		}
		c := 0
		if a.text {
			c = cmp.Compare(t.component(a), t.component(b))
		} else {
			c = cmp.Compare(a.key, b.key)
		}
		if c == 0 {
			c = cmp.Compare(uint64(a.block)<<32|uint64(a.offset), uint64(b.block)<<32|uint64(b.offset))
		}
		return c
	})
	return t.refs
}

// write puts all rows, in the order of their keys.
func (t *rowTable) write(w terminology.TableWriter) error {
	var key, value, lastKey []byte
	flush := func() error {
		if len(value) == 0 {
			return nil
		}
		err := w.PutRow(TableRows, lastKey, value)
		value = value[:0]
		return err
	}
	for _, r := range t.sorted() {
		component := strconv.FormatUint(r.key, 10)
		if r.text {
			component = t.component(r)
		}
		key = rowKey(key[:0], t.tables[r.table].Name, component)
		if string(key) != string(lastKey) {
			if err := flush(); err != nil {
				return err
			}
			lastKey = append(lastKey[:0], key...)
		}
		row := t.blocks[r.block][r.offset:]
		value = append(value, row[:rowLen(row)]...)
	}
	return flush()
}

// rowKey is the key of the rows of a component in a table.
func rowKey(dst []byte, table, component string) []byte {
	dst = append(dst, table...)
	dst = append(dst, 0)
	if n, ok := plainNumber(component); ok {
		return binary.BigEndian.AppendUint64(append(dst, 1), n)
	}
	return append(append(dst, 2), component...)
}

// splitKey returns the table and the component of a key, and false when it is none.
func splitKey(key []byte) (table, component string, ok bool) {
	name, rest, _ := bytes.Cut(key, []byte{0})
	switch {
	case len(rest) == 9 && rest[0] == 1:
		return string(name), strconv.FormatUint(binary.BigEndian.Uint64(rest[1:]), 10), true
	case len(rest) > 0 && rest[0] == 2:
		return string(name), string(rest[1:]), true
	}
	return "", "", false
}
