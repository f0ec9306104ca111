package resource

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// text finds the terms of a small code system by looking at all of them. It has the
// first classes of the text index of a stored release, and no forms of words. It is a
// terminology.TextIndex.
type text struct {
	lessons terminology.TextLessons
	once    sync.Once
	docs    []document
}

// document is a term with its words folded.
type document struct {
	terminology.TextDocument
	words []string
}

// The classes of a hit, those of the text index of a stored release, and their words.
const (
	classAll      = 0
	classEqual    = 1
	classBegins   = 3
	classWords    = 4
	classCompound = 6
)

var classNames = map[uint8]string{classAll: "", classEqual: "exact", classBegins: "begins", classWords: "words", classCompound: "compound"}

// minInside is how many letters a word must have to be looked for inside others.
const minInside = 3

// Text returns what finds the terms of the code system.
func (p *Provider) Text() terminology.TextIndex { return p.text }

// documents are made when they are first asked for: most code systems of a request never
// are.
func (t *text) documents() []document {
	t.once.Do(func() {
		_ = t.lessons.Documents(func(d terminology.TextDocument) error {
			d.Tiers = slices.Clone(d.Tiers)
			t.docs = append(t.docs, document{d, language.Tokens(d.Term)})
			return nil
		})
	})
	return t.docs
}

// Len returns the number of terms and codes.
func (t *text) Len() int { return len(t.documents()) }

// Close has nothing to close.
func (t *text) Close() error { return nil }

// Search finds concepts by the words of a text, each of which must begin a word of a
// term, or stand inside one.
func (t *text) Search(ctx context.Context, q terminology.TextQuery, terms terminology.TextTerms) (terminology.TextResult, error) {
	typed := language.Tokens(q.Text)
	best := map[uint32]terminology.TextHit{}
	groups := make([]roaring.Bitmap, len(q.Groups))
	docs := t.documents()
	for i := range docs {
		if i&0xfff == 0xfff && ctx.Err() != nil {
			return terminology.TextResult{}, &terminology.Error{Op: "resource.Search", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		d := &docs[i]
		if !d.Active && !q.Inactive || q.Tag != "" && d.Tag != q.Tag || q.Use != "" && d.Use != q.Use {
			continue
		}
		class, ok := d.match(typed, q.WholeWords)
		if !ok || len(q.Tiers) > 0 && d.tier(q.Tiers) == len(q.Tiers) {
			continue
		}
		concept, _ := terms.Document(uint32(i))
		if q.Only != nil && !q.Only.Contains(concept) {
			continue
		}
		hit := terminology.TextHit{Doc: uint32(i), Concept: concept, Class: class, How: classNames[class], Tier: d.tier(q.Prefer)}
		for g, group := range q.Groups {
			if d.tier(group) < len(group) {
				groups[g].Add(concept)
			}
		}
		if before, ok := best[concept]; !ok || better(hit, before) < 0 {
			best[concept] = hit
		}
	}
	result := terminology.TextResult{Total: len(best), Exact: true}
	for _, hit := range best {
		result.Hits = append(result.Hits, hit)
	}
	if q.Collect {
		result.Concepts, result.Groups = roaring.New(), make([]int, len(groups))
		for concept := range best {
			result.Concepts.Add(concept)
		}
		for g := range groups {
			result.Groups[g] = int(groups[g].GetCardinality())
		}
	}
	slices.SortFunc(result.Hits, better)
	if len(result.Hits) > q.Limit {
		result.Hits = result.Hits[:q.Limit]
	}
	return result, nil
}

func better(x, y terminology.TextHit) int {
	return cmp.Or(cmp.Compare(x.Class, y.Class), cmp.Compare(x.Tier, y.Tier), cmp.Compare(x.Doc, y.Doc))
}

// tier is the place of the first of the preferred tiers that the term is in.
func (d *document) tier(prefer []string) int {
	for i, want := range prefer {
		if slices.Contains(d.Tiers, want) {
			return i
		}
	}
	return len(prefer)
}

func (d *document) match(typed []string, whole bool) (uint8, bool) {
	if len(typed) == 0 {
		return classAll, true
	}
	class := uint8(classWords)
	for _, word := range typed {
		begins, inside := false, false
		for _, w := range d.words {
			switch {
			case w == word || !whole && strings.HasPrefix(w, word):
				begins = true
			case !whole && len(word) >= minInside && strings.Contains(w, word):
				inside = true
			}
		}
		switch {
		case begins:
		case inside:
			class = classCompound
		default:
			return 0, false
		}
	}
	switch {
	case class != classWords:
	case slices.Equal(d.words, typed):
		class = classEqual
	case len(d.words) >= len(typed) && slices.Equal(d.words[:len(typed)-1], typed[:len(typed)-1]) && strings.HasPrefix(d.words[len(typed)-1], typed[len(typed)-1]):
		class = classBegins
	}
	return class, true
}

// Highlight returns what marks the words of a term that a text found it by.
func (t *text) Highlight(query string, whole bool) func(term string) []terminology.TextSpan {
	typed := language.Tokens(query)
	return func(term string) []terminology.TextSpan {
		var spans []terminology.TextSpan
		for _, token := range language.TokensIn(term) {
			if span, ok := highlighted(token, typed, whole); ok {
				spans = append(spans, span)
			}
		}
		return spans
	}
}

// highlighted returns the part of a word that one of the words of a text is found by.
func highlighted(token language.Token, typed []string, whole bool) (terminology.TextSpan, bool) {
	for _, word := range typed {
		switch {
		case token.Text == word || !whole && strings.HasPrefix(token.Text, word):
			return terminology.TextSpan{Start: token.Start(), End: token.End(len(word))}, true
		case !whole && len(word) >= minInside && strings.Contains(token.Text, word):
			return terminology.TextSpan{Start: token.Start(), End: token.End(len(token.Text))}, true
		}
	}
	return terminology.TextSpan{}, false
}

// Candidates returns the terms that have for each part a word that holds it.
func (t *text) Candidates(_ context.Context, parts []terminology.TextPart) (*roaring.Bitmap, error) {
	set := roaring.New()
	for i, d := range t.documents() {
		all := true
		for _, part := range parts {
			all = all && slices.ContainsFunc(d.words, func(w string) bool { return holds(w, part) })
		}
		if all {
			set.Add(uint32(i))
		}
	}
	return set, nil
}

func holds(word string, p terminology.TextPart) bool {
	switch {
	case p.Begins && p.Ends:
		return word == p.Text
	case p.Begins:
		return strings.HasPrefix(word, p.Text)
	case p.Ends:
		return strings.HasSuffix(word, p.Text)
	}
	return strings.Contains(word, p.Text)
}
