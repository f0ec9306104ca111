package resource

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The limits of a package, unpacked. Resources pack to a tenth or a fiftieth of their size,
// so a two-hundredth is none.
const (
	maxPackage = 1 << 30
	maxEntries = 200_000
	maxRatio   = 200
	freeRatio  = 64 << 20 // bytes before the ratio counts
)

// packageDir is the folder of a FHIR package that holds its resources; what is in folders
// below it are examples and forms for people.
const packageDir = "package"

// OpenPackage reads a FHIR package (.tgz; HL7, "NPM Package
// Specification") and returns its resources and its package.json as files of one folder. Everything else in the
// archive is passed over, whatever its name. The error is Invalid for what is no package,
// is cut short, or is larger than a package may be.
func OpenPackage(r io.Reader, name string) (fs.FS, error) {
	fsys, err := openPackage(r)
	if err != nil {
		return nil, &terminology.Error{Op: "resource.OpenPackage", Kind: terminology.Invalid, Err: fmt.Errorf("%s: %w", name, err)}
	}
	return fsys, nil
}

func openPackage(r io.Reader) (fs.FS, error) {
	head := make([]byte, 64)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		return nil, err
	}
	head = head[:n]
	if strings.HasPrefix(string(head), "version https://git-lfs") {
		return nil, errors.New("this is a Git-LFS pointer, not the package: run git lfs pull in its repository and import again")
	}
	packed := &counted{r: io.MultiReader(bytes.NewReader(head), r)}
	unzipped, err := gzip.NewReader(packed)
	if err != nil {
		return nil, fmt.Errorf("this is not a FHIR package (.tgz): %w", err)
	}
	out := archive{}
	left := int64(maxPackage)
	in := tar.NewReader(&limited{r: unzipped, packed: packed, most: left + maxEntries*1024})
	for entries := 0; ; entries++ {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, damaged(err)
		}
		if entries == maxEntries {
			return nil, fmt.Errorf("the package has more than %d files", maxEntries)
		}
		dir, base := path.Split(path.Clean(h.Name))
		if h.Typeflag != tar.TypeReg || strings.Trim(dir, "/") != packageDir || base[0] == '.' || !strings.HasSuffix(base, ".json") {
			continue
		}
		if left -= h.Size; left < 0 || h.Size < 0 {
			return nil, fmt.Errorf("the package is larger than %d MiB", maxPackage>>20)
		}
		var b bytes.Buffer
		if _, err := io.Copy(&b, in); err != nil {
			return nil, damaged(err)
		}
		out[base] = b.Bytes()
	}
	if len(out) == 0 {
		return nil, errors.New("the archive has no folder package with JSON files in it: want a FHIR package")
	}
	return out, nil
}

func damaged(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the archive is cut short: fetch it again")
	}
	return fmt.Errorf("the archive is damaged: %w", err)
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// limited is a reader that fails when more than most bytes come, or far more than what
// they are packed in can hold.
type limited struct {
	r       io.Reader
	packed  *counted
	n, most int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	switch l.n += int64(n); {
	case l.n > l.most:
		return 0, fmt.Errorf("it unpacks to more than %d MiB", maxPackage>>20)
	case l.n > freeRatio && l.n > maxRatio*l.packed.n:
		return 0, fmt.Errorf("%d bytes unpack to %d and more: that is no FHIR package", l.packed.n, l.n)
	}
	return n, err
}

// archive is a folder of files in memory.
type archive map[string][]byte

// Open opens a file, or the folder.
func (a archive) Open(name string) (fs.File, error) {
	if name == "." {
		return &openFile{info: entry{name: ".", dir: true}}, nil
	}
	data, ok := a[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openFile{Reader: bytes.NewReader(data), info: entry{name: name, size: int64(len(data))}}, nil
}

// ReadDir lists the files.
func (a archive) ReadDir(name string) ([]fs.DirEntry, error) {
	if name != "." {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	var out []fs.DirEntry
	for name, data := range a {
		out = append(out, fs.FileInfoToDirEntry(entry{name: name, size: int64(len(data))}))
	}
	slices.SortFunc(out, func(x, y fs.DirEntry) int { return strings.Compare(x.Name(), y.Name()) })
	return out, nil
}

type openFile struct {
	*bytes.Reader
	info entry
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *openFile) Close() error               { return nil }

// Read reads the file; a folder has nothing to read.
func (f *openFile) Read(p []byte) (int, error) {
	if f.Reader == nil {
		return 0, &fs.PathError{Op: "read", Path: f.info.name, Err: fs.ErrInvalid}
	}
	return f.Reader.Read(p)
}

type entry struct {
	name string
	size int64
	dir  bool
}

func (e entry) Name() string       { return e.name }
func (e entry) Size() int64        { return e.size }
func (e entry) ModTime() time.Time { return time.Time{} }
func (e entry) IsDir() bool        { return e.dir }
func (e entry) Sys() any           { return nil }

func (e entry) Mode() fs.FileMode {
	if e.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
