package store_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/internal/storetest"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const chunk = 512 << 10 // KEYS.md

func Example() {
	dir, err := os.MkdirTemp("", "kodeks")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()

	w, err := store.Create(dir)
	if err != nil {
		log.Fatal(err)
	}
	_ = w.PutColumn("code.bytes", []byte("I21I21.9"))
	_ = w.PutRow('F', []byte("22298006"), []byte("I21.9"))
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}

	db, err := store.Open(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	codes, err := db.Column("code.bytes")
	fmt.Printf("%s %v\n", codes, err)
	target, err := db.Row('F', []byte("22298006"))
	fmt.Printf("%s %v\n", target, err)
	_, err = db.Row('F', []byte("38341003"))
	fmt.Println(err)
	// Output:
	// I21I21.9 <nil>
	// I21.9 <nil>
	// store.Row: not found: no such key
}

func ExampleMemory() {
	m := store.NewMemory()
	_ = m.PutRow('F', []byte("22298006"), []byte("I21.9"))
	_ = m.PutRow('F', []byte("38341003"), []byte("I10"))
	for kv := range m.Rows('F', nil) {
		fmt.Printf("%s %s\n", kv.Key, kv.Value)
	}
	// Output:
	// 22298006 I21.9
	// 38341003 I10
}

func TestBadger(t *testing.T) {
	storetest.Run(t, storetest.Store{
		Create: func(dir string) (terminology.TableWriter, error) { return store.Create(dir) },
		Open:   func(dir string) (terminology.Tables, error) { return store.Open(dir) },
		Chunk:  chunk,
	})
}

func TestMemory(t *testing.T) {
	releases := map[string]*store.Memory{}
	storetest.Run(t, storetest.Store{
		Create: func(dir string) (terminology.TableWriter, error) {
			releases[dir] = store.NewMemory()
			return releases[dir], nil
		},
		Open:  func(dir string) (terminology.Tables, error) { return releases[dir], nil },
		Chunk: chunk,
	})
}

func TestCreateKeepsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	r := storetest.Release{Rows: []storetest.Row{{Table: 'F', Key: []byte("I21.9"), Value: []byte("22298006")}}}
	write(t, dir, r)
	if _, err := store.Create(dir); terminology.KindOf(err) != terminology.Conflict {
		t.Errorf("Create over a release = %v, want kind Conflict", err)
	}
	storetest.Equal(t, open(t, dir), r)
}

func TestCloseTwice(t *testing.T) {
	w, err := store.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}

func TestOpenNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tables")
	if db, err := store.Open(dir); err == nil {
		_ = db.Close()
		t.Error("Open of a folder that is not there succeeds")
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("Open made the folder")
	}
	empty := t.TempDir()
	if db, err := store.Open(empty); err == nil {
		_ = db.Close()
		t.Error("Open of an empty folder succeeds")
	}
	if entries, err := os.ReadDir(empty); err != nil || len(entries) > 0 {
		t.Errorf("Open left %v, %v in an empty folder", entries, err)
	}
}

func write(t *testing.T, dir string, r storetest.Release) {
	t.Helper()
	w, err := store.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Write(w); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, dir string) *store.DB {
	t.Helper()
	db, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
