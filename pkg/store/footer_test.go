package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestOpenInAnyFolder: the name of a folder is no pattern; damage is seen below each.
func TestOpenInAnyFolder(t *testing.T) {
	for _, name := range []string{"[kodeks", "kodeks[1]", "a*", `b\c`} {
		dir := filepath.Join(t.TempDir(), name, "kv")
		if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
			t.Fatal(err)
		}
		w, err := Create(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.PutColumn("codes", []byte("I21.0")), w.Close()); err != nil {
			t.Fatal(err)
		}
		if err := checkFooters(dir); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "000009.sst"), make([]byte, 100), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := checkFooters(dir); terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("%s: a file of zeros: %v, want Corrupt", name, err)
		}
	}
}

// FuzzFooter states what checkFooter promises of every file: what it accepts has the
// checksum and the index that it tells, one after the other, within the file.
func FuzzFooter(f *testing.F) {
	f.Add([]byte{})
	f.Add(make([]byte, 100))
	f.Add([]byte("index\x00\x00\x00\x05sum\x00\x00\x00\x03"))
	f.Add([]byte("index\x00\x00\x00\x05sum\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		name := filepath.Join(t.TempDir(), "000001.sst")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		part := func(end int) (begin int, ok bool) {
			if end < 4 {
				return 0, false
			}
			n := int(data[end-4])<<24 | int(data[end-3])<<16 | int(data[end-2])<<8 | int(data[end-1])
			return end - 4 - n, n > 0 && end-4-n >= 0
		}
		end, want := part(len(data))
		if want {
			_, want = part(end)
		}
		err := checkFooter(name)
		if (err == nil) != want || err != nil && terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("checkFooter of %q: %v, want it accepted: %v", data, err, want)
		}
	})
}

// TestOpenDamagedTable overwrites the end of a table file: Open tells, and never panics.
func TestOpenDamagedTable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kv")
	w, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.PutColumn("codes", []byte("I21.0")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.sst"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%q, %v, want one table file", files, err)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, fill := range []byte{0x00, 0x01, 0xff} {
		for _, n := range []int{1, 2, 3, 4, 5, 8, 16, 64, len(whole) / 2, len(whole)} {
			damaged := append([]byte(nil), whole...)
			for i := range n {
				damaged[len(damaged)-1-i] = fill
			}
			if err := os.WriteFile(files[0], damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			db, err := Open(dir)
			if err == nil {
				if string(damaged[len(damaged)-n:]) != string(whole[len(whole)-n:]) {
					t.Errorf("Open does not see that the last %d bytes are %#x", n, fill)
				}
				_ = db.Close()
				continue
			}
			if kind := terminology.KindOf(err); n > 4 && kind == terminology.NotFound {
				t.Errorf("Open of a file whose last %d bytes are %#x: %v", n, fill, err)
			}
		}
	}
	if err := os.WriteFile(files[0], whole, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if column, err := db.Column("codes"); err != nil || string(column) != "I21.0" {
		t.Errorf("Column = %q, %v", column, err)
	}
}
