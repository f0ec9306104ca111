package operation

import (
	"context"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// maxTextHits is the most codes that a text filter finds; a page beyond them is
// empty and the total a lower bound.
const maxTextHits = 10_000

// Expand gives the members of a value set, a page of them: in the order of the
// hierarchy, or with a text filter best match first.
func (s *Service) Expand(ctx context.Context, req ExpandRequest) (*ExpandResponse, error) {
	const op = "operation.Expand"
	snap := s.acquireOn(req.Languages, req.Date)
	snap.strict = true
	defer snap.LetGo()
	if req.URL == "" && req.Compose == nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errNoValueSet}
	}
	if req.Offset < 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errOffset}
	}
	set, err := s.members(ctx, snap, req.URL, req.Compose, req.ActiveOnly)
	if err != nil {
		return nil, err
	}
	e := expansion{service: s, snap: snap, req: req, resp: &ExpandResponse{URL: set.definition.URL, Offset: req.Offset, Exact: true}}
	e.resp.Used = make([]terminology.Release, len(set.parts))
	for i, p := range set.parts {
		e.resp.Used[i] = p.CodeSystem.Release()
	}
	if strings.TrimSpace(req.Text) != "" {
		err = e.byText(ctx, set)
	} else {
		err = e.byOrdinal(set.parts, s.options.MaxCodes)
	}
	if err != nil {
		return nil, err
	}
	return e.resp, nil
}

// expansion is one call of Expand.
type expansion struct {
	service *Service
	snap    *snapshot
	req     ExpandRequest
	resp    *ExpandResponse
}

// byOrdinal gives a page of the sets, one after the other. It goes to the page by
// counting, not by walking.
func (e *expansion) byOrdinal(parts []valueset.Part, limit int) error {
	for _, p := range parts {
		e.resp.Total += int(p.Set.GetCardinality()) + len(p.Composed)
	}
	// A page is whole or refused: a client that asks for more than one answer carries
	// would go on behind the end of its page and never see the rest.
	want := max(e.resp.Total-e.req.Offset, 0)
	if e.req.Count >= 0 {
		want = min(want, e.req.Count)
	}
	if want > limit {
		return &terminology.Error{Op: "operation.Expand", Kind: terminology.TooCostly, Err: errTooCostly(e.resp.Total, limit)}
	}
	skip := uint64(e.req.Offset)
	for _, p := range parts {
		r := e.snap.reader(e.snap.installedOf(p.CodeSystem))
		if size := p.Set.GetCardinality(); skip < size {
			members := page(p.Set, skip, want-len(e.resp.Codes))
			first := len(e.resp.Codes)
			e.resp.Codes = slices.Grow(e.resp.Codes, len(members))[:first+len(members)]
			e.fill(e.resp.Codes[first:], &r, members)
			skip = 0
		} else {
			skip -= size
		}
		for _, x := range p.Composed {
			if len(e.resp.Codes) == want {
				return nil
			}
			if skip > 0 {
				skip--
				continue
			}
			e.resp.Codes = append(e.resp.Codes, ExpandedCode{Coding: r.expression(x.Code(), x)})
		}
	}
	return nil
}

// composedByText returns the expressions among the members that have, for every word of
// a text, a word in their display that begins with it.
func (e *expansion) composedByText(parts []valueset.Part) []ExpandedCode {
	var out []ExpandedCode
	for _, p := range parts {
		for _, x := range p.Composed {
			r := e.snap.reader(e.snap.installedOf(p.CodeSystem))
			coding := r.expression(x.Code(), x)
			words := language.Tokens(coding.Display)
			missing := slices.ContainsFunc(language.Tokens(e.req.Text), func(typed string) bool {
				return !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, typed) })
			})
			if !missing {
				out = append(out, ExpandedCode{Coding: coding})
			}
		}
	}
	return out
}

// page returns up to n members of a set, after skipping some.
func page(set *roaring.Bitmap, skip uint64, n int) []uint32 {
	if n <= 0 {
		return nil
	}
	it := set.Iterator()
	if skip > 0 {
		first, err := set.Select(uint32(skip))
		if err != nil {
			return nil
		}
		it.AdvanceIfNeeded(first)
	}
	out := make([]uint32, 0, min(n, int(set.GetCardinality()-skip)))
	for len(out) < n && it.HasNext() {
		out = append(out, it.Next())
	}
	return out
}

// byText asks the text indexes for members that match, best first.
func (e *expansion) byText(ctx context.Context, set *evaluatedSet) error {
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
		scopes[i] = scope{reader: e.snap.reader(e.snap.installedOf(p.CodeSystem)), only: p.Set, bits: set.asBits(i)}
	}
	hits, err := searchAll(ctx, scopes, scratch.hits[:0], SearchRequest{Text: e.req.Text, Limit: limit, Inactive: !e.req.ActiveOnly || e.req.Date != 0}, &e.resp.Total, &e.resp.Exact)
	if err != nil {
		return err
	}
	scratch.hits = hits
	composed := e.composedByText(set.parts)
	e.resp.Total += len(composed)
	composed = composed[min(max(e.req.Offset-len(hits), 0), len(composed)):]
	hits = hits[min(e.req.Offset, len(hits)):]
	hits = hits[:min(want, len(hits))]
	composed = composed[:min(want-len(hits), len(composed))]
	if most := e.service.options.MaxCodes; len(hits)+len(composed) > most { // whole or refused
		return &terminology.Error{Op: "operation.Expand", Kind: terminology.TooCostly, Err: errTooCostly(e.resp.Total, most)}
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

// fill says what there is to say of members of one release.
func (e *expansion) fill(codes []ExpandedCode, r *reader, members []terminology.Ordinal) {
	shown, ok := e.service.shown.Get().(*[32]terminology.Shown)
	if !ok {
		shown = new([32]terminology.Shown)
	}
	defer e.service.shown.Put(shown)
	defer clear(shown[:])
	release := &r.installed.Release
	for len(codes) > 0 {
		n := min(len(codes), len(shown))
		r.columns.Show(r.cs(), members[:n], shown[:n])
		for i := range codes[:n] {
			c, s := &codes[i], &shown[i]
			c.Coding = terminology.Coding{System: release.System, Version: release.Version, Code: s.Code, Display: s.Display}
			c.Inactive, c.Abstract = s.Inactive, s.Abstract
			if day := e.req.Date; day != 0 {
				c.Inactive = r.cs().Info(members[i]).On(day) != terminology.Valid
			}
			if e.req.Designations {
				c.Designations = r.designations(members[i])
			}
		}
		codes, members = codes[n:], members[n:]
	}
}
