package norwegian

import (
	"cmp"
	"iter"
	"slices"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/language"
)

// Equivalents is what the concepts that carry both bokmål and nynorsk terms tell of
// the two forms beyond the rules of Stem: stems that mean the same. The zero
// Equivalents knows none. It is never changed, and safe for concurrent use.
type Equivalents struct {
	pairs []Pair // by From
}

// Pair is one equivalence: the nynorsk stem From is to be compared as the stem To.
type Pair struct {
	From, To string
	Count    int // the concepts that say so
}

// RuleUse is how often a respelling of Stem was seen to hold in pairs of terms: it
// made the nynorsk word the bokmål word, or it did not.
type RuleUse struct {
	From, To      string
	Holds, Broken int
}

// Lesson is what Learn found.
type Lesson struct {
	Equivalents Equivalents
	Rules       []RuleUse // in the order of the table, those that were seen
	Terms       int       // pairs of terms with as many words
	Words       int       // pairs of words in those
	Same        int       // pairs of words that were equal
	ByRule      int       // that only Stem makes equal
	Rest        int       // that differ still; Equivalents has the reliable ones
}

// The bounds of what is learnt.
const (
	maxPairs      = 20_000 // equivalences kept, the most frequent
	maxCandidates = 1 << 20
	maxWords      = 24 // words of a term; longer terms teach nothing
	sureShare     = 4  // the other meanings of a word may be one of so many
)

// Learn reads pairs of a bokmål and a nynorsk term of the same concept and returns
// which words correspond. Terms with as many words are aligned word by word; when one
// word alone differs after Stem, it is a candidate. A candidate is kept when it was
// seen twice, or once with words that look alike, when the nynorsk word is
// nearly always that bokmål word, and when it is no bokmål word of its own. The
// order of the pairs does not matter.
func Learn(pairs iter.Seq2[string, string]) Lesson {
	var (
		out    Lesson
		seen   = map[[2]string]int{} // nynorsk and bokmål stem: count
		bokmål = map[string]int{}    // stems of bokmål terms
		itself = map[string]int{}    // stems that are the same in both
		rules  = make([]RuleUse, len(respellings))
	)
	for nb, nn := range pairs {
		b, n := language.Tokens(nb), language.Tokens(nn)
		for _, t := range b {
			if len(bokmål) < maxCandidates {
				bokmål[Stem(t)]++
			}
		}
		if len(b) != len(n) || len(b) == 0 || len(b) > maxWords {
			continue
		}
		out.Terms++
		differ, at := 0, 0
		for i := range b {
			sb, sn := Stem(b[i]), Stem(n[i])
			out.Words++
			switch {
			case b[i] == n[i]:
				out.Same++
			case sb == sn:
				out.ByRule++
			default:
				out.Rest++
			}
			if sb != sn {
				differ, at = differ+1, i
			} else if len(itself) < maxCandidates {
				itself[sb]++
			}
			if b[i] != n[i] {
				useOf(rules, n[i], sb == sn)
			}
		}
		if differ == 1 && isWord(n[at]) && isWord(b[at]) && (len(b) > 1 || alike(Stem(n[at]), Stem(b[at]))) && len(seen) < maxCandidates {
			seen[[2]string{Stem(n[at]), Stem(b[at])}]++
		}
	}
	out.Equivalents = reliable(seen, bokmål, itself)
	for i, r := range rules {
		if r.Holds+r.Broken > 0 {
			r.From, r.To = respellings[i].from, respellings[i].to
			out.Rules = append(out.Rules, r)
		}
	}
	return out
}

// useOf counts the respellings that token goes through.
func useOf(rules []RuleUse, token string, holds bool) {
	if !isWord(token) {
		return
	}
	var w word
	w.set(token)
	w.respell(func(rule int) {
		if holds {
			rules[rule].Holds++
		} else {
			rules[rule].Broken++
		}
	})
}

// reliable keeps the candidates that can be trusted.
func reliable(seen map[[2]string]int, bokmål, itself map[string]int) Equivalents {
	total := map[string]int{}
	for p, n := range seen {
		total[p[0]] += n
	}
	var all []Pair
	for p, n := range seen {
		from, to := p[0], p[1]
		switch {
		case n < 2 && !alike(from, to):
		case n*(sureShare+1) < total[from]*sureShare: // it has other meanings
		case itself[from] > 0 || bokmål[from] > 0: // it is a word of bokmål as well
		case utf8.RuneCountInString(from) < shortest || utf8.RuneCountInString(to) < shortest:
		default:
			all = append(all, Pair{from, to, n})
		}
	}
	slices.SortFunc(all, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	if len(all) > maxPairs {
		all = all[:maxPairs]
	}
	slices.SortFunc(all, func(a, b Pair) int { return cmp.Compare(a.From, b.From) })
	return Equivalents{pairs: all}
}

// alike reports whether two stems look like two spellings of one word: the first
// letter and most of the letters are shared.
func alike(a, b string) bool {
	if a == "" || b == "" || a[0] != b[0] {
		return false
	}
	ra, rb := []rune(a), []rune(b)
	if len(ra) > MaxToken || len(rb) > MaxToken {
		return false
	}
	head := 0
	for head < min(len(ra), len(rb)) && ra[head] == rb[head] {
		head++
	}
	tail := 0
	for tail < min(len(ra), len(rb))-head && ra[len(ra)-1-tail] == rb[len(rb)-1-tail] {
		tail++
	}
	return 2*(head+tail) >= max(len(ra), len(rb))
}

// Pairs returns the equivalences, in the order of From.
func (e Equivalents) Pairs() []Pair { return slices.Clone(e.pairs) }

// Of returns the stem that stem is to be compared as: that of the bokmål word, or stem.
func (e Equivalents) Of(stem string) string {
	i, ok := slices.BinarySearchFunc(e.pairs, stem, func(p Pair, s string) int { return cmp.Compare(p.From, s) })
	if !ok {
		return stem
	}
	return e.pairs[i].To
}
