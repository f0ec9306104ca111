package terminology_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestCompareVersions gives versions in their order; each comes before all that follow.
func TestCompareVersions(t *testing.T) {
	for _, list := range [][]string{
		{"", "1", "2.0.0", "4.0.0", "4.0.1-ballot", "4.0.1-ballot.2", "4.0.1-ballot.10", "4.0.1-snapshot1", "4.0.1", "4.0.1.1", "4.0.2", "4.0.10", "4.10.0", "5.0.0-cibuild", "5.0.0", "10.0.0"},
		{"20230930", "20241231", "20250101", "2026"},
		{"2024", "2024-05", "2024-05-31", "2024-06", "2024-11", "2025", "2026-11-22"},
		{"2.77", "2.78", "2.79"},
		{"v1", "v2", "v10"},
	} {
		for i, a := range list {
			for j, b := range list {
				want := min(max(i-j, -1), 1)
				if got := min(max(terminology.CompareVersions(a, b), -1), 1); got != want {
					t.Errorf("CompareVersions(%q, %q) = %d, want %d", a, b, got, want)
				}
			}
		}
	}
}

func TestIsDigits(t *testing.T) {
	for s, want := range map[string]bool{"0": true, "03429": true, "": false, "3a": false, "-3": false, "٣": false} {
		if got := terminology.IsDigits(s); got != want {
			t.Errorf("IsDigits(%q) = %v, want %v", s, got, want)
		}
	}
}

func FuzzCompareVersions(f *testing.F) {
	f.Add("4.0.1", "4.0.1-ballot", "4.0")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if x, y := terminology.CompareVersions(a, b), terminology.CompareVersions(b, a); (x < 0) != (y > 0) || (x == 0) != (y == 0) {
			t.Errorf("%q and %q: %d and %d", a, b, x, y)
		}
		if a == c && terminology.CompareVersions(a, c) != 0 {
			t.Errorf("%q is not itself", a)
		}
	})
}
