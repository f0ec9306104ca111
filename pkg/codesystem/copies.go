package codesystem

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// withoutCopies leaves out the workbooks that stand beside a text of the same name that has
// all their columns, of which one reader knows both: publishers give the table that they
// give as text once more for people to look at. It tells of what else is in the others.
func (d *detector) withoutCopies(in Input, found []candidate) []candidate {
	text := map[string]terminology.SourceFile{} // by reader and name without extension
	key := func(reader int, file string) string {
		return fmt.Sprint(reader, " ", strings.TrimSuffix(file, path.Ext(file)))
	}
	for _, c := range found {
		for _, f := range c.files {
			if !isWorkbook(f.Name) {
				text[key(c.reader, f.Name)] = f
			}
		}
	}
	for i := range found {
		c := &found[i]
		c.files = slices.DeleteFunc(c.files, func(f terminology.SourceFile) bool {
			if !isWorkbook(f.Name) {
				return false
			}
			book, err := tabular.SniffFile(f)
			if err != nil {
				return false // its reader tells
			}
			other, ok := text[key(c.reader, f.Name)]
			if !ok || !hasColumns(other, book.Columns) {
				d.noteSheets(in, f.Name, book)
				return false
			}
			d.note("%s: %s is left out: %s has all its columns, as text", in.Name, f.Name, other.Name)
			return true
		})
	}
	return slices.DeleteFunc(found, func(c candidate) bool { return len(c.files) == 0 })
}

// hasColumns reports whether a file has columns of these names.
func hasColumns(file terminology.SourceFile, columns []string) bool {
	head, err := tabular.SniffFile(file)
	return err == nil && !slices.ContainsFunc(columns, func(column string) bool {
		_, ok := table.Find(head, table.Names{column})
		return column != "" && !ok
	})
}

// noteSheets tells of the sheets of a workbook that have codes too and are not read.
func (d *detector) noteSheets(in Input, name string, head tabular.Head) {
	if len(head.Others) > 0 {
		d.note("%s: of %s only the sheet %s is read: left out, though they have a column of codes: %s; save each as a file of its own to import it",
			in.Name, name, head.Format.Sheet, several(head.Others))
	}
}

// isWorkbook reports whether a file that a reader knows is a workbook of Excel.
func isWorkbook(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xlsx", ".xlsm":
		return true
	}
	return false
}

func (d *detector) note(format string, args ...any) {
	if d.o.Note != nil {
		d.o.Note(fmt.Sprintf(format, args...))
	}
}
