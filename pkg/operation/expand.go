package operation

import (
	"context"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
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
	snap := s.acquire(req.Languages)
	defer snap.LetGo()
	if req.URL == "" && req.Compose == nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errNoValueSet}
	}
	if req.Offset < 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errOffset}
	}
	definition, err := snap.definition(req.URL, req.Compose)
	if err != nil {
		return nil, err
	}
	parts, err := valueset.Evaluate(ctx, definition, resolver{snap})
	if err != nil {
		return nil, err
	}
	e := expansion{snap: snap, req: req, resp: &ExpandResponse{URL: definition.URL, Offset: req.Offset, Exact: true}}
	for _, p := range parts {
		if req.ActiveOnly {
			p.Set.And(p.CodeSystem.Active())
		}
		e.resp.Used = append(e.resp.Used, p.CodeSystem.Release())
	}
	if strings.TrimSpace(req.Text) != "" {
		err = e.byText(ctx, parts)
	} else {
		err = e.byOrdinal(parts, s.options.MaxCodes)
	}
	if err != nil {
		return nil, err
	}
	return e.resp, nil
}

// expansion is one call of Expand.
type expansion struct {
	snap *snapshot
	req  ExpandRequest
	resp *ExpandResponse
}

// byOrdinal gives a page of the sets, one after the other. It goes to the page by
// counting, not by walking.
func (e *expansion) byOrdinal(parts []valueset.Part, limit int) error {
	for _, p := range parts {
		e.resp.Total += int(p.Set.GetCardinality())
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
		size := p.Set.GetCardinality()
		if skip >= size {
			skip -= size
			continue
		}
		r := e.snap.reader(e.snap.installedOf(p.CodeSystem))
		members := page(p.Set, skip, want-len(e.resp.Codes))
		e.resp.Codes = slices.Grow(e.resp.Codes, len(members))
		for _, o := range members {
			e.resp.Codes = append(e.resp.Codes, ExpandedCode{})
			e.fill(&e.resp.Codes[len(e.resp.Codes)-1], &r, o)
		}
		skip = 0
		if len(e.resp.Codes) == want {
			break
		}
	}
	return nil
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
func (e *expansion) byText(ctx context.Context, parts []valueset.Part) error {
	want := e.req.Count
	if want < 0 {
		want = maxTextHits
	}
	limit := min(min(e.req.Offset, maxTextHits)+min(max(want, 1), maxTextHits), maxTextHits)
	scopes := make([]scope, len(parts))
	for i, p := range parts {
		scopes[i] = scope{e.snap.reader(e.snap.installedOf(p.CodeSystem)), p.Set}
	}
	hits, err := searchAll(ctx, scopes, SearchRequest{Text: e.req.Text, Limit: limit, Inactive: !e.req.ActiveOnly}, &e.resp.Total, &e.resp.Exact)
	if err != nil {
		return err
	}
	hits = hits[min(e.req.Offset, len(hits)):]
	hits = hits[:min(want, len(hits))]
	e.resp.Codes = make([]ExpandedCode, len(hits))
	for i := range hits {
		e.fill(&e.resp.Codes[i], &hits[i].scope.reader, hits[i].hit.Concept)
	}
	return nil
}

// fill says what there is to say of one member.
func (e *expansion) fill(c *ExpandedCode, r *reader, o terminology.Ordinal) {
	info := r.cs().Info(o)
	c.Coding, c.Inactive, c.Abstract = r.coding(o), info.Inactive, info.Abstract
	if e.req.Designations {
		c.Designations = r.designations(o)
	}
}

// prefer lists the tiers of the text index in the order of the client's languages.
func (r reader) prefer() []string {
	order := r.columns.Order()
	tiers := make([]string, 0, 2*len(order))
	for _, c := range order {
		tiers = append(tiers, basic.Tier(c, true), basic.Tier(c, false))
	}
	return tiers
}
