package operation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// DefaultLimit is how many hits a search gives when no limit is asked for.
const DefaultLimit = 20

// maxText is the longest text to search for, in bytes.
const maxText = 1000

// MaxHits is the most hits of one search, those left out among them.
const MaxHits = 1000

// Search finds concepts by words, best first, one hit a concept. Several code
// systems are searched one by one and their hits merged by how they matched. The error
// is Invalid for a request that cannot be meant, and NotFound when it names something
// that is not installed.
func (s *Service) Search(ctx context.Context, req SearchRequest) (*SearchResponse, error) {
	const op = "operation.Search"
	if err := req.check(); err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
	}
	snap := s.acquire(req.Languages)
	defer snap.LetGo()
	scopes, err := s.scopes(ctx, snap, req)
	if err != nil {
		return nil, err
	}
	offset := req.Offset
	req.Limit += offset
	resp := &SearchResponse{Exact: true}
	hits, err := searchAll(ctx, scopes, nil, req, &resp.Total, &resp.Exact)
	if err != nil {
		return nil, err
	}
	hits = hits[min(len(hits), offset):min(len(hits), req.Limit)]
	resp.Hits = make([]SearchHit, len(hits))
	for from := 0; from < len(hits); {
		if ctx.Err() != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		to := from + 1 // those of one release after the other together
		for to < len(hits) && to-from < shownAtOnce && hits[to].scope == hits[from].scope {
			to++
		}
		s.tell(&req, hits[from:to], resp.Hits[from:to])
		from = to
	}
	if req.Facets {
		if resp.Facets, err = facetsOf(ctx, scopes); err != nil {
			return nil, err
		}
	}
	return resp, nil
}

// check refuses what cannot be meant, and fills in what is not said.
func (req *SearchRequest) check() error {
	if strings.TrimSpace(req.Text) == "" {
		return errors.New("a text to search for is needed")
	}
	if len(req.Text) > maxText {
		return fmt.Errorf("the text to search for has %d bytes, want at most %d", len(req.Text), maxText)
	}
	if req.Limit == 0 {
		req.Limit = DefaultLimit
	}
	if req.Limit < 0 || req.Limit > MaxHits {
		return fmt.Errorf("the limit must be 1 to %d, not %d", MaxHits, req.Limit)
	}
	if req.Offset < 0 || req.Offset+req.Limit > MaxHits {
		return fmt.Errorf("offset %d: with the limit of %d, want 0 to %d", req.Offset, req.Limit, MaxHits-req.Limit)
	}
	given := 0
	for _, filter := range []string{req.ValueSet, req.Constraint, req.Refset} {
		if filter != "" {
			given++
		}
	}
	if given > 1 {
		return errors.New("a value set, a constraint and a reference set: give one of them; a constraint can say all (^ names a reference set)")
	}
	return nil
}

// searchAll asks the text indexes of all scopes and merges their hits, best first.
// The hits are appended to hits. Typing errors are guessed at when no scope has a match, not where one of several
// has none.
func searchAll(ctx context.Context, scopes []scope, hits []rankedHit, req SearchRequest, total *int, exact *bool) ([]rankedHit, error) {
	if len(scopes) == 1 {
		return searchEach(ctx, scopes, hits, req, false, total, exact)
	}
	hits, err := searchEach(ctx, scopes, hits, req, true, total, exact)
	if err == nil && *total == 0 {
		hits, err = searchEach(ctx, scopes, hits[:0], req, false, total, exact)
	}
	mergeHits(hits)
	return hits, err
}

func searchEach(ctx context.Context, scopes []scope, hits []rankedHit, req SearchRequest, plain bool, total *int, exact *bool) ([]rankedHit, error) {
	for i := range scopes {
		sc := &scopes[i]
		found, err := sc.search(ctx, req, plain)
		if err != nil {
			return nil, err
		}
		*total += found.Total
		*exact = *exact && found.Exact
		hits = slices.Grow(hits, len(found.Hits))
		for _, h := range found.Hits {
			hit := rankedHit{hit: h, scope: sc}
			if len(scopes) > 1 {
				hit.readTerm() // to merge by
				hit.length = basic.RankedLength(hit.term)
			}
			hits = append(hits, hit)
		}
	}
	return hits, nil
}

// scope is one release to search, and the concepts of it that may be found.
type scope struct {
	reader reader
	only   *roaring.Bitmap // nil: all
	bits   []uint64        // only as bits, or nil
	found  terminology.TextResult
	mark   func(term string) []terminology.TextSpan // once a hit needs it
	typed  bool                                     // the first hit is the concept whose code the text is
}

// rankedHit is a hit and the release that it is of.
type rankedHit struct {
	hit    terminology.TextHit
	scope  *scope
	term   string // of the document, once it has been read
	length uint32 // of the term, as its release ranks it
}

func (h *rankedHit) readTerm() {
	if h.term == "" {
		_, h.term = h.scope.reader.cs().Document(h.hit.Doc)
	}
}

