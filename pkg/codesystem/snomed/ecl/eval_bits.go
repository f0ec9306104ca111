package ecl

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// bits is a set of ordinals, a bit each. It is what sets are gathered in: to add one
// costs a nanosecond, and it comes from a pool.
type bits []uint64

func (b bits) add(o uint32)      { b[o>>6] |= 1 << (o & 63) }
func (b bits) has(o uint32) bool { return b[o>>6]>>(o&63)&1 != 0 }

func (b bits) addMany(all []uint32) {
	for _, o := range all {
		b[o>>6] |= 1 << (o & 63)
	}
}

// empty returns an empty set for gathering; give it back with done or roaring.
func (ev *evaluation) empty() bits {
	b := *ev.e.pool.Get().(*bits)
	clear(b)
	return b
}

func (ev *evaluation) done(b bits) { ev.e.pool.Put(&b) }

// bitmap returns b as a bitmap and gives b back.
func (ev *evaluation) bitmap(b bits) *roaring.Bitmap {
	s := roaring.FromDense(b, true)
	s.RunOptimize()
	ev.done(b)
	return s
}

// union adds a bitmap.
func (ev *evaluation) union(b bits, s *roaring.Bitmap) {
	if s.IsEmpty() {
		return
	}
	n := s.GetCardinality()
	if n > uint64(len(b))/2 {
		// WriteDenseTo writes over what is there, so it writes to a set of its own.
		other := ev.empty()
		s.WriteDenseTo(other)
		for i := s.Minimum() >> 6; i <= s.Maximum()>>6; i++ {
			b[i] |= other[i]
		}
		ev.done(other)
		return
	}
	eachOf(s, func(o uint32) bool {
		b.add(o)
		return true
	})
}

// eachOf calls do with the members of s in order until it returns false.
func eachOf(s *roaring.Bitmap, do func(uint32) bool) {
	var buf [256]uint32
	for it := s.ManyIterator(); ; {
		n := it.NextMany(buf[:])
		if n == 0 {
			return
		}
		for _, o := range buf[:n] {
			if !do(o) {
				return
			}
		}
	}
}

// intersects reports whether any of the ordinals is in s.
func intersects(s *roaring.Bitmap, all []uint32) bool { return slices.ContainsFunc(all, s.Contains) }
