package search

import (
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// maxCollected is how many documents are looked at to collect the concepts that match.
const maxCollected = 1 << 19

// collect returns the hits with all concepts that match, and how many of them have a
// document that matches in each group of tiers.
func (w *walk) collect() (Result, error) {
	r := Result{Hits: w.hits, Exact: true, Groups: make([]int, len(w.q.Groups))}
	groups, of := make([]docSet, len(w.q.Groups)), make([]marks, len(w.q.Groups))
	for i, tiers := range w.q.Groups {
		groups[i] = w.ix.anyTier(tiers)
	}
	var all marks // of hundreds of thousands, a bit each is quicker than a compressed set
	w.cursor.start(w.base)
	for seen := 0; ; {
		docs, concepts, err := w.next()
		if err != nil {
			return Result{}, err
		}
		if seen += len(docs); len(docs) == 0 || seen > maxCollected {
			r.Exact = len(docs) == 0
			break
		}
		for i, concept := range concepts {
			if !w.asked(concept) {
				continue
			}
			if all.add(concept) {
				r.Total++
			}
			for g := range groups {
				if groups[g].has(docs[i]) && of[g].add(concept) {
					r.Groups[g]++
				}
			}
		}
	}
	r.Concepts = roaring.FromDense(all.bits, false)
	return r, nil
}

// anyTier returns the documents that are in one of some tiers.
func (ix *Index) anyTier(tiers []string) docSet {
	if len(tiers) == 1 {
		return ix.tiers[tiers[0]]
	}
	key := "tiers " + strings.Join(tiers, " ")
	if set, found := ix.cache.get([]byte(key)); found {
		return set
	}
	sets := make([]docSet, 0, len(tiers))
	for _, name := range tiers {
		if set := ix.tiers[name]; set.size > 0 {
			sets = append(sets, set)
		}
	}
	set := unionOf(sets, ix.documents)
	ix.cache.put([]byte(key), set)
	return set
}
