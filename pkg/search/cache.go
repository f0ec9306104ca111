package search

import "sync"

// cacheBytes bounds what an index keeps of the sets that searches have read from
// its file. Those of the first letters of words are asked for all the time and are
// the largest, a bit for each document: 180 KB each of 1.4 million documents. A list counts
// with its facts, whether they have been made or not.
const cacheBytes = 96 << 20

// cache keeps sets by their term, those used last: what nobody asked for while
// half of cacheBytes was filled anew is dropped. It is safe for concurrent use.
type cache struct {
	mu         sync.RWMutex
	young, old map[string]docSet
	bytes      int // of young
}

func (c *cache) get(key []byte) (docSet, bool) {
	c.mu.RLock()
	set, found := c.young[string(key)]
	late := false
	if !found {
		set, late = c.old[string(key)]
	}
	c.mu.RUnlock()
	if late {
		c.put(key, set)
	}
	return set, found || late
}

func (c *cache) put(key []byte, set docSet) {
	const entry = 128 // bytes of a place in the map, about
	size := entry + len(key) + 4*cap(set.list) + 2*len(set.starts) + 8*len(set.bits)
	if set.facts != nil {
		size += 6*len(set.list) + 64
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.young[string(key)]; known {
		return
	}
	if c.young == nil || c.bytes+size > cacheBytes/2 {
		c.young, c.old, c.bytes = make(map[string]docSet), c.young, 0
	}
	c.young[string(key)] = set
	c.bytes += size
}
