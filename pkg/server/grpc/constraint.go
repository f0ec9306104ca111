package grpcserver

import (
	"context"
	"time"

	"google.golang.org/grpc"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
)

// EvaluateConstraint answers kodeks.v1.TerminologyService/EvaluateConstraint.
func (s *service) EvaluateConstraint(m *kodeksv1.EvaluateConstraintRequest, stream grpc.ServerStreamingServer[kodeksv1.EvaluateConstraintResponse]) error {
	return evaluateConstraint(stream.Context(), s.ops, m, stream.Send)
}

// evaluateConstraint gives yield messages of its own, since gRPC may read one after it
// was sent.
func evaluateConstraint(ctx context.Context, ops Operations, m *kodeksv1.EvaluateConstraintRequest, yield func(*kodeksv1.EvaluateConstraintResponse) error) error {
	req, err := EvaluateConstraintRequest(m)
	if err != nil {
		return err
	}
	return ops.EvaluateConstraint(ctx, req, func(p *operation.ConstraintPart) error {
		return yield(EvaluateConstraintResponse(p))
	})
}

// EvaluateConstraintRequest reads the request of an evaluation.
func EvaluateConstraintRequest(m *kodeksv1.EvaluateConstraintRequest) (operation.ConstraintRequest, error) {
	languages, err := preference(m.GetLanguage())
	return operation.ConstraintRequest{
		System: m.GetSystem(), Version: m.GetVersion(), Expression: m.GetExpression(),
		Offset: int(m.GetOffset()), Limit: int(m.GetLimit()), Languages: languages,
	}, err
}

// EvaluateConstraintResponse writes a part of an answer, of which it keeps nothing.
func EvaluateConstraintResponse(p *operation.ConstraintPart) *kodeksv1.EvaluateConstraintResponse {
	m := &kodeksv1.EvaluateConstraintResponse{}
	if p.Head != nil {
		m.Head = constraintHead(p.Head)
	}
	width := 0
	if len(p.Rows) > 0 {
		width = len(p.Rows[0].Values) + len(p.Rows[0].Displays)
	}
	cells := make([]string, 0, width*len(p.Rows)) // of all rows in one block
	keep := func(list []string) []string {
		first := len(cells)
		cells = append(cells, list...)
		return cells[first:len(cells):len(cells)]
	}
	m.Rows = messages(p.Rows, func(m *kodeksv1.ConstraintRow, r *operation.ConstraintRow) {
		m.Code, m.Display, m.Inactive = r.Code, r.Display, r.Inactive
		if len(r.Values) > 0 {
			m.Values, m.Displays = keep(r.Values), keep(r.Displays)
		}
	})
	return m
}

func constraintHead(h *operation.ConstraintHead) *kodeksv1.ConstraintHead {
	return &kodeksv1.ConstraintHead{
		Release: ReleaseMessage(&h.Release), Canonical: h.Canonical, Total: number(h.Total), Columns: h.Columns, Warnings: constraintWarnings(h.Warnings),
	}
}

func constraintWarnings(list []operation.ConstraintWarning) []*kodeksv1.ConstraintWarning {
	return messages(list, func(m *kodeksv1.ConstraintWarning, w *operation.ConstraintWarning) {
		m.Kind, m.Line, m.Column, m.Subject, m.Text = w.Kind, number(w.Line), number(w.Column), w.Subject, w.Text
	})
}

// CountConstraint answers kodeks.v1.TerminologyService/CountConstraint.
func (s *service) CountConstraint(ctx context.Context, m *kodeksv1.CountConstraintRequest) (*kodeksv1.CountConstraintResponse, error) {
	head, err := s.ops.CountConstraint(ctx, CountConstraintRequest(m))
	if err != nil {
		return nil, err
	}
	return CountConstraintResponse(head), nil
}

// CountConstraintRequest reads the request of a count.
func CountConstraintRequest(m *kodeksv1.CountConstraintRequest) operation.ConstraintRequest {
	return operation.ConstraintRequest{System: m.GetSystem(), Version: m.GetVersion(), Expression: m.GetExpression()}
}

