package npu

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Normalize returns the canonical forms that a code may be meant to have, best first,
// and nil when s has the form of none: three letters and five digits (NPU03429, and
// those of countries, DNK35302). Case, spaces and dashes do not matter, and NPU may be
// missing. Whether the code exists is for a release to tell.
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
		return []string{"NPU" + code}
	}
	return nil
}

// isCode reports whether s is a code as releases write it.
func isCode(s string) bool {
	if len(s) != len("NPU00000") || !terminology.IsDigits(s[3:]) {
		return false
	}
	for i := range 3 {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}
