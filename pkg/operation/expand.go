package operation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// maxTextHits is the most codes that a text filter finds; a page that would go on beyond
// them is refused.
const maxTextHits = 10_000

// Expand gives the members of a value set, a page of them: in the order of the
// hierarchy, or with a text filter best match first. The error is Invalid for a request
// that cannot be meant, NotFound when the value set, or what it is made of, is not
// installed, and TooCostly when the page has more codes than one answer carries: it is
// whole or refused, or when the value set takes more work than a request has.
func (s *Service) Expand(ctx context.Context, req ExpandRequest) (*ExpandResponse, error) {
	const op = "operation.Expand"
	if req.URL == "" && req.Compose == nil && len(req.Definition) == 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errNoValueSet}
	}
	if req.Offset < 0 || req.Limit < 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errOffset}
	}
	ctx = s.budgeted(ctx)
	snap, err := s.snapshotOf(req.Languages, req.Date, req.With)
	if err != nil {
		return nil, err
	}
	defer snap.LetGo()
	snap.strict = true
	e := expansion{ctx: ctx, service: s, snap: snap, req: req}
	e.set, err = s.members(ctx, snap, asked{url: req.URL, compose: req.Compose, raw: req.Definition, activeOnly: req.ActiveOnly, noComposed: req.NoComposed, without: req.ExcludeSystems})
	if err != nil {
		return nil, e.failed(err)
	}
	e.begin()
	if strings.TrimSpace(req.Text) != "" {
		err = e.byText()
	} else {
		err = e.byOrdinal(e.limit())
	}
	if err != nil {
		return nil, err
	}
	if req.Nested {
		e.hierarchy()
	}
	return e.resp, nil
}

// expansion is one call of Expand.
type expansion struct {
	ctx     context.Context
	service *Service
	snap    *snapshot
	req     ExpandRequest
	set     *evaluatedSet
	resp    *ExpandResponse
}

// begin takes over what the value set says of itself that matters to how it is told.
func (e *expansion) begin() {
	if w := &e.set.languages; w.before(e.req.LanguageList, e.req.Languages, e.req.Negotiated) {
		e.req.LanguageList, e.req.Languages = w.list, w.pref
		e.snap.showIn(w.pref)
	}
	e.resp = e.set.response()
	e.resp.Offset, e.resp.Exact, e.resp.LanguageList = e.req.Offset, true, e.req.LanguageList
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
	definition := (*Compose)(nil)
	if e.set != nil {
		definition = e.set.definition
	}
	if errors.As(err, &failed) && definition != nil {
		if told, ok := unresolved(err); ok {
			url, version := splitCanonical(failed.Coding.System)
			return issueError("operation.Expand", terminology.NotFound, issueNoImport(told.Issues[0], url, version))
		}
	}
	if i, ok := circularImport(err); ok {
		return issueError("operation.Expand", terminology.Invalid, i)
	}
	if i, ok := badConstraint(definition, err); ok {
		return issueError("operation.Expand", terminology.Invalid, i)
	}
	var worded textError
	if errors.As(err, &told) || errors.As(err, &worded) || !errors.As(err, &failed) || terminology.KindOf(err) != terminology.NotFound || failed.Coding.System == "" || failed.Coding.Code != "" || !e.req.Details {
		return err
	}
	known := e.snap.knownVersions(failed.Coding.System)
	return issueError("operation.Expand", terminology.NotFound, issueNoExpansion(failed.Coding.System, failed.Coding.Version, known))
}

// name is the value set as messages name it.
func (e *expansion) name() string {
	if e.set.source != nil {
		return e.set.source.URL
	}
	return e.req.URL
}

// byOrdinal gives a page of the sets, one after the other. It goes to the page by
// counting, not by walking.
func (e *expansion) byOrdinal(limit int) error {
	e.resp.Total = e.set.total
	// A page is whole or refused: a client that asks for more than one answer carries
	// would go on behind the end of its page and never see the rest.
	want := max(e.resp.Total-e.req.Offset, 0)
	if e.req.Count >= 0 {
		want = min(want, e.req.Count)
	}
	if want > limit {
		return e.tooMany(limit)
	}
	skip := uint64(e.req.Offset)
	for i, p := range e.set.parts {
		if len(e.resp.Codes) == want {
			return nil
		}
		if size := e.set.sizes[i]; skip < size {
			r := e.snap.reader(e.snap.installedOf(p.CodeSystem))
			if err := terminology.Spend(e.ctx, "operation.Expand", workCode*int64(min(want-len(e.resp.Codes), int(size-skip)))); err != nil {
				return err
			}
			members := page(p.Set, skip, min(want-len(e.resp.Codes), int(size-skip)))
			first := len(e.resp.Codes)
			e.resp.Codes = slices.Grow(e.resp.Codes, len(members))[:first+len(members)]
			e.fill(e.resp.Codes[first:], &r, members)
			skip = 0
		} else {
			skip -= size
		}
		e.composed(p, want, &skip)
	}
	return nil
}

// composed adds the expressions of a part, after skipping some, until there are as many
// codes as are wanted.
func (e *expansion) composed(p valueset.Part, want int, skip *uint64) {
	out := p.Composed[min(*skip, uint64(len(p.Composed))):]
	*skip -= uint64(len(p.Composed) - len(out))
	out = out[:min(len(out), want-len(e.resp.Codes))]
	if len(out) == 0 {
		return
	}
	r := e.snap.reader(e.snap.installedOf(p.CodeSystem))
	for _, x := range out {
		e.resp.Codes = append(e.resp.Codes, ExpandedCode{Coding: r.expression(x.Code(), x), Ordinal: terminology.NoOrdinal})
	}
}

// tooMany is the error for a page that has more codes than one answer carries.
func (e *expansion) tooMany(limit int) error {
	if e.req.Limit > 0 {
		return issueError("operation.Expand", terminology.TooCostly, issueTooCostly(e.name(), limit))
	}
	return &terminology.Error{Op: "operation.Expand", Kind: terminology.TooCostly, Err: errTooCostly(e.resp.Total, limit)}
}

// page returns n members of a set, after skipping some; there are as many.
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
	out := make([]uint32, 0, n)
	for len(out) < n && it.HasNext() {
		out = append(out, it.Next())
	}
	return out
}

// workCode is what it takes of the budget of a request to tell of one code of a page.
const workCode = 2_000

// fill says what there is to say of members of one release.
func (e *expansion) fill(codes []ExpandedCode, r *reader, members []terminology.Ordinal) {
	shown, ok := e.service.shown.Get().(*shownRoom)
	if !ok {
		shown = new(shownRoom)
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
		}
		e.detail(r, codes[:n])
		codes, members = codes[n:], members[n:]
	}
}
