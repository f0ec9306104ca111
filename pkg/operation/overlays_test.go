package operation

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/kodeks/kodeks/pkg/catalog"
)

// emptyCatalog is a catalog of nothing.
func emptyCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data, nil, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// large is a code system of about a number of bytes.
func large(i, bytes int) []byte {
	return []byte(fmt.Sprintf(`{"resourceType":"CodeSystem","url":"http://example.org/large-%d","status":"active","content":"complete","description":"%s","concept":[{"code":"a"}]}`, i, strings.Repeat("x", bytes)))
}

// TestOverlaysAreBounded lays more resources than are kept, a few at a time: what is kept stays
// below its bounds, and what came last is kept.
func TestOverlaysAreBounded(t *testing.T) {
	c := emptyCatalog(t)
	defer c.Close()
	s := New(c, Options{})
	base := c.Acquire()
	defer base.LetGo()
	for i := range 40 {
		resources := [][]byte{large(i, 6<<20)}
		laid, err := s.overlays.lay(base, resources)
		if err != nil {
			t.Fatal(err)
		}
		again, err := s.overlays.lay(base, resources)
		if err != nil || again != laid {
			t.Fatalf("what was laid last is laid anew: %v", err)
		}
		total := 0
		for _, m := range []map[contentKey]sized[*catalog.Overlay]{s.overlays.sets.young, s.overlays.sets.old} {
			for _, v := range m {
				total += v.bytes
			}
		}
		if total > maxKeptBytes {
			t.Fatalf("%d bytes are kept, want %d at most", total, maxKeptBytes)
		}
	}
	if _, err := s.overlays.lay(base, [][]byte{large(0, maxOverlayBytes)}); err != nil {
		t.Fatal(err)
	}
	key, _ := contentOf([][]byte{large(0, maxOverlayBytes)})
	if _, ok := s.overlays.sets.get(key); ok {
		t.Error("a set that is larger than what is kept of one is kept")
	}
}

// TestOverlaysKeepNoSnapshot wants a snapshot gone with the last who holds it, whatever
// was laid over it.
func TestOverlaysKeepNoSnapshot(t *testing.T) {
	c := emptyCatalog(t)
	s := New(c, Options{})
	gone := func() weak.Pointer[catalog.Snapshot] {
		base := c.Acquire()
		defer base.LetGo()
		if _, err := s.overlays.lay(base, [][]byte{large(1, 100)}); err != nil {
			t.Fatal(err)
		}
		return weak.Make(base)
	}()
	if err := c.Close(); err != nil { // it has an empty snapshot now
		t.Fatal(err)
	}
	for range 100 {
		runtime.GC()
		if gone.Value() == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if gone.Value() != nil {
		t.Error("a snapshot that nobody holds is kept by what was laid over it")
	}
	runtime.KeepAlive(s)
	if n := len(s.overlays.sets.young); n != 1 {
		t.Errorf("%d sets of resources are kept, want the one", n)
	}
}
