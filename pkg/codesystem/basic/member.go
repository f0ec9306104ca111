package basic

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unsafe"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// MemberRows are the rows of a table that refer to concepts of the release, active or
// not, by concept and then in the order of the release; a row has the same number in
// all of its columns. They belong to the caller.
type MemberRows struct {
	Concept   []terminology.Ordinal // that the row refers to
	Active    []uint64              // bit set of the rows that are active: bit r%64 of entry r/64
	Effective []uint32              // yyyymmdd
	Module    []uint16              // Provider.ModuleName
	Fields    []string              // the names of the other columns; MemberField reads them
}

// Len returns the number of rows.
func (m *MemberRows) Len() int { return len(m.Concept) }

// IsActive reports whether a row is active.
func (m *MemberRows) IsActive(row uint32) bool { return m.Active[row/64]>>(row%64)&1 != 0 }

// Of returns the rows of a concept: from, up to but without to.
func (m *MemberRows) Of(o terminology.Ordinal) (from, to uint32) {
	at, _ := slices.BinarySearch(m.Concept, o)
	end := at
	for end < len(m.Concept) && m.Concept[end] == o {
		end++
	}
	return uint32(at), uint32(end)
}

// MemberField is one of the other columns of MemberRows. Each distinct text is kept
// once, in the order of its bytes. It belongs to the caller.
type MemberField struct {
	Values   []uint32              // number of the text, by row
	Concepts []terminology.Ordinal // by number of the text: the concept whose code it is, else NoOrdinal

	offsets []uint32
	bytes   []byte
}

// Len returns the number of distinct texts.
func (f *MemberField) Len() int { return len(f.Concepts) }

// Text returns a text by its number.
func (f *MemberField) Text(v uint32) string { return text(f.bytes[f.offsets[v]:f.offsets[v+1]]) }

// Find returns the number of a text. When it is not there, the number is that of the
// first text after it, and false.
func (f *MemberField) Find(s string) (uint32, bool) {
	v, found := sort.Find(f.Len(), func(i int) int { return strings.Compare(s, f.Text(uint32(i))) })
	return uint32(v), found
}

// MemberRows reads the rows of a table that refer to concepts; false when there is no
// such table, or no such row in it. The tables "relationship", "stated-relationship",
// "concrete-relationship" and "identifier" have none: see Attributes and Alternate. It
// reads the store: callers keep what they need again. The error is Corrupt.
func (p *Provider) MemberRows(table string) (*MemberRows, bool, error) {
	place, tab, ok := p.memberTable(table)
	if !ok {
		return nil, false, nil
	}
	n := tab.ConceptRows
	r := reader{tables: p.tables}
	name := func(what string) string { return memberColumn(place, what) }
	m := &MemberRows{
		Concept:   column[terminology.Ordinal](&r, name("concept"), n),
		Active:    column[uint64](&r, name("active"), (n+63)/64),
		Effective: column[uint32](&r, name("effective"), n),
		Module:    column[uint16](&r, name("module"), n),
		Fields:    tab.Columns,
	}
	if r.err == nil && !slices.IsSorted(m.Concept) {
		r.err = fmt.Errorf("column %s goes down", name("concept"))
	}
	if r.err == nil {
		r.err = below(name("concept"), m.Concept, p.meta.Concepts)
	}
	if r.err == nil {
		r.err = below(name("module"), m.Module, len(p.meta.Modules))
	}
	if r.err != nil {
		return nil, false, &terminology.Error{Op: "basic.MemberRows", Kind: terminology.Corrupt, Err: r.err}
	}
	return m, true, nil
}

// memberTable returns a table whose rows are kept by column.
func (p *Provider) memberTable(name string) (place int, tab *Table, ok bool) {
	place, ok = p.tableByName[name]
	if !ok || p.meta.Refsets[place].ConceptRows <= 0 {
		return 0, nil, false
	}
	return place, &p.meta.Refsets[place], true
}

// MemberField reads one of the other columns of MemberRows by its place in Fields. It
// reads the store. The error is NotSupported when the texts of the column are too long
// together to be kept as a column (Rows has them), NotFound when MemberRows has no
// such column, else Corrupt.
func (p *Provider) MemberField(table string, field int) (*MemberField, error) {
	const op = "basic.MemberField"
	place, tab, ok := p.memberTable(table)
	if !ok || field < 0 || field >= len(tab.Columns) {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Err: fmt.Errorf("table %s has no column %d of rows about concepts", table, field)}
	}
	if slices.Contains(tab.Long, field) {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: fmt.Errorf("the texts of %s in table %s are too long to be searched: they can be read concept by concept", tab.Columns[field], table)}
	}
	r := reader{tables: p.tables}
	name := func(what string) string { return fieldColumn(place, field, what) }
	f := &MemberField{
		Values:  column[uint32](&r, name("values"), tab.ConceptRows),
		offsets: column[uint32](&r, name("offsets"), -1),
		bytes:   r.bytes(name("bytes")),
	}
	if r.err == nil {
		r.err = ascend(name("offsets"), f.offsets, len(f.bytes))
	}
	if r.err == nil {
		r.err = below(name("values"), f.Values, len(f.offsets)-1)
	}
	if r.err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: r.err}
	}
	f.Concepts = make([]terminology.Ordinal, len(f.offsets)-1)
	for v := range f.Concepts {
		f.Concepts[v] = p.exactly(f.Text(uint32(v)))
	}
	return f, nil
}

// exactly returns the concept with a code in this very form, else NoOrdinal.
func (p *Provider) exactly(code string) terminology.Ordinal {
	if o, ok := p.find(code); ok && p.Code(o) == code {
		return o
	}
	return terminology.NoOrdinal
}

// MemberIDs reads the ids of the rows of MemberRows. The error is NotFound when there
// are no such rows, NotSupported when some id of them is not a UUID (Rows has them),
// else Corrupt.
func (p *Provider) MemberIDs(table string) ([][16]byte, error) {
	const op = "basic.MemberIDs"
	place, tab, ok := p.memberTable(table)
	if !ok {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Err: fmt.Errorf("table %s has no rows about concepts", table)}
	}
	if !tab.UUIDs {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: fmt.Errorf("the ids of the rows of table %s are not UUIDs", table)}
	}
	r := reader{tables: p.tables}
	b := r.bytes(memberColumn(place, "id"))
	if r.err == nil && (len(b)/16 != tab.ConceptRows || len(b)%16 != 0) {
		r.err = fmt.Errorf("column %s has %d bytes, want %d ids", memberColumn(place, "id"), len(b), tab.ConceptRows)
	}
	if r.err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: r.err}
	}
	return unsafe.Slice((*[16]byte)(unsafe.Pointer(unsafe.SliceData(b))), tab.ConceptRows), nil
}
