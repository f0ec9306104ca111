package grpcserver

import (
	"context"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
)

// Lookup answers kodeks.v1.TerminologyService/Lookup.
func (s *service) Lookup(ctx context.Context, m *kodeksv1.LookupRequest) (*kodeksv1.LookupResponse, error) {
	req, err := LookupRequest(m)
	if err != nil {
		return nil, err
	}
	resp, err := s.ops.Lookup(ctx, req)
	if err != nil {
		return nil, err
	}
	return LookupResponse(resp), nil
}

// LookupRequest reads the request of a look-up. It fails, as do the other readers
// of requests, when the languages or the date cannot be read.
func LookupRequest(m *kodeksv1.LookupRequest) (operation.LookupRequest, error) {
	languages, err := preference(m.GetLanguage())
	if err != nil {
		return operation.LookupRequest{}, err
	}
	day, err := date(m.GetDate())
	return operation.LookupRequest{
		Coding:     Coding(m.GetCoding()),
		Languages:  languages,
		Properties: m.GetProperties(),
		Date:       day,
	}, err
}

// LookupResponse writes the answer of a look-up.
func LookupResponse(r *operation.LookupResponse) *kodeksv1.LookupResponse {
	return &kodeksv1.LookupResponse{
		Found:        r.Found,
		Coding:       CodingMessage(r.Coding),
		Release:      ReleaseMessage(&r.Release),
		Language:     r.Language,
		Fallback:     r.Fallback,
		Inactive:     r.Info.Inactive,
		Abstract:     r.Info.Abstract,
		Defined:      r.Info.Defined,
		Effective:    r.Info.Effective.String(),
		Module:       r.Info.Module,
		Designations: DesignationMessages(r.Designations),
		Properties:   PropertyMessages(r.Properties),
		Parents:      CodingMessages(r.Parents),
		Children:     CodingMessages(r.Children),
		ChildCount:   number(r.ChildCount),

		Composed:      r.Composed,
		Remarks:       r.Remarks,
		NotExpression: r.NotExpression,
		Inactivation:  CodingMessage(r.Inactivation),
		Associations: messages(r.Associations, func(m *kodeksv1.Association, a *operation.Association) {
			m.Kind, m.Target = CodingMessage(a.Kind), CodingMessage(a.Target)
			m.Inactive, m.Replacement = a.Inactive, a.Replacement
		}),
		ValidFrom:    r.Info.From.String(),
		ValidTo:      r.Info.To.String(),
		Validity:     r.Validity.Code(),
		Replacements: CodingMessages(r.Replacements),
		Given:        r.Given,
		Issues:       issues(r.Issues),
		InForceFrom:  r.InForce.From.String(),
		InForceTo:    r.InForce.To.String(),
	}
}
