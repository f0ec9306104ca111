package grpcserver

import (
	"context"
	"fmt"
	"time"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
)

// Closure answers kodeks.v1.TerminologyService/Closure.
func (s *service) Closure(ctx context.Context, m *kodeksv1.ClosureRequest) (*kodeksv1.ClosureResponse, error) {
	resp, err := s.ops.Closure(ctx, ClosureRequest(m))
	if err != nil {
		return nil, err
	}
	return ClosureResponse(resp), nil
}

// ClosureRequest reads the request of a closure table.
func ClosureRequest(m *kodeksv1.ClosureRequest) operation.ClosureRequest {
	req := operation.ClosureRequest{Name: m.GetName(), Resync: m != nil && m.Version != nil, Version: m.GetVersion()}
	for i, c := range m.GetConcepts() {
		req.Concepts = append(req.Concepts, operation.ClosureCoding{Coding: Coding(c), Where: fmt.Sprintf("concepts[%d]", i)})
	}
	return req
}

// ClosureResponse writes what a client is to add to its own table.
func ClosureResponse(r *operation.ClosureResponse) *kodeksv1.ClosureResponse {
	return &kodeksv1.ClosureResponse{
		Name:    r.Name,
		Version: r.Version,
		Made:    r.Made,
		Time:    r.Time.UTC().Format(time.RFC3339Nano),
		Groups: messages(r.Groups, func(m *kodeksv1.ClosureGroup, g *operation.ClosureGroup) {
			m.System = g.System
			m.Rows = messages(g.Rows, func(m *kodeksv1.ClosureRow, row *operation.ClosureRow) {
				m.Source, m.Target, m.Equal = row.Source, row.Target, row.Equal
			})
		}),
	}
}
