package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// closuresOf reads all that is kept, by the name of the table.
func closuresOf(t *testing.T, r *store.Resources) map[string][]terminology.ClosureConcept {
	t.Helper()
	out := map[string][]terminology.ClosureConcept{}
	for c, err := range r.Closures() {
		if err != nil {
			t.Fatal(err)
		}
		out[c.Name] = nil
		for one, err := range r.ClosureConcepts(c) {
			if err != nil {
				t.Fatal(err)
			}
			out[c.Name] = append(out[c.Name], one)
		}
	}
	return out
}

func TestClosures(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "resources")
	r, err := store.OpenResources(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	put := func(c terminology.Closure, added []terminology.ClosureConcept, others ...terminology.Closure) {
		t.Helper()
		if err := r.PutClosure(c, added, others...); err != nil {
			t.Fatal(err)
		}
	}
	at := time.Date(2026, 11, 22, 8, 0, 0, 5e6, time.UTC)
	a := terminology.Closure{Name: "pasientens problemer", Began: 1, Version: 1, Changed: at}
	put(a, nil)
	long := strings.Repeat("22298006+", 200_000) // such a change is in the value log
	a.Version, a.Concepts = 300, 2
	a.Systems = []terminology.ClosureSystem{{System: "http://snomed.info/sct", Version: "http://snomed.info/sct/51000202101/version/20250915", Print: "p"}, {System: "http://loinc.org", Asked: "2.80", Version: "2.80"}}
	put(a, []terminology.ClosureConcept{{Code: "22298006", Version: 300}, {System: 1, Code: "8480-6", Version: 300}})
	a.Version, a.Concepts = 70_000, 3
	put(a, []terminology.ClosureConcept{{Code: long, Version: 70_000}})
	b := terminology.Closure{Name: "b", Began: 2, Version: 3, Changed: at, Concepts: 1}
	put(b, []terminology.ClosureConcept{{Code: "x", Version: 3}})
	b2 := terminology.Closure{Name: "b", Began: 4, Version: 4, Changed: at} // emptied
	put(b2, nil, b)
	put(terminology.Closure{Name: "c", Began: 5, Version: 5}, nil)
	put(terminology.Closure{Name: "d", Began: 6, Version: 6}, nil, terminology.Closure{Name: "c", Began: 5})
	want := map[string][]terminology.ClosureConcept{
		"pasientens problemer": {{Code: "22298006", Version: 300}, {System: 1, Code: "8480-6", Version: 300}, {Code: long, Version: 70_000}},
		"b":                    nil, "d": nil,
	}
	for range 2 {
		if diff := cmp.Diff(want, closuresOf(t, r)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for c, err := range r.Closures() {
			if c.Name == a.Name {
				if diff := cmp.Diff(a, c); diff != "" || err != nil {
					t.Errorf("the head: %v (-want +got):\n%s", err, diff)
				}
			}
		}
		for one, err := range r.ClosureConcepts(b) {
			t.Errorf("rows of a table that was emptied: %v, %v", one, err)
		}
		for range r.Current() {
			t.Error("a closure table is no resource")
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if r, err = store.OpenResources(dir, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if r, err = store.OpenResources(dir, true); err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if diff := cmp.Diff(want, closuresOf(t, r)); diff != "" {
		t.Errorf("read only (-want +got):\n%s", diff)
	}
	if err := r.PutClosure(a, nil); terminology.KindOf(err) != terminology.NotSupported {
		t.Errorf("PutClosure of a store that is read only: %v, want NotSupported", err)
	}
}

// TestClosureRowsLeftBehind keeps rows that no table names, as a process that is killed
// leaves them: the next start removes them, and a table that comes later has none of them.
func TestClosureRowsLeftBehind(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "resources")
	r, err := store.OpenResources(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { r.Close() }()
	left := terminology.Closure{Name: "a", Began: 7, Version: 8}
	for _, c := range []terminology.Closure{left, {Name: "a", Began: 9, Version: 10}} { // the head of 7 is overwritten, its rows stay
		if err := r.PutClosure(c, []terminology.ClosureConcept{{Code: "x", Version: c.Version}}); err != nil {
			t.Fatal(err)
		}
	}
	rows := func(c terminology.Closure) (n int) {
		for _, err := range r.ClosureConcepts(c) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		return n
	}
	if rows(left) != 1 {
		t.Fatal("the test leaves nothing behind")
	}
	if got := closuresOf(t, r); len(got["a"]) != 1 || got["a"][0].Version != 10 {
		t.Errorf("the table has %v, want the concept of version 10", got["a"])
	}
	if n := rows(left); n != 0 {
		t.Errorf("%d rows are left behind, want none", n)
	}
}
