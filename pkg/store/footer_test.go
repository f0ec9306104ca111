package store

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

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