// shownAtOnce is how many hits are looked up together, since what each needs is far apart
// in memory.
const shownAtOnce = len(shownRoom{})

// shownRoom is the memory of a look-up of what is shown of concepts.
type shownRoom = [32]terminology.Shown

// tell fills out with what there is to tell of hits of one release, at most shownAtOnce.
func (s *Service) tell(req *SearchRequest, hits []rankedHit, out []SearchHit) {
	shown, ok := s.shown.Get().(*shownRoom)
	if !ok {
		shown = new(shownRoom)
	}
	defer s.shown.Put(shown)
	defer clear(shown[:])
	sc := hits[0].scope
	r, release := &sc.reader, &sc.reader.installed.Release
	cs := r.cs()
	var docs, concepts [shownAtOnce]uint32
	var terms [shownAtOnce]string
	for i := range hits {
		docs[i], concepts[i] = hits[i].hit.Doc, hits[i].hit.Concept
	}
	cs.DocumentTerms(docs[:len(hits)], terms[:])
	r.columns.Show(cs, concepts[:len(hits)], shown[:len(hits)])
	if sc.mark == nil {
		sc.mark = r.installed.Text.Highlight(req.Text, req.WholeWords)
	}
	for i := range hits {
		h, told, term := &hits[i].hit, &shown[i], terms[i]
		hit := SearchHit{Term: term, Tag: cs.Tag(h.Concept), Inactive: told.Inactive, Class: h.How}
		hit.Coding = terminology.Coding{System: release.System, Version: release.Version, Code: told.Code, Display: told.Display}
		hit.Language, hit.Fallback = r.languageOf(told.Column, told.Display)
		hit.Marked = sc.mark(term)
		hit.Rank = RankKeys{Class: int(h.Class), Tier: h.Tier, Letters: utf8.RuneCountInString(term), Document: int(h.Doc)}
		if h.Tier < len(r.tiers) {
			hit.Rank.TierName = r.tierName(h.Tier)
		}
		out[i] = hit
	}
}

// tierName says a tier in words. Tiers come in twos, preferred and acceptable, for each
// display column in the order of the languages.
func (r reader) tierName(tier int) string {
	column := r.cs().Columns()[r.columns.Order()[tier/2]]
	name := column.Language
	if column.Refset != "" {
		name += " (" + column.Refset + ")"
	}
	return name + [...]string{" preferred", " acceptable"}[tier%2]
}

// mergeHits merges the hits of several releases, each of which is in order already: codes
// that were typed come first, then whichever of the next hits of the releases matches best,
// then is in the best tier, then is shortest as its release counts it.
func mergeHits(hits []rankedHit) {
	type run struct{ at, end int }
	var runs []run
	for i := range hits {
		if i == 0 || hits[i].scope != hits[i-1].scope {
			runs = append(runs, run{i, i})
		}
		runs[len(runs)-1].end = i + 1
	}
	if len(runs) < 2 {
		return
	}
	merged := make([]rankedHit, 0, len(hits))
	for i := range runs {
		if r := &runs[i]; hits[r.at].scope.typed {
			merged, r.at = append(merged, hits[r.at]), r.at+1
		}
	}
	for len(merged) < len(hits) {
		best := -1
		for i, r := range runs {
			if r.at < r.end && (best < 0 || before(&hits[r.at], &hits[runs[best].at]) < 0) {
				best = i
			}
		}
		merged = append(merged, hits[runs[best].at])
		runs[best].at++
	}
	copy(hits, merged)
}

// before compares the hits of different releases.
func before(a, b *rankedHit) int {
	return cmp.Or(cmp.Compare(a.hit.Class, b.hit.Class), cmp.Compare(a.hit.Tier, b.hit.Tier), cmp.Compare(a.length, b.length))
}

// scopes returns the releases that a request means: the default release of each
// named code system, or of all, or those of a value set.
func (s *Service) scopes(ctx context.Context, snap *snapshot, req SearchRequest) ([]scope, error) {
	switch {
	case req.Constraint != "":
		req.ValueSet = implicitURL("ecl/", req.Constraint)
	case req.Refset != "":
		req.ValueSet = implicitURL("refset/", req.Refset)
	}
	if req.ValueSet != "" {
		return s.valueSetScopes(ctx, snap, req)
	}
	var out []scope
	if len(req.Systems) == 0 {
		for _, r := range snap.Defaults() {
			out = append(out, scope{reader: snap.reader(r)})
		}
	}
	named, err := snap.named(req.Systems)
	for _, r := range named {
		out = append(out, scope{reader: snap.reader(r)})
	}
	return out, err
}

// implicitURL returns the URL of an implicit value set of SNOMED CT.
func implicitURL(kind, of string) string {
	return snomed.System + "?fhir_vs=" + kind + url.PathEscape(of)
}

