package search

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/language"
)

// found is a document that matches, and its place in the ranking: class, then tier.
type found struct{ doc, concept, place uint32 }

// noPlace is the place of a document whose concept is not asked for. No query has so
// many tiers that a place is as high.
const noPlace = 0xff

// maxFewTiers is how many tiers may be preferred for all places to be below noPlace.
const maxFewTiers = noPlace/int(ClassCompound+1) - 1

// rankFew ranks the documents of w.few, all that match, in one pass: to tell what each
// of them is costs less than a walk for each class and tier. The hits are those that
// equal, begins and tiers would find, and the total is exact.
// With differs, those that match only by their forms and parts are among them, and those
// that do not are in w.plain.
func (w *walk) rankFew(differs bool) error {
	w.know()
	j, err := w.newJudge()
	if err != nil {
		return err
	}
	if j.some = differs; differs {
		forms, err := w.sameForms()
		if err != nil {
			return err
		}
		j.plain, j.forms = w.plain, forms
	}
	if err := w.place(&j); err != nil {
		return err
	}
	// A concept is marked until it has been hit. Most often the first places have
	// documents enough; they are put in order without the rest.
	last := len(w.counts) - 1
	for first, n := 0, 0; first <= last; {
		end := first
		for n = 0; end <= last && n < 2*w.q.Limit; end++ {
			n += int(w.counts[end])
		}
		w.gather(first, end, n)
		if w.take(&j, end > last); w.full() {
			break
		}
		first = end
	}
	for _, concept := range w.few.concepts {
		w.marks.forget(concept)
	}
	w.failed = w.failed[:0]
	return nil
}

// take makes hits of w.found, by place, then document, until there are enough. Documents
// that do not begin as the text does wait for their place among the words.
func (w *walk) take(j *judge, ends bool) {
	step := uint32(len(w.prefer) + 1)
	heads := 0 // found documents whose terms are in w.heads, to the end of this one
	for i, f := range w.found {
		if w.full() {
			return
		}
		class := Class(f.place / step)
		if class == ClassBegins && j.verify {
			if i >= heads {
				heads = w.readHeads(i)
			}
			if w.inOrder(w.heads[headTerms-(heads-i)]) > ClassBegins {
				f.place += step * uint32(ClassWords-ClassBegins)
				w.failed = append(w.failed, f)
				continue
			}
		}
		if class >= ClassWords {
			w.takeFailed(func(waiting found) bool {
				return waiting.place < f.place || waiting.place == f.place && waiting.doc < f.doc
			}, step)
		}
		w.hit(f, step)
	}
	if ends {
		w.takeFailed(func(found) bool { return true }, step)
	}
}

// takeFailed makes hits of those that wait, as long as they come before.
func (w *walk) takeFailed(before func(found) bool, step uint32) {
	n := 0
	for ; n < len(w.failed) && before(w.failed[n]); n++ {
		w.hit(w.failed[n], step)
	}
	w.failed = w.failed[:copy(w.failed, w.failed[n:])]
}

// headTerms is how many terms are read at once to see how they begin.
const headTerms = 16

// readHeads reads the terms of the documents found from i on into the end of w.heads
// and returns the number of the last of them and one.
func (w *walk) readHeads(i int) int {
	n := min(headTerms, len(w.found)-i)
	docs := w.headDocs[headTerms-n:]
	for k := range docs {
		docs[k] = w.found[i+k].doc
	}
	w.terms.DocumentTerms(docs, w.heads[headTerms-n:])
	return i + n
}

// hit makes a hit of a document when its concept is new.
func (w *walk) hit(f found, step uint32) {
	if !w.full() && w.marks.take(f.concept) {
		w.hits = append(w.hits, Hit{Doc: f.doc, Concept: f.concept, Class: Class(f.place / step), Tier: int(f.place % step)})
	}
}

// place tells the place of each document of w.few, and how many there are of each;
// documents that may begin as the text does are placed as if they did. It marks and
// counts the concepts that are asked for.
func (w *walk) place(j *judge) error {
	step := uint32(len(w.prefer) + 1)
	tiers := w.ix.combos.ranks(w.q.Prefer, &w.ranks)
	places := int(uint32(ClassCompound+1) * step)
	w.counts = slices.Grow(w.counts[:0], places)[:places]
	clear(w.counts)
	n := len(w.few.docs)
	w.places = slices.Grow(w.places[:0], n)[:n]
	w.total = 0
	for first := 0; first < n; first += 1024 {
		if w.ctx.Err() != nil {
			for _, concept := range w.few.concepts[:first] {
				w.marks.forget(concept)
			}
			return w.cancelled()
		}
		w.placeSome(j, first, min(first+1024, n), step, tiers)
	}
	return nil
}

