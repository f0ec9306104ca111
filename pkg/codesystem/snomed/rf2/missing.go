package rf2

import (
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

// sayMissing gives the rows to Sink.Bad, or ends the reading with what is to be
// done when the packages lack the release that they depend on.
func (r *reading) sayMissing() error {
	if r.missing.rows == 0 {
		return nil
	}
	if lacks := r.lacks(); lacks != "" {
		rows := r.missing.first[:min(3, len(r.missing.first))]
		text := make([]string, len(rows))
		for i, row := range rows {
			text[i] = row.Error()
		}
		return &terminology.Error{Op: "rf2.Read", Kind: terminology.Invalid, Err: fmt.Errorf(
			"found %s (module %s, version %s), an extension without its base: %d rows refer to concepts that it does not have; it needs %s: give both in one import command; the first rows: %s",
			strings.Join(r.names, ", "), r.edition.Module, r.edition.Date.Compact(), r.missing.rows, lacks, strings.Join(text, "; "))}
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

// lacks names the modules, with the versions, that the packages depend on and do
// not have; it is empty when they have all. A module is there when its concept is.
func (r *reading) lacks() string {
	var rows []dependency
	for _, d := range r.deps {
		if !r.concepts.has(uint64(d.needs)) {
			rows = append(rows, d)
		}
	}
	if len(rows) == 0 {
		if !r.concepts.has(uint64(snomed.Root)) {
			return "the release with the root concept " + snomed.Root.String()
		}
		return ""
	}
	// The International core first, then by module.
	slices.SortFunc(rows, func(a, b dependency) int {
		switch {
		case a.needs == b.needs:
			return int(b.needsDate) - int(a.needsDate)
		case a.needs == snomed.CoreModule:
			return -1
		case b.needs == snomed.CoreModule:
			return 1
		case a.needs < b.needs:
			return -1
		}
		return 1
	})
	rows = slices.CompactFunc(rows, func(a, b dependency) bool { return a.needs == b.needs })
	words := make([]string, len(rows))
	for i, d := range rows {
		words[i] = fmt.Sprintf("module %s (%s) of %s", d.needs, snomed.Edition{Module: d.needs}.Title(), d.needsDate.Compact())
		if !(snomed.Edition{Module: d.needs}).Known() {
			words[i] = fmt.Sprintf("module %s of %s", d.needs, d.needsDate.Compact())
		}
	}
	return strings.Join(words, " and ")
}
