package basic

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestFoldedOrder draws texts of letters that have unusual other cases, and asks for an
// order in which exactly those stand together that are equal but for case.
func TestFoldedOrder(t *testing.T) {
	letters := []rune("aAåÅøØkKK\u212AsSſæÆzZ0 ςσΣéÉ")
	r := rand.New(rand.NewPCG(1, 2))
	draw := func() string {
		var b strings.Builder
		for range r.IntN(4) {
			b.WriteRune(letters[r.IntN(len(letters))])
		}
		return b.String()
	}
	equal := 0
	for range 50_000 {
		x, y, z := draw(), draw(), draw()
		if got, want := compareFolded(x, y) == 0, strings.EqualFold(x, y); got != want {
			t.Fatalf("compareFolded(%q, %q) == 0 is %t, want %t", x, y, got, want)
		}
		if compareFolded(x, y) == 0 && x != y {
			equal++
		}
		if compareFolded(x, y) != -compareFolded(y, x) || compareFolded(x, y) <= 0 && compareFolded(y, z) <= 0 && compareFolded(x, z) > 0 {
			t.Fatalf("%q, %q and %q are in no order", x, y, z)
		}
	}
	if equal < 100 {
		t.Errorf("only %d pairs differ in case alone: the law was hardly tried", equal)
	}
}
