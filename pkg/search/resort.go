package search

import (
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"
)

// maxGuesses is the most words of the index that a last resort tries for one
// word of the text. Typing errors are looked for in texts of up to maxFuzzyWords
// words, in their words of minFuzzy to maxFuzzy letters, two errors from
// minFuzzy2: the automaton of a long word takes long to make.
const (
	maxGuesses    = 500
	maxFuzzyWords = 8
	minFuzzy      = 4
	minFuzzy2     = 8
	maxFuzzy      = 32
)

// bare finds what is typed on a keyboard without æ, ø and å: every a of the text
// may be å or æ, and every o may be ø.
func (w *walk) bare() error {
	if len(w.words) > maxFuzzyWords {
		return nil
	}
	some := false
	sets := make([]docSet, len(w.words))
	for i, spellings := range w.m.words {
		if w.ctx.Err() != nil {
			return w.cancelled()
		}
		sets[i] = w.widest(i)
		for _, word := range spellings {
			if !strings.ContainsAny(word, "ao") {
				continue
			}
			some = true
			set, err := w.bareWord(word)
			if err != nil {
				return err
			}
			sets[i] = unionOf([]docSet{sets[i], set}, w.ix.documents)
		}
	}
	if !some {
		return nil
	}
	w.words, w.more = sets, w.more[:0] // also for typing errors after it
	if err := w.among(sets); err != nil {
		return err
	}
	m := w.m.bare()
	for _, step := range [...]struct{ class, most Class }{{ClassBareEqual, ClassEqual}, {ClassBareBegins, ClassBegins}} {
		if w.full() {
			return nil
		}
		if err := w.tiersOf(w.base, step.class, check{&m, step.most, true}); err != nil {
			return err
		}
	}
	return w.tiers(w.base, ClassBare, false)
}

// bareWord returns the documents with a word that begins as word, or has its stem, typed
// without æ, ø and å.
func (w *walk) bareWord(word string) (docSet, error) {
	dict, a := w.tokens, bareAutomaton{letters: word, prefix: !w.m.whole}
	if a.prefix && letters(word) <= maxEdge {
		dict, a.prefix = w.edges, false
	}
	set, err := dict.guess(a)
	if err != nil {
		return docSet{}, err
	}
	forms, err := w.stems.guess(bareAutomaton{letters: w.ix.analysis.stem(word)})
	return unionOf([]docSet{set, forms}, w.ix.documents), err
}

// bare returns the matcher of the text as typed without æ, ø and å.
func (m Matcher) bare() Matcher {
	words := make([][]string, len(m.words))
	for i, spellings := range m.words {
		words[i] = []string{string(barely([]byte(spellings[0])))}
	}
	return Matcher{words: words, whole: m.whole}
}

// barely writes a for å and æ, and o for ø, in place.
func barely(folded []byte) []byte {
	n := 0
	for i := 0; i < len(folded); i++ {
		c := folded[i]
		if c == 0xC3 && i+1 < len(folded) {
			switch folded[i+1] {
			case 0xA5, 0xA6:
				c = 'a'
				i++
			case 0xB8:
				c = 'o'
				i++
			}
		}
		folded[n] = c
		n++
	}
	return folded[:n]
}

// bareAutomaton accepts letters, with any a, o of them also as å, æ, ø. State
// 2n is before letters[n], 2n+1 after the first byte of å, æ or ø in its place.
type bareAutomaton struct {
	letters string
	prefix  bool // and everything that begins so
}

const deadState = -1

func (a bareAutomaton) Start() int                 { return 0 }
func (a bareAutomaton) IsMatch(s int) bool         { return s == 2*len(a.letters) }
func (a bareAutomaton) CanMatch(s int) bool        { return s != deadState }
func (a bareAutomaton) WillAlwaysMatch(s int) bool { return a.prefix && a.IsMatch(s) }

func (a bareAutomaton) Accept(s int, b byte) int {
	n := s / 2
	switch {
	case s == deadState:
	case n == len(a.letters):
		if a.prefix {
			return s
		}
	case s%2 == 0:
		c := a.letters[n]
		if b == c {
			return s + 2
		}
		if b == 0xC3 && (c == 'a' || c == 'o') {
			return s + 1
		}
	case a.letters[n] == 'a' && (b == 0xA5 || b == 0xA6), a.letters[n] == 'o' && b == 0xB8:
		return s + 1
	}
	return deadState
}

// fuzzy finds words one typing error away (a letter more, less, other, or two
// swapped), and when there are none, long words two errors away. Other words of
// the text are taken as they are.
func (w *walk) fuzzy() error {
	if len(w.words) > maxFuzzyWords {
		return nil
	}
	for distance := 1; distance <= maxErrors; distance++ {
		some := false
		sets := make([]docSet, len(w.words))
		for i, spellings := range w.m.words {
			sets[i] = w.widest(i)
			n := letters(spellings[0])
			if n < minFuzzy || n > maxFuzzy || distance == 2 && n < minFuzzy2 {
				continue
			}
			if w.ctx.Err() != nil {
				return w.cancelled()
			}
			set, err := w.near(spellings[0], distance)
			if err != nil {
				return err
			}
			some = true
			sets[i] = unionOf([]docSet{sets[i], set}, w.ix.documents)
		}
		if !some {
			return nil
		}
		if err := w.among(sets); err != nil {
			return err
		}
		if err := w.tiers(w.base, ClassFuzzy, false); err != nil || len(w.hits) > 0 {
			return err
		}
		if w.q.Limit == 0 && w.some() {
			return nil
		}
	}
	return nil
}

// near returns the documents with a word at most distance errors from word, or
// that begins so when word is short enough for the edges.
func (w *walk) near(word string, distance int) (docSet, error) {
	builder, err := typingErrors()
	if err != nil {
		return docSet{}, err
	}
	dfa, err := builder.BuildDfa(word, uint8(distance))
	if err == levenshtein.ErrTooManyStates {
		return docSet{}, nil // hundreds of letters
	}
	if err != nil {
		return docSet{}, err
	}
	dict := w.tokens
	if !w.m.whole && letters(word) < maxEdge {
		dict = w.edges
	}
	set, err := dict.near(word, dfa)
	if err != nil {
		return docSet{}, err
	}
	parts, err := w.stems.near(word, dfa) // which are much as the parts themselves
	return unionOf([]docSet{set, parts}, w.ix.documents), err
}

// guess returns the documents of the words that a accepts, the first of them.
func (d dictionary) guess(a segment.Automaton) (docSet, error) {
	docs, err := d.anyOf(a, nil, nil, maxGuesses)
	if err != nil {
		return docSet{}, err
	}
	return newDocSet(docs, d.ix.documents)
}

// near returns the documents of the words that an automaton of the typing errors in a word
// takes, the first of them.
func (d dictionary) near(word string, a segment.Automaton) (docSet, error) {
	v, err := d.ix.vocabulary(d.field)
	if err != nil {
		return docSet{}, err
	}
	words := v.near(word, a, maxGuesses)
	sets := make([]*roaring.Bitmap, len(words))
	for i, near := range words {
		if sets[i], err = d.docs([]byte(near)); err != nil {
			return docSet{}, err
		}
	}
	return newDocSet(union(sets), d.ix.documents)
}

// typingErrors makes the table behind all automatons of typing errors, which
// takes some milliseconds, once.
var typingErrors = sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
	return levenshtein.NewLevenshteinAutomatonBuilder(maxErrors, true)
})

var _ segment.Automaton = bareAutomaton{}
