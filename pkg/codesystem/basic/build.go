package basic

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/hierarchy"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Rules is what a code system says about its own terms.
type Rules struct {
	// Display reports whether a term of this use may be shown as the display.
	Display func(use string) bool
	// Search reports whether a term of this use goes into the text index.
	Search func(use string) bool
	// Language returns the language of a language reference set, or "".
	Language func(refset string) string
	// Tag returns the semantic tag that a term of this use carries, or "".
	Tag func(use, term string) string
	// Codes tells to put the codes themselves into the text index.
	Codes bool
}

// DefaultRules serve the code systems whose terms have the uses of terminology.
func DefaultRules() Rules {
	return Rules{
		Display:  func(use string) bool { return use == terminology.UseDisplay },
		Search:   func(use string) bool { return use != terminology.UseDefinition },
		Language: func(string) string { return "" },
		Tag:      func(string, string) string { return "" },
		Codes:    true,
	}
}

// Image is a computed release, ready to be written.
type Image struct {
	meta    meta
	columns map[string][]byte
	rows    *rowTable
	rules   Rules

	terms     termColumns
	flags     []byte
	codes     []string // by ordinal
	documents []uint32
	tags      []uint16 // of a concept, into meta.Tags
}

// termColumns is the designations in the order of their concepts.
type termColumns struct {
	first   []uint32
	offsets []uint32
	arena   []byte
	concept []uint32
	meta    []uint64
	accept  []uint64
	pref    []bool
}

func (t *termColumns) term(i uint32) string {
	return text(t.arena[t.offsets[i]:t.offsets[i+1]])
}

// Build computes the columns of what was said and empties the builder. The error
// is Invalid when the hierarchy has a cycle, and names its codes.
func (b *Builder) Build(release terminology.Release, rules Rules) (*Image, error) {
	const op = "basic.Build"
	if len(b.concepts) == 0 {
		return nil, invalid(op, "the release has no concepts")
	}
	im := &Image{columns: map[string][]byte{}, rules: rules, rows: &b.rows}
	im.meta = meta{Release: release, Format: FormatVersion, Concepts: len(b.concepts), CaseSens: release.CaseSens, FoldedCodes: !release.CaseSens, FoldedWide: !release.CaseSens}
	number, err := b.order(im)
	if err != nil {
		return nil, err
	}
	b.codes, b.termByID = nil, nil
	b.putConcepts(im, number)
	if err := b.putTerms(im, number); err != nil {
		return nil, err
	}
	large := len(b.terms.concept) > 1<<16
	b.terms, b.acceptances = termTable{}, nil
	if large { // what is small is made while others are answered
		runtime.GC()
	}
	b.putProperties(im, number)
	b.properties = nil
	if err := b.putMembers(im, number); err != nil {
		return nil, err
	}
	im.meta.Modules, im.meta.Languages, im.meta.Uses = b.modules.texts, b.languages.texts, b.uses.texts
	if err := im.putTags(); err != nil {
		return nil, err
	}
	im.documents = im.documentOrder()
	im.columns[colDocuments], im.meta.Documents = bytesOf(im.documents), len(im.documents)
	return im, nil
}

