package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/language"
)

// Class is how well a term matches a text; smaller is better.
type Class uint8

// The classes, best first.
const (
	ClassAll          Class = iota // no text was asked for
	ClassEqual                     // the whole term is the text
	ClassAbbreviation              // the text is an abbreviation that the term has
	ClassBegins                    // the term begins with the text
	ClassWords                     // every word of the text begins a word of the term, in any order
	ClassForms                     // the whole term is the text, in other forms of its words
	ClassCompound                  // parts of compounds, and other forms of the words
	ClassBareEqual                 // as ClassEqual, for a keyboard without æ, ø and å
	ClassBareBegins                // as ClassBegins, for such a keyboard
	ClassBare                      // as ClassWords, for such a keyboard
	ClassFuzzy                     // a typing error away

	noMatch Class = 0xff
)

// maxVariants is the most spellings that are tried for one word of a text.
const maxVariants = 8

// Matcher matches terms with one text by the rules of ClassEqual, ClassBegins
// and ClassWords, those of Index.Search. It is safe for concurrent use.
type Matcher struct {
	blank bool       // the text is only space
	words [][]string // the spellings of each word
	// joined are the words with the one after each, as one word: who writes "hjerte inf"
	// may mean hjerteinfarkt. Empty where that is not tried.
	joined  [maxJoined - 1]string
	whole   bool // words must be equal
	content bool // some word is no connective
}

// NewMatcher returns the matcher of text. With whole, words must be equal, not
// only begin alike.
func NewMatcher(text string, whole bool) Matcher {
	m := Matcher{blank: strings.TrimSpace(text) == "", whole: whole}
	tokens := language.Tokens(text)
	m.words = make([][]string, len(tokens))
	for i, token := range tokens {
		if all := spellings(token); len(all) > 1 {
			m.words[i] = all
		} else {
			m.words[i] = tokens[i : i+1 : i+1] // as it is: no list of its own
		}
	}
	m.content = slices.ContainsFunc(m.words, func(spellings []string) bool { return !isConnective(spellings) })
	m.join(tokens)
	return m
}

// minJoined is the least number of letters of words that may be parts of one.
const minJoined = 3

// join fills m.joined.
func (m *Matcher) join(tokens []string) {
	if len(tokens) < 2 || len(tokens) > maxJoined || m.whole {
		return
	}
	for i := range len(tokens) - 1 {
		if letters(tokens[i]) >= minJoined && letters(tokens[i+1]) >= minJoined {
			m.joined[i] = tokens[i] + tokens[i+1]
		}
	}
}

// maxJoined is the most words of a text whose neighbours may be one word.
const maxJoined = 4

// isJoined reports whether a folded term has a word that begins as a word of the text and
// a neighbour do, as one word.
func (m Matcher) isJoined(folded []byte, i int) bool {
	for _, at := range [2]int{i - 1, i} {
		if at >= 0 && at < len(m.joined) && m.joined[at] != "" && m.beginsWord(folded, m.joined[at]) {
			return true
		}
	}
	return false
}

// beginsWord reports whether a word of a folded term begins so.
func (m Matcher) beginsWord(folded []byte, beginning string) bool {
	for rest := folded; len(rest) > 0; {
		var token []byte
		if token, rest = cutToken(rest); len(token) >= len(beginning) && string(token[:len(beginning)]) == beginning {
			return true
		}
	}
	return false
}

// Match returns the class of term, and whether it matches as it is written: other forms and
// parts of its words, and last resorts, it does not know.
func (m Matcher) Match(term string) (Class, bool) {
	if m.blank {
		return ClassAll, true
	}
	var buf [256]byte
	c := m.classOf(language.AppendFold(buf[:0], term), term)
	return c, c != noMatch
}

// classOf returns the class of a term, of which folded is what language.Fold makes.
func (m Matcher) classOf(folded []byte, term string) Class {
	c := m.class(folded)
	if c != noMatch && c != ClassEqual && m.mayAbbreviate() {
		for _, short := range appendAbbreviations(nil, term) {
			if hasEqual([]byte(short), m.words[0]) {
				return ClassAbbreviation
			}
		}
	}
	return c
}

// mayAbbreviate reports whether the text can be an abbreviation.
func (m Matcher) mayAbbreviate() bool { return len(m.words) == 1 && len(m.words[0][0]) <= maxShort }

// class returns the class of a folded term.
func (m Matcher) class(folded []byte) Class {
	if c := m.inOrder(folded); c != noMatch {
		return c
	}
	if len(m.words) == 0 {
		return noMatch
	}
	for i, spellings := range m.words {
		if !m.someWord(folded, spellings) && !m.isJoined(folded, i) {
			return noMatch
		}
	}
	return ClassWords
}

// inOrder returns ClassEqual, ClassBegins or noMatch.
func (m Matcher) inOrder(folded []byte) Class {
	if len(m.words) == 0 {
		return noMatch
	}
	rest, token := folded, []byte(nil)
	for i, spellings := range m.words {
		if len(rest) == 0 {
			return noMatch
		}
		token, rest = cutToken(rest)
		if hasEqual(token, spellings) {
			continue
		}
		if i == len(m.words)-1 && !m.whole && hasPrefix(token, spellings) {
			return ClassBegins
		}
		return noMatch
	}
	if len(rest) == 0 {
		return ClassEqual
	}
	return ClassBegins
}

func (m Matcher) someWord(folded []byte, spellings []string) bool {
	for rest := folded; len(rest) > 0; {
		var token []byte
		token, rest = cutToken(rest)
		if m.whole && hasEqual(token, spellings) || !m.whole && hasPrefix(token, spellings) {
			return true
		}
	}
	return false
}

func cutToken(folded []byte) (token, rest []byte) {
	for i, c := range folded {
		if c == ' ' {
			return folded[:i], folded[i+1:]
		}
	}
	return folded, nil
}

func hasEqual(token []byte, spellings []string) bool {
	for _, s := range spellings {
		if string(token) == s {
			return true
		}
	}
	return false
}

func hasPrefix(token []byte, spellings []string) bool {
	for _, s := range spellings {
		if len(token) >= len(s) && string(token[:len(s)]) == s {
			return true
		}
	}
	return false
}

// spellings returns word and what it may be typed for: ae for æ, oe for ø, aa
// for å, each pair on its own, up to maxVariants in all; none when there is only word.
func spellings(word string) []string {
	var all []string
	for i := 0; i+1 < len(word); i++ {
		letter := typedLetter(word[i], word[i+1])
		if letter == "" {
			continue
		}
		if all == nil {
			all = []string{word}
		}
		// Every spelling so far ends with the same word[i:], so the pair can be
		// replaced in each of them from its end.
		tail := len(word) - i
		for _, s := range all[:len(all):len(all)] {
			if len(all) == maxVariants {
				return all
			}
			all = append(all, s[:len(s)-tail]+letter+s[len(s)-tail+2:])
		}
		i++ // aae is a pair and a letter
	}
	return all
}

func typedLetter(a, b byte) string {
	switch {
	case a == 'a' && b == 'e':
		return "æ"
	case a == 'o' && b == 'e':
		return "ø"
	case a == 'a' && b == 'a':
		return "å"
	}
	return ""
}

// firstLetters returns the first n letters of s, and how many it has, at most
// n+1.
func firstLetters(s string, n int) (string, int) {
	count := 0
	for i := range s {
		if count == n {
			return s[:i], n + 1
		}
		count++
	}
	return s, count
}

// letters returns the number of letters of s.
func letters(s string) int { return utf8.RuneCountInString(s) }
