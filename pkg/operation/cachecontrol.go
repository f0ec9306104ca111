package operation

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// CacheRequest begins, ends or looks after a cache of resources that a client sends once
// and means with its later requests (HL7 terminology ecosystem, $cache-control).
type CacheRequest struct {
	Mode      CacheMode
	ID        string // of the cache; not of one that begins
	FHIR      string // version of FHIR that the client speaks: a cache is of one
	Resources [][]byte
	Client    string // who asks, such as its address: what there is room for is shared out among clients
	// Unsealed lets the cache take in the resources that later requests bring.
	Unsealed bool
}

// CacheMode is what is to be done with a cache.
type CacheMode uint8

// The modes.
const (
	StartCache CacheMode = iota
	EndCache
	CheckCache
)

// CacheResponse tells of a cache. Of one that has ended it is empty.
type CacheResponse struct {
	ID        string
	Sealed    bool
	Resources int
	Bytes     int           // of the resources as they came
	Idle      time.Duration // after which the cache ends by itself when nobody asks with it
}

// The bounds of caches.
const (
	maxCaches      = 200
	maxCachesBytes = 128 << 20 // of the resources of all, as they came
	maxCacheBytes  = 64 << 20  // of one
	cacheIdle      = 30 * time.Minute
	cacheGrace     = time.Minute // a cache in use makes no room for others
	maxCachesGone  = 1000        // ids that are known to have ended
	maxCacheID     = 200         // bytes of an id that a client chooses
	maxLaid        = 32          // caches whose snapshot is kept
	maxBeside      = 8           // sets of further resources that are kept, of a cache
)

// CacheControl begins, ends or looks after a cache. Ids cannot be guessed; who knows one
// may use the cache, on requests of the same version of FHIR. Ending a cache that is not
// there is no error. The error is NotFound for another one that is not there, Invalid for
// resources that cannot be read, and TooCostly or Unavailable when a bound is passed.
func (s *Service) CacheControl(_ context.Context, req CacheRequest) (*CacheResponse, error) {
	switch req.Mode {
	case EndCache:
		s.caches.end(cacheKey{req.FHIR, req.ID})
		return &CacheResponse{}, nil
	case CheckCache:
		c, err := s.caches.find(cacheKey{req.FHIR, req.ID})
		if err != nil {
			return nil, err
		}
		return s.caches.describe(req.ID, c), nil
	}
	c := &cache{sealed: !req.Unsealed, client: req.Client}
	added, err := c.add(req.Resources)
	if err != nil {
		return nil, err
	}
	id := NewID()
	if err := s.caches.begin(cacheKey{req.FHIR, id}, c, added); err != nil {
		return nil, err
	}
	return s.caches.describe(id, c), nil
}

// errNoCache is about a cache that is not there; its issue is how clients know that from
// a resource that is not there.
func errNoCache(id string) error {
	return issueError("operation.Cache", terminology.NotFound, Issue{Severity: SeverityError, Type: "not-found", Code: "cache-id-unknown",
		Text: fmt.Sprintf("There is no cache '%s' here: it was never started, has ended, or was not asked with for %d minutes. Start another one ($cache-control?mode=start) with the same resources", id, int(cacheIdle.Minutes()))})
}

func errCacheFull(have int) error {
	return &terminology.Error{Op: "operation.Cache", Kind: terminology.TooCostly, Err: fmt.Errorf("the cache would have %d bytes of resources, want %d at most", have, maxCacheBytes)}
}

// errCachesFull is about a client that has as much as any other, and wants more.
func errCachesFull(client string, number, bytes int) error {
	return &terminology.Error{Op: "operation.Cache", Kind: terminology.Unavailable, Err: fmt.Errorf(
		"there may be %d caches of %d bytes together, and all that there are were asked with in the last minute; %d of them, of %d bytes, are of this client (%s): end one that is of no use any more ($cache-control?mode=end), or try again in a minute",
		maxCaches, maxCachesBytes, number, bytes, cmp.Or(client, "without an address"))}
}
