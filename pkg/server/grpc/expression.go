package grpcserver

import (
	"context"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
)

// ValidateExpression answers kodeks.v1.TerminologyService/ValidateExpression.
func (s *service) ValidateExpression(ctx context.Context, m *kodeksv1.ValidateExpressionRequest) (*kodeksv1.ValidateExpressionResponse, error) {
	req, err := ValidateExpressionRequest(m)
	if err != nil {
		return nil, err
	}
	resp, err := s.ops.ValidateExpression(ctx, req)
	if err != nil {
		return nil, err
	}
	return ValidateExpressionResponse(resp), nil
}

// ValidateExpressionRequest reads the request for what an expression is.
func ValidateExpressionRequest(m *kodeksv1.ValidateExpressionRequest) (operation.ValidateExpressionRequest, error) {
	languages, err := preference(m.GetLanguage())
	return operation.ValidateExpressionRequest{System: m.GetSystem(), Version: m.GetVersion(), Expression: m.GetExpression(), Languages: languages}, err
}

// ValidateExpressionResponse writes what an expression is.
func ValidateExpressionResponse(r *operation.ValidateExpressionResponse) *kodeksv1.ValidateExpressionResponse {
	return &kodeksv1.ValidateExpressionResponse{
		Valid:   r.Valid,
		Release: ReleaseMessage(&r.Release),
		Fault:   syntaxFault(&r.Fault),
		Problems: messages(r.Problems, func(m *kodeksv1.ExpressionProblem, p *operation.ExpressionProblem) {
			m.Severity, m.Kind, m.Line, m.Column, m.Text = p.Severity.String(), p.Kind, number(p.Line), number(p.Column), p.Text
			m.Attribute, m.Domain, m.Refset = CodingMessage(p.Attribute), CodingMessage(p.Domain), CodingMessage(p.Refset)
			m.Member, m.Rule = p.Member, p.Rule
		}),
		ModelChecked:      r.ModelChecked,
		Canonical:         r.Canonical,
		Display:           r.Display,
		Concept:           CodingMessage(r.Concept),
		NormalForm:        r.NormalForm,
		NormalFormDisplay: r.NormalFormDisplay,
		Attributes:        PropertyMessages(r.Attributes),
		Parents:           CodingMessages(r.Parents),
	}
}
