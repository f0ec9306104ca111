package icd11

import "strings"

// Normalize returns the canonical forms that a code may be meant to have, best first, and
// nil when s has the form of no code. It accepts codes in any case, with blanks, and
// without the dot (1a030 is 1A03.0). Chapters (1 is 01) and blocks (BlockL1-1A0) are codes
// too. Clusters are not: those are for Release.Compose. Whether the code exists is for a
// release to tell.
func Normalize(s string) []string {
	if s = strings.TrimSpace(s); len(s) > maxTyped {
		return nil
	}
	if rest, ok := cutFold(s, "BlockL"); ok {
		return []string{"BlockL" + strings.ToUpper(rest)}
	}
	if len(s) == 1 && s[0] >= '1' && s[0] <= '9' {
		return []string{"0" + s}
	}
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	switch {
	case isCategory(s) && len(s) > categorySize && s[categorySize] != '.' && !isExtension(s):
		if dotted := s[:categorySize] + "." + s[categorySize:]; isCategory(dotted) {
			return []string{dotted, s}
		}
		return []string{s}
	case isCategory(s), isChapter(s), isEntity(s):
		return []string{s}
	}
	return nil
}

// maxTyped is the longest text that is taken for one code.
const maxTyped = 32

func cutFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}

// categorySize is the number of characters before the dot.
const categorySize = 4

// maxCode is the longest code: the published ones have up to seven characters.
const maxCode = 12

// isCategory reports whether s has the form of the code of a category: four capital
// letters and digits or more, the dot, if there is one, after the fourth.
func isCategory(s string) bool {
	if len(s) < categorySize || len(s) > maxCode {
		return false
	}
	letter := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			letter = true
		case c >= '0' && c <= '9':
		case c == '.' && i == categorySize && i < len(s)-1:
		default:
			return false
		}
	}
	return letter
}

// isChapter reports whether s has the form of the number of a chapter: 01 to 26, V, X.
func isChapter(s string) bool {
	switch len(s) {
	case 1:
		return s[0] >= 'A' && s[0] <= 'Z'
	case 2:
		return isEntity(s)
	}
	return false
}

// isEntity reports whether s is a number, as entities of the foundation have.
func isEntity(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// isExtension reports whether the code of a category is that of chapter X, which adds to
// a stem code and does not stand alone (ICD-11 Reference Guide, "Extension codes").
func isExtension(code string) bool { return code[0] == 'X' }
