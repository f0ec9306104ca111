package operation

import (
	"slices"
	"sync"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// briefs keeps value sets that name many codes, without the codes: what they say besides, and
// which concepts of a release each list names. It is what a validation needs, takes some
// kilobytes where the resource that was read takes ten megabytes, and is known by the numbers of
// the resource and of the content of the release: so many large ones that are asked in turn
// are each read once. It keeps neither a text nor a release, and is safe for concurrent use.
type briefs struct {
	mu         sync.Mutex
	young, old map[uint64]*briefValueSet // by the number of the resource
	bytes      int                       // of young
}

// What is kept of briefs.
const (
	minBrief      = 1000     // codes of a list that is left out
	maxBriefBytes = 32 << 20 // in each of two halves, those that were used last
	maxBriefSets  = 8        // of one value set: of its lists, in the releases that were asked
)

// briefValueSet is one value set. Nobody changes what it says.
type briefValueSet struct {
	*resource.Brief
	compose *Compose // its long lists are empty

	mu    sync.Mutex
	sets  map[briefKey]*briefSet
	bytes int // of sets

	counted int // of bytes of the young; under mu of briefs
}

// briefKey is a list of a value set in a release.
type briefKey struct {
	exclude bool
	at      int
	content uint64 // catalog.Installed.Content
}

// briefSet is what a list names in a release.
type briefSet struct {
	set   *valueset.Set
	exact bool // all of it as the release writes it
}

func (k *briefs) get(number uint64) *briefValueSet {
	k.mu.Lock()
	defer k.mu.Unlock()
	b := k.young[number]
	if b == nil {
		if b = k.old[number]; b != nil {
			k.keep(number, b)
		}
	}
	return b
}

// keep makes a value set young, or counts anew what it takes.
func (k *briefs) keep(number uint64, b *briefValueSet) {
	b.mu.Lock()
	size := 4<<10 + 200*(len(b.Include)+len(b.Exclude)) + b.bytes
	b.mu.Unlock()
	if k.young[number] == b {
		k.bytes -= b.counted
	}
	if k.young == nil || k.bytes+size > maxBriefBytes {
		k.young, k.old, k.bytes = map[uint64]*briefValueSet{}, k.young, 0
	}
	k.young[number], b.counted = b, size
	k.bytes += size
}

// briefed is a value set as one request asks it.
type briefed struct {
	*briefValueSet
	snap *snapshot
	of   *catalog.Resource
}

// briefly returns the definition of a value set with its long lists left out; nil when it is
// to be read whole.
func (s *snapshot) briefly(of *catalog.Resource) (*Compose, error) {
	if !s.brief {
		return nil, nil
	}
	known := s.service.briefs.get(of.Number())
	if known == nil {
		parsed, err := of.Parsed()
		if err != nil {
			return nil, err
		}
		b := parsed.Brief(minBrief)
		if b == nil {
			return nil, nil
		}
		compose, err := definitionOf(b.Resource)
		if err != nil {
			return nil, err
		}
		known = &briefValueSet{Brief: b, compose: compose}
		s.service.briefs.mu.Lock()
		s.service.briefs.keep(of.Number(), known)
		s.service.briefs.mu.Unlock()
	}
	b := &briefed{known, s, of}
	c := *known.compose
	c.Include, c.Exclude = b.bound(c.Include, b.Include, false), b.bound(c.Exclude, b.Exclude, true)
	s.keepSource(&c, b.Resource)
	if s.briefed == nil {
		s.briefed = map[*resource.Resource]*briefed{}
	}
	s.briefed[b.Resource] = b
	return &c, nil
}

// bound returns sets whose long lists are found by the request.
func (b *briefed) bound(sets []ConceptSet, lengths []int, exclude bool) []ConceptSet {
	sets = slices.Clone(sets)
	for i := range sets {
		if lengths[i] > 0 {
			sets[i].Long = longList{b, exclude, i}
		}
	}
	return sets
}

// longList is one list that was left out.
type longList struct {
	*briefed
	exclude bool
	at      int
}

// Concepts implements valueset.Long.
func (l longList) Concepts() ([]ConceptReference, error) {
	parsed, err := l.of.Parsed()
	if err != nil {
		return nil, err
	}
	d, err := l.snap.service.definitions.of(parsed)
	if err != nil {
		return nil, err
	}
	if l.exclude {
		return d.compose.Exclude[l.at].Concepts, nil
	}
	return d.compose.Include[l.at].Concepts, nil
}

// Set implements valueset.Long.
func (l longList) Set(cs terminology.CodeSystem) (*valueset.Set, error) {
	found, err := l.named(cs)
	if err != nil {
		return nil, err
	}
	return found.set, nil
}

// named returns what the list names in a release. Two requests may make it at once.
func (l longList) named(cs terminology.CodeSystem) (*briefSet, error) {
	release := l.snap.usedAs(cs)
	key := briefKey{exclude: l.exclude, at: l.at}
	if release != nil {
		key.content = release.Content()
		l.mu.Lock()
		found := l.sets[key]
		l.mu.Unlock()
		if found != nil {
			return found, nil
		}
	}
	concepts, err := l.Concepts()
	if err != nil {
		return nil, err
	}
	found := &briefSet{set: &valueset.Set{}, exact: true}
	for i := range concepts {
		if o, ok := cs.Find(concepts[i].Code); ok {
			found.set.Add(o)
			found.exact = found.exact && cs.Code(o) == concepts[i].Code
		}
	}
	found.set.RunOptimize()
	if release != nil {
		l.keepSet(key, found)
	}
	return found, nil
}

func (l longList) keepSet(key briefKey, found *briefSet) {
	l.mu.Lock()
	if l.sets == nil || len(l.sets) >= maxBriefSets {
		l.sets, l.bytes = map[briefKey]*briefSet{}, 0
	}
	l.sets[key] = found
	l.bytes += 200 + int(found.set.GetSizeInBytes())
	l.mu.Unlock()
	k := &l.snap.service.briefs
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keep(l.of.Number(), l.briefValueSet)
}

// reference returns how an include whose list was left out names a concept by its code, nil
// when it does not. Of its codes it says no more.
func (b *briefed) reference(include int, cs terminology.CodeSystem, o terminology.Ordinal) *resource.ConceptReference {
	l := longList{b, false, include}
	code := cs.Code(o)
	if found, err := l.named(cs); err == nil && found.exact {
		if found.set.Contains(o) {
			return &resource.ConceptReference{Code: code}
		}
		return nil
	}
	concepts, err := l.Concepts()
	if err == nil && slices.ContainsFunc(concepts, func(c ConceptReference) bool { return c.Code == code }) {
		return &resource.ConceptReference{Code: code}
	}
	return nil
}
