package catalog

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
)

// manifests lists the folders of a data folder that have a manifest. It does not
// use filepath.Glob, which takes a folder that cannot be read, as when file
// descriptors run out, for an empty one.
func manifests(data string) ([]string, error) {
	root := filepath.Join(data, ReleasesDir)
	names, err := os.ReadDir(root)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range names {
		if !name.IsDir() {
			continue
		}
		versions, err := os.ReadDir(filepath.Join(root, name.Name()))
		if errors.Is(err, os.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		for _, v := range versions {
			dir := filepath.Join(root, name.Name(), v.Name())
			switch _, err := os.Stat(filepath.Join(dir, manifestName)); {
			case err == nil:
				out = append(out, dir)
			case !errors.Is(err, os.ErrNotExist) && v.IsDir():
				return nil, err // it is there and cannot be read, which is not that it has gone
			}
		}
	}
	return out, nil
}

// opening is a release that came, and what became of opening it.
type opening struct {
	dir      string
	info     os.FileInfo // of the manifest
	atOnce   bool        // what was put off could not be opened
	manifest Manifest
	release  *Installed
	err      error
}

// openAll opens releases, on all processors, the largest first.
func (c *Catalog) openAll(come []opening) {
	var order []*opening
	for i := range come {
		o := &come[i]
		if o.manifest, o.err = ReadManifest(o.dir); o.err == nil {
			order = append(order, o)
		}
	}
	slices.SortStableFunc(order, func(a, b *opening) int { return cmp.Compare(b.manifest.Size(), a.manifest.Size()) })
	var next atomic.Int64
	var working sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(order)) {
		working.Go(func() {
			for i := next.Add(1); i <= int64(len(order)); i = next.Add(1) {
				o := order[i-1]
				o.release, o.err = c.openRelease(o)
			}
		})
	}
	working.Wait()
}

// readable returns what tells whether a release can be read, of one that is put off; nil
// of one that is opened at once.
func (c *Catalog) readable(m Manifest) func(Manifest) error {
	switch {
	case !mayWait(m):
		return nil
	case c.options.Later != nil:
		return c.options.Later
	case c.options.Large != nil && isLarge(m):
		return c.options.Large.Readable
	}
	return nil
}

func (c *Catalog) openRelease(o *opening) (*Installed, error) {
	dir, m, info := o.dir, o.manifest, o.info
	if readable := c.readable(m); readable != nil && !o.atOnce {
		if err := readable(m); err != nil {
			return nil, err
		}
		return c.putOff(dir, m, info).identified(), nil
	}
	opened, err := c.open(dir, m)
	if err != nil {
		return nil, err
	}
	r := &Installed{Manifest: m, Opened: *opened, Dir: dir, info: info}
	r.identified()
	if err := r.readResources(&c.parsed); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	for _, s := range r.Served {
		if uri, ok := codesystem.Resolve(s.CodeSystem.Release().System); ok && uri != s.CodeSystem.Release().System {
			continue // by a name of a code system of the list, for which its own releases answer
		}
		r.served = append(r.served, &Installed{
			Manifest: Manifest{Release: s.CodeSystem.Release(), Imported: m.Imported, Concepts: s.CodeSystem.Len(), Columns: s.CodeSystem.Columns()},
			Opened:   Opened{CodeSystem: s.CodeSystem, Text: s.Text, Maps: s.Maps}, Dir: dir, Of: r,
		})
	}
	return r, nil
}

// identified reads which edition of SNOMED CT a release is.
func (r *Installed) identified() *Installed {
	if r.Release.System == codesystem.SNOMED {
		r.edition, _ = snomed.ParseEdition(r.Release.Version) // one that is none is found by its words
	}
	return r
}

// Problems returns why releases that are there cannot be opened.
func (c *Catalog) Problems() []error {
	all := c.problems.all()
	var out []error
	for _, dir := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[dir].err)
	}
	return out
}

// problems are why releases cannot be opened, by their folders. It has a lock of its own,
// under which nothing else is asked for: who opens a release that was put off may hold that
// of the catalog, as the check of a write does, or be waited for by who does. It is safe for
// concurrent use.
type problems struct {
	mu    sync.Mutex
	byDir map[string]problem
}

// all returns a copy.
func (p *problems) all() map[string]problem {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.byDir)
}

func (p *problems) note(dir string, found problem) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byDir == nil {
		p.byDir = map[string]problem{}
	}
	p.byDir[dir] = found
}

// replace puts those that Refresh has found in the place of those that it began with, and
// keeps what was noted meanwhile.
func (p *problems) replace(before, found map[string]problem) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for dir, late := range p.byDir {
		if _, ok := found[dir]; !ok && (before[dir].err == nil || !before[dir].retry.Equal(late.retry)) {
			found[dir] = late
		}
	}
	p.byDir = found
}

// problem is why a release cannot be opened, and when to try again.
type problem struct {
	err   error
	info  os.FileInfo // of the manifest
	retry time.Time
}

// same reports whether it is still the manifest of the problem.
func (p problem) same(info os.FileInfo) bool {
	return p.info != nil && os.SameFile(p.info, info) && p.info.ModTime().Equal(info.ModTime())
}
