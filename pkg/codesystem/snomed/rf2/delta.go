package rf2

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// deltas returns the Delta files of a package that change other files: those of an
// origin of which it has no Snapshot and no Full, and those that are later than
// these. The Delta beside the Snapshot of one release says nothing new.
func (p *Package) deltas() []*File {
	latest := map[string]terminology.Date{}
	for i := range p.Files {
		if f := &p.Files[i]; f.Form != Delta {
			latest[f.origin()] = max(latest[f.origin()], f.date())
		}
	}
	var list []*File
	for i := range p.Files {
		f := &p.Files[i]
		base, known := latest[f.origin()]
		if f.Form == Delta && (len(latest) == 0 || !known && f.origin() != "" || known && f.date() > base) {
			list = append(list, f)
		}
	}
	return list
}

// date returns the date in a file's name, 0 when there is none.
func (f *File) date() terminology.Date {
	stem := strings.TrimSuffix(f.Base(), path.Ext(f.Path))
	d, _ := terminology.ParseDate(stem[strings.LastIndexByte(stem, '_')+1:])
	return d
}

// begins returns the date of the release that the Delta of a package begins after,
// as its release_package_information.json says; 0 when it says none.
func (p *Package) begins() terminology.Date {
	for _, name := range p.Ignored {
		if path.Base(name) != "release_package_information.json" || p.fsys == nil {
			continue
		}
		text, err := fs.ReadFile(p.fsys, name)
		info := struct{ DeltaFromDate string }{}
		if err != nil || json.Unmarshal(text, &info) != nil {
			continue // it is for people; the files themselves are what counts
		}
		if d, ok := terminology.ParseDate(info.DeltaFromDate); ok {
			return d
		}
	}
	return 0
}

// change is one Delta: the date of the latest rows of each module in it.
type change struct {
	name   string
	begins terminology.Date
	latest map[snomed.ID]terminology.Date
}

// withDeltas refuses a Delta that cannot be applied: of modules that are not there,
// of a date that does not come after them, or that leaves a gap. It returns the
// history with the versions that Deltas make without saying so.
func (r *reading) withDeltas(ctx context.Context, h history) (history, error) {
	changes, err := r.changes(ctx)
	if err != nil || len(changes) == 0 {
		return h, err
	}
	base, err := r.baseVersions(ctx, h)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(a.newest(), b.newest()) })
	for _, c := range changes {
		if err := c.fits(base, strings.Join(r.bases, ", ")); err != nil {
			return nil, invalidError{err}
		}
		for module, day := range c.latest {
			base[module] = max(base[module], day)
		}
		h = c.extend(h)
	}
	return h, nil
}

// extend adds the versions that the Delta makes without saying them: of a module
// with rows later than any version it says, the date of the latest, built on what it
// was built on before.
func (c change) extend(h history) history {
	rows := h.at(nil)
	said := map[snomed.ID]terminology.Date{}
	for _, d := range rows {
		said[d.module] = max(said[d.module], d.moduleDate)
	}
	for _, d := range rows {
		day := c.latest[d.module]
		if day <= said[d.module] || d.moduleDate != said[d.module] {
			continue
		}
		d.moduleDate, d.needsDate = day, max(d.needsDate, c.latest[d.needs])
		h = append(h, dependencyRow{dependency: d, id: identity{uint64(d.module), uint64(d.needs)}, effective: day, active: true, delta: true})
	}
	return h
}

func (c change) newest() terminology.Date {
	return slices.Max(append(slices.Collect(maps.Values(c.latest)), 0))
}

// fits says what is wrong with a Delta on the versions that are there.
func (c change) fits(base map[snomed.ID]terminology.Date, names string) error {
	newer, have, modules := false, terminology.Date(0), []string{}
	for _, module := range slices.Sorted(maps.Keys(c.latest)) {
		modules = append(modules, module.String())
		have = max(have, base[module])
		newer = newer || base[module] != 0 && c.latest[module] > base[module]
	}
	switch {
	case len(modules) == 0:
		return fmt.Errorf("%s: found a Delta without rows, want at least one: leave it out", c.name)
	case have == 0:
		return fmt.Errorf("%s: found a Delta of module %s, of which %s has nothing: give it together with the Snapshot or Full that it changes", c.name, strings.Join(modules, ", "), names)
	case !newer:
		return fmt.Errorf("%s: found a Delta of %s, want a date after that of what it changes, which is %s already (%s): leave the Delta out, or give a later one",
			c.name, c.newest().Compact(), have.Compact(), names)
	case c.begins > have:
		return fmt.Errorf("%s: found a Delta that begins after the release of %s, on one of %s (%s): give the Deltas between them too, or a later Snapshot",
			c.name, c.begins.Compact(), have.Compact(), names)
	}
	return nil
}

// changes reads the dates of the Deltas, one a package.
func (r *reading) changes(ctx context.Context) ([]change, error) {
	byName := map[*Package]*change{}
	var order []*Package
	for _, files := range r.files {
		for _, f := range files {
			if f.Form != Delta {
				continue
			}
			p := r.from[f]
			if byName[p] == nil {
				byName[p] = &change{name: p.Name, begins: p.begins(), latest: map[snomed.ID]terminology.Date{}}
				order = append(order, p)
			}
			latest := byName[p].latest
			if err := r.moduleDates(ctx, f, func(module snomed.ID, day terminology.Date) { latest[module] = max(latest[module], day) }); err != nil {
				return nil, err
			}
		}
	}
	var list []change
	for _, p := range order {
		list = append(list, *byName[p])
	}
	return list, nil
}

// baseVersions returns the version of each module without the Deltas: the one that
// it says, else the date of its latest concept.
func (r *reading) baseVersions(ctx context.Context, h history) (map[snomed.ID]terminology.Date, error) {
	base, said := map[snomed.ID]terminology.Date{}, map[snomed.ID]bool{}
	for _, row := range h {
		if row.active && !row.delta {
			base[row.module], said[row.module] = max(base[row.module], row.moduleDate), true
		}
	}
	for _, f := range r.files[Concept] {
		if f.Form == Delta {
			continue
		}
		if err := r.moduleDates(ctx, f, func(module snomed.ID, day terminology.Date) {
			if !said[module] {
				base[module] = max(base[module], day)
			}
		}); err != nil {
			return nil, err
		}
	}
	return base, nil
}
