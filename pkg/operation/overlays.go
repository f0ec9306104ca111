package operation

import (
	"bytes"
	"crypto/sha256"
	"sync"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// What is kept of resources of requests, those that came last, so that clients that send
// the same ones with each request have them read once.
const (
	maxOverlays     = 32       // sets of resources, and resources by themselves
	maxKeptBytes    = 32 << 20 // of JSON of all of them
	maxOverlayBytes = 8 << 20  // of JSON of one set; more is read anew each time
	maxParsedBytes  = 1 << 20  // of one resource by itself
)

type contentKey [sha256.Size]byte

// overlays keeps what the resources of requests are, by their content. It knows nothing of
// what is installed, and so keeps no release: how they lie over a snapshot is kept by the
// snapshot, and goes with it. It is safe for concurrent use.
type overlays struct {
	mu     sync.Mutex
	sets   kept[*catalog.Overlay]
	parsed kept[*resource.Resource]
}

// kept is values by their content in two generations: once the young one has half of what
// may be kept, it becomes the old one. What is asked for is young again.
type kept[T any] struct {
	young, old map[contentKey]sized[T]
	bytes      int // of the young ones
}

type sized[T any] struct {
	value T
	bytes int
}

func (k *kept[T]) get(key contentKey) (T, bool) {
	v, ok := k.young[key]
	if !ok {
		if v, ok = k.old[key]; ok {
			k.put(key, v.value, v.bytes)
		}
	}
	return v.value, ok
}

func (k *kept[T]) put(key contentKey, value T, bytes int) {
	if _, ok := k.young[key]; ok {
		return
	}
	if k.young == nil || len(k.young) >= maxOverlays/2 || k.bytes+bytes > maxKeptBytes/2 {
		k.young, k.old, k.bytes = map[contentKey]sized[T]{}, k.young, 0
	}
	k.young[key] = sized[T]{value, bytes}
	k.bytes += bytes
}

// BroughtError says which of the resources that a request brings is wrong.
type BroughtError struct {
	Raw []byte // the resource, as it was given
	Err error
}

// Error returns the cause.
func (e *BroughtError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *BroughtError) Unwrap() error { return e.Err }

func brought(kind terminology.Kind, raw []byte, err error) error {
	return &terminology.Error{Op: "operation.With", Kind: kind, Err: &BroughtError{raw, err}}
}

// overlayOf returns resources, read, as an overlay. The error says which one is wrong.
func overlayOf(list []*resource.Resource, given [][]byte) (*catalog.Overlay, error) {
	over, err := catalog.NewOverlay(list)
	if err == nil {
		return over, nil
	}
	for i := range list {
		if _, one := catalog.NewOverlay(list[i : i+1]); one != nil {
			return nil, brought(terminology.KindOf(one), given[i], one)
		}
	}
	return nil, err
}

// parse returns one resource, which is read once for as long as it comes again.
func (o *overlays) parse(raw []byte) (*resource.Resource, error) {
	key := contentKey(sha256.Sum256(raw))
	o.mu.Lock()
	r, ok := o.parsed.get(key)
	o.mu.Unlock()
	if ok {
		return r, nil
	}
	r, err := resource.Parse(bytes.Clone(raw))
	if err != nil {
		return nil, brought(terminology.Invalid, raw, err)
	}
	if len(raw) <= maxParsedBytes {
		o.mu.Lock()
		o.parsed.put(key, r, len(raw))
		o.mu.Unlock()
	}
	return r, nil
}

func contentOf(resources [][]byte) (key contentKey, size int) {
	h := sha256.New()
	for _, raw := range resources {
		sum := sha256.Sum256(raw)
		h.Write(sum[:])
		size += len(raw)
	}
	h.Sum(key[:0])
	return key, size
}
