package codesystem

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// withoutCopies leaves out the workbooks that stand beside a text of the same name, of
// which one reader knows both: publishers give the table that they give as text once more
// for people to look at, and the text has all of it.
func (d *detector) withoutCopies(in Input, found []candidate) []candidate {
	text := map[string]string{} // by reader and name without extension
	key := func(reader int, file string) string {
		return fmt.Sprint(reader, " ", strings.TrimSuffix(file, path.Ext(file)))
	}
	for _, c := range found {
		for _, f := range c.files {
			if !isWorkbook(f.Name) {
				text[key(c.reader, f.Name)] = f.Name
			}
		}
	}
	for i := range found {
		c := &found[i]
		c.files = slices.DeleteFunc(c.files, func(f terminology.SourceFile) bool {
			other, ok := text[key(c.reader, f.Name)]
			if !ok || !isWorkbook(f.Name) {
				return false
			}
			d.note("%s: %s is left out: %s holds the same as text", in.Name, f.Name, other)
			return true
		})
	}
	return slices.DeleteFunc(found, func(c candidate) bool { return len(c.files) == 0 })
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
