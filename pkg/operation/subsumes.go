package operation

import (
	"context"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Subsumes tells how two codes of one code system relate. Unknown codes are an
// answer.
func (s *Service) Subsumes(_ context.Context, req SubsumesRequest) (*SubsumesResponse, error) {
	snap, err := s.snapshotOf(s.options.Languages, 0, req.With)
	if err != nil {
		return nil, err
	}
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
	r := reader{installed: found} // no displays are asked for
	var things [2]thing
	for i, code := range [...]string{req.CodeA, req.CodeB} {
		t, ok, why := r.meaning(code)
		if !ok {
			resp.Unknown = append(resp.Unknown, code)
			if why != "" {
				resp.Reasons = append(resp.Reasons, why)
			}
		}
		things[i] = t
	}
	if len(resp.Unknown) > 0 {
		return resp, nil
	}
	a, b := things[0], things[1]
	above, below := a.subsumes(b, cs), b.subsumes(a, cs)
	switch {
	case above && below:
		resp.Outcome = SameConcept
	case above:
		resp.Outcome = Subsuming
	case below:
		resp.Outcome = SubsumedBy
	default:
		resp.Outcome = NotSubsumed
	}
	return resp, nil
}
