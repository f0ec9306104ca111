package operation

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// maxEvaluated is how many value sets a service keeps evaluated: those that were used
// last. One of a full edition takes up to 130 KB.
const maxEvaluated = 256

// maxNamed is how many codes the definitions of the value sets may name that are kept: one
// takes some 150 bytes.
const maxNamed = 1 << 20

// evaluated keeps what value sets that are named by URL hold in one snapshot, since a
// field with suggestions asks for the same one with every key. It is safe for
// concurrent use.
type evaluated struct {
	mu         sync.Mutex
	snapshot   *catalog.Snapshot
	young, old map[evaluatedKey]*evaluatedSet
	named      int // codes that the definitions of young name
}

type evaluatedKey struct {
	url        string
	activeOnly bool
	day        terminology.Date
	fhir       string
}

// evaluatedSet is what one value set holds. Nobody changes it.
type evaluatedSet struct {
	definition *valueset.Compose
	parts      []valueset.Part
	uses       atomic.Int32

	// What it was made of.
	usedSystems   []*catalog.Installed
	usedValueSets []*valueset.Compose
	sources       map[*valueset.Compose]*resource.Resource

	bits []atomic.Pointer[[]uint64] // of each part, once it has been asked for again
}

// members returns what a value set holds, which is not to be changed: of the URL, or of
// the definition when there is one.
func (s *Service) members(ctx context.Context, snap *snapshot, url string, compose *valueset.Compose, activeOnly bool) (*evaluatedSet, error) {
	key := evaluatedKey{url, activeOnly, snap.day, snap.with.FHIR}
	if compose == nil {
		if set := s.evaluated.get(snap.Snapshot, key); set != nil {
			set.uses.Add(1)
			return set, nil
		}
	}
	definition, err := snap.definition(url, compose)
	if err != nil {
		return nil, err
	}
	asked, onlyActive := definition, activeOnly
	if snap.day != 0 {
		if asked, onlyActive = asOf(definition); activeOnly {
			onlyActive = true
		}
	}
	parts, err := valueset.Evaluate(ctx, asked, resolver{snap})
	if err != nil {
		return nil, err
	}
	switch {
	case snap.day != 0:
		keepOn(parts, snap.day, onlyActive)
	case activeOnly:
		for _, p := range parts {
			p.Set.And(p.CodeSystem.Active())
		}
	}
	set := &evaluatedSet{definition: definition, parts: parts, bits: make([]atomic.Pointer[[]uint64], len(parts)),
		usedSystems: slices.Clone(snap.usedSystems), usedValueSets: slices.Clone(snap.usedValueSets), sources: maps.Clone(snap.sources)}
	if compose == nil {
		s.evaluated.put(snap.Snapshot, key, set)
	}
	return set, nil
}

// asBits returns part i as a bit for each concept, nil when that is not worth the while.
func (s *evaluatedSet) asBits(i int) []uint64 {
	if bits := s.bits[i].Load(); bits != nil {
		return *bits
	}
	if s.uses.Load() == 0 {
		return nil
	}
	bits := s.parts[i].Set.ToDense()
	s.bits[i].Store(&bits)
	return bits
}

func (e *evaluated) get(snapshot *catalog.Snapshot, key evaluatedKey) *evaluatedSet {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.snapshot != snapshot { // releases came or went: what is kept would keep those that went
		e.snapshot, e.young, e.old, e.named = nil, nil, nil, 0
		return nil
	}
	set := e.young[key]
	if set == nil {
		if set = e.old[key]; set != nil {
			e.keep(key, set)
		}
	}
	return set
}

func (e *evaluated) put(snapshot *catalog.Snapshot, key evaluatedKey, set *evaluatedSet) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.snapshot != snapshot { // an old one would take the place of the new one, and be replaced by it
		e.snapshot, e.young, e.old, e.named = snapshot, nil, nil, 0
	}
	e.keep(key, set)
}

func (e *evaluated) keep(key evaluatedKey, set *evaluatedSet) {
	named := set.named()
	if len(e.young) >= maxEvaluated/2 || e.named+named > maxNamed/2 || e.young == nil {
		e.young, e.old, e.named = make(map[evaluatedKey]*evaluatedSet), e.young, 0
	}
	e.young[key] = set
	e.named += named
}

// named counts the codes that the definition of a value set names, and those that it
// imports.
func (s *evaluatedSet) named() int {
	n := 0
	count := func(c *valueset.Compose) {
		for _, sets := range [2][]valueset.ConceptSet{c.Include, c.Exclude} {
			for i := range sets {
				n += len(sets[i].Concepts)
			}
		}
	}
	count(s.definition)
	for _, used := range s.usedValueSets {
		if used != s.definition {
			count(used)
		}
	}
	return n
}
