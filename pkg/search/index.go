package search

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Index is the text index of one release, open for reading. It is safe for
// concurrent use.
type Index struct {
	documents int
	tiers     map[string]docSet // documents by tier
	combos    combos            // the tiers of each document
	walks     sync.Pool         // of *walk
	sets      sync.Pool         // of *conceptBits
	cache     cache
	analysis  *analysis
	norwegian docSet // documents of Norwegian terms

	wordsOnce sync.Once
	wordList  wordList // see words
	wordsErr  error

	vocabularies vocabularies
	prepared     sync.Once   // prepare has been begun
	closing      atomic.Bool // words that are being read need not be read to the end

	mu   sync.RWMutex // held for reading by every search, so that Close waits
	open bool
	seg  segment.Segment // nil when there are no documents
}

// Open opens the index that a Builder has written in dir. The error is Corrupt
// when the directory is not whole, and Unavailable when the index was built with
// another mapping version and must be built again.
func Open(dir string) (*Index, error) {
	const op = "search.Open"
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	ix := &Index{documents: m.Documents, open: true}
	if m.Documents == 0 {
		return ix, nil
	}
	if err := ix.read(dir); err != nil {
		ix.Close()
		return nil, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: fmt.Errorf("%s: %w", dir, err)}
	}
	return ix, nil
}

// read opens the files of an index that has documents, and reads what every search needs.
func (ix *Index) read(dir string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = unreadable(p)
		}
	}()
	// Scorch would open the same segment through root.bolt, with a file lock and a
	// goroutine that a read-only index has no use for.
	path := filepath.Join(dir, segmentFile)
	if err := checkFrame(path, ix.documents); err != nil {
		return err
	}
	if ix.seg, err = plugin.Open(path); err != nil {
		return err
	}
	if err := ix.readTiers(); err != nil {
		return err
	}
	ix.analysis, err = readAnalysis(dir)
	return err
}

// readTiers keeps the tiers, which every search needs.
func (ix *Index) readTiers() error {
	tiers, err := ix.dictionary(fieldTier)
	if err != nil {
		return err
	}
	ix.tiers = make(map[string]docSet)
	var bad error
	err = tiers.each(anything{}, nil, nil, func(term string, docs *roaring.Bitmap) bool {
		ix.tiers[term], bad = newDocSet(docs, ix.documents)
		return bad == nil
	})
	ix.combos = newCombos(ix.tiers, ix.documents)
	if err = cmp.Or(err, bad); err != nil {
		return err
	}
	stems, err := ix.dictionary(fieldStem)
	if err == nil {
		ix.norwegian, err = stems.set(norwegianTerm)
	}
	return err
}

// Close waits for searches under way and closes the index. Searches after it
// fail, and one that has just begun to read all words of the index.
func (ix *Index) Close() error {
	ix.closing.Store(true)
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if !ix.open {
		return nil
	}
	ix.open = false
	if ix.seg == nil {
		return nil
	}
	if err := ix.seg.Close(); err != nil {
		return &terminology.Error{Op: "search.Index.Close", Err: err}
	}
	return nil
}

// errClosed is the error of what is asked after Close, or was not done then.
var errClosed error = &terminology.Error{Op: "search.Index.Search", Kind: terminology.Unavailable, Err: errors.New("the index is closed")}

// prepare reads what the first typing error would wait for. It goes on beside the first
// search, and its error is that of who asks for what it could not read.
func (ix *Index) prepare() {
	defer func() { _ = recover() }() // of a damaged index: see errUnread
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.open {
		_, _ = ix.vocabulary(fieldWord)
	}
}

// Len returns the number of documents.
func (ix *Index) Len() int { return ix.documents }

// noDocs is what a term has that is not in the index. It is never written to.
var noDocs = roaring.New()

// dictionary is the terms of one field, for one search at a time.
type dictionary struct {
	segment.TermDictionary
	ix    *Index
	field string
}

func (ix *Index) dictionary(field string) (dictionary, error) {
	dict, err := ix.seg.Dictionary(field)
	return dictionary{dict, ix, field}, err
}

// set returns the documents that have term.
func (d dictionary) set(term string) (docSet, error) {
	return d.cached(term, term, func() (*roaring.Bitmap, error) { return d.docs([]byte(term)) })
}

