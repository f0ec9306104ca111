package search

import (
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestOpenLater asks an index that is opened when it is first asked, by many at once, and
// one that was open before.
func TestOpenLater(t *testing.T) {
	entries := randomEntries(5, 2000, 3)
	dir := filepath.Join(t.TempDir(), "terms")
	terms := newRelease(write(t, dir, entries, BuilderOptions{}))
	at, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer at.Close()
	put, err := OpenLater(dir)
	if err != nil {
		t.Fatal(err)
	}
	if put.(*later).opened.Load() != nil || put.Len() != at.Len() {
		t.Errorf("OpenLater opens at once, or tells %d documents, want %d", put.Len(), at.Len())
	}
	var asking sync.WaitGroup
	for first := range 8 {
		asking.Go(func() {
			for i := first; i < len(entries); i += 97 {
				text := entries[i].term
				q := terminology.TextQuery{Text: text, Limit: 5, Prefer: []string{"nb-p"}}
				want, errA := at.Port().Search(t.Context(), q, terms)
				got, errB := put.Search(t.Context(), q, terms)
				if errA != nil || errB != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("Search(%q) = %v, %v, want %v, %v", text, got, errB, want, errA)
				}
				if a, b := at.Highlight(text, false)(text), put.Highlight(text, false)(text); !reflect.DeepEqual(a, b) {
					t.Errorf("Highlight(%q) = %v, want %v", text, b, a)
				}
				parts := []terminology.TextPart{{Text: text}}
				a, errA := at.Candidates(t.Context(), parts)
				b, errB := put.Candidates(t.Context(), parts)
				if errA != nil || errB != nil || !a.Equals(b) {
					t.Errorf("Candidates(%q): %v, %v", text, errA, errB)
				}
			}
		})
	}
	asking.Wait()
	for range 2 {
		if err := put.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := put.Search(t.Context(), terminology.TextQuery{Text: "kols", Limit: 1}, terms); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Search after Close = %v, want Unavailable", err)
	}
}

// TestOpenLaterDamaged: what the manifest tells is found at once, the rest by each
// search, until it is mended.
func TestOpenLaterDamaged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "terms")
	terms := newRelease(write(t, dir, []entry{{term: "kols", lang: "nb", tier: "nb-p"}}, BuilderOptions{}))
	segment := filepath.Join(dir, segmentFile)
	whole, err := os.ReadFile(segment)
	if err != nil {
		t.Fatal(err)
	}
	put := func(content []byte) {
		t.Helper()
		if err := os.WriteFile(segment, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(whole[:len(whole)-1])
	if _, err := OpenLater(dir); terminology.KindOf(err) != terminology.Corrupt {
		t.Errorf("OpenLater of a segment cut short = %v, want Corrupt", err)
	}
	put(make([]byte, len(whole)))
	ix, err := OpenLater(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	q := terminology.TextQuery{Text: "kols", Limit: 1}
	for range 2 {
		if _, err := ix.Search(t.Context(), q, terms); terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("Search of a segment of zeros = %v, want Corrupt", err)
		}
		if _, err := ix.Candidates(t.Context(), nil); terminology.KindOf(err) != terminology.Corrupt {
			t.Errorf("Candidates of a segment of zeros = %v, want Corrupt", err)
		}
	}
	if spans := ix.Highlight("kols", false)("akutt kols"); len(spans) != 1 {
		t.Errorf("Highlight of a segment of zeros = %v, want what is typed", spans)
	}
	put(whole)
	if found, err := ix.Search(t.Context(), q, terms); err != nil || len(found.Hits) != 1 {
		t.Errorf("Search of the mended index = %v, %v", found, err)
	}
}
