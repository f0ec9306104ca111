package basic

import (
	"iter"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Lessons returns the documents of the text index as a release has them stored, in
// order, so that the index can be built anew.
func (p *Provider) Lessons() terminology.TextLessons { return lessons{p} }

type lessons struct{ p *Provider }

// Documents passes every document to add, in order.
func (l lessons) Documents(add func(terminology.TextDocument) error) error {
	p := l.p
	tiers := make([]string, 0, 8)
	for _, d := range p.documents {
		doc := terminology.TextDocument{Use: "code"}
		o := d - uint32(p.meta.Terms)
		if d < uint32(p.meta.Terms) {
			o = p.termConcept[d]
			tiers = appendTiers(tiers[:0], p.termAccept[d], len(p.meta.Columns))
			m := p.termMeta[d]
			doc.Term, doc.Use, doc.Language = p.term(d), p.meta.Uses[uint8(m>>termUseShift)], p.meta.Languages[uint8(m)]
		} else {
			tiers = append(tiers[:0], "code")
			doc.Term = p.Code(o)
		}
		doc.Tiers, doc.Active, doc.Tag = tiers, !p.Info(o).Inactive, p.Tag(o)
		if err := add(doc); err != nil {
			return err
		}
	}
	return nil
}

// Pairs yields the preferred terms of each concept that has one in the display columns
// of both languages, in the order of the concepts.
func (l lessons) Pairs(first, second string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		a, b := mostTerms(l.p.meta.Columns, first), mostTerms(l.p.meta.Columns, second)
		if a < 0 || b < 0 {
			return
		}
		for o := range terminology.Ordinal(l.p.meta.Concepts) {
			x, ok := l.p.Preferred(o, a)
			y, too := l.p.Preferred(o, b)
			if ok && too && !yield(x, y) {
				return
			}
		}
	}
}

// mostTerms returns the display column of a language, of several the one with most
// terms, and -1 for none.
func mostTerms(columns []terminology.DisplayColumn, language string) int {
	best := -1
	for c, col := range columns {
		if col.Language == language && (best < 0 || col.Count > columns[best].Count) {
			best = c
		}
	}
	return best
}

// appendTiers appends the keywords of the display columns that a term stands in.
func appendTiers(tiers []string, accept uint64, columns int) []string {
	for c := range columns {
		switch accept >> (2 * c) & 3 {
		case 2:
			tiers = append(tiers, Tier(c, true))
		case 1:
			tiers = append(tiers, Tier(c, false))
		}
	}
	return tiers
}
