package catalog

import (
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
)

// maxParsed is how many bytes of text resources may have that are kept as they were read.
// Read, one takes up to five times its text.
const maxParsed = 48 << 20

// parsedKept keeps the resources that were read last, up to a number of bytes of their
// texts. It is safe for concurrent use.
type parsedKept struct {
	mu         sync.Mutex
	young, old map[uint64]*resource.Resource // by the numbers of resources
	bytes      int                           // of young
}

func (k *parsedKept) get(r *Resource) *resource.Resource {
	k.mu.Lock()
	defer k.mu.Unlock()
	p := k.young[r.number.of()]
	if p == nil {
		if p = k.old[r.number.of()]; p != nil {
			k.keep(r, p)
		}
	}
	return p
}

func (k *parsedKept) put(r *Resource, p *resource.Resource) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keep(r, p)
}

func (k *parsedKept) keep(r *Resource, p *resource.Resource) {
	if k.young == nil || k.bytes+len(p.Raw) > maxParsed/2 {
		k.young, k.old, k.bytes = map[uint64]*resource.Resource{}, k.young, 0
	}
	if len(p.Raw) <= maxParsed/2 {
		k.young[r.number.of()] = p
		k.bytes += len(p.Raw)
	}
}
