package store_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/internal/storetest"
	"github.com/kodeks/kodeks/pkg/store"
)

// listing returns the files of a folder with the hashes of what is in them, as the
// manifest of a release keeps them.
func listing(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[d.Name()] = fmt.Sprintf("%d bytes %x", len(data), sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestReadingChangesNoFile matters because manifests keep hashes, and because a
// release may lie on a disk that is read-only.
func TestReadingChangesNoFile(t *testing.T) {
	dir := t.TempDir()
	r := storetest.Sample(chunk)
	write(t, dir, r)
	before := listing(t, dir)
	for range 2 {
		one, err := store.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		two, err := store.Open(dir)
		if err != nil {
			t.Fatalf("Open for the second time at once: %v", err)
		}
		storetest.Equal(t, one, r)
		if err := one.Close(); err != nil {
			t.Fatal(err)
		}
		storetest.Equal(t, two, r)
		if err := two.Verify(); err != nil {
			t.Fatalf("Verify: %v", err)
		}
		if err := two.Close(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, listing(t, dir)); diff != "" {
			t.Fatalf("files after reading (-before +after):\n%s", diff)
		}
	}
}

// TestReadOnlyFiles opens a release whose files and folder may not be written.
func TestReadOnlyFiles(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everything")
	}
	dir := t.TempDir()
	r := storetest.Sample(chunk)
	write(t, dir, r)
	for name := range listing(t, dir) {
		if err := os.Chmod(filepath.Join(dir, name), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(dir, 0o755) }()
	storetest.Equal(t, open(t, dir), r)
}

// TestUnclosedWriter copies the files of a writer that was not closed, as a killed
// process leaves them. They may open, and must then not pass for the release.
func TestUnclosedWriter(t *testing.T) {
	for _, rows := range []int{0, 20, 400} {
		dir, copied := t.TempDir(), t.TempDir()
		w, err := store.Create(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.PutColumn("meta", []byte("{}")); err != nil {
			t.Fatal(err)
		}
		last := []byte(nil)
		for i := range rows {
			last = fmt.Appendf(nil, "%08d", i)
			if err := w.PutRow('R', last, make([]byte, 100<<10)); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if db, err := store.Open(copied); err == nil {
			if _, err := db.Row('R', last); err == nil {
				t.Errorf("%d rows: an unclosed writer wrote everything: is Close still needed?", rows)
			}
			_ = db.Close()
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := open(t, dir).Column("meta"); err != nil {
			t.Errorf("%d rows: after Close: %v", rows, err)
		}
	}
}

// TestDamageIsFound turns one byte at many places of every file that holds data:
// Open or Verify must tell, or the release must still read as it was written.
func TestDamageIsFound(t *testing.T) {
	dir := t.TempDir()
	r := storetest.Sample(chunk)
	write(t, dir, r)
	const places = 12
	found := 0
	for name := range listing(t, dir) {
		path := filepath.Join(dir, name)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range places {
			if len(good) == 0 {
				break
			}
			at := i * (len(good) - 1) / (places - 1)
			bad := bytes.Clone(good)
			bad[at] ^= 0x55
			if err := os.WriteFile(path, bad, 0o644); err != nil {
				t.Fatal(err)
			}
			if damaged(t, fmt.Sprintf("%s, byte %d of %d", name, at, len(good)), dir, r) {
				found++
			}
		}
		if err := os.WriteFile(path, good, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if found < places {
		t.Errorf("damage was found at %d places, want most", found)
	}
}

// damaged reports whether Open or Verify finds the damage of a folder, and fails
// the test when they do not and an answer is another one.
func damaged(t *testing.T, place, dir string, r storetest.Release) bool {
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s: panic: %v", place, p)
		}
	}()
	db, err := store.Open(dir)
	if err != nil {
		return true
	}
	defer func() { _ = db.Close() }()
	if err := db.Verify(); err != nil {
		return true
	}
	before := t.Failed()
	storetest.Equal(t, db, r)
	if t.Failed() && !before {
		t.Errorf("%s: not found by Verify", place)
	}
	return false
}
