package terminology

import "strings"

// CompareVersions compares the versions or dates of two releases of one name: -1 when a
// comes before b. Numbers compare as numbers (4.0.10 comes after 4.0.9), those of four and
// more digits as the dates that they are; what follows a '-' and begins with a letter is a
// version before the one that it is of (4.0.1-ballot comes before 4.0.1).
func CompareVersions(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			if c := compareNumbers(a[:x], b[:y]); c != 0 {
				return c
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			switch {
			case early(a) && !early(b):
				return -1
			case early(b) && !early(a):
				return 1
			}
			return strings.Compare(a, b)
		}
		a, b = a[1:], b[1:]
	}
	switch {
	case early(a):
		return -1
	case early(b):
		return 1
	}
	return strings.Compare(a, b)
}

// early reports whether the rest of a version says that it is one before another.
func early(rest string) bool {
	return len(rest) > 1 && rest[0] == '-' && (rest[1] < '0' || rest[1] > '9')
}

// digits returns how many digits a text begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// IsDigits reports whether a text is digits, one at least.
func IsDigits(s string) bool { return s != "" && digits(s) == len(s) }

func compareNumbers(a, b string) int {
	const year = 4
	if len(a) >= year || len(b) >= year {
		return strings.Compare(a, b)
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
