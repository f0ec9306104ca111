package norpat

import (
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/combined"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of NORPAT.
const System = "http://helsedir.no/fhir/CodeSystem/no-kodeverk-7010-norpat"

// axes are the letters that codes begin with, in the order in which codes are combined.
const axes = "TPMDEF"

// axisNames are what the axes are called.
var axisNames = map[string]string{"T": "Topografi", "P": "Prosedyre", "M": "Morfologi", "D": "Sykdom", "E": "Etiologi", "F": "Funksjon"}

// size is how long a code is: the letter of the axis and five digits or letters.
const size = 6

// canonical returns a code without the space or hyphen after the letter of its axis, and
// in capitals; false for what is no code.
func canonical(code string) (string, bool) {
	c := strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -\u00a0", r) {
			return -1
		}
		return r
	}, code))
	if len(c) != size || c[0] < 'A' || c[0] > 'Z' {
		return "", false
	}
	for i := 1; i < size; i++ {
		if !(c[i] >= '0' && c[i] <= '9' || c[i] >= 'A' && c[i] <= 'Z') {
			return "", false
		}
	}
	return c, true
}

// Normalize returns the canonical form of a code as people and messages write it, such
// as T2Y610 for T 2Y610.
func Normalize(code string) []string {
	if c, ok := canonical(code); ok {
		return []string{c}
	}
	if c := strings.ToUpper(strings.TrimSpace(code)); axisNames[c] != "" {
		return []string{c}
	}
	return nil
}

// published reads a code as files write it.
func published(cell string) (string, error) {
	if c, ok := canonical(cell); ok {
		return c, nil
	}
	return "", fmt.Errorf("%q is not a code of NORPAT: want the letter of an axis and five digits or letters, such as T02000", cell)
}

// above returns the axis of a code.
func above(code string) string {
	if len(code) == size {
		return code[:1]
	}
	return ""
}

// Combination is how codes are combined: in the order of the axes.
func Combination() combined.Rules {
	return combined.Rules{Separator: "/", Rank: func(code string) int { return (strings.IndexByte(axes, code[0]) + len(axes) + 1) % (len(axes) + 1) }}
}

// tell says of a code what its form tells.
func tell(code string) []terminology.Property {
	return []terminology.Property{{Code: "axis", Kind: terminology.ValueString, Value: code[:1]}}
}
