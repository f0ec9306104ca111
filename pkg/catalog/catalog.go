package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Opened is an open release. CodeSystem and Text are nil for a map.
type Opened struct {
	CodeSystem terminology.CodeSystem
	Text       terminology.TextIndex
	Maps       terminology.MapReader
	// Resources are the FHIR resources that the release holds; nil: none.
	Resources terminology.ResourceReader
	// Served are code systems of a collection of resources, which answer beside it.
	Served []Served
	Close  func() error
}

// Served is a code system that a resource in a collection answers for.
type Served struct {
	CodeSystem terminology.CodeSystem
	Text       terminology.TextIndex
	Maps       terminology.MapReader // without maps
}

// Opener opens the release in dir.
type Opener func(dir string, m Manifest) (*Opened, error)

// Installed is an open release of a snapshot.
type Installed struct {
	Manifest
	Opened
	Dir string
	// Of is the collection whose resource this is; nil of a release with a folder of
	// its own.
	Of     *Installed
	served []*Installed
	names  []terminology.Release // what naming systems call code systems
	// resources are the FHIR resources of the release.
	resources []*Resource
	later     *later         // nil: it was opened at once
	info      os.FileInfo    // of the manifest, to see a replacement
	edition   snomed.Edition // of SNOMED CT
	refs      atomic.Int64
	number    numbered
	content   uint64      // 0: number; see Content
	gone      atomic.Bool // no later snapshot has it
}

// Options are the choices of a server.
type Options struct {
	// Language is the language of the server. Of several editions of a code system,
	// the one in this language answers when no version is asked for; an experimental
	// one only when there is no other.
	Language string
	// Default gives for a code system the version, edition or date that answers
	// when no version is asked for.
	Default map[string]string
	// Retry is how long Refresh leaves a release alone that it could not open and
	// that has not been replaced, since trying takes as long as opening a good one. 0: it tries each time.
	Retry time.Duration
	// Later puts off the opening of releases until they are used, for a process that
	// asks little: of each it is asked at once whether what the manifest tells can be
	// read. nil: all releases are open before they are answered from.
	Later func(Manifest) error
	// Large is what is done with large code systems of FHIR resources where Later is nil;
	// nil: they are opened as all others are.
	Large *Large
	// Today returns the day: a release whose first day is still to come answers only when
	// its version is asked for, or when there is no other. Refresh sees that the day has
	// changed. nil: no release is still to come.
	Today func() terminology.Date
	// Stored keeps the resources that clients write, and OpenResource makes of one what
	// answers for its codes or maps, nil for one that only is read. Stored stays the
	// caller's to close. nil: nobody writes any.
	Stored       terminology.ResourceStore
	OpenResource func(*resource.Resource) (*Opened, error)
	ReadOnly     bool // nothing can be written to Stored
	// MaxOpened is about how many bytes code systems and maps of Stored may take that are
	// kept open; 0: 256 MiB.
	MaxOpened int
}

// today returns the day, 0 for none.
func (o Options) today() terminology.Date {
	if o.Today == nil {
		return 0
	}
	return o.Today()
}

// Catalog keeps the snapshot of a data folder.
type Catalog struct {
	data    string
	open    Opener
	options Options
	current atomic.Pointer[Snapshot]
	changes atomic.Uint64 // of current
	left    atomic.Uint64 // how often releases have left current

	mu       sync.Mutex // of Refresh
	problems problems
	written  written // under mu
	queue    queue   // of what clients want written
	opened   openedWritten
	large    openedLarge
	parsed   parsedKept
}

// Open opens all releases of a data folder. A release that cannot be opened does
// not keep others from answering: Problems tells. The error is NotFound when the
// folder has never been imported into.
func Open(data string, open Opener, o Options) (*Catalog, error) {
	const op = "catalog.Open"
	if _, err := os.Stat(filepath.Join(data, ReleasesDir)); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Err: fmt.Errorf("%s holds no releases: import one with kodeks import PATH --data %s", data, data)}
		}
		return nil, &terminology.Error{Op: op, Err: err}
	}
	c := &Catalog{data: data, open: open, options: o}
	c.opened.most = cmp.Or(o.MaxOpened, maxOpened)
	v, err := c.loadWritten()
	if err != nil {
		return nil, err
	}
	c.current.Store(newSnapshot(newBase(nil, o), v))
	_, err = c.Refresh()
	return c, err
}

// Change is a release that came or went, or that is in force from today.
type Change struct {
	Release terminology.Release
	Removed bool
	Err     error // the release is there and cannot be opened
}

