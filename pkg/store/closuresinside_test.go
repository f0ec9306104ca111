package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dgraph-io/badger/v4"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// closure is a table with one concept of each version.
func closure(began uint64, versions ...uint64) (terminology.Closure, [][]terminology.ClosureConcept) {
	c := terminology.Closure{Name: fmt.Sprint("table ", began), Began: began, Version: began, Systems: []terminology.ClosureSystem{{System: "http://loinc.org"}}}
	var rows [][]terminology.ClosureConcept
	for _, v := range versions {
		rows = append(rows, []terminology.ClosureConcept{{Code: fmt.Sprint("code ", v), Version: v}})
		c.Version, c.Concepts = v, c.Concepts+1
	}
	return c, rows
}

// keepClosure keeps a table one version after the other.
func (r *Resources) keepClosure(t *testing.T, c terminology.Closure, rows [][]terminology.ClosureConcept) {
	t.Helper()
	head := c
	for _, row := range rows {
		head.Version = row[0].Version
		if err := r.PutClosure(head, row); err != nil {
			t.Fatal(err)
		}
	}
	if len(rows) == 0 {
		if err := r.PutClosure(c, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// codesOf reads the codes of a table.
func (r *Resources) codesOf(c terminology.Closure) (codes string, err error) {
	for one, err := range r.ClosureConcepts(c) {
		if err != nil {
			return codes, err
		}
		codes += one.Code + ";"
	}
	return codes, nil
}

// TestDamagedClosure damages the head of one table in each way that a disk can: it is told
// by its name, the others are read, and while it is damaged no row is removed.
func TestDamagedClosure(t *testing.T) {
	for name, change := range map[string]func([]byte) []byte{
		"one bit":               func(v []byte) []byte { v[len(v)/2] ^= 1; return v },
		"another beginning":     func(v []byte) []byte { return bytes.Replace(v, []byte(`"began":2`), []byte(`"began":7`), 1) },
		"cut short":             func(v []byte) []byte { return v[:len(v)/2] },
		"empty":                 func([]byte) []byte { return []byte{} },
		"zeros":                 func(v []byte) []byte { return make([]byte, len(v)) },
		"no JSON":               func([]byte) []byte { return sealed([]byte("{")) },
		"that of another table": func(v []byte) []byte { c, _ := closure(1); head, _ := json.Marshal(c); return sealed(head) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "resources")
			r := opened(t, dir)
			for began := uint64(1); began <= 3; began++ {
				c, rows := closure(began, 10+began, 20+began)
				r.keepClosure(t, c, rows)
			}
			left, rows := closure(9, 19)
			r.keepClosure(t, left, rows)
			r.damage(t, closureKey(left.Name), func([]byte) []byte { return nil }) // a table that is gone
			second, _ := closure(2)
			r.damage(t, closureKey(second.Name), change)
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				r = opened(t, dir)
				told := 0
				for c, err := range r.Closures() {
					if c.Name == second.Name {
						told++
						if terminology.KindOf(err) != terminology.Corrupt || !strings.Contains(err.Error(), `"table 2"`) || c.Version < 23 || c.Began != 0 {
							t.Errorf("the damaged table: %+v, %v, want Corrupt, its name, and a version from 23 on", c, err)
						}
						continue
					}
					codes, rowErr := r.codesOf(c)
					if err != nil || rowErr != nil || codes != fmt.Sprintf("code 1%d;code 2%[1]d;", c.Began) {
						t.Errorf("%s has %q, %v, %v", c.Name, codes, err, rowErr)
					}
				}
				for _, c := range []terminology.Closure{{Began: 2}, {Began: 9}} {
					if codes, err := r.codesOf(c); codes == "" || err != nil {
						t.Errorf("the rows of %d: %q, %v, want that all are there yet", c.Began, codes, err)
					}
				}
				if told != 1 {
					t.Errorf("the damaged table was told %d times", told)
				}
				if err := r.Close(); err != nil {
					t.Fatal(err)
				}
			}
			r = opened(t, dir)
			second.Began, second.Version = 30, 30
			if err := r.PutClosure(second, nil); err != nil {
				t.Fatal(err)
			}
			for c, err := range r.Closures() { // the head is whole again: what is of no table goes
				if err != nil {
					t.Errorf("%s: %v", c.Name, err)
				}
			}
			for _, c := range []terminology.Closure{{Began: 2}, {Began: 9}} {
				if codes, err := r.codesOf(c); codes != "" || err != nil {
					t.Errorf("the rows of %d: %q, %v, want none", c.Began, codes, err)
				}
			}
		})
	}
}

