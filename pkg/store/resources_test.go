package store_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func written(typ, id string, version, sequence uint64, raw string) terminology.StoredResource {
	return terminology.StoredResource{Type: typ, ID: id, Version: version, Sequence: sequence, Method: "PUT", Deleted: raw == "",
		Time: time.Date(2026, 11, 22, 8, 0, int(sequence), 0, time.UTC), Meta: `{"tag":[]}`, Raw: []byte(raw)}
}

func list(t *testing.T, all func(func(terminology.StoredResource, error) bool)) []string {
	t.Helper()
	var out []string
	for v, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s/%s/%d %s%s", v.Type, v.ID, v.Version, v.Raw, v.Head))
	}
	return out
}

func TestResources(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "resources")
	r, err := store.OpenResources(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	headed := written("CodeSystem", "a", 1, 4, "system")
	headed.Head = []byte("head") // Current tells it, in the place of the text
	all := []terminology.StoredResource{
		written("ValueSet", "a", 1, 1, "one"), written("ValueSet", "a", 2, 2, "two"), written("ValueSet", "ab", 1, 3, strings.Repeat("x", 3<<20)),
		headed, written("ValueSet", "a", 3, 5, ""),
	}
	if err := r.Commit(all[:2]); err != nil {
		t.Fatal(err)
	}
	if err := r.Commit(all[2:]); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenResources(dir, false); terminology.KindOf(err) != terminology.Unavailable || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second writer: %v, want Unavailable and why", err)
	}
	if _, err := store.OpenResources(dir, true); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("a reader beside the writer: %v, want Unavailable", err)
	}
	check := func(r *store.Resources) {
		t.Helper()
		got, err := r.Version("ValueSet", "a", 2)
		if diff := cmp.Diff(all[1], got); diff != "" || err != nil {
			t.Errorf("Version: %v (-want +got):\n%s", err, diff)
		}
		if long, err := r.Version("ValueSet", "ab", 1); err != nil || !bytes.Equal(long.Raw, all[2].Raw) {
			t.Errorf("a long version: %d bytes, %v", len(long.Raw), err)
		}
		if _, err := r.Version("ValueSet", "a", 4); terminology.KindOf(err) != terminology.NotFound {
			t.Errorf("a version that is not: %v", err)
		}
		short := func(list []string) string {
			for i := range list {
				list[i] = list[i][:min(len(list[i]), 22)]
			}
			return strings.Join(list, ", ")
		}
		for want, got := range map[string][]string{
			"CodeSystem/a/1 head, ValueSet/a/3 , ValueSet/ab/1 xxxxxxxx":                                       list(t, r.Current()),
			"ValueSet/a/3 , ValueSet/a/2 two, ValueSet/a/1 one":                                                list(t, r.History("ValueSet", "a", 0)),
			"ValueSet/a/3 , ValueSet/ab/1 xxxxxxxx, ValueSet/a/2 two, ValueSet/a/1 one":                        list(t, r.History("ValueSet", "", 0)),
			"ValueSet/a/3 , CodeSystem/a/1 system, ValueSet/ab/1 xxxxxxxx, ValueSet/a/2 two, ValueSet/a/1 one": list(t, r.History("", "", 0)),
			"ValueSet/a/2 two, ValueSet/a/1 one":                                                               list(t, r.History("ValueSet", "", 2)),
			"ValueSet/a/1 one":                                                                                 list(t, r.History("ValueSet", "a", 2)),
			"CodeSystem/a/1 system":                                                                            list(t, r.History("CodeSystem", "", 0)),
			"":                                                                                                 list(t, r.History("ConceptMap", "", 0)),
		} {
			if short(got) != want {
				t.Errorf("got %q, want %q", short(got), want)
			}
		}
		for _, tt := range []struct {
			typ, id string
			second  int // since; 0: all
			want    int
		}{{"ValueSet", "a", 0, 3}, {"ValueSet", "a", 2, 2}, {"ValueSet", "a", 6, 0}, {"ValueSet", "", 0, 4}, {"ValueSet", "", 3, 2}, {"ValueSet", "b", 0, 0}, {"", "", 0, 5}} {
			since := time.Time{}
			if tt.second > 0 {
				since = written("", "", 1, uint64(tt.second), "").Time
			}
			if got, err := r.Count(tt.typ, tt.id, since); got != tt.want || err != nil {
				t.Errorf("Count(%s, %q, second %d) = %d, %v, want %d", tt.typ, tt.id, tt.second, got, err, tt.want)
			}
		}
	}
	check(r)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	for _, readOnly := range []bool{false, true} {
		r, err := store.OpenResources(dir, readOnly)
		if err != nil {
			t.Fatal(err)
		}
		check(r)
		if err := r.Commit(all[:1]); readOnly && terminology.KindOf(err) != terminology.NotSupported {
			t.Errorf("writing to what is read-only: %v", err)
		}
		if !readOnly { // back to what check wants
			if err := r.Commit(all[4:]); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := func() error { _, err := store.OpenResources(t.TempDir(), true); return err }(); err == nil {
		t.Error("an empty folder opens read-only")
	}
}

func BenchmarkResourcesCommit(b *testing.B) {
	r, err := store.OpenResources(b.TempDir(), false)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	raw := strings.Repeat("x", 2000)
	n := uint64(0)
	for b.Loop() {
		n++
		if err := r.Commit([]terminology.StoredResource{written("ValueSet", fmt.Sprint(n), 1, n, raw)}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestCommitLimits: what the store cannot hold is refused before anything is written, and
// what comes next is kept.
func TestCommitLimits(t *testing.T) {
	r, err := store.OpenResources(t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	meta, head, id := written("ValueSet", "meta", 1, 2, "x"), written("ValueSet", "head", 1, 3, "x"), written("ValueSet", strings.Repeat("i", 70_000), 1, 4, "x")
	meta.Meta, head.Head = strings.Repeat("m", store.MaxMeta+1), make([]byte, store.MaxHead+1)
	for _, tt := range []struct {
		bad  terminology.StoredResource
		kind terminology.Kind
		want string
	}{{meta, terminology.TooCostly, "65536 at most"}, {head, terminology.TooCostly, "262144 at most"}, {id, terminology.Invalid, "1024 at most"}, {written("ValueSet", "a\x00b", 1, 5, "x"), terminology.Invalid, "zero byte"}} {
		err := r.Commit([]terminology.StoredResource{written("ValueSet", "good", 1, 1, "good"), tt.bad})
		if terminology.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Commit: %v, want %v and %q", err, tt.kind, tt.want)
		}
	}
	if n, err := r.Count("", "", time.Time{}); n != 0 || err != nil {
		t.Errorf("%d versions are there, %v, want none", n, err)
	}
	many := make([]terminology.StoredResource, 256) // the most of a group, and more text than one transaction takes
	for i := range many {
		many[i] = written("ValueSet", fmt.Sprint(i), 1, uint64(i+1), strings.Repeat("x", 300<<10))
	}
	if err := r.Commit(many); err != nil {
		t.Errorf("256 long texts together: %v", err)
	}
}
