package scg

import (
	"cmp"
	"strings"
)

// Compare compares two numbers exactly, whatever their length: -1, 0 or 1.
func (n NumericValue) Compare(other NumericValue) int {
	a, b := parseNumber(n), parseNumber(other)
	if a.negative != b.negative {
		if a.negative {
			return -1
		}
		return 1
	}
	order := cmp.Or(cmp.Compare(len(a.whole), len(b.whole)), cmp.Compare(a.whole, b.whole), cmp.Compare(a.fraction, b.fraction))
	if a.negative {
		return -order
	}
	return order
}

// Canonical returns the number without digits that do not matter: 0.5 for 0.50, 0 for
// -0, 2 for 2.0.
func (n NumericValue) Canonical() NumericValue {
	d := parseNumber(n)
	s := cmp.Or(d.whole, "0")
	if d.fraction != "" {
		s += "." + d.fraction
	}
	if d.negative {
		s = "-" + s
	}
	return NumericValue(s)
}

// decimal is a number without zeros that do not matter; zero is not negative.
type decimal struct {
	negative        bool
	whole, fraction string
}

func parseNumber(n NumericValue) decimal {
	s, negative := strings.CutPrefix(strings.TrimPrefix(string(n), "+"), "-")
	whole, fraction, _ := strings.Cut(s, ".")
	d := decimal{negative, strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")}
	d.negative = d.negative && d.whole+d.fraction != ""
	return d
}
