package search

import (
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// vocabulary is the different words of a dictionary by how many letters they have, each
// with a sign of which letters these are. Words with few typing errors between them are
// about as long and of about the same letters: most others are passed over by two
// machine instructions, where a walk of the dictionary would follow all that begins alike.
type vocabulary struct {
	text string
	of   [maxFuzzy + maxErrors + 1]sameLength // by letters
}

// sameLength are the words of so many letters, in order.
type sameLength struct {
	signs []uint64
	at    []uint32 // where a word begins in the text
	size  []uint8  // bytes
}

// signOf is a set of the letters of a word; several may have one bit.
func signOf(word string) uint64 {
	sign := uint64(0)
	for _, r := range word {
		sign |= 1 << (uint32(r) * 0x9E3779B1 >> 26) // each of a to z has one of its own
	}
	return sign
}

// add adds a word that is in the text. Words come in order; those that are too long to be
// asked for are left out.
func (v *vocabulary) add(at, size int) {
	word := v.text[at : at+size]
	n := letters(word)
	if n >= len(v.of) || size > 1<<8-1 {
		return
	}
	of := &v.of[n]
	of.signs, of.at, of.size = append(of.signs, signOf(word)), append(of.at, uint32(at)), append(of.size, uint8(size))
}

// near returns the words that are at most so many typing errors from a word of at most
// maxFuzzy letters, the first most of them in order.
func (v *vocabulary) near(word string, errors, most int) []string {
	var found []string
	var typed typos
	typed.set(word)
	n, sign := typed.letters, signOf(word)
	for length := max(n-errors, 0); length <= min(n+errors, len(v.of)-1); length++ {
		of := &v.of[length]
		for i, other := range of.signs {
			if bits.OnesCount64(other&^sign) > errors || bits.OnesCount64(sign&^other) > errors {
				continue
			}
			if candidate := v.text[of.at[i]:][:of.size[i]]; typed.errors(candidate) <= errors {
				found = append(found, candidate)
			}
		}
	}
	slices.Sort(found)
	return found[:min(len(found), most)]
}

// vocabularies are those of an index that typing errors are looked for in. They are read
// beside the first search.
type vocabularies struct {
	once sync.Once
	err  error

	words, edges, stems vocabulary
}

// vocabulary returns the vocabulary of a field.
func (ix *Index) vocabulary(field string) (*vocabulary, error) {
	all := &ix.vocabularies
	all.once.Do(func() {
		all.err = errUnread
		all.err = ix.readVocabularies(all)
	})
	switch field {
	case fieldWord:
		return &all.words, all.err
	case fieldEdge:
		return &all.edges, all.err
	}
	return &all.stems, all.err
}

// readVocabularies reads the words and stems. What words begin with follows from the words.
func (ix *Index) readVocabularies(all *vocabularies) error {
	list, err := ix.words()
	if err != nil {
		return err
	}
	all.words.text, all.edges.text = list.text, list.text
	last := ""
	for at := 1; at < len(list.text); {
		if ix.closing.Load() {
			return errClosed
		}
		size := strings.IndexByte(list.text[at:], '\n')
		word := list.text[at : at+size]
		all.words.add(at, size)
		for n, end := 0, 0; n < maxEdge && end < size; n++ {
			_, letter := utf8.DecodeRuneInString(word[end:])
			if end += letter; !strings.HasPrefix(last, word[:end]) { // words that begin alike come together
				all.edges.add(at, end)
			}
		}
		last, at = word, at+size+1
	}
	stems, err := ix.dictionary(fieldStem)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, part := range [...][2]string{{"", wholeTerm}, {wholeTerm + "\xff", ""}} { // whole terms are no words
		if err := stems.terms([]byte(part[0]), []byte(part[1]), func(stem string) {
			b.WriteString(stem)
			b.WriteByte('\n')
		}); err != nil {
			return err
		}
	}
	all.stems.text = b.String()
	for at := 0; at < b.Len(); {
		size := strings.IndexByte(all.stems.text[at:], '\n')
		all.stems.add(at, size)
		at += size + 1
	}
	return nil
}
