package rf2

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// dependency is one row of the module dependency reference set: the module, as of
// its date, needs another as of that one's date.
type dependency struct {
	module, needs         snomed.ID
	moduleDate, needsDate terminology.Date
}

// dependencies is the active rows of the module dependency reference set.
type dependencies []dependency

// needs reports whether module a depends on module b, by itself or through others.
func (d dependencies) needs(a, b snomed.ID) bool { return d.closure(a)[b] }

func (d dependencies) closure(module snomed.ID) map[snomed.ID]bool {
	found := map[snomed.ID]bool{}
	for open := []snomed.ID{module}; len(open) > 0; {
		m := open[0]
		open = open[1:]
		for _, row := range d {
			if row.module == m && !found[row.needs] && row.needs != module {
				found[row.needs] = true
				open = append(open, row.needs)
			}
		}
	}
	return found
}

// edition returns the module that the rows are an edition of: one that is known as
// an edition, else one of an extension that no other depends on, else the
// International one. Its date is that of its latest row.
func (d dependencies) edition() snomed.Edition {
	dates := map[snomed.ID]terminology.Date{}
	for _, row := range d {
		dates[row.module] = max(dates[row.module], row.moduleDate)
	}
	if len(dates) == 0 {
		return snomed.Edition{}
	}
	modules := slices.Sorted(maps.Keys(dates))
	best := slices.MaxFunc(modules, func(a, b snomed.ID) int {
		return cmp.Or(
			cmp.Compare(d.rank(a, modules), d.rank(b, modules)),
			cmp.Compare(len(d.closure(a)), len(d.closure(b))),
			cmp.Compare(dates[a], dates[b]),
			cmp.Compare(b, a),
		)
	})
	return snomed.Edition{Module: best, Date: dates[best]}
}

// rank says how much a module looks like that of the edition.
func (d dependencies) rank(module snomed.ID, modules []snomed.ID) int {
	known := snomed.Edition{Module: module}.Known()
	top := true
	for _, m := range modules {
		if m != module && d.needs(m, module) && (!known || snomed.Edition{Module: m}.Known()) {
			top = false
		}
	}
	switch {
	case known && top && module != snomed.CoreModule:
		return 4
	case top && module.IsExtension():
		return 3
	case module == snomed.CoreModule:
		return 2
	case top:
		return 1
	}
	return 0
}

// overrides reports whether the map rows of module a stand for those of module b
// of the same source: a depends on b or, where nothing is said, belongs to an
// extension and b does not.
func (d dependencies) overrides(a, b snomed.ID) bool {
	if a == b {
		return false
	}
	return d.needs(a, b) || !d.needs(b, a) && a.IsExtension() && !b.IsExtension()
}

// editionOfConcepts returns the edition by the modules of the concepts, for
// packages that do not say their dependencies: the one known as an edition, else
// an extension's with most concepts, else the International one. The date is the
// latest there is, or the latest up to a day.
func (r *reading) editionOfConcepts(ctx context.Context, day terminology.Date) (snomed.Edition, error) {
	count, latest := map[snomed.ID]int{}, terminology.Date(0)
	for _, f := range r.files[Concept] {
		row := newRows(f, r.o.LenientIDs)
		err := r.lines.each(ctx, f, func(int) {}, func(number int, line string) error {
			if row.parse(number, line, false) != nil {
				return nil
			}
			if date := terminology.Date(row.value[1]); day == 0 || date <= day {
				count[snomed.ID(row.value[3])]++
				latest = max(latest, date)
			}
			return nil
		})
		if err != nil {
			return snomed.Edition{}, err
		}
	}
	if len(count) == 0 {
		return snomed.Edition{}, invalid("cannot tell the edition: %w", errNoConcepts)
	}
	rank := func(m snomed.ID) int {
		switch {
		case m != snomed.CoreModule && snomed.Edition{Module: m}.Known():
			return 3
		case m.IsExtension():
			return 2
		case m == snomed.CoreModule:
			return 1
		}
		return 0
	}
	best := slices.MaxFunc(slices.Sorted(maps.Keys(count)), func(a, b snomed.ID) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(count[a], count[b]), cmp.Compare(b, a))
	})
	return snomed.Edition{Module: best, Date: latest}, nil
}

var errNoConcepts = errors.New("found no concept rows, want at least one")
