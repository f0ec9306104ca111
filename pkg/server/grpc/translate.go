package grpcserver

import (
	"context"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
)

// Translate answers kodeks.v1.TerminologyService/Translate.
func (s *service) Translate(ctx context.Context, m *kodeksv1.TranslateRequest) (*kodeksv1.TranslateResponse, error) {
	req, err := TranslateRequest(m)
	if err != nil {
		return nil, err
	}
	resp, err := s.ops.Translate(ctx, req)
	if err != nil {
		return nil, err
	}
	return TranslateResponse(resp), nil
}

// TranslateRequest reads the request of a translation.
func TranslateRequest(m *kodeksv1.TranslateRequest) (operation.TranslateRequest, error) {
	languages, err := preference(m.GetLanguage())
	return operation.TranslateRequest{
		URL:       m.GetUrl(),
		Coding:    Coding(m.GetCoding()),
		Target:    m.GetTargetSystem(),
		Reverse:   m.GetReverse(),
		Languages: languages,
	}, err
}

// TranslateResponse writes the matches of a translation.
func TranslateResponse(r *operation.TranslateResponse) *kodeksv1.TranslateResponse {
	return &kodeksv1.TranslateResponse{
		Result:  r.Result,
		Message: r.Message,
		Source:  CodingMessage(r.Source),
		Matches: messages(r.Matches, func(m *kodeksv1.Match, t *operation.Match) {
			m.Coding, m.Relationship = CodingMessage(t.Coding), t.Relationship.String()
			m.Map, m.MapTitle = t.Map, t.MapTitle
			m.Group, m.Priority = number(t.Group), number(t.Priority)
			m.Rule, m.Advice, m.Category = t.Rule, t.Advice, t.Category
		}),
	}
}
