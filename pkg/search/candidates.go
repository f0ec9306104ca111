package search

import (
	"context"
	"errors"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Candidates returns the documents, inactive ones too, that have for each part a
// word that holds it. The set is the caller's. It looks at words, not at documents:
// the first letters of a word are one look-up, its end or middle a walk over the
// different words of the release.
func (ix *Index) Candidates(ctx context.Context, parts []terminology.TextPart) (all *roaring.Bitmap, err error) {
	const op = "search.Index.Candidates"
	defer func() {
		if p := recover(); p != nil {
			all, err = nil, &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: unreadable(p)}
		}
	}()
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if !ix.open {
		return nil, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: errors.New("the index is closed")}
	}
	all = roaring.New()
	all.AddRange(0, uint64(ix.documents))
	if ix.seg == nil {
		return all, nil
	}
	for _, p := range parts {
		if ctx.Err() != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		docs, err := ix.holding(ctx, p)
		if ctx.Err() != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if err != nil {
			kind := terminology.KindOf(err)
			if kind == terminology.Other {
				kind = terminology.Corrupt // of what the segment should hold
			}
			return nil, &terminology.Error{Op: op, Kind: kind, Err: err}
		}
		if all.And(docs); all.IsEmpty() {
			break
		}
	}
	return all, nil
}

// holding returns the documents with a word that holds p, some of them when the context
// ends. They must not be changed.
func (ix *Index) holding(ctx context.Context, p terminology.TextPart) (*roaring.Bitmap, error) {
	words, err := ix.dictionary(fieldWord)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Begins && p.Ends:
		return words.docs([]byte(p.Text))
	case p.Begins && letters(p.Text) <= maxEdge:
		edges, err := ix.dictionary(fieldEdge)
		if err != nil {
			return nil, err
		}
		return edges.docs([]byte(p.Text))
	case p.Begins:
		return words.anyOf(anything{}, []byte(p.Text), []byte(p.Text+"\xff"), 0)
	}
	list, err := ix.words()
	if err != nil {
		return nil, err
	}
	sets := make([]*roaring.Bitmap, 0, 512)
	list.holding(p.Text, p.Ends, func(word string) bool {
		var docs *roaring.Bitmap
		docs, err = words.docs([]byte(word))
		if sets = append(sets, docs); len(sets) == cap(sets) { // one set of those so far
			sets = append(sets[:0], union(sets))
			return err == nil && ctx.Err() == nil
		}
		return err == nil
	})
	return union(sets), err
}

// wordList is the different words of an index, each between two newlines, which no
// word has: one search through the text finds what holds a part.
type wordList struct{ text string }

// words returns the words of the index, read once.
func (ix *Index) words() (wordList, error) {
	ix.wordsOnce.Do(func() {
		ix.wordsErr = errUnread
		dict, err := ix.dictionary(fieldWord)
		if err != nil {
			ix.wordsErr = err
			return
		}
		var b strings.Builder
		b.WriteByte('\n')
		ix.wordsErr = dict.terms(nil, nil, func(word string) {
			b.WriteString(word)
			b.WriteByte('\n')
		})
		ix.wordList = wordList{b.String()}
	})
	return ix.wordList, ix.wordsErr
}

// holding calls do with each word that holds part, or that ends with it, in order,
// until do returns false.
func (l wordList) holding(part string, ends bool, do func(string) bool) {
	find := part
	if ends {
		find += "\n"
	}
	for at := 0; ; {
		i := strings.Index(l.text[at:], find)
		if i < 0 || part == "" {
			return
		}
		start := strings.LastIndexByte(l.text[:at+i], '\n') + 1
		end := at + i + strings.IndexByte(l.text[at+i:], '\n')
		if !do(l.text[start:end]) {
			return
		}
		at = end // the newline also begins the next word
	}
}
