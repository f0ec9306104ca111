package codesystem

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
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

// withoutZips leaves out the zips of an input whose files lie beside them: publishers'
// downloads are unpacked where they were put. Of other zips the reading of their first
// bytes tells.
func (d *detector) withoutZips(in Input, files []string) []string {
	return slices.DeleteFunc(files, func(name string) bool {
		if !strings.EqualFold(path.Ext(name), ".zip") || !unpacked(in.FS, name) {
			return false
		}
		d.note("%s: %s is left out: all that it holds lies beside it, unpacked", in.Name, name)
		return true
	})
}

// unpacked reports whether each file of a zip lies in the folder of the zip with the same
// name and size, or is a workbook of whose name a text lies there.
func unpacked(fsys fs.FS, name string) bool {
	f, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // nothing was written
	info, err := f.Stat()
	at, ok := f.(io.ReaderAt)
	if err != nil || !ok {
		return false
	}
	z, err := zip.NewReader(at, info.Size())
	if err != nil {
		return false
	}
	beside := func(file string, size uint64) bool {
		info, err := fs.Stat(fsys, path.Join(path.Dir(name), file))
		return err == nil && info.Mode().IsRegular() && uint64(info.Size()) == size
	}
	found, books := map[string]bool{}, []string(nil) // names without extension
	for _, packed := range z.File {
		stem := strings.TrimSuffix(packed.Name, path.Ext(packed.Name))
		switch {
		case packed.FileInfo().IsDir():
		case fs.ValidPath(packed.Name) && (beside(packed.Name, packed.UncompressedSize64) || beside(path.Base(packed.Name), packed.UncompressedSize64)):
			found[stem] = true
		case isWorkbook(packed.Name):
			books = append(books, stem)
		default:
			return false
		}
	}
	return len(found) > 0 && !slices.ContainsFunc(books, func(stem string) bool { return !found[stem] })
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
