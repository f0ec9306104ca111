package grpcserver

import (
	"context"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
)

// Subsumes answers kodeks.v1.TerminologyService/Subsumes.
func (s *service) Subsumes(ctx context.Context, m *kodeksv1.SubsumesRequest) (*kodeksv1.SubsumesResponse, error) {
	resp, err := s.ops.Subsumes(ctx, SubsumesRequest(m))
	if err != nil {
		return nil, err
	}
	return SubsumesResponse(resp), nil
}

// SubsumesRequest reads the request of a subsumption test.
func SubsumesRequest(m *kodeksv1.SubsumesRequest) operation.SubsumesRequest {
	return operation.SubsumesRequest{System: m.GetSystem(), Version: m.GetVersion(), CodeA: m.GetCodeA(), CodeB: m.GetCodeB()}
}

// SubsumesResponse writes the outcome of a subsumption test.
func SubsumesResponse(r *operation.SubsumesResponse) *kodeksv1.SubsumesResponse {
	return &kodeksv1.SubsumesResponse{Outcome: r.Outcome.String(), System: r.System, Version: r.Version, Unknown: r.Unknown, Reasons: r.Reasons}
}
