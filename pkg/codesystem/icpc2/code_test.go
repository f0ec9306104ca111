package icpc2_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/icpc2"
)

func TestNormalize(t *testing.T) {
	tests := []struct{ name, in, want, wantB string }{
		{"code", "A01", "A01", "A01"},
		{"lower case and space", " a01 ", "A01", "A01"},
		{"four characters", "a191", "A191", "A191"},
		{"chapter", "k", "K", "K"},
		{"component", "a.1", "A.1", "A.1"},
		{"ICPC-2B", "A01.0001", "", "A01.0001"},
		{"ICPC-2B without dot", "a010001", "", "A01.0001"},
		{"ICPC-2B of a code with four characters", "A1910000", "", "A191.0000"},
		{"process code with its chapter", "A30", "A30 30 -30", "A30"},
		{"process code alone", "30", "30 -30", ""},
		{"process code with a dash", "-30", "30 -30", ""},
		{"no process code", "29", "", ""},
		{"no such chapter", "C01", "", ""},
		{"one digit", "A1", "", ""},
		{"three digits after the dot", "A01.001", "", ""},
		{"ICD-10", "I21.0a", "", ""},
		{"nothing", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := icpc2.Normalize(tt.in); strings.Join(got, " ") != tt.want {
				t.Errorf("Normalize(%q) = %q, want %q", tt.in, got, tt.want)
			}
			if got := icpc2.NormalizeB(tt.in); strings.Join(got, " ") != tt.wantB {
				t.Errorf("NormalizeB(%q) = %q, want %q", tt.in, got, tt.wantB)
			}
		})
	}
}

func ExampleNormalize() {
	fmt.Println(icpc2.Normalize("t90"), icpc2.Normalize("-30"))
	// Output: [T90] [30 -30]
}

func ExampleNormalizeB() {
	fmt.Println(icpc2.NormalizeB("A010001"), icpc2.NormalizeB("A1910000"))
	// Output: [A01.0001] [A191.0000]
}

// FuzzNormalize states what holds for every input: each candidate has the same
// candidates or fewer, and case does not matter.
func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"A01", "a191", "A010001", "A1910000", "A30", "-30", "30", "A.1", "-.2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range icpc2.Normalize(s) {
			again := icpc2.Normalize(strings.ToLower(c))
			if !slices.Contains(again, c) {
				t.Fatalf("Normalize(%q) has %q, but Normalize of that is %q", s, c, again)
			}
		}
		for _, c := range icpc2.NormalizeB(s) {
			for _, same := range []string{c, strings.ToLower(c), " " + c} {
				if got := icpc2.NormalizeB(same); !slices.Equal(got, []string{c}) {
					t.Fatalf("NormalizeB(%q) has %q, but NormalizeB(%q) = %q", s, c, same, got)
				}
			}
		}
	})
}
