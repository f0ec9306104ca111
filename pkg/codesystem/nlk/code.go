package nlk

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Normalize returns the canonical forms that a code may be meant to have, best first,
// and nil when s has the form of none: NPU or NOR and five digits (NPU03429). Case,
// spaces and dashes do not matter, and the letters may be missing. Whether the code
// exists is for a release to tell.
func Normalize(s string) []string {
	code := strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '-' || r == '\t' {
			return -1
		}
		return r
	}, s))
	switch {
	case isCode(code):
		return []string{code}
	case len(code) == 5 && terminology.IsDigits(code):
		return []string{"NPU" + code, "NOR" + code}
	}
	return nil
}

// isCode reports whether s is a code as releases write it.
func isCode(s string) bool {
	return len(s) == len("NPU00000") && (s[:3] == "NPU" || s[:3] == "NOR") && terminology.IsDigits(s[3:])
}
