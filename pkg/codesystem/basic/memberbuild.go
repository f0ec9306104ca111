package basic

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/hierarchy"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxColumnText is how many bytes of distinct texts a column of a table may have to be
// kept as a column; texts of more, such as OWL axioms, are read by row.
const maxColumnText = 8 << 20

// apart are the tables about concepts that have a form of their own in columns.
var apart = map[string]bool{"relationship": true, "stated-relationship": true, "concrete-relationship": true, tableIdentifier: true}

// memberColumn is the name of a column of the rows of a table that refer to concepts;
// table is its place in meta.Refsets.
func memberColumn(table int, what string) string {
	return fmt.Sprintf("%s%05d.%s", colRows, table, what)
}

// fieldColumn is the name of a column of one field.
func fieldColumn(table, field int, what string) string {
	return fmt.Sprintf("%s%05d.%02d.%s", colRows, table, field, what)
}

// putMembers writes for every table the set of concepts that its active rows refer to,
// and its rows that refer to concepts column by column.
func (b *Builder) putMembers(im *Image, number []uint32) error {
	refs := b.rows.sorted()
	var others []alternate
	sets := hierarchy.Sets{Offsets: make([]uint32, 1)}
	for place, n := range b.rows.order() {
		end := 0
		for end < len(refs) && refs[end].table == uint16(n) {
			end++
		}
		t := b.rows.tables[n]
		rows := conceptRows(refs[:end], number)
		set := memberSet(refs, rows)
		t.Members = int(set.GetCardinality())
		if err := sets.Append(set); err != nil {
			return &terminology.Error{Op: "basic.Build", Err: err}
		}
		switch {
		case t.Name == tableIdentifier:
			others = b.rows.alternates(t, refs, rows)
		case len(rows) > 0 && !apart[t.Name]:
			b.rows.putColumns(im, place, &t, refs, rows)
		}
		refs = refs[end:]
		im.meta.Refsets = append(im.meta.Refsets, t)
	}
	im.putAlternates(others)
	im.columns[colMemberOffsets], im.columns[colMemberBytes] = bytesOf(sets.Offsets), sets.Bytes
	return nil
}

// conceptRow is a row that refers to a concept: its ordinal, and the place of the row
// among the rows of its table in the order of the release.
type conceptRow uint64

func (c conceptRow) concept() uint32 { return uint32(c >> 32) }
func (c conceptRow) row() uint32     { return uint32(c) }

// conceptRows returns the rows that refer to concepts, in the order of the concepts.
func conceptRows(refs []rowRef, number []uint32) []conceptRow {
	n := 0
	for _, r := range refs {
		if r.concept != terminology.NoOrdinal {
			n++
		}
	}
	rows := make([]conceptRow, 0, n)
	for i, r := range refs {
		if r.concept != terminology.NoOrdinal {
			rows = append(rows, conceptRow(number[r.concept])<<32|conceptRow(i))
		}
	}
	slices.Sort(rows)
	return rows
}

// memberSet returns the concepts that active rows refer to.
func memberSet(refs []rowRef, rows []conceptRow) *roaring.Bitmap {
	var members []uint32
	for _, c := range rows {
		if !refs[c.row()].inactive {
			members = append(members, c.concept())
		}
	}
	set := roaring.New()
	set.AddMany(members)
	return set
}

