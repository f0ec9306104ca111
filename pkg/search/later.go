package search

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// OpenLater is Open for a release that may never be searched: it reads the manifest of
// the index, and compares the size of the segment with it, and opens the index when it is
// first asked. The errors are those of Open, of which it finds at once what the manifest
// tells, and each search that needs the index the rest.
func OpenLater(dir string) (terminology.TextIndex, error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	return &later{dir: dir, documents: m.Documents, manifest: m}, nil
}

// later is an index that is opened when it is first asked.
type later struct {
	dir       string
	documents int
	manifest  manifest // as it was when the release was opened
	opened    atomic.Pointer[textIndex]

	mu     sync.Mutex // of opening and closing
	closed bool
}

// index returns the index, open. An index that cannot be opened is tried again by the
// next search: it may be that only file descriptors ran out.
func (l *later) index() (*textIndex, error) {
	if ix := l.opened.Load(); ix != nil {
		return ix, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if ix := l.opened.Load(); ix != nil {
		return ix, nil
	}
	if l.closed {
		return nil, &terminology.Error{Op: "search.Index.Search", Kind: terminology.Unavailable, Err: errors.New("the index is closed")}
	}
	if m, err := readManifest(l.dir); err == nil && m != l.manifest {
		return nil, &terminology.Error{Op: "search.Index.Search", Kind: terminology.Unavailable, Err: errors.New("the release has been replaced since it was opened: ask again")}
	}
	ix, err := Open(l.dir)
	if err != nil {
		return nil, err
	}
	l.opened.Store(&textIndex{ix})
	return l.opened.Load(), nil
}

// Len returns the number of documents.
func (l *later) Len() int { return l.documents }

// Search finds concepts by words.
func (l *later) Search(ctx context.Context, q terminology.TextQuery, t terminology.TextTerms) (terminology.TextResult, error) {
	ix, err := l.index()
	if err != nil {
		return terminology.TextResult{}, err
	}
	return ix.Search(ctx, q, t)
}

// Candidates returns the documents that have words with all parts.
func (l *later) Candidates(ctx context.Context, parts []terminology.TextPart) (*roaring.Bitmap, error) {
	ix, err := l.index()
	if err != nil {
		return nil, err
	}
	return ix.Candidates(ctx, parts)
}

// Highlight returns a function that gives the parts of a term that a text finds it by; of
// an index that cannot be opened, by the words of the text alone. That it cannot be
// opened Search tells.
func (l *later) Highlight(text string, whole bool) func(term string) []terminology.TextSpan {
	ix, err := l.index()
	if err != nil {
		return (&Index{}).Highlight(text, whole)
	}
	return ix.Highlight(text, whole)
}

// Close closes the index, if it was ever opened. It waits for an opening under way.
func (l *later) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if ix := l.opened.Load(); ix != nil {
		return ix.Close()
	}
	return nil
}
