package rf2

import (
	"context"
	"maps"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// history is every row of the module dependency files: in a Full, the versions of
// each module and what each was built on. It is small.
type history []dependencyRow

type dependencyRow struct {
	dependency
	id        identity
	effective terminology.Date
	active    bool
	delta     bool // of a Delta that changes the rest
}

// limits says up to which date rows of a module count: a Norwegian version stands
// on an International one that is older than itself. A nil limits counts all.
type limits struct {
	of   map[snomed.ID]terminology.Date
	rest terminology.Date // for modules that are not in of; 0: all their rows count
}

func (l *limits) counts(module snomed.ID, day terminology.Date) bool {
	if l == nil {
		return true
	}
	last, ok := l.of[module]
	if !ok {
		last = l.rest
	}
	return last == 0 || day <= last
}

// at returns the rows that hold within limits and are active.
func (h history) at(l *limits) dependencies {
	last := map[identity]int{}
	for i, row := range h {
		if !l.counts(row.module, row.effective) {
			continue
		}
		if j, known := last[row.id]; !known || h[j].effective <= row.effective {
			last[row.id] = i
		}
	}
	var list dependencies
	for _, i := range slices.Sorted(maps.Values(last)) {
		if h[i].active {
			list = append(list, h[i].dependency)
		}
	}
	return list
}

// versions returns the versions that a module says it has had, oldest first.
func (h history) versions(module snomed.ID) []terminology.Date {
	var list []terminology.Date
	for _, row := range h {
		if row.module == module && row.active {
			list = append(list, row.moduleDate)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// limits returns up to which date the rows of each module belong to a version of an
// edition: of the modules that it depends on, the date that it names; of others,
// such as derivatives, that of their latest version that builds on nothing later.
// Of the newest version, modules that say nothing are not limited.
func (h history) limits(e snomed.Edition) *limits {
	l := &limits{of: map[snomed.ID]terminology.Date{e.Module: e.Date}, rest: e.Date}
	if known := h.versions(e.Module); len(known) > 0 && known[len(known)-1] == e.Date {
		l.rest = 0
	}
	for open := []snomed.ID{e.Module}; len(open) > 0; open = open[1:] {
		for _, row := range h.at(l) {
			if row.module != open[0] {
				continue
			}
			if _, known := l.of[row.needs]; !known {
				l.of[row.needs] = row.needsDate
				open = append(open, row.needs)
			}
		}
	}
	others := map[snomed.ID]terminology.Date{}
	for _, row := range h {
		if _, known := l.of[row.module]; known || others[row.module] != 0 {
			continue
		}
		for _, version := range slices.Backward(h.versions(row.module)) {
			if (l.rest == 0 || version <= l.rest) && h.fits(row.module, version, l) {
				others[row.module] = version
				break
			}
		}
	}
	maps.Copy(l.of, others)
	return l
}

// fits reports whether a version of a module builds on nothing later than l has.
func (h history) fits(module snomed.ID, version terminology.Date, l *limits) bool {
	for _, row := range h {
		if row.module == module && row.moduleDate == version && row.active && !l.counts(row.needs, row.needsDate) {
			return false
		}
	}
	return true
}

// readHistory reads the module dependency files. Rows that are malformed are passed
// over here: Read says what is wrong with them.
func (r *reading) readHistory(ctx context.Context) (history, error) {
	var list history
	for _, f := range r.files[ModuleDependency] {
		row := newRows(f, r.o.LenientIDs)
		err := r.lines.each(ctx, f, func(int) {}, func(number int, line string) error {
			if row.parse(number, line, false) != nil {
				return nil
			}
			id, _ := identify(f, row.field)
			list = append(list, dependencyRow{
				dependency: dependency{module: snomed.ID(row.value[colModule]), needs: snomed.ID(row.value[colComponent]),
					moduleDate: terminology.Date(row.value[6]), needsDate: terminology.Date(row.value[7])},
				id: id, effective: terminology.Date(row.value[colEffective]), active: row.value[colActive] == 1, delta: f.Form == Delta,
			})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// datesOf returns the dates of the rows of all files that are of one of some
// modules, oldest first: the versions of a Full that does not tell its own.
func (r *reading) datesOf(ctx context.Context, modules ...snomed.ID) ([]terminology.Date, error) {
	found := map[terminology.Date]bool{}
	for _, files := range r.files {
		for _, f := range files {
			if err := r.moduleDates(ctx, f, func(module snomed.ID, day terminology.Date) {
				if slices.Contains(modules, module) {
					found[day] = true
				}
			}); err != nil {
				return nil, err
			}
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// moduleDates calls say for each module and date that rows of a file have; rows
// that repeat those of the row before are passed over.
func (r *reading) moduleDates(ctx context.Context, f *File, say func(snomed.ID, terminology.Date)) error {
	module, date := f.column("moduleId"), f.column("effectiveTime")
	fields := make([]string, len(f.Columns))
	var lastModule, lastDate []byte
	return r.lines.each(ctx, f, func(int) {}, func(_ int, line string) error {
		if split(line, fields) != len(fields) || fields[module] == string(lastModule) && fields[date] == string(lastDate) {
			return nil
		}
		id, ok := scanDigits(fields[module])
		day, dated := terminology.ParseDate(fields[date])
		if ok && dated {
			say(snomed.ID(id), day)
		}
		lastModule, lastDate = append(lastModule[:0], fields[module]...), append(lastDate[:0], fields[date]...)
		return nil
	})
}
