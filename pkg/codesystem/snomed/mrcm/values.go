package mrcm

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
)

// values is a range of concrete values: dec(>#0..), int(#1 #2 #5..#10), str("a" "b"),
// bool(true). It is written as the replacement of a value in the template syntax.
type values struct {
	kind      string // "dec", "int", "str" or "bool"
	intervals []interval
	texts     []string // one of which; "*" is any
}

// interval is numbers from least to most, "" without an end.
type interval struct {
	least, most          scg.NumericValue
	openBelow, openAbove bool // the end itself is outside
}

var (
	concrete = regexp.MustCompile(`^\s*(dec|int|str|bool)\s*(?:\(((?s:.*))\)\s*)?$`)
	word     = regexp.MustCompile(`^(>?)#([-+]?[0-9]+(?:\.[0-9]+)?)(?:(\.\.)(?:(<?)#([-+]?[0-9]+(?:\.[0-9]+)?))?)?$|^\.\.(<?)#([-+]?[0-9]+(?:\.[0-9]+)?)$`)
	quoted   = regexp.MustCompile(`^(?:"([^"]*)"|'([^']*)'|([^"',\s]+))[\s,]*`)
	spaces   = regexp.MustCompile(`\s*\.\.\s*|([<>#])\s+`)
)

// parseValues reads a range of concrete values; nil without an error: it is none.
func parseValues(s string) (*values, error) {
	m := concrete.FindStringSubmatch(s)
	if m == nil {
		return nil, nil
	}
	v := &values{kind: m[1]}
	if v.kind == "str" || v.kind == "bool" {
		for rest := strings.TrimSpace(m[2]); rest != ""; {
			q := quoted.FindStringSubmatch(rest)
			if q == nil {
				return nil, fmt.Errorf("found %q, want quoted texts", rest)
			}
			v.texts = append(v.texts, q[1]+q[2]+q[3])
			rest = rest[len(q[0]):]
		}
		return v, nil
	}
	numbers := spaces.ReplaceAllStringFunc(m[2], strings.TrimSpace)
	for _, w := range strings.FieldsFunc(numbers, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' }) {
		n := word.FindStringSubmatch(w)
		switch {
		case n == nil:
			return nil, fmt.Errorf("found %q, want a number or a range of numbers, such as #5, >#0.. or #1..#5", w)
		case n[7] != "":
			v.intervals = append(v.intervals, interval{most: number(n[7]), openAbove: n[6] != ""})
		case n[3] == "" && n[1] != "":
			return nil, fmt.Errorf("found %q, want .. after it", w)
		case n[3] == "":
			v.intervals = append(v.intervals, interval{least: number(n[2]), most: number(n[2])})
		default:
			v.intervals = append(v.intervals, interval{least: number(n[2]), openBelow: n[1] != "", most: number(n[5]), openAbove: n[4] != ""})
		}
	}
	return v, nil
}

func number(s string) scg.NumericValue {
	if s == "" {
		return ""
	}
	return scg.NumericValue(s).Canonical()
}

// has reports whether a value is in the range. A whole number is a decimal one too,
// and a decimal one without a fraction is a whole one.
func (v *values) has(value scg.Value) bool {
	switch x := value.(type) {
	case scg.NumericValue:
		if v.kind != "dec" && (v.kind != "int" || strings.Contains(string(x.Canonical()), ".")) {
			return false
		}
		for _, i := range v.intervals {
			if i.has(x) {
				return true
			}
		}
		return len(v.intervals) == 0
	case scg.StringValue:
		return v.kind == "str" && v.hasText(string(x))
	case scg.BooleanValue:
		return v.kind == "bool" && v.hasText(fmt.Sprint(bool(x)))
	}
	return false
}

func (v *values) hasText(s string) bool {
	for _, t := range v.texts {
		if t == "*" || t == s || v.kind == "bool" && strings.EqualFold(t, s) {
			return true
		}
	}
	return len(v.texts) == 0
}

func (i interval) has(x scg.NumericValue) bool {
	if i.least != "" {
		if c := x.Compare(i.least); c < 0 || c == 0 && i.openBelow {
			return false
		}
	}
	if i.most == "" {
		return true
	}
	c := x.Compare(i.most)
	return c < 0 || c == 0 && !i.openAbove
}
