package ecl

import (
	"bytes"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// loose is the active descriptions that the text index does not have, text
// definitions: folded, and by their different words, which are few. It is made when
// it is first asked for.
type loose struct {
	p      *basic.Provider
	once   sync.Once
	text   []byte   // each as " word word"
	starts []uint32 // of each in text, and the end
	words  []string
	where  [][]uint32 // of each word: the places in UnindexedActive, ascending
}

func (l *loose) read() {
	number := map[string]int{}
	for n, i := range l.p.UnindexedActive() {
		start := len(l.text)
		l.starts = append(l.starts, uint32(start))
		l.text = append(l.text, ' ')
		l.text = language.AppendFold(l.text, l.p.Designation(i).Term)
		for word := range bytes.FieldsSeq(l.text[start:]) {
			w, ok := number[string(word)]
			if !ok {
				w = len(l.words)
				l.words = append(l.words, string(word))
				l.where = append(l.where, nil)
				number[l.words[w]] = w
			}
			if at := l.where[w]; len(at) == 0 || at[len(at)-1] != uint32(n) {
				l.where[w] = append(at, uint32(n))
			}
		}
	}
	l.starts = append(l.starts, uint32(len(l.text)))
}

// find calls try with the descriptions that have a word with the longest part of one of
// the terms, each once, until it returns false.
func (l *loose) find(ev *evaluation, terms []searchTerm, try func(uint32, known) bool) {
	l.once.Do(l.read)
	found := make(bits, (len(l.starts)+63)/64)
	for i := range terms {
		part := longest(terms[i].parts)
		if !ev.spend(4 * len(l.words)) {
			return
		}
		for w, word := range l.words {
			if hasPart(word, part) {
				found.addMany(l.where[w])
			}
		}
	}
	for n, i := range l.p.UnindexedActive() {
		if found.has(uint32(n)) && !try(i, known{words: l.text[l.starts[n]:l.starts[n+1]]}) {
			return
		}
	}
}

func longest(parts []terminology.TextPart) terminology.TextPart {
	best := parts[0]
	for _, p := range parts[1:] {
		if len(p.Text) > len(best.Text) {
			best = p
		}
	}
	return best
}

// hasPart reports whether a word holds a part where it is wanted.
func hasPart(word string, p terminology.TextPart) bool {
	switch {
	case p.Begins && p.Ends:
		return word == p.Text
	case p.Begins:
		return strings.HasPrefix(word, p.Text)
	case p.Ends:
		return strings.HasSuffix(word, p.Text)
	}
	return strings.Contains(word, p.Text)
}