// placeSome is place for the documents of w.few from first up to end.
func (w *walk) placeSome(j *judge, first, end int, step uint32, tiers *[256]uint8) {
	few, all, marks, places := w.few.docs[first:end], w.few.concepts[first:end], w.few.marks[first:end], w.places[first:end]
	only, total := w.q.only, 0
	simple := len(j.exact) == 0 && j.abbr == nil && w.few.begun
	for i, doc := range few {
		concept, mark := all[i], marks[i]
		if only != nil {
			if k := int(concept / 64); k >= len(only) || only[k]>>(concept%64)&1 == 0 {
				places[i] = noPlace
				continue
			}
		} else if !w.asked(concept) {
			places[i] = noPlace
			continue
		}
		class := uint32(ClassWords)
		if j.some && !j.isPlain(doc) {
			if class = uint32(ClassCompound); !j.forms.IsEmpty() && j.forms.Contains(doc) {
				class = uint32(ClassForms)
			}
		} else if simple {
			class -= uint32(mark >> 8 & 1)
		} else {
			class = uint32(j.class(w, doc, mark))
		}
		place := class*step + uint32(tiers[mark&0xff])
		places[i] = uint8(place)
		w.counts[place]++
		if w.marks.add(concept) {
			total++
		}
	}
	w.total += total
}

// gather fills w.found with the n documents whose places are from first up to end, by
// place, then document.
func (w *walk) gather(first, end, n int) {
	w.found = slices.Grow(w.found[:0], n)[:n]
	at, next := 0, w.starts[:0]
	for _, count := range w.counts[first:end] {
		next = append(next, uint32(at))
		at += int(count)
	}
	w.starts = next
	for i, place := range w.places {
		if k := int(place) - first; k >= 0 && k < len(next) {
			w.found[next[k]] = found{w.few.docs[i], w.few.concepts[i], uint32(place)}
			next[k]++
		}
	}
}

// judge tells the class of documents that match, asked for in order.
type judge struct {
	begun  bool            // the marks tell whose first word begins as that of the text does
	begins docSet          // else: those documents
	list   []uint32        // what is left of begins
	exact  []uint32        // what is left of those whose whole term may be the text
	verify bool            // begins alone does not say that the term begins as the text does
	abbr   *docSet         // those with an abbreviation that is the text; nil: none has
	some   bool            // some documents are of ClassCompound
	plain  []uint32        // what is left of the others
	forms  *roaring.Bitmap // those whose whole term is the text in other forms
}

// isPlain reports whether a document has the words of the text as they are written.
// Documents that are not asked for may be passed over.
func (j *judge) isPlain(doc uint32) bool {
	for len(j.plain) > 0 && j.plain[0] < doc {
		j.plain = j.plain[1:]
	}
	return len(j.plain) > 0 && j.plain[0] == doc
}

func (w *walk) newJudge() (judge, error) {
	key := []byte(w.exactKey())
	w.length = len(w.folded)
	j := judge{begun: w.few.begun, verify: w.verify()}
	if j.begun {
		j.verify = j.verify || slices.ContainsFunc(w.m.words[0], func(s string) bool { return letters(s) > maxEdge })
	} else {
		begins, long, err := w.beginning()
		if err != nil {
			return judge{}, err
		}
		j.begins, j.list, j.verify = begins, begins.list, j.verify || long
	}
	if !j.begun || slices.ContainsFunc(w.few.marks, func(m uint16) bool { return m&begunMark != 0 }) {
		docs, err := w.exact.docs(key)
		if err != nil {
			return judge{}, err
		}
		w.exactDocs = slices.Grow(w.exactDocs[:0], int(docs.GetCardinality()))[:docs.GetCardinality()]
		docs.ManyIterator().NextMany(w.exactDocs)
		j.exact = w.exactDocs
	}
	if w.m.mayAbbreviate() {
		set, err := w.anySpelling(w.m.words[0], w.shorts.set)
		if err != nil {
			return judge{}, err
		}
		if set.size > 0 {
			j.abbr = &set
		}
	}
	return j, nil
}

// class returns ClassEqual, ClassWords, or ClassBegins for a document that may begin as
// the text does.
func (j *judge) class(w *walk, doc uint32, mark uint16) Class {
	if len(j.exact) > 0 {
		if j.exact = skipTo(j.exact, doc); len(j.exact) > 0 && j.exact[0] == doc && w.inOrder(w.term(doc)) == ClassEqual {
			return ClassEqual
		}
	}
	if j.abbr != nil && j.abbr.has(doc) {
		return ClassAbbreviation
	}
	if j.begun {
		return ClassWords - Class(mark>>8&1)
	}
	if j.begins.bits != nil {
		return ClassWords - Class(j.begins.bits[doc/64]>>(doc%64)&1)
	}
	if j.list = skipTo(j.list, doc); len(j.list) > 0 && j.list[0] == doc {
		return ClassBegins
	}
	return ClassWords
}

// inOrder returns the class of a term by the order of its words. Of a term that is
// longer than the text it mostly looks at the beginning only.
func (w *walk) inOrder(term string) Class {
	head := term
	// What is before a blank folds to the beginning of what the whole folds to.
	for at := w.length + 1; at < min(len(term), w.length+24); at++ {
		if term[at] == ' ' {
			head = term[:at]
			break
		}
	}
	w.folded = language.AppendFold(w.folded[:0], head)
	class := w.m.inOrder(w.folded)
	if len(head) < len(term) && (class == ClassEqual || len(w.folded) <= w.length) { // the rest matters
		w.folded = language.AppendFold(w.folded[:0], term)
		class = w.m.inOrder(w.folded)
	}
	return class
}
