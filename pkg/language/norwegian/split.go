package norwegian

import (
	"slices"
	"strings"
	"unicode/utf8"
)

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
