package valueset

import (
	"math/rand/v2"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
)

// drawn draws a set of some runs and some single numbers.
func drawn(d *rand.Rand, compressed bool) *Set {
	s := roaring.New()
	for range d.IntN(20) {
		from := uint64(d.IntN(300_000))
		s.AddRange(from, from+uint64(d.IntN(5_000)))
	}
	for range d.IntN(2_000) {
		s.Add(uint32(d.IntN(300_000)))
	}
	if compressed {
		s.RunOptimize()
	}
	return s
}

// TestOr unites sets of runs and of others, which gives what Roaring gives, and changes only
// the first.
func TestOr(t *testing.T) {
	d := rand.New(rand.NewPCG(3, 5))
	for i := range 200 {
		a, b := drawn(d, i&1 == 0), drawn(d, i&2 == 0)
		want, before := roaring.ParOr(1, a, b), b.Clone()
		if got := or(a.Clone(), b); !got.Equals(want) || !b.Equals(before) {
			t.Fatalf("the union of %d and %d has %d, want %d; the second is as it was: %v", a.GetCardinality(), b.GetCardinality(), got.GetCardinality(), want.GetCardinality(), b.Equals(before))
		}
	}
}

func BenchmarkOrOfRuns(b *testing.B) {
	ours, other := roaring.New(), roaring.New()
	ours.AddRange(0, 510_000)
	other.AddRange(0, 510_000)
	for b.Loop() {
		ours = or(ours, other)
	}
}
