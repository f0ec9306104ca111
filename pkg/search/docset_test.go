package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
)

// randomSets returns sets of all sizes as bitmaps and as docSets.
func randomSets(t *testing.T, r *rand.Rand, n, documents int) ([]*roaring.Bitmap, []docSet) {
	t.Helper()
	bitmaps, sets := make([]*roaring.Bitmap, n), make([]docSet, n)
	for i := range sets {
		bitmaps[i] = roaring.New()
		share := [...]float64{0.001, 0.003, 0.02, 0.2, 0.9}[r.IntN(5)]
		for doc := range documents {
			if r.Float64() < share {
				bitmaps[i].Add(uint32(doc))
			}
		}
		var err error
		if sets[i], err = newDocSet(bitmaps[i], documents); err != nil {
			t.Fatal(err)
		}
	}
	return bitmaps, sets
}

// all walks a cursor to its end, room documents at a time.
func (c *cursor) all(room int) []uint32 {
	docs, all := make([]uint32, room), []uint32{}
	for n := c.next(docs); n > 0; n = c.next(docs) {
		all = append(all, docs[:n]...)
	}
	return all
}

// TestSetsAgreeWithBitmaps compares cursors and unions of lists and bits with the
// operations of bitmaps.
func TestSetsAgreeWithBitmaps(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var c cursor
	kinds, indexed := map[bool]int{}, 0
	for i := range 400 {
		documents := 1 + r.IntN(5000)
		if i%20 == 0 {
			documents = 200_000 // so many that long lists are lists, with starts
		}
		bitmaps, sets := randomSets(t, r, 1+r.IntN(5), documents)
		for i := range sets {
			kinds[sets[i].bits != nil]++
			if r.IntN(2) == 0 {
				sets[i].index(documents)
			}
			if sets[i].starts != nil {
				indexed++
			}
		}
		in := 1 + r.IntN(len(sets))
		want := bitmaps[0].Clone()
		for _, b := range bitmaps[1:in] {
			want.And(b)
		}
		c.start(sets[:in])
		for i, b := range bitmaps[in:] {
			want.AndNot(b)
			c.andNot(sets[in+i])
		}
		if got := c.all(1 + r.IntN(100)); !slices.Equal(got, want.ToArray()) {
			t.Fatalf("%d of %d sets, %d documents: %v, want %v", in, len(sets), documents, got, want.ToArray())
		}
		u := unionOf(sets, documents)
		c.start([]docSet{u})
		if got, want := c.all(64), roaring.FastOr(bitmaps...).ToArray(); !slices.Equal(got, want) || u.size != len(want) {
			t.Fatalf("union of %d sets: %v (%d), want %v", len(sets), got, u.size, want)
		}
		every := everyDoc(documents)
		c.start([]docSet{every})
		if got := c.all(64); len(got) != documents || every.size != documents {
			t.Fatalf("everyDoc(%d) has %d", documents, len(got))
		}
	}
	if indexed < 3 {
		t.Errorf("only %d lists with starts", indexed)
	}
	if kinds[true] < 100 || kinds[false] < 100 {
		t.Errorf("%v: not both kinds of sets", kinds)
	}
}

func TestSetsRefuseDocumentsThatAreNotThere(t *testing.T) {
	if _, err := newDocSet(roaring.BitmapOf(3, 100), 100); err == nil {
		t.Error("document 100 of 100 is accepted")
	}
}

// TestCacheIsBounded fills a cache many times over while it is read: what is there
// is right, what is asked for stays, and there is never more than the bound.
func TestCacheIsBounded(t *testing.T) {
	var c cache
	set := func(n int) docSet { return docSet{size: n, list: make([]uint32, 64<<10)} }
	c.put([]byte("often"), set(-1))
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 300 {
				n := i*4 + g
				c.put(fmt.Append(nil, n), set(n))
				if s, found := c.get(fmt.Append(nil, n/2)); found && s.size != n/2 {
					t.Errorf("%d is %d", n/2, s.size)
				}
				if s, found := c.get([]byte("often")); !found || s.size != -1 {
					t.Errorf("what is asked for often: %v, %v", s.size, found)
				}
			}
		}()
	}
	wg.Wait()
	if n := len(c.young) + len(c.old); n*4*64<<10 > cacheBytes || n < 100 {
		t.Errorf("%d sets of 256 KiB are kept", n)
	}
	if _, found := c.get([]byte("0")); found {
		t.Error("the first set is still there")
	}
}
