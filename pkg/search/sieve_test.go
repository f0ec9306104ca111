package search

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
)

// ownTerms are columns in which each document is its own concept.
type ownTerms struct{}

func (ownTerms) DocumentConcepts(docs, into []uint32)       { copy(into, docs) }
func (ownTerms) DocumentTerms(docs []uint32, into []string) { clear(into[:len(docs)]) }

// randomSet is a set of about n of so many documents, in the form that an index keeps it.
func randomSet(t *testing.T, r *rand.Rand, n, documents int, f *facts) docSet {
	t.Helper()
	b := roaring.New()
	for range n {
		b.Add(r.Uint32N(uint32(documents)))
	}
	s, err := newDocSet(b, documents)
	if err != nil {
		t.Fatal(err)
	}
	s.index(documents)
	s.facts = f
	return s
}

// TestSieve holds documents that match, of sets in all the forms they are kept in, against
// asking of each document whether it does: own words and other forms of them, active ones,
// a value set; with the facts of a list kept and without.
func TestSieve(t *testing.T) {
	const documents = 200_000
	r := rand.New(rand.NewPCG(6, 2))
	ix := &Index{documents: documents, tiers: map[string]docSet{}}
	ix.tiers[activeTier] = randomSet(t, r, 4*documents, documents, nil)
	ix.tiers["nb-p"] = randomSet(t, r, documents/2, documents, nil)
	ix.combos = newCombos(ix.tiers, documents)
	sizes := [...]int{0, 30, 200, 700, 2000, 3500, 60_000}
	full := 0
	for round := range 120 {
		w := &walk{ix: ix, ctx: context.Background(), terms: ownTerms{}, q: Query{Inactive: round%2 == 0}}
		if !w.q.Inactive {
			w.filters = append(w.filters, ix.tiers[activeTier])
		}
		if round%3 == 0 {
			w.filters = append(w.filters, randomSet(t, r, 1500, documents, nil))
		}
		for range 1 + r.IntN(3) {
			own := randomSet(t, r, sizes[r.IntN(len(sizes))], documents, &facts{})
			if round%5 == 0 {
				own.facts = nil
			}
			w.words = append(w.words, own)
			w.more = append(w.more, randomSet(t, r, sizes[r.IntN(len(sizes))], documents, &facts{}))
		}
		w.words[0].list, w.words[0].bits = addSome(w.words[0], w.more[0].list, documents)
		w.words[0].size, w.words[0].starts, w.words[0].facts = len(w.words[0].list), nil, nil

		var want, plain []uint32
		for doc := range uint32(documents) {
			in, asWritten := true, true
			for _, f := range w.filters {
				in = in && f.has(doc)
			}
			for i := 0; in && i < len(w.words); i++ {
				own := w.words[i].has(doc)
				in, asWritten = own || w.more[i].has(doc), asWritten && own
			}
			if in {
				if want = append(want, doc); asWritten {
					plain = append(plain, doc)
				}
			}
		}
		lead := r.IntN(len(w.words))
		all, err := w.meetAll(lead)
		if err != nil || all != (len(want) <= fewDocs) {
			t.Fatalf("round %d: meetAll = %v, %v of %d documents", round, all, err, len(want))
		}
		if all {
			full++
			w.know()
			if !slices.Equal(w.few.docs, want) || !slices.Equal(w.plain, plain) || !slices.Equal(w.few.concepts, want) {
				t.Fatalf("round %d: %d documents, %d as written, want %d and %d", round, len(w.few.docs), len(w.plain), len(want), len(plain))
			}
			for i, doc := range w.few.docs {
				if uint8(w.few.marks[i]) != ix.combos.of[doc] {
					t.Fatalf("round %d: combo %d of document %d, want %d", round, w.few.marks[i], doc, ix.combos.of[doc])
				}
			}
		}
		if err := w.meet(w.words); err != nil {
			t.Fatal(err)
		}
		if w.settled && !slices.Equal(w.few.docs, plain) {
			t.Fatalf("round %d: %d documents have the words as written, want %d", round, len(w.few.docs), len(plain))
		}
	}
	if full < 30 {
		t.Errorf("%d of 120 rounds had few documents", full)
	}
}

// addSome returns a set with some of other documents, as joined words make it: documents
// may be in the set of a word and in that of its forms too.
func addSome(s docSet, others []uint32, documents int) (list []uint32, bits []uint64) {
	list = slices.Clone(s.documents(new([]uint32)))
	list = append(list, others[:len(others)/3]...)
	slices.Sort(list)
	list = slices.Compact(list)
	if dense(len(list), documents) {
		bits = make([]uint64, (documents+63)/64)
		for _, doc := range list {
			bits[doc/64] |= 1 << (doc % 64)
		}
	}
	return list, bits
}
