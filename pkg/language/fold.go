package language

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s as it is compared with other text: its tokens, in order, with one
// space between them. The text index, queries and the term filters of ECL go through
// this one function, so what it makes equal finds each other.
//
// A token is a run of letters and digits: "ikke-småcellet" is two, "I21.0a" is
// "i21" and "0a", "5-HT" is "5" and "ht". An apostrophe inside a word joins
// ("Crohn's" is "crohns"). Case, compatibility forms (CO₂, ﬁ) and the marks of
// letters that are not Norwegian are folded (é is e, ß is ss), and the Swedish
// and German letters become ours (ä is æ, ö is ø). The letters æ, ø and å stay
// themselves however they were composed, and no word is ever dropped.
func Fold(s string) string {
	return string(AppendFold(make([]byte, 0, len(s)+8), s))
}

// Tokens returns the tokens of s, folded as Fold does.
func Tokens(s string) []string {
	return strings.Fields(Fold(s))
}

// AppendFold appends Fold(s) to dst. It allocates only for text with letters
// beyond ASCII and æøå.
func AppendFold(dst []byte, s string) []byte {
	start, gap := len(dst), false // gap: a separator is due before the next letter
	for i := 0; i < len(s); i++ {
		c := s[i]
		var second byte // of a two-byte letter
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c == 0xC3 && i+1 < len(s):
			switch s[i+1] {
			case 0xA5, 0xA6, 0xB8: // å æ ø
				second = s[i+1]
			case 0x85, 0x86, 0x98: // Å Æ Ø
				second = s[i+1] + 0x20
			default:
				return appendFoldRunes(dst[:start], s)
			}
			i++
		case c >= utf8.RuneSelf:
			return appendFoldRunes(dst[:start], s)
		case c == '\'' && !gap && i+1 < len(s) && startsLetter(s[i+1:]):
			continue
		default:
			gap = true
			continue
		}
		if gap && len(dst) > start {
			dst = append(dst, ' ')
		}
		gap = false
		dst = append(dst, c)
		if second != 0 {
			dst = append(dst, second)
		}
	}
	return dst
}

// appendFoldRunes is AppendFold for any text.
func appendFoldRunes(dst []byte, s string) []byte {
	start, gap := len(dst), false
	s = norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD"))
	var base rune // the letter that a combining mark belongs to, 0 when none
	for i, r := range s {
		switch {
		case unicode.Is(unicode.M, r):
			if ours := withMark(base, r); ours != 0 {
				dst = utf8.AppendRune(dst[:len(dst)-utf8.RuneLen(base)], ours)
				base = 0
			}
			continue
		case unicode.Is(unicode.Cf, r): // soft hyphen, zero-width joiners
			continue
		case isApostrophe(r):
			if gap || !startsLetter(s[i+utf8.RuneLen(r):]) {
				gap, base = true, 0
			}
			continue
		case !unicode.IsLetter(r) && !unicode.IsNumber(r):
			gap, base = true, 0
			continue
		}
		if gap && len(dst) > start {
			dst = append(dst, ' ')
		}
		gap = false
		base = unicode.ToLower(r)
		switch base {
		case 'ß':
			dst = append(dst, "ss"...)
		case 'œ':
			dst = append(dst, "oe"...)
		case 'ς':
			dst = append(dst, "σ"...)
		default:
			dst = utf8.AppendRune(dst, base)
			continue
		}
		base = 0
	}
	return dst
}

// withMark returns the Norwegian letter that base and a combining mark make, or
// 0 when the mark is to be dropped.
func withMark(base, mark rune) rune {
	const ring, diaeresis = '\u030A', '\u0308'
	switch {
	case base == 'a' && mark == ring:
		return 'å'
	case base == 'a' && mark == diaeresis:
		return 'æ'
	case base == 'o' && mark == diaeresis:
		return 'ø'
	}
	return 0
}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '\u2019' || r == '\u2018' || r == '\u02BC'
}

func startsLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) && !isApostrophe(r)
}
