package scg

import (
	"strings"
	"unicode"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
)

// matchesAny reports whether a text value matches one of the texts of a condition:
// whole and exactly without a keyword and with exact:, by words with match:, and by
// pattern with wild:. The last two do not tell case apart.
func matchesAny(s string, terms ecl.TypedSearchTermSet) bool {
	for _, t := range terms {
		matched := false
		switch t.Type {
		case ecl.MatchSearch:
			matched = matchesWords(strings.ToLower(s), strings.ToLower(t.Text))
		case ecl.WildSearch:
			matched = matchesPattern([]rune(strings.ToLower(s)), pattern(strings.ToLower(t.Text)))
		default:
			matched = s == t.Text
		}
		if matched {
			return true
		}
	}
	return false
}

// matchesWords reports whether every word of query begins a word of s.
func matchesWords(s, query string) bool {
	split := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }
	words := strings.FieldsFunc(s, split)
	for _, q := range strings.FieldsFunc(query, split) {
		found := false
		for _, w := range words {
			found = found || strings.HasPrefix(w, q)
		}
		if !found {
			return false
		}
	}
	return true
}

const anyText = -1 // in a pattern, "*"

// pattern reads a wild text: "*" is any text, "\*" an asterisk, "\\" a backslash.
func pattern(text string) []rune {
	var out []rune
	for escaped, runes := false, []rune(text); len(runes) > 0; runes = runes[1:] {
		switch r := runes[0]; {
		case escaped:
			escaped, out = false, append(out, r)
		case r == '\\':
			escaped = true
		case r == '*':
			out = append(out, anyText)
		default:
			out = append(out, r)
		}
	}
	return out
}

// matchesPattern goes back to the last "*" only, so that it takes no more steps than
// the product of the lengths.
func matchesPattern(s, pattern []rune) bool {
	i, j, star, from := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case j < len(pattern) && pattern[j] == anyText:
			star, from = j, i
			j++
		case j < len(pattern) && pattern[j] == s[i]:
			i++
			j++
		case star >= 0:
			from++
			i, j = from, star+1
		default:
			return false
		}
	}
	for j < len(pattern) && pattern[j] == anyText {
		j++
	}
	return j == len(pattern)
}
