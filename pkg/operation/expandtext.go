package operation

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// composedByText returns the expressions among the members that have, for every word of
// a text, a word in their display that begins with it.
func (e *expansion) composedByText() []ExpandedCode {
	var out []ExpandedCode
	for _, p := range e.set.parts {
		for _, x := range p.Composed {
			r := e.snap.reader(e.snap.installedOf(p.CodeSystem))
			coding := r.expression(x.Code(), x)
			words := language.Tokens(coding.Display)
			missing := slices.ContainsFunc(language.Tokens(e.req.Text), func(typed string) bool {
				return !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, typed) })
			})
			if !missing {
				out = append(out, ExpandedCode{Coding: coding, Ordinal: terminology.NoOrdinal})
			}
		}
	}
	return out
}

// byText asks the text indexes for members that match, best first.
func (e *expansion) byText() error {
	set := e.set
	want := e.req.Count
	if want < 0 {
		want = maxTextHits
	}
	limit := min(min(e.req.Offset, maxTextHits)+min(max(want, 1), maxTextHits), maxTextHits)
	scratch, ok := e.service.scratch.Get().(*searchScratch)
	if !ok {
		scratch = new(searchScratch)
	}
	defer e.service.scratch.Put(scratch)
	defer scratch.clear()
	scopes := slices.Grow(scratch.scopes[:0], len(set.parts))[:len(set.parts)]
	scratch.scopes = scopes
	for i, p := range set.parts {
		scopes[i] = scope{reader: e.snap.reader(e.snap.installedOf(p.CodeSystem))}
		scopes[i].only, scopes[i].bits = set.within(i)
	}
	hits, err := searchAll(e.ctx, scopes, scratch.hits[:0], SearchRequest{Text: e.req.Text, Limit: limit, Inactive: !e.req.ActiveOnly || e.req.Date != 0}, &e.resp.Total, &e.resp.Exact)
	if err != nil {
		return err
	}
	scratch.hits = hits
	if more := e.resp.Total > maxTextHits || !e.resp.Exact; more && len(hits) >= maxTextHits && (e.req.Count < 0 || e.req.Offset > maxTextHits-want) {
		return &terminology.Error{Op: "operation.Expand", Kind: terminology.TooCostly, Err: errTooManyHits} // the rest would be missing unseen
	}
	composed := e.composedByText()
	e.resp.Total += len(composed)
	composed = composed[min(max(e.req.Offset-len(hits), 0), len(composed)):]
	hits = hits[min(e.req.Offset, len(hits)):]
	hits = hits[:min(want, len(hits))]
	composed = composed[:min(want-len(hits), len(composed))]
	if most := e.limit(); len(hits)+len(composed) > most { // whole or refused
		return e.tooMany(most)
	}
	e.resp.Codes = make([]ExpandedCode, len(hits))
	ordinals := scratch.ordinals[:0]
	for i := range hits { // those of one release after the other together
		ordinals = append(ordinals, hits[i].hit.Concept)
		if i+1 == len(hits) || hits[i+1].scope != hits[i].scope {
			e.fill(e.resp.Codes[i+1-len(ordinals):i+1], &hits[i].scope.reader, ordinals)
			scratch.ordinals, ordinals = ordinals, ordinals[:0]
		}
	}
	e.resp.Codes = append(e.resp.Codes, composed...)
	return nil
}

// searchScratch is what one search in a value set needs for as long as it takes.
type searchScratch struct {
	scopes   []scope
	ordinals []terminology.Ordinal
	hits     []rankedHit
}

// clear lets go of the releases.
func (s *searchScratch) clear() {
	clear(s.scopes)
	clear(s.hits)
}
