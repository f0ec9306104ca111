package valueset_test

import (
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// TestPropertyFilters holds both ways of asking to the same answer, and to how many
// concepts satisfy a filter: all of them, none, or some.
func TestPropertyFilters(t *testing.T) {
	lib := sample(t)
	const all, none, some = "all", "none", "some"
	for _, tt := range []struct {
		filter valueset.Filter
		want   string
	}{
		{valueset.Filter{Property: "code", Op: "regex", Value: "[0-9]+"}, all},
		{valueset.Filter{Property: "code", Op: "regex", Value: "[0-9]"}, none}, // of the whole code
		{valueset.Filter{Property: "concept", Op: "regex", Value: "222.*|22298006"}, some},
		{valueset.Filter{Property: "code", Op: "regex", Value: "^22298006$"}, some},  // said twice
		{valueset.Filter{Property: "code", Op: "regex", Value: "^222|98006$"}, none}, // each of the two is part of a code
		{valueset.Filter{Property: "code", Op: "regex", Value: `\Q22298006`}, some},  // a quote that does not end
		{valueset.Filter{Property: "code", Op: "regex", Value: "(?m)^22298006$"}, some},
		{valueset.Filter{Property: "code", Op: "regex", Value: "2|22298006"}, some}, // the longer one
		{valueset.Filter{Property: "code", Op: "regex", Value: "(2*)*(2*)*(2*)*x"}, none},
		{valueset.Filter{Property: "display", Op: "regex", Value: ".*"}, all},
		{valueset.Filter{Property: "parent", Op: "exists", Value: "true"}, some},
		{valueset.Filter{Property: "child", Op: "exists", Value: "false"}, some},
		{valueset.Filter{Property: "parent", Op: "in", Value: "22298006,1"}, some},
		{valueset.Filter{Property: "parent", Op: "not-in", Value: "1"}, all},
		{valueset.Filter{Property: "concept", Op: "not-in", Value: "22298006"}, some},
		{valueset.Filter{Property: "concept", Op: "descendent-leaf", Value: "138875005"}, some},
		{valueset.Filter{Property: "inactive", Op: "=", Value: "FALSE"}, some},
	} {
		c := &valueset.Compose{Include: only(tt.filter)}
		parts, err := valueset.Evaluate(t.Context(), c, lib)
		if err != nil {
			t.Fatalf("%+v: %v", tt.filter, err)
		}
		n, of := int(parts[0].Set.GetCardinality()), parts[0].CodeSystem.Len()
		if got := map[bool]string{n == of: all, n == 0: none, n > 0 && n < of: some}[true]; got != tt.want {
			t.Errorf("%+v: %d of %d concepts, want %s", tt.filter, n, of, tt.want)
		}
		agrees(t, c, lib)
	}
}

// TestPatterns is about what stands for no pattern: it is told, and never cut or read
// otherwise than it is written.
func TestPatterns(t *testing.T) {
	lib := sample(t)
	for _, tt := range []struct{ name, pattern, text string }{
		{"longer than is read", strings.Repeat("2?", 2500) + "22298006", "the pattern has 5008 bytes, want 4096 at most"},
		{"closes a bracket that it has not opened", "22298006)|(.*", "unexpected )"},
		{"ends with a backslash", `22298006\`, "trailing backslash"},
		{"looks back", `(2)\1`, "invalid escape sequence"},
		{"repeats too often", "((2{100}){100}){100}", "invalid repeat count"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &valueset.Compose{Include: only(valueset.Filter{Property: "code", Op: "regex", Value: tt.pattern})}
			_, err := valueset.Evaluate(t.Context(), c, lib)
			if terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("Evaluate: %v, want Invalid and %q", err, tt.text)
			}
			if _, err = valueset.Contains(t.Context(), c, lib, lib.systems[0], 0); terminology.KindOf(err) != terminology.Invalid {
				t.Errorf("Contains: %v, want Invalid", err)
			}
		})
	}
}

// longDisplays is a code system of which each display is long.
type longDisplays struct{ terminology.CodeSystem }

var longDisplay = strings.Repeat("b", 1<<20)

func (longDisplays) Display(terminology.Ordinal) string { return longDisplay }

// TestPatternsEnd asks with a pattern of thousands of instructions for all displays of a
// code system: that is refused, and not answered in an hour. One display is judged.
func TestPatternsEnd(t *testing.T) {
	lib := sample(t)
	lib.systems[0] = longDisplays{lib.systems[0]}
	c := &valueset.Compose{Include: only(valueset.Filter{Property: "display", Op: "regex", Value: "x(a?){1000}b*"})}
	if _, err := valueset.Evaluate(t.Context(), c, lib); terminology.KindOf(err) != terminology.TooCostly {
		t.Errorf("Evaluate: %v, want TooCostly", err)
	}
	if in, err := valueset.Contains(t.Context(), c, lib, lib.systems[0], 0); in || err != nil {
		t.Errorf("Contains: %v, %v, want false", in, err)
	}
}
