package operation

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// DefaultLimit is how many hits a search gives when no limit is asked for.
const DefaultLimit = 20

// maxLimit is the most hits of one search.
const maxLimit = 1000

// Search finds concepts by words, best first, one hit a concept. Several code
// systems are searched one by one and their hits merged by how they matched.
func (s *Service) Search(ctx context.Context, req SearchRequest) (*SearchResponse, error) {
	const op = "operation.Search"
	if strings.TrimSpace(req.Text) == "" {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("a text to search for is needed")}
	}
	if req.Limit == 0 {
		req.Limit = DefaultLimit
	}
	if req.Limit < 0 || req.Limit > maxLimit {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("the limit must be 1 to 1000")}
	}
	snap := s.acquire(req.Languages)
	defer snap.LetGo()
	scopes, err := s.scopes(ctx, snap, req)
	if err != nil {
		return nil, err
	}
	resp := &SearchResponse{Exact: true}
	hits, err := searchAll(ctx, scopes, nil, req, &resp.Total, &resp.Exact)
	if err != nil {
		return nil, err
	}
	hits = hits[:min(len(hits), req.Limit)]
	resp.Hits = make([]SearchHit, len(hits))
	for i := range hits {
		resp.Hits[i] = hits[i].response()
	}
	return resp, nil
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
	sortHits(hits)
	return hits, err
}

func searchEach(ctx context.Context, scopes []scope, hits []rankedHit, req SearchRequest, plain bool, total *int, exact *bool) ([]rankedHit, error) {
	for i := range scopes {
		sc := &scopes[i]
		found, err := sc.search(ctx, req, plain, len(scopes) == 1)
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
}

// rankedHit is a hit and the release that it is of.
type rankedHit struct {
	hit   terminology.TextHit
	scope *scope
	term  string // of the document, once it has been read
}

func (h *rankedHit) readTerm() {
	if h.term == "" {
		_, h.term = h.scope.reader.cs().Document(h.hit.Doc)
	}
}

func (h *rankedHit) response() SearchHit {
	h.readTerm()
	r, o := h.scope.reader, h.hit.Concept
	cs := r.cs()
	hit := SearchHit{Term: h.term, Tag: cs.Tag(o), Inactive: cs.Info(o).Inactive, Class: h.hit.How}
	hit.Coding, hit.Language, hit.Fallback = r.concept(o)
	return hit
}

// sortHits merges the hits of several releases, each of which is in order already.
func sortHits(hits []rankedHit) {
	slices.SortStableFunc(hits, func(a, b rankedHit) int {
		return cmp.Or(cmp.Compare(a.hit.Class, b.hit.Class), cmp.Compare(a.hit.Tier, b.hit.Tier), cmp.Compare(len(a.term), len(b.term)))
	})
}

// scopes returns the releases that a request means: the default release of each
// named code system, or of all, or those of a value set.
func (s *Service) scopes(ctx context.Context, snap *snapshot, req SearchRequest) ([]scope, error) {
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
	set, err := s.members(ctx, snap, req.ValueSet, nil, false)
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
			out = append(out, scope{snap.reader(r), p.Set, set.asBits(i)})
		}
	}
	return out, nil
}

func (s *snapshot) installedOf(cs terminology.CodeSystem) *catalog.Installed {
	for _, r := range s.Releases {
		if r.CodeSystem == cs {
			return r
		}
	}
	return nil
}

// search asks the text index of one release. Plain tells not to guess at typing
// errors, alone that its hits are not merged with those of others, whose order knows
// no categories.
func (sc *scope) search(ctx context.Context, req SearchRequest, plain, alone bool) (terminology.TextResult, error) {
	cs := sc.reader.cs()
	q := terminology.TextQuery{Text: req.Text, Prefer: sc.reader.tiers, Tag: req.Tag, Inactive: req.Inactive, Limit: req.Limit, Only: sc.only, OnlyBits: sc.bits, Plain: plain}
	families, ok := cs.(terminology.Families)
	if !alone || !ok || !families.HasFamilies() {
		return sc.reader.installed.Text.Search(ctx, q, cs)
	}
	q.Limit = max(q.Limit, familyHits)
	found, err := sc.reader.installed.Text.Search(ctx, q, cs)
	if err != nil {
		return found, err
	}
	byFamily(found.Hits[:min(len(found.Hits), familyHits)], families)
	found.Hits = found.Hits[:min(len(found.Hits), req.Limit)]
	return found, nil
}

// familyHits is how many hits of a classification are looked at to tell which of its
// categories the words are about. It does not depend on the page that is asked for,
// so pages put together are the whole.
const familyHits = 1000

// byFamily orders hits of a classification that match equally well by the category
// that they belong to: first the category that the words are most about, by its hits
// and the share of its codes that they are. Of hjerteinf that is I21, before I25, of
// whose codes one is about infarctions of the heart; its term is shorter than all of
// I21. Categories that are alike stand in the order of their codes, and inside a
// category the order of the index stays.
func byFamily(hits []terminology.TextHit, families terminology.Families) {
	found := map[uint32]int{}
	for _, h := range hits {
		if f, size := families.Family(h.Concept); size > 0 {
			found[f]++
		}
	}
	slices.SortStableFunc(hits, func(a, b terminology.TextHit) int {
		fa, sizeA := families.Family(a.Concept)
		fb, sizeB := families.Family(b.Concept)
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Tier, b.Tier),
			cmp.Compare(found[fb]*found[fb]*sizeA, found[fa]*found[fa]*sizeB), cmp.Compare(fa, fb))
	})
}