// setOfPrefix returns the documents of all the terms that begin with prefix. The
// cache has it under a key that no token is.
func (d dictionary) setOfPrefix(prefix string) (docSet, error) {
	return d.cached(prefix+"*", prefix, func() (*roaring.Bitmap, error) {
		end := []byte(prefix + "\xff") // no UTF-8 begins with 0xff
		return d.anyOf(anything{}, []byte(prefix), end, 0)
	})
}

// cached returns the set that the cache has for key, or what read reads: the documents that
// have a spelling.
func (d dictionary) cached(key, spelling string, read func() (*roaring.Bitmap, error)) (docSet, error) {
	var buf [64]byte
	full := append(append(append(buf[:0], d.field...), ' '), key...)
	if set, found := d.ix.cache.get(full); found {
		return set, nil
	}
	docs, err := read()
	if err != nil {
		return docSet{}, err
	}
	set, err := newDocSet(docs, d.ix.documents)
	if err == nil {
		set.index(d.ix.documents)
		if d.field == fieldEdge || d.field == fieldWord {
			set.facts = &facts{spelling: spelling}
		}
		d.ix.cache.put(full, set)
	}
	return set, err
}

// docs returns the documents that have term as the index holds them. They must
// not be changed or kept.
func (d dictionary) docs(term []byte) (*roaring.Bitmap, error) {
	list, err := d.PostingsList(term, nil, nil)
	if err != nil {
		return nil, err
	}
	it, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator)
	if !ok {
		return noDocs, nil // Bleve's iterator over nothing
	}
	if doc, single := it.DocNum1Hit(); single {
		return roaring.BitmapOf(uint32(doc)), nil
	}
	if set := it.ActualBitmap(); set != nil {
		return set, nil
	}
	return noDocs, nil
}

// quickIterator is a dictionary that can walk its terms without counting the documents
// of each, which it would have to read.
type quickIterator interface {
	AutomatonIteratorOmitCount(a segment.Automaton, start, end []byte) segment.DictionaryIterator
}

func (d dictionary) iterator(a segment.Automaton, start, end []byte) segment.DictionaryIterator {
	if quick, ok := d.TermDictionary.(quickIterator); ok {
		return quick.AutomatonIteratorOmitCount(a, start, end)
	}
	return d.AutomatonIterator(a, start, end)
}

// terms calls do with all the terms from start up to end, when there is one, in order. It
// ends when the index is closed.
func (d dictionary) terms(start, end []byte, do func(string)) error {
	if len(end) == 0 {
		end = nil
	}
	it := d.iterator(anything{}, start, end)
	for {
		entry, err := it.Next()
		if err != nil || entry == nil {
			return err
		}
		if d.ix.closing.Load() {
			return errClosed
		}
		do(entry.Term)
	}
}

// each calls do with all the terms that a accepts from start (to end, when there
// is one) and their documents, in order, until do returns false.
func (d dictionary) each(a segment.Automaton, start, end []byte, do func(string, *roaring.Bitmap) bool) error {
	it := d.iterator(a, start, end)
	for {
		entry, err := it.Next()
		if err != nil || entry == nil {
			return err
		}
		set, err := d.docs([]byte(entry.Term))
		if err != nil {
			return err
		}
		if !do(entry.Term, set) {
			return nil
		}
	}
}

// anyOf returns the documents of all the terms that a accepts from start to end,
// or those of the first max terms, if max is not 0.
func (d dictionary) anyOf(a segment.Automaton, start, end []byte, max int) (*roaring.Bitmap, error) {
	var sets []*roaring.Bitmap
	err := d.each(a, start, end, func(_ string, docs *roaring.Bitmap) bool {
		sets = append(sets, docs)
		return len(sets) != max
	})
	return union(sets), err
}

// union returns the union of sets, which may be one of them.
func union(sets []*roaring.Bitmap) *roaring.Bitmap {
	switch len(sets) {
	case 0:
		return noDocs
	case 1:
		return sets[0]
	}
	return roaring.FastOr(sets...)
}

// anything is the automaton that accepts all terms.
type anything struct{}

func (anything) Start() int               { return 0 }
func (anything) IsMatch(int) bool         { return true }
func (anything) CanMatch(int) bool        { return true }
func (anything) WillAlwaysMatch(int) bool { return true }
func (anything) Accept(int, byte) int     { return 0 }
