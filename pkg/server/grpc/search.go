package grpcserver

import (
	"context"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
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
	languages, err := preference(m.GetLanguage())
	return operation.SearchRequest{
		Text:      m.GetText(),
		Systems:   m.GetSystems(),
		ValueSet:  m.GetValueSet(),
		Tag:       m.GetTag(),
		Languages: languages,
		Inactive:  m.GetInactive(),
		Limit:     int(m.GetLimit()),
	}, err
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
		}),
	}
}
