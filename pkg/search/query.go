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
	Plain      bool                      // no last resorts when nothing matches: none from ClassBareEqual on
	Fuzzy      bool                      // ClassFuzzy also when something matches
	Tiers      []string                  // documents must be in one of these; empty: any
	Collect    bool                      // fill Result.Concepts and Result.Groups
	Groups     [][]string                // tiers to count concepts by

	// narrow returns the documents of the concepts in only, in order, of
	// so many concepts. It is called when that is cheaper than to ask Filter of
	// every document that matches, and before the last resorts. May be nil.
	narrow   func() []uint32
	concepts int
	only     []uint64 // as Filter, a bit for each concept; may be nil
}

// Terms is what the index does not hold: the columns of the release. All searches of an index
// have the same, since what they say of its documents is kept.
type Terms interface {
	DocumentConcepts(docs []uint32, into []uint32) // the ordinals of the documents' concepts
	DocumentTerms(docs []uint32, into []string)    // the terms as published; must not allocate
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

	Concepts *roaring.Bitmap // with Query.Collect: those that match, all when Exact
	Groups   []int           // of those, how many each of Query.Groups has
}

// countBound is the number of concepts up to which Total is exact; where more than
// fewDocs documents match, no more than countVisits of them are looked at to find
// it. Both grow with the limit. Where there are as many hits as wanted, and more than
// fewLead documents would have to be looked at to count what matches by other forms and
// parts, Total is that of the rest.
const (
	countBound  = 1000
	countVisits = 2048
	fewDocs     = 4096
	lookup      = 40 // documents that can be filtered while those of one concept are looked up
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
		return Result{}, errClosed
	}
	if ix.seg == nil {
		return Result{Exact: true}, nil
	}
	ix.prepared.Do(func() { go ix.prepare() })
	r, err := ix.search(ctx, q, m, t)
	if err != nil {
		var typed *terminology.Error
		if !errors.As(err, &typed) {
			err = &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: err} // of what the segment should hold
		}
		return Result{}, err
	}
	return r, nil
}

// search does it with a walk of the pool.
func (ix *Index) search(ctx context.Context, q Query, m Matcher, t Terms) (r Result, err error) {
	defer func() { // without the walk, which is in no state to be used again
		if p := recover(); p != nil {
			r, err = Result{}, &terminology.Error{Op: "search.Index.Search", Kind: terminology.Corrupt, Err: unreadable(p)}
		}
	}()
	w, ok := ix.walks.Get().(*walk)
	if !ok {
		if w, err = ix.newWalk(); err != nil {
			return Result{}, err
		}
	}
	if err = w.start(ctx, q, m, t); err == nil {
		r, err = w.run()
	}
	w.end()
	ix.walks.Put(w)
	return r, err
}

// run walks the classes, and the last resorts when they find nothing. Typing errors that
// are asked for come after what was found without them.
func (w *walk) run() (Result, error) {
	if err := w.ranked(); err != nil {
		return Result{}, err
	}
	r, err := w.tell()
	if err != nil || len(w.m.words) == 0 {
		return r, err
	}
	guess := r.Total == 0 && !w.q.Plain
	if guess {
		w.narrow() // for the last resorts, what is not in the value set is not there
		if err := w.bare(); err != nil {
			return Result{}, err
		}
		if r, err = w.tell(); err != nil {
			return r, err
		}
	}
	if guess && r.Total == 0 || w.q.Fuzzy {
		w.narrow()
		if err := w.fuzzy(); err != nil {
			return Result{}, err
		}
		return w.tell()
	}
	return r, nil
}

// tell returns what has been found.
func (w *walk) tell() (Result, error) {
	if w.q.Collect {
		return w.collect()
	}
	return w.result()
}

