package rest

import (
	"net/http"
	"sync"

	"github.com/kodeks/kodeks/pkg/fhir"
)

// cache keeps answers to expansions and searches that were asked for by GET: clients that search
// as a clinician types ask for the same few letters all day, and the answer changes
// only with the releases. It holds answers of one generation of releases and forgets
// those that have not been asked for since about cacheBytes of others were.
type cache struct {
	mu         sync.Mutex
	generation uint64
	young, old map[cacheKey]cached
	bytes      int // in young
}

// cacheKey is everything that an answer depends on but the releases.
type cacheKey struct {
	op                      *fhir.Operation
	version                 fhir.Version
	query, language, accept string
}

type cached struct {
	body []byte
	form format
}

const (
	cacheBytes  = 16 << 20 // of answers, in each of the two halves
	cacheAnswer = 64 << 10 // a longer answer is not kept
	entryBytes  = 300      // what an entry costs beside its answer and its query
)

// key returns the key of a request, and false when its answer is not to be kept.
func (c *cache) key(r *http.Request, e *endpoint, op *fhir.Operation) (cacheKey, bool) {
	if c == nil || op != fhir.Expand || r.Method != http.MethodGet || threshold(r.Header) > 0 || r.Header.Get("X-Cache-Id") != "" {
		return cacheKey{}, false
	}
	return cacheKey{op, e.version, r.URL.RawQuery, list(r.Header, "Accept-Language"), list(r.Header, "Accept")}, true
}

// get returns the kept answer of a generation. The body must not be changed.
func (c *cache) get(k cacheKey, generation uint64) (cached, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation != c.generation {
		return cached{}, false
	}
	a, ok := c.young[k]
	if ok {
		return a, true
	}
	if a, ok = c.old[k]; ok {
		c.keep(k, a)
	}
	return a, ok
}

// cacheKeyBytes is the longest key of an answer that is kept.
const cacheKeyBytes = 4 << 10

// bytes returns the length of what a key is made of.
func (k cacheKey) bytes() int { return len(k.query) + len(k.language) + len(k.accept) }

// put keeps a copy of an answer. Generation is the one that was read before the
// answer was made: an answer that was made of newer releases is then kept under a
// generation that nobody asks for again.
func (c *cache) put(k cacheKey, generation uint64, body []byte, form format) {
	if len(body) > cacheAnswer || k.bytes() > cacheKeyBytes {
		return
	}
	a := cached{append([]byte(nil), body...), form}
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation < c.generation {
		return
	}
	if generation > c.generation || c.young == nil {
		c.generation, c.young, c.old, c.bytes = generation, map[cacheKey]cached{}, nil, 0
	}
	c.keep(k, a)
}

// keep makes an answer young; when the young are too many they become the old.
func (c *cache) keep(k cacheKey, a cached) {
	size := len(a.body) + k.bytes() + entryBytes
	if c.bytes+size > cacheBytes {
		c.young, c.old, c.bytes = map[cacheKey]cached{}, c.young, 0
	}
	c.young[k] = a
	c.bytes += size
}
