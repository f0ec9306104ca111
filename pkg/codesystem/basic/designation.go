package basic

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Designations are numbered in the order of their concepts: those of a concept stand
// together, in the order of the release.

// DesignationRange returns the numbers of the designations of a concept: from, up to
// but without to.
func (p *Provider) DesignationRange(o terminology.Ordinal) (from, to uint32) {
	return p.conceptTerms[o], p.conceptTerms[o+1]
}

// DesignationConcept returns the concept of a designation.
func (p *Provider) DesignationConcept(i uint32) terminology.Ordinal { return p.termConcept[i] }

// Designation returns a designation by its number. It does not allocate.
func (p *Provider) Designation(i uint32) terminology.DesignationInfo {
	m := p.termMeta[i]
	flags := uint8(m >> termFlagShift)
	d := terminology.DesignationInfo{
		ID: p.termID[i], Language: p.meta.Languages[uint8(m)], Use: p.meta.Uses[uint8(m>>termUseShift)], Term: p.term(i),
		Inactive: flags&termInactive != 0, CaseSig: terminology.CaseSignificance(flags >> termCaseShift),
		Effective: terminology.Date(p.termDate[i]), Module: p.meta.Modules[uint16(m>>termModuleBits)],
	}
	return d.WithAcceptability(p.termAccept[i])
}

// DesignationByID returns the number of the designation with an id of its own, such as
// a SNOMED CT description id.
func (p *Provider) DesignationByID(id uint64) (uint32, bool) {
	at, ok := slices.BinarySearchFunc(p.termByID, id, func(i uint32, id uint64) int {
		return cmp.Compare(p.termID[i], id)
	})
	if !ok {
		return 0, false
	}
	return p.termByID[at], true
}

// DocumentDesignation returns the designation that is a document of the text index;
// false when the document is a code.
func (p *Provider) DocumentDesignation(doc uint32) (uint32, bool) {
	d := p.documents[doc]
	return d, d < uint32(p.meta.Terms)
}

// DesignationDocument returns the document of the text index that a designation is;
// false when it is not searched.
func (p *Provider) DesignationDocument(i uint32) (uint32, bool) {
	doc := p.termDocument[i]
	return doc - 1, doc != 0
}

// Unindexed returns the designations that are in no document of the text index, in
// ascending order: inactive ones and those whose use is not searched, such as text
// definitions.
func (p *Provider) Unindexed() []uint32 { return p.unindexed }

// UnindexedActive returns those of Unindexed that are active.
func (p *Provider) UnindexedActive() []uint32 { return p.unindexedActive }

// identified returns the designations that have an id, in the order of the ids.
func identified(ids []uint64) []uint32 {
	byID := make([]uint32, 0, len(ids))
	for i, id := range ids {
		if id != 0 {
			byID = append(byID, uint32(i))
		}
	}
	slices.SortFunc(byID, func(x, y uint32) int { return cmp.Compare(ids[x], ids[y]) })
	return byID
}

// deriveUnindexed lists the designations that are in no document.
func (p *Provider) deriveUnindexed() {
	for i, doc := range p.termDocument {
		if doc != 0 {
			continue
		}
		p.unindexed = append(p.unindexed, uint32(i))
		if uint8(p.termMeta[i]>>termFlagShift)&termInactive == 0 {
			p.unindexedActive = append(p.unindexedActive, uint32(i))
		}
	}
}

// checkDesignations looks up every designation by its id.
func (p *Provider) checkDesignations() error {
	for i, id := range p.termID {
		if found, ok := p.DesignationByID(id); ok != (id != 0) || ok && found != uint32(i) {
			return fmt.Errorf("designation %d is not found by its id", id)
		}
	}
	return nil
}
