package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestResourceSettings: no value may be long enough for Badger's log of long values, and
// every commit is synced.
func TestResourceSettings(t *testing.T) {
	o := resourceSettings(t.TempDir())
	if !o.SyncWrites {
		t.Error("commits are not synced")
	}
	longest := 6*MaxMeta + max(textInline, textPart, MaxHead) + 4<<10 // of meta each byte may be written in six
	if int64(longest) >= o.ValueThreshold {
		t.Errorf("a value may have %d bytes, which from %d on is in the log of long values", longest, o.ValueThreshold)
	}
}

// opened opens resources in a folder until the test ends.
func opened(t *testing.T, dir string) *Resources {
	t.Helper()
	r, err := OpenResources(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func stored(id string, version, sequence uint64, raw string) terminology.StoredResource {
	return terminology.StoredResource{Type: "ValueSet", ID: id, Version: version, Sequence: sequence, Method: "PUT", Deleted: raw == "", Time: time.Unix(int64(sequence), 0).UTC(), Raw: []byte(raw)}
}

// TestUpgrade opens what a kodeks of format 1 wrote.
func TestUpgrade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "resources")
	all := []terminology.StoredResource{stored("a", 1, 1, "one"), stored("a", 2, 2, strings.Repeat("x", 3<<20)), stored("b", 1, 3, "two"), stored("b", 2, 4, "")}
	bdg, err := badger.Open(settings(dir).WithSyncWrites(true))
	if err != nil {
		t.Fatal(err)
	}
	err = bdg.Update(func(txn *badger.Txn) error {
		set := func(key, value []byte) {
			if err := txn.Set(key, value); err != nil {
				t.Fatal(err)
			}
		}
		set([]byte{formatTable}, []byte{1})
		for _, v := range all {
			head, err := json.Marshal(header{Time: v.Time, Method: v.Method, Deleted: v.Deleted, Sequence: v.Sequence})
			if err != nil {
				return err
			}
			key := versionKey(v.Type, v.ID, v.Version)
			set(key, append(withHeader(nil, head), v.Raw...))
			set(sequenceKey(v.Sequence), key[1:])
			set(resourceKey(currentTable, v.Type, v.ID), key[len(key)-8:])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := bdg.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenResources(dir, true); terminology.KindOf(err) != terminology.Conflict || !strings.Contains(err.Error(), "without --read-only") {
		t.Errorf("read-only: %v, want Conflict and what to do", err)
	}
	for range 2 { // upgraded, and opened again
		r := opened(t, dir)
		next := len(all)
		for v, err := range r.History("ValueSet", "", 0) {
			next--
			if err != nil || v.ID != all[next].ID || !bytes.Equal(v.Raw, all[next].Raw) || v.Deleted != all[next].Deleted {
				t.Errorf("%s/%d: %d bytes, %v", v.ID, v.Version, len(v.Raw), err)
			}
		}
		current := 0
		for v, err := range r.Current() {
			if current++; err != nil || v.Version != 2 {
				t.Errorf("current %s: version %d, %v", v.ID, v.Version, err)
			}
		}
		if next != 0 || current != 2 {
			t.Errorf("%d versions are missing, %d resources, want 2", next, current)
		}
		err := r.bdg.View(func(txn *badger.Txn) error {
			item, err := txn.Get(versionKey("ValueSet", "a", 2))
			if err == nil && item.ValueSize() > textInline {
				t.Errorf("the long text is still in one value of %d bytes", item.ValueSize())
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// damage changes the value of a key behind the back of the store; nil removes it.
func (r *Resources) damage(t *testing.T, key []byte, change func([]byte) []byte) {
	t.Helper()
	err := r.bdg.Update(func(txn *badger.Txn) error {
		item, err := txn.Get(key)
		if err != nil {
			return err
		}
		value, err := item.ValueCopy(nil)
		if err != nil {
			return err
		}
		if value = change(value); value == nil {
			return txn.Delete(key)
		}
		return txn.Set(key, value)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDamagedVersion: what is damaged is named, and all else is read.
func TestDamagedVersion(t *testing.T) {
	r := opened(t, t.TempDir())
	long := strings.Repeat("x", 3<<20)
	all := []terminology.StoredResource{stored("a", 1, 1, "one"), stored("long", 1, 2, long), stored("c", 1, 3, "three"), stored("d", 1, 4, "four"), stored("e", 1, 5, long)}
	for i := range all {
		all[i].Head = []byte("head")
	}
	if err := r.Commit(all); err != nil {
		t.Fatal(err)
	}
	damage := func(key []byte, change func([]byte) []byte) { t.Helper(); r.damage(t, key, change) }
	flip := func(v []byte) []byte { v[len(v)-1] ^= 1; return v }
	damage(versionKey("ValueSet", "a", 1), flip)
	damage(partKey(2, 7), func([]byte) []byte { return nil })
	damage(partKey(5, 7), flip)
	damage(resourceKey(currentTable, "ValueSet", "c"), flip) // is told from its versions
	damage(versionKey("ValueSet", "d", 1), func(v []byte) []byte { return v[:3] })
	var bad []string
	for v, err := range r.History("ValueSet", "", 0) {
		if err != nil {
			bad = append(bad, v.ID)
			if terminology.KindOf(err) != terminology.Corrupt || v.Raw != nil {
				t.Errorf("%s: %v, %d bytes, want Corrupt and none", v.ID, err, len(v.Raw))
			}
		}
	}
	if want := []string{"e", "d", "long", "a"}; !slices.Equal(bad, want) {
		t.Errorf("damaged are %v, want %v", bad, want)
	}
	got := map[string]string{}
	for v, err := range r.Current() {
		if err != nil {
			t.Errorf("current %s: %v", v.ID, err)
		}
		got[v.ID] = string(v.Head) + string(v.Raw)
	}
	if len(got) != 5 || got["c"] != "three" || got["a"] != "head" {
		t.Errorf("current: %v", got)
	}
	if _, err := r.Version("ValueSet", "d", 1); terminology.KindOf(err) != terminology.Corrupt {
		t.Errorf("Version of what is damaged: %v, want Corrupt", err)
	}
	if v, err := r.Version("ValueSet", "c", 1); err != nil || string(v.Raw) != "three" {
		t.Errorf("Version of what is whole: %q, %v", v.Raw, err)
	}
}

// TestSweep: parts of a text whose version was never written are removed at the next start.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	r := opened(t, dir)
	if err := r.Commit([]terminology.StoredResource{stored("a", 1, 1, strings.Repeat("x", 1<<20))}); err != nil {
		t.Fatal(err)
	}
	if err := r.writeParts("test", partKey, 2, make([]byte, 1<<20)); err != nil { // and then the process is killed
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r = opened(t, dir)
	n := 0
	err := r.bdg.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{Prefix: []byte{partTable}})
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			n++
		}
		return nil
	})
	if err != nil || n != 4 {
		t.Errorf("%d parts, %v, want the 4 of what was written", n, err)
	}
	if v, err := r.Version("ValueSet", "a", 1); err != nil || len(v.Raw) != 1<<20 {
		t.Errorf("%d bytes, %v", len(v.Raw), err)
	}
}

// TestRefusedParts: of versions that are too many for one transaction nothing is left, not
// even the parts of their texts.
func TestRefusedParts(t *testing.T) {
	r := opened(t, t.TempDir())
	var all []terminology.StoredResource
	for n := uint64(1); n <= 60; n++ { // heads beyond what a transaction may have
		v := stored(fmt.Sprint("v", n), 1, n, strings.Repeat("x", textInline+1))
		v.Head, v.Index = make([]byte, MaxHead), make([]byte, 64)
		all = append(all, v)
	}
	if err := r.Commit(all); terminology.KindOf(err) != terminology.TooCostly {
		t.Fatalf("Commit = %v, want TooCostly", err)
	}
	err := r.bdg.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{})
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			if key := it.Item().Key(); key[0] != formatTable {
				t.Fatalf("the key %q is there", key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Commit(all[:1]); err != nil {
		t.Errorf("one of them: %v", err)
	}
}

// TestCountSince counts by the headers of versions alone: a text that is in parts is not
// read, and one that is damaged counts.
func TestCountSince(t *testing.T) {
	r := opened(t, t.TempDir())
	for n := uint64(1); n <= 6; n++ {
		if err := r.Commit([]terminology.StoredResource{stored("a", n, n, strings.Repeat("x", 8<<20))}); err != nil {
			t.Fatal(err)
		}
	}
	for n := uint64(1); n <= 6; n++ {
		r.damage(t, partKey(n, 1), func([]byte) []byte { return nil })
	}
	r.damage(t, versionKey("ValueSet", "a", 3), func(v []byte) []byte { return v[:2] })
	for since, want := range map[int64]int{1: 6, 2: 5, 3: 4, 4: 4, 5: 2, 6: 1, 7: 0} {
		at := time.Unix(since, 0).UTC()
		if n, err := r.Count("ValueSet", "a", at); n != want || err != nil {
			t.Errorf("Count since second %d = %d, %v, want %d", since, n, err, want)
		}
	}
	at := time.Unix(4, 0).UTC()
	if n := testing.AllocsPerRun(10, func() { _, _ = r.Count("ValueSet", "a", at) }); n > 500 {
		t.Errorf("Count makes %.0f allocations", n)
	}
}