// order computes the ordinals of the concepts and the columns of the hierarchy.
// Concepts that are active come first, in depth-first order; roots and children
// are in the order of their codes, so the result does not depend on the order of
// the rows, but where that order is the publisher's (Release.Ordered).
func (b *Builder) order(im *Image) ([]uint32, error) {
	n := len(b.concepts)
	byCode := make([]uint32, n)
	for i := range byCode {
		byCode[i] = uint32(i)
	}
	if !im.meta.Release.Ordered {
		slices.SortFunc(byCode, func(x, y uint32) int { return strings.Compare(b.names[x], b.names[y]) })
	}
	rank := make([]uint32, n)
	for r, i := range byCode {
		rank[i] = uint32(r)
	}
	for i := range b.parentFrom {
		b.parentFrom[i], b.parentTo[i] = rank[b.parentFrom[i]], rank[b.parentTo[i]]
	}
	parents := hierarchy.NewEdges(n, b.parentFrom, b.parentTo)
	b.parentFrom, b.parentTo = nil, nil
	number, err := hierarchy.Order(parents, parents.Reverse(), func(r uint32) bool {
		return b.concepts[byCode[r]].flags&flagInactive != 0
	})
	var cycle *hierarchy.CycleError
	if errors.As(err, &cycle) {
		var codes []string
		for _, r := range cycle.Nodes[:min(len(cycle.Nodes), 10)] {
			codes = append(codes, b.names[byCode[r]])
		}
		return nil, invalid("basic.Build", "%w: %s", err, strings.Join(codes, " is a "))
	}
	if err != nil {
		return nil, err
	}
	parents = parents.Renumber(number)
	children := parents.Reverse()
	ancestors, err := hierarchy.Ancestors(parents, children)
	if err != nil {
		return nil, invalid("basic.Build", "%w", err)
	}
	descendants, err := hierarchy.Descendants(ancestors)
	if err != nil {
		return nil, &terminology.Error{Op: "basic.Build", Err: err}
	}
	im.putEdges(colParentOffsets, colParentTargets, parents)
	im.putEdges(colChildOffsets, colChildTargets, children)
	im.putEdges(colAncestorOffsets, colAncestorTargets, ancestors)
	im.columns[colDescOffsets], im.columns[colDescBytes] = bytesOf(descendants.Offsets), descendants.Bytes
	for i := range rank {
		rank[i] = number[rank[i]]
	}
	return rank, nil
}

func (im *Image) putEdges(offsets, targets string, e hierarchy.Edges) {
	im.columns[offsets], im.columns[targets] = bytesOf(e.Offsets), bytesOf(e.Targets)
}

// putConcepts writes codes, their hash table and the columns of what a concept
// says of itself.
func (b *Builder) putConcepts(im *Image, number []uint32) {
	n := len(b.concepts)
	im.codes, im.flags = make([]string, n), make([]byte, n)
	effective, module := make([]uint32, n), make([]uint16, n)
	from, to := make([]uint32, n), make([]uint32, n)
	for i, c := range b.concepts {
		o := number[i]
		im.codes[o], im.flags[o], effective[o], module[o] = b.names[i], c.flags, uint32(c.effective), c.module
		from[o], to[o] = uint32(c.from), uint32(c.to)
		if c.flags&flagInactive == 0 {
			im.meta.Active++
		}
	}
	b.concepts, b.names = nil, nil
	offsets, arena := make([]uint32, 1, n+1), []byte(nil)
	size := 16
	for size < 2*n {
		size *= 2
	}
	hash := make([]uint32, size)
	for o, code := range im.codes {
		arena = append(arena, code...)
		offsets = append(offsets, uint32(len(arena)))
		slot := hashCode(code, im.meta.folding()) & uint64(size-1)
		for hash[slot] != 0 {
			slot = (slot + 1) & uint64(size-1)
		}
		hash[slot] = uint32(o) + 1
	}
	im.meta.HashSize = size
	im.columns[colCodeOffsets], im.columns[colCodeBytes], im.columns[colCodeHash] = bytesOf(offsets), arena, bytesOf(hash)
	im.columns[colConceptFlags], im.columns[colConceptEffective], im.columns[colConceptModule] = im.flags, bytesOf(effective), bytesOf(module)
	im.meta.HasFrom, im.meta.HasTo = im.putDays(colConceptFrom, from), im.putDays(colConceptTo, to)
}

// putDays writes a column of days if a concept has one, and reports whether it did.
func (im *Image) putDays(name string, days []uint32) bool {
	if slices.Max(days) == 0 {
		return false
	}
	im.columns[name] = bytesOf(days)
	return true
}

