package operation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// codes is a code system with one code, and a value set of it.
func codes(name, code string) [][]byte {
	url := "http://example.org/" + name
	return [][]byte{
		[]byte(`{"resourceType":"CodeSystem","url":"` + url + `","version":"1","status":"active","content":"complete","concept":[{"code":"` + code + `"}]}`),
		[]byte(`{"resourceType":"ValueSet","url":"` + url + `/vs","status":"active","compose":{"include":[{"system":"` + url + `"}]}}`),
	}
}

// empty is a service without releases, whose caches have a clock of their own.
func empty(t *testing.T) (s *Service, clock *time.Time) {
	t.Helper()
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data, nil, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	s = New(c, Options{})
	s.caches.clock = func() time.Time { return now }
	return s, &now
}

// has tells the codes of a value set as a client with some resources and caches sees it;
// "none" when it sees no such value set.
func has(s *Service, name string, w With) (string, error) {
	resp, err := s.Expand(context.Background(), ExpandRequest{With: w, Count: -1, URL: "http://example.org/" + name + "/vs"})
	var told *IssueError
	if errors.As(err, &told) && told.Issues[0].ID == "Unable_to_resolve_value_Set_" {
		return "none", nil
	}
	if err != nil {
		return "", err
	}
	var out []string
	for _, c := range resp.Codes {
		out = append(out, c.Coding.Code)
	}
	return strings.Join(out, " "), nil
}

func expect(t *testing.T, s *Service, name string, w With, want string) {
	t.Helper()
	if got, err := has(s, name, w); got != want || err != nil {
		t.Errorf("%s in cache %q: %q, %v, want %q", name, w.Cache, got, err, want)
	}
}

func start(t *testing.T, s *Service, req CacheRequest) string {
	t.Helper()
	resp, err := s.CacheControl(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	return resp.ID
}

// isUnknown reports whether an error says what clients know that a cache is gone by.
func isUnknown(err error) bool {
	var told *IssueError
	return errors.As(err, &told) && told.Issues[0].Code == "cache-id-unknown" && terminology.KindOf(err) == terminology.NotFound
}

func TestSealedCache(t *testing.T) {
	s, _ := empty(t)
	a, b := start(t, s, CacheRequest{FHIR: "5.0.0", Resources: codes("a", "1")}), start(t, s, CacheRequest{FHIR: "5.0.0", Resources: codes("b", "2")})
	if a == b || len(a) < 32 {
		t.Errorf("ids %q and %q, want two that nobody guesses", a, b)
	}
	in := func(id string, more ...[]byte) With { return With{Cache: id, FHIR: "5.0.0", Resources: more} }
	expect(t, s, "a", in(a), "1")
	expect(t, s, "a", in(b), "none") // nothing is shared
	expect(t, s, "a", With{FHIR: "5.0.0"}, "none")
	for range 2 { // what comes with a request goes before the cache, and does not stay
		expect(t, s, "a", in(a, codes("a", "9")...), "9")
		expect(t, s, "c", in(a, codes("c", "3")...), "3")
	}
	expect(t, s, "a", in(a), "1")
	expect(t, s, "c", in(a), "none")
	if _, err := has(s, "a", With{Cache: a, FHIR: "4.0.1"}); !isUnknown(err) {
		t.Errorf("a cache of another version of FHIR: %v, want cache-id-unknown", err)
	}
	check := CacheRequest{Mode: CheckCache, ID: a, FHIR: "5.0.0"}
	if resp, err := s.CacheControl(context.Background(), check); err != nil || resp.Resources != 2 || !resp.Sealed || resp.Bytes == 0 {
		t.Errorf("check: %+v, %v, want two resources, sealed", resp, err)
	}
	for range 2 { // ending what has ended is no error
		if _, err := s.CacheControl(context.Background(), CacheRequest{Mode: EndCache, ID: a, FHIR: "5.0.0"}); err != nil {
			t.Error(err)
		}
	}
	for _, id := range []string{a, "x", ""} {
		if _, err := has(s, "a", in(id)); id != "" && !isUnknown(err) {
			t.Errorf("cache %q: %v, want cache-id-unknown", id, err)
		}
	}
	if _, err := s.CacheControl(context.Background(), check); !isUnknown(err) {
		t.Errorf("check of a cache that has ended: %v, want cache-id-unknown", err)
	}
	expect(t, s, "b", in(b), "2")
	if _, err := s.CacheControl(context.Background(), CacheRequest{Resources: [][]byte{[]byte(`{"resourceType":"CodeSystem"`)}}); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("a resource that is none: %v, want Invalid", err)
	}
	if s.caches.bytes != s.caches.byID[cacheKey{"5.0.0", b}].size {
		t.Errorf("%d bytes are counted, want those of one cache", s.caches.bytes)
	}
}

