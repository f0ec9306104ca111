package store

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// savedDir is the folder beside the database that holds what was saved, a file a name.
// Nothing in it is synced: a file that a power cut has damaged is told by its checksum,
// and is made anew.
const savedDir = "saved"

var _ terminology.SavedStore = (*Resources)(nil)

// savedFile returns the file of a name, which is a number in hexadecimal.
func (r *Resources) savedFile(op, name string) (string, error) {
	if _, err := hex.DecodeString(name); err != nil || name == "" {
		return "", &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("the name %q is no number in hexadecimal", name)}
	}
	return filepath.Join(r.dir, savedDir, name), nil
}

// Saved returns what was saved under a name.
func (r *Resources) Saved(name string) ([]byte, error) {
	const op = "store.Saved"
	file, err := r.savedFile(op, name)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Err: errors.New("no such name")}
	}
	if err != nil {
		return nil, wrap(op, err)
	}
	return data, nil
}

// Save keeps what write writes under a name.
func (r *Resources) Save(name string, write func(io.Writer) error) (err error) {
	const op = "store.Save"
	file, err := r.savedFile(op, name)
	if err != nil {
		return err
	}
	if r.readOnly {
		return &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: errors.New("the resources were opened to be read only")}
	}
	if err := r.room(op, 0); err != nil {
		return err
	}
	dir := filepath.Dir(file)
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return wrap(op, err)
	}
	f, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return wrap(op, err)
	}
	to := bufio.NewWriterSize(f, 1<<20)
	if err = write(to); err == nil {
		err = to.Flush()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return wrap(op, errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

// Unsave removes what was saved under a name.
func (r *Resources) Unsave(name string) error {
	const op = "store.Unsave"
	file, err := r.savedFile(op, name)
	if err != nil {
		return err
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return wrap(op, err)
	}
	return nil
}

// Forget removes what was saved under the names for which keep returns false, and what
// was not saved whole; it is not to be called while anything is being saved.
func (r *Resources) Forget(keep func(name string) bool) error {
	const op = "store.Forget"
	dir := filepath.Join(r.dir, savedDir)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || r.readOnly {
		return nil
	}
	if err != nil {
		return wrap(op, err)
	}
	var errs []error
	for _, e := range entries {
		if strings.Contains(e.Name(), ".") || !keep(e.Name()) {
			errs = append(errs, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return wrap(op, err)
	}
	return nil
}
