package search

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// This file has the sets behind ClassForms and ClassCompound. Beside the documents with a
// word that begins as a word of the text does, its own set, a word has more: of Norwegian
// terms those with another form of it (åreknutene for åreknute, hjarte for hjerte), those
// with a part of a compound that begins so (inf in hjerteinfarkt), and, when the word is a
// compound itself, those with all its parts (ankelbrudd for brudd i ankelen). They are
// mostly few where its own are many, so they are kept apart as long as that will do.

// lookMore fills w.more with what each word has more, and reports whether any has.
func (w *walk) lookMore() (bool, error) {
	w.more = w.more[:0]
	if w.m.whole { // words are to be as they are typed
		return false, nil
	}
	some := false
	for i, spellings := range w.m.words {
		if w.ctx.Err() != nil {
			return false, w.cancelled()
		}
		more := w.ix.norwegian // a word that only connects others is in every Norwegian term
		if !w.m.connects(i) {
			var err error
			if more, err = w.moreOf(w.words[i], spellings); err != nil {
				return false, err
			}
		}
		some = some || more.size > 0
		w.more = append(w.more, more)
	}
	return some, nil
}

// widen fills w.wide with all that each word has.
func (w *walk) widen() {
	w.wide = w.wide[:0]
	for i := range w.words {
		w.wide = append(w.wide, w.widest(i))
	}
}

// widest returns all that a word of the text has.
func (w *walk) widest(i int) docSet {
	if i < len(w.more) && w.more[i].size > 0 && !w.m.connects(i) {
		return unionOf([]docSet{w.words[i], w.more[i]}, w.ix.documents)
	}
	if i < len(w.more) && w.m.connects(i) {
		return unionOf([]docSet{w.words[i], w.ix.norwegian}, w.ix.documents)
	}
	return w.words[i]
}

// moreOf returns what a word has more than its own documents.
func (w *walk) moreOf(own docSet, spellings []string) (docSet, error) {
	var buf [64]byte
	key := append(append(buf[:0], "more "...), spellings[0]...)
	if set, found := w.ix.cache.get(key); found {
		return set, nil
	}
	w.union = w.union[:0]
	for _, s := range spellings {
		if err := w.addForms(s); err != nil {
			return docSet{}, err
		}
	}
	set, err := newDocSet(union(w.union), w.ix.documents)
	clear(w.union)
	if err != nil {
		return docSet{}, err
	}
	set = set.without(own)
	set.index(w.ix.documents)
	set.facts = &facts{}
	w.ix.cache.put(key, set)
	return set, nil
}

// asker asks a set about documents that come in order.
type asker struct {
	list []uint32 // what is left
	bits []uint64 // instead, where the set has them
}

func (s docSet) asker() asker {
	if s.bits != nil {
		return asker{bits: s.bits}
	}
	return asker{list: s.list}
}

func (a *asker) has(doc uint32) bool {
	if a.bits != nil {
		return a.bits[doc/64]>>(doc%64)&1 != 0
	}
	a.list = skipTo(a.list, doc)
	return len(a.list) > 0 && a.list[0] == doc
}

// How many documents of one word are looked at to find those of all words: up to fewLead in
// any case, up to maxLead where there are not enough hits without forms and parts.
const (
	fewLead = 512
	maxLead = 4 * fewDocs
)

// leading returns the word that has the fewest documents, and how many; -1 when all words
// only connect.
func (w *walk) leading() (lead, documents int) {
	lead = -1
	for i := range w.words {
		if n := w.words[i].size + w.more[i].size; !w.m.connects(i) && (lead < 0 || n < documents) {
			lead, documents = i, n
		}
	}
	return lead, documents
}

