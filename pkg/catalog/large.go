package catalog

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Large says what a server does with large code systems of FHIR resources, of which there
// may be hundreds: each is opened when it is first used, as those that clients write are,
// and of many those are open that are used. That one is damaged is known when it is
// opened, or when Check has been at it, which Watch asks of one after the other.
type Large struct {
	// Readable tells of what a manifest says whether it can be read.
	Readable func(Manifest) error
	// Check opens a release and closes it again.
	Check func(dir string, m Manifest) error
	// Most is about how many bytes of tables may be open at once; 0: 512 MiB.
	Most int64
}

// largeTables is from how many bytes of tables a code system of a FHIR resource is large.
const largeTables = 4 << 20

const mostLarge = 512 << 20

// isLarge reports whether Large is for a release.
func isLarge(m Manifest) bool {
	return m.Release.Kind == terminology.KindCodeSystem && resource.IsReleaseName(m.Release.Name) && tablesBytes(m) >= largeTables
}

func tablesBytes(m Manifest) int64 {
	n := int64(0)
	for _, f := range m.Files {
		if strings.HasPrefix(f.Name, TablesDir+"/") {
			n += f.Bytes
		}
	}
	return n
}

// openedLarge are the large releases that are open, and may be let go of again.
type openedLarge struct {
	mu      sync.Mutex
	list    []*Installed // the one that was opened first, or spared last, at the end
	bytes   int64
	letting bool
}

// add notes that a release was opened. When it is too much, what was not used for longest
// is let go of soon.
func (o *openedLarge) add(c *Catalog, r *Installed) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list = append(o.list, r)
	o.bytes += tablesBytes(r.Manifest)
	if o.bytes > c.options.Large.most() && !o.letting {
		o.letting = true
		go c.letLarge() // who opens may hold what it needs
	}
}

func (l *Large) most() int64 {
	if l.Most > 0 {
		return l.Most
	}
	return mostLarge
}

// victims takes those from the list that are to be let go of: half of all, so that it is
// not done for each that is opened. Those that were used since they were spared last are
// spared again, in turn. The one that was opened last is none.
func (o *openedLarge) victims(most int64) map[*Installed]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := map[*Installed]bool{}
	for spared := 0; o.bytes > most/2 && len(o.list) > 1; {
		first := o.list[0]
		o.list = o.list[1:]
		if first.later.used.Swap(false) && spared < len(o.list) {
			o.list = append(o.list, first)
			spared++
			continue
		}
		o.bytes -= tablesBytes(first.Manifest)
		out[first] = true
	}
	o.letting = false
	return out
}

// forget takes releases from the list that are no longer installed.
func (o *openedLarge) forget(releases []*Installed) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list = slices.DeleteFunc(o.list, func(r *Installed) bool {
		if slices.Contains(releases, r) {
			return false
		}
		o.bytes -= tablesBytes(r.Manifest)
		return true
	})
}

// letLarge puts releases that are not open in the place of those that were open for
// longest without being used. They are closed when the last snapshot is let go that has
// them. Nothing answers otherwise for that: it is no change of the catalog.
func (c *Catalog) letLarge() {
	c.mu.Lock()
	defer c.mu.Unlock()
	victims := c.large.victims(c.options.Large.most())
	cur := c.current.Load()
	var next, gone []*Installed
	for _, r := range cur.base.releases {
		switch {
		case r.Of != nil: // with that which it is of
		case victims[r]:
			next, gone = append(next, c.putOffAgain(r)), append(gone, r)
		default:
			next = append(next, r)
		}
	}
	c.large.forget(next) // what was opened when it was no longer installed
	if len(gone) > 0 {
		c.replace(newSnapshot(cur.base.with(next), cur.view))
		c.leave(gone...)
	}
}

// putOffAgain returns a release that is not open in the place of one that is. It has the
// same content and the same resources.
func (c *Catalog) putOffAgain(old *Installed) *Installed {
	r := c.putOff(old.Dir, old.Manifest, old.info).identified()
	r.later.checked.Store(true)
	r.content = old.Content()
	for i, res := range r.resources {
		before := old.resources[i]
		res.number.n.Store(before.number.of())
		if before.reading.TryLock() { // else somebody reads it at this moment, and the next will again
			res.facts = before.facts
			before.reading.Unlock()
		}
	}
	return r
}

// checkSome is how long Watch is at checking each time that it looks.
const checkSome = 200 * time.Millisecond

// checkLarge opens large releases that nobody has used yet, one after the other, for some
// time, and tells which are damaged. It tells each once.
func (c *Catalog) checkLarge(ctx context.Context, report func(Change)) {
	if c.options.Large == nil {
		return
	}
	s := c.Acquire()
	defer s.LetGo()
	for end := time.Now().Add(checkSome); time.Now().Before(end) && ctx.Err() == nil; {
		i := slices.IndexFunc(s.base.releases, func(r *Installed) bool { return r.later != nil && !r.later.checked.Load() })
		if i < 0 {
			return
		}
		r := s.base.releases[i]
		r.later.checked.Store(true)
		if !r.isOpen() && !r.isBroken() {
			if err := c.options.Large.Check(r.Dir, r.Manifest); err != nil && replaced(r.Dir, r.info) == nil {
				_ = r.Ready() // which finds it too, and gives its place to another
			}
		}
		if err := r.Damage(); err != nil {
			report(Change{Release: r.Release, Err: err})
		}
	}
}

// replaced returns the error that the release in dir is no longer the one that a manifest
// was read of.
func replaced(dir string, manifest os.FileInfo) error {
	info, err := os.Stat(filepath.Join(dir, manifestName))
	if err == nil && os.SameFile(info, manifest) && info.ModTime().Equal(manifest.ModTime()) {
		return nil
	}
	return &terminology.Error{Op: "catalog.Ready", Kind: terminology.Unavailable, Err: errors.New("the release has been replaced or removed at this moment: ask again")}
}
