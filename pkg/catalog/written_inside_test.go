package catalog

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestShared: a shared map is a map, and those that it was made of stay as they were.
func TestShared(t *testing.T) {
	d := rand.New(rand.NewPCG(1, 2))
	var m shared[string, int]
	have := map[string]int{}
	type moment struct {
		m    shared[string, int]
		have map[string]int
	}
	var before []moment
	for i := range 3000 {
		key := fmt.Sprint(d.IntN(700))
		if d.IntN(3) == 0 {
			m = m.without(key)
			delete(have, key)
		} else {
			m = m.with(key, i)
			have[key] = i
		}
		if i%500 == 0 {
			before = append(before, moment{m, maps.Clone(have)})
		}
	}
	for i, b := range append(before, moment{m, have}) {
		got := map[string]int{}
		for k, v := range b.m.all {
			got[k] = v
			if one, ok := b.m.get(k); !ok || one != v {
				t.Errorf("moment %d: get(%s) = %d, %v, want %d", i, k, one, ok, v)
			}
		}
		if !maps.Equal(got, b.have) || b.m.len != len(b.have) {
			t.Errorf("moment %d: %d keys, len %d, want %d", i, len(got), b.m.len, len(b.have))
		}
	}
}

// TestViewLaw: however resources came to be written, replaced and deleted, a view is what
// one made of the newest versions is.
func TestViewLaw(t *testing.T) {
	d := rand.New(rand.NewPCG(3, 4))
	newest := map[writtenKey]*Resource{}
	v := newView()
	for range 2000 {
		typ := []string{"CodeSystem", "ValueSet"}[d.IntN(2)]
		key := writtenKey{typ, fmt.Sprint(d.IntN(40))}
		old := newest[key]
		next := &Resource{Stored: terminology.StoredResource{Type: key.typ, ID: key.id, Version: 1, Deleted: d.IntN(4) == 0}}
		if old != nil {
			next.Stored.Version = old.Stored.Version + 1
		}
		next.Type, next.ID, next.URL, next.Version = key.typ, key.id, fmt.Sprintf("http://example.org/%d", d.IntN(10)), fmt.Sprint(d.IntN(5))
		next.facts = &Facts{Identifiers: []resource.Identifier{{Value: fmt.Sprint(d.IntN(5))}, {Value: fmt.Sprint(d.IntN(5))}}}
		if typ == "CodeSystem" && d.IntN(2) == 0 && !next.Stored.Deleted {
			next.answers = &Installed{Manifest: Manifest{Release: terminology.Release{Kind: terminology.KindCodeSystem, System: next.URL, ValueSet: next.URL + "/vs", Aliases: []string{fmt.Sprint(d.IntN(3))}}}, Of: byClients}
		}
		newest[key] = next
		v = v.with(old, next)
	}
	want := newView()
	for _, key := range slices.SortedFunc(maps.Keys(newest), writtenKey.compare) {
		want = want.with(nil, newest[key])
	}
	if v.print != want.print || !maps.Equal(v.versions, want.versions) || !slices.Equal(v.answers, want.answers) {
		t.Error("another fingerprint, other counts, or others that answer")
	}
	for typ, list := range want.byType {
		if !slices.Equal(v.byType[typ], list) {
			t.Errorf("another list of %s", typ)
		}
	}
	sameMap(t, "byURL", v.byURL, want.byURL)
	sameMap(t, "identified", v.identified, want.identified)
	sameMap(t, "names", v.names, want.names)
	sameMap(t, "allCodes", v.allCodes, want.allCodes)
	sameMap(t, "systems", v.systems, want.systems)
	if v.byID.len != want.byID.len {
		t.Errorf("%d ids, want %d", v.byID.len, want.byID.len)
	}
}

func sameMap[K comparable, T comparable](t *testing.T, name string, got, want shared[K, []T]) {
	t.Helper()
	if got.len != want.len {
		t.Errorf("%s has %d keys, want %d", name, got.len, want.len)
	}
	for key, list := range want.all {
		if have, _ := got.get(key); !slices.Equal(have, list) {
			t.Errorf("%s of %v: %v, want %v", name, key, have, list)
		}
	}
}

// unsynced is a store that keeps versions in memory.
type unsynced struct {
	terminology.ResourceStore
	versions map[string]terminology.StoredResource
	err      error // of Commit
}

func (s *unsynced) Commit(list []terminology.StoredResource) error {
	if s.err != nil {
		return s.err
	}
	for _, v := range list {
		s.versions[fmt.Sprint(v.Type, v.ID, v.Version)] = v
	}
	return nil
}

func (s *unsynced) Version(typ, id string, version uint64) (terminology.StoredResource, error) {
	return s.versions[fmt.Sprint(typ, id, version)], nil
}

func (s *unsynced) Index(typ, id string, version uint64) ([]byte, error) {
	return s.versions[fmt.Sprint(typ, id, version)].Index, nil
}

