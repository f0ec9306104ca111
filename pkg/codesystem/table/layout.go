package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// layout is a mapping in one file: what each of its columns does.
type layout struct {
	set           map[string][]setter // by the name of the column in the file
	seen          map[string]bool     // columns that the header or the first objects have
	late          map[string][]late   // JSON: what keys mean that come later, by their folded names
	code, display string
	axis          string // part of the code; "": there is none
	split         string // tells systems apart; "": none does
	language      string
	rules         Rules
	constants     []property
	values        values
}

// late is what a key of JSON means that the first objects lack. A row that has the column
// that means the same does not need it.
type late struct {
	column string
	set    setter
}

// unseen returns the setters of a key that the first objects lack.
func (l *layout) unseen(rec *tabular.Record, column string) []setter {
	var sets []setter
	for _, key := range l.late[foldName(column)] {
		if key.column == column || strings.TrimSpace(rec.Cell(key.column)) == "" {
			sets = append(sets, key.set)
		}
	}
	return sets
}

// setter puts a cell of its column into a row. The cell is not empty.
type setter func(r *row, cell string) error

// header finds columns by their names.
type header struct {
	columns []string
	folded  map[string]string
	json    bool // objects may lack keys
}

func newHeader(h tabular.Head) header {
	columns := slices.Clone(h.Columns)
	if h.Format.JSON {
		for _, rec := range h.Sample {
			for column := range rec.Cells() {
				if !slices.Contains(columns, column) {
					columns = append(columns, column)
				}
			}
		}
	}
	folded := map[string]string{}
	for _, c := range columns {
		if f := foldName(c); folded[f] == "" {
			folded[f] = c
		}
	}
	return header{columns, folded, h.Format.JSON}
}

// foldName is a name without case, and with one space where there is anything that
// publishers put between words.
func foldName(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return strings.ContainsRune(" \t\r\n_-.\u00a0\ufeff", r)
	}), " ")
}

// find returns the column of the file that has one of the names.
func (h header) find(names Names) (string, bool) {
	for _, name := range names {
		if slices.Contains(h.columns, name) {
			return name, true
		}
	}
	for _, name := range names {
		if c, ok := h.folded[foldName(name)]; ok {
			return c, true
		}
	}
	return "", false
}

// Find returns the column of a file that has one of the names: it is how readers that
// are written in Go know their files.
func Find(h tabular.Head, names Names) (column string, ok bool) { return newHeader(h).find(names) }

// maxShown is how many columns a message names.
const maxShown = 40