func TestUnsealedCache(t *testing.T) {
	s, _ := empty(t)
	id := start(t, s, CacheRequest{Unsealed: true, Resources: codes("a", "1")})
	expect(t, s, "b", With{Cache: id}, "none")
	expect(t, s, "b", With{Cache: id, Resources: codes("b", "2")}, "2")
	expect(t, s, "b", With{Cache: id}, "2")
	expect(t, s, "a", With{Cache: id, Resources: codes("a", "9")}, "9")
	expect(t, s, "a", With{Cache: id}, "9") // what came last
	size := s.caches.bytes
	expect(t, s, "a", With{Cache: id, Resources: codes("a", "9")}, "9")
	if s.caches.bytes != size {
		t.Errorf("resources that come again make %d bytes of %d", s.caches.bytes, size)
	}
	vs := codes("b", "")[1]
	other := []byte(strings.Replace(string(vs), "b/vs", "d/vs", 1))
	if _, err := s.Expand(context.Background(), ExpandRequest{With: With{Cache: id, Given: [][]byte{other}}, Count: -1, Definition: other}); err != nil {
		t.Fatal(err)
	}
	expect(t, s, "d", With{Cache: id}, "2") // the value set that was asked about
}

// TestNamedCache is the older form: the client chooses the id.
func TestNamedCache(t *testing.T) {
	s, clock := empty(t)
	w := func(id string, more ...[]byte) With { return With{Cache: id, CacheNamed: true, Resources: more} }
	expect(t, s, "a", w("mine"), "none")
	expect(t, s, "a", w("mine", codes("a", "1")...), "1")
	expect(t, s, "a", w("mine"), "1")
	expect(t, s, "a", w("yours"), "none")
	*clock = clock.Add(cacheIdle + time.Second)
	if _, err := has(s, "a", w("mine")); !isUnknown(err) {
		t.Errorf("a cache that has expired: %v, want cache-id-unknown", err)
	}
	if _, err := has(s, "a", w(strings.Repeat("x", maxCacheID+1))); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("a long id: %v, want Invalid", err)
	}
}

func TestCacheBounds(t *testing.T) {
	s, clock := empty(t)
	first := start(t, s, CacheRequest{Resources: codes("a", "1")})
	*clock = clock.Add(cacheIdle - time.Second)
	expect(t, s, "a", With{Cache: first}, "1") // which is use
	*clock = clock.Add(cacheIdle - time.Second)
	expect(t, s, "a", With{Cache: first}, "1")
	for i := range maxCaches - 1 {
		start(t, s, CacheRequest{Resources: codes(fmt.Sprint("n", i), "1")})
	}
	if _, err := s.CacheControl(context.Background(), CacheRequest{}); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("a cache more than may be, all in use: %v, want Unavailable", err)
	}
	*clock = clock.Add(cacheGrace)
	expect(t, s, "a", With{Cache: first}, "1")
	start(t, s, CacheRequest{}) // another one than the first makes room
	expect(t, s, "a", With{Cache: first}, "1")
	if n := len(s.caches.byID); n != maxCaches {
		t.Errorf("%d caches, want %d", n, maxCaches)
	}

	big := func(n int) [][]byte {
		return [][]byte{codes(fmt.Sprint("big", n), "1")[0], []byte(`{"resourceType":"ValueSet","status":"active","description":"` + strings.Repeat("x", 20<<20) + fmt.Sprint(n) + `"}`)}
	}
	if _, err := s.CacheControl(context.Background(), CacheRequest{Resources: append(append(append(big(1), big(2)...), big(3)...), big(4)...)}); terminology.KindOf(err) != terminology.TooCostly {
		t.Errorf("a cache of 80 MiB: %v, want TooCostly", err)
	}
	id := start(t, s, CacheRequest{Unsealed: true})
	for i := range 3 {
		*clock = clock.Add(cacheGrace)
		expect(t, s, fmt.Sprint("big", i), With{Cache: id, Resources: big(i)}, "none")
	}
	if _, err := has(s, "a", With{Cache: id, Resources: big(3)}); terminology.KindOf(err) != terminology.TooCostly {
		t.Errorf("a cache that grows to 80 MiB: %v, want TooCostly", err)
	}
	for i := range 4 {
		*clock = clock.Add(cacheGrace)
		start(t, s, CacheRequest{Resources: big(10 + i)})
		if s.caches.bytes > maxCachesBytes {
			t.Errorf("%d bytes in all caches, want %d at most", s.caches.bytes, maxCachesBytes)
		}
	}
	*clock = clock.Add(cacheIdle + cacheGrace)
	expect(t, s, "a", With{}, "none") // anybody's request
	if len(s.caches.byID) != 0 || s.caches.bytes != 0 {
		t.Errorf("%d caches of %d bytes after their time, want none", len(s.caches.byID), s.caches.bytes)
	}
}

