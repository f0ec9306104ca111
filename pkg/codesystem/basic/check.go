package basic

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// check looks at the sizes that say how long the columns are.
func (m *meta) check() error {
	switch {
	case m.Concepts < 1 || m.Terms < 0 || m.Documents < 0:
		return fmt.Errorf("column meta tells of %d concepts, %d terms and %d documents", m.Concepts, m.Terms, m.Documents)
	case m.Identified < 0 || m.Identified > m.Terms:
		return fmt.Errorf("column meta tells of %d terms with an id, and of %d terms", m.Identified, m.Terms)
	case m.HashSize <= m.Concepts || bits.OnesCount(uint(m.HashSize)) != 1:
		return fmt.Errorf("column meta tells of a hash table of %d for %d codes", m.HashSize, m.Concepts)
	case len(m.Columns) > maxColumns:
		return fmt.Errorf("column meta tells of %d display columns, at most %d", len(m.Columns), maxColumns)
	}
	return nil
}

// validate looks at every number that leads from one column into another, so that
// no damage can make an answer panic or never end. It is one pass over the columns
// and a small part of opening a release.
func (p *Provider) validate() error {
	n, terms := p.meta.Concepts, p.meta.Terms
	checks := []error{
		ascend(colCodeOffsets, p.codeOffsets, len(p.codeBytes)),
		below(colCodeHash, p.codeHash, n+1),
		below(colConceptModule, p.module, len(p.meta.Modules)),
		below(colConceptTag, p.tag, len(p.meta.Tags)),
		ascend(colParentOffsets, p.parents.Offsets, len(p.parents.Targets)),
		below(colParentTargets, p.parents.Targets, n),
		ascend(colChildOffsets, p.children.Offsets, len(p.children.Targets)),
		below(colChildTargets, p.children.Targets, n),
		ascend(colAncestorOffsets, p.ancestors.Offsets, len(p.ancestors.Targets)),
		below(colAncestorTargets, p.ancestors.Targets, n),
		ascend(colDescOffsets, p.descendants.Offsets, len(p.descendants.Bytes)),
		ascend(colConceptTerms, p.conceptTerms, terms),
		ascend(colTermOffsets, p.termOffsets, len(p.termBytes)),
		below(colTermConcept, p.termConcept, n),
		below(colDisplayAny, p.displayAny, terms+1),
		ascend(colPropertyOffsets, p.propOffsets, len(p.propEntries)),
		ascend(colValueOffsets, p.valueOffsets, len(p.valueBytes)),
		ascend(colMemberOffsets, p.members.Offsets, len(p.members.Bytes)),
		below(colDocuments, p.documents, terms+n),
		p.validateTerms(),
		p.validateProperties(),
		below(colTermByID, p.termByID, terms),
		p.validateAlternates(),
	}
	for c, column := range p.displays {
		checks = append(checks, below(displayColumnName(c), column, terms+1))
	}
	for _, err := range checks {
		if err != nil {
			return err
		}
	}
	if !slices.Contains(p.codeHash, 0) {
		return fmt.Errorf("column %s has no free place", colCodeHash)
	}
	return nil
}

func (p *Provider) validateTerms() error {
	languages, uses, modules := uint64(len(p.meta.Languages)), uint64(len(p.meta.Uses)), uint64(len(p.meta.Modules))
	for i, m := range p.termMeta {
		if m&0xff >= languages || m>>termUseShift&0xff >= uses || m>>termModuleBits&0xffff >= modules {
			return fmt.Errorf("column %s has %#x for designation %d", colTermMeta, m, i)
		}
	}
	return nil
}

func (p *Provider) validateProperties() error {
	types := p.meta.Properties
	limits := make([]uint32, len(types))
	for i, t := range types {
		limits[i] = uint32(max(0, len(p.valueOffsets)-1))
		if t.Kind == terminology.ValueCode && !t.Outside {
			limits[i] = uint32(p.meta.Concepts)
		}
	}
	for i, e := range p.propEntries {
		if typ := e.Type(); typ >= len(limits) || e.Value() >= limits[typ] {
			return fmt.Errorf("column %s has %#x at %d", colPropertyEntries, e, i)
		}
	}
	return p.validatePostings(limits)
}

// ascend checks offsets into something of end entries.
func ascend(name string, offsets []uint32, end int) error {
	last := uint32(0)
	for i, o := range offsets {
		if o < last {
			return fmt.Errorf("column %s goes down from %d to %d at %d", name, last, o, i)
		}
		last = o
	}
	if len(offsets) == 0 || offsets[0] != 0 || int(last) != end {
		return fmt.Errorf("column %s has %d entries and ends at %d, want %d", name, len(offsets), last, end)
	}
	return nil
}

