package catalog

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// later is the opening of a release that was put off until it is first used.
type later struct {
	open    func() (*Opened, error)
	once    sync.Once
	state   atomic.Uint32
	counts  bool        // uses are noted in used, since it may be let go of again
	used    atomic.Bool // since it was spared last
	checked atomic.Bool // Watch has been at it
	err     error
}

// The states of an opening.
const (
	waits = iota
	ready
	broken
)

// putOff returns a release that is opened when it is first used.
func (c *Catalog) putOff(dir string, m Manifest, info os.FileInfo) *Installed {
	r := &Installed{Manifest: m, Dir: dir, info: info}
	large := c.options.Large != nil && isLarge(m)
	r.later = &later{counts: large, open: func() (*Opened, error) {
		opened, err := c.openAgain(r)
		switch {
		case err != nil:
			c.problems.note(dir, problem{err: err, info: info, retry: time.Now().Add(c.options.Retry)})
		case large:
			c.large.add(c, r)
		}
		return opened, err
	}}
	r.later.checked.Store(!large)
	for i, kept := range m.Kept {
		res := newResource(r, i, kept.ResourceInfo, &c.parsed)
		res.light = kept.Light
		r.resources = append(r.resources, res)
	}
	return r
}

// openAgain opens a release as its manifest was read, and not one that has taken its place
// since.
func (c *Catalog) openAgain(r *Installed) (*Opened, error) {
	opened, err := c.open(r.Dir, r.Manifest)
	if gone := replaced(r.Dir, r.info); gone != nil {
		if opened != nil && opened.Close != nil {
			gone = errors.Join(gone, opened.Close())
		}
		return nil, gone
	}
	return opened, err
}

// mayWait reports whether a release can be put off: only that of which nothing is asked
// but through Snapshot.CodeSystem, or for its maps and the resource that it is, which its
// manifest lists.
func mayWait(m Manifest) bool {
	return m.ResourceCount == len(m.Kept) && (m.Release.Kind == terminology.KindCodeSystem || m.Release.Kind == terminology.KindConceptMap)
}

// Ready opens a release that Options.Later has put off. What Opened holds may be used
// once Ready has returned nil; a release that CodeSystem, CodeSystemOn, Versions or
// Defaults gave is ready. The error is that of the Opener, and stays: Problems has it too.
func (r *Installed) Ready() error {
	l := r.later
	if l == nil {
		return nil
	}
	if l.state.Load() == ready {
		if l.counts && !l.used.Load() {
			l.used.Store(true)
		}
		return nil
	}
	l.once.Do(func() {
		opened, err := l.open()
		if err != nil {
			l.err = err
			l.state.Store(broken)
			return
		}
		r.Opened = *opened
		l.state.Store(ready)
	})
	return l.err
}

// isBroken reports whether a release was found to be one that cannot be opened.
func (r *Installed) isBroken() bool { return r.later != nil && r.later.state.Load() == broken }

// Damage returns the error of a release that was found to be one that cannot be opened, nil
// of one that is open or that nobody has asked for yet.
func (r *Installed) Damage() error {
	if !r.isBroken() {
		return nil
	}
	return r.Ready()
}

// isOpen reports whether a release is open.
func (r *Installed) isOpen() bool { return r.later == nil || r.later.state.Load() == ready }

// OpenedCodeSystem returns the code system of a release that is open, nil of one that waits
// until it is first used: another request may be opening it at this moment.
func (r *Installed) OpenedCodeSystem() terminology.CodeSystem {
	if r.isOpen() {
		return r.CodeSystem
	}
	return nil
}

// HasCodeSystem reports whether a release answers for a code system. It need not be open.
func (r *Installed) HasCodeSystem() bool {
	if r.isOpen() {
		return r.CodeSystem != nil
	}
	return r.Release.Kind == terminology.KindCodeSystem
}

// InstalledOf returns the release that a code system was opened from, nil when it is of
// another snapshot.
func (s *Snapshot) InstalledOf(cs terminology.CodeSystem) *Installed {
	s.noteAll()
	for _, r := range s.Releases {
		if r.isOpen() && r.CodeSystem == cs {
			s.note(readSystem, resourceKey{url: r.Release.System}) // which release of it is open
			return r
		}
	}
	return nil
}
