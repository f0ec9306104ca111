package search

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// walk is the state of one search. Walks are pooled.
type walk struct {
	ctx   context.Context
	q     Query
	m     Matcher
	terms Terms

	ix            *Index // as the dictionaries, the same for all searches of the walk
	edges, tokens dictionary
	begin, exact  dictionary
	stems, parts  dictionary
	shorts        dictionary

	filters []docSet // every document must be in all of them
	prefer  []docSet // the documents of each preferred tier
	words   []docSet // the documents of each word of the text
	more    []docSet // those that have it by their forms and parts only
	wide    []docSet // both
	base    []docSet // what matches is in all of them
	settled bool     // base is one set

	hits   []Hit
	seen   conceptSet // concepts that have been hit or counted
	cursor cursor

	class          []docSet // scratch, as the rest
	few, half      picked
	plain          []uint32 // those of few that match as they are written
	sieve          sieve
	listed         []uint32
	others         []uint32
	union          []*roaring.Bitmap
	docs, concepts [64]uint32
	folded         []byte

	found, failed []found  // scratch of rankFew
	places        []uint8  // of few
	counts        []uint32 // of each place
	starts        []uint32
	exactDocs     []uint32
	marks         marks
	oneDoc        [1]uint32
	oneTerm       [1]string
	headDocs      [headTerms]uint32
	heads         [headTerms]string
	ranks         [256]uint8
	length        int  // of the folded text
	total         int  // concepts that match, when rankFew has told
	lower         bool // the total is a lower bound
}

