package atc

import "strings"

// lengths are how long the codes of the five levels are: C, C01, C01D, C01DA,
// C01DA14.
var lengths = [...]int{1, 3, 4, 5, 7}

// form is a code of the fifth level: L a letter, 0 a digit.
const form = "L00LL00"

// Normalize returns the canonical form that a code may be meant to have, and nil when
// s has the form of no code: in any case, with spaces between its parts. Whether the
// code exists is for a release to tell.
func Normalize(s string) []string {
	s = strings.ToUpper(strings.Join(strings.Fields(s), ""))
	if level(s) == 0 {
		return nil
	}
	return []string{s}
}

// level returns the level of a code, 1 to 5, and 0 when s has not the form of one.
func level(s string) int {
	if len(s) > len(form) {
		return 0
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; form[i] == 'L' && (c < 'A' || c > 'Z') || form[i] == '0' && (c < '0' || c > '9') {
			return 0
		}
	}
	for i, n := range lengths {
		if len(s) == n {
			return i + 1
		}
	}
	return 0
}

// above returns the code one level above, "" for the first level.
func above(code string) string {
	l := level(code)
	if l < 2 {
		return ""
	}
	return code[:lengths[l-2]]
}

// isAnimal reports whether a code is one of ATCvet: Q before the code.
func isAnimal(s string) bool { return len(s) > 1 && s[0] == 'Q' && level(s[1:]) > 0 }

// without is what FEST gives a medicine that has no ATC code.
const without = "WITHOUT"

// foreign tells why a code of a file is left out, "" when it is not.
func foreign(s string) string {
	switch {
	case isAnimal(s):
		return "is of ATCvet, for animals"
	case s == without:
		return "is no code: the medicine has none"
	}
	return ""
}

// groups are the first level with short names of our own, for files that do not have
// them.
var groups = map[string]string{
	"A": "Fordøyelse og stoffskifte", "B": "Blod", "C": "Hjerte og kretsløp", "D": "Hud", "G": "Kjønnsorganer, urinveier og kjønnshormoner",
	"H": "Andre hormoner", "J": "Infeksjoner", "L": "Kreft og immunforsvar", "M": "Muskler og skjelett", "N": "Nervesystemet",
	"P": "Parasitter", "R": "Luftveier", "S": "Øyne og ører", "V": "Annet",
}
