package main

import (
	"bufio"
	"strconv"
	"strings"
)

// table is rows under named columns: every row in tsv, and what a person wants to
// see of it on a screen.
type table struct {
	columns []column
	rows    [][]string    // as many cells as columns
	marks   map[int]marks // by row
}

// marks are the parts of the cells of a row that stand out on a screen, by column.
type marks map[int][]mark

// mark is a part of a cell, in code points; end is behind the last.
type mark struct{ start, end int }

// column is one column. Its name is its header in tsv; on a screen it begins with
// an upper-case letter and has spaces for underscores.
type column struct {
	name  string
	show  show
	right bool // whole numbers, whose digits are grouped on a screen
	flex  bool // may be cut to the width of the screen
	notes bool // for a screen only, not in tsv
	style style
}

// show is when a column stands on a screen.
type show uint8

const (
	always   show = iota
	filled        // when any cell is
	differs       // when not all cells are the same
	filledUp      // when any cell is neither empty nor 0
	inTSV         // never
)

// add appends a row.
func (t *table) add(cells ...string) {
	for i := range cells {
		cells[i] = clean(cells[i])
	}
	t.rows = append(t.rows, cells)
}

// markLast marks parts of a cell of the row that was added last; they are in order and
// apart.
func (t *table) markLast(column int, parts []mark) {
	if t.marks == nil {
		t.marks = map[int]marks{}
	}
	t.marks[len(t.rows)-1] = marks{column: parts}
}

// writeTSV writes the header and the rows.
func (t *table) writeTSV(w *bufio.Writer) {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	t.tsvLine(w, names)
	for _, row := range t.rows {
		t.tsvLine(w, row)
	}
}

func (t *table) tsvLine(w *bufio.Writer, cells []string) {
	for i, cell := range cells { // the first column is never for a screen only
		if t.columns[i].notes {
			continue
		}
		if i > 0 {
			w.WriteByte('\t')
		}
		w.WriteString(cell)
	}
	w.WriteByte('\n')
}

// gap is the space between columns.
const gap = 2

// write writes the table for a screen. Without rows it writes nothing.
func (t *table) write(w *bufio.Writer, s screen) { t.layOut(w, s, "", false) }

// writeRows writes the table without its header.
func (t *table) writeRows(w *bufio.Writer, s screen, indent string) { t.layOut(w, s, indent, true) }

func (t *table) layOut(w *bufio.Writer, s screen, indent string, bare bool) {
	if len(t.rows) == 0 {
		return
	}
	var shown []int
	for i := range t.columns {
		if t.shows(i) {
			shown = append(shown, i)
		}
	}
	widths := t.widths(shown, bare)
	if s.width > 0 {
		t.fit(widths, shown, s.width-len(indent))
	}
	if !bare {
		header := make([]string, len(t.columns))
		for i, c := range t.columns {
			header[i] = heading(c.name)
		}
		t.line(w, s, indent, header, shown, widths, true)
	}
	for r, row := range t.rows {
		t.markedLine(w, s, indent, row, t.marks[r], shown, widths, false)
	}
}

func heading(name string) string {
	return strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "_", " ")
}

func (t *table) shows(i int) bool {
	switch t.columns[i].show {
	case always:
		return true
	case filled:
		for _, row := range t.rows {
			if row[i] != "" {
				return true
			}
		}
	case filledUp:
		for _, row := range t.rows {
			if row[i] != "" && row[i] != "0" {
				return true
			}
		}
	case differs:
		for _, row := range t.rows {
			if row[i] != t.rows[0][i] {
				return true
			}
		}
	}
	return false
}

// cell returns a cell as it stands on a screen.
func (t *table) cell(row []string, i int) string {
	if t.columns[i].right {
		if n, err := strconv.ParseInt(row[i], 10, 64); err == nil {
			return count(n)
		}
	}
	return row[i]
}

// widths returns the columns of a terminal that each shown column takes.
func (t *table) widths(shown []int, bare bool) []int {
	widths := make([]int, len(shown))
	for k, i := range shown {
		if !bare {
			widths[k] = width(heading(t.columns[i].name))
		}
		for _, row := range t.rows {
			widths[k] = max(widths[k], width(t.cell(row, i)))
		}
	}
	return widths
}

// fit takes from the widest flexible column, one by one, until the table fits or
// none has more than 12 left.
func (t *table) fit(widths, shown []int, limit int) {
	total := gap * (len(widths) - 1)
	for _, w := range widths {
		total += w
	}
	for ; total > limit; total-- {
		widest := -1
		for k, i := range shown {
			if t.columns[i].flex && widths[k] > 12 && (widest < 0 || widths[k] > widths[widest]) {
				widest = k
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

func (t *table) line(w *bufio.Writer, s screen, indent string, cells []string, shown, widths []int, header bool) {
	t.markedLine(w, s, indent, cells, nil, shown, widths, header)
}

func (t *table) markedLine(w *bufio.Writer, s screen, indent string, cells []string, parts marks, shown, widths []int, header bool) {
	for len(shown) > 1 && cells[shown[len(shown)-1]] == "" {
		shown = shown[:len(shown)-1] // no spaces at the end of a line
	}
	w.WriteString(indent)
	for k, i := range shown {
		c := t.columns[i]
		cell := t.cell(cells, i)
		if s.width > 0 && c.flex {
			cell = cut(cell, widths[k])
		}
		st, last := c.style, k == len(shown)-1
		if header {
			st = title
		}
		fill := max(0, widths[k]-width(cell))
		if c.right {
			writeSpaces(w, fill)
		}
		w.WriteString(s.setMarked(st, cell, parts[i]))
		if !last {
			if c.right {
				fill = 0
			}
			writeSpaces(w, fill+gap)
		}
	}
	w.WriteByte('\n')
}

func writeSpaces(w *bufio.Writer, n int) {
	for range n {
		w.WriteByte(' ')
	}
}
