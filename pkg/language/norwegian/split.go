package norwegian

import (
	"iter"
	"math/bits"
	"slices"
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

// maxParts is how many parts a split has at most, whatever the options say.
const maxParts = 6

// Split returns the fewest, commonest and longest known words that word is a
// compound of, in its order, or nil when it is none. The parts and the links (s, e)
// between them are Spell(word); the last part has its ending.
//
// A part may be a compound itself ("tykktarm" in "tykktarmskreft"): AppendParts
// has those too.
func (s *Splitter) Split(word string) []string {
	var buf [maxParts]string
	parts := s.appendSplit(buf[:0], Spell(word))
	if len(parts) == 0 {
		return nil
	}
	return slices.Clone(parts)
}

// AppendParts appends to dst the words by which a compound can be found: the parts
// that Split gives and theirs, without particles such as under and mellom. A word
// comes once. It does not allocate for a word in the common spelling when dst has
// room.
func (s *Splitter) AppendParts(dst []string, word string) []string {
	return s.appendParts(dst, len(dst), Spell(word), 0)
}

func (s *Splitter) appendParts(dst []string, start int, word string, depth int) []string {
	var buf [maxParts]string
	for _, p := range s.appendSplit(buf[:0], word) {
		if s.table.particles[p] {
			continue
		}
		if !slices.Contains(dst[start:], p) {
			dst = append(dst, p)
		}
		if depth < 2 {
			dst = s.appendParts(dst, start, p, depth+1)
		}
	}
	return dst
}

// step is the cheapest way to a place in a word.
type step struct {
	cost  cost
	parts uint8
	from  uint8 // where the last part begins
	to    uint8 // where it ends; the link comes after
	ok    bool
}

// appendSplit appends the parts of word, which is in the common spelling.
func (s *Splitter) appendSplit(dst []string, word string) []string {
	n := len(word)
	if n > s.opts.MaxWord || n < minWord || !isWord(word) || utf8.RuneCountInString(word) < minWord {
		return dst
	}
	if cut, ok := s.table.particleCompound[word]; ok {
		return append(dst, word[:cut], word[cut:])
	}
	if s.table.isSimple(word) {
		return dst
	}
	var at steps
	at[0].ok = true
	for i := 0; i < n; i++ {
		if !at[i].ok || int(at[i].parts) == s.opts.MaxParts {
			continue
		}
		for j := i + 3; j < n-2; j++ {
			c, ok := s.words[word[i:j]]
			if !ok {
				if c, ok = s.table.adjective(word[i:j]); ok {
					at.reach(i, j, j, c)
				}
				continue
			}
			at.reach(i, j, j, c)
			switch word[j] {
			case 's':
				at.reach(i, j, j+1, c+costS)
			case 'e':
				at.reach(i, j, j+1, c+costE)
			}
		}
		if i > 0 {
			if c, ok := s.last(word[i:]); ok {
				at.reach(i, n, n, c)
			}
		}
	}
	if !at[n].ok {
		if found := s.table.appendHead(dst, word); len(found) > len(dst) {
			return found
		}
		return s.appendKnownHead(dst, word)
	}
	parts := int(at[n].parts)
	if at[n].cost > cost(parts)*costPart+costE && s.table.isBase(word) {
		return dst // a form of one of our words: problem-er
	}
	dst = append(dst, make([]string, parts)...)
	for i, k := n, len(dst)-1; i > 0; k-- {
		dst[k] = word[at[i].from:at[i].to]
		i = int(at[i].from)
	}
	return dst
}

// appendHead appends the parts of a compound of which only the head is known, when
// it is one of the heads that nothing but a compound ends in: kikkert-undersøkelse.
func (t *partTable) appendHead(dst []string, word string) []string {
	for i := 4; i <= len(word)-5; i++ {
		if !utf8.RuneStart(word[i]) || !t.heads[word[i:]] {
			continue
		}
		first := word[:i]
		if plain, ok := strings.CutSuffix(first, "s"); ok && linksWithS(plain) {
			first = plain
		}
		if utf8.RuneCountInString(first) < 4 || t.notParts[first] || !strings.ContainsAny(first, "aeiouyæøå") || t.isBase(word) {
			return dst
		}
		return append(dst, first, word[i:])
	}
	return dst
}

// appendKnownHead appends the parts of a word of which only the end is known: a word
// that is long enough to be no chance (klamydia-pneumoni, tensjons-hodepine). What
// stands before a Greek or Latin word is split off only when it is one of those that
// leave it what it is (poly-nevropati).
func (s *Splitter) appendKnownHead(dst []string, word string) []string {
	for i := 4; i <= len(word)-minHead; i++ {
		if !utf8.RuneStart(word[i]) {
			continue
		}
		first, head := word[:i], word[i:]
		forming := s.table.forming[first]
		if !forming && (utf8.RuneCountInString(first) < 5 || !s.table.learnable(first) && (i < 7 || first[i-1] != 'a' || s.table.notParts[first])) {
			continue
		}
		if c, ok := s.last(head); !ok || c > costPart+costMost/2 || utf8.RuneCountInString(head) < minHead {
			continue
		}
		if !strings.ContainsAny(first, "aeiouyæøå") || s.table.isBase(word) {
			return dst
		}
		if plain, ok := strings.CutSuffix(first, "s"); ok && linksWithS(plain) {
			first = plain
		}
		if forming {
			return append(dst, head)
		}
		return append(dst, first, head)
	}
	return dst
}

// minHead is the least length of the only part of a compound that is known.
const minHead = 6

// adjective reports whether a first part is a Latin adjective as it stands before a
// Norwegian noun (inguinal, maksillar), and its cost when no list has it.
func (t *partTable) adjective(w string) (cost, bool) {
	n := len(w)
	if n < 7 || t.notParts[w] {
		return 0, false
	}
	switch w[n-2:] {
	case "al", "ar":
		return costPart + costMost, true
	}
	return 0, false
}

// steps has a step for each place in a word.
type steps [MaxToken + room + 1]step

// reach offers a part from i to j, with its link to next.
func (at *steps) reach(i, j, next int, c cost) {
	c += at[i].cost
	if !at[next].ok || c <= at[next].cost { // of equals the longest first part
		at[next] = step{cost: c, parts: at[i].parts + 1, from: uint8(i), to: uint8(j), ok: true}
	}
}

// last returns the cost of tail as the last part of a compound, in any form.
func (s *Splitter) last(tail string) (cost, bool) {
	if c, ok := s.words[tail]; ok {
		return c, true
	}
	if s.table.notParts[tail] || utf8.RuneCountInString(tail) < 4 {
		return 0, false
	}
	var buf [MaxToken + room]byte
	stem := AppendStem(buf[:0], tail)
	if s.table.notParts[string(stem)] {
		return 0, false
	}
	c, ok := s.stems[string(stem)]
	return c + costForm, ok
}
