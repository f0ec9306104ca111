package rest

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
)

func expandKey(query string) cacheKey { return cacheKey{op: fhir.Expand, query: query} }

// TestCacheKeepsOneGeneration: an answer lives as long as the releases that it was
// made of.
func TestCacheKeepsOneGeneration(t *testing.T) {
	c := &cache{}
	k := expandKey("url=http://snomed.info/sct?fhir_vs&filter=hjerteinf")
	body := []byte("of the first releases")
	c.put(k, 1, body, format{})
	body[0] = 'X' // the cache has its own copy
	if a, ok := c.get(k, 1); !ok || string(a.body) != "of the first releases" {
		t.Errorf("get = %q, %v", a.body, ok)
	}
	if a, ok := c.get(k, 2); ok {
		t.Errorf("get of the next generation = %q, want nothing", a.body)
	}
	c.put(k, 2, []byte("of the second"), format{})
	c.put(k, 1, []byte("too late"), format{})
	if a, ok := c.get(k, 2); !ok || string(a.body) != "of the second" {
		t.Errorf("get = %q, %v", a.body, ok)
	}
	if _, ok := c.get(k, 1); ok {
		t.Error("the first generation is still there")
	}
	c.put(k, 3, make([]byte, cacheAnswer+1), format{})
	if _, ok := c.get(k, 3); ok {
		t.Error("an answer that is too long was kept")
	}
}

// TestCacheIsBounded: whatever is put and asked for, what is kept is right and not
// more than twice cacheBytes.
func TestCacheIsBounded(t *testing.T) {
	c, r := &cache{}, rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		n := r.IntN(5000)
		k, want := expandKey(fmt.Sprint("filter=", n)), bytes.Repeat([]byte{byte(n)}, 1+n*10)
		if a, ok := c.get(k, 7); ok && !bytes.Equal(a.body, want) {
			t.Fatalf("get(%d) is another answer", n)
		}
		c.put(k, 7, want, format{})
		kept := 0
		if r.IntN(500) > 0 {
			continue
		}
		for _, half := range []map[cacheKey]cached{c.young, c.old} {
			for _, a := range half {
				kept += len(a.body)
			}
		}
		if kept > 2*cacheBytes {
			t.Fatalf("%d bytes are kept", kept)
		}
	}
}

// TestCacheOnlyExpandByGet: other operations and methods are asked anew.
func TestCacheOnlyExpandByGet(t *testing.T) {
	c, e := &cache{}, &endpoint{}
	get := httptest.NewRequest(http.MethodGet, "/fhir/ValueSet/$expand?filter=a", nil)
	if _, ok := c.key(get, e, fhir.Expand); !ok {
		t.Error("an expansion by GET is not kept")
	}
	if _, ok := c.key(get, e, fhir.Lookup); ok {
		t.Error("a look-up is kept")
	}
	if _, ok := c.key(httptest.NewRequest(http.MethodPost, "/fhir/ValueSet/$expand?filter=a", nil), e, fhir.Expand); ok {
		t.Error("a POST is kept")
	}
	if _, ok := (*cache)(nil).key(get, e, fhir.Expand); ok {
		t.Error("a server without a cache keeps")
	}
	norwegian := httptest.NewRequest(http.MethodGet, "/fhir/ValueSet/$expand?filter=a", nil)
	norwegian.Header.Set("Accept-Language", "nn")
	a, _ := c.key(get, e, fhir.Expand)
	if b, _ := c.key(norwegian, e, fhir.Expand); a == b {
		t.Error("two languages have one answer")
	}
	twice := httptest.NewRequest(http.MethodGet, "/fhir/ValueSet/$expand?filter=a", nil)
	twice.Header["Accept"] = []string{"application/fhir+json;q=0.5", "application/fhir+xml"}
	once := httptest.NewRequest(http.MethodGet, "/fhir/ValueSet/$expand?filter=a", nil)
	once.Header["Accept"] = twice.Header["Accept"][:1]
	x, _ := c.key(once, e, fhir.Expand)
	if y, _ := c.key(twice, e, fhir.Expand); x == y {
		t.Error("JSON and XML have one answer")
	}
	if b, _ := c.key(get, &endpoint{version: fhir.R5}, fhir.Expand); a == b {
		t.Error("R4 and R5 have one answer")
	}
}

// TestServerNeverAnswersOfOlderReleases: while releases change, whoever asks after
// the change has the new answer.
func TestServerNeverAnswersOfOlderReleases(t *testing.T) {
	var generation, asked atomic.Uint64
	s := New(nil, Options{Generation: generation.Load})
	answering := func(_ context.Context, _ Operations, _ *fhir.Parameters, dst []byte) ([]byte, error) {
		asked.Add(1)
		return fmt.Append(dst, generation.Load()), nil
	}
	e := &endpoint{}
	s.echo.GET("/counted", func(c echo.Context) error { return s.handle(c, e, fhir.Expand, answering) })
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 500 {
				before := generation.Load()
				w := httptest.NewRecorder()
				s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/counted?url=x", nil))
				var got uint64
				if _, err := fmt.Sscan(w.Body.String(), &got); err != nil || got < before {
					t.Errorf("answer %q of generation %d, want %d or later", w.Body, got, before)
					return
				}
			}
		})
	}
	for range 50 {
		generation.Add(1)
	}
	wg.Wait()
	if n := asked.Load(); n >= 2000 {
		t.Errorf("%d of 2000 requests were asked anew: nothing was kept", n)
	}
}
