package language

import "strings"

// Tag is a language tag in the one form that Kodeks uses inside: a lower-case
// primary language, an upper-case region, and for a SNOMED CT language reference
// set its id: "nb", "nn", "en", "en-GB", "refset:61000202103".
type Tag string

// The tags that the fallback of Norwegian clients is made of.
const (
	Any     Tag = "*"
	Bokmal  Tag = "nb"
	Nynorsk Tag = "nn"
	English Tag = "en"
)

const refsetPrefix = "refset:"

// norwegianRefsets are the language reference sets that mean nothing but one of
// the two forms of written Norwegian.
var norwegianRefsets = map[string]Tag{"61000202103": Bokmal, "91000202106": Nynorsk}

// ParseTag reads a language tag: nb, nb-NO, no, no-NO (bokmål, which is what
// Norwegian health records mean by it), nn, nn-NO, en, en-GB, and the forms that
// name a language reference set, no-x-61000202103 and
// no-x-sctlang-61000202-103 (SNOMED CT on FHIR, "Language"). It reports false
// when s is not a language tag of BCP-47.
func ParseTag(s string) (Tag, bool) {
	switch s { // what most clients send, without allocating
	case "nb", "no", "nb-NO", "no-NO":
		return Bokmal, true
	case "nn", "nn-NO":
		return Nynorsk, true
	case "en", "en-US", "en-GB", "sv", "da":
		return Tag(s), true
	}
	s = strings.TrimSpace(s)
	if s == "*" {
		return Any, true
	}
	if !wellFormed(s) {
		return "", false
	}
	lower := strings.ToLower(s)
	if before, refset, ok := strings.Cut(lower, "-x-"); ok {
		if id := refsetID(refset); id != "" {
			if tag, ok := norwegianRefsets[id]; ok {
				return tag, true
			}
			return Tag(refsetPrefix + id), true
		}
		lower = before
	}
	primary, rest, _ := strings.Cut(lower, "-")
	switch primary {
	case "no", "nb", "nob":
		return Bokmal, true
	case "nn", "nno":
		return Nynorsk, true
	}
	for _, part := range strings.Split(rest, "-") {
		if len(part) == 2 {
			return Tag(primary + "-" + strings.ToUpper(part)), true
		}
	}
	return Tag(primary), true
}

// Refset returns the language reference set that the tag names, or "".
func (t Tag) Refset() string {
	id, ok := strings.CutPrefix(string(t), refsetPrefix)
	if !ok {
		return ""
	}
	return id
}

// Primary returns the tag without its region.
func (t Tag) Primary() Tag {
	if t.Refset() != "" {
		return t
	}
	p, _, _ := strings.Cut(string(t), "-")
	return Tag(p)
}

// refsetID returns the id written in the private part of a tag, in one piece or
// in groups of eight digits after "sctlang".
func refsetID(private string) string {
	private = strings.TrimPrefix(private, "sctlang-")
	id := strings.ReplaceAll(private, "-", "")
	if len(id) < 6 || len(id) > 18 {
		return ""
	}
	for i := 0; i < len(id); i++ {
		if id[i] < '0' || id[i] > '9' {
			return ""
		}
	}
	return id
}

// wellFormed reports whether s has the shape of a language tag (RFC 5646, 2.1):
// two to eight letters, then subtags of one to eight letters and digits.
func wellFormed(s string) bool {
	if len(s) > 100 {
		return false
	}
	private, last := false, ""
	for i, part := range strings.Split(s, "-") {
		if len(part) == 0 || len(part) > 8 && !private {
			return false
		}
		if part == "x" || part == "X" {
			private = true
		}
		for j := 0; j < len(part); j++ {
			c := part[j] | 0x20
			letter := c >= 'a' && c <= 'z'
			if !letter && (i == 0 || part[j] < '0' || part[j] > '9') {
				return false
			}
		}
		if i == 0 && (len(part) < 2 || len(part) > 3 && len(part) < 5) {
			return false
		}
		last = part
	}
	return private && last != "x" && last != "X" || len(last) > 1 // a singleton begins something
}