// ranked walks ClassEqual to ClassCompound.
func (w *walk) ranked() error {
	w.words = w.words[:0]
	for _, spellings := range w.m.words {
		set, err := w.word(spellings)
		if err != nil {
			return err
		}
		w.words = append(w.words, set)
	}
	if len(w.m.words) == 0 {
		if err := w.among(w.words); err != nil {
			return err
		}
		return w.tiers(w.base, ClassAll, false)
	}
	some, err := w.lookMore()
	if err == nil {
		err = w.join()
	}
	if err != nil {
		return err
	}
	wide, done, err := w.meetMore(some)
	if err != nil || done {
		return err
	}
	if !some && !w.some() {
		return nil
	}
	if w.full() && !w.settled && !w.q.Collect {
		w.lower = some
		return nil
	}
	if err := w.equal(); err != nil {
		return err
	}
	if err := w.abbreviation(); err != nil {
		return err
	}
	if err := w.begins(); err != nil {
		return err
	}
	w.class = append(append(w.class[:0], w.base...), w.words...)
	if err := w.tiers(w.class, ClassWords, false); err != nil || !some {
		return err
	}
	if w.full() && !w.settled && !w.q.Collect {
		w.lower = true
		return nil
	}
	if !wide {
		w.widen()
		if err := w.among(w.wide); err != nil {
			return err
		}
	}
	forms, err := w.sameForms()
	if err != nil {
		return err
	}
	set, err := newDocSet(forms, w.ix.documents)
	if err != nil {
		return err
	}
	w.class = append(append(w.class[:0], w.base...), set)
	if err := w.tiers(w.class, ClassForms, false); err != nil {
		return err
	}
	return w.tiers(w.base, ClassCompound, false)
}

// meetMore makes base the documents that match, those by forms and parts too (wide) where
// some have any and they can be told to be few, and ranks few at once (done).
func (w *walk) meetMore(some bool) (wide, done bool, err error) {
	lead, documents := -1, 0
	if some {
		lead, documents = w.leading()
	}
	look := documents // beyond what is looked at anyway
	if len(w.words) == 1 && some {
		look = w.more[0].size
	}
	if lead >= 0 && look <= fewLead && documents <= maxLead {
		if all, err := w.meetAll(lead); all || err != nil {
			return w.rankAll(err)
		}
	}
	if err := w.among(w.words); err != nil || !w.settled {
		return false, false, err
	}
	if !some {
		done, err = w.rankSettled(false)
		return true, done, err
	}
	// Enough hits without forms and parts are shown without counting the rest: the total is
	// a lower bound.
	if len(w.few.docs) >= w.q.Limit && w.q.Limit > 0 && !w.q.Collect {
		if done, err = w.rankSettled(false); err != nil {
			return false, false, err
		}
		if done && w.full() {
			w.lower = true
			return false, true, nil
		}
		w.hits, w.total = w.hits[:0], 0 // again, with the rest
	}
	if lead >= 0 && documents <= maxLead {
		if all, err := w.meetAll(lead); all || err != nil {
			return w.rankAll(err)
		}
	}
	if err := w.among(w.words); err != nil || !w.findMore() {
		return false, false, err
	}
	some = len(w.others) > 0
	w.mergeOthers()
	done, err = w.rankSettled(some)
	return true, done, err
}

// rankAll ranks the documents that meetAll has found, when it has not failed.
func (w *walk) rankAll(failed error) (wide, done bool, err error) {
	if failed != nil {
		return false, false, failed
	}
	done, err = w.rankSettled(len(w.plain) < len(w.few.docs))
	return true, done, err
}

// rankSettled ranks the documents of w.few, all of the base, if they can be ranked in one
// pass, and reports whether they have been. Some tells that some of them are not in w.plain.
func (w *walk) rankSettled(some bool) (done bool, err error) {
	switch {
	case w.q.Fuzzy || w.ix.combos.of == nil || len(w.prefer) >= maxFewTiers:
		return false, nil
	case len(w.few.docs) == 0:
		return true, nil
	}
	return true, w.rankFew(some)
}

