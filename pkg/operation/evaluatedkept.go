package operation

import (
	"crypto/sha256"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// evaluatedKey is everything that a value set's members depend on but the releases.
type evaluatedKey struct {
	url        string
	definition contentKey       // of what the request carries instead of url
	laid       *catalog.Overlay // the resources of the request; nil: it brings none
	shape      string           // rules of versions, supplements, systems to leave out
	activeOnly bool
	noComposed bool
	strict     bool
	day        terminology.Date
	fhir       string
}

// keyOf returns the key of a value set, and false when it is not to be kept.
func keyOf(snap *snapshot, a *asked) (evaluatedKey, bool) {
	key := evaluatedKey{url: a.url, activeOnly: a.activeOnly, noComposed: a.noComposed, strict: snap.strict, day: snap.day, fhir: snap.with.FHIR, laid: snap.Overlay()}
	switch {
	case len(a.raw) > maxOverlayBytes || snap.with.bytes() > maxOverlayBytes:
		return key, false // what is not kept itself does not come again
	case len(a.raw) > 0:
		key.url, key.definition = "", sha256.Sum256(a.raw)
	case a.compose != nil:
		key.url, key.definition = "", composeDigest(a.compose)
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

// evaluated keeps what value sets hold, since a field with suggestions asks for the same one
// with every key, and who reads one page by page with every page. A set is given for as long
// as all that it was found by answers as it did: not that there is no other snapshot, but
// that the code systems and value sets that it asked for are the same. It is safe for
// concurrent use.
type evaluated struct {
	mu         sync.Mutex
	young, old map[evaluatedKey]keptSet
	laid       map[*catalog.Overlay]bool // that keys of young keep
	bytes      int                       // of young
}

// keptSet is a set and what it takes. What a request laid over a snapshot it takes
// together with the others of that overlay.
type keptSet struct {
	set         *evaluatedSet
	bytes, laid int
}

func (e *evaluated) get(snapshot *catalog.Snapshot, key evaluatedKey) *evaluatedSet {
	e.mu.Lock()
	k, ok := e.young[key]
	if !ok {
		if k, ok = e.old[key]; ok {
			e.keep(key, k)
		}
	}
	e.mu.Unlock()
	if !ok || !snapshot.Answers(k.set.reads) {
		return nil
	}
	return k.set
}

func (e *evaluated) put(key evaluatedKey, k keptSet) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if k.bytes+k.laid <= maxEvaluatedBytes && !slices.ContainsFunc(k.set.holds, (*catalog.Installed).Gone) {
		e.keep(key, k)
	}
}

// letGo lets go of sets that keep a release which is gone, and of those of what was
// installed before.
func (e *evaluated) letGo(snapshot *catalog.Snapshot) {
	e.mu.Lock()
	defer e.mu.Unlock()
	gone := func(key evaluatedKey, k keptSet) bool {
		return !k.set.reads.IsOf(snapshot) || slices.ContainsFunc(k.set.holds, (*catalog.Installed).Gone)
	}
	maps.DeleteFunc(e.old, gone)
	maps.DeleteFunc(e.young, func(key evaluatedKey, k keptSet) bool {
		if gone(key, k) {
			e.bytes -= k.bytes
			return true
		}
		return false
	})
}

// keep makes a set young; when the young are too many they become the old.
func (e *evaluated) keep(key evaluatedKey, k keptSet) {
	size := k.bytes
	if !e.laid[key.laid] {
		size += k.laid
	}
	if e.bytes+size > maxEvaluatedBytes || e.young == nil {
		e.young, e.old, e.bytes = map[evaluatedKey]keptSet{}, e.young, 0
		e.laid, size = map[*catalog.Overlay]bool{}, k.bytes+k.laid
	}
	if before, ok := e.young[key]; ok {
		e.bytes -= before.bytes
	}
	e.young[key], e.laid[key.laid] = k, true
	e.bytes += size
}
