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

// wellFormed reports whether s is a language tag by the grammar of RFC 5646, 2.1: a
// language of two or three letters (four are reserved, and no longer one is registered),
// then a script, a region, variants, extensions and a private part, in this order and
// each but the first left out or not. The forms that were registered whole before there
// was a grammar, such as i-klingon, are none.
func wellFormed(s string) bool {
	if len(s) > 100 {
		return false
	}
	parts := strings.Split(s, "-")
	primary := parts[0]
	if len(primary) < 2 || len(primary) > 3 || !letters(primary) {
		return false
	}
	parts = parts[1:]
	take := func(is func(string) bool) bool {
		if len(parts) == 0 || !is(parts[0]) {
			return false
		}
		parts = parts[1:]
		return true
	}
	if extendable[strings.ToLower(primary)] {
		take(func(p string) bool { return len(p) == 3 && letters(p) })
	}
	take(func(p string) bool { return len(p) == 4 && letters(p) })
	take(func(p string) bool { return len(p) == 2 && letters(p) || len(p) == 3 && digits(p) })
	for take(isVariant) {
	}
	for take(func(p string) bool { return len(p) == 1 && p != "x" && p != "X" && alphanumeric(p) }) {
		if !take(isExtension) {
			return false
		}
		for take(isExtension) {
		}
	}
	if take(func(p string) bool { return p == "x" || p == "X" }) {
		if len(parts) == 0 {
			return false
		}
		for take(alphanumeric) { // longer than eight, too: the ids of reference sets are
		}
	}
	return len(parts) == 0
}

// extendable is the languages that the registry has extended languages of, such as
// zh-yue.
var extendable = map[string]bool{"ar": true, "kok": true, "lv": true, "ms": true, "sgn": true, "sw": true, "uz": true, "zh": true}

func isVariant(p string) bool {
	return len(p) <= 8 && alphanumeric(p) && (len(p) >= 5 || len(p) == 4 && digits(p[:1]))
}

func isExtension(p string) bool { return len(p) >= 2 && len(p) <= 8 && alphanumeric(p) }

func letters(s string) bool { return consistsOf(s, true, false) }

func digits(s string) bool { return consistsOf(s, false, true) }

func alphanumeric(s string) bool { return consistsOf(s, true, true) }

// consistsOf reports whether s is some letters or digits of ASCII, and nothing else.
func consistsOf(s string, letter, digit bool) bool {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if !(letter && c >= 'a' && c <= 'z' || digit && s[i] >= '0' && s[i] <= '9') {
			return false
		}
	}
	return s != ""
}
