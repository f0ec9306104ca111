package rf2

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Package is the release files of one folder or zip.
type Package struct {
	Name    string   // as given to Detect
	Files   []File   // all release files, of every form
	Ignored []string // files that are none, such as readme and JSON
	fsys    fs.FS
	broken  map[Form]error // the first file of a form that is none
}

// File is one release file.
type File struct {
	Path    string // inside the package
	Kind    Kind
	Form    Form
	Size    int64    // bytes, uncompressed
	Columns []string // of the header
	fsys    fs.FS
}

// Base returns the name of the file without its folders.
func (f *File) Base() string { return path.Base(f.Path) }

// origin returns the part of the name that says whose release it is: NO1000202 in
// sct2_Concept_Snapshot_NO1000202_20250915.txt. A folder may hold several releases.
func (f *File) origin() string {
	words := strings.Split(strings.TrimSuffix(f.Base(), path.Ext(f.Path)), "_")
	if len(words) < 4 {
		return ""
	}
	return words[len(words)-2]
}

// column returns the place of a column, and -1 when there is none.
func (f *File) column(name string) int {
	return slices.IndexFunc(f.Columns, func(c string) bool { return strings.EqualFold(c, name) })
}

func (f *File) open() (io.ReadCloser, error) { return f.fsys.Open(f.Path) }

// Detect looks for release files in a folder or zip, whose name is for messages.
// It returns nil when there are none. It fails when a file that is named as a
// release file has no header of one, and when a file is given twice.
func Detect(fsys fs.FS, name string) (*Package, error) {
	const op = "rf2.Detect"
	p := &Package{Name: name, fsys: fsys, broken: map[Form]error{}}
	err := fs.WalkDir(fsys, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if err == nil && entry.Name() == "__MACOSX" {
				return fs.SkipDir
			}
			return err
		}
		base := path.Base(file)
		if !strings.EqualFold(path.Ext(base), ".txt") || strings.HasPrefix(base, ".") {
			p.Ignored = append(p.Ignored, file)
			return nil
		}
		f, err := inspect(fsys, file, entry)
		switch {
		case err != nil:
			if form := formOf(file); p.broken[form] == nil {
				p.broken[form] = err
			}
		case f.Kind == Other:
			p.Ignored = append(p.Ignored, file)
		default:
			p.Files = append(p.Files, f)
		}
		return nil
	})
	if err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	if err := p.check(); err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
	}
	if len(p.Files) == 0 {
		return nil, nil
	}
	return p, nil
}

// check refuses a package that cannot be read whole. A file that is broken counts
// only when files of its form are read; reading says it of a Full beside a Snapshot.
func (p *Package) check() error {
	for _, form := range []Form{Snapshot, Full, Delta} {
		if p.broken[form] != nil {
			return p.broken[form]
		}
		if p.has(form) {
			break
		}
	}
	if len(p.deltas()) > 0 && p.broken[Delta] != nil {
		return p.broken[Delta]
	}
	return duplicate(p.Files)
}

func (p *Package) has(form Form) bool {
	for i := range p.Files {
		if p.Files[i].Form == form {
			return true
		}
	}
	return false
}

// duplicate refuses two files of one package with one name but for their dates.
// Files of two packages may share a name: the latest rows hold (see state).
func duplicate(files []File) error {
	seen := map[string]string{}
	for i := range files {
		f := &files[i]
		key := strings.TrimPrefix(strings.ToLower(f.Base()), "x")
		stem := strings.TrimSuffix(key, path.Ext(key))
		if n := strings.LastIndexByte(stem, '_'); n > 0 {
			if _, dated := terminology.ParseDate(stem[n+1:]); dated {
				key = stem[:n]
			}
		}
		key += "|" + f.Form.String()
		if other, twice := seen[key]; twice {
			return fmt.Errorf("found the same %s file twice, want one: %s and %s", f.Kind, other, f.Path)
		}
		seen[key] = f.Path
	}
	return nil
}

// headerMax is more than the longest header there is.
const headerMax = 4096

var (
	byteOrderMark = []byte("\xEF\xBB\xBF")
	lfsPointer    = []byte("version https://git-lfs")
)

// inspect reads the header of one file.
func inspect(fsys fs.FS, file string, entry fs.DirEntry) (File, error) {
	f := File{Path: file, Form: formOf(file), fsys: fsys}
	info, err := entry.Info()
	if err != nil {
		return f, err
	}
	f.Size = info.Size()
	r, err := f.open()
	if err != nil {
		return f, err
	}
	defer r.Close()
	head := make([]byte, headerMax)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return f, err
	}
	if bytes.HasPrefix(head[:n], lfsPointer) {
		return f, &terminology.RowError{File: f.Base(), Line: 1,
			Err: errors.New("found a Git LFS pointer, want the file it points to (run git lfs pull)")}
	}
	head = bytes.TrimPrefix(head[:n], byteOrderMark)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	f.Kind, f.Columns = kindOf(string(bytes.TrimSuffix(line, []byte("\r"))), f.Base())
	if f.Kind == Other && named(f.Base()) {
		if len(head) == 0 {
			return f, &terminology.RowError{File: f.Base(), Err: errors.New("found an empty file, want a header line")}
		}
		return f, &terminology.RowError{File: f.Base(), Line: 1,
			Err: fmt.Errorf("found %q, want the header line of an RF2 file", clip(string(line)))}
	}
	return f, nil
}

// clip shortens what a message quotes.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
