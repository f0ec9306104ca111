package terminology

import (
	"context"
	"iter"

	"github.com/RoaringBitmap/roaring/v2"
)

// TextDocument is one term for the text index. Documents are given in static rank
// order, shorter terms first, and are numbered 0, 1, 2... in that order.
type TextDocument struct {
	Term   string
	Tiers  []string // keywords of the display columns, see basic.Tier: "0p" preferred in column 0, "0a" acceptable; valid during Add
	Active bool     // the concept and the term are active
	Tag    string   // semantic tag, or kind of code
	Use    string   // "code" for a code; else what the source says
	// Language is what the source says of the term, such as "no", "nn" or "en"; empty
	// of a code.
	Language string
}

// TextLessons is what a text index may learn from before it is built.
type TextLessons interface {
	// Documents passes every document to add, in order.
	Documents(add func(TextDocument) error) error
	// Pairs yields the preferred terms of each concept that has one in both languages.
	Pairs(first, second string) iter.Seq2[string, string]
}

// TextIndexWriter builds the text index of one release. Close makes it durable,
// Abort leaves nothing behind.
type TextIndexWriter interface {
	// Learn is called once, before the first Add, with what Add will be given.
	Learn(TextLessons) error
	Add(TextDocument) error
	Close() error
	Abort()
}

// TextQuery asks a text index.
type TextQuery struct {
	Text       string
	Prefer     []string        // tiers, best first; after them any other
	Tag, Use   string          // only documents with this tag or use; empty: all
	Inactive   bool            // also inactive ones
	Limit      int             // concepts wanted
	Only       *roaring.Bitmap // concepts that may be found; nil: all
	OnlyBits   []uint64        // Only as a bit for each concept, where the caller has it; else nil
	WholeWords bool
	Plain      bool // no guessing at typing errors when nothing matches
	Fuzzy      bool // guess at typing errors also when something matches; those hits come last
	// Tiers are those of which a document must have one; empty: any.
	Tiers []string
	// Collect tells to give back all concepts that match, and how many of them have a
	// document that matches in each of Groups, which are tiers.
	Collect bool
	Groups  [][]string
}

// TextSpan is a part of a term, in bytes.
type TextSpan struct{ Start, End int }

// TextTerms is what a text index does not hold: the concept and the term of a
// document, and the documents of a concept. Every CodeSystem is one.
type TextTerms interface {
	Document(doc uint32) (concept Ordinal, term string)
	// DocumentConcepts and DocumentTerms fill into with the concepts and the terms of
	// documents, many at once: they are far apart in memory.
	DocumentConcepts(docs []uint32, into []Ordinal)
	DocumentTerms(docs []uint32, into []string)
	Documents(o Ordinal) iter.Seq[uint32]
}

// TextPart is what one word of a document must hold, folded as language.Fold does:
// anywhere in it, at its beginning, at its end, or, with both, all of it.
type TextPart struct {
	Text         string
	Begins, Ends bool
}

// TextHit is one concept that was found, by its best document.
type TextHit struct {
	Doc, Concept uint32
	Class        uint8  // how it matched; higher is worse
	How          string // the same in a word: exact, begins, words, compound, bare, fuzzy
	Tier         int    // place in TextQuery.Prefer; len(Prefer) for other languages
}

// TextResult is the hits, best first. Exact false: Total is a lower bound.
type TextResult struct {
	Hits  []TextHit
	Total int
	Exact bool
	// With TextQuery.Collect: the concepts that match, all of them when Exact, and how many
	// of them each of Groups has.
	Concepts *roaring.Bitmap
	Groups   []int
}

// TextIndex finds concepts by words. It is safe for concurrent use.
type TextIndex interface {
	Len() int
	Search(ctx context.Context, q TextQuery, t TextTerms) (TextResult, error)
	// Candidates returns the documents, inactive ones too, that have for each part a
	// word that holds it; the set is the caller's. Without parts it is all documents.
	Candidates(ctx context.Context, parts []TextPart) (*roaring.Bitmap, error)
	// Highlight returns a function that gives the parts of a term that a text finds it by,
	// in order and apart. It is for one goroutine.
	Highlight(text string, wholeWords bool) func(term string) []TextSpan
	Close() error
}
