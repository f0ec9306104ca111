package icd10who

import (
	"slices"
	"strings"
)

// The kinds of item, from the widest.
const (
	chapter     = "chapter"
	block       = "block"
	category    = "category"
	subcategory = "subcategory"
)

var chapters = strings.Fields("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI XXII")

// isCode reports whether a code has the form that its kind asks for.
func isCode(kind, code string) bool {
	switch kind {
	case chapter:
		return slices.Contains(chapters, code)
	case block:
		from, to, ok := strings.Cut(code, "-")
		return ok && isCategory(from) && isCategory(to) && from <= to || !ok && isCategory(code)
	case category:
		return isCategory(code)
	case subcategory:
		return len(code) >= len("A00.0") && len(code) <= len("A00.00") && isCategory(code[:3]) && code[3] == '.' && isDigits(code[4:])
	}
	return false
}

// isCategory reports whether s is a letter and two digits.
func isCategory(s string) bool {
	return len(s) == 3 && s[0] >= 'A' && s[0] <= 'Z' && isDigits(s[1:])
}

func isDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
