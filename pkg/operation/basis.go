package operation

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"maps"
	"slices"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// Basis is a hash of everything that an expansion rests on beside how it is asked for:
// the definition of the value set and of those it imports, the content of the releases
// and supplements that answer, the languages of the server, and the way of answering
// itself. It is the same in any process, after a restart, and after an import of the same
// files by the same formats.
type Basis [sha256.Size]byte

// expansionVersion is to be raised when an expansion of the same definition and the same
// releases begins to answer otherwise than before. 1: first. 2: what a value set wants goes
// before Accept-Language, definitions have uses of their own. 3: excludes of other versions
// count in value sets that are imported as well.
const expansionVersion = "kodeks-expansion-3"

// basisOf returns the basis of a set, and the newest day on which something of it was
// published; 0 when nothing of it says a day.
func (s *snapshot) basisOf(set *evaluatedSet) (Basis, terminology.Date) {
	d := newDigest()
	d.texts(expansionVersion, s.service.options.Languages.String())
	d.flags(set.activeOnly)
	d.number(uint64(s.day))
	for _, c := range append([]*valueset.Compose{set.definition}, s.usedValueSets...) {
		if source := s.sourceOf(c); source != nil {
			d.resource(source)
		} else {
			d.compose(c)
		}
	}
	for _, r := range s.usedSupplements {
		d.resource(r)
	}
	for _, r := range s.usedSystems {
		d.release(r)
	}
	return d.sum(), d.newest
}

// digest is a hash that tells what it is given apart, and the newest day of what was
// published.
type digest struct {
	hash   hash.Hash
	waits  []byte // for the hash
	newest terminology.Date
}

func newDigest() *digest { return &digest{hash: sha256.New(), waits: make([]byte, 0, 4<<10)} }

// sum ends the hash.
func (d *digest) sum() (sum [sha256.Size]byte) {
	d.hash.Write(d.waits) // a hash has no errors
	d.hash.Sum(sum[:0])
	return sum
}

func (d *digest) number(n uint64) {
	if d.waits = binary.AppendUvarint(d.waits, n); len(d.waits) > 3<<10 {
		d.hash.Write(d.waits)
		d.waits = d.waits[:0]
	}
}

func (d *digest) flags(list ...bool) {
	for _, f := range list {
		n := uint64(0)
		if f {
			n = 1
		}
		d.number(n)
	}
}

// texts adds texts, each after its length.
func (d *digest) texts(list ...string) {
	for _, t := range list {
		d.number(uint64(len(t)))
		d.waits = append(d.waits, t...)
	}
}

// published takes note of a day in any of the forms that releases and resources have.
func (d *digest) published(day string) {
	if len(day) == len("20261122") && day[4] != '-' {
		day = day[:4] + "-" + day[4:6] + "-" + day[6:]
	}
	if days, ok := terminology.ParseDateTime(day); ok {
		d.newest = max(d.newest, days.From)
	}
}

// resource adds a resource with all that it says.
func (d *digest) resource(r *resource.Resource) {
	d.texts("resource", r.Type)
	d.number(uint64(len(r.Raw)))
	d.hash.Write(d.waits)
	d.hash.Write(r.Raw)
	d.waits = d.waits[:0]
	d.published(r.Date)
}

// release adds a release by the files that it was made of, what came of them, and the
// formats that it is kept in; a code system of a resource by the resource.
func (d *digest) release(r *catalog.Installed) {
	rel := r.CodeSystem.Release()
	d.texts("release", rel.System, rel.Version, rel.Language)
	d.published(rel.Date)
	if p := providerOf(r.CodeSystem); p != nil && len(p.Resource().Raw) > 0 {
		d.resource(p.Resource())
		return
	}
	m := &r.Manifest
	if r.Of != nil {
		m = &r.Of.Manifest
	}
	for _, n := range []int{m.Concepts, m.Active, m.Terms, m.ResourceCount, m.Repaired} {
		d.number(uint64(n))
	}
	for _, name := range slices.Sorted(maps.Keys(m.Formats)) {
		d.texts(name)
		d.number(uint64(m.Formats[name]))
	}
	sources := slices.Clone(m.Sources)
	slices.SortFunc(sources, func(a, b catalog.SourceFile) int { return cmp.Compare(a.SHA256, b.SHA256) })
	for _, f := range sources {
		d.texts(f.SHA256)
	}
}

// compose adds a definition that was read from no resource.
func (d *digest) compose(c *valueset.Compose) {
	d.texts("compose", c.URL, c.Version, c.Name)
	d.flags(c.Inactive != nil, c.Inactive != nil && *c.Inactive, c.Apart)
	for _, sets := range [][]valueset.ConceptSet{c.Include, c.Exclude} {
		d.number(uint64(len(sets)))
		for i := range sets {
			s := &sets[i]
			d.texts(s.System, s.Version)
			d.flags(s.Refsets)
			d.number(uint64(len(s.Concepts)))
			for _, x := range s.Concepts {
				d.texts(x.Code, x.Display)
			}
			d.number(uint64(len(s.Filters)))
			for _, f := range s.Filters {
				d.texts(f.Property, f.Op, f.Value)
			}
			d.number(uint64(len(s.ValueSets)))
			d.texts(s.ValueSets...)
		}
	}
}

// composeDigest returns a hash of a definition.
func composeDigest(c *valueset.Compose) contentKey {
	d := newDigest()
	d.compose(c)
	return d.sum()
}

// cloneCompose returns a copy of a definition that shares nothing with it that can change.
func cloneCompose(c *valueset.Compose) *valueset.Compose {
	out := *c
	if c.Inactive != nil {
		inactive := *c.Inactive
		out.Inactive = &inactive
	}
	clone := func(sets []valueset.ConceptSet) []valueset.ConceptSet {
		sets = slices.Clone(sets)
		for i := range sets {
			s := &sets[i]
			s.Concepts, s.Filters, s.ValueSets = slices.Clone(s.Concepts), slices.Clone(s.Filters), slices.Clone(s.ValueSets)
		}
		return sets
	}
	out.Include, out.Exclude = clone(c.Include), clone(c.Exclude)
	return &out
}
