package operation

import (
	"context"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Subsumes tells how two codes of one code system relate. Unknown codes are an
// answer.
func (s *Service) Subsumes(_ context.Context, req SubsumesRequest) (*SubsumesResponse, error) {
	snap := s.acquire(s.options.Languages)
	defer snap.LetGo()
	if req.System == "" {
		return nil, &terminology.Error{Op: "operation.Subsumes", Kind: terminology.Invalid, Err: errNoSystem}
	}
	found, err := snap.CodeSystem(req.System, req.Version)
	if err != nil {
		return nil, err
	}
	cs := found.CodeSystem
	resp := &SubsumesResponse{System: found.Release.System, Version: found.Release.Version}
	a, okA := cs.Find(req.CodeA)
	b, okB := cs.Find(req.CodeB)
	if !okA {
		resp.Unknown = append(resp.Unknown, req.CodeA)
	}
	if !okB {
		resp.Unknown = append(resp.Unknown, req.CodeB)
	}
	switch {
	case !okA || !okB:
	case a == b:
		resp.Outcome = SameConcept
	case cs.Subsumes(a, b):
		resp.Outcome = Subsuming
	case cs.Subsumes(b, a):
		resp.Outcome = SubsumedBy
	default:
		resp.Outcome = NotSubsumed
	}
	return resp, nil
}