// missing is the error of a column that the mapping names and the file lacks.
func (h header) missing(file, key string, names Names) error {
	shown := h.columns
	more := ""
	if len(shown) > maxShown {
		shown, more = shown[:maxShown], fmt.Sprintf(" and %d more", len(h.columns)-maxShown)
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return fmt.Errorf("%s: column %s is not in the file; its columns are %s%s", key, strings.Join(quoted, " or "), strings.Join(shown, ", "), more)
}

// binder joins a mapping with a header.
type binder struct {
	header
	file   string
	strict bool // columns that are named must be there
	layout *layout
	errs   []error
}

// bind adds a setter to the column of a key.
func (b *binder) bind(key string, names Names, required bool, set setter) string {
	if len(names) == 0 {
		return ""
	}
	column, ok := b.find(names)
	if !ok {
		if required || b.strict && !b.json {
			b.errs = append(b.errs, b.missing(b.file, key, names))
		}
		if !b.json {
			return ""
		}
		column = names[0]
	}
	b.layout.set[column] = append(b.layout.set[column], set)
	if b.json {
		for _, name := range names {
			name = foldName(name)
			b.layout.late[name] = append(b.layout.late[name], late{column, set})
		}
	}
	return column
}

// layout joins the mapping with the header of a file, for one of its systems. Of a
// mapping from YAML all columns that it names must be there, of one in Go those of
// code and display.
func (m *Mapping) layout(file string, h tabular.Head, s *System) (*layout, error) {
	l := &layout{set: map[string][]setter{}, language: s.Language, rules: m.Rules, values: values{m.File.Decimal, m.File.Dates, h.Format.Workbook}}
	if s.Rules != nil {
		l.rules = *s.Rules
	}
	if l.language == "" {
		l.language = "nb"
	}
	if p := m.Columns.Parent.Prefix; len(p) > 0 {
		l.rules.Above = func(code string) string { return prefix(code, p) }
	}
	for code, value := range s.Properties {
		l.constants = append(l.constants, property{code, value, terminology.ValueString})
	}
	slices.SortFunc(l.constants, func(a, b property) int { return strings.Compare(a.code, b.code) })
	b := &binder{header: newHeader(h), file: file, strict: m.name != "", layout: l}
	if b.json {
		l.seen, l.late = make(map[string]bool, len(b.columns)), map[string][]late{}
		for _, c := range b.columns {
			l.seen[c] = true
		}
	}
	nothing := func(*row, string) error { return nil }
	c := &m.Columns
	l.code = b.bind("columns.code", c.Code, true, nothing)
	l.display = b.bind("columns.display", c.Display, true, nothing)
	if len(c.Axis) > 0 {
		l.axis = b.bind("columns.axis", c.Axis, true, nothing)
	}
	if len(m.Systems.List) > 1 || len(m.Systems.Column) > 0 {
		l.split = b.bind("systems.column", m.Systems.Column, b.strict, nothing)
	}
	m.bindParent(b)
	m.bindTerms(b)
	m.bindProperties(b)
	for _, name := range c.Ignore {
		b.bind("columns.ignore", Names{name}, false, nothing)
	}
	if len(b.errs) > 0 {
		return nil, errors.Join(b.errs...)
	}
	return l, nil
}

func (m *Mapping) bindParent(b *binder) {
	p := m.Columns.Parent
	b.bind("columns.parent.code", p.Code, false, func(r *row, cell string) error {
		if r.parent = cell; r.axis != "" {
			r.parent = r.axis + ":" + cell
		}
		if f := b.layout.rules.Code; f != nil {
			code, err := f(r.parent)
			if err != nil {
				return err
			}
			r.parent = code
		}
		return nil
	})
	b.bind("columns.parent.row", p.Row, false, func(r *row, cell string) error { r.parentRow = cell; return nil })
	b.bind("columns.parent.id", p.ID, false, func(r *row, cell string) error { r.id = cell; return nil })
}

func (m *Mapping) bindTerms(b *binder) {
	for i, d := range m.Columns.Designations {
		language, use := d.Language, d.Use
		if language == "" {
			language = b.layout.language
		}
		if use == "" {
			use = terminology.UseSynonym
		}
		b.bind(fmt.Sprintf("columns.designations[%d]", i), d.Column, false, func(r *row, cell string) error {
			for part := range parts(cell, d.Separator) {
				r.terms = append(r.terms, term{language, use, part})
			}
			return nil
		})
	}
}

func (m *Mapping) bindProperties(b *binder) {
	c, v := &m.Columns, b.layout.values
	for i, p := range c.Properties {
		kind, name := kinds[p.Type], p.Name
		if name == "" {
			name = p.Column[0]
		}
		b.bind(fmt.Sprintf("columns.properties[%d]", i), p.Column, false, func(r *row, cell string) error {
			for part := range parts(cell, p.Separator) {
				value, err := v.text(kind, part, r.number)
				if err != nil {
					return err
				}
				r.add(name, value, kind)
			}
			return nil
		})
	}
	b.bind("columns.valid-from", c.ValidFrom, false, func(r *row, cell string) (err error) {
		if r.from, err = v.day(cell); err == nil {
			r.add("valid-from", r.from.String(), terminology.ValueDateTime)
		}
		return err
	})
	b.bind("columns.valid-to", c.ValidTo, false, func(r *row, cell string) (err error) {
		if r.to, err = v.day(cell); err == nil {
			r.add("valid-to", r.to.String(), terminology.ValueDateTime)
		}
		return err
	})
	b.bind("columns.status.column", c.Status.Column, false, func(r *row, cell string) error {
		r.inactive = slices.ContainsFunc(c.Status.Values, func(s string) bool { return strings.EqualFold(s, cell) })
		r.add("status", cell, terminology.ValueString)
		return nil
	})
	b.bind("columns.abstract.column", c.Abstract.Column, false, func(r *row, cell string) (err error) {
		if len(c.Abstract.Values) > 0 {
			r.abstract = slices.ContainsFunc(c.Abstract.Values, func(s string) bool { return strings.EqualFold(s, cell) })
			return nil
		}
		r.abstract, err = yes(cell)
		return err
	})
	b.bind("columns.replaced-by", c.ReplacedBy, false, func(r *row, cell string) error {
		if f := b.layout.rules.Code; f != nil {
			if r.axis != "" {
				cell = r.axis + ":" + cell
			}
			if code, err := f(cell); err == nil { // else it is a text about several
				cell = code
			}
		}
		r.add(crossmap.ReplacedBy, cell, terminology.ValueCode)
		return nil
	})
	b.bind("columns.sort-order", c.SortOrder, false, func(r *row, cell string) error {
		r.ordered = true
		if value, err := v.text(terminology.ValueInteger, cell, r.number); err == nil {
			r.add("sort-order", value, terminology.ValueInteger)
		} else {
			r.add("sort-order", cell, terminology.ValueString) // such as 1a
		}
		return nil
	})
}

// prefix returns the longest beginning of a code that has one of the lengths.
func prefix(code string, lengths []int) string {
	above, n := "", 0
	for i := range code {
		if slices.Contains(lengths, n) {
			above = code[:i]
		}
		n++
	}
	return above
}

// parts walks the parts of a cell that are not empty.
func parts(cell, separator string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		if separator == "" {
			yield(cell)
			return
		}
		for part := range strings.SplitSeq(cell, separator) {
			if part = strings.TrimSpace(part); part != "" && !yield(part) {
				return
			}
		}
	}
}
