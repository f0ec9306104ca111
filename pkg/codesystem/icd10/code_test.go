package icd10_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/icd10"
)

func TestNormalize(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"canonical", "A00.0", "A00.0"},
		{"without dot", "A000", "A00.0"},
		{"lower case", "a00.0", "A00.0"},
		{"category", "a00", "A00"},
		{"dagger typed as plus", "A17.0+", "A17.0"},
		{"dagger", "A17.0†", "A17.0"},
		{"asterisk", "G01*", "G01"},
		{"optional code", "U69.80!", "U69.80"},
		{"has subdivisions", "A00.-", "A00"},
		{"has subdivisions, without dot", "A00-", "A00"},
		{"letter after the fourth character", "I21.0a", "I21.0a"},
		{"that letter typed upper case", "i210A", "I21.0a"},
		{"letter for several digits", "V0N.0A", "V0n.0a"},
		{"two letters", "V2t.5m", "V2t.5m"},
		{"category with a letter", "y4n", "Y4n"},
		{"block", "i20-i25", "I20-I25"},
		{"block of external causes", "V0N-X59", "V0n-X59"},
		{"chapter", "ix", "IX"},
		{"space around", " E11.9 ", "E11.9"},
		{"ICPC-2B", "A01.0001", ""},
		{"SNOMED CT", "22298006", ""},
		{"text", "kolera", ""},
		{"dot and nothing", "A00.", "A00"},
		{"two dots", "A00..0", ""},
		{"dot in another place", "A0.00", ""},
		{"Norwegian letter", "Å00", ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := icd10.Normalize(tt.in)
			if strings.Join(got, " ") != tt.want {
				t.Errorf("Normalize(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func ExampleNormalize() {
	fmt.Println(icd10.Normalize("i210A"), icd10.Normalize("A17.0†"), icd10.Normalize("hjerteinfarkt"))
	// Output: [I21.0a] [A17.0] []
}

// FuzzNormalize states what holds for every input: a canonical form is its own,
// and the dot, the case and marks do not matter.
func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"A000", "a00.0", "A17.0+", "G01*", "A00.-", "I21.0a", "V0n-X59", "xviii", "U69.80!"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range icd10.Normalize(s) {
			for _, same := range []string{c, strings.ToUpper(c), strings.ToLower(c), strings.Replace(c, ".", "", 1), c + "†", " " + c} {
				if got := icd10.Normalize(same); !slices.Equal(got, []string{c}) {
					t.Fatalf("Normalize(%q) = %q, but Normalize(%q) = %q", s, c, same, got)
				}
			}
		}
	})
}
