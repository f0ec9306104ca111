package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/language"
)

// maxShort is the length of the longest abbreviation, in bytes.
const maxShort = 8

// notShort are words in capitals that terms of classifications carry and nobody looks
// for: without other specification, not classified elsewhere.
var notShort = map[string]bool{"ina": true, "ika": true, "uns": true, "nos": true, "nec": true}

// appendAbbreviations appends the abbreviations of a term, folded: its words of two to
// six letters and digits, two of them or more capitals and none a small letter. A term that is
// written in capitals altogether, long words too, has none.
func appendAbbreviations(dst []string, term string) []string {
	if strings.IndexFunc(term, unicode.IsUpper) < 0 {
		return dst
	}
	before, shouted := len(dst), strings.IndexFunc(term, unicode.IsLower) < 0
	long := false
	for start := 0; start < len(term); {
		n := wordLength(term[start:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(term[start:])
			start += size
			continue
		}
		word := term[start : start+n]
		long = long || utf8.RuneCountInString(word) > 6
		if n <= maxShort && isAbbreviation(word) {
			if folded := language.Fold(word); !notShort[folded] && !strings.Contains(folded, " ") {
				dst = append(dst, folded)
			}
		}
		start += n
	}
	if shouted && long {
		return dst[:before]
	}
	return dst
}

// wordLength returns the length of the letters and digits that s begins with.
func wordLength(s string) int {
	if i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }); i >= 0 {
		return i
	}
	return len(s)
}

// isAbbreviation reports whether a word is written as abbreviations are.
func isAbbreviation(word string) bool {
	n, capitals := 0, 0
	for _, r := range word {
		switch {
		case unicode.IsUpper(r):
			capitals++
		case !unicode.IsDigit(r):
			return false
		}
		n++
	}
	return n >= 2 && n <= 6 && capitals >= 2
}
