package operation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
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
	snap, err := s.snapshotOf(req.Languages, req.Date, req.With)
	if err != nil {
		return nil, err
	}
	snap.strict = true
	defer snap.LetGo()
	if req.URL == "" && req.Compose == nil && len(req.Definition) == 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errNoValueSet}
	}
	if req.Offset < 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errOffset}
	}
	e := expansion{ctx: ctx, service: s, snap: snap, req: req, resp: &ExpandResponse{Offset: req.Offset, Exact: true}}
	set, err := e.evaluate()
	if err != nil {
		return nil, e.failed(err)
	}
	e.resp.URL = set.definition.URL
	if strings.TrimSpace(req.Text) != "" {
		err = e.byText(ctx, set)
	} else {
		err = e.byOrdinal(set.parts, e.limit())
	}
	if err != nil {
		return nil, err
	}
	for _, r := range snap.usedSystems {
		e.resp.Used = append(e.resp.Used, r.CodeSystem.Release())
	}
	if req.Details {
		e.tell(set.definition)
		e.hierarchy(set)
	}
	return e.resp, nil
}

// evaluate finds the value set and its members.
func (e *expansion) evaluate() (*evaluatedSet, error) {
	definition := e.req.Compose
	var err error
	switch {
	case len(e.req.Definition) > 0:
		definition, err = e.snap.given(e.req.Definition)
	case definition == nil && (e.req.Details || !e.req.With.plain()):
		definition, err = resolver{e.snap}.valueSet(e.req.URL)
	}
	if err != nil {
		return nil, err
	}
	if definition != nil {
		e.definition = definition
		if err := e.readSource(definition); err != nil {
			return nil, err
		}
		if i, ok := unfinishedFilter(definition); ok {
			return nil, issueError("operation.Expand", terminology.Invalid, i)
		}
	}
	plain := e.req.With.plain() && len(e.snap.supplements) == 0 && len(e.req.ExcludeSystems) == 0 && e.versionsMatch == "" && len(e.req.Definition) == 0 && e.req.Compose == nil
	if plain && (definition == nil || len(definition.Exclude) == 0) {
		set, err := e.service.members(e.ctx, e.snap, e.req.URL, nil, e.req.ActiveOnly)
		if err == nil {
			// What the set keeps is shared with other requests.
			e.snap.usedSystems, e.snap.usedValueSets = slices.Clone(set.usedSystems), slices.Clone(set.usedValueSets)
			for c, r := range set.sources {
				e.snap.keepSource(c, r)
			}
			e.references(set.definition)
		}
		return set, err
	}
	set, err := e.service.members(e.ctx, e.snap, e.req.URL, definition, e.req.ActiveOnly)
	if err != nil {
		return nil, err
	}
	e.references(definition)
	return set, e.reshape(set)
}

// limit is the most codes of the answer.
func (e *expansion) limit() int {
	if e.req.Limit > 0 {
		return min(e.req.Limit, e.service.options.MaxCodes)
	}
	return e.service.options.MaxCodes
}

// failed tells of a code system that the value set needs, and is not there, in the words
// of the ecosystem.
func (e *expansion) failed(err error) error {
	var told *IssueError
	var failed *terminology.Error
	if errors.As(err, &failed) && e.definition != nil {
		if told, ok := unresolved(err); ok {
			url, version := splitCanonical(failed.Coding.System)
			return issueError("operation.Expand", terminology.NotFound, issueNoImport(told.Issues[0], url, version))
		}
	}
	if i, ok := circularImport(err); ok {
		return issueError("operation.Expand", terminology.Invalid, i)
	}
	if i, ok := badConstraint(e.definition, err); ok {
		return issueError("operation.Expand", terminology.Invalid, i)
	}
	var worded textError
	if errors.As(err, &told) || errors.As(err, &worded) || !errors.As(err, &failed) || terminology.KindOf(err) != terminology.NotFound || failed.Coding.System == "" || failed.Coding.Code != "" || !e.req.Details {
		return err
	}
	known := e.snap.knownVersions(failed.Coding.System)
	return issueError("operation.Expand", terminology.NotFound, issueNoExpansion(failed.Coding.System, failed.Coding.Version, known))
}

// hierarchy nests the codes when that is asked for, part by part.
func (e *expansion) hierarchy(set *evaluatedSet) {
	if !e.keepsHierarchy(set.definition) {
		return
	}
	var out []ExpandedCode
	rest := e.resp.Codes
	for _, p := range set.parts {
		if _, ok := p.CodeSystem.(*engine.Release); ok {
			continue // a hierarchy in which a code has many places
		}
		r := p.CodeSystem.Release()
		var own []ExpandedCode
		rest = slices.DeleteFunc(rest, func(c ExpandedCode) bool {
			if c.Coding.System != r.System || c.Coding.Version != r.Version || c.Ordinal == terminology.NoOrdinal {
				return false
			}
			own = append(own, c)
			return true
		})
		out = append(out, nest(p.CodeSystem, own)...)
	}
	e.resp.Codes = append(out, rest...)
}

// name is the value set as messages name it.
func (e *expansion) name() string {
	if e.source != nil {
		return e.source.URL
	}
	return e.req.URL
}

// expansion is one call of Expand.
type expansion struct {
	ctx     context.Context
	service *Service
	snap    *snapshot
	req     ExpandRequest
	resp    *ExpandResponse

	definition    *valueset.Compose
	source        *resource.Resource // of the value set; nil: it is none
	refs          map[refKey]*resource.ConceptReference
	versionsMatch string // whether codes of several versions are one; "" where nothing says
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
		if e.req.Limit > 0 {
			return issueError("operation.Expand", terminology.TooCostly, issueTooCostly(e.name(), limit))
		}
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
			e.resp.Codes = append(e.resp.Codes, ExpandedCode{Coding: r.expression(x.Code(), x), Ordinal: terminology.NoOrdinal})
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
				out = append(out, ExpandedCode{Coding: coding, Ordinal: terminology.NoOrdinal})
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
			c.Inactive, c.Abstract, c.Ordinal = s.Inactive, s.Abstract, members[i]
			if day := e.req.Date; day != 0 {
				c.Inactive = r.cs().Info(members[i]).On(day) != terminology.Valid
			}
			if e.req.Designations && !e.req.Details {
				c.Designations = r.designations(members[i])
			}
		}
		if e.req.Details {
			e.detail(r, codes[:n])
		}
		codes, members = codes[n:], members[n:]
	}
}
