package operation

import (
	"bytes"
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// cacheKey names a cache: caches of two versions of FHIR have nothing in common.
type cacheKey struct{ fhir, id string }

// caches are the caches of a service. They are safe for concurrent use.
type caches struct {
	mu    sync.Mutex
	byID  map[cacheKey]*cache
	bytes int // of all of them
	base  *catalog.Snapshot
	// gone are ids that have ended, those of young and as many before them: a client that
	// chose its id and has not heard of the end is told, instead of missing its resources.
	gone, goneBefore map[cacheKey]bool
	due              atomic.Int64     // when to sweep next, in nanoseconds since 1970; 0: never
	clock            func() time.Time // nil: time.Now
}

// cache is the resources of one. Its fields but used are for who holds mu; used and size
// are for who holds that of caches.
type cache struct {
	mu     sync.Mutex
	sealed bool
	have   map[contentKey]bool
	over   *catalog.Overlay // nil: no resources
	base   *catalog.Snapshot
	laid   *catalog.Snapshot // over base
	beside map[contentKey]*catalog.Overlay

	used   time.Time
	size   int
	client string // who began it
}

func (a *caches) describe(id string, c *cache) *CacheResponse {
	c.mu.Lock()
	defer c.mu.Unlock()
	a.mu.Lock()
	defer a.mu.Unlock()
	return &CacheResponse{ID: id, Sealed: c.sealed, Resources: len(c.have), Bytes: c.size, Idle: cacheIdle}
}

func (a *caches) now() time.Time {
	if a.clock != nil {
		return a.clock()
	}
	return time.Now()
}

// begin makes a cache known; its resources have size bytes.
func (a *caches) begin(k cacheKey, c *cache, size int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sweep()
	if err := a.room(c.client, 1, size, nil); err != nil {
		return err
	}
	if a.byID == nil {
		a.byID = map[cacheKey]*cache{}
	}
	c.used, c.size = a.now(), size
	a.byID[k] = c
	a.bytes += size
	a.due.Store(a.now().Add(cacheGrace).UnixNano())
	return nil
}

// find returns a cache, which is in use from now on.
func (a *caches) find(k cacheKey) (*cache, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sweep()
	c := a.byID[k]
	if c == nil {
		return nil, errNoCache(k.id)
	}
	c.used = a.now()
	return c, nil
}

// named returns the cache that a client has chosen an id for. It begins with the first
// resources that come under the id; before that it is nil.
func (a *caches) named(k cacheKey, client string, bringing bool) (*cache, error) {
	if len(k.id) > maxCacheID {
		return nil, issueError("operation.Cache", terminology.Invalid, Issue{Severity: SeverityError, Type: "invalid", Expression: "cache-id", Text: "the cache-id is too long"})
	}
	c, err := a.find(k)
	if err == nil {
		return c, nil
	}
	a.mu.Lock()
	ended := a.gone[k] || a.goneBefore[k]
	a.mu.Unlock()
	if ended {
		return nil, err
	}
	if !bringing {
		return nil, nil
	}
	c = &cache{client: client}
	if err := a.begin(k, c, 0); err != nil {
		return nil, err
	}
	return a.find(k) // which may be that of another request that came at this moment
}

// end forgets a cache.
func (a *caches) end(k cacheKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.drop(k)
}

func (a *caches) drop(k cacheKey) {
	c := a.byID[k]
	if c == nil {
		return
	}
	delete(a.byID, k)
	a.bytes -= c.size
	if len(a.gone) >= maxCachesGone || a.gone == nil {
		a.gone, a.goneBefore = map[cacheKey]bool{}, a.gone
	}
	a.gone[k] = true
}

// sweepInTime is sweep for requests without a cache: caches end whoever asks.
func (a *caches) sweepInTime() {
	due := a.due.Load()
	if due == 0 || a.now().UnixNano() < due {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sweep()
}

// sweep ends the caches that nobody has asked with for long.
func (a *caches) sweep() {
	end := a.now().Add(-cacheIdle)
	for k, c := range a.byID {
		if c.used.Before(end) {
			a.drop(k)
		}
	}
	if len(a.byID) == 0 {
		a.due.Store(0)
	} else {
		a.due.Store(a.now().Add(cacheGrace).UnixNano())
	}
}

// room makes room for more caches and bytes of a client. Those that were not asked with for
// longest end: of the client first, then of others. None that is in use ends for a client
// that has as much as any other; for one that has less, a cache of the client that has most
// does, so that no client keeps the others out. The one that is to grow never ends.
func (a *caches) room(client string, more, size int, growing *cache) error {
	for len(a.byID)+more > maxCaches || a.bytes+size > maxCachesBytes {
		k, ok := a.oldest(growing, func(c *cache) bool { return c.client == client && !a.inUse(c) })
		if !ok {
			k, ok = a.oldest(growing, func(c *cache) bool { return !a.inUse(c) })
		}
		if !ok {
			most := a.mostOf(client, more, size)
			k, ok = a.oldest(growing, func(c *cache) bool { return c.client == most && most != client })
		}
		if !ok {
			number, bytes := a.of(client)
			return errCachesFull(client, number, bytes)
		}
		a.drop(k)
	}
	return nil
}

func (a *caches) inUse(c *cache) bool { return a.now().Sub(c.used) < cacheGrace }

// oldest returns the cache that was not asked with for longest, of those that may end.
func (a *caches) oldest(but *cache, may func(*cache) bool) (cacheKey, bool) {
	var oldest cacheKey
	var found *cache
	for k, c := range a.byID {
		if c != but && (found == nil || c.used.Before(found.used)) && may(c) {
			oldest, found = k, c
		}
	}
	return oldest, found != nil
}

// of returns how many caches a client has, and the bytes of them.
func (a *caches) of(client string) (number, bytes int) {
	for _, c := range a.byID {
		if c.client == client {
			number, bytes = number+1, bytes+c.size
		}
	}
	return number, bytes
}

// mostOf returns the client that has most of what there is too much of, and would still
// have as much as another one that gets more; otherwise the other one itself.
func (a *caches) mostOf(client string, more, size int) string {
	measure := func(c *cache) int { return c.size }
	if len(a.byID)+more > maxCaches {
		measure, size = func(*cache) int { return 1 }, more
	}
	share := map[string]int{}
	for _, c := range a.byID {
		share[c.client] += measure(c)
	}
	most, limit := client, share[client]+size
	for other, has := range share {
		if other != client && has > limit {
			most, limit = other, has
		}
	}
	return most
}

// grow notes that a cache has grown; one that has ended meanwhile is on its own.
func (a *caches) grow(k cacheKey, c *cache, size int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byID[k] != c {
		return nil
	}
	if c.size+size > maxCacheBytes {
		return errCacheFull(c.size + size)
	}
	if err := a.room(c.client, 0, size, c); err != nil {
		return err
	}
	c.size += size
	a.bytes += size
	return nil
}

// add takes in resources that the cache does not have, and returns their bytes. The caller
// holds mu, or is alone with the cache.
func (c *cache) add(resources [][]byte) (size int, err error) {
	var list []*resource.Resource
	var given [][]byte
	var keys []contentKey
	for _, raw := range resources {
		key := contentKey(sha256.Sum256(raw))
		if c.have[key] {
			continue
		}
		r, err := resource.Parse(bytes.Clone(raw))
		if err != nil {
			return 0, brought(terminology.Invalid, raw, err)
		}
		if size += len(raw); size > maxCacheBytes {
			return 0, errCacheFull(size)
		}
		list, given, keys = append(list, r), append(given, raw), append(keys, key)
	}
	if len(list) == 0 {
		return 0, nil
	}
	over, err := overlayOf(list, given)
	if err != nil {
		return 0, err
	}
	c.over = over.Over(c.over) // what comes later goes before
	c.base, c.laid, c.beside = nil, nil, nil
	if c.have == nil {
		c.have = map[contentKey]bool{}
	}
	for _, key := range keys {
		c.have[key] = true
	}
	return size, nil
}
