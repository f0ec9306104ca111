package search

import "github.com/RoaringBitmap/roaring/v2"

// This file has the sets behind ClassCompound. Beside the documents with a word that
// begins as a word of the text does, its wide set has, of Norwegian terms, those with
// another form of it (åreknutene for åreknute, hjarte for hjerte), those with a part of
// a compound that begins so (inf in hjerteinfarkt), and, when the word is a compound
// itself, those with all its parts (ankelbrudd for brudd i ankelen).

// widen fills w.wide for the words of the text and reports whether any set differs from
// that of w.words. Of a
// word that only connects others it is every Norwegian term.
func (w *walk) widen() (bool, error) {
	w.wide = w.wide[:0]
	if w.ix.analysis == nil {
		return false, nil
	}
	differs := false
	for i, spellings := range w.m.words {
		set := w.words[i]
		if w.m.connects(i) {
			set = unionOf([]docSet{set, w.ix.norwegian}, w.ix.documents)
			w.wide, differs = append(w.wide, set), true
			continue
		}
		wide, err := w.wideOf(set, spellings)
		if err != nil {
			return false, err
		}
		differs = differs || wide.size != set.size
		w.wide = append(w.wide, wide)
	}
	return differs, nil
}

// wideOf returns the wide set of a word: narrow, and what its forms and parts find.
func (w *walk) wideOf(narrow docSet, spellings []string) (docSet, error) {
	mode := "wide "
	if w.m.whole {
		mode = "whole "
	}
	var buf [64]byte
	key := append(append(buf[:0], mode...), spellings[0]...)
	if set, found := w.ix.cache.get(key); found {
		return set, nil
	}
	w.union = w.union[:0]
	for _, s := range spellings {
		if err := w.addForms(s); err != nil {
			return docSet{}, err
		}
	}
	set := narrow
	if len(w.union) > 0 {
		more, err := newDocSet(union(w.union), w.ix.documents)
		if err != nil {
			return docSet{}, err
		}
		if set = unionOf([]docSet{narrow, more}, w.ix.documents); set.size == narrow.size {
			set = narrow
		} else {
			set.index(w.ix.documents)
		}
	}
	clear(w.union)
	w.ix.cache.put(key, set)
	return set, nil
}

// addForms adds to w.union what the forms and parts of a word find.
func (w *walk) addForms(word string) error {
	want := w.ix.analysis.want(word, w.m.whole)
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
	if w.ix.analysis == nil {
		return noDocs, nil
	}
	w.folded = w.folded[:0]
	for i, spellings := range w.m.words {
		if i > 0 {
			w.folded = append(w.folded, ' ')
		}
		w.folded = append(w.folded, w.ix.analysis.stem(spellings[0])...)
	}
	return w.stems.docs([]byte(wholeTerm + exactKey(string(w.folded))))
}

// plainOf fills w.plain with the documents of w.few that are in the sets of all words as
// they are written, so that the others are of ClassCompound.
func (w *walk) plainOf() {
	w.plain = append(w.plain[:0], w.few...)
	for i, s := range w.words {
		switch {
		case i < len(w.wide) && w.wide[i].size == s.size:
		case s.size == 0:
			w.plain = w.plain[:0]
		case s.bits != nil:
			w.plain = keep(w.plain, s.bits, 0)
		default:
			list := s.list
			w.plain = sift(w.plain, &list, true)
		}
	}
}