// TestDamagedClosureRow: what is damaged of a table is never read as something else.
func TestDamagedClosureRow(t *testing.T) {
	r := opened(t, t.TempDir())
	c, rows := closure(1, 2)
	r.keepClosure(t, c, rows)
	key := append(closureRowsPrefix(1), 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0)
	r.damage(t, key, func(v []byte) []byte { v[3] ^= 2; return v }) // another code
	if codes, err := r.codesOf(c); terminology.KindOf(err) != terminology.Corrupt || codes != "" || !strings.Contains(err.Error(), c.Name) {
		t.Errorf("%q, %v, want Corrupt and the name of the table", codes, err)
	}
}

// TestSealClosures opens what a kodeks of format 2 wrote, which had no checksums, and does so
// again as if it had been killed half-way.
func TestSealClosures(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "resources")
	r := opened(t, dir)
	first, rows := closure(1, 2, 3)
	r.keepClosure(t, first, rows)
	second, rows := closure(4, 5)
	r.keepClosure(t, second, rows)
	unseal := func(table byte, most int) {
		t.Helper()
		var keys [][]byte
		err := r.bdg.View(func(txn *badger.Txn) error {
			it := txn.NewIterator(badger.IteratorOptions{Prefix: []byte{table}})
			defer it.Close()
			for it.Rewind(); it.Valid() && len(keys) < most; it.Next() {
				keys = append(keys, it.Item().KeyCopy(nil))
			}
			return nil
		})
		if err != nil || len(keys) == 0 {
			t.Fatal(len(keys), err)
		}
		for _, key := range keys {
			r.damage(t, key, func(v []byte) []byte { return v[:len(v)-4] })
		}
	}
	check := func() {
		t.Helper()
		n := 0
		for c, err := range r.Closures() {
			n++
			if codes, rowErr := r.codesOf(c); err != nil || rowErr != nil || strings.Count(codes, "code") != len(codes)/7 || codes == "" {
				t.Errorf("%s has %q, %v, %v", c.Name, codes, err, rowErr)
			}
		}
		if n != 2 {
			t.Errorf("there are %d tables, want 2", n)
		}
	}
	for _, most := range []int{100, 1} {
		unseal(closureTable, most)
		unseal(closureConceptTable, most)
		r.damage(t, []byte{formatTable}, func([]byte) []byte { return []byte{2} })
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		var err error
		if r, err = OpenResources(dir, true); err != nil {
			t.Fatalf("read-only: %v", err)
		}
		check()
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			r = opened(t, dir)
			check()
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
		}
		r = opened(t, dir)
		if have, err := r.format(); have != ResourcesFormat || err != nil {
			t.Errorf("the format is %d, %v", have, err)
		}
	}
}

// TestSealClosuresWithoutRoom: what brings a store to this format is not begun on a full disk.
func TestSealClosuresWithoutRoom(t *testing.T) {
	r := opened(t, t.TempDir())
	c, rows := closure(1, 2, 3)
	r.keepClosure(t, c, rows)
	r.damage(t, closureKey(c.Name), func(v []byte) []byte { return v[:len(v)-4] })
	free := r.free
	r.free = func(string) (uint64, error) { return 1 << 20, nil }
	if err := r.sealClosures(); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("sealClosures with 1 MiB free: %v, want Unavailable", err)
	}
	if r.free = free; r.sealClosures() != nil {
		t.Error("sealClosures with room fails")
	}
	if _, damaged, err := r.closureHeads(); err != nil || len(damaged) > 0 {
		t.Errorf("the heads: %v, %v", damaged, err)
	}
}
