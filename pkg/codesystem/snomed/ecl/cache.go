package ecl

import (
	lru "container/list"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// cache keeps the sets of sub-expressions, the last used ones, up to a number of
// bytes. What it holds is never changed.
type cache struct {
	mu    sync.Mutex
	max   int64
	bytes int64
	byKey map[cacheKey]*lru.Element
	order *lru.List // of *cached, last used first
}

type cacheKey struct {
	substrate Substrate
	text      string
}

type cached struct {
	key   cacheKey
	set   *roaring.Bitmap
	bytes int64
}

func newCache(max int64) *cache {
	return &cache{max: max, byKey: map[cacheKey]*lru.Element{}, order: lru.New()}
}

func (c *cache) get(k cacheKey) *roaring.Bitmap {
	if c.max <= 0 {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.byKey[k]
	if !ok {
		return nil
	}
	c.order.MoveToFront(at)
	return at.Value.(*cached).set
}

// entryBytes is what an entry takes beside its key and its set.
const entryBytes = 200

func (c *cache) put(k cacheKey, set *roaring.Bitmap) {
	one := &cached{k, set, int64(set.GetSizeInBytes()) + int64(len(k.text)) + entryBytes}
	if one.bytes > c.max/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[k]; ok {
		return
	}
	c.byKey[k] = c.order.PushFront(one)
	for c.bytes += one.bytes; c.bytes > c.max; {
		last := c.order.Back()
		old := c.order.Remove(last).(*cached)
		delete(c.byKey, old.key)
		c.bytes -= old.bytes
	}
}

// CacheStats is the fill of the cache of an Engine.
type CacheStats struct {
	Entries int
	Bytes   int64
}

// CacheStats returns the fill of the cache.
func (e *Engine) CacheStats() CacheStats {
	e.cache.mu.Lock()
	defer e.cache.mu.Unlock()
	return CacheStats{len(e.cache.byKey), e.cache.bytes}
}
