package norwegian

import "strings"

// Loan returns a word of Greek or Latin as Norwegian spells it, by rule: thrombosis is
// trombose, appendicitis appendisitt, pneumothorax pneumotoraks. A word is spelt in
// many ways between the two, so it is a key to compare by, like a stem, and must be made
// of both sides; of most words it is the word. The word is as language.Fold makes it.
func Loan(token string) string {
	if len(token) > MaxToken || !isWord(token) {
		return token
	}
	stem, ending := token, ""
	for _, e := range latinEndings {
		if s, ok := strings.CutSuffix(token, e.latin); ok && len(s) >= shortest {
			stem, ending = s, e.norwegian
			break
		}
	}
	if ending == "" && !strings.ContainsAny(token, loanLetters) {
		return token
	}
	return string(appendLoan(make([]byte, 0, len(token)+4), stem, ending))
}

// LoanSpelling is Loan of a word that is still being typed: its letters, not its ending.
func LoanSpelling(token string) string {
	if len(token) > MaxToken || !isWord(token) || !strings.ContainsAny(token, loanLetters) {
		return token
	}
	return string(appendLoan(make([]byte, 0, len(token)+4), token, ""))
}

// loanLetters are those that a spelling that differs has at least one of.
const loanLetters = "chxzaqw"

// latinEndings are the endings of Latin and Greek nouns and what Norwegian makes of them,
// the longest first where one ends another.
var latinEndings = []struct{ latin, norwegian string }{
	{"rrhagia", "ragi"}, {"rrhoea", "re"}, {"rrhea", "re"}, {"rrhoe", "re"}, {"itides", "itter"}, {"ismus", "isme"},
	{"itis", "itt"}, {"osis", "ose"}, {"oses", "oser"}, {"esis", "ese"}, {"ysis", "yse"}, {"oma", "om"}, {"ia", "i"}, {"ura", "ur"},
}

// appendLoan appends stem as Norwegian spells it, with the ending that will follow: c
// before e, i, y, æ and ø is s and else k, ch is k, ph is f, th t, x ks, z s, rrh r, rh r,
// qu kv, ae e and oe ø.
func appendLoan(dst []byte, stem, ending string) []byte {
	for i := 0; i < len(stem); i++ {
		c, next := stem[i], byte(0)
		if i+1 < len(stem) {
			next = stem[i+1]
		} else if ending != "" && c == 'c' && strings.IndexByte("eiy", ending[0]) >= 0 {
			next = ending[0] // which tells how a c before it sounds
		}
		switch {
		case strings.HasPrefix(stem[i:], "rrh"):
			dst = append(dst, 'r')
			i += 2
		case c == 'c' && next == 'z':
			dst = append(dst, "ks"...)
			i++
		case c == 'c' && next == 'c' && i+2 < len(stem) && strings.IndexByte("eiy", stem[i+2]) >= 0:
			dst = append(dst, "ks"...)
			i++
		case c == 'c' && next == 'h':
			dst = append(dst, 'k')
			i++
		case c == 'c' && next != 0 && strings.IndexByte("eiy\xc3", next) >= 0:
			dst = append(dst, 's')
		case c == 'c':
			dst = append(dst, 'k')
		case c == 'p' && next == 'h':
			dst = append(dst, 'f')
			i++
		case c == 't' && next == 'h', c == 'r' && next == 'h':
			dst = append(dst, c)
			i++
		case c == 'a' && next == 'e':
			dst = append(dst, 'e')
			i++
		case c == 'o' && next == 'e':
			dst = append(dst, "ø"...)
			i++
		case c == 'q' && next == 'u':
			dst = append(dst, "kv"...)
			i++
		case c == 'x':
			dst = append(dst, "ks"...)
		case c == 'z':
			dst = append(dst, 's')
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, ending...)
}
