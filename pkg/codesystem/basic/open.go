package basic

import (
	"encoding/json"
	"fmt"
	"slices"
	"unsafe"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/hierarchy"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Options are what a code system adds to what its columns say.
type Options struct {
	// Normalize returns the canonical forms of a code as people write it, best
	// first; none of them need exist. nil: codes have one form.
	Normalize func(code string) []string
}

// Open reads the columns of a release. The tables stay the caller's to close,
// after the Provider is no longer used. The error is Corrupt when a column is
// missing or does not fit the others, and Conflict when the release was written
// in another format.
func Open(tables terminology.Tables, o Options) (*Provider, error) {
	const op = "basic.Open"
	p := &Provider{tables: tables, normalize: o.Normalize}
	m, err := tables.Column(colMeta)
	if err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: err}
	}
	if err := json.Unmarshal(m, &p.meta); err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: fmt.Errorf("column meta: %w", err)}
	}
	if p.meta.Format != FormatVersion {
		return nil, &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("release %s is in format %d, this kodeks reads format %d: import it again with kodeks import --replace", p.meta.Release.Version, p.meta.Format, FormatVersion)}
	}
	r := reader{tables: tables, err: p.meta.check()}
	n, terms := p.meta.Concepts, p.meta.Terms
	p.codeOffsets = column[uint32](&r, colCodeOffsets, n+1)
	p.codeBytes = r.bytes(colCodeBytes)
	p.codeHash = column[uint32](&r, colCodeHash, p.meta.HashSize)
	p.flags = r.bytes(colConceptFlags)
	p.effective = column[uint32](&r, colConceptEffective, n)
	p.module = column[uint16](&r, colConceptModule, n)
	p.tag = column[uint16](&r, colConceptTag, n)
	if p.meta.HasFrom {
		p.from = column[uint32](&r, colConceptFrom, n)
	}
	if p.meta.HasTo {
		p.to = column[uint32](&r, colConceptTo, n)
	}
	p.parents = r.edges(colParentOffsets, colParentTargets, n)
	p.children = r.edges(colChildOffsets, colChildTargets, n)
	p.ancestors = r.edges(colAncestorOffsets, colAncestorTargets, n)
	p.descendants = r.sets(colDescOffsets, colDescBytes, n)
	p.conceptTerms = column[uint32](&r, colConceptTerms, n+1)
	p.termOffsets = column[uint32](&r, colTermOffsets, terms+1)
	p.termBytes = r.bytes(colTermBytes)
	p.termConcept = column[uint32](&r, colTermConcept, terms)
	p.termID = column[uint64](&r, colTermID, terms)
	p.termDate = column[uint32](&r, colTermEffective, terms)
	p.hidesTerms = slices.Contains(p.meta.Uses, terminology.UseSearch)
	p.termMeta = column[uint64](&r, colTermMeta, terms)
	p.termAccept = column[uint64](&r, colTermAccept, terms)
	for c := range p.meta.Columns {
		p.displays = append(p.displays, column[uint32](&r, displayColumnName(c), n))
	}
	p.displayAny = column[uint32](&r, colDisplayAny, n)
	p.propOffsets = column[uint32](&r, colPropertyOffsets, n+1)
	p.propEntries = column[Attribute](&r, colPropertyEntries, -1)
	p.valueOffsets = column[uint32](&r, colValueOffsets, -1)
	p.valueBytes = r.bytes(colValueBytes)
	p.members = r.sets(colMemberOffsets, colMemberBytes, len(p.meta.Refsets))
	p.documents = column[uint32](&r, colDocuments, p.meta.Documents)
	p.termByID = column[uint32](&r, colTermByID, p.meta.Identified)
	p.readPostings(&r)
	p.readAlternates(&r)
	if r.err == nil && len(p.flags) != n {
		r.err = fmt.Errorf("column %s has %d entries, want %d", colConceptFlags, len(p.flags), n)
	}
	if r.err == nil {
		r.err = p.validate()
	}
	if r.err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: r.err}
	}
	p.derive()
	return p, nil
}

// derive makes the small sets that are quicker to compute than to read.
func (p *Provider) derive() {
	p.active = p.flagged(flagInactive, 0)
	p.defined = p.flagged(flagDefined, flagDefined)
	p.deriveTypes()
	p.termDocument = make([]uint32, p.meta.Terms)
	p.docConcept = make([]uint32, len(p.documents))
	for doc, d := range p.documents {
		if int(d) < p.meta.Terms {
			p.termDocument[d], p.docConcept[doc] = uint32(doc)+1, p.termConcept[d]
			continue
		}
		p.docConcept[doc] = d - uint32(p.meta.Terms)
		if p.codeDocument == nil {
			p.codeDocument = make([]uint32, p.meta.Concepts)
		}
		p.codeDocument[int(d)-p.meta.Terms] = uint32(doc) + 1
	}
	p.deriveUnindexed()
	p.refsets = roaring.New()
	p.tableByName = make(map[string]int, len(p.meta.Refsets))
	for i, t := range p.meta.Refsets {
		p.tableByName[t.Name] = i
		if o, ok := p.Find(t.Name); ok && t.Rows > 0 {
			p.refsets.Add(o)
		}
	}
}

// flagged returns the concepts that have a flag as want says.
func (p *Provider) flagged(flag, want byte) *roaring.Bitmap {
	dense := make([]uint64, (len(p.flags)+63)/64)
	for o, f := range p.flags {
		if f&flag == want {
			dense[o/64] |= 1 << (o % 64)
		}
	}
	set := roaring.FromDense(dense, false)
	set.RunOptimize()
	return set
}

// reader reads columns until the first error.
type reader struct {
	tables terminology.Tables
	err    error
}

func (r *reader) bytes(name string) []byte {
	if r.err != nil {
		return nil
	}
	b, err := r.tables.Column(name)
	r.err = err
	return Shared(b)
}

func column[T ~uint16 | ~uint32 | ~uint64](r *reader, name string, want int) []T {
	b := r.bytes(name)
	if size := int(unsafe.Sizeof(T(0))); r.err == nil && len(b)%size != 0 {
		r.err = fmt.Errorf("column %s has %d bytes, want a multiple of %d", name, len(b), size)
	}
	if r.err != nil {
		return nil
	}
	s := numbers[T](b)
	if want >= 0 && len(s) != want {
		r.err = fmt.Errorf("column %s has %d entries, want %d", name, len(s), want)
	}
	return s
}

func (r *reader) edges(offsets, targets string, n int) hierarchy.Edges {
	e := hierarchy.Edges{Offsets: column[uint32](r, offsets, n+1), Targets: column[uint32](r, targets, -1)}
	if r.err == nil && int(e.Offsets[n]) != len(e.Targets) {
		r.err = fmt.Errorf("column %s has %d entries, want %d", targets, len(e.Targets), e.Offsets[n])
	}
	return e
}

func (r *reader) sets(offsets, data string, n int) hierarchy.Sets {
	s := hierarchy.Sets{Offsets: column[uint32](r, offsets, n+1), Bytes: r.bytes(data)}
	if r.err == nil && int(s.Offsets[n]) != len(s.Bytes) {
		r.err = fmt.Errorf("column %s has %d bytes, want %d", data, len(s.Bytes), s.Offsets[n])
	}
	return s
}
