package operation

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// asked is a value set as a request names or carries it, and what of the request says
// which of its codes are meant. What of a request says it besides is in its snapshot:
// the day, and what the request brings with it.
type asked struct {
	url        string
	compose    *Compose // the definition, instead of url
	raw        []byte   // the same as a FHIR resource
	activeOnly bool
	noComposed bool     // no expressions in the place of codes
	without    []string // canonical URIs of systems, with |version or not
}

// evaluatedSet is what one value set holds, and what there is to tell of it whatever the
// page that is asked for. Nobody changes it.
type evaluatedSet struct {
	definition *valueset.Compose
	source     *resource.Resource // that the definition was read from; nil: none
	languages  languagesOfValueSet
	activeOnly bool
	parts      []valueset.Part
	sizes      []uint64 // of the sets of parts
	total      int      // codes of all parts
	told       ExpandResponse
	refs       references
	basis      Basis

	// What the snapshot of a request came to be by evaluation.
	changed     map[*catalog.Installed]*catalog.Installed
	supplements []*resource.Resource

	uses atomic.Int32
	bits []atomic.Pointer[[]uint64] // of each part, once it has been asked for again
}

// members returns what a value set holds. It is shared, and what it needs is part of the
// snapshot afterwards. With an error, the set has the definition when that was found.
func (s *Service) members(ctx context.Context, snap *snapshot, a asked) (*evaluatedSet, error) {
	key, keep := keyOf(snap, &a)
	if keep {
		if set := s.evaluated.get(snap.base, key); set != nil {
			set.uses.Add(1)
			snap.changed, snap.supplements = maps.Clone(set.changed), set.supplements
			return set, nil
		}
	}
	set := &evaluatedSet{activeOnly: a.activeOnly}
	if err := set.define(snap, &a); err != nil {
		return set, err
	}
	if err := set.evaluate(ctx, snap, &a); err != nil {
		return set, err
	}
	set.tell(snap, !a.noComposed)
	set.changed, set.supplements = maps.Clone(snap.changed), slices.Clip(snap.supplements)
	if keep {
		s.evaluated.put(snap.base, key, keptSet{set, set.bytes() + len(a.raw) + len(key.shape) + 4*len(a.url), snap.LaidBytes()})
	}
	return set, nil
}

// define finds the definition, and takes over what the resource that it was read from
// says of its expansion.
func (set *evaluatedSet) define(snap *snapshot, a *asked) error {
	var err error
	switch {
	case len(a.raw) > 0:
		set.definition, err = snap.given(a.raw)
	case a.compose != nil:
		set.definition = cloneCompose(a.compose)
	default:
		set.definition, err = resolver{snap}.valueSet(a.url)
	}
	if err != nil {
		return err
	}
	if source := snap.sourceOf(set.definition); source != nil {
		set.source = source
		if err := snap.supplement(extensionSupplements(source)); err != nil {
			return err
		}
		set.languages = languagesOf(source)
		set.activeOnly = set.activeOnly || expansionParameter(source, "activeOnly") == "true"
	}
	if i, ok := unfinishedFilter(set.definition); ok {
		return issueError("operation.Expand", terminology.Invalid, i)
	}
	snap.gather(set.definition)
	return nil
}

// evaluate makes the sets.
func (set *evaluatedSet) evaluate(ctx context.Context, snap *snapshot, a *asked) error {
	definition, onlyActive := set.definition, set.activeOnly
	if snap.day != 0 {
		if definition, onlyActive = asOf(set.definition); set.activeOnly {
			onlyActive = true
		}
	}
	var err error
	if set.parts, err = valueset.Evaluate(ctx, definition, resolver{snap}); err != nil {
		return err
	}
	switch {
	case snap.day != 0:
		keepOn(set.parts, snap.day, onlyActive)
	case onlyActive:
		for _, p := range set.parts {
			p.Set.And(p.CodeSystem.Active())
		}
	}
	set.reshape(snap, a.without)
	set.bits = make([]atomic.Pointer[[]uint64], len(set.parts))
	for i := range set.parts {
		p := &set.parts[i]
		if a.noComposed {
			p.Composed = nil
		}
		p.Set.RunOptimize()
		size := p.Set.GetCardinality()
		set.sizes = append(set.sizes, size)
		set.total += int(size) + len(p.Composed)
	}
	return nil
}

// bytes is about what the set takes in memory.
func (set *evaluatedSet) bytes() int {
	const code, ref = 200, 128
	n := 2000 + ref*len(set.refs.of)
	for _, p := range set.parts {
		n += int(p.Set.GetSizeInBytes()) + p.CodeSystem.Len()/8 + code*len(p.Composed)
	}
	for _, sets := range [][]ConceptSet{set.definition.Include, set.definition.Exclude} {
		for i := range sets {
			n += code * (1 + len(sets[i].Concepts) + len(sets[i].Filters) + len(sets[i].ValueSets))
		}
	}
	return n
}

