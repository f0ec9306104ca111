// Package search keeps the terms of one release in a Bleve index and finds
// concepts by what a clinician types: beginnings of words, in any order, in
// bokmål, nynorsk or English.
//
// An index is written once, by a Builder, and never changes. Documents are
// numbered in the order in which they are added, and that number is their static
// rank: Search walks class by class (Class), tier by tier (Query.Prefer) and
// within them in document order, so that it stops as soon as it has enough and
// its order is still exact, the same on every machine. An Index is safe for
// concurrent use, and what Search returns belongs to the caller. Matcher
// says of one term how it matches as it is written.
//
// The package knows terms, words and letters. It does not know concepts, codes
// or languages: which terms a concept has and in which tiers they are, the
// importer says; concept ordinals and the terms as published stay in the
// columns of the release, which Search asks through Terms; a code typed as a
// query is looked up elsewhere. Bleve is named only here.
//
// Terms of which the source says that they are Norwegian are also found by other forms
// of their words, in bokmål and nynorsk, and by the parts of their compounds. Which
// words are parts, and which are the same in both, an index learns before it is built
// (Learn) and keeps beside itself; the rules are those of language/norwegian. What is
// found so comes after what is found as it is written. Where nothing at all matches,
// letters of a foreign keyboard are tried, then typing errors.
//
// exact.go makes the key of a whole term (language.Fold makes the tokens), match.go holds
// the rules of matching and short.go those of abbreviations; document.go lists the fields
// and takes documents apart, invert.go and invertforms.go find the documents of each term
// and segment.go writes them as Bleve does, builder.go and files.go make the index of it;
// index.go reads it, later.go not before it is asked; analysis.go is what an index knows
// of Norwegian, words.go reads lists of words for it; docset.go has the sets of documents
// and the cursor over what several share, cache.go keeps those in use; query.go has the
// question and the classes, forms.go the sets behind forms and compounds, walk.go the walk
// that ranks; sieve.go finds documents that match where they are few, and few.go ranks
// them in one pass, with combo.go's byte a document for its tiers; resort.go is what is
// tried when nothing matches, with vocabulary.go's words by how many letters they have and
// distance.go's count of the errors between two, collect.go gathers all that does,
// highlight.go marks terms; candidates.go tells the documents with words that hold a part;
// conceptset.go the sets of concepts; frame.go and damaged.go tell of bytes that are not
// those that were written; port.go fits
// it all to the ports of terminology. A change to fields, language.Fold or
// language/norwegian is a new MappingVersion.
package search