// join adds to the sets of words those of the words that they are with their neighbours.
func (w *walk) join() error {
	for i, joined := range w.m.joined {
		if joined == "" {
			continue
		}
		set, err := w.spelling(joined)
		if err != nil {
			return err
		}
		if set.size == 0 {
			continue
		}
		for k := i; k <= i+1; k++ {
			w.words[k] = unionOf([]docSet{w.words[k], set}, w.ix.documents)
		}
	}
	return nil
}

// word returns the documents with a word that begins with one of spellings.
func (w *walk) word(spellings []string) (docSet, error) {
	if len(spellings) == 1 {
		return w.spelling(spellings[0])
	}
	return w.anySpelling(spellings, w.spelling)
}

// anySpelling returns the documents that look finds for any of spellings.
func (w *walk) anySpelling(spellings []string, look func(string) (docSet, error)) (docSet, error) {
	sets := make([]docSet, 0, maxVariants)
	for _, s := range spellings {
		set, err := look(s)
		if err != nil {
			return docSet{}, err
		}
		if set.size > 0 {
			sets = append(sets, set)
		}
	}
	return unionOf(sets, w.ix.documents), nil
}

// spelling returns the documents with a word that begins with s: one look-up as
// long as s is no longer than the edges, and few different words after that.
func (w *walk) spelling(s string) (docSet, error) {
	switch {
	case w.m.whole:
		return w.tokens.set(s)
	case letters(s) <= maxEdge:
		return w.edges.set(s)
	}
	return w.tokens.setOfPrefix(s)
}

// exactKey returns the key of the whole text.
func (w *walk) exactKey() string {
	w.folded = w.folded[:0]
	for i, spellings := range w.m.words {
		if i > 0 {
			w.folded = append(w.folded, ' ')
		}
		w.folded = append(w.folded, spellings[0]...)
	}
	return exactKey(string(w.folded))
}

// equal walks ClassEqual: documents whose term may be the whole text.
func (w *walk) equal() error {
	docs, err := w.exact.docs([]byte(w.exactKey()))
	if err != nil || docs.IsEmpty() {
		return err
	}
	set, err := newDocSet(docs, w.ix.documents)
	if err != nil {
		return err
	}
	w.class = append(append(w.class[:0], w.base...), set)
	return w.tiers(w.class, ClassEqual, true)
}

// abbreviation walks ClassAbbreviation: documents with an abbreviation that is the text.
func (w *walk) abbreviation() error {
	if !w.m.mayAbbreviate() {
		return nil
	}
	set, err := w.anySpelling(w.m.words[0], w.shorts.set)
	if err != nil || set.size == 0 {
		return err
	}
	w.class = append(append(w.class[:0], w.base...), set)
	return w.tiers(w.class, ClassAbbreviation, false)
}

// begins walks ClassBegins: documents whose first word begins as the text does.
func (w *walk) begins() error {
	set, long, err := w.beginning()
	if err != nil {
		return err
	}
	switch {
	case w.settled:
		w.class = append(append(w.class[:0], w.base...), w.words...)
	case w.m.whole || long:
		w.class = append(append(w.class[:0], w.filters...), w.words...)
	default: // set is part of the first word
		w.class = append(append(w.class[:0], w.filters...), w.words[1:]...)
	}
	w.class = append(w.class, set)
	return w.tiers(w.class, ClassBegins, long || w.verify())
}

// verify reports whether the term itself must confirm that it begins as the text does,
// since how its first word begins is not all there is to it.
func (w *walk) verify() bool { return len(w.m.words) > 1 || w.m.whole }

// beginning returns the documents whose first word begins as that of the text does, as
// far as the index tells: not all of it when the word is long.
func (w *walk) beginning() (set docSet, long bool, err error) {
	set, err = w.anySpelling(w.m.words[0], func(s string) (docSet, error) {
		head, n := firstLetters(s, maxEdge)
		long = long || n > maxEdge
		return w.begin.set(head)
	})
	return set, long, err
}
