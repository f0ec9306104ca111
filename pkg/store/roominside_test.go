package store

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestRoom: what the disk has no room for is refused before anything of it is written, and
// can be written when there is room again.
func TestRoom(t *testing.T) {
	dir := t.TempDir()
	r, err := OpenResources(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	free := uint64(0)
	asked := ""
	r.free = func(dir string) (uint64, error) { asked = dir; return free, nil }
	v := terminology.StoredResource{Type: "CodeSystem", ID: "a", Version: 1, Sequence: 1, Time: time.Now().UTC(), Method: "PUT", Raw: []byte(strings.Repeat("x", 3<<20))}
	closure := terminology.Closure{Name: "c", Began: 1, Version: 1}
	for _, free = range []uint64{0, 10 << 20, roomKept + 5<<20} { // twice 3 MiB are wanted
		err := r.Commit([]terminology.StoredResource{v})
		if terminology.KindOf(err) != terminology.Unavailable || !strings.Contains(err.Error(), "262 MiB must be") {
			t.Errorf("with %d bytes free: %v", free, err)
		}
	}
	free = roomKept - 1
	if err := r.Save("ab", func(io.Writer) error { return nil }); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("saving: %v", err)
	}
	if err := r.PutClosure(closure, nil); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("a closure table: %v", err)
	}
	if asked != dir {
		t.Errorf("asked about %s, want %s", asked, dir)
	}
	if _, err := r.Version("CodeSystem", "a", 1); terminology.KindOf(err) != terminology.NotFound {
		t.Errorf("what was refused is there: %v", err)
	}
	for v, err := range r.Current() {
		t.Errorf("there is %+v, %v", v, err)
	}
	free = roomKept + 6<<20
	if err := r.Commit([]terminology.StoredResource{v}); err != nil {
		t.Error(err)
	}
	if err := r.PutClosure(closure, nil); err != nil {
		t.Error(err)
	}
	if got, err := r.Version("CodeSystem", "a", 1); err != nil || len(got.Raw) != 3<<20 {
		t.Errorf("with room again: %d bytes, %v", len(got.Raw), err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := freeBytes(dir); err == nil && (n == 0 || n > 1<<60) {
		t.Errorf("the disk has %d bytes free", n)
	}
}
