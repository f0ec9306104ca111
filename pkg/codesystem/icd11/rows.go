package icd11

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The kinds of rows, as the column ClassKind says them.
const (
	kindChapter  = "chapter"
	kindBlock    = "block"
	kindCategory = "category"
)

// row is one row of a tabulation.
type row struct {
	line       int
	code       string
	kind       string
	title      string
	english    string // in a file of another language
	parent     int    // row; -1: none
	properties []terminology.Property
	groupings  []string
}

// rows are the rows of a tabulation, in its order.
type rows struct {
	file
	columns []column
	list    []row
	byCode  map[string]int // by the code in lower case
	byURI   map[entity]int
	open    []int // the row that is open at each depth of the hierarchy
}

// column is a column of the file.
type column struct {
	name string
	role role
}

func newRows(f file) *rows {
	return &rows{file: f, byCode: map[string]int{}, byURI: map[entity]int{}}
}

// role returns the role of the i-th column.
func (rs *rows) role(i int, name string) role {
	if i == len(rs.columns) {
		rs.columns = append(rs.columns, column{name, roleOf(name)})
	}
	if c := rs.columns[i]; c.name == name {
		return c.role
	}
	return roleOf(name)
}

// undash returns a title without the dashes before it, one for each level of the
// hierarchy above, and their number.
func undash(title string) (text string, dashes int) {
	for title == "-" || strings.HasPrefix(title, "- ") {
		title, dashes = strings.TrimLeft(title[1:], " "), dashes+1
	}
	return title, dashes
}

// cells are what the row of a record says by role.
type cells struct {
	values [parentURI + 1]string
	names  [parentURI + 1]string
}

// add reads a row and keeps it. Its parent stands before it.
func (rs *rows) add(rec *tabular.Record) error {
	r := row{line: rec.Line, parent: -1}
	var c cells
	i := 0
	for name, cell := range rec.Cells() {
		role := rs.role(i, name)
		i++
		c.names[role] = name
		cell = strings.TrimSpace(cell)
		switch {
		case cell == "":
		case role == grouping:
			r.groupings = append(r.groupings, cell)
		case role == unknownRole:
			r.add(name, terminology.ValueString, cell)
		default:
			c.values[role] = cell
		}
	}
	uri := c.values[linearizationURI]
	e, _, size, ok := parseURI(uri)
	if !ok || size != len(uri) {
		return rec.Bad(c.names[linearizationURI], "%q is not the URI of an entity of ICD-11, such as http://id.who.int/icd/release/11/mms/257068234", uri)
	}
	if err := r.identify(rec, &c, e); err != nil {
		return err
	}
	if before, ok := rs.byCode[strings.ToLower(r.code)]; ok {
		return rec.Bad("", "code %s is given twice: %s on line %d", r.code, rs.list[before].code, rs.list[before].line)
	}
	if before, ok := rs.byURI[e]; ok {
		return rec.Bad(c.names[linearizationURI], "%s is given twice: on line %d for %s", uri, rs.list[before].line, rs.list[before].code)
	}
	depth := 0
	if r.title, depth = undash(c.values[title]); r.title == "" {
		return rec.Bad(c.names[title], "%s %s has no title", r.kind, r.code)
	}
	r.english, _ = undash(c.values[titleEN])
	if err := rs.place(rec, &c, &r, depth); err != nil {
		return err
	}
	if err := r.describe(rec, &c); err != nil {
		return err
	}
	rs.byCode[strings.ToLower(r.code)], rs.byURI[e] = len(rs.list), len(rs.list)
	rs.open = append(rs.open[:depth], len(rs.list))
	rs.list = append(rs.list, r)
	return nil
}

// identify gives the row its kind and its code.
func (r *row) identify(rec *tabular.Record, c *cells, e entity) error {
	r.kind, r.code = strings.ToLower(c.values[classKind]), c.values[codeRole]
	switch {
	case r.kind == kindCategory:
		if !isCategory(r.code) {
			return rec.Bad(c.names[codeRole], "%q is not an ICD-11 code, such as 1A00 or 1A03.0", r.code)
		}
	case r.kind == kindChapter && r.code == "":
		if r.code = c.values[chapterNo]; !isChapter(r.code) {
			return rec.Bad(c.names[chapterNo], "%q is not the number of a chapter, such as 01 or X", r.code)
		}
	case r.kind == kindBlock && r.code == "":
		if r.code = c.values[blockID]; r.code == "" {
			r.code = e.number()
		}
	case r.kind != kindChapter && r.kind != kindBlock:
		return rec.Bad(c.names[classKind], "%q, want %s, %s or %s", c.values[classKind], kindChapter, kindBlock, kindCategory)
	}
	return nil
}

// place finds the parent of a row: the one that it names, else the row before it with one
// dash less.
func (rs *rows) place(rec *tabular.Record, c *cells, r *row, depth int) error {
	if depth > len(rs.open) {
		return rec.Bad(c.names[title], "%s has %d dashes, and the row before it that could be its parent has %d", r.code, depth, len(rs.open)-1)
	}
	if depth > 0 {
		r.parent = rs.open[depth-1]
	}
	named := c.values[parentURI]
	if e, _, size, ok := parseURI(named); ok && size == len(named) {
		parent, known := rs.byURI[e]
		switch {
		case known:
			r.parent = parent
		case depth > 0: // that of a chapter is the linearization itself
			return rec.Bad(c.names[parentURI], "the parent %s of %s is in no row before it", named, r.code)
		}
	}
	if depth == 0 && r.kind != kindChapter && r.parent < 0 {
		return rec.Bad(c.names[title], "%s %s stands in no chapter: its title has no dashes", r.kind, r.code)
	}
	return nil
}

// describe gives the row its properties, in the order in which they are shown.
func (r *row) describe(rec *tabular.Record, c *cells) error {
	own := r.properties
	r.properties = make([]terminology.Property, 0, 8+len(own))
	r.add(propKind, terminology.ValueString, r.kind)
	if r.kind == kindCategory {
		kind := "stem"
		if isExtension(r.code) {
			kind = "extension"
		}
		r.add(propType, terminology.ValueString, kind)
	}
	r.add(propChapter, terminology.ValueString, c.values[chapterNo])
	for _, flag := range [...]struct {
		role role
		code string
	}{{isResidual, propResidual}, {primary, propPrimary}} {
		value := strings.ToLower(c.values[flag.role])
		switch {
		case value != "" && value != "true" && value != "false":
			return rec.Bad(c.names[flag.role], "%q, want True or False", c.values[flag.role])
		case value == "true" || value == "false" && flag.role == primary:
			r.add(flag.code, terminology.ValueBoolean, value)
		}
	}
	r.add(propNote, terminology.ValueString, c.values[codingNote])
	r.add(propFoundation, terminology.ValueString, c.values[foundationURI])
	r.add(propLinearization, terminology.ValueString, c.values[linearizationURI])
	r.add(propBrowser, terminology.ValueString, link(c.values[browserLink]))
	r.properties = append(r.properties, own...)
	return nil
}

func (r *row) add(code string, kind terminology.ValueKind, value string) {
	if value != "" {
		r.properties = append(r.properties, terminology.Property{Code: code, Kind: kind, Value: value})
	}
}

// link returns the address in a formula of a spreadsheet: =hyperlink("https://...","browser").
// A workbook keeps only the word that is shown, which is no address.
func link(cell string) string {
	i := strings.Index(cell, "http")
	if i < 0 {
		return ""
	}
	address, _, _ := strings.Cut(cell[i:], `"`)
	return address
}
