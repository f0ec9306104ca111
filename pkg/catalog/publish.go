package catalog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Staging is the place where releases are built: one importer at a time, on the
// same file system as the releases, and never looked at by servers. What a killed
// importer left there is swept up by the next one.
type Staging struct {
	data string
	lock *os.File
}

const (
	lockName    = "lock"
	buildPrefix = "build-"
	oldPrefix   = "old-"
	gonePrefix  = "gone-"
)

// Stage takes the staging place of a data folder, which is made when it is not
// there. The error is Unavailable while another importer has it.
func Stage(data string) (*Staging, error) {
	const op = "catalog.Stage"
	dir := filepath.Join(data, stagingDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	if err := os.MkdirAll(filepath.Join(data, ReleasesDir), 0o755); err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		return nil, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: fmt.Errorf("another kodeks import or remove works on %s: wait until it has ended", data)}
	}
	s := &Staging{data: data, lock: lock}
	if err := s.sweep(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// sweep removes what a killed importer left. A release that was moved aside for its
// replacement, and whose replacement never came, is moved back.
func (s *Staging) sweep() error {
	const op = "catalog.Stage"
	dir := filepath.Join(s.data, stagingDir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return &terminology.Error{Op: op, Err: err}
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if strings.HasPrefix(e.Name(), oldPrefix) {
			if m, err := ReadManifest(path); err == nil {
				home := Dir(s.data, m.Release)
				if _, err := os.Stat(home); errors.Is(err, os.ErrNotExist) {
					if err := rename(path, home); err != nil {
						return err
					}
					continue
				}
			}
		}
		if e.Name() == lockName {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return &terminology.Error{Op: op, Err: err}
		}
	}
	return nil
}

// Build returns an empty folder to build a release in.
func (s *Staging) Build() (string, error) {
	dir, err := os.MkdirTemp(filepath.Join(s.data, stagingDir), buildPrefix)
	if err != nil {
		return "", &terminology.Error{Op: "catalog.Build", Err: err}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", &terminology.Error{Op: "catalog.Build", Err: err}
	}
	return dir, nil
}

// Publish moves the finished release in dir to its place, as the last step of an
// import. A release of the same name and date is replaced when replace is set; the
// error is Conflict when it is not, and always when it is one of another code system. A folder without a manifest is no release and
// gives way. The two change places in one step where the file system can do that;
// elsewhere there is a moment between two renames in which neither is there, and
// sweep mends what a kill in it leaves. Every file must have been synced.
func (s *Staging) Publish(dir string, r terminology.Release, replace bool) error {
	const op = "catalog.Publish"
	home := Dir(s.data, r)
	if err := os.MkdirAll(filepath.Dir(home), 0o755); err != nil {
		return &terminology.Error{Op: op, Err: err}
	}
	if err := syncDir(filepath.Join(s.data, ReleasesDir)); err != nil {
		return err
	}
	old := ""
	if _, err := os.Stat(home); err == nil {
		if err := Replaces(home, r); err != nil {
			return err
		}
		whole := true
		if _, err := os.Stat(filepath.Join(home, manifestName)); errors.Is(err, os.ErrNotExist) {
			whole = false
		}
		if whole && !replace {
			return &terminology.Error{Op: op, Kind: terminology.Conflict, Coding: terminology.Coding{System: r.System, Version: r.Version}, Err: fmt.Errorf("%s %s is installed already: use --replace to put this one in its place", r.Name, r.Date)}
		}
		if err := exchange(dir, home); err == nil {
			_ = os.RemoveAll(dir) // the rest is for the next sweep: the release is published
			return nil
		}
		if old, err = s.setAside(home, oldPrefix); err != nil {
			return err
		}
	}
	if err := rename(dir, home); err != nil {
		if old != "" {
			err = errors.Join(err, rename(old, home))
		}
		return err
	}
	if old != "" {
		_ = os.RemoveAll(old)
	}
	return nil
}

// Remove takes a release away, whole or damaged, in one step. Servers that have it
// open answer from it until they see that it is gone.
func (s *Staging) Remove(r terminology.Release) error {
	home := Dir(s.data, r)
	gone, err := s.setAside(home, gonePrefix) // which sweep does not move back
	if err != nil {
		return err
	}
	if err := os.RemoveAll(gone); err != nil {
		return &terminology.Error{Op: "catalog.Remove", Err: err}
	}
	_ = os.Remove(filepath.Dir(home)) // goes only when it is empty
	return nil
}

// Replaces returns the error, of kind Conflict, that the release in dir, whole or damaged,
// is one of another code system than r, which must not take its place; else nil.
func Replaces(dir string, r terminology.Release) error {
	m, _ := ReadManifest(dir) // what can be read of it
	if m.Release.System == "" || m.Release.System == r.System {
		return nil
	}
	return &terminology.Error{Op: "catalog.Publish", Kind: terminology.Conflict, Coding: terminology.Coding{System: r.System, Version: r.Version},
		Err: fmt.Errorf("%s %s is installed as a release of %s, and this one is of %s: remove that one with kodeks remove %s %s, or give this one another name or version", r.Name, r.Date, m.Release.System, r.System, r.Name, r.Date)}
}

func (s *Staging) setAside(home, prefix string) (string, error) {
	place, err := os.MkdirTemp(filepath.Join(s.data, stagingDir), prefix)
	if err != nil {
		return "", &terminology.Error{Op: "catalog.setAside", Err: err}
	}
	// os.Rename takes no folder that is there, so only the name is kept: the lock
	// keeps others from it.
	if err := os.Remove(place); err != nil {
		return "", &terminology.Error{Op: "catalog.setAside", Err: err}
	}
	return place, rename(home, place)
}

// Close lets the staging place go.
func (s *Staging) Close() error {
	if err := s.lock.Close(); err != nil { // closing releases the lock
		return &terminology.Error{Op: "catalog.Stage", Err: err}
	}
	return nil
}

// rename moves a folder and makes the move durable.
func rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return &terminology.Error{Op: "catalog.rename", Err: err}
	}
	if err := syncDir(filepath.Dir(to)); err != nil {
		return err
	}
	return syncDir(filepath.Dir(from))
}
