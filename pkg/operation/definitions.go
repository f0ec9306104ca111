package operation

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// definitions keeps what value sets define, by their resource, since a long one would else
// be written out anew for each code that is asked about: those that were used last. It
// keeps no release, and is safe for concurrent use.
type definitions struct {
	mu         sync.Mutex
	young, old map[*resource.Resource]*definition
	size       int // codes of the young ones
	bytes      int // of JSON of their resources
}

// What is kept of definitions in each of two generations: value sets, codes that they
// name one by one, each of which takes 36 bytes and its text, and bytes of JSON, as a
// definition keeps its resource.
const (
	maxDefinitions  = 1024
	maxDefined      = 1_000_000
	maxDefinedBytes = 64 << 20
)

// definition is what a value set defines, which is not to be changed, and where it names
// which code.
type definition struct {
	compose *Compose // nil: it is to be made for each request
	asked   atomic.Int32
	once    sync.Once
	places  [][]int32 // of each include, the places of its concepts in order of their codes
}

// of returns what is kept of a value set, which is made when there is nothing. The error is
// that of definitionOf.
func (d *definitions) of(r *resource.Resource) (*definition, error) {
	d.mu.Lock()
	found := d.young[r]
	if found == nil {
		if found = d.old[r]; found != nil {
			d.keep(r, found)
		}
	}
	d.mu.Unlock()
	if found != nil {
		return found, nil
	}
	c, err := definitionOf(r)
	if err != nil {
		return nil, err
	}
	found = &definition{compose: c}
	d.mu.Lock()
	defer d.mu.Unlock()
	if other := d.young[r]; other != nil { // somebody was faster
		return other, nil
	}
	d.keep(r, found)
	return found, nil
}

func (d *definitions) keep(r *resource.Resource, found *definition) {
	size := 0
	for i := range found.compose.Include {
		size += len(found.compose.Include[i].Concepts)
	}
	for i := range found.compose.Exclude {
		size += len(found.compose.Exclude[i].Concepts)
	}
	if size > maxDefined || len(r.Raw) > maxDefinedBytes {
		return
	}
	if d.young == nil || len(d.young) >= maxDefinitions || d.size+size > maxDefined || d.bytes+len(r.Raw) > maxDefinedBytes {
		d.young, d.old, d.size, d.bytes = map[*resource.Resource]*definition{}, d.young, 0, 0
	}
	d.young[r] = found
	d.size += size
	d.bytes += len(r.Raw)
}

// A list of minOrdered concepts or more that is asked minAsked times is worth an order.
const (
	minOrdered = 64
	minAsked   = 8
)

// referenceTo returns how an include of a value set names a concept by its code, nil when it does
// not: the first time, when it does several times.
func (s *snapshot) referenceTo(source *resource.Resource, include int, cs terminology.CodeSystem, o terminology.Ordinal) *resource.ConceptReference {
	if b := s.briefed[source]; b != nil && b.Include[include] > 0 {
		return b.reference(include, cs, o)
	}
	code, concepts := cs.Code(o), source.ValueSet.Include[include].Concepts
	if len(concepts) >= minOrdered {
		if d, err := s.service.definitions.of(source); err == nil && d.asked.Add(1) >= minAsked {
			return d.named(source, include, code)
		}
	}
	if i := slices.IndexFunc(concepts, func(c resource.ConceptReference) bool { return c.Code == code }); i >= 0 {
		return &concepts[i]
	}
	return nil
}

func (d *definition) named(source *resource.Resource, include int, code string) *resource.ConceptReference {
	d.once.Do(func() {
		for i := range source.ValueSet.Include {
			concepts := source.ValueSet.Include[i].Concepts
			places := make([]int32, len(concepts))
			for k := range places {
				places[k] = int32(k)
			}
			slices.SortStableFunc(places, func(a, b int32) int { return strings.Compare(concepts[a].Code, concepts[b].Code) })
			d.places = append(d.places, places)
		}
	})
	concepts := source.ValueSet.Include[include].Concepts
	at, ok := slices.BinarySearchFunc(d.places[include], code, func(i int32, code string) int { return strings.Compare(concepts[i].Code, code) })
	if !ok {
		return nil
	}
	return &concepts[d.places[include][at]]
}
