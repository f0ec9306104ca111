package hierarchy

import (
	"bytes"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
)

// Sets is a row of bitmaps in one piece of memory, in the portable format of
// roaring. Set i is Bytes[Offsets[i]:Offsets[i+1]]; no bytes are the empty set.
type Sets struct {
	Offsets []uint32
	Bytes   []byte
}

// Len returns the number of sets.
func (s Sets) Len() int { return max(0, len(s.Offsets)-1) }

// Get returns set i as a bitmap over the stored bytes. It must not be changed.
func (s Sets) Get(i int) *roaring.Bitmap {
	b := roaring.New()
	if data := s.Bytes[s.Offsets[i]:s.Offsets[i+1]]; len(data) > 0 {
		// The bytes were written by Append and their hash is in the manifest, so
		// an error here means a release that was changed behind our back; the set
		// is then empty, and verify tells.
		if _, err := b.FromBuffer(data); err != nil {
			return roaring.New() // b may be half read
		}
	}
	return b
}

// Check reads every set, as verify does.
func (s Sets) Check() error {
	for i := 0; i < s.Len(); i++ {
		if data := s.Bytes[s.Offsets[i]:s.Offsets[i+1]]; len(data) > 0 {
			if _, err := roaring.New().FromBuffer(data); err != nil {
				return fmt.Errorf("set %d: %w", i, err)
			}
		}
	}
	return nil
}

// Append adds a set. It compresses b in place.
func (s *Sets) Append(b *roaring.Bitmap) error {
	if len(s.Offsets) == 0 {
		s.Offsets = append(s.Offsets, 0)
	}
	if !b.IsEmpty() {
		b.RunOptimize()
		var buf bytes.Buffer
		if _, err := b.WriteTo(&buf); err != nil {
			return err
		}
		s.Bytes = append(s.Bytes, buf.Bytes()...)
	}
	s.Offsets = append(s.Offsets, uint32(len(s.Bytes)))
	return nil
}

// Descendants returns for every node the set of all its descendants, without the
// node itself.
func Descendants(ancestors Edges) (Sets, error) {
	below := ancestors.Reverse()
	sets := Sets{Offsets: make([]uint32, 1, below.Len()+1)}
	for i := 0; i < below.Len(); i++ {
		b := roaring.New()
		b.AddMany(below.Of(uint32(i)))
		if err := sets.Append(b); err != nil {
			return Sets{}, err
		}
	}
	return sets, nil
}
