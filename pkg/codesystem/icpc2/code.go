package icpc2

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Normalize returns the canonical forms that an ICPC-2 code may be meant to have,
// best first, and nil when s has the form of none: chapter (A), component (A.1),
// code of a letter and two or three digits (A01, A191), and process code, which
// is written with its chapter (A30), without (30) or with a dash for it (-30).
// Whether the code exists is for a release to tell.
func Normalize(s string) []string {
	s = strings.ToUpper(strings.TrimSpace(s))
	if len(s) == 3 && s[0] == '-' && isProcess(s[1:]) {
		return []string{s[1:], s}
	}
	if isProcess(s) {
		return []string{s, "-" + s}
	}
	switch classOf(s) {
	case chapter, component:
		return []string{s}
	case code:
		if len(s) == 3 && isProcess(s[1:]) {
			return []string{s, s[1:], "-" + s[1:]}
		}
		return []string{s}
	}
	return nil
}

// NormalizeB is Normalize for ICPC-2B: a code is an ICPC-2 code, a dot and four
// digits (A01.0001, A191.0000), and the dot may be missing. The groups above the
// codes, ICPC-2 codes and chapters, are accepted too.
func NormalizeB(s string) []string {
	s = strings.ToUpper(strings.TrimSpace(s))
	if c, ok := codeB(s); ok {
		return []string{c}
	}
	switch classOf(s) {
	case chapter, component, code:
		return []string{s}
	}
	return nil
}

// class is what a code is by its form.
type class uint8

const (
	none      class = iota
	chapter         // A, or - for process codes
	component       // A.1, -.2
	code            // A01, A191
	process         // 30, -30
)

func classOf(s string) class {
	switch {
	case s == "":
		return none
	case isProcess(s), s[0] == '-' && isProcess(s[1:]):
		return process
	}
	if _, ok := chapterTitle(s[:1]); !ok {
		return none
	}
	switch {
	case len(s) == 1:
		return chapter
	case len(s) == 3 && s[1] == '.' && terminology.IsDigits(s[2:]):
		return component
	case s[0] != '-' && (len(s) == 3 || len(s) == 4) && terminology.IsDigits(s[1:]):
		return code
	}
	return none
}

// isProcess reports whether s is a process code without its chapter: 30 to 69.
func isProcess(s string) bool {
	return len(s) == 2 && s[0] >= '3' && s[0] <= '6' && terminology.IsDigits(s[1:])
}

// codeB returns the canonical form of an ICPC-2B code.
func codeB(s string) (string, bool) {
	n := len(s) - 4
	if n < 3 || !terminology.IsDigits(s[n:]) {
		return "", false
	}
	if s[n-1] == '.' {
		return s, classOf(s[:n-1]) == code
	}
	return s[:n] + "." + s[n:], classOf(s[:n]) == code
}
