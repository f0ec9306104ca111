package catalog

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// view is what clients wrote, as one snapshot has it. It never changes: with returns
// another one, which shares nearly all of it.
type view struct {
	byID       shared[writtenKey, *Resource]
	byURL      shared[resourceKey, []*Resource] // newest version first
	identified shared[resourceKey, []*Resource] // by the value of an identifier
	names      shared[string, []claim]          // of code systems, in lower case
	allCodes   shared[string, []claim]          // URLs of value sets of all codes
	systems    shared[string, []*Resource]      // by the system that they answer for, by type and id
	byType     map[string][]*Resource           // by URL, newest version first
	answers    []*Resource                      // those that answer for something, by type and id
	installed  []*Installed                     // by which they answer, in the same order
	answering  uint64                           // another number when answers are others
	versions   map[string]int                   // how many of a type were ever written
	print      [32]byte                         // of the newest versions
	id         *byte                            // which no view has that differs
}

// newView returns the view of nothing written.
func newView() *view { return &view{id: new(byte)} }

// changesOfAnswers numbers the answers of views.
var changesOfAnswers atomic.Uint64

// claim is what a resource says a name means.
type claim struct {
	by     writtenKey
	system string
}

type writtenKey struct{ typ, id string }

func (k writtenKey) compare(other writtenKey) int {
	return cmp.Or(strings.Compare(k.typ, other.typ), strings.Compare(k.id, other.id))
}

func (r *Resource) key() writtenKey { return writtenKey{r.Type, r.ID} }

func byKey(a, b *Resource) int { return a.key().compare(b.key()) }

// byAddress is the order of lists of resources.
func byAddress(a, b *Resource) int {
	return cmp.Or(strings.Compare(a.URL, b.URL), terminology.CompareVersions(b.Version, a.Version), strings.Compare(a.ID, b.ID))
}

// ofSystem returns what clients wrote that answers for a system.
func (v *view) ofSystem(system string) []*Installed {
	list, _ := v.systems.get(system)
	out := make([]*Installed, len(list))
	for i, r := range list {
		out[i] = r.answers
	}
	return out
}

// with returns the view when a resource has taken the place of another. Either may be nil,
// or deleted; the last is as if it were not there.
func (v *view) with(old, next *Resource) *view {
	out := *v
	out.id = new(byte)
	if old != nil {
		out.mix(old)
		if !old.Stored.Deleted {
			out.remove(old)
		}
	}
	if next != nil {
		out.mix(next)
		if !next.Stored.Deleted {
			out.add(next)
		}
		have := 0
		if old != nil {
			have = int(old.Stored.Version)
		}
		out.versions = maps.Clone(v.versions)
		if out.versions == nil {
			out.versions = map[string]int{}
		}
		out.versions[next.Type] += int(next.Stored.Version) - have
	}
	return &out
}

// replaced is with for a resource that is the same, and answers as it did: only what
// answers for it is another one.
func (v *view) replaced(old, next *Resource) *view {
	out := v.with(old, next)
	out.answering = v.answering
	return out
}

// mix puts a version into the fingerprint, or takes it out again.
func (v *view) mix(r *Resource) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %d %s", r.Type, r.ID, r.Stored.Version, r.Stored.Time))
	for i := range sum {
		v.print[i] ^= sum[i]
	}
}

func (v *view) add(r *Resource) {
	v.byID = v.byID.with(r.key(), r)
	v.byURL = inserted(v.byURL, resourceKey{r.Type, r.URL}, r, byAddress)
	for _, id := range r.identifierValues() {
		v.identified = inserted(v.identified, resourceKey{r.Type, id}, r, byKey)
	}
	v.byType = maps.Clone(v.byType)
	if v.byType == nil {
		v.byType = map[string][]*Resource{}
	}
	v.byType[r.Type] = insert(v.byType[r.Type], r, byAddress)
	if r.answers != nil {
		v.answering = changesOfAnswers.Add(1)
		at, _ := slices.BinarySearchFunc(v.answers, r, byKey)
		v.installed = append(append(append(make([]*Installed, 0, len(v.installed)+1), v.installed[:at]...), r.answers), v.installed[at:]...)
		v.answers = insert(v.answers, r, byKey)
		v.systems = inserted(v.systems, r.answers.Release.System, r, byKey)
	}
	r.claims(func(name, system string) {
		v.names = inserted(v.names, name, claim{r.key(), system}, claim.compare)
	}, func(url, system string) {
		v.allCodes = inserted(v.allCodes, url, claim{r.key(), system}, claim.compare)
	})
}

