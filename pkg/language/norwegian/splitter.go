package norwegian

import (
	"iter"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// Options are the limits of a Splitter. The zero Options are what a release wants.
type Options struct {
	MaxWord  int // longest word that is split, in bytes; 0 is 64
	MaxParts int // most parts that one split gives; 0 is 6
}

// Splitter splits compounds into the words that they are made of. It knows the
// words that it was made with and the short words of medicine that this package
// brings. It is never changed after NewSplitter, and safe for concurrent use.
type Splitter struct {
	opts  Options
	table *partTable
	words map[string]cost // a part exactly as written
	stems map[string]cost // the last part in any form
}

// cost is how dear a part is; fewer parts are cheaper, then commoner and longer ones.
type cost uint16

const (
	costPart  cost = 100 // of every part, so that fewer parts win
	costRare  cost = 8   // of each halving of the count below common
	common         = 64
	costShort cost = 12 // of each letter below six
	costForm  cost = 6  // of a last part that is another form of a known word
	costS     cost = 3  // of the link s
	costE     cost = 14 // of the link e, which is mostly part of the word itself
	costMost  cost = 60 // beyond costPart, of any one part; dearer words are not parts
)

// minWord is the least number of letters of a word that is split.
const minWord = 6

// NewSplitter returns a splitter that knows words, each with the number of times
// that it occurs, and the words of this package. Words are as language.Fold makes
// them; their order does not matter, and a word that comes again adds to its count.
func NewSplitter(words iter.Seq2[string, int], opts Options) *Splitter {
	counts := make(map[string]int)
	for w, n := range words {
		if n > 0 && isWord(w) {
			counts[Spell(w)] += n
		}
	}
	s := &Splitter{opts: opts.bounded(), table: parts(), words: make(map[string]cost, len(counts)), stems: make(map[string]cost, len(counts))}
	stems := make(map[string]bool, len(counts))
	for w := range counts {
		stems[Stem(w)] = true
	}
	for w, n := range counts {
		if plain, ok := strings.CutSuffix(w, "s"); ok && (stems[Stem(plain)] || s.table.words[plain]) {
			continue // a first part with its link, or a genitive
		}
		if c, ok := s.table.costOf(w, n); ok {
			s.add(w, c)
		}
	}
	s.addBase()
	for w, n := range s.modifiers(counts) {
		if c, ok := s.table.costOf(w, n); ok {
			s.words[w] = min(c+costForm, s.costOr(w))
		}
	}
	return s
}

// bounded returns o with its defaults.
func (o Options) bounded() Options {
	if o.MaxWord <= 0 || o.MaxWord > MaxToken {
		o.MaxWord = 64
	}
	if o.MaxParts <= 0 || o.MaxParts > maxParts {
		o.MaxParts = maxParts
	}
	return o
}

// addBase makes the words of this package parts.
func (s *Splitter) addBase() {
	for w := range s.table.words {
		s.add(w, costPart)
	}
	for w := range s.table.particleCompound {
		s.add(w, costPart+costRare)
	}
}

func (s *Splitter) costOr(w string) cost {
	if c, ok := s.words[w]; ok {
		return c
	}
	return ^cost(0)
}

// add makes w a part, and all its forms last parts.
func (s *Splitter) add(w string, c cost) {
	s.words[w] = min(c, s.costOr(w))
	stem := Stem(w)
	if old, ok := s.stems[stem]; (!ok || c < old) && utf8.RuneCountInString(stem) >= shortest {
		s.stems[stem] = c
	}
}

// costOf returns the cost of a word of a list as a part, and whether it may be one:
// at least four letters, common when it is short, and neither a function word nor
// a mere ending or beginning.
func (t *partTable) costOf(w string, n int) (cost, bool) {
	if t.notParts[w] {
		return 0, false
	}
	letters := utf8.RuneCountInString(w)
	if letters < 4 || letters == 4 && n < 8 || letters == 5 && n < 2 {
		return 0, false
	}
	c := costPart
	if n < common {
		c += costRare * cost(bits.Len(uint(common/n))-1)
	}
	if letters < 6 {
		c += costShort * cost(6-letters)
	}
	return c, c <= costPart+costMost
}

// modifiers returns what stands before at least three known words in the given
// words, and how many: barne-, spise-, and other first parts that do not occur alone.
func (s *Splitter) modifiers(counts map[string]int) map[string]int {
	type link struct {
		word string
		n    int
	}
	var links []link
	tails := make(map[string]int)
	for w := range counts {
		for i := 5; i <= len(w)-4; i++ {
			if !utf8.RuneStart(w[i]) || utf8.RuneCountInString(w[:i]) < 5 {
				continue
			}
			if _, ok := s.words[w[i:]]; !ok {
				continue
			}
			head := w[:i]
			if _, ok := s.words[head]; !ok && s.table.learnable(head) {
				tails[head]++
			}
		}
	}
	for w, n := range tails {
		if n < 3 {
			delete(tails, w)
			continue
		}
		short, linked := trimLink(w)
		if !linked {
			continue
		}
		_, exact := s.words[short]
		_, form := s.stems[Stem(short)]
		switch { // a word with its link is not another word
		case exact:
			delete(tails, w)
		case w[len(w)-1] == 's' && (form || linksWithS(short)):
			delete(tails, w)
			links = append(links, link{short, n})
		}
	}
	for _, l := range links {
		tails[l.word] = max(tails[l.word], l.n)
	}
	return tails
}

// linksWithS reports whether w has one of the endings that take the link s.
func linksWithS(w string) bool {
	for _, ending := range []string{"sjon", "ing", "het", "tet", "dom", "skap", "else", "semd"} {
		if strings.HasSuffix(w, ending) {
			return true
		}
	}
	return false
}

// learnable reports whether a beginning looks like a Norwegian word: the first
// parts of Greek and Latin words end in vowels that ours do not end in.
func (t *partTable) learnable(head string) bool {
	switch head[len(head)-1] {
	case 'o', 'i', 'a', 'u', 'y':
		return false
	}
	return !t.notParts[head]
}

func trimLink(w string) (string, bool) {
	if last := w[len(w)-1]; last == 's' || last == 'e' {
		return w[:len(w)-1], true
	}
	return w, false
}
