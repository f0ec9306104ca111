package icd11_test

import (
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/icd11"
)

func TestNormalize(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"as published", "1A03.0", []string{"1A03.0"}},
		{"lower case", "1a03.y", []string{"1A03.Y"}},
		{"blanks", " 1A03 .0 ", []string{"1A03.0"}},
		{"without the dot", "1a030", []string{"1A03.0", "1A030"}},
		{"two characters after the dot", "ne8y00", []string{"NE8Y.00", "NE8Y00"}},
		{"extension codes have no dot", "xa0ne9", []string{"XA0NE9"}},
		{"short extension code", "XK9J", []string{"XK9J"}},
		{"chapter", "01", []string{"01"}},
		{"chapter of one digit", "1", []string{"01"}},
		{"chapter of extension codes", "x", []string{"X"}},
		{"block", "blockl2-1a0", []string{"BlockL2-1A0"}},
		{"block without BlockId", "1154280071", []string{"1154280071"}},
		{"cluster", "1A00&XN8P1", nil},
		{"dot without more", "1A03.", nil},
		{"dot in the wrong place", "1A0.3", nil},
		{"ICD-10 code", "A00.0", nil},
		{"word", "cholera!", nil},
		{"nothing", "  ", nil},
		{"URI", "http://id.who.int/icd/entity/257068234", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := icd11.Normalize(tt.in); !slices.Equal(got, tt.want) {
				t.Errorf("Normalize(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// FuzzNormalize states what holds for every text: the best form is its own best form.
func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"1a030", "BlockL1-1A0", "x", "1A03.Y", "xa 0ne9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		forms := icd11.Normalize(s)
		if len(forms) == 0 {
			return
		}
		if again := icd11.Normalize(forms[0]); len(again) == 0 || again[0] != forms[0] {
			t.Fatalf("Normalize(%q) = %q, and of the first of them %q", s, forms, again)
		}
	})
}