// named returns the releases of names, which may end in |version, each once.
func (s *snapshot) named(names []string) ([]*catalog.Installed, error) {
	var out []*catalog.Installed
	for _, name := range names {
		system, version, _ := strings.Cut(name, "|")
		r, err := s.CodeSystem(system, version)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out, nil
}

func (s *Service) valueSetScopes(ctx context.Context, snap *snapshot, req SearchRequest) ([]scope, error) {
	set, err := s.members(s.budgeted(ctx), snap, asked{url: req.ValueSet})
	if err != nil {
		return nil, err
	}
	systems, err := snap.named(req.Systems)
	if err != nil {
		return nil, err
	}
	var out []scope
	for i, p := range set.parts {
		r := snap.installedOf(p.CodeSystem)
		if len(systems) == 0 || slices.Contains(systems, r) {
			sc := scope{reader: snap.reader(r)}
			sc.only, sc.bits = set.within(i)
			out = append(out, sc)
		}
	}
	return out, nil
}

func (s *snapshot) installedOf(cs terminology.CodeSystem) *catalog.Installed {
	for _, r := range s.changed {
		if r.CodeSystem == cs {
			return r
		}
	}
	return s.InstalledOf(cs)
}

// search asks the text index of one release. Plain tells not to guess at typing errors.
func (sc *scope) search(ctx context.Context, req SearchRequest, plain bool) (terminology.TextResult, error) {
	cs := sc.reader.cs()
	q := terminology.TextQuery{Text: req.Text, Prefer: sc.reader.tiers, Tag: req.Tag, Inactive: req.Inactive, Limit: req.Limit,
		Only: sc.only, OnlyBits: sc.bits, Plain: plain, WholeWords: req.WholeWords, Fuzzy: req.Fuzzy, Collect: req.Facets}
	if len(req.Terms) > 0 {
		if q.Tiers = sc.tiersOf(req.Terms); len(q.Tiers) == 0 {
			sc.found = terminology.TextResult{Exact: true}
			return sc.found, nil // the release has no terms in these languages
		}
	}
	if req.Facets {
		for _, l := range sc.languages() {
			q.Groups = append(q.Groups, sc.tiersOf([]language.Tag{l}))
		}
	}
	code, typed := sc.code(req)
	q.Plain = q.Plain || typed
	found, err := sc.reader.installed.Text.Search(ctx, q, cs)
	if err == nil && typed {
		sc.putFirst(&found, code, req.Limit)
	}
	sc.found = found
	return found, err
}

// code returns the concept whose code the text is, in any form that the code system
// takes, if it may be found.
func (sc *scope) code(req SearchRequest) (terminology.Ordinal, bool) {
	if !strings.ContainsAny(req.Text, "0123456789") || len(req.Terms) > 0 {
		return 0, false
	}
	cs := sc.reader.cs()
	o, ok := cs.Find(strings.TrimSpace(req.Text))
	if !ok || sc.only != nil && !sc.only.Contains(o) || req.Tag != "" && cs.Tag(o) != req.Tag || !req.Inactive && cs.Info(o).Inactive {
		return 0, false
	}
	for range cs.Documents(o) {
		return o, true
	}
	return 0, false // a concept without a term to show
}

// putFirst makes a concept the first hit, as one whose whole term is the text.
func (sc *scope) putFirst(found *terminology.TextResult, o terminology.Ordinal, limit int) {
	hit := terminology.TextHit{Concept: o, Class: 1, How: "exact", Tier: len(sc.reader.tiers)}
	for hit.Doc = range sc.reader.cs().Documents(o) { // the last is the code, where codes are terms
	}
	if i := slices.IndexFunc(found.Hits, func(h terminology.TextHit) bool { return h.Concept == o }); i >= 0 {
		if found.Hits[i].How == hit.How {
			hit = found.Hits[i]
		}
		found.Hits = slices.Delete(found.Hits, i, i+1)
	} else if found.Concepts == nil || found.Concepts.CheckedAdd(o) {
		found.Total++
		found.Exact = found.Exact && len(found.Hits) < limit // else it may be among those that are counted
	}
	sc.typed = true
	found.Hits = slices.Insert(found.Hits, 0, hit)
	found.Hits = found.Hits[:min(len(found.Hits), max(limit, 1))]
}

// languages returns the languages of the display columns, without their regions.
func (sc *scope) languages() []language.Tag {
	var all []language.Tag
	for _, c := range sc.reader.cs().Columns() {
		if tag, ok := language.ParseTag(c.Language); ok && !slices.Contains(all, tag.Primary()) {
			all = append(all, tag.Primary())
		}
	}
	return all
}

// tiersOf returns the tiers of the display columns in some languages, or of some
// reference sets.
func (sc *scope) tiersOf(tags []language.Tag) []string {
	var tiers []string
	for i, c := range sc.reader.cs().Columns() {
		column, _ := language.ParseTag(c.Language)
		for _, tag := range tags {
			if tag.Refset() != "" && tag.Refset() == c.Refset || tag.Refset() == "" && (tag == column || tag == column.Primary()) {
				tiers = append(tiers, basic.Tier(i, true), basic.Tier(i, false))
				break
			}
		}
	}
	return tiers
}