// Refresh looks at the data folder and, when releases came or went, or the first day of
// one has come, replaces the snapshot. It tells what changed. A folder that cannot be read changes nothing, and
// a release whose replacement cannot be opened answers on: both are errors to be
// told, and no reason to stop answering.
func (c *Catalog) Refresh() ([]Change, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	dirs, err := manifests(c.data)
	if err != nil {
		return nil, &terminology.Error{Op: "catalog.Refresh", Err: err}
	}
	old := c.current.Load()
	known := map[string]*Installed{}
	for _, r := range old.Releases {
		if r.Of == nil {
			known[r.Dir] = r
		}
	}
	var next []*Installed
	var come []opening
	earlier, problems := c.problems.all(), map[string]problem{}
	for _, dir := range dirs {
		info, err := os.Stat(filepath.Join(dir, manifestName))
		if errors.Is(err, os.ErrNotExist) {
			continue // removed meanwhile
		}
		if r := known[dir]; r != nil && err == nil && os.SameFile(r.info, info) && r.info.ModTime().Equal(info.ModTime()) {
			p, told := earlier[dir] // of one that is broken; false: it was found at this moment
			if r.isBroken() && told && c.options.Retry > 0 && !time.Now().Before(p.retry) {
				come = append(come, opening{dir: dir, info: info, atOnce: true})
				continue
			}
			next = append(next, r)
			delete(known, dir)
			if r.isBroken() && told {
				problems[dir] = p
			}
			continue
		}
		if p, ok := earlier[dir]; ok && err == nil && p.same(info) && time.Now().Before(p.retry) {
			problems[dir] = p
			if before := known[dir]; before != nil {
				next = append(next, before)
				delete(known, dir)
			}
			continue
		}
		come = append(come, opening{dir: dir, info: info})
	}
	c.openAll(come)
	var changes []Change
	for _, o := range come {
		if o.err == nil {
			delete(known, o.dir)
			next = append(next, o.release)
			changes = append(changes, Change{Release: o.release.Release})
			continue
		}
		if before := known[o.dir]; before != nil { // its replacement is no better than none
			next = append(next, before)
			delete(known, o.dir)
		}
		problems[o.dir] = problem{o.err, o.info, time.Now().Add(c.options.Retry)}
		if p := earlier[o.dir]; p.err == nil || p.err.Error() != o.err.Error() {
			changes = append(changes, Change{Release: terminology.Release{Name: filepath.Base(filepath.Dir(o.dir)), Date: filepath.Base(o.dir)}, Err: o.err})
		}
	}
	for _, r := range known {
		changes = append(changes, Change{Release: r.Release, Removed: true})
	}
	c.problems.replace(earlier, problems)
	for _, r := range old.begun(c.options.today()) {
		changes = append(changes, Change{Release: r.Release})
	}
	if len(changes) == 0 {
		return nil, nil
	}
	c.swap(next)
	return changes, nil
}

// swap puts a snapshot of releases, and of what clients wrote, in the place of the current one.
func (c *Catalog) swap(releases []*Installed) {
	c.large.forget(releases)
	next := newSnapshot(newBase(releases, c.options), c.current.Load().view)
	var gone []*Installed
	for _, r := range c.current.Load().base.releases {
		if !slices.Contains(next.base.releases, r) {
			gone = append(gone, r)
		}
	}
	c.show(next)
	c.leave(gone...)
}

// show puts a snapshot in the place of the current one that may answer otherwise.
func (c *Catalog) show(s *Snapshot) {
	c.replace(s)
	c.changes.Add(1)
}

// replace puts a snapshot in the place of the current one, unless it is held already after
// holding what it needs.
func (c *Catalog) replace(s *Snapshot) {
	if s.refs.Load() == 0 {
		s.hold()
	}
	c.current.Swap(s).LetGo()
}

// leave notes that no later snapshot has some releases, so that what keeps them lets go.
func (c *Catalog) leave(gone ...*Installed) {
	for _, r := range gone {
		r.gone.Store(true)
	}
	c.left.Add(1) // also when a release has come, whose snapshot knows others by its names
}

// Left counts how often releases may have left the snapshot: who keeps releases, or what
// was made of them, looks then which of them are Gone.
func (c *Catalog) Left() uint64 { return c.left.Load() }

// Gone reports whether no snapshot that is acquired from now on has the release.
func (r *Installed) Gone() bool { return r.gone.Load() }

// Watch refreshes at an interval until the context ends, and reports what changed.
func (c *Catalog) Watch(ctx context.Context, every time.Duration, report func(Change)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	told := "" // an error that lasts is told once
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		changes, err := c.Refresh()
		switch {
		case err == nil:
			told = ""
		case err.Error() != told:
			told = err.Error()
			changes = append(changes, Change{Err: err})
		}
		for _, ch := range changes {
			report(ch)
		}
		c.checkLarge(ctx, report)
	}
}

// Generation counts the changes of the snapshot. What was found in a snapshot that
// was acquired after Generation was read is that generation's, or a later one's.
func (c *Catalog) Generation() uint64 { return c.changes.Load() }

// Acquire returns the snapshot of this moment. The caller must LetGo of it.
func (c *Catalog) Acquire() *Snapshot {
	for {
		s := c.current.Load()
		for n := s.refs.Load(); n > 0; n = s.refs.Load() {
			if s.refs.CompareAndSwap(n, n+1) {
				return s
			}
		}
	}
}

// errClosed is why nothing is written after Close.
var errClosed = errors.New("the server ends")

// Close closes all releases once the last snapshot is let go. Nothing may be
// acquired afterwards but an empty snapshot, and nothing is written any more.
func (c *Catalog) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.written.broken = &terminology.Error{Op: "catalog.Write", Kind: terminology.Unavailable, Err: errClosed}
	c.written.newest = shared[writtenKey, *Resource]{} // for letOpened, which may come after it
	c.current.Swap(newSnapshot(newBase(nil, c.options), newView())).LetGo()
	return nil
}