func (v *view) remove(r *Resource) {
	v.byID = v.byID.without(r.key())
	v.byURL = deleted(v.byURL, resourceKey{r.Type, r.URL}, r, byAddress)
	for _, id := range r.identifierValues() {
		v.identified = deleted(v.identified, resourceKey{r.Type, id}, r, byKey)
	}
	v.byType = maps.Clone(v.byType)
	v.byType[r.Type] = remove(v.byType[r.Type], r, byAddress)
	if r.answers != nil {
		v.answering = changesOfAnswers.Add(1)
		if at, ok := slices.BinarySearchFunc(v.answers, r, byKey); ok {
			v.installed = append(append(make([]*Installed, 0, len(v.installed)), v.installed[:at]...), v.installed[at+1:]...)
		}
		v.answers = remove(v.answers, r, byKey)
		v.systems = deleted(v.systems, r.answers.Release.System, r, byKey)
	}
	r.claims(func(name, system string) {
		v.names = deleted(v.names, name, claim{r.key(), system}, claim.compare)
	}, func(url, system string) {
		v.allCodes = deleted(v.allCodes, url, claim{r.key(), system}, claim.compare)
	})
}

func (c claim) compare(other claim) int {
	return cmp.Or(c.by.compare(other.by), strings.Compare(c.system, other.system))
}

// identifierValues returns the values of the identifiers of a resource, each once.
func (r *Resource) identifierValues() []string {
	if r.facts == nil {
		return nil
	}
	var out []string
	for _, id := range r.facts.Identifiers {
		out = append(out, id.Value)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// claims tells the names, and the URLs of value sets of all codes, that a resource gives
// to code systems.
func (r *Resource) claims(name, allCodes func(name, system string)) {
	if a := r.answers; a != nil {
		for _, n := range namesOf(a.Release) {
			name(n, a.Release.System)
		}
		if a.Release.ValueSet != "" && a.Release.Kind == terminology.KindCodeSystem {
			allCodes(a.Release.ValueSet, a.Release.System)
		}
	}
	if r.alias.System != "" {
		for _, n := range namesOf(r.alias) {
			name(n, r.alias.System)
		}
	}
}

// insert returns a list, which is in order, with one more item, and remove with one less.
// The list itself stays as it is.
func insert[T any](list []T, item T, compare func(a, b T) int) []T {
	at, _ := slices.BinarySearchFunc(list, item, compare)
	out := make([]T, 0, len(list)+1)
	return append(append(append(out, list[:at]...), item), list[at:]...)
}

func remove[T any](list []T, item T, compare func(a, b T) int) []T {
	at, ok := slices.BinarySearchFunc(list, item, compare)
	if !ok {
		return list
	}
	out := make([]T, 0, len(list)-1)
	return append(append(out, list[:at]...), list[at+1:]...)
}

// inserted and deleted do so with the list of a key.
func inserted[K comparable, T any](m shared[K, []T], key K, item T, compare func(a, b T) int) shared[K, []T] {
	list, _ := m.get(key)
	return m.with(key, insert(list, item, compare))
}

func deleted[K comparable, T any](m shared[K, []T], key K, item T, compare func(a, b T) int) shared[K, []T] {
	list, _ := m.get(key)
	if list = remove(list, item, compare); len(list) == 0 {
		return m.without(key)
	}
	return m.with(key, list)
}
