package search

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Port returns the index as operation asks it.
func (ix *Index) Port() terminology.TextIndex { return textIndex{ix} }

// Port returns the builder as importer writes to it.
func (b *Builder) Port() terminology.TextIndexWriter { return textWriter{b} }

type textIndex struct{ *Index }

type textWriter struct{ *Builder }

// Add adds a document.
func (w textWriter) Add(d terminology.TextDocument) error { return w.Builder.Add(Document(d)) }

// fewConcepts is the number of concepts up to which their documents may be looked up
// to search in; larger sets are asked for each document that matches.
const fewConcepts = 5000

// Search finds concepts by words.
func (ix textIndex) Search(ctx context.Context, q terminology.TextQuery, t terminology.TextTerms) (terminology.TextResult, error) {
	query := Query{Text: q.Text, Prefer: q.Prefer, Tag: q.Tag, Use: q.Use, Inactive: q.Inactive, Limit: q.Limit, WholeWords: q.WholeWords, Plain: q.Plain,
		Fuzzy: q.Fuzzy, Tiers: q.Tiers, Collect: q.Collect, Groups: q.Groups}
	if q.Only != nil && q.Only.IsEmpty() {
		return terminology.TextResult{Exact: true, Concepts: roaring.New(), Groups: make([]int, len(q.Groups))}, nil
	}
	if q.Only != nil {
		if query.only = q.OnlyBits; query.only == nil {
			set, ok := ix.sets.Get().(*conceptBits)
			if !ok {
				set = new(conceptBits)
			}
			defer ix.sets.Put(set)
			set.fill(q.Only)
			query.only = set.bits
		}
		if q.Only.GetCardinality() <= fewConcepts {
			query.concepts = int(q.Only.GetCardinality())
			query.narrow = func() []uint32 { return documentsOf(q.Only, t) }
		}
	}
	found, err := ix.Index.Search(ctx, query, t)
	if err != nil {
		return terminology.TextResult{}, err
	}
	out := terminology.TextResult{Hits: make([]terminology.TextHit, len(found.Hits)), Total: found.Total, Exact: found.Exact, Concepts: found.Concepts, Groups: found.Groups}
	for i, h := range found.Hits {
		out.Hits[i] = terminology.TextHit{Doc: h.Doc, Concept: h.Concept, Class: uint8(h.Class), Tier: h.Tier, How: h.Class.Name()}
	}
	return out, nil
}

// documentsOf returns the documents of concepts, in order.
func documentsOf(concepts *roaring.Bitmap, t terminology.TextTerms) []uint32 {
	var docs []uint32
	for it := concepts.Iterator(); it.HasNext(); {
		docs = slices.AppendSeq(docs, t.Documents(it.Next()))
	}
	slices.Sort(docs)
	return docs
}

var classNames = [...]string{"all", "exact", "abbreviation", "begins", "words", "forms", "compound", "bare", "bare", "bare", "fuzzy"}

// Name returns the class in a word.
func (c Class) Name() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return "none"
}
