package search

import (
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// maxGuesses is the most words of the index that a last resort tries for one
// word of the text. Typing errors are looked for in texts of up to maxFuzzyWords
// words, in their words of minFuzzy to maxFuzzy letters, maxErrors of them from
// minFuzzy2 letters and one in shorter words.
const (
	maxGuesses    = 500
	maxFuzzyWords = 8
	minFuzzy      = 4
	minFuzzy2     = 8
	maxFuzzy      = 32
	maxErrors     = 2
)

// allowedErrors returns how many typing errors are looked for in a word of n letters.
func allowedErrors(n int) int {
	switch {
	case n < minFuzzy || n > maxFuzzy:
		return 0
	case n < minFuzzy2:
		return 1
	}
	return maxErrors
}

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
// swapped), and when that finds nothing, long words two errors away; at once where typing
// errors are asked for, so that what is found does not hang on how much is shown. Other
// words of the text are taken as they are.
func (w *walk) fuzzy() error {
	if len(w.words) > maxFuzzyWords {
		return nil
	}
	sets := make([]docSet, len(w.words))
	for i := range sets {
		sets[i] = w.widest(i)
	}
	first := 1
	if w.q.Fuzzy {
		first = maxErrors
	}
	for errors := first; errors <= maxErrors; errors++ {
		some := false
		for i, spellings := range w.m.words {
			allowed := min(errors, allowedErrors(letters(spellings[0])))
			if allowed == 0 || allowed < errors && errors > first {
				continue // what has fewer errors is in its set
			}
			if w.ctx.Err() != nil {
				return w.cancelled()
			}
			set, err := w.near(spellings[0], allowed)
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

// near returns the documents with a word at most so many errors from word, or
// that begins so when word is short enough for the edges.
func (w *walk) near(word string, errors int) (docSet, error) {
	dict := w.tokens
	if !w.m.whole && letters(word) < maxEdge {
		dict = w.edges
	}
	set, err := dict.near(word, errors)
	if err != nil {
		return docSet{}, err
	}
	parts, err := w.stems.near(word, errors) // which are much as the parts themselves
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

// near returns the documents of the words at most so many typing errors from a word, the
// first of them.
func (d dictionary) near(word string, errors int) (docSet, error) {
	v, err := d.ix.vocabulary(d.field)
	if err != nil {
		return docSet{}, err
	}
	words := v.near(word, errors, maxGuesses)
	sets := make([]*roaring.Bitmap, len(words))
	for i, near := range words {
		if sets[i], err = d.docs([]byte(near)); err != nil {
			return docSet{}, err
		}
	}
	return newDocSet(union(sets), d.ix.documents)
}

var _ segment.Automaton = bareAutomaton{}
