package search

import (
	"context"
	"errors"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Query is what to search for.
type Query struct {
	// Text is what the user typed. When it is only space, the query is a walk
	// over all documents in rank order, to be narrowed by the other fields.
	Text string
	// Prefer are tiers in order of preference, such as nb-p, nb-a. Documents of
	// no such tier come after them.
	Prefer   []string
	Tag, Use string // keep these only; empty: all
	Inactive bool   // include inactive documents
	Limit    int    // number of concepts wanted; 0: only count
	// Within are the documents to search in; nil: all. For a small set it is much
	// faster than Filter, which must look at every document that matches.
	Within     *roaring.Bitmap
	Filter     func(concept uint32) bool // keep these concepts only; may be nil
	WholeWords bool                      // words must be equal, not only begin alike
}

// Terms is what the index does not hold: the columns of the release.
type Terms interface {
	Concept(doc uint32) uint32 // the ordinal of the document's concept
	Term(doc uint32) string    // the term as published; must not allocate
}

// Hit is one concept found, by its best document.
type Hit struct {
	Doc, Concept uint32
	Class        Class
	Tier         int // position in Query.Prefer; its length for other tiers
}

// Result is what was found, best first.
type Result struct {
	Hits  []Hit
	Total int  // concepts that match
	Exact bool // Total is all of them, not only a lower bound
}

// countBound is the number of concepts up to which Total is exact, and
// countVisits the number of documents looked at beyond the hits to find it.
const (
	countBound  = 1000
	countVisits = 50_000
	maxWords    = 64
)

// Search finds the best q.Limit concepts, each by its best document: in order of
// class, then tier, then document number. The order is exact: the limit is
// applied after it. Class by class and tier by tier the documents are walked in
// rank order until there are enough concepts, so that a short text costs no more
// than a long one.
//
// Letters typed on a foreign keyboard (a for å, o for ø) and typing errors are
// tried only when nothing else matches.
func (ix *Index) Search(ctx context.Context, q Query, t Terms) (Result, error) {
	const op = "search.Index.Search"
	m := NewMatcher(q.Text, q.WholeWords)
	switch {
	case q.Limit < 0:
		return Result{}, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("limit %d", q.Limit)}
	case len(m.words) > maxWords:
		return Result{}, &terminology.Error{Op: op, Kind: terminology.TooCostly, Err: fmt.Errorf("more than %d words", maxWords)}
	case len(m.words) == 0 && !m.blank:
		return Result{Exact: true}, nil // nothing that could be found
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if !ix.open {
		return Result{}, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: errors.New("the index is closed")}
	}
	if ix.seg == nil {
		return Result{Exact: true}, nil
	}
	w := ix.walks.Get().(*walk)
	defer ix.walks.Put(w)
	w.begin(ctx, ix, q, m, t)
	r, err := w.run()
	w.end()
	if err != nil {
		var typed *terminology.Error
		if !errors.As(err, &typed) {
			err = &terminology.Error{Op: op, Err: err}
		}
		return Result{}, err
	}
	return r, nil
}

// run walks the classes, and the last resorts when they find nothing.
func (w *walk) run() (Result, error) {
	if err := w.prepare(); err != nil {
		return Result{}, err
	}
	for _, step := range []func() error{w.ranked, w.bare, w.fuzzy} {
		if err := step(); err != nil {
			return Result{}, err
		}
		r, err := w.result()
		if err != nil || r.Total > 0 || len(w.m.words) == 0 {
			return r, err
		}
	}
	return Result{Exact: true}, nil
}

// ranked walks ClassEqual, ClassBegins and ClassWords.
func (w *walk) ranked() error {
	sets := make([]*roaring.Bitmap, 0, len(w.m.words))
	for _, spellings := range w.m.words {
		set, err := w.word(spellings)
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	w.words = sets
	w.base = w.among(sets)
	if len(w.m.words) == 0 {
		return w.tiers(w.base, ClassAll, false)
	}
	if w.base.IsEmpty() || w.full() {
		return nil
	}
	equal, err := w.equal()
	if err != nil {
		return err
	}
	if err := w.tiers(equal, ClassEqual, true); err != nil || w.full() {
		return err
	}
	begins, verify, err := w.begins()
	if err != nil {
		return err
	}
	if err := w.tiers(begins, ClassBegins, verify); err != nil || w.full() {
		return err
	}
	return w.tiers(w.base, ClassWords, false)
}

// word returns the documents with a word that begins with one of spellings.
func (w *walk) word(spellings []string) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, 0, len(spellings))
	for _, s := range spellings {
		set, err := w.spelling(s)
		if err != nil {
			return nil, err
		}
		if !set.IsEmpty() {
			sets = append(sets, set)
		}
	}
	return union(sets), nil
}

// spelling returns the documents with a word that begins with s: one look-up as
// long as s is no longer than the edges, and few different words after that.
func (w *walk) spelling(s string) (*roaring.Bitmap, error) {
	switch {
	case w.m.whole:
		return w.tokens.docs([]byte(s))
	case letters(s) <= maxEdge:
		return w.edges.docs([]byte(s))
	}
	return w.tokens.withPrefix(s)
}

// equal returns the documents whose term may be the whole text.
func (w *walk) equal() (*roaring.Bitmap, error) {
	typed := make([]byte, 0, 64)
	for i, spellings := range w.m.words {
		if i > 0 {
			typed = append(typed, ' ')
		}
		typed = append(typed, spellings[0]...)
	}
	exact, err := w.ix.dictionary(fieldExact)
	if err != nil {
		return nil, err
	}
	set, err := exact.docs([]byte(exactKey(string(typed))))
	if err != nil || set.IsEmpty() {
		return noDocs, err
	}
	return roaring.And(set, w.base), nil
}

// begins returns the documents whose term may begin with the text, and whether
// the term itself must confirm it.
func (w *walk) begins() (*roaring.Bitmap, bool, error) {
	begin, err := w.ix.dictionary(fieldBegin)
	if err != nil {
		return nil, false, err
	}
	verify := len(w.m.words) > 1 || w.m.whole
	sets := make([]*roaring.Bitmap, 0, maxVariants)
	for _, s := range w.m.words[0] {
		head, n := firstLetters(s, maxEdge)
		verify = verify || n > maxEdge
		set, err := begin.docs([]byte(head))
		if err != nil {
			return nil, false, err
		}
		if !set.IsEmpty() {
			sets = append(sets, set)
		}
	}
	return roaring.And(union(sets), w.base), verify, nil
}