// putColumns writes the rows of a table that refer to concepts, column by column.
func (t *rowTable) putColumns(im *Image, place int, tab *Table, refs []rowRef, rows []conceptRow) {
	n := len(rows)
	concept, effective, module := make([]uint32, n), make([]uint32, n), make([]uint16, n)
	active, ids := make([]uint64, (n+63)/64), make([]byte, 0, 16*n)
	fields := make([]dictionary, len(tab.Columns))
	for i := range fields {
		fields[i] = dictionary{byText: map[string]uint32{}, values: make([]uint32, 0, n)}
	}
	tab.UUIDs = true
	var buf []byte
	for i, c := range rows {
		row := t.read(refs[c.row()])
		concept[i], effective[i], module[i] = c.concept(), row.effective, row.module
		if row.flags&rowInactive == 0 {
			active[i/64] |= 1 << (i % 64)
		}
		if tab.UUIDs = tab.UUIDs && row.flags&rowUUID != 0; tab.UUIDs {
			ids = append(ids, row.uuid...)
		}
		rest := row.fields
		for f := range fields {
			buf, rest = appendText(buf[:0], rest)
			fields[f].add(buf)
		}
	}
	tab.ConceptRows = n
	im.columns[memberColumn(place, "concept")], im.columns[memberColumn(place, "effective")] = bytesOf(concept), bytesOf(effective)
	im.columns[memberColumn(place, "module")], im.columns[memberColumn(place, "active")] = bytesOf(module), bytesOf(active)
	if tab.UUIDs {
		im.columns[memberColumn(place, "id")] = ids
	}
	for f := range fields {
		if fields[f].byText == nil {
			tab.Long = append(tab.Long, f)
			continue
		}
		offsets, texts := fields[f].sort()
		im.columns[fieldColumn(place, f, "values")] = bytesOf(fields[f].values)
		im.columns[fieldColumn(place, f, "offsets")], im.columns[fieldColumn(place, f, "bytes")] = bytesOf(offsets), texts
	}
}

// dictionary numbers the distinct texts of a column. byText is nil once they are more
// than maxColumnText.
type dictionary struct {
	byText map[string]uint32
	texts  []string
	values []uint32
	size   int
}

func (d *dictionary) add(s []byte) {
	if d.byText == nil {
		return
	}
	n, ok := d.byText[string(s)]
	if !ok {
		if d.size += len(s); d.size > maxColumnText {
			*d = dictionary{}
			return
		}
		n = uint32(len(d.texts))
		d.texts = append(d.texts, string(s))
		d.byText[d.texts[n]] = n
	}
	d.values = append(d.values, n)
}

// sort renumbers the texts in the order of their bytes and returns them.
func (d *dictionary) sort() (offsets []uint32, texts []byte) {
	order, rank := make([]uint32, len(d.texts)), make([]uint32, len(d.texts))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int { return strings.Compare(d.texts[x], d.texts[y]) })
	offsets, texts = make([]uint32, 1, len(d.texts)+1), make([]byte, 0, d.size)
	for i, n := range order {
		rank[n] = uint32(i)
		texts = append(texts, d.texts[n]...)
		offsets = append(offsets, uint32(len(texts)))
	}
	for i, v := range d.values {
		d.values[i] = rank[v]
	}
	return offsets, texts
}

// keptRow is an encoded row of a rowTable, opened. Its bytes belong to the table.
type keptRow struct {
	flags     byte
	module    uint16
	effective uint32
	uuid      []byte // the id, when flags has rowUUID
	id        []byte // the id as a field, when not
	fields    []byte
}

// read opens a row. It was written by add, so it is whole.
func (t *rowTable) read(r rowRef) keptRow {
	b := t.blocks[r.block][r.offset:]
	_, w := binary.Uvarint(b)
	row := keptRow{flags: b[w]}
	b = b[w+1:]
	effective, w := binary.Uvarint(b)
	module, w2 := binary.Uvarint(b[w:])
	row.effective, row.module, b = uint32(effective), uint16(module), b[w+w2:]
	if row.flags&rowUUID != 0 {
		row.uuid, row.fields = b[:16], b[16:]
	} else {
		row.id, row.fields = b, b[fieldLen(b):]
	}
	return row
}

func (r keptRow) idText() string {
	if r.flags&rowUUID != 0 {
		return formatUUID(r.uuid)
	}
	id, _ := appendText(nil, r.id)
	return string(id)
}

// fieldLen returns how many bytes a field takes.
func fieldLen(b []byte) int {
	n, w := binary.Uvarint(b)
	if n&1 == 1 {
		return w
	}
	return w + int(n>>1)
}

// appendText appends the text of the field at the front of b, and returns what comes
// after the field.
func appendText(dst, b []byte) (text, rest []byte) {
	n, w := binary.Uvarint(b)
	if n&1 == 1 {
		return strconv.AppendUint(dst, n>>1, 10), b[w:]
	}
	return append(dst, b[w:w+int(n>>1)]...), b[w+int(n>>1):]
}