// CountConstraintResponse writes a count.
func CountConstraintResponse(h *operation.ConstraintHead) *kodeksv1.CountConstraintResponse {
	return &kodeksv1.CountConstraintResponse{Head: constraintHead(h)}
}

// ValidateConstraint answers kodeks.v1.TerminologyService/ValidateConstraint.
func (s *service) ValidateConstraint(ctx context.Context, m *kodeksv1.ValidateConstraintRequest) (*kodeksv1.ValidateConstraintResponse, error) {
	resp, err := s.ops.ValidateConstraint(ctx, ValidateConstraintRequest(m))
	if err != nil {
		return nil, err
	}
	return ValidateConstraintResponse(resp), nil
}

// ValidateConstraintRequest reads the request of a validation.
func ValidateConstraintRequest(m *kodeksv1.ValidateConstraintRequest) operation.ConstraintRequest {
	return operation.ConstraintRequest{System: m.GetSystem(), Version: m.GetVersion(), Expression: m.GetExpression()}
}

// ValidateConstraintResponse writes a verdict.
func ValidateConstraintResponse(r *operation.ValidateConstraintResponse) *kodeksv1.ValidateConstraintResponse {
	return &kodeksv1.ValidateConstraintResponse{
		Valid: r.Valid, Release: ReleaseMessage(&r.Release), Canonical: r.Canonical, Fault: syntaxFault(&r.Fault), Warnings: constraintWarnings(r.Warnings),
	}
}

// syntaxFault writes a fault; none is missing.
func syntaxFault(f *operation.SyntaxFault) *kodeksv1.SyntaxFault {
	if f.Text == "" {
		return nil
	}
	return &kodeksv1.SyntaxFault{Text: f.Text, Line: number(f.Line), Column: number(f.Column), Found: f.Found, Expected: f.Expected, Hint: f.Hint}
}

// ExplainConstraint answers kodeks.v1.TerminologyService/ExplainConstraint.
func (s *service) ExplainConstraint(ctx context.Context, m *kodeksv1.ExplainConstraintRequest) (*kodeksv1.ExplainConstraintResponse, error) {
	req, err := ExplainConstraintRequest(m)
	if err != nil {
		return nil, err
	}
	resp, err := s.ops.ExplainConstraint(ctx, req)
	if err != nil {
		return nil, err
	}
	return ExplainConstraintResponse(resp), nil
}

// ExplainConstraintRequest reads the request of an explanation.
func ExplainConstraintRequest(m *kodeksv1.ExplainConstraintRequest) (operation.ExplainConstraintRequest, error) {
	languages, err := preference(m.GetLanguage())
	return operation.ExplainConstraintRequest{System: m.GetSystem(), Version: m.GetVersion(), Expression: m.GetExpression(), Code: m.GetCode(), Languages: languages}, err
}

// ExplainConstraintResponse writes an explanation.
func ExplainConstraintResponse(r *operation.ExplainConstraintResponse) *kodeksv1.ExplainConstraintResponse {
	return &kodeksv1.ExplainConstraintResponse{
		Head:         constraintHead(&r.ConstraintHead),
		Milliseconds: milliseconds(r.Elapsed),
		Plan: messages(r.Plan, func(m *kodeksv1.PlanPart, p *operation.PlanPart) {
			m.Depth, m.Operation, m.Text, m.Display = number(p.Depth), p.Operation, p.Text, p.Display
			m.Estimate, m.Made, m.Size = number(p.Estimate), p.Made, number(p.Size)
			m.Tested, m.Kept, m.Cached, m.Milliseconds = number(p.Tested), number(p.Kept), p.Cached, milliseconds(p.Elapsed)
		}),
		Found: r.Found, Coding: CodingMessage(r.Coding), NotExpression: r.NotExpression, Selected: r.Selected,
		Reasons: messages(r.Reasons, func(m *kodeksv1.ReasonPart, p *operation.ReasonPart) {
			m.Depth, m.Operation, m.Text, m.Display, m.Holds, m.Note = number(p.Depth), p.Operation, p.Text, p.Display, p.Holds, p.Note
		}),
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