// newWalk returns a walk with its dictionaries open.
func (ix *Index) newWalk() (*walk, error) {
	w := &walk{ix: ix}
	for _, d := range []struct {
		to    *dictionary
		field string
	}{{&w.edges, fieldEdge}, {&w.tokens, fieldWord}, {&w.begin, fieldBegin}, {&w.exact, fieldExact}, {&w.stems, fieldStem}, {&w.parts, fieldPart}, {&w.shorts, fieldShort}} {
		var err error
		if *d.to, err = ix.dictionary(d.field); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// start begins a search: it looks up what does not depend on the text.
func (w *walk) start(ctx context.Context, q Query, m Matcher, t Terms) error {
	w.ctx, w.q, w.m, w.terms = ctx, q, m, t
	w.seen.reset()
	w.total, w.lower = 0, false
	w.hits = make([]Hit, 0, min(q.Limit, 64))
	w.filters, w.prefer = w.filters[:0], w.prefer[:0]
	if !q.Inactive {
		w.filters = append(w.filters, w.ix.tiers[activeTier])
	}
	if q.Within != nil {
		within, err := w.within(q.Within)
		if err != nil {
			return err
		}
		w.filters = append(w.filters, within)
	}
	for _, f := range [...]struct{ name, term string }{{fieldTag, q.Tag}, {fieldUse, q.Use}} {
		if f.term == "" {
			continue
		}
		keywords, err := w.ix.dictionary(f.name)
		if err != nil {
			return err
		}
		set, err := keywords.set(f.term)
		if err != nil {
			return err
		}
		w.filters = append(w.filters, set)
	}
	if len(q.Tiers) > 0 {
		w.filters = append(w.filters, w.ix.anyTier(q.Tiers))
	}
	for _, name := range q.Prefer {
		w.prefer = append(w.prefer, w.ix.tiers[name])
	}
	return nil
}

// within returns the documents of set that the index has.
func (w *walk) within(set *roaring.Bitmap) (docSet, error) {
	if !set.IsEmpty() && int(set.Maximum()) >= w.ix.documents {
		set = set.Clone()
		set.RemoveRange(uint64(w.ix.documents), 1<<32)
	}
	return newDocSet(set, w.ix.documents)
}

// end lets go of what is the caller's.
func (w *walk) end() {
	clear(w.filters)
	clear(w.heads[:])
	w.oneTerm[0] = ""
	w.ctx, w.q, w.m, w.terms, w.hits = nil, Query{}, Matcher{}, nil, nil
}

// among makes base the documents that are in all sets and all filters.
func (w *walk) among(sets []docSet) error {
	if err := w.meet(sets); err != nil || w.settled || w.q.narrow == nil {
		return err
	}
	for _, s := range w.base {
		if s.size < lookup*w.q.concepts {
			return nil
		}
	}
	w.narrow()
	return w.meet(sets)
}

// narrow makes the documents of a small value set a filter.
func (w *walk) narrow() {
	if w.q.narrow != nil {
		docs := w.q.narrow()
		w.filters = append(w.filters, docSet{size: len(docs), list: docs})
		w.q.narrow = nil
	}
}

// meet makes base filters and sets, or when few documents are in all of them the
// one set of those: they are looked for once instead of once for each class and
// tier. Where more match, there are mostly enough hits before all have been seen.
func (w *walk) meet(sets []docSet) error {
	w.settled = false
	w.base = append(append(w.base[:0], sets...), w.filters...) // filters are in most
	if len(w.base) == 0 {
		w.base = append(w.base, everyDoc(w.ix.documents))
	}
	if len(sets) < 2 && !slices.ContainsFunc(w.base, func(s docSet) bool { return s.size <= fewDocs }) {
		return nil // they are many
	}
	if lead := shortest(w.base); lead >= 0 && lead < len(sets) && sets[lead].facts != nil {
		few, err := w.meetOf(lead, sets)
		if few {
			w.settle()
		}
		return err
	}
	w.few.reset()
	w.few.known = false
	w.cursor.start(w.base)
	for len(w.few.docs) <= fewDocs {
		n := w.cursor.next(w.docs[:])
		if n == 0 {
			w.settle()
			return nil
		}
		w.few.docs = append(w.few.docs, w.docs[:n]...)
	}
	return nil
}

// shortest returns which set has the shortest list; -1 when one is empty, or none has a list.
func shortest(sets []docSet) int {
	lead := -1
	for i, s := range sets {
		switch {
		case s.size == 0:
			return -1
		case s.list != nil && (lead < 0 || len(s.list) < len(sets[lead].list)):
			lead = i
		}
	}
	return lead
}

// some reports whether any document matches.
func (w *walk) some() bool {
	w.cursor.start(w.base)
	return w.cursor.next(w.docs[:1]) > 0
}

// full reports whether there are as many hits as wanted.
func (w *walk) full() bool { return len(w.hits) >= w.q.Limit }

// tiers walks the documents that are in all sets, tier by tier.
func (w *walk) tiers(sets []docSet, c Class, verify bool) error {
	if !verify {
		return w.tiersOf(sets, c, check{})
	}
	return w.tiersOf(sets, c, check{matcher: &w.m, most: c})
}

// check is what the term itself must confirm of a document; the zero check is nothing.
type check struct {
	matcher *Matcher
	most    Class // the class that the matcher gives the term is no worse
	bare    bool  // the term is compared as typed without æ, ø and å
}

// tiersOf is tiers with any check.
func (w *walk) tiersOf(sets []docSet, c Class, verify check) error {
	for i, tier := range w.prefer {
		if w.full() {
			return nil
		}
		w.cursor.start(sets)
		w.cursor.and(tier)
		if err := w.visit(c, i, verify); err != nil {
			return err
		}
	}
	if w.full() {
		return nil
	}
	w.cursor.start(sets)
	for _, tier := range w.prefer {
		w.cursor.andNot(tier)
	}
	return w.visit(c, len(w.prefer), verify)
}

// visit makes a hit of every document of the cursor whose concept is new, until
// there are enough. Walked in the order of the ranking, the first document of a
// concept is its best.
func (w *walk) visit(c Class, tier int, verify check) error {
	for {
		docs, concepts, err := w.next()
		if err != nil || len(docs) == 0 {
			return err
		}
		for i, concept := range concepts {
			if !w.asked(concept) || w.seen.has(concept) {
				continue
			}
			if verify.matcher != nil {
				w.folded = language.AppendFold(w.folded[:0], w.term(docs[i]))
				if verify.bare {
					w.folded = barely(w.folded)
				}
				if verify.matcher.inOrder(w.folded) > verify.most {
					continue
				}
			}
			w.seen.add(concept)
			w.hits = append(w.hits, Hit{Doc: docs[i], Concept: concept, Class: c, Tier: tier})
			if w.full() {
				return nil
			}
		}
	}
}

// term returns the term of a document.
func (w *walk) term(doc uint32) string {
	w.oneDoc[0] = doc
	w.terms.DocumentTerms(w.oneDoc[:], w.oneTerm[:])
	return w.oneTerm[0]
}

// next returns the next documents of the cursor and their concepts, none at the
// end. Concepts are far apart in memory: asked for together, they come together.
func (w *walk) next() (docs, concepts []uint32, err error) {
	if w.ctx.Err() != nil {
		return nil, nil, w.cancelled()
	}
	docs = w.docs[:w.cursor.next(w.docs[:])]
	concepts = w.concepts[:len(docs)]
	w.terms.DocumentConcepts(docs, concepts)
	return docs, concepts, nil
}

// asked reports whether a concept is one of those asked for.
func (w *walk) asked(concept uint32) bool {
	if w.q.only != nil {
		return int(concept/64) < len(w.q.only) && w.q.only[concept/64]>>(concept%64)&1 != 0
	}
	return w.q.Filter == nil || w.q.Filter(concept)
}

// result returns the hits and counts the concepts that are not among them.
func (w *walk) result() (Result, error) {
	r := Result{Hits: w.hits, Total: w.seen.len(), Exact: true}
	if w.total > 0 {
		r.Total, r.Exact = w.total, !w.lower
		return r, nil
	}
	if !w.full() {
		return r, nil // everything has been walked
	}
	bound, visits := max(countBound, w.q.Limit), max(countVisits, 4*w.q.Limit)
	if w.settled {
		visits = fewDocs
	}
	w.cursor.start(w.base)
	for r.Exact {
		_, concepts, err := w.next()
		if err != nil {
			return Result{}, err
		}
		if len(concepts) == 0 {
			break
		}
		r.Exact = visits >= len(concepts)
		for _, concept := range concepts[:min(len(concepts), visits)] {
			switch {
			case !w.asked(concept):
			case w.seen.len() < bound:
				w.seen.add(concept)
			case !w.seen.has(concept):
				r.Exact = false
			}
		}
		visits -= len(concepts)
	}
	r.Total, r.Exact = w.seen.len(), r.Exact && !w.lower
	return r, nil
}

func (w *walk) cancelled() error {
	return &terminology.Error{Op: "search.Index.Search", Kind: terminology.Unavailable, Err: context.Cause(w.ctx)}
}