// within returns the concepts of part i to search in, and a bit for each of them as asBits
// tells; nil for all of a code system.
func (set *evaluatedSet) within(i int) (*valueset.Set, []uint64) {
	if p := &set.parts[i]; set.sizes[i] < uint64(p.CodeSystem.Len()) {
		return p.Set, set.asBits(i)
	}
	return nil, nil
}

// asBits returns part i as a bit for each concept, nil when that is not worth the while.
func (set *evaluatedSet) asBits(i int) []uint64 {
	if bits := set.bits[i].Load(); bits != nil {
		return *bits
	}
	if set.uses.Load() == 0 {
		return nil
	}
	bits := set.parts[i].Set.ToDense()
	set.bits[i].Store(&bits)
	return bits
}

// evaluatedKey is everything that a value set's members depend on but the releases.
type evaluatedKey struct {
	url        string
	definition contentKey        // of what the request carries instead of url
	laid       *catalog.Snapshot // with the resources of the request; nil: it brings none
	shape      string            // rules of versions, supplements, systems to leave out
	activeOnly bool
	noComposed bool
	day        terminology.Date
	fhir       string
}

// keyOf returns the key of a value set, and false when it is not to be kept.
func keyOf(snap *snapshot, a *asked) (evaluatedKey, bool) {
	key := evaluatedKey{url: a.url, activeOnly: a.activeOnly, noComposed: a.noComposed, day: snap.day, fhir: snap.with.FHIR}
	switch {
	case len(a.raw) > maxOverlayBytes || snap.with.bytes() > maxOverlayBytes:
		return key, false // what is not kept itself does not come again
	case len(a.raw) > 0:
		key.url, key.definition = "", sha256.Sum256(a.raw)
	case a.compose != nil:
		key.url, key.definition = "", composeDigest(a.compose)
	}
	if snap.Snapshot != snap.base {
		key.laid = snap.Snapshot
	}
	if !snap.with.plain() || len(a.without) > 0 {
		w, shape := &snap.with, []byte(nil)
		for _, list := range [][]string{w.Supplements, w.Versions.Default, w.Versions.Check, w.Versions.Force, w.Versions.ValueSets, a.without} {
			shape = strconv.AppendInt(shape, int64(len(list)), 10)
			for _, text := range list {
				shape = strconv.AppendQuote(append(shape, ' '), text) // which tells where it ends
			}
		}
		key.shape = string(shape)
	}
	return key, true
}

// bytes is the size of the resources that the request brings.
func (w *With) bytes() int {
	n := 0
	for _, raw := range w.Resources {
		n += len(raw)
	}
	return n
}

// maxEvaluatedBytes is how much a service keeps of value sets that were evaluated, in
// each of two halves: those that were used last. One of a full edition of SNOMED CT
// takes up to 130 KB.
const maxEvaluatedBytes = 32 << 20

// evaluated keeps what value sets hold in one snapshot, since a field with suggestions
// asks for the same one with every key, and who reads one page by page with every page.
// It is safe for concurrent use.
type evaluated struct {
	mu         sync.Mutex
	snapshot   *catalog.Snapshot
	young, old map[evaluatedKey]keptSet
	laid       map[*catalog.Snapshot]bool // that keys of young keep
	bytes      int                        // of young
}

// keptSet is a set and what it takes. What a request laid over a snapshot it takes
// together with the others of that snapshot.
type keptSet struct {
	set         *evaluatedSet
	bytes, laid int
}

func (e *evaluated) get(snapshot *catalog.Snapshot, key evaluatedKey) *evaluatedSet {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.snapshot != snapshot { // releases came or went: what is kept would keep those that went
		e.snapshot, e.young, e.old, e.laid, e.bytes = nil, nil, nil, nil, 0
		return nil
	}
	k, ok := e.young[key]
	if !ok {
		if k, ok = e.old[key]; ok {
			e.keep(key, k)
		}
	}
	return k.set
}

func (e *evaluated) put(snapshot *catalog.Snapshot, key evaluatedKey, k keptSet) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.snapshot != snapshot { // an old one would take the place of the new one, and be replaced by it
		e.snapshot, e.young, e.old, e.laid, e.bytes = snapshot, nil, nil, nil, 0
	}
	if k.bytes+k.laid <= maxEvaluatedBytes {
		e.keep(key, k)
	}
}

// keep makes a set young; when the young are too many they become the old.
func (e *evaluated) keep(key evaluatedKey, k keptSet) {
	size := k.bytes
	if !e.laid[key.laid] {
		size += k.laid
	}
	if e.bytes+size > maxEvaluatedBytes || e.young == nil {
		e.young, e.old, e.bytes = map[evaluatedKey]keptSet{}, e.young, 0
		e.laid, size = map[*catalog.Snapshot]bool{}, k.bytes+k.laid
	}
	if before, ok := e.young[key]; ok {
		e.bytes -= before.bytes
	}
	e.young[key], e.laid[key.laid] = k, true
	e.bytes += size
}
