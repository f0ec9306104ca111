package grpcserver

import (
	"context"
	"unicode/utf8"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Search answers kodeks.v1.TerminologyService/Search.
func (s *service) Search(ctx context.Context, m *kodeksv1.SearchRequest) (*kodeksv1.SearchResponse, error) {
	req, err := SearchRequest(m)
	if err != nil {
		return nil, err
	}
	resp, err := s.ops.Search(ctx, req)
	if err != nil {
		return nil, err
	}
	return SearchResponse(resp), nil
}

// SearchRequest reads the request of a search.
func SearchRequest(m *kodeksv1.SearchRequest) (operation.SearchRequest, error) {
	req := operation.SearchRequest{
		Text:       m.GetText(),
		Systems:    m.GetSystems(),
		ValueSet:   m.GetValueSet(),
		Constraint: m.GetConstraint(),
		Refset:     m.GetRefset(),
		Tag:        m.GetTag(),
		Inactive:   m.GetInactive(),
		WholeWords: m.GetWholeWords(),
		Fuzzy:      m.GetFuzzy(),
		Facets:     m.GetFacets(),
		Limit:      int(m.GetLimit()),
		Offset:     int(m.GetOffset()),
	}
	for _, t := range m.GetTerms() {
		tag, ok := language.ParseTag(t)
		if !ok || tag == language.Any {
			return req, invalid("terms: %q is not a language tag, want one such as nb, nn-NO or en", t)
		}
		req.Terms = append(req.Terms, tag)
	}
	var err error
	req.Languages, err = preference(m.GetLanguage())
	return req, err
}

// SearchResponse writes the hits of a search.
func SearchResponse(r *operation.SearchResponse) *kodeksv1.SearchResponse {
	return &kodeksv1.SearchResponse{
		Total: number(r.Total),
		Exact: r.Exact,
		Hits: messages(r.Hits, func(m *kodeksv1.SearchHit, h *operation.SearchHit) {
			m.Coding = CodingMessage(h.Coding)
			m.Language, m.Fallback, m.Term, m.Tag = h.Language, h.Fallback, h.Term, h.Tag
			m.Inactive, m.Match = h.Inactive, h.Class
			m.Marked = termSpans(h.Term, h.Marked)
			m.Rank = &kodeksv1.SearchRank{
				Match: number(h.Rank.Class), Tier: number(h.Rank.Tier), TierName: h.Rank.TierName,
				Letters: number(h.Rank.Letters), Document: number(h.Rank.Document),
			}
		}),
		Facets: messages(r.Facets, func(m *kodeksv1.SearchFacet, f *operation.Facet) {
			m.Name, m.Exact = f.Name, f.Exact
			m.Values = messages(f.Values, func(m *kodeksv1.SearchFacetValue, v *operation.FacetValue) {
				m.Value, m.Display, m.Count = v.Value, v.Display, number(v.Count)
			})
		}),
	}
}

// termSpans counts spans, which are in order, in code points: programs do not agree on
// what else a character is.
func termSpans(term string, spans []terminology.TextSpan) []*kodeksv1.TermSpan {
	at, points := 0, 0
	upTo := func(end int) int32 {
		end = min(max(end, at), len(term))
		points += utf8.RuneCountInString(term[at:end])
		at = end
		return number(points)
	}
	return messages(spans, func(m *kodeksv1.TermSpan, s *terminology.TextSpan) {
		m.Start = upTo(s.Start)
		m.End = upTo(s.End)
	})
}