// TestCachesShared: a client that takes every cache, or all bytes of them, keeps no other one
// out, and is told the limit when it wants more; and nobody else loses what it has.
func TestCachesShared(t *testing.T) {
	greedy := func(t *testing.T, s *Service, want string, resources func(n int) [][]byte) {
		t.Helper()
		for n := range maxCaches + 1 {
			_, err := s.CacheControl(context.Background(), CacheRequest{Client: "192.0.2.1", Resources: resources(n)})
			if err == nil {
				continue
			}
			if terminology.KindOf(err) != terminology.Unavailable || !strings.Contains(err.Error(), want) {
				t.Errorf("one more: %v, want Unavailable and %q", err, want)
			}
			return
		}
		t.Error("a client takes more than there is")
	}
	small := func(n int) [][]byte { return codes(fmt.Sprint("n", n), "1") }
	long := strings.Repeat("x", 20<<20)
	large := func(n int) [][]byte {
		return [][]byte{codes(fmt.Sprint("n", n), "1")[0], []byte(`{"resourceType":"ValueSet","status":"active","description":"` + long + fmt.Sprint(n) + `"}`)}
	}
	t.Run("by number", func(t *testing.T) {
		s, _ := empty(t)
		greedy(t, s, "200 of them, of", small)
		var mine []string
		for n := range maxCaches / 2 {
			mine = append(mine, start(t, s, CacheRequest{Client: "192.0.2.2", Resources: small(n)}))
		}
		for n, id := range mine {
			expect(t, s, fmt.Sprint("n", n), With{Client: "192.0.2.2", Cache: id}, "1")
		}
		_, err := s.CacheControl(context.Background(), CacheRequest{Client: "192.0.2.2"})
		if terminology.KindOf(err) != terminology.Unavailable || !strings.Contains(err.Error(), "100 of them") || !strings.Contains(err.Error(), "192.0.2.2") {
			t.Errorf("more than the other one has: %v, want Unavailable and the share", err)
		}
		greedy(t, s, "100 of them", small)
		expect(t, s, "new", With{Client: "192.0.2.3", Cache: "its own id", CacheNamed: true, Resources: codes("new", "1")}, "1")
	})
	t.Run("by bytes", func(t *testing.T) {
		s, _ := empty(t)
		greedy(t, s, "6 of them, of 125", large)
		start(t, s, CacheRequest{Client: "192.0.2.2", Resources: large(1)})
		id := start(t, s, CacheRequest{Client: "192.0.2.2", Unsealed: true, Resources: large(2)})
		expect(t, s, "n3", With{Client: "192.0.2.2", Cache: id, Resources: large(3)}, "none")
		if _, bytes := s.caches.of("192.0.2.1"); bytes < 60<<20 || s.caches.bytes > maxCachesBytes {
			t.Errorf("%d bytes of %d are left to the first one", bytes, s.caches.bytes)
		}
	})
	t.Run("its own idle ones go first", func(t *testing.T) {
		s, clock := empty(t)
		theirs := start(t, s, CacheRequest{Client: "192.0.2.2", Resources: small(0)})
		*clock = clock.Add(cacheGrace)
		for n := range maxCaches - 1 {
			start(t, s, CacheRequest{Client: "192.0.2.1", Resources: small(n)})
		}
		*clock = clock.Add(cacheGrace)
		start(t, s, CacheRequest{Client: "192.0.2.1"})
		expect(t, s, "n0", With{Client: "192.0.2.2", Cache: theirs}, "1")
	})
}

// TestCachesTogether uses caches from many requests at once.
func TestCachesTogether(t *testing.T) {
	s, _ := empty(t)
	grows := start(t, s, CacheRequest{Unsealed: true})
	var wg sync.WaitGroup
	for i := range 2 * maxLaid {
		wg.Go(func() {
			name := fmt.Sprint("n", i)
			resp, err := s.CacheControl(context.Background(), CacheRequest{Resources: codes(name, "1")})
			if err != nil {
				t.Error(err)
				return
			}
			expect(t, s, name, With{Cache: resp.ID}, "1")
			expect(t, s, name, With{Cache: grows, Resources: codes(name, "1")}, "1")
			expect(t, s, name, With{Cache: grows}, "1")
			expect(t, s, name, With{Cache: resp.ID}, "1")
		})
	}
	wg.Wait()
}
