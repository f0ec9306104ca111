package operation

import (
	"context"
	"maps"
	"slices"
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

	reads *catalog.Reads       // what all of this was found by
	holds []*catalog.Installed // the releases that it keeps

	uses atomic.Int32
	bits []atomic.Pointer[[]uint64] // of each part, once it has been asked for again
}

// members returns what a value set holds. It is shared, and what it needs is part of the
// snapshot afterwards. With an error, the set has the definition when that was found.
func (s *Service) members(ctx context.Context, snap *snapshot, a asked) (*evaluatedSet, error) {
	key, keep := keyOf(snap, &a)
	if keep {
		if set := s.evaluated.get(snap.Snapshot, key); set != nil {
			set.use(snap)
			return set, nil
		}
	}
	// What was found before is not asked for again, and so not noted.
	keep = keep && len(snap.imports) == 0 && len(snap.usedSystems) == 0 && len(snap.changed) == 0 && len(snap.rules.bySystem) == 0
	set := &evaluatedSet{activeOnly: a.activeOnly}
	if err := set.make(ctx, snap, &a); err != nil {
		return set, err
	}
	if keep {
		s.evaluated.put(key, keptSet{set, set.bytes() + len(a.raw) + len(key.shape) + 4*len(a.url), key.laid.Bytes()})
	}
	return set, nil
}

// make makes a set, and notes by what.
func (set *evaluatedSet) make(ctx context.Context, snap *snapshot, a *asked) error {
	asked := snap.Snapshot
	snap.Snapshot, set.reads = asked.Reading()
	defer func() { snap.Snapshot = asked }()
	for _, url := range snap.with.Supplements { // which the request has found before
		canonical, version := splitCanonical(url)
		if _, err := snap.Resource(resource.TypeCodeSystem, canonical, version); err != nil {
			return err
		}
	}
	if err := set.define(ctx, snap, a); err != nil {
		return err
	}
	if err := set.evaluate(ctx, snap, a); err != nil {
		return err
	}
	set.tell(snap, !a.noComposed)
	set.changed, set.supplements = maps.Clone(snap.changed), slices.Clip(snap.supplements)
	set.holds = slices.AppendSeq(slices.Clone(snap.usedSystems), maps.Keys(set.changed))
	return nil
}

// use makes what the set needs part of a snapshot.
func (set *evaluatedSet) use(snap *snapshot) {
	set.uses.Add(1)
	for _, r := range set.holds {
		_ = r.Ready() // it is, and is in use
	}
	snap.changed, snap.supplements = maps.Clone(set.changed), set.supplements
}

// define finds the definition, and takes over what the resource that it was read from
// says of its expansion.
func (set *evaluatedSet) define(ctx context.Context, snap *snapshot, a *asked) error {
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
	return snap.gather(ctx, set.definition)
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
