package nkpk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/combined"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The canonical URIs. Those without a URI of their own have their OID.
const (
	System    = "urn:oid:2.16.578.1.12.4.1.1.7275" // all of them
	NCSP      = "urn:oid:2.16.578.1.12.4.1.1.7210"
	NCMP      = "urn:oid:2.16.578.1.12.4.1.1.7220"
	NCRP      = "http://helsedir.no/fhir/CodeSystem/no-kodeverk-7270-ncrp"
	Saerkoder = "urn:oid:2.16.578.1.12.4.1.1.7020"
)

// kind is one of the code systems, or a group that may be of any.
type kind uint8

const (
	none  kind = iota
	group      // N, NF, NFB: up to three letters, or four of NCMP
	ncsp       // NFB40: three letters and two digits
	ncmp       // AAFE00: four letters and two digits
	ncrp       // SNA0UG, JMB06K, TSJWM: three letters and two or three others
	saerkode
)

var kindNames = [...]string{ncsp: "NCSP", ncmp: "NCMP", ncrp: "NCRP", saerkode: "særkode"}

// shape writes a code with A for letters and 9 for digits, the rest as it is.
func shape(code string) string {
	var b [8]byte
	if len(code) > len(b) {
		return ""
	}
	for i := range len(code) {
		switch c := code[i]; {
		case c >= 'A' && c <= 'Z':
			b[i] = 'A'
		case c >= '0' && c <= '9':
			b[i] = '9'
		default:
			b[i] = c
		}
	}
	return string(b[:len(code)])
}

// kindOf tells of which code system a code is by its shape.
func kindOf(code string) kind {
	switch s := shape(code); s {
	case "A", "AA", "AAA", "AAAA":
		return group
	case "AAA99":
		return ncsp
	case "AAAA99":
		return ncmp
	case "A9999":
		return saerkode
	case "AAA9AA", "AAA99A", "AAA9A9", "AAAAA":
		return ncrp
	}
	return none
}

// canonical returns a code without what people write into it: spaces, points and
// hyphens, and small letters.
func canonical(code string) string {
	if strings.IndexFunc(code, func(r rune) bool { return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }) < 0 {
		return code
	}
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-\u00a0", r) {
			return -1
		}
		return r
	}, code))
}

// Normalize returns the canonical form of a code as people write it, and nothing for a
// text that is no code.
func Normalize(code string) []string {
	c := canonical(code)
	if kindOf(c) != none {
		return []string{c}
	}
	if name, letters, ok := strings.Cut(strings.ToUpper(strings.TrimSpace(code)), " "); ok && slices.Contains(names[ncsp:], name) && kindOf(letters) == group {
		return []string{name + " " + letters} // a group of NKPK
	}
	return nil
}

// published returns the function that reads a code of a kind as files write it.
func published(want kind) func(string) (string, error) {
	return func(cell string) (string, error) {
		code := canonical(cell)
		switch k := kindOf(code); {
		case k == none:
			return "", fmt.Errorf("%q is not a code of NCSP (NFB40), NCMP (AAFE00), NCRP (SNA0UG) or the særkoder (A0099)", cell)
		case want != none && k != want && k != group:
			return "", fmt.Errorf("%q has the form of %s, not of %s", cell, kindNames[k], kindNames[want])
		}
		return code, nil
	}
}

// lengths are how long the groups of each code system are.
var lengths = [...][]int{ncsp: {1, 2, 3}, ncmp: {1, 2, 4}, ncrp: {1, 2, 3}, saerkode: {1}}

// above returns the group of a code or group of a code system, by its position: NFB of
// NFB40, N of NF.
func above(k kind, code string) string {
	for i := len(lengths[k]) - 1; i >= 0; i-- {
		if n := lengths[k][i]; n < len(code) {
			return code[:n]
		}
	}
	return ""
}

// names are how the groups of NKPK begin, since the chapters of one code system are not
// those of another.
var names = [...]string{ncsp: "NCSP", ncmp: "NCMP", ncrp: "NCRP", saerkode: "SÆRKODE"}

// aboveInAll is above in NKPK: NCSP NFB of NFB40, NCSP of NCSP N.
func aboveInAll(code string) string {
	k := kindOf(code)
	name, letters, ok := strings.Cut(code, " ")
	switch {
	case ok:
		k = kind(max(slices.Index(names[:], name), 0))
	case k == none || k == group:
		return ""
	default:
		letters = code
	}
	if letters = above(k, letters); letters == "" {
		return names[k]
	}
	return names[k] + " " + letters
}

// Additional reports whether a code says more about the code before it: those of chapter
// Z, such as ZXA00 and ZTX6FB.
func Additional(code string) bool {
	return code[0] == 'Z' && kindOf(code) != group && !strings.Contains(code, " ")
}

// Combination is how codes are combined: one procedure, and additional codes.
func Combination() combined.Rules {
	return combined.Rules{Separator: "///", Additional: Additional, One: true}
}

// tell says of a code what its form tells.
func tell(code string) []terminology.Property {
	if !Additional(code) {
		return nil
	}
	return []terminology.Property{{Code: "additional-code", Kind: terminology.ValueBoolean, Value: "true"}}
}

// tellInAll is tell in NKPK.
func tellInAll(code string) []terminology.Property {
	return append(tell(code), terminology.Property{Code: "code-system", Kind: terminology.ValueString, Value: kindNames[kindOf(code)]})
}
