package ecl

import (
	"bytes"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// searchTerm is a planned text.
type searchTerm struct {
	kind  SearchType
	text  string                 // exact, and equality: as written
	words []string               // match: the folded words
	wild  []string               // wild: what stands between the asterisks, folded
	parts []terminology.TextPart // what words of a description that matches must hold; nil: not known
}

// newSearchTerm plans a text. Without a type it is compared whole, but for terms of
// descriptions, whose words are matched.
func newSearchTerm(t TypedSearchTerm, ofDescription bool) searchTerm {
	s := searchTerm{kind: t.Type, text: t.Text}
	if s.kind == DefaultSearch {
		s.kind = ExactSearch
		if ofDescription {
			s.kind = MatchSearch
		}
	}
	switch s.kind {
	case MatchSearch:
		s.words = language.Tokens(t.Text)
		for _, w := range s.words {
			s.parts = append(s.parts, terminology.TextPart{Text: w, Begins: true})
		}
	case ExactSearch:
		for _, w := range language.Tokens(t.Text) {
			s.parts = append(s.parts, terminology.TextPart{Text: w, Begins: true, Ends: true})
		}
	case WildSearch:
		pieces := splitWild(t.Text)
		for i, piece := range pieces {
			s.wild = append(s.wild, string(appendLetters(nil, piece)))
			s.parts = append(s.parts, wildParts(piece, i == 0, i == len(pieces)-1)...)
		}
	}
	return s
}

// wildParts are the parts of one piece of a wild text. A word at the edge of a piece
// may go on in what the asterisk stands for. A single letter that words need not begin
// with is in so many that to look for them costs more than to read the descriptions.
func wildParts(piece string, first, last bool) []terminology.TextPart {
	var parts []terminology.TextPart
	words := language.Tokens(piece)
	for i, w := range words {
		p := terminology.TextPart{Text: w, Begins: i > 0 || first, Ends: i < len(words)-1 || last}
		if p.Begins || utf8.RuneCountInString(w) > 1 {
			parts = append(parts, p)
		}
	}
	return parts
}

// splitWild cuts a wild text at its asterisks and takes the escapes away.
func splitWild(s string) []string {
	pieces := []string{}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '*':
			pieces = append(pieces, b.String())
			b.Reset()
		default:
			b.WriteByte(s[i])
		}
	}
	return append(pieces, b.String())
}

// Matches reports whether a text matches one of a set, as the value of an attribute or a
// column does: whole where there is no keyword.
func (s TypedSearchTermSet) Matches(text string) bool {
	ev := evaluation{pulse: math.MaxInt64} // one text is within every limit
	return ev.matchesAny(searchTerms(s, false), text)
}

// matchesAny reports whether a text matches one of the terms.
func (ev *evaluation) matchesAny(terms []searchTerm, text string) bool {
	return ev.matchesFolded(terms, text, nil)
}

// matchesFolded is matchesAny of a text whose words are folded already, with a space
// before each; nil: they are not.
func (ev *evaluation) matchesFolded(terms []searchTerm, text string, words []byte) bool {
	var letters []byte
	for i := range terms {
		t := &terms[i]
		if !ev.spend(30 + len(text)/2 + 20*len(t.wild)) {
			return false
		}
		switch t.kind {
		case ExactSearch:
			if t.text == text {
				return true
			}
		case MatchSearch:
			if words == nil {
				ev.fold = language.AppendFold(append(ev.fold[:0], ' '), text)
				words = ev.fold
			}
			if hasWords(words, t.words) {
				return true
			}
		case WildSearch:
			if letters == nil {
				letters = appendLetters(make([]byte, 0, len(text)+8), text)
			}
			if matchesWild(letters, t.wild) {
				return true
			}
		}
	}
	return false
}

// hasWords reports whether each word begins a word of a folded text, which has a space
// before each of its words.
func hasWords(text []byte, words []string) bool {
	for _, w := range words {
		found := false
		for at := 0; !found; {
			i := bytes.Index(text[at:], []byte(w))
			if i < 0 {
				return false
			}
			found = text[at+i-1] == ' '
			at += i + 1
		}
	}
	return len(words) > 0
}

// matchesWild reports whether text is the pieces with anything between them.
func matchesWild(text []byte, pieces []string) bool {
	first, last := pieces[0], pieces[len(pieces)-1]
	if len(pieces) == 1 {
		return string(text) == first
	}
	if !bytes.HasPrefix(text, []byte(first)) {
		return false
	}
	text = text[len(first):]
	for _, piece := range pieces[1 : len(pieces)-1] {
		i := bytes.Index(text, []byte(piece))
		if i < 0 {
			return false
		}
		text = text[i+len(piece):]
	}
	return bytes.HasSuffix(text, []byte(last))
}

// appendLetters appends s with its letters folded as language.Fold does, and all other
// characters as they are: what wild texts are compared by.
func appendLetters(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf && (i+1 == len(s) || s[i+1] < utf8.RuneSelf) {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			dst = append(dst, c)
			i++
			continue
		}
		n := letterRun(s[i:])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s[i:])
			dst = append(dst, s[i:i+n]...)
		} else {
			dst = language.AppendFold(dst, s[i:i+n])
		}
		i += n
	}
	return dst
}

// letterRun returns the length of the letters, digits and marks that s begins with.
func letterRun(s string) int {
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
			return i
		}
	}
	return len(s)
}
