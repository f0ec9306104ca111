package store

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestReleaseRoom: a release for which the disk has no room is refused before Badger maps
// what the disk does not have, which would end the program.
func TestReleaseRoom(t *testing.T) {
	w, err := Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	free := uint64(releaseKept)
	w.free = func(string) (uint64, error) { return free, nil }
	text := make([]byte, flushSize/2)
	for n := range byte(9) {
		if n == 4 {
			free--
		}
		if err = w.PutRow('R', []byte{n}, text); err != nil {
			if n < 4 || n > 7 || terminology.KindOf(err) != terminology.Unavailable || !strings.Contains(err.Error(), "255 MiB free, and while a release is written 256 MiB") {
				t.Errorf("row %d: %v, want Unavailable from row 4 on", n, err)
			}
			return
		}
	}
	t.Error("a release is written to a disk that is full")
}

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
