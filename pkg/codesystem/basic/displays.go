package basic

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// putDisplays makes the display columns: one for each language reference set, or,
// where a code system has none, one for each language. place is the new place of
// each designation of the builder.
func (b *Builder) putDisplays(im *Image, place []uint32) error {
	t := &im.terms
	columns, columnOf, err := b.displayColumns(im)
	if err != nil {
		return err
	}
	for _, a := range b.acceptances {
		c := columnOf[int(a.refset)]
		accept := &t.accept[place[a.term]]
		switch {
		case a.preferred: // wins when a description has two rows in one reference set
			*accept = *accept&^(3<<(2*c)) | 2<<(2*c)
		case *accept>>(2*c)&3 == 0:
			*accept |= 1 << (2 * c)
		}
	}
	for i, preferred := range t.pref {
		if !preferred {
			continue
		}
		for c, col := range columns {
			if col.Refset == "" && col.Language == b.languages.texts[uint8(t.meta[i])] {
				t.accept[i] |= 2 << (2 * c)
			}
		}
	}
	concepts := len(t.first) - 1
	for c := range columns {
		column := make([]uint32, concepts)
		for i := range t.accept {
			if t.accept[i]>>(2*c)&3 != 2 || !im.mayDisplay(b, uint32(i)) {
				continue
			}
			if at := &column[t.concept[i]]; *at == 0 {
				*at = uint32(i) + 1
				columns[c].Count++
			}
		}
		im.columns[displayColumnName(c)] = bytesOf(column)
	}
	im.meta.Columns = columns
	im.putDisplayAny(b)
	return nil
}

// displayColumns lists the columns, in the order of their names, and the column of
// each language reference set.
func (b *Builder) displayColumns(im *Image) ([]terminology.DisplayColumn, map[int]int, error) {
	var columns []terminology.DisplayColumn
	for n, refset := range b.refsets.texts {
		language := im.rules.Language(refset)
		if language == "" {
			language = b.usualLanguage(n)
		}
		columns = append(columns, terminology.DisplayColumn{Language: language, Refset: refset})
	}
	seen := map[string]bool{}
	for i, preferred := range im.terms.pref {
		if l := b.languages.texts[uint8(im.terms.meta[i])]; preferred && !seen[l] {
			seen[l] = true
			columns = append(columns, terminology.DisplayColumn{Language: l})
		}
	}
	if len(columns) > maxColumns {
		return nil, nil, &terminology.Error{Op: "basic.Build", Kind: terminology.NotSupported, Err: fmt.Errorf("%d language reference sets in one release, at most %d", len(columns), maxColumns)}
	}
	slices.SortFunc(columns, func(x, y terminology.DisplayColumn) int {
		return cmp.Or(cmp.Compare(x.Language, y.Language), cmp.Compare(len(x.Refset), len(y.Refset)), cmp.Compare(x.Refset, y.Refset))
	})
	columnOf := map[int]int{}
	for c, col := range columns {
		if n, ok := b.refsets.byText[col.Refset]; ok && col.Refset != "" {
			columnOf[int(n)] = c
		}
	}
	return columns, columnOf, nil
}

// usualLanguage is the language of most terms in a language reference set.
func (b *Builder) usualLanguage(refset int) string {
	count := make([]int, len(b.languages.texts))
	for _, a := range b.acceptances {
		if int(a.refset) == refset {
			count[uint8(b.terms.meta[a.term])]++
		}
	}
	best := 0
	for i, n := range count {
		if n > count[best] || n == count[best] && b.languages.texts[i] < b.languages.texts[best] {
			best = i
		}
	}
	if len(count) == 0 {
		return ""
	}
	return b.languages.texts[best]
}

// mayDisplay reports whether designation i is active and of a use that is shown.
func (im *Image) mayDisplay(b *Builder, i uint32) bool {
	m := im.terms.meta[i]
	return uint8(m>>termFlagShift)&termInactive == 0 && im.rules.Display(b.uses.texts[uint8(m>>termUseShift)])
}

// putDisplayAny picks for each concept the term to show when no language fits:
// preferred in some column, else a term to show, else any active one, else any.
func (im *Image) putDisplayAny(b *Builder) {
	t := &im.terms
	column := make([]uint32, len(t.first)-1)
	for o := range column {
		best, bestScore := uint32(0), -1
		for i := t.first[o]; i < t.first[o+1]; i++ {
			score := 0
			if im.mayDisplay(b, i) {
				score = 2
				for c := range im.meta.Columns {
					if t.accept[i]>>(2*c)&3 == 2 {
						score = 1000 - c
						break
					}
				}
			} else if uint8(t.meta[i]>>termFlagShift)&termInactive == 0 && b.uses.texts[uint8(t.meta[i]>>termUseShift)] != terminology.UseSearch {
				score = 1
			}
			if score > 2 && b.uses.texts[uint8(t.meta[i]>>termUseShift)] == terminology.UseDisplay {
				score += 1000 // before a term in another language that has no use
			}
			if score > bestScore {
				best, bestScore = i+1, score
			}
		}
		column[o] = best
	}
	im.columns[colDisplayAny] = bytesOf(column)
}
