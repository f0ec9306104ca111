package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// forms are the fields of Norwegian terms. Of words whose documents are all Norwegian,
// places says where they are.
func (v *inverter) forms(all lists, places []uint64, done func(field string, terms []fieldTerm)) {
	names := v.tokens.names
	own := newLists(len(names), func(add func(word, doc uint32)) {
		for _, doc := range v.norwegian {
			for _, word := range v.wordsOf(doc) {
				add(word, doc)
			}
		}
	})
	stems, parts := words{ids: map[string]int{}}, words{ids: map[string]int{}}
	itself := make([]string, len(names)) // the stem of a word as it is
	for w, name := range names {
		if len(own.of(w)) == 0 {
			continue
		}
		f := v.analysis.of(name)
		itself[w] = f.stems[0]
		for _, stem := range f.stems {
			stems.add(stem, w)
		}
		for _, part := range f.parts {
			parts.add(part, w)
		}
	}
	var out []fieldTerm
	for i, stem := range stems.names {
		of := stems.of[i]
		if w := of[0]; len(of) == 1 && len(own.of(w)) == len(all.of(w)) {
			out = append(out, fieldTerm{stem, places[w]})
			continue
		}
		out = append(out, fieldTerm{stem, v.to.postings(v.documentsOf(own, of))})
	}
	if len(v.norwegian) > 0 {
		out = append(out, fieldTerm{norwegianTerm, v.to.postings(v.norwegian)})
	}
	out = append(out, v.hashes(wholeTerm, v.wholeStems(itself))...)
	done(fieldStem, inLetters(out))
	done(fieldPart, v.parts(own, &parts))
}

// wholeStems are the hashes of Norwegian terms as the stems of their words.
func (v *inverter) wholeStems(of []string) []hashed {
	var out []hashed
	var whole []byte
	for _, doc := range v.norwegian {
		whole = whole[:0]
		for i, word := range v.wordsOf(doc) {
			if i > 0 && len(whole) > 0 {
				whole = append(whole, ' ')
			}
			whole = append(whole, of[word]...)
		}
		if len(whole) > 0 {
			out = append(out, hashed{exactHash(whole), doc})
		}
	}
	return out
}

// parts are the terms of fieldPart.
func (v *inverter) parts(own lists, p *words) []fieldTerm {
	order := make([]int, len(p.names))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(p.names[a], p.names[b]) })
	names, l := make([]string, len(order)), lists{start: make([]uint32, 1, len(order)+1)}
	for i, part := range order {
		names[i] = p.names[part]
		l.docs = append(l.docs, v.documentsOf(own, p.of[part])...)
		l.start = append(l.start, uint32(len(l.docs)))
	}
	var out []fieldTerm
	places := make([]uint64, len(names))
	for i, name := range names {
		if utf8.RuneCountInString(name) > maxEdge {
			places[i] = v.to.postings(l.of(i))
			out = append(out, fieldTerm{wholePart + name, places[i]})
		}
	}
	return inLetters(append(out, v.heads(names, l, places, minPart)...))
}

// documentsOf returns the documents of several words, which are good until the next call.
func (v *inverter) documentsOf(l lists, words []int) []uint32 {
	if len(words) == 1 {
		return l.of(words[0])
	}
	for _, w := range words {
		for _, doc := range l.of(w) {
			v.set.add(doc)
		}
	}
	v.scratch = v.set.take(v.scratch[:0])
	return v.scratch
}

// words are texts, and of each the words that have it.
type words struct {
	ids   map[string]int
	names []string
	of    [][]int
}

func (t *words) add(text string, word int) {
	id, known := t.ids[text]
	if !known {
		id = len(t.names)
		t.ids[text] = id
		t.names, t.of = append(t.names, text), append(t.of, nil)
	}
	if n := len(t.of[id]); n == 0 || t.of[id][n-1] != word {
		t.of[id] = append(t.of[id], word)
	}
}