// inMemory is a catalog of no releases.
func inMemory() *Catalog {
	c := &Catalog{options: Options{Stored: &unsynced{versions: map[string]terminology.StoredResource{}}, OpenResource: func(r *resource.Resource) (*Opened, error) {
		if !r.AnswersItself() {
			return nil, nil
		}
		p, err := resource.NewProvider(r, basic.Options{})
		if err != nil {
			return nil, err
		}
		return &Opened{CodeSystem: p, Text: p.Text(), Maps: &conceptmap.Reader{}}, nil
	}}}
	c.opened.most = maxOpened
	c.current.Store(newSnapshot(newBase(nil, c.options), newView()))
	return c
}

func putSystem(t testing.TB, c *Catalog, n int) {
	t.Helper()
	text := fmt.Sprintf(`{"resourceType":"CodeSystem","url":"http://example.org/%d","status":"active","content":"complete","concept":[{"code":"C%d"}]}`, n, n)
	p, err := resource.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write(ResourceChange{Type: p.Type, ID: fmt.Sprint(n), Method: "PUT", Parsed: p}); err != nil {
		t.Fatal(err)
	}
}

// TestNoRoom: a write for which the disk has no room is refused and leaves nothing behind,
// and the next ones are not, when it has again.
func TestNoRoom(t *testing.T) {
	c := inMemory()
	putSystem(t, c, 1)
	store := c.options.Stored.(*unsynced)
	store.err = &terminology.Error{Op: "store.Commit", Kind: terminology.Unavailable}
	p, err := resource.Parse([]byte(`{"resourceType":"CodeSystem","url":"http://example.org/2","content":"complete","concept":[{"code":"a"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := c.Write(ResourceChange{Type: p.Type, ID: "2", Method: "PUT", Parsed: p}); terminology.KindOf(err) != terminology.Unavailable || v.Version != 0 {
		t.Errorf("without room: version %d, %v", v.Version, err)
	}
	s := c.Acquire()
	if _, err := s.CodeSystem("http://example.org/2", ""); err == nil {
		t.Error("what was refused answers")
	}
	s.LetGo()
	store.err = nil
	if v, err := c.Write(ResourceChange{Type: p.Type, ID: "2", Method: "PUT", Parsed: p}); err != nil || v.Version != 1 || v.Sequence != 2 {
		t.Errorf("with room again: version %d, number %d, %v", v.Version, v.Sequence, err)
	}
}

// TestWritesScale: a write does not make anew what was there: one among 5,000 code systems
// costs about what one among 500 does.
func TestWritesScale(t *testing.T) {
	c := inMemory()
	some := func(from, n int) time.Duration {
		start := time.Now()
		for i := range n {
			putSystem(t, c, from+i)
		}
		return time.Since(start) / time.Duration(n)
	}
	some(0, 500)
	few := some(500, 100)
	some(600, 4400)
	many := some(5000, 100)
	t.Logf("%v a write among 500, %v among 5,000", few, many)
	if many > 5*few+3*time.Millisecond { // sorting all of them anew took 20 times as long
		t.Errorf("a write among 5,000 takes %v, among 500 %v", many, few)
	}
	s := c.Acquire()
	defer s.LetGo()
	if r, err := s.CodeSystem("http://example.org/4777", ""); err != nil || r.CodeSystem.Len() != 1 {
		t.Errorf("one of them: %+v, %v", r, err)
	}
}

// TestLetOpened: of many code systems only those stay open that are used; who has one that
// was let go of has it still, and who asks again gets it again.
func TestLetOpened(t *testing.T) {
	c := inMemory()
	c.opened.most = 1000 // about seven
	for i := range 60 {
		putSystem(t, c, i)
	}
	open := func() (n int) {
		s := c.Acquire()
		defer s.LetGo()
		for _, r := range s.WrittenSystems() {
			if r.isOpen() {
				n++
			}
		}
		return n
	}
	if n := open(); n != 0 {
		t.Errorf("%d are open that nobody asked for", n)
	}
	first := c.Acquire()
	defer first.LetGo()
	kept, err := first.CodeSystem("http://example.org/0", "")
	if err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		for i := range 60 {
			s := c.Acquire()
			for _, n := range []int{0, i} { // 0 is used all the time
				r, err := s.CodeSystem(fmt.Sprintf("http://example.org/%d", n), "")
				if err != nil {
					t.Fatal(err)
				}
				if _, ok := r.CodeSystem.Find(fmt.Sprintf("C%d", n)); !ok {
					t.Errorf("round %d: code system %d has not its code", round, n)
				}
			}
			s.LetGo()
		}
	}
	deadline := time.Now().Add(10 * time.Second)
	for open() > 9 && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	if n := open(); n > 9 || n == 0 {
		t.Errorf("%d are open, want some", n)
	}
	if _, ok := kept.CodeSystem.Find("C0"); !ok {
		t.Error("who has one has it no longer")
	}
}

// BenchmarkWrite is one write among so many that were written before, without the disk.
func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			c := inMemory()
			for i := range n {
				putSystem(b, c, i)
			}
			b.ReportAllocs()
			for b.Loop() {
				putSystem(b, c, n)
			}
		})
	}
}
