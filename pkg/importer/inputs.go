package importer

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Inputs are the opened paths of a command line.
type Inputs struct {
	List    []codesystem.Input
	closers []io.Closer
}

// OpenInputs opens folders, zip files and single files. The error says what is
// wrong with a path.
func OpenInputs(paths []string) (*Inputs, error) {
	in := &Inputs{}
	for _, path := range paths {
		fsys, closer, err := openInput(path)
		if err != nil {
			return nil, errors.Join(&terminology.Error{Op: "importer.OpenInputs", Kind: terminology.Invalid, Err: err}, in.Close())
		}
		name := path
		if _, ok := fsys.(singleFile); ok {
			name = filepath.Dir(path) // the file itself is named inside it
		}
		in.List = append(in.List, codesystem.Input{Name: name, FS: fsys})
		if closer != nil {
			in.closers = append(in.closers, closer)
		}
	}
	return in, nil
}

// Close closes the zip files.
func (in *Inputs) Close() error {
	var errs []error
	for _, c := range in.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

func openInput(path string) (fs.FS, io.Closer, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s does not exist: name a folder, a zip file or a file of a release", path)
	}
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		return os.DirFS(path), nil, nil
	}
	if name := strings.ToLower(path); strings.HasSuffix(name, ".tgz") || strings.HasSuffix(name, ".tar.gz") {
		fsys, err := openPackage(path)
		return fsys, nil, err
	}
	if !strings.EqualFold(filepath.Ext(path), ".zip") {
		return singleFile{path}, nil, nil
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		if head := firstBytes(path); strings.HasPrefix(head, "version https://git-lfs") {
			return nil, nil, fmt.Errorf("%s is a Git LFS pointer, not the file itself: fetch it with git lfs pull", path)
		}
		return nil, nil, fmt.Errorf("%s is not a zip file that can be read: %w", path, err)
	}
	return zipFiles{&z.Reader}, z, nil
}

// openPackage reads a FHIR package into memory.
func openPackage(path string) (fs.FS, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	return resource.OpenPackage(f, path)
}

func firstBytes(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // nothing was written
	b := make([]byte, 64)
	n, _ := io.ReadFull(f, b)
	return string(b[:n])
}

// singleFile is a file system with one file.
type singleFile struct{ path string }

// Open opens the file, or the folder that holds it alone.
func (s singleFile) Open(name string) (fs.File, error) {
	dir := os.DirFS(filepath.Dir(s.path))
	switch name {
	case filepath.Base(s.path):
		return dir.Open(name)
	case ".":
		return s.root()
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir lists the one file.
func (s singleFile) ReadDir(name string) ([]fs.DirEntry, error) {
	if name != "." {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	info, err := os.Stat(s.path)
	if err != nil {
		return nil, err
	}
	return []fs.DirEntry{fs.FileInfoToDirEntry(info)}, nil
}

func (s singleFile) root() (fs.File, error) { return os.Open(filepath.Dir(s.path)) }
