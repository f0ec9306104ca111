package operation

import (
	"sync"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// listed keeps what long lists of codes of value sets name in releases, as sets, for as
// long as the snapshot is the current one: one membership would else read a hundred
// thousand codes. It is safe for concurrent use.
type listed struct {
	mu       sync.Mutex
	snapshot *catalog.Snapshot
	sets     map[listKey]*list
	laid     map[*catalog.Snapshot]bool // whose code systems may be in the keys of sets
	bytes    int
}

// listKey is a list by its place in memory, which the key keeps where it is.
type listKey struct {
	first *valueset.ConceptReference
	n     int
	cs    terminology.CodeSystem
}

// list is one set, once it is made.
type list struct {
	once sync.Once
	set  *valueset.Set
}

// maxListedBytes is how many bytes of sets, and of lists and resources of requests that they
// keep, there may be; more begins anew.
const maxListedBytes = 128 << 20

// Listed returns the concepts that a list names in a release.
func (s *snapshot) Listed(refs []valueset.ConceptReference, cs terminology.CodeSystem, make func() *valueset.Set) (*valueset.Set, bool) {
	return s.service.listed.set(s.base, s.Snapshot, listKey{&refs[0], len(refs), cs}, make), true
}

func (l *listed) set(snapshot, laid *catalog.Snapshot, key listKey, make func() *valueset.Set) *valueset.Set {
	l.mu.Lock()
	if l.snapshot != snapshot || l.bytes > maxListedBytes {
		l.snapshot, l.sets, l.laid, l.bytes = snapshot, map[listKey]*list{}, map[*catalog.Snapshot]bool{}, 0
	}
	found := l.sets[key]
	if found == nil {
		found = &list{}
		l.sets[key] = found
		if !l.laid[laid] {
			l.laid[laid] = true
			l.bytes += laid.LaidBytes()
		}
	}
	l.mu.Unlock()
	found.once.Do(func() {
		found.set = make()
		found.set.RunOptimize()
		l.mu.Lock()
		l.bytes += int(found.set.GetSizeInBytes()) + 32*key.n
		l.mu.Unlock()
	})
	return found.set
}
