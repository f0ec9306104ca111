package search

import (
	"context"
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// release is columns as a code system has them.
type release struct {
	*columns
	documents map[uint32][]uint32
}

func newRelease(c *columns) release {
	r := release{c, map[uint32][]uint32{}}
	for doc, concept := range c.concepts {
		r.documents[concept] = append(r.documents[concept], uint32(doc))
	}
	return r
}

func (r release) Document(doc uint32) (terminology.Ordinal, string) {
	return r.concepts[doc], r.terms[doc]
}

func (r release) Documents(o terminology.Ordinal) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for _, doc := range r.documents[o] {
			if !yield(doc) {
				return
			}
		}
	}
}

// TestValueSetsAgreeWithMatches compares searches in value sets of all sizes, for
// texts that match few documents and many, with the oracle.
func TestValueSetsAgreeWithMatches(t *testing.T) {
	entries := randomEntries(11, 20_000, 4)
	ix, cols := build(t, entries, BuilderOptions{})
	port, terms := ix.Port(), newRelease(cols)
	r := rand.New(rand.NewPCG(12, 13))
	found := 0
	for i := range 90 {
		only := roaring.New()
		for range [...]int{1, 20, 100, 1000, 6500, 20_000, 0}[i%7] {
			only.Add(uint32(r.IntN(len(entries)/3 + 1)))
		}
		text := randomText(r, entries[r.IntN(len(entries))].term)
		if i%2 == 0 {
			text, _ = firstLetters(text, 1+i%3)
		}
		q := Query{Text: text, Limit: 1 + r.IntN(20), Prefer: []string{"nb-p", "nn-p"}, Filter: only.Contains, Inactive: i%5 == 0}
		want := oracle(ix, entries, q)
		if len(want) == 0 {
			continue // Search has last resorts
		}
		found++
		got, err := port.Search(context.Background(), terminology.TextQuery{
			Text: q.Text, Limit: q.Limit, Prefer: q.Prefer, Only: only, Inactive: q.Inactive}, terms)
		if err != nil {
			t.Fatal(err)
		}
		hits := []Hit{}
		for _, h := range got.Hits {
			hits = append(hits, Hit{Doc: h.Doc, Concept: h.Concept, Class: Class(h.Class), Tier: h.Tier})
		}
		if diff := cmp.Diff(want[:min(q.Limit, len(want))], hits); diff != "" {
			t.Fatalf("%q in %d concepts (-want +got):\n%s", text, only.GetCardinality(), diff)
		}
		if got.Total > len(want) || got.Exact && got.Total != len(want) || len(hits) < q.Limit && !got.Exact {
			t.Fatalf("%q in %d concepts: total %d, exact %v, want %d", text, only.GetCardinality(), got.Total, got.Exact, len(want))
		}
	}
	if found < 45 {
		t.Errorf("only %d of 90 queries find something", found)
	}
}

// TestSearchAllocatesLittle holds a search whose sets are in the cache to its
// promise.
func TestSearchAllocatesLittle(t *testing.T) {
	ix, cols := build(t, randomEntries(1, 20_000, 4), BuilderOptions{})
	port, terms := ix.Port(), newRelease(cols)
	only := roaring.New()
	only.AddRange(0, 6000)
	for _, text := range []string{"h", "hj", "hjerte", "hjerteinf", "akutt h"} {
		for _, only := range []*roaring.Bitmap{nil, only} {
			q := terminology.TextQuery{Text: text, Limit: 10, Prefer: []string{"nb-p", "nb-a", "nn-p", "en-p"}, Only: only}
			n := 1e9
			for range 20 { // the race detector empties pools now and then
				n = min(n, testing.AllocsPerRun(1, func() {
					if r, err := port.Search(context.Background(), q, terms); err != nil || len(r.Hits) == 0 {
						t.Fatal(r, err)
					}
				}))
			}
			if n > 20 {
				t.Errorf("Search(%q), value set %v: %v allocations, want at most 20", text, only != nil, n)
			}
		}
	}
}

// TestEmptyValueSet searches in a value set of nothing, also before any other.
func TestEmptyValueSet(t *testing.T) {
	ix, cols := build(t, sample, BuilderOptions{})
	for range 3 {
		r, err := ix.Port().Search(context.Background(), terminology.TextQuery{Text: "hjerte", Limit: 5, Only: roaring.New(), Collect: true}, newRelease(cols))
		if err != nil || len(r.Hits) > 0 || r.Total != 0 || !r.Exact || r.Concepts == nil {
			t.Fatalf("Search in nothing: %+v, %v", r, err)
		}
	}
}
