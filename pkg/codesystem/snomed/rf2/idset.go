package rf2

// idSet is a set of SCTIDs, a hash table with open addressing: half a million
// concepts take 8 MB, and a look-up one or two cache lines.
type idSet struct {
	slots []uint64 // 0: free
	n     int
}

func newIDSet() *idSet { return &idSet{slots: make([]uint64, 1<<10)} }

func (s *idSet) slot(id uint64) int {
	const golden = 0x9E3779B97F4A7C15 // 2^64 / golden ratio: Fibonacci hashing
	h := id * golden
	h ^= h >> 32
	mask := uint64(len(s.slots) - 1)
	i := h & mask
	for s.slots[i] != 0 && s.slots[i] != id {
		i = (i + 1) & mask
	}
	return int(i)
}

// add adds an id; 0 is none.
func (s *idSet) add(id uint64) {
	if id == 0 {
		return
	}
	if s.n*2 >= len(s.slots) {
		old := s.slots
		s.slots = make([]uint64, 2*len(old))
		for _, id := range old {
			if id != 0 {
				s.slots[s.slot(id)] = id
			}
		}
	}
	if i := s.slot(id); s.slots[i] == 0 {
		s.slots[i] = id
		s.n++
	}
}

func (s *idSet) has(id uint64) bool { return s.slots[s.slot(id)] != 0 && id != 0 }
