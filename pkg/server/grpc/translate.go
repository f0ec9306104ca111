package grpcserver

import (
	"context"
	"io"

	"google.golang.org/grpc"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
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

// TranslateStream answers kodeks.v1.TerminologyService/TranslateStream, one request after
// the other: the flow control of the stream holds back a client that sends faster.
func (s *service) TranslateStream(stream grpc.BidiStreamingServer[kodeksv1.TranslateRequest, kodeksv1.TranslateResponse]) error {
	ctx := stream.Context()
	for {
		m, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		in, cancel := terminology.WithTimeout(ctx, s.limit)
		resp, err := s.Translate(in, m)
		if err != nil {
			if s.failed != nil {
				s.failed(in, kodeksv1.TerminologyService_TranslateStream_FullMethodName, err)
			}
			st := statusOf(in, err)
			resp = &kodeksv1.TranslateResponse{Status: &kodeksv1.TranslateStatus{Code: int32(st.Code()), Message: st.Message()}}
		}
		cancel()
		resp.Sequence = m.Sequence
		if err := stream.Send(resp); err != nil {
			return err
		}
	}
}

// TranslateRequest reads the request of a translation.
func TranslateRequest(m *kodeksv1.TranslateRequest) (operation.TranslateRequest, error) {
	languages, err := preference(m.GetLanguage())
	p := m.GetPatient()
	return operation.TranslateRequest{
		URL:         m.GetUrl(),
		Coding:      Coding(m.GetCoding()),
		Target:      m.GetTargetSystem(),
		Reverse:     m.GetReverse(),
		Prefix:      m.GetPrefix(),
		Walk:        m.GetWalk(),
		Into:        m.GetInto(),
		NoChain:     m.GetNoChain(),
		SourceScope: m.GetSourceScope(),
		TargetScope: m.GetTargetScope(),
		Patient:     operation.Patient{Sex: p.GetSex(), Age: p.GetAge(), AgeAtOnset: p.GetAgeAtOnset(), Findings: p.GetFindings(), Terms: mapTerms(p.GetTerms())},
		Languages:   languages,
	}, err
}

func mapTerms(list []*kodeksv1.MapTerm) []terminology.MapTerm {
	var out []terminology.MapTerm
	for _, m := range list {
		out = append(out, terminology.MapTerm{Property: m.GetProperty(), Value: Coding(m.GetValue())})
	}
	return out
}

// TranslateResponse writes the matches of a translation.
func TranslateResponse(r *operation.TranslateResponse) *kodeksv1.TranslateResponse {
	return &kodeksv1.TranslateResponse{
		Result:  r.Result,
		Message: r.Message,
		Source:  CodingMessage(r.Source),
		Matches: messages(r.Matches, match),
		Needs:   r.Needs,
		Notes:   r.Notes,
	}
}

func match(m *kodeksv1.Match, t *operation.Match) {
	m.Coding, m.Relationship = CodingMessage(t.Coding), t.Relationship.String()
	m.Map, m.MapTitle, m.MapVersion = t.Map, t.MapTitle, t.MapVersion
	m.Group, m.Priority = number(t.Group), number(t.Priority)
	m.Rule, m.Advice, m.Category = t.Rule, t.Advice, t.Category
	m.State, m.Fired, m.Needs, m.Reason = t.State.String(), t.Fired, t.Needs, t.Reason
	if t.From != (terminology.Coding{}) {
		m.From = CodingMessage(t.From)
	}
	m.Path = messages(t.Path, func(m *kodeksv1.Hop, h *operation.Hop) {
		m.Coding, m.Relationship = CodingMessage(h.Coding), h.Relationship.String()
		m.Map, m.MapTitle, m.Reverse = h.Map, h.MapTitle, h.Reverse
	})
	m.Ways = number(t.Ways)
	m.Products = messages(t.Products, func(m *kodeksv1.MapTerm, t *terminology.MapTerm) {
		m.Property, m.Value = t.Property, CodingMessage(t.Value)
	})
	m.File, m.Line, m.Row = t.File, number(t.Line), t.Row
	if m.Reverse = t.Reverse; t.Reverse {
		m.Target = CodingMessage(t.Target)
	}
}