// putTerms writes the designations in the order of their concepts, and the
// display columns.
func (b *Builder) putTerms(im *Image, number []uint32) error {
	t := &b.terms
	total := len(t.concept)
	first := make([]uint32, len(number)+1)
	for _, c := range t.concept {
		first[number[c]+1]++
	}
	for i := range number {
		first[i+1] += first[i]
	}
	next := slices.Clone(first)
	place := make([]uint32, total)
	for i, c := range t.concept {
		place[i] = next[number[c]]
		next[number[c]]++
	}
	source := make([]uint32, total)
	for i, p := range place {
		source[p] = uint32(i)
	}
	tc := &im.terms
	*tc = termColumns{
		first: first, offsets: make([]uint32, 1, total+1), arena: make([]byte, 0, len(t.arena)),
		concept: make([]uint32, total), meta: make([]uint64, total), accept: make([]uint64, total), pref: make([]bool, total),
	}
	ids, effective := make([]uint64, total), make([]uint32, total)
	for p, i := range source {
		end := uint32(len(t.arena))
		if int(i)+1 < total {
			end = t.offset[i+1]
		}
		tc.arena = append(tc.arena, t.arena[t.offset[i]:end]...)
		tc.offsets = append(tc.offsets, uint32(len(tc.arena)))
		tc.concept[p], tc.meta[p], tc.pref[p] = number[t.concept[i]], t.meta[i], t.preferred[i]
		ids[p], effective[p] = t.id[i], t.effective[i]
	}
	im.meta.Terms = total
	if err := b.putDisplays(im, place); err != nil {
		return err
	}
	im.columns[colConceptTerms], im.columns[colTermOffsets], im.columns[colTermBytes] = bytesOf(first), bytesOf(tc.offsets), tc.arena
	im.columns[colTermConcept], im.columns[colTermID], im.columns[colTermEffective] = bytesOf(tc.concept), bytesOf(ids), bytesOf(effective)
	im.columns[colTermMeta], im.columns[colTermAccept] = bytesOf(tc.meta), bytesOf(tc.accept)
	byID := identified(ids)
	im.columns[colTermByID], im.meta.Identified = bytesOf(byID), len(byID)
	return nil
}

// putProperties writes the properties in the order of their concepts, groups, types and
// values, each once, the interned values, and the concepts by property.
func (b *Builder) putProperties(im *Image, number []uint32) {
	props := b.properties
	for i := range props {
		p := &props[i]
		p.concept = number[p.concept]
		if t := b.types[p.typ]; t.Kind == terminology.ValueCode && !t.Outside {
			p.value = number[p.value]
		}
	}
	slices.SortFunc(props, func(x, y property) int {
		return cmp.Or(cmp.Compare(x.concept, y.concept), cmp.Compare(x.group, y.group), cmp.Compare(x.typ, y.typ), cmp.Compare(x.value, y.value))
	})
	props = slices.Compact(props)
	offsets, entries := make([]uint32, len(number)+1), make([]uint64, len(props))
	for i, p := range props {
		offsets[p.concept+1]++
		entries[i] = packProperty(p.typ, p.group, p.value)
	}
	for i := range number {
		offsets[i+1] += offsets[i]
	}
	im.columns[colPropertyOffsets], im.columns[colPropertyEntries] = bytesOf(offsets), bytesOf(entries)
	valueOffsets, values := make([]uint32, 1, len(b.values.texts)+1), []byte(nil)
	for _, v := range b.values.texts {
		values = append(values, v...)
		valueOffsets = append(valueOffsets, uint32(len(values)))
	}
	im.columns[colValueOffsets], im.columns[colValueBytes] = bytesOf(valueOffsets), values
	im.meta.Properties = b.types
	im.putPostings(props, len(b.types))
}

// Write writes the columns and forgets them. Rows are written by WriteRows, after
// all columns of the release.
func (im *Image) Write(w terminology.TableWriter) error {
	im.meta.Format = FormatVersion
	m, err := json.Marshal(im.meta)
	if err != nil {
		return &terminology.Error{Op: "basic.Write", Err: err}
	}
	im.columns[colMeta] = m
	names := make([]string, 0, len(im.columns))
	for name := range im.columns {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := w.PutColumn(name, im.columns[name]); err != nil {
			return err
		}
	}
	im.columns = nil
	return nil
}

// WriteRows writes the tables of rows and forgets them.
func (im *Image) WriteRows(w terminology.TableWriter) error {
	err := im.rows.write(w)
	im.rows = nil
	return err
}

// Counts returns the number of concepts, of active ones, and of designations.
func (im *Image) Counts() (concepts, active, terms int) {
	return im.meta.Concepts, im.meta.Active, im.meta.Terms
}

// Columns returns the display columns.
func (im *Image) Columns() []terminology.DisplayColumn { return im.meta.Columns }

func displayColumnName(i int) string { return fmt.Sprintf("%s%03d", colDisplay, i) }