// findMore fills w.others with the documents that match only by their forms and parts, in
// order, with one walk for each choice of the words that are matched so. It reports false
// when they are too many, or the words are.
func (w *walk) findMore() bool {
	w.others = w.others[:0]
	n := len(w.words)
	if n > maxApart {
		return false
	}
	for choice := 1; choice < 1<<n; choice++ {
		if !w.findChoice(choice) {
			return false
		}
	}
	slices.Sort(w.others)
	w.others = slices.Compact(w.others)
	few := w.few.docs
	w.others = sift(w.others, &few, false)
	return len(w.few.docs)+len(w.others) <= fewDocs
}

// maxApart is the most words for findMore.
const maxApart = 3

// findChoice appends the documents in which the words of a choice, bits of their numbers,
// are matched by forms and parts and the others as they are written.
func (w *walk) findChoice(choice int) bool {
	w.class = append(w.class[:0], w.filters...)
	for i := range w.words {
		set := w.words[i]
		if choice>>i&1 != 0 {
			set = w.more[i]
		}
		if set.size == 0 {
			return true
		}
		w.class = append(w.class, set)
	}
	w.cursor.start(w.class)
	for {
		found := w.cursor.next(w.docs[:])
		if found == 0 {
			return true
		}
		if w.others = append(w.others, w.docs[:found]...); len(w.others) > 2*fewDocs {
			return false
		}
	}
}

// mergeOthers puts the others among the documents of w.few, and keeps those that were
// there in w.plain. They are then the base of the walk.
func (w *walk) mergeOthers() {
	w.plain = append(w.plain[:0], w.few.docs...)
	w.few.reset()
	w.few.docs = append(append(w.few.docs, w.plain...), w.others...)
	w.few.known = false
	slices.Sort(w.few.docs)
	w.settle()
}

// addForms adds to w.union what the forms and parts of a word find.
func (w *walk) addForms(word string) error {
	want := w.ix.analysis.want(word, false)
	for _, stem := range want.stems {
		if err := w.addDocs(w.stems, stem); err != nil {
			return err
		}
	}
	if err := w.addAll(want.split); err != nil {
		return err
	}
	for _, spelt := range want.spelt {
		if err := w.addBeginning(spelt, spelt != word); err != nil {
			return err
		}
	}
	return nil
}

// addBeginning adds the documents with a part that begins so, and, if words is set, those
// with a word that does.
func (w *walk) addBeginning(spelt string, words bool) error {
	if letters(spelt) <= maxEdge {
		if err := w.addDocs(w.parts, spelt); err != nil || !words {
			return err
		}
		return w.addDocs(w.edges, spelt)
	}
	if err := w.addPrefix(w.parts, wholePart+spelt); err != nil || !words {
		return err
	}
	return w.addPrefix(w.tokens, spelt)
}

// addAll adds the documents that have all of some stems.
func (w *walk) addAll(stems []string) error {
	var all *roaring.Bitmap
	for _, stem := range stems {
		docs, err := w.stems.docs([]byte(stem))
		switch {
		case err != nil:
			return err
		case all == nil:
			all = docs
		default:
			all = roaring.And(all, docs)
		}
		if all.IsEmpty() {
			return nil
		}
	}
	if all != nil {
		w.union = append(w.union, all)
	}
	return nil
}

func (w *walk) addDocs(d dictionary, term string) error {
	docs, err := d.docs([]byte(term))
	if err == nil && !docs.IsEmpty() {
		w.union = append(w.union, docs)
	}
	return err
}

func (w *walk) addPrefix(d dictionary, prefix string) error {
	return d.each(anything{}, []byte(prefix), []byte(prefix+"\xff"), func(_ string, docs *roaring.Bitmap) bool {
		w.union = append(w.union, docs)
		return true
	})
}

// sameForms returns the documents whose whole term is the text in other forms.
func (w *walk) sameForms() (*roaring.Bitmap, error) {
	w.folded = w.folded[:0]
	for i, spellings := range w.m.words {
		if i > 0 {
			w.folded = append(w.folded, ' ')
		}
		w.folded = append(w.folded, w.ix.analysis.shown(spellings[0]).stems[0]...)
	}
	return w.stems.docs([]byte(wholeTerm + exactKey(string(w.folded))))
}
