package search

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/language"
)

// found is a document that matches, and its place in the ranking: class, then tier.
type found struct{ doc, concept, place uint32 }

// rankFew ranks the documents of w.few, all that match, in one pass: to tell what each
// of them is costs less than a walk for each class and tier. The hits are those that
// equal, begins and tiers would find, and the total is exact.
func (w *walk) rankFew() error {
	j, err := w.newJudge()
	if err != nil {
		return err
	}
	if err := w.place(&j); err != nil {
		return err
	}
	step, failed := uint32(len(w.prefer)+1), w.failed[:0]
	heads := 0                  // found documents whose terms are in w.heads, to the end of this one
	for i, f := range w.found { // by place, then document
		if w.full() {
			break
		}
		class := Class(f.place / step)
		if class == ClassBegins && j.verify && i >= heads {
			heads = w.readHeads(i)
		}
		if class == ClassBegins && j.verify && w.inOrder(w.heads[headTerms-(heads-i)]) > ClassBegins {
			f.place += step * uint32(ClassWords-ClassBegins)
			failed = append(failed, f)
			continue
		}
		if class == ClassWords {
			for len(failed) > 0 && (failed[0].place < f.place || failed[0].place == f.place && failed[0].doc < f.doc) {
				w.hit(failed[0], step)
				failed = failed[1:]
			}
		}
		w.hit(f, step)
	}
	for _, f := range failed {
		w.hit(f, step)
	}
	w.failed = failed[:0]
	for _, f := range w.found {
		w.marks.add(f.concept)
	}
	w.total = w.marks.count
	for _, f := range w.found {
		w.marks.remove(f.concept)
	}
	return nil
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
	if !w.full() && w.marks.add(f.concept) {
		w.hits = append(w.hits, Hit{Doc: f.doc, Concept: f.concept, Class: Class(f.place / step), Tier: int(f.place % step)})
	}
}

// place fills w.found with the documents of w.few whose concepts are asked for, by
// place, then document. Those that may begin as the text does are placed as if they did.
func (w *walk) place(j *judge) error {
	step := uint32(len(w.prefer) + 1)
	tiers := w.ix.combos.ranks(w.q.Prefer, &w.ranks)
	places := int(uint32(ClassWords+1) * step)
	w.counts = slices.Grow(w.counts[:0], places+1)[:places+1]
	clear(w.counts)
	list := w.unplaced[:0]
	for rest := w.few; len(rest) > 0; {
		if w.ctx.Err() != nil {
			return w.cancelled()
		}
		docs := rest[:min(len(rest), len(w.concepts))]
		rest = rest[len(docs):]
		w.terms.DocumentConcepts(docs, w.concepts[:])
		for i, doc := range docs {
			if !w.asked(w.concepts[i]) {
				continue
			}
			place := uint32(j.class(w, doc))*step + uint32(tiers[w.ix.combos.of[doc]])
			w.counts[place+1]++
			list = append(list, found{doc, w.concepts[i], place})
		}
	}
	for i := range places {
		w.counts[i+1] += w.counts[i]
	}
	w.found = slices.Grow(w.found[:0], len(list))[:len(list)]
	for _, f := range list {
		w.found[w.counts[f.place]] = f
		w.counts[f.place]++
	}
	w.unplaced = list
	return nil
}

// judge tells the class of documents that match, asked for in order.
type judge struct {
	begins docSet   // those whose first word begins as that of the text does
	list   []uint32 // what is left of begins
	exact  []uint32 // what is left of those whose whole term may be the text
	verify bool     // begins alone does not say that the term begins as the text does
}

func (w *walk) newJudge() (judge, error) {
	begins, long, err := w.beginning()
	if err != nil {
		return judge{}, err
	}
	docs, err := w.exact.docs([]byte(w.exactKey()))
	if err != nil {
		return judge{}, err
	}
	w.length = len(w.folded)
	w.exactDocs = slices.Grow(w.exactDocs[:0], int(docs.GetCardinality()))[:docs.GetCardinality()]
	docs.ManyIterator().NextMany(w.exactDocs)
	return judge{begins, begins.list, w.exactDocs, long || w.verify()}, nil
}

// class returns ClassEqual, ClassWords, or ClassBegins for a document that may begin as
// the text does.
func (j *judge) class(w *walk, doc uint32) Class {
	if len(j.exact) > 0 {
		if j.exact = skipTo(j.exact, doc); len(j.exact) > 0 && j.exact[0] == doc && w.inOrder(w.term(doc)) == ClassEqual {
			return ClassEqual
		}
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
