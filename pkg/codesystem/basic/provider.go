package basic

import (
	"fmt"
	"iter"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/hierarchy"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Provider answers for one release from its columns. It implements
// terminology.CodeSystem.
type Provider struct {
	tables    terminology.Tables
	meta      meta
	normalize func(string) []string

	codeOffsets  []uint32
	codeBytes    []byte
	codeHash     []uint32
	flags        []byte
	effective    []uint32
	module       []uint16
	tag          []uint16
	from, to     []uint32 // nil: no concept has such a day
	parents      hierarchy.Edges
	children     hierarchy.Edges
	ancestors    hierarchy.Edges
	descendants  hierarchy.Sets
	conceptTerms []uint32
	termOffsets  []uint32
	termBytes    []byte
	termConcept  []uint32
	termID       []uint64
	termDate     []uint32
	hidesTerms   bool // some terms are terminology.UseSearch
	termMeta     []uint64
	termAccept   []uint64
	displays     [][]uint32
	displayAny   []uint32
	propOffsets  []uint32
	propEntries  []Attribute
	valueOffsets []uint32
	valueBytes   []byte
	members      hierarchy.Sets
	documents    []uint32
	termByID     []uint32
	postings     postings
	alternates   alternates

	attributeTypes             []AttributeType
	unindexed, unindexedActive []uint32

	termDocument []uint32 // document+1 of a designation; 0: not searched
	codeDocument []uint32 // document+1 of a code; nil: codes are not searched

	docConcept []uint32 // ordinal of a document

	properties sync.Map // of *propertyIndex, by code

	tableByName map[string]int
	active      *roaring.Bitmap
	defined     *roaring.Bitmap
	refsets     *roaring.Bitmap
}

// Release returns the identity of the release.
func (p *Provider) Release() terminology.Release { return p.meta.Release }

// Len returns the number of concepts, active or not.
func (p *Provider) Len() int { return p.meta.Concepts }

// Find returns the concept of a code: as the publisher writes it, in other case
// where the code system does not tell case apart, or in a form that Normalize knows.
func (p *Provider) Find(code string) (terminology.Ordinal, bool) {
	if o, ok := p.find(code); ok || p.normalize == nil {
		return o, ok
	}
	for _, form := range p.normalize(code) {
		if o, ok := p.find(form); ok {
			return o, true
		}
	}
	return terminology.NoOrdinal, false
}

func (p *Provider) find(code string) (terminology.Ordinal, bool) {
	if code == "" {
		return terminology.NoOrdinal, false
	}
	mask, fold := uint64(len(p.codeHash)-1), p.meta.folding()
	folded := terminology.NoOrdinal
	for slot := hashCode(code, fold) & mask; p.codeHash[slot] != 0; slot = (slot + 1) & mask {
		o := p.codeHash[slot] - 1
		found := p.Code(o)
		if found == code {
			return o, true
		}
		if folded == terminology.NoOrdinal && sameFolded(found, code, fold) {
			folded = o
		}
	}
	return folded, folded != terminology.NoOrdinal
}

// Code returns the code of a concept as the publisher writes it.
func (p *Provider) Code(o terminology.Ordinal) string {
	return text(p.codeBytes[p.codeOffsets[o]:p.codeOffsets[o+1]])
}

// Info returns what a concept says of itself.
func (p *Provider) Info(o terminology.Ordinal) terminology.ConceptInfo {
	f := p.flags[o]
	info := terminology.ConceptInfo{
		Inactive: f&flagInactive != 0, Abstract: f&flagAbstract != 0, Defined: f&flagDefined != 0,
		Effective: terminology.Date(p.effective[o]), Module: p.meta.Modules[p.module[o]],
	}
	if p.from != nil {
		info.From = terminology.Date(p.from[o])
	}
	if p.to != nil {
		info.To = terminology.Date(p.to[o])
	}
	return info
}

// Tag returns the semantic tag of a concept, or "".
func (p *Provider) Tag(o terminology.Ordinal) string { return p.meta.Tags[p.tag[o]] }

// Columns lists the display columns.
func (p *Provider) Columns() []terminology.DisplayColumn { return p.meta.Columns }

// Preferred returns the preferred term of a concept in a display column.
func (p *Provider) Preferred(o terminology.Ordinal, column int) (string, bool) {
	d := p.displays[column][o]
	if d == 0 {
		return "", false
	}
	return p.term(d - 1), true
}

// Display returns a term for a concept whatever the language.
func (p *Provider) Display(o terminology.Ordinal) string {
	if d := p.displayAny[o]; d != 0 {
		return p.term(d - 1)
	}
	return ""
}

func (p *Provider) term(i uint32) string {
	return text(p.termBytes[p.termOffsets[i]:p.termOffsets[i+1]])
}

// Designations walks all designations of a concept, inactive ones too. Words that only
// find it (terminology.UseSearch) are none.
func (p *Provider) Designations(o terminology.Ordinal) iter.Seq[terminology.DesignationInfo] {
	return func(yield func(terminology.DesignationInfo) bool) {
		for i := p.conceptTerms[o]; i < p.conceptTerms[o+1]; i++ {
			if p.hidesTerms && p.meta.Uses[uint8(p.termMeta[i]>>termUseShift)] == terminology.UseSearch {
				continue
			}
			if !yield(p.Designation(i)) {
				return
			}
		}
	}
}

// Properties walks the properties and attributes of a concept, by group.
func (p *Provider) Properties(o terminology.Ordinal) iter.Seq[terminology.PropertyInfo] {
	return func(yield func(terminology.PropertyInfo) bool) {
		for _, e := range p.Attributes(o) {
			t := p.attributeTypes[e.Type()]
			info := terminology.PropertyInfo{Code: t.Code, Group: e.Group(), Kind: t.Kind, Target: terminology.NoOrdinal}
			if t.Text {
				info.Value = p.ValueText(e.Value())
			} else {
				info.Target, info.Value = e.Value(), p.Code(e.Value())
			}
			if !yield(info) {
				return
			}
		}
	}
}

// Parents returns the direct broader concepts.
func (p *Provider) Parents(o terminology.Ordinal) []terminology.Ordinal { return p.parents.Of(o) }

// Children returns the direct narrower concepts.
func (p *Provider) Children(o terminology.Ordinal) []terminology.Ordinal { return p.children.Of(o) }

// Ancestors returns all broader concepts in ascending order.
func (p *Provider) Ancestors(o terminology.Ordinal) []terminology.Ordinal { return p.ancestors.Of(o) }

// Subsumes reports whether a is b or an ancestor of b.
func (p *Provider) Subsumes(a, b terminology.Ordinal) bool {
	return hierarchy.Subsumes(p.ancestors, a, b)
}

// Descendants returns all narrower concepts, without the concept itself.
func (p *Provider) Descendants(o terminology.Ordinal) *roaring.Bitmap {
	return p.descendants.Get(int(o))
}

// Active returns the concepts that are not inactive.
func (p *Provider) Active() *roaring.Bitmap { return p.active }

// Members returns the concepts that active rows of a table refer to.
func (p *Provider) Members(refset string) (*roaring.Bitmap, bool) {
	i, ok := p.tableByName[refset]
	if !ok {
		return nil, false
	}
	return p.members.Get(i), true
}

// Refsets returns the concepts that name a reference set with rows.
func (p *Provider) Refsets() *roaring.Bitmap { return p.refsets }

// Tables lists the tables of rows that the release keeps.
func (p *Provider) Tables() []Table { return p.meta.Refsets }

// Rows returns the rows of a component in a table, in the order of the release.
// The error is NotFound when there is no such table; no rows are no error.
func (p *Provider) Rows(table, component string) ([]terminology.Row, error) {
	const op = "basic.Rows"
	i, ok := p.tableByName[table]
	if !ok {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Err: fmt.Errorf("table %s", table)}
	}
	value, err := p.tables.Row(TableRows, rowKey(nil, table, component))
	if terminology.KindOf(err) == terminology.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := decodeRows(table, component, value, len(p.meta.Refsets[i].Columns), p.meta.Modules)
	if err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: err}
	}
	return rows, nil
}

// Document returns the concept and the term of a document of the text index.
func (p *Provider) Document(doc uint32) (terminology.Ordinal, string) {
	d := p.documents[doc]
	if d < uint32(p.meta.Terms) {
		return p.termConcept[d], p.term(d)
	}
	o := d - uint32(p.meta.Terms)
	return o, p.Code(o)
}

// Documents walks the documents of a concept.
func (p *Provider) Documents(o terminology.Ordinal) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i := p.conceptTerms[o]; i < p.conceptTerms[o+1]; i++ {
			if doc := p.termDocument[i]; doc != 0 && !yield(doc-1) {
				return
			}
		}
		if p.codeDocument != nil && p.codeDocument[o] != 0 {
			yield(p.codeDocument[o] - 1)
		}
	}
}

// DocumentCount returns the number of documents of the text index.
func (p *Provider) DocumentCount() int { return p.meta.Documents }

// Counts returns the number of concepts, of active ones, and of designations.
func (p *Provider) Counts() (concepts, active, terms int) {
	return p.meta.Concepts, p.meta.Active, p.meta.Terms
}