// below checks that all numbers are below limit.
func below[T uint16 | uint32](name string, numbers []T, limit int) error {
	highest := T(0)
	for _, n := range numbers {
		highest = max(highest, n)
	}
	if len(numbers) > 0 && int(highest) >= limit {
		return fmt.Errorf("column %s has %d, want less than %d", name, highest, limit)
	}
	return nil
}

// Check reads everything that Open does not, as verify does: every set, every
// row, every code. The error is Corrupt.
func (p *Provider) Check() error {
	check := []func() error{p.checkSets, p.checkConcepts, p.checkDesignations, p.checkPostings, p.checkAlternates, p.checkRows}
	for _, f := range check {
		if err := f(); err != nil {
			return &terminology.Error{Op: "basic.Check", Kind: terminology.Corrupt, Err: err}
		}
	}
	return nil
}

func (p *Provider) checkSets() error {
	if err := p.descendants.Check(); err != nil {
		return fmt.Errorf("descendants: %w", err)
	}
	if err := p.members.Check(); err != nil {
		return fmt.Errorf("members: %w", err)
	}
	pairs := uint64(0)
	for o := range p.meta.Concepts {
		set := p.descendants.Get(o)
		if err := p.checkSet(set); err != nil {
			return fmt.Errorf("descendants of %s: %w", p.Code(uint32(o)), err)
		}
		pairs += set.GetCardinality()
	}
	if want := uint64(len(p.ancestors.Targets)); pairs != want {
		return fmt.Errorf("%d descendants, but %d ancestors", pairs, want)
	}
	for i, t := range p.meta.Refsets {
		set := p.members.Get(i)
		if err := p.checkSet(set); err != nil {
			return fmt.Errorf("members of %s: %w", t.Name, err)
		}
		if got := set.GetCardinality(); got != uint64(t.Members) {
			return fmt.Errorf("table %s has %d members, want %d", t.Name, got, t.Members)
		}
	}
	return nil
}

func (p *Provider) checkSet(set *roaring.Bitmap) error {
	if err := set.Validate(); err != nil || set.IsEmpty() {
		return err
	}
	if last := set.Maximum(); int(last) >= p.meta.Concepts {
		return fmt.Errorf("it has %d, want less than %d", last, p.meta.Concepts)
	}
	return nil
}

func (p *Provider) checkConcepts() error {
	for o := range uint32(p.meta.Concepts) {
		if found, ok := p.find(p.Code(o)); !ok || found != o {
			return fmt.Errorf("code %s is not found", p.Code(o))
		}
		if info := p.Info(o); !isDay(info.From) || !isDay(info.To) {
			return fmt.Errorf("%s is valid from %d to %d, which are no days", p.Code(o), info.From, info.To)
		}
		if !slices.IsSorted(p.Ancestors(o)) {
			return fmt.Errorf("the ancestors of %s are not in order", p.Code(o))
		}
		for _, parent := range p.Parents(o) {
			if !p.Subsumes(parent, o) || !p.Descendants(parent).Contains(o) || !contains(p.Children(parent), o) {
				return fmt.Errorf("%s is not below its parent %s", p.Code(o), p.Code(parent))
			}
		}
		for i := p.conceptTerms[o]; i < p.conceptTerms[o+1]; i++ {
			if p.termConcept[i] != o {
				return fmt.Errorf("term %q is not of %s", p.term(i), p.Code(o))
			}
		}
	}
	return nil
}

// isDay reports whether d is a day of the calendar, or none.
func isDay(d terminology.Date) bool {
	_, ok := terminology.ParseDate(d.Compact())
	return ok || d == 0
}

func (p *Provider) checkRows() error {
	counts := make(map[string]int, len(p.meta.Refsets))
	columns := memberCheck{p: p}
	for kv, err := range p.tables.Rows(TableRows, nil) {
		if err != nil {
			return err
		}
		name, component, ok := splitKey(kv.Key)
		i, known := p.tableByName[name]
		if !ok || !known {
			return fmt.Errorf("row %q is of no table", kv.Key)
		}
		rows, err := decodeRows(name, component, kv.Value, len(p.meta.Refsets[i].Columns), p.meta.Modules)
		if err != nil {
			return err
		}
		counts[name] += len(rows)
		if err := columns.check(i, component, rows); err != nil {
			return err
		}
	}
	if err := columns.end(); err != nil {
		return err
	}
	for _, t := range p.meta.Refsets {
		if counts[t.Name] != t.Rows {
			return fmt.Errorf("table %s has %d rows, want %d", t.Name, counts[t.Name], t.Rows)
		}
	}
	return nil
}

func contains(sorted []terminology.Ordinal, o terminology.Ordinal) bool {
	_, found := slices.BinarySearch(sorted, o)
	return found
}
