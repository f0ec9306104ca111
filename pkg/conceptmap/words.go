package conceptmap

import (
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/language/norwegian"
)

// Words are what a term says, word by word, without the words that say nothing of what it
// is about: those between others, and those that only tell that no more is said.
type Words struct {
	words []string // folded; of a Norwegian term their stems
	// Whole tells that the term says of itself that what it means is not specified, Other
	// that it is for what is specified and has no place of its own.
	Whole, Other bool
}

// fillers are the words that say nothing of what a term is about, in Norwegian and English.
var fillers = wordSet("og eller i av med uten på ved til fra som for den det en et er ikke med annen annet andre spesifisert spesifiserte angitt " +
	"and or of the a an in on with without by to from as for due not other others elsewhere classified klassifisert steder sted")

// unspecified are the words that tell that no more is said, in both.
var unspecified = wordSet("uspesifisert uspesifiserte uspes ina ika uns unspecified nos uidentifisert unidentified")

// specified are the words that, after a word for not, tell the same, and after one for other
// that there are places for what is not meant.
var (
	specified = wordSet("spesifisert spesifiserte angitt identifisert specified identified stated")
	negations = wordSet("ikke not")
	others    = wordSet("annen annet andre other others")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// maxWords is how many words of a term count.
const maxWords = 24

// WordsOf returns the words of a term; isNorwegian tells that it is one in bokmål or nynorsk,
// in which the forms of one word count as one. What the term says that it is not, after "not
// specified as", does not count.
func WordsOf(term string, isNorwegian bool) Words {
	var w Words
	before := ""
	for _, token := range language.Tokens(term) {
		switch {
		case len(w.words) == maxWords:
			return w
		case specified[token] && negations[before]:
			w.Whole = true
		case specified[token] && others[before]:
			w.Other = true
		case w.Whole && before != "" && (token == "as" || token == "som") && specified[before]:
			return w
		case unspecified[token]:
			w.Whole = true
		case fillers[token]:
		case isNorwegian:
			w.words = append(w.words, norwegian.Stem(token))
		default:
			w.words = append(w.words, token)
		}
		before = token
	}
	return w
}

// Empty reports whether there are no words.
func (w Words) Empty() bool { return len(w.words) == 0 }

// Same reports whether two terms have the same words in the same order.
func (w Words) Same(other Words) bool {
	if len(w.words) != len(other.words) || w.Empty() {
		return false
	}
	for i := range w.words {
		if w.words[i] != other.words[i] {
			return false
		}
	}
	return true
}

// Agreement tells how well two terms of one language agree, from 0 to 1000: the harmonic
// mean of how much of each the other one has, each word by its letters, since long words say
// more than short ones.
func Agreement(a, b Words) int {
	x, y := covered(a.words, b.words), covered(b.words, a.words)
	if x+y == 0 {
		return 0
	}
	return 2 * x * y / (x + y)
}

// covered is how much of some words others have, from 0 to 1000.
func covered(words, by []string) int {
	sum, all := 0, 0
	for _, word := range words {
		best := 0
		for _, other := range by {
			best = max(best, alike(word, other))
		}
		n := weight(word)
		sum, all = sum+n*best, all+n
	}
	if all == 0 {
		return 0
	}
	return sum / all
}

// weight is what a word counts: its letters. A number, as in type 2, is short and says much.
func weight(word string) int {
	if strings.ContainsAny(word, "0123456789") {
		return numberWeight
	}
	return utf8.RuneCountInString(word)
}

// numberWeight is the weight of a word with a digit in it.
const numberWeight = 8

// The fewest letters, in bytes, that words have in common at one end when they are alike,
// and when one of them is that end.
const (
	commonEnd = 5
	wholeEnd  = 4
)

// alike is how much two words have in common, from 0 to 1000: a part of a compound, or
// another form of the word.
func alike(a, b string) int {
	if a == b {
		return 1000
	}
	n := min(len(a), len(b))
	first, last := 0, 0
	for first < n && a[first] == b[first] {
		first++
	}
	for last < n && a[len(a)-1-last] == b[len(b)-1-last] {
		last++
	}
	common := max(first, last)
	if common < commonEnd && (common < wholeEnd || common < n) {
		return 0
	}
	return 2000 * common / (len(a) + len(b))
}
