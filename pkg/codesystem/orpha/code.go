package orpha

import "strings"

// Normalize returns the canonical form that a code may be meant to have, and nil when
// s has the form of no code: a number, alone or after ORPHA, as it is often written
// (ORPHA:58, ORPHA58, Orphanet_58). Whether the code exists is for a release to tell.
func Normalize(s string) []string {
	s = strings.ToUpper(strings.TrimSpace(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "ORPHA"), "NET")
	s = strings.TrimLeft(s, ":_- ")
	if !isCode(s) {
		return nil
	}
	return []string{s}
}

// isCode reports whether s is a number of the nomenclature.
func isCode(s string) bool {
	return s != "" && len(s) <= 9 && s[0] != '0' && strings.Trim(s, "0123456789") == ""
}
