package rf2

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// missing collects rows that refer to a concept that the release does not have.
// There are few where a row is wrong, and very many where an extension is read
// without the release that it extends.
type missing struct {
	rows  int
	first []*terminology.RowError
}

const missingKept = 20

func (r *reading) note(row *rows, line, column int) {
	if r.spoiled.has(row.value[column]) {
		return
	}
	m := &r.missing
	if m.rows++; len(m.first) < missingKept {
		m.first = append(m.first, row.fault(line, row.file.Columns[column],
			fmt.Errorf("found %s, want a concept of the release", strings.Clone(row.field[column]))))
	}
}

// sayMissing gives the rows to Sink.Bad, or ends the reading when the packages lack
// the root of SNOMED CT: an extension that does not say what it depends on.
func (r *reading) sayMissing() error {
	if r.missing.rows == 0 {
		return nil
	}
	if !r.concepts.has(uint64(snomed.Root)) {
		rows := r.missing.first[:min(3, len(r.missing.first))]
		text := make([]string, len(rows))
		for i, row := range rows {
			text[i] = row.Error()
		}
		return &terminology.Error{Op: "rf2.Read", Kind: terminology.Invalid, Err: fmt.Errorf(
			"found %s, an extension without its base: %d rows refer to concepts that it does not have; it needs the release with the root concept %s: give both in one import command; the first rows: %s",
			r.what(), r.missing.rows, snomed.Root, strings.Join(text, "; "))}
	}
	for _, row := range r.missing.first {
		if err := r.to.Bad(row); err != nil {
			return err
		}
	}
	if more := r.missing.rows - len(r.missing.first); more > 0 {
		last := *r.missing.first[len(r.missing.first)-1]
		last.Err = fmt.Errorf("%w; and %d rows more like it", last.Err, more)
		return r.to.Bad(&last)
	}
	return nil
}

// what names the packages, with the edition and version that they are.
func (r *reading) what() string {
	return fmt.Sprintf("%s (module %s, version %s)", strings.Join(r.names, ", "), r.edition.Module, r.edition.Date.Compact())
}

// lack is a module that another depends on, and what there is of it: nothing, or
// another version.
type lack struct {
	dependency
	found terminology.Date
}

// String says which version of the module is needed and which one is there.
func (l lack) String() string {
	e := snomed.Edition{Module: l.needs}
	s := "module " + l.needs.String()
	if e.Known() {
		s += " (" + e.Title() + ")"
	}
	s += " of " + l.needsDate.Compact()
	if l.found == 0 {
		return s + ", found none"
	}
	return s + ", found " + l.found.Compact()
}

// lacks returns the modules that are not there as their dependants want them. The
// edition wants exactly the version that it names. Other modules, such as
// derivatives, may stand on a later one. A module that says no version of its own is
// there when it has rows; before the end of reading, also when it has its concept.
func (r *reading) lacks(end bool) []lack {
	said, anywhere := map[snomed.ID]terminology.Date{}, map[snomed.ID]terminology.Date{}
	for _, d := range r.deps {
		said[d.module] = max(said[d.module], d.moduleDate)
	}
	for _, row := range r.history {
		if row.active {
			anywhere[row.module] = max(anywhere[row.module], row.moduleDate)
		}
	}
	var list []lack
	for _, d := range r.deps {
		if d.needs == d.module || d.moduleDate != said[d.module] {
			continue
		}
		found, exact := said[d.needs], d.module == r.edition.Module
		switch {
		case found != 0:
		case anywhere[d.needs] != 0:
			found = anywhere[d.needs]
		case end && r.seen[d.needs] > d.needsDate:
			found = r.seen[d.needs]
		case r.seen[d.needs] != 0, !end && r.concepts.has(uint64(d.needs)):
			continue
		}
		if found < d.needsDate || exact && found != d.needsDate {
			list = append(list, lack{d, found})
		}
	}
	key := func(l lack) snomed.ID { // the International core first
		if l.needs == snomed.CoreModule {
			return 0
		}
		return l.needs
	}
	slices.SortFunc(list, func(a, b lack) int {
		return cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(b.needsDate, a.needsDate))
	})
	return slices.CompactFunc(list, func(a, b lack) bool { return a.needs == b.needs })
}

// checkModules ends the reading when a module that the release depends on is not
// there, or not in the version wanted, and says which to give.
func (r *reading) checkModules(end bool) error {
	list := r.lacks(end)
	if len(list) == 0 {
		return nil
	}
	words, none := make([]string, len(list)), false
	for i, l := range list {
		words[i] = l.String()
		none = none || l.found == 0
	}
	is, todo := "not the version of its base that it needs", "give the version that is needed in the place of the other"
	if none {
		is, todo = "an extension without its base", "give both in one import command"
	}
	return &terminology.Error{Op: "rf2.Read", Kind: terminology.Invalid, Err: fmt.Errorf("found %s, %s: it needs %s: %s", r.what(), is, strings.Join(words, "; "), todo)}
}
