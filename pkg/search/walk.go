package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// walk is the state of one search. Walks are pooled.
type walk struct {
	ctx   context.Context
	ix    *Index
	q     Query
	m     Matcher
	terms Terms

	edges, tokens dictionary

	filters []*roaring.Bitmap // every document must be in all of them
	prefer  []*roaring.Bitmap // the documents of each preferred tier
	words   []*roaring.Bitmap // the documents of each word of the text
	base    *roaring.Bitmap   // all documents that match

	hits   []Hit
	seen   conceptSet // concepts that have been hit or counted
	folded []byte     // scratch
}

func (w *walk) begin(ctx context.Context, ix *Index, q Query, m Matcher, t Terms) {
	w.ctx, w.ix, w.q, w.m, w.terms = ctx, ix, q, m, t
	w.seen.reset()
	w.hits = make([]Hit, 0, min(q.Limit, 64))
}

// end lets go of everything that is not the walk's own.
func (w *walk) end() {
	clear(w.filters)
	clear(w.prefer)
	*w = walk{seen: w.seen, folded: w.folded, filters: w.filters[:0], prefer: w.prefer[:0]}
}

// prepare looks up what does not depend on the text.
func (w *walk) prepare() error {
	var err error
	if w.edges, err = w.ix.dictionary(fieldEdge); err != nil {
		return err
	}
	if w.tokens, err = w.ix.dictionary(fieldWord); err != nil {
		return err
	}
	if !w.q.Inactive {
		w.filters = append(w.filters, w.ix.tier(activeTier))
	}
	if w.q.Within != nil {
		w.filters = append(w.filters, w.q.Within)
	}
	for _, f := range [...]struct{ name, term string }{{fieldTag, w.q.Tag}, {fieldUse, w.q.Use}} {
		if f.term == "" {
			continue
		}
		keywords, err := w.ix.dictionary(f.name)
		if err != nil {
			return err
		}
		set, err := keywords.docs([]byte(f.term))
		if err != nil {
			return err
		}
		w.filters = append(w.filters, set)
	}
	for _, name := range w.q.Prefer {
		w.prefer = append(w.prefer, w.ix.tier(name))
	}
	return nil
}

// among returns the documents that are in all sets and all filters. The result
// may be one of them.
func (w *walk) among(sets []*roaring.Bitmap) *roaring.Bitmap {
	all := append(slices.Clip(w.filters), sets...)
	if len(all) == 0 {
		every := roaring.New()
		every.AddRange(0, uint64(w.ix.documents))
		return every
	}
	slices.SortFunc(all, func(a, b *roaring.Bitmap) int {
		return cmp.Compare(a.GetCardinality(), b.GetCardinality())
	})
	if len(all) == 1 || all[0].IsEmpty() {
		return all[0]
	}
	both := roaring.And(all[0], all[1])
	for _, set := range all[2:] {
		both.And(set)
	}
	return both
}

// full reports whether there are as many hits as wanted.
func (w *walk) full() bool { return len(w.hits) >= w.q.Limit }

// tiers walks the documents of set, tier by tier.
func (w *walk) tiers(set *roaring.Bitmap, c Class, verify bool) error {
	if set.IsEmpty() || w.full() {
		return nil
	}
	for i, tier := range w.prefer {
		if err := w.visit(roaring.And(set, tier), c, i, verify); err != nil || w.full() {
			return err
		}
	}
	for i, tier := range w.prefer {
		if i == 0 {
			set = roaring.AndNot(set, tier)
		} else {
			set.AndNot(tier)
		}
	}
	return w.visit(set, c, len(w.prefer), verify)
}

// visit makes a hit of every document of set whose concept is new, until there
// are enough. Walked in the order of the ranking, the first document of a
// concept is its best.
func (w *walk) visit(set *roaring.Bitmap, c Class, tier int, verify bool) error {
	it := set.Iterator()
	for n := 0; it.HasNext(); n++ {
		if n%4096 == 0 && w.ctx.Err() != nil {
			return w.cancelled()
		}
		doc := it.Next()
		concept := w.terms.Concept(doc)
		if w.seen.has(concept) || w.q.Filter != nil && !w.q.Filter(concept) {
			continue
		}
		if verify {
			w.folded = appendFold(w.folded[:0], w.terms.Term(doc))
			if w.m.inOrder(w.folded) > c {
				continue
			}
		}
		w.seen.add(concept)
		w.hits = append(w.hits, Hit{Doc: doc, Concept: concept, Class: c, Tier: tier})
		if w.full() {
			return nil
		}
	}
	return nil
}

// result returns the hits and counts the concepts that are not among them.
func (w *walk) result() (Result, error) {
	r := Result{Hits: w.hits, Total: w.seen.len(), Exact: true}
	if !w.full() {
		return r, nil // everything has been walked
	}
	bound := max(countBound, w.q.Limit)
	it := w.base.Iterator()
	for n := 0; it.HasNext() && r.Exact; n++ {
		if n%4096 == 0 && w.ctx.Err() != nil {
			return Result{}, w.cancelled()
		}
		concept := w.terms.Concept(it.Next())
		switch {
		case n == countVisits:
			r.Exact = false
		case w.seen.has(concept) || w.q.Filter != nil && !w.q.Filter(concept):
		case w.seen.len() == bound:
			r.Exact = false
		default:
			w.seen.add(concept)
		}
	}
	r.Total = w.seen.len()
	return r, nil
}

func (w *walk) cancelled() error {
	return &terminology.Error{Op: "search.Index.Search", Kind: terminology.Unavailable, Err: context.Cause(w.ctx)}
}

// conceptSet is a set of concepts: a hash table with open addressing, where 0 is
// an empty place and n+1 stands for n.
type conceptSet struct {
	table []uint64
	count int
}

const smallSet = 4096 // places; twice what most searches fill

func (s *conceptSet) reset() {
	if len(s.table) != smallSet {
		s.table = make([]uint64, smallSet)
	} else if s.count > 0 {
		clear(s.table)
	}
	s.count = 0
}

func (s *conceptSet) len() int { return s.count }

// place returns where concept is, or where it would be.
func (s *conceptSet) place(concept uint32) int {
	mask := len(s.table) - 1
	i := int(concept*0x9E3779B1>>8) & mask
	for s.table[i] != 0 && s.table[i] != uint64(concept)+1 {
		i = (i + 1) & mask
	}
	return i
}

func (s *conceptSet) has(concept uint32) bool { return s.table[s.place(concept)] != 0 }

// add adds a concept that is not in the set.
func (s *conceptSet) add(concept uint32) {
	if s.count++; 2*s.count > len(s.table) {
		old := s.table
		s.table = make([]uint64, 4*len(old))
		for _, v := range old {
			if v != 0 {
				s.table[s.place(uint32(v-1))] = v
			}
		}
	}
	s.table[s.place(concept)] = uint64(concept) + 1
}
