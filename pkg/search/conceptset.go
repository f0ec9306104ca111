package search

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// conceptSet is a set of concepts: a hash table with open addressing, where 0 is
// an empty place and n+1 stands for n. No release has so many that n+1 is 0.
type conceptSet struct {
	table []uint32
	count int
}

const smallSet = 4096 // places; twice what most searches fill

func (s *conceptSet) reset() {
	if len(s.table) != smallSet {
		s.table = make([]uint32, smallSet)
	} else if s.count > 0 {
		clear(s.table)
	}
	s.count = 0
}

func (s *conceptSet) len() int { return s.count }

// place returns where concept is, or where it would be.
func (s *conceptSet) place(concept uint32) *uint32 {
	mask := uint32(len(s.table) - 1)
	i := concept * 0x9E3779B1 >> 8 & mask
	for s.table[i] != 0 && s.table[i] != concept+1 {
		i = (i + 1) & mask
	}
	return &s.table[i]
}

func (s *conceptSet) has(concept uint32) bool { return *s.place(concept) != 0 }

func (s *conceptSet) add(concept uint32) {
	p := s.place(concept)
	if *p != 0 {
		return
	}
	*p = concept + 1
	if s.count++; 2*s.count > len(s.table) {
		old := s.table
		s.table = make([]uint32, 4*len(old))
		for _, v := range old {
			if v != 0 {
				*s.place(v - 1) = v
			}
		}
	}
}

// conceptBits is a value set as a bit for each concept: made in microseconds, and
// quicker to ask than the compressed set. It is pooled.
type conceptBits struct{ bits []uint64 }

func (s *conceptBits) fill(set *roaring.Bitmap) {
	n := int(set.DenseSize())
	s.bits = slices.Grow(s.bits[:0], n)[:n]
	clear(s.bits)
	set.WriteDenseTo(s.bits)
}

// marks is a set of concepts as a bit for each, that whoever filled it empties again
// one by one: for few concepts at a time.
type marks struct{ bits []uint64 }

// add reports whether concept was not in the set.
func (m *marks) add(concept uint32) bool {
	i, bit := int(concept/64), uint64(1)<<(concept%64)
	if i >= len(m.bits) {
		m.bits = append(m.bits, make([]uint64, i+1-len(m.bits))...)
	}
	old := m.bits[i]
	m.bits[i] = old | bit
	return old&bit == 0
}

// take takes concept out of the set and reports whether it was there.
func (m *marks) take(concept uint32) bool {
	i, bit := int(concept/64), uint64(1)<<(concept%64)
	if i >= len(m.bits) || m.bits[i]&bit == 0 {
		return false
	}
	m.bits[i] &^= bit
	return true
}

// forget takes concept out of the set, and its neighbours: for emptying it.
func (m *marks) forget(concept uint32) {
	if i := int(concept / 64); i < len(m.bits) {
		m.bits[i] = 0
	}
}
