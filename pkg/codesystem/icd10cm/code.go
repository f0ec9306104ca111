package icd10cm

import "strings"

// Normalize returns the canonical form that a code may be meant to have, and nil when
// s has the form of no code: with or without dot, in any case. Whether the code
// exists is for a release to tell.
func Normalize(s string) []string {
	s = strings.ToUpper(strings.TrimRight(strings.TrimSpace(s), ".-"))
	if len(s) > 3 && s[3] == '.' {
		s = s[:3] + s[4:]
	}
	if !isCode(s) {
		return nil
	}
	return []string{dotted(s)}
}

// isCode reports whether s is a code without dot: a letter, a digit, and one to five
// digits or letters.
func isCode(s string) bool {
	if len(s) < 3 || len(s) > 7 || s[0] < 'A' || s[0] > 'Z' || s[1] < '0' || s[1] > '9' {
		return false
	}
	for i := 2; i < len(s); i++ {
		if c := s[i]; !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return true
}

// dotted writes the dot of a code that is longer than a category.
func dotted(s string) string {
	if len(s) == 3 {
		return s
	}
	return s[:3] + "." + s[3:]
}
