package basic

import (
	"runtime"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// showChunk is how many concepts or documents are looked up together: what each needs
// is far apart in memory, and look-ups that do not wait for each other overlap.
const showChunk = 32

// Show fills into, one entry a concept, in the order of ordinals. Columns are display
// columns in order of preference; any tells to show any other term where they have none.
func (p *Provider) Show(ordinals []terminology.Ordinal, columns []int, anyTerm bool, into []terminology.Shown) {
	var terms, from, to, codeFrom, codeTo [showChunk]uint32
	touched := byte(0)
	for len(ordinals) > 0 {
		n := min(len(ordinals), showChunk)
		for i, o := range ordinals[:n] {
			s := terminology.Shown{Column: -1}
			d := uint32(0)
			for _, c := range columns {
				if d = p.displays[c][o]; d != 0 {
					s.Column = c
					break
				}
			}
			if d == 0 && anyTerm {
				d = p.displayAny[o]
			}
			s.Inactive, s.Abstract = p.flags[o]&flagInactive != 0, p.flags[o]&flagAbstract != 0
			into[i], terms[i], codeFrom[i], codeTo[i] = s, d, p.codeOffsets[o], p.codeOffsets[o+1]
		}
		for i, d := range terms[:n] {
			if d != 0 {
				from[i], to[i] = p.termOffsets[d-1], p.termOffsets[d]
			} else {
				from[i], to[i] = 0, 0
			}
		}
		for i := range n {
			into[i].Code, into[i].Display = text(p.codeBytes[codeFrom[i]:codeTo[i]]), text(p.termBytes[from[i]:to[i]])
			touched |= firstByte(into[i].Code) | firstByte(into[i].Display)
		}
		ordinals, into = ordinals[n:], into[n:]
	}
	runtime.KeepAlive(touched)
}

// DocumentConcepts fills into with the concepts of documents of the text index.
func (p *Provider) DocumentConcepts(docs []uint32, into []terminology.Ordinal) {
	for i, doc := range docs {
		into[i] = p.docConcept[doc]
	}
}

// DocumentTerms fills into with the terms of documents of the text index.
func (p *Provider) DocumentTerms(docs []uint32, into []string) {
	var from, to [showChunk]uint32
	touched := byte(0)
	for len(docs) > 0 {
		n := min(len(docs), showChunk)
		for i, doc := range docs[:n] {
			from[i] = p.documents[doc]
		}
		for i, d := range from[:n] {
			if d < uint32(p.meta.Terms) {
				from[i], to[i] = p.termOffsets[d], p.termOffsets[d+1]
				into[i] = text(p.termBytes[from[i]:to[i]])
			} else {
				into[i] = p.Code(d - uint32(p.meta.Terms))
			}
		}
		for _, term := range into[:n] {
			touched |= firstByte(term)
		}
		docs, into = docs[n:], into[n:]
	}
	runtime.KeepAlive(touched)
}

// firstByte is read of many texts one after the other, so that they are near when they
// are read one by one.
func firstByte(s string) byte {
	if len(s) == 0 {
		return 0
	}
	return s[0]
}
