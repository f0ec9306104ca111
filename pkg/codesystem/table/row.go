package table

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// row is one code as the file says it.
type row struct {
	line       int
	axis       string
	code       string
	display    string
	id         string // number of the row
	parent     string // code above
	parentRow  string // or its row
	from, to   terminology.Date
	inactive   bool
	abstract   bool
	ordered    bool // has a sort order
	number     bool // the cell that is being read is a number, not a text
	terms      []term
	properties []property
	earlier    []row // of the same code, valid before it
}

type term struct{ language, use, text string }

type property struct {
	code, value string
	kind        terminology.ValueKind
}

func (r *row) add(code, value string, kind terminology.ValueKind) {
	r.properties = append(r.properties, property{code, value, kind})
}

// read reads a row of the table by the layout.
func (l *layout) read(rec *tabular.Record) (row, error) {
	r := row{line: rec.Line, display: oneSpace(rec.Cell(l.display)), axis: strings.TrimSpace(rec.Cell(l.axis))}
	var err error
	if r.code, err = l.codeOf(rec); err != nil {
		return r, err
	}
	if r.display == "" {
		return r, rec.Bad(l.display, "code %s has no text", r.code)
	}
	i := -1
	for column, cell := range rec.Cells() {
		i++
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		setters, known := l.set[column]
		if !known && l.late != nil && !l.seen[column] {
			setters = l.unseen(rec, column)
			known = len(setters) > 0
		}
		r.number = rec.Number(i)
		if !known {
			r.add(propertyName(column), cell, terminology.ValueString)
		}
		for _, set := range setters {
			if err := set(&r, cell); err != nil {
				return r, rec.Bad(column, "%w", err)
			}
		}
	}
	if r.to != 0 && r.to < r.from {
		return r, rec.Bad("", "code %s is valid from %s to %s", r.code, r.from, r.to)
	}
	if axis, _, ok := strings.Cut(r.code, ":"); ok && l.axis != "" {
		r.add("axis", axis, terminology.ValueString)
	}
	if l.rules.Abstract != nil && l.rules.Abstract(r.code) {
		r.abstract = true
	}
	if l.rules.Row != nil {
		for _, p := range l.rules.Row(r.code) {
			r.add(p.Code, p.Value, p.Kind)
		}
	}
	r.properties = append(r.properties, l.constants...)
	return r, nil
}

// codeOf returns the code of a row in its canonical form.
func (l *layout) codeOf(rec *tabular.Record) (string, error) {
	cell := strings.TrimSpace(rec.Cell(l.code))
	if cell == "" {
		return "", rec.Bad(l.code, "the row has no code")
	}
	if l.axis != "" {
		axis := strings.TrimSpace(rec.Cell(l.axis))
		if axis == "" {
			return "", rec.Bad(l.axis, "code %s has no axis", cell)
		}
		cell = axis + ":" + cell
	}
	if l.rules.Code == nil {
		return cell, nil
	}
	code, err := l.rules.Code(cell)
	if err != nil {
		return "", rec.Bad(l.code, "%w", err)
	}
	return code, nil
}

// propertyName is the name of a property whose column nobody knows.
func propertyName(column string) string {
	if column = strings.TrimSpace(column); column != "" {
		return column
	}
	return "unnamed"
}

// oneSpace takes away spaces at the ends of a text, and all but one of several in it.
func oneSpace(text string) string {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "  ") && !strings.Contains(text, "\u00a0") {
		return text
	}
	var b strings.Builder
	space := false
	for _, r := range text {
		if r == '\u00a0' {
			r = ' '
		}
		if r == ' ' && space {
			continue
		}
		space = r == ' '
		b.WriteRune(r)
	}
	return b.String()
}

// rows are the codes of a file, in its order.
type rows struct {
	list   []row
	byCode map[string]int // index in list
	folded map[string]int // the same, by the code in lower case; nil: case matters
	byID   map[string]string
}

func newRows(caseSens bool) *rows {
	rs := &rows{byCode: map[string]int{}, byID: map[string]string{}}
	if !caseSens {
		rs.folded = map[string]int{}
	}
	return rs
}

// add keeps a row. A code given twice is a bad row, unless the two were valid at
// different times: the later one is then the concept, to which join adds the others.
func (rs *rows) add(rec *tabular.Record, r row) error {
	if r.id != "" {
		if code, ok := rs.byID[r.id]; ok {
			return rec.Bad("", "row %s is given twice: it is %s before", r.id, code)
		}
		rs.byID[r.id] = r.code
	}
	i, ok := rs.byCode[r.code]
	if ok && rs.list[i].apart(&r) {
		rs.list[i] = succeed(rs.list[i], r)
		return nil
	}
	fold := strings.ToLower(r.code)
	if !ok && rs.folded != nil {
		i, ok = rs.folded[fold]
	}
	if ok {
		return rec.Bad("", "code %s is given twice: %s on line %d", r.code, rs.list[i].code, rs.list[i].line)
	}
	rs.byCode[r.code] = len(rs.list)
	if rs.folded != nil {
		rs.folded[fold] = len(rs.list)
	}
	rs.list = append(rs.list, r)
	return nil
}

// useEarlier marks a term as the display of an earlier row.
const useEarlier = "earlier"

func (rs *rows) has(code string) bool {
	_, ok := rs.byCode[code]
	return ok
}
