package operation

import (
	"maps"
	"sync"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// listed keeps what long lists of codes of value sets name in releases, as sets: one
// membership would else read a hundred thousand codes. A set depends on the list and the
// release alone, which are its key, and so outlasts snapshots. It is safe for concurrent use.
type listed struct {
	mu    sync.Mutex
	sets  map[listKey]*list
	laid  map[*catalog.Overlay]bool // whose code systems may be in the keys of sets
	bytes int
}

// listKey is a list by its place in memory, which the key keeps where it is.
type listKey struct {
	first *valueset.ConceptReference
	n     int
	cs    terminology.CodeSystem // without supplements, which add no codes
}

// list is one set, once it is made.
type list struct {
	once  sync.Once
	set   *valueset.Set
	of    *catalog.Installed // that cs is of
	bytes int                // under mu of listed
}

// maxListedBytes is how many bytes of sets, and of lists and resources of requests that they
// keep, there may be; more begins anew.
const maxListedBytes = 128 << 20

// Listed returns the concepts that a list names in a release.
func (s *snapshot) Listed(refs []valueset.ConceptReference, cs terminology.CodeSystem, make func() *valueset.Set) (*valueset.Set, bool) {
	return s.service.listed.set(s.usedAs(cs), s.Overlay(), refs, cs, make), true
}

// usedAs returns the release of a code system that was used, without supplements; nil when
// it was not.
func (s *snapshot) usedAs(cs terminology.CodeSystem) *catalog.Installed {
	cs = baseOf(cs)
	for _, r := range s.usedSystems {
		if baseOf(r.CodeSystem) != cs {
			continue
		}
		for base, changed := range s.changed {
			if changed == r {
				return base
			}
		}
		return r
	}
	return nil
}

func (l *listed) set(of *catalog.Installed, laid *catalog.Overlay, refs []valueset.ConceptReference, cs terminology.CodeSystem, make func() *valueset.Set) *valueset.Set {
	key := listKey{&refs[0], len(refs), baseOf(cs)}
	l.mu.Lock()
	if l.bytes > maxListedBytes || l.sets == nil {
		l.sets, l.laid, l.bytes = map[listKey]*list{}, map[*catalog.Overlay]bool{}, 0
	}
	found := l.sets[key]
	if found == nil {
		found = &list{of: of}
		if of != nil && !of.Gone() {
			l.sets[key] = found
			if !l.laid[laid] {
				l.laid[laid] = true
				l.bytes += laid.Bytes()
			}
		}
	}
	l.mu.Unlock()
	found.once.Do(func() {
		found.set = make()
		found.set.RunOptimize()
		l.mu.Lock()
		if l.sets[key] == found {
			found.bytes = int(found.set.GetSizeInBytes())
			for i := range refs { // with the JSON that their texts are of, which they keep
				found.bytes += 64 + len(refs[i].Code) + len(refs[i].Display)
			}
			l.bytes += found.bytes
		}
		l.mu.Unlock()
	})
	return found.set
}

// letGo lets go of sets of releases that are gone.
func (l *listed) letGo() {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.sets, func(_ listKey, x *list) bool {
		if x.of.Gone() {
			l.bytes -= x.bytes
			return true
		}
		return false
	})
}
