package terminology

import "strings"

// Coding names a code in a version of a code system (FHIR R5, 2.1.27.0.5). The
// zero Coding names nothing. Display is the text that goes with it, if any.
type Coding struct {
	System  string // canonical URI of the code system
	Version string // version of the code system; empty means the default one
	Code    string
	Display string
}

// String returns system|version#code, without the parts that are empty.
func (c Coding) String() string {
	var b strings.Builder
	b.WriteString(c.System)
	if c.Version != "" {
		b.WriteByte('|')
		b.WriteString(c.Version)
	}
	if c.Code != "" {
		b.WriteByte('#')
		b.WriteString(c.Code)
	}
	return b.String()
}

// Canonical returns the canonical reference to a version of what has a canonical URL, url
// and version with a bar between them (FHIR, data type canonical): the URL alone of no version, and
// nothing of no URL.
func Canonical(url, version string) string {
	if url == "" || version == "" {
		return url
	}
	return url + "|" + version
}

// Ordinal is the dense number of a concept in one release: 0 to Len-1, in
// depth-first order of the hierarchy, so that the descendants of a concept are a
// few runs. An ordinal means nothing outside its release.
type Ordinal = uint32

// NoOrdinal is the ordinal that no concept has.
const NoOrdinal Ordinal = 1<<32 - 1

// Date is a calendar day written as the number yyyymmdd; 0 is no date.
type Date uint32

// ParseDate reads eight digits, yyyymmdd, as RF2 writes its effectiveTime. It
// reports false for anything else, also for a day that no calendar has.
func ParseDate(s string) (Date, bool) {
	if len(s) != 8 {
		return 0, false
	}
	n := uint32(0)
	for i := 0; i < 8; i++ {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + uint32(d)
	}
	year, month, day := n/10000, n/100%100, n%100
	if year < 1800 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	return Date(n), true
}

func daysIn(year, month uint32) uint32 {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// String returns the date as yyyy-mm-dd, and "" for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	digits := [8]byte{}
	for i, n := 7, uint32(d); i >= 0; i, n = i-1, n/10 {
		digits[i] = byte('0' + n%10)
	}
	return string(digits[:4]) + "-" + string(digits[4:6]) + "-" + string(digits[6:])
}

// Compact returns the date as yyyymmdd, and "" for no date.
func (d Date) Compact() string {
	return strings.ReplaceAll(d.String(), "-", "")
}
