package basic

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Tier returns the keyword of the text index for terms that are preferred, or only
// acceptable, in a display column.
func Tier(column int, preferred bool) string {
	if preferred {
		return tierNames[column][0]
	}
	return tierNames[column][1]
}

// tierNames are the keywords of all columns that a release may have: every search asks
// for some.
var tierNames = func() (names [maxColumns][2]string) {
	for i := range names {
		names[i] = [2]string{fmt.Sprintf("%dp", i), fmt.Sprintf("%da", i)}
	}
	return names
}()

// Documents passes every document of the text index to add, in static rank order:
// shorter terms first, then by the letters.
func (im *Image) Documents(add func(terminology.TextDocument) error) error {
	tiers := make([]string, 0, 8)
	total := uint32(im.meta.Terms)
	for _, d := range im.documents {
		if d >= total {
			o := d - total
			if err := add(terminology.TextDocument{Term: im.codes[o], Tiers: []string{"code"}, Active: im.flags[o]&flagInactive == 0, Tag: im.meta.Tags[im.tags[o]], Use: "code"}); err != nil {
				return err
			}
			continue
		}
		o := im.terms.concept[d]
		tiers = appendTiers(tiers[:0], im.terms.accept[d], len(im.meta.Columns))
		use := im.meta.Uses[uint8(im.terms.meta[d]>>termUseShift)]
		doc := terminology.TextDocument{Term: im.terms.term(d), Tiers: tiers, Active: im.flags[o]&flagInactive == 0, Tag: im.meta.Tags[im.tags[o]],
			Use: use, Language: im.meta.Languages[uint8(im.terms.meta[d])]}
		if err := add(doc); err != nil {
			return err
		}
	}
	return nil
}

// Pairs yields the preferred terms of each concept that has one in the display columns
// of both languages, in the order of the concepts. Of several columns of a language the
// one with most terms counts.
func (im *Image) Pairs(first, second string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		a, b := im.preferred(first), im.preferred(second)
		if a == nil || b == nil {
			return
		}
		for o := range a {
			if a[o] != 0 && b[o] != 0 && !yield(im.terms.term(a[o]-1), im.terms.term(b[o]-1)) {
				return
			}
		}
	}
}

// preferred returns the display column of a language: the number of a term and one for
// each concept, 0 for none.
func (im *Image) preferred(language string) []uint32 {
	best := mostTerms(im.meta.Columns, language)
	if best < 0 {
		return nil
	}
	return numbers[uint32](im.columns[displayColumnName(best)])
}

// DocumentCount returns how many documents the text index will have.
func (im *Image) DocumentCount() int { return im.meta.Documents }

// RankedLength returns the letters of a term by which it is ranked: without the words that say
// only that nothing more is said. "Uspesifisert akutt hjerteinfarkt" is as plain as
// "Akutt hjerteinfarkt".
func RankedLength(term string) uint32 {
	n := utf8.RuneCountInString(term)
	for word := range strings.FieldsSeq(term) {
		if len(word) <= longestFiller && fillers[strings.ToLower(strings.Trim(word, ",;()"))] && utf8.RuneCountInString(word) < n {
			n -= utf8.RuneCountInString(word) + 1
		}
	}
	return uint32(max(n, 0))
}

// fillers are the words that RankedLength leaves out, longestFiller the longest of them, in
// bytes, with a sign on both sides.
var fillers = map[string]bool{"uspesifisert": true, "uspesifiserte": true, "unspecified": true, "nos": true, "ina": true, "uns": true}

const longestFiller = len("(uspesifiserte)")

func (im *Image) documentOrder() []uint32 {
	type entry struct{ length, doc uint32 }
	t := &im.terms
	var entries []entry
	for i := range t.concept {
		m := t.meta[i]
		if uint8(m>>termFlagShift)&termInactive != 0 || !im.rules.Search(im.meta.Uses[uint8(m>>termUseShift)]) {
			continue
		}
		entries = append(entries, entry{RankedLength(t.term(uint32(i))), uint32(i)})
	}
	if im.rules.Codes {
		for o, code := range im.codes {
			entries = append(entries, entry{uint32(len(code)), uint32(im.meta.Terms + o)})
		}
	}
	words := func(d uint32) string {
		if d < uint32(im.meta.Terms) {
			return t.term(d)
		}
		return im.codes[d-uint32(im.meta.Terms)]
	}
	slices.SortFunc(entries, func(x, y entry) int {
		if x.length != y.length {
			return int(x.length) - int(y.length)
		}
		return cmp.Or(cmp.Compare(words(x.doc), words(y.doc)), cmp.Compare(x.doc, y.doc))
	})
	docs := make([]uint32, len(entries))
	for i, e := range entries {
		docs[i] = e.doc
	}
	return docs
}

// putTags writes the semantic tag of each concept: that of its first active term
// with one, else of its first.
func (im *Image) putTags() error {
	im.tags = make([]uint16, len(im.codes))
	tags := interner{}
	tags.number("")
	fromActive := make([]bool, len(im.codes))
	for i, o := range im.terms.concept {
		m := im.terms.meta[i]
		active := uint8(m>>termFlagShift)&termInactive == 0
		if im.tags[o] != 0 && (fromActive[o] || !active) {
			continue
		}
		tag := im.rules.Tag(im.meta.Uses[uint8(m>>termUseShift)], im.terms.term(uint32(i)))
		if tag == "" {
			continue
		}
		n := tags.number(tag)
		if n >= 1<<16 {
			return &terminology.Error{Op: "basic.Build", Kind: terminology.NotSupported, Err: errors.New("more than 65,535 semantic tags")}
		}
		im.tags[o], fromActive[o] = uint16(n), active
	}
	im.meta.Tags = tags.texts
	im.columns[colConceptTag] = bytesOf(im.tags)
	return nil
}
