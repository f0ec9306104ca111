package tabular

import (
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Record is one row: cells under the names of their columns.
type Record struct {
	File string
	Line int // of the row's first character; 1 is the first line

	columns []string
	cells   []string
	numeric []uint16 // places of the cells that are numbers; 1 is the first
}

// Cell returns the text under a column. It is empty when the column is missing,
// when JSON says null, and when the cell is empty: publishers do not keep these
// apart.
func (r *Record) Cell(column string) string {
	for i, c := range r.columns {
		if c == column {
			return r.cells[i]
		}
	}
	return ""
}

// Cells walks the columns and their cells in the order of the file.
func (r *Record) Cells() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for i, c := range r.columns {
			if !yield(c, r.cells[i]) {
				return
			}
		}
	}
}

// Number reports whether the i-th cell of Cells, 0 is the first, is a number of a
// workbook or of JSON and no text: its decimal sign is then a point, whatever texts have.
func (r *Record) Number(i int) bool {
	if i < 0 || i >= math.MaxUint16 {
		return false
	}
	_, ok := slices.BinarySearch(r.numeric, uint16(i+1))
	return ok
}

// Bad returns the error of a cell of this row, or of the whole row when column
// is empty.
func (r *Record) Bad(column, format string, args ...any) *terminology.RowError {
	return &terminology.RowError{File: r.File, Line: r.Line, Column: column, Err: fmt.Errorf(format, args...)}
}
