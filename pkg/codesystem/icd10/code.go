package icd10

import "strings"

// Normalize returns the canonical forms that a code may be meant to have, best
// first, and nil when s has the form of no code. It accepts codes with and
// without dot, in any case, and with the marks that belong to the use of a code
// and not to the code: dagger and asterisk (A17.0†, A17.0+, G01*), optional (!),
// and "has subdivisions" (A00.-). Canonical codes begin with an upper-case letter
// and have a dot after the third character; other letters are lower-case
// (I21.0a). Chapters (IX) and blocks (I20-I25) are codes too. Whether the code
// exists is for a release to tell.
func Normalize(s string) []string {
	s = strings.TrimSpace(s)
	s = strings.TrimRight(s, "+*!†‡ ")
	if code, ok := category(strings.TrimRight(s, ".-")); ok {
		return []string{code}
	}
	if from, to, ok := strings.Cut(s, "-"); ok {
		from, okFrom := category(from)
		to, okTo := category(to)
		if okFrom && okTo && len(from) == 3 && len(to) == 3 {
			return []string{from + "-" + to}
		}
		return nil
	}
	if len(s) <= len("XVIII") {
		if s = strings.ToUpper(s); chapterIndex(s) >= 0 {
			return []string{s}
		}
	}
	return nil
}

// category returns the canonical form of a category or subcategory: a letter, a
// digit, a digit or letter, and up to three digits or letters after the dot.
func category(s string) (string, bool) {
	if len(s) < 3 || len(s) > len("A00.000") {
		return "", false
	}
	canonical := len(s) == 3 || s[3] == '.'
	var buf [len("A00.000")]byte
	b := buf[:0]
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case i == 3 && c == '.':
			if len(s) == 4 {
				return "", false
			}
			continue
		case c >= '0' && c <= '9':
			if i == 0 {
				return "", false
			}
		case c >= 'a' && c <= 'z':
			if i == 0 {
				c, canonical = c-'a'+'A', false
			}
		case c >= 'A' && c <= 'Z':
			if i > 0 {
				c, canonical = c-'A'+'a', false
			}
		default:
			return "", false
		}
		if i == 1 && (c < '0' || c > '9') {
			return "", false
		}
		if len(b) == 3 {
			b = append(b, '.')
		}
		if len(b) == cap(b) {
			return "", false
		}
		b = append(b, c)
	}
	if canonical {
		return s, true
	}
	return string(b), true
}

// published returns the code of a row of a release. Unlike Normalize it accepts
// no marks and no other case: a release says its codes as they are, but for the
// dot.
func published(s string) (string, bool) {
	if s == root || chapterIndex(s) >= 0 || isBlock(s) {
		return s, true
	}
	code, ok := category(s)
	return code, ok && strings.Replace(code, ".", "", 1) == strings.Replace(s, ".", "", 1)
}

// root is the code that some deliveries give to the code system itself.
const root = "ICD-10"

// isBlock reports whether code is a range of categories, such as I20-I25.
func isBlock(code string) bool {
	if len(code) != len("A00-A09") || code[3] != '-' {
		return false
	}
	from, okFrom := category(code[:3])
	to, okTo := category(code[4:])
	return okFrom && okTo && from == code[:3] && to == code[4:]
}

// isGroup reports whether code is above the categories: not a code to record.
func isGroup(code string) bool {
	return code == root || isBlock(code) || chapterIndex(code) >= 0
}

func chapterIndex(code string) int {
	for i := range chapters {
		if chapters[i].code == code {
			return i
		}
	}
	return -1
}
