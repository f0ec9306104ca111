package grpcserver

import (
	"context"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ListReleases answers kodeks.v1.TerminologyService/ListReleases.
func (s *service) ListReleases(ctx context.Context, _ *kodeksv1.ListReleasesRequest) (*kodeksv1.ListReleasesResponse, error) {
	resp, err := s.ops.List(ctx)
	if err != nil {
		return nil, err
	}
	return ListReleasesResponse(resp), nil
}

// ListReleasesResponse writes the installed releases.
func ListReleasesResponse(r *operation.ListResponse) *kodeksv1.ListReleasesResponse {
	return &kodeksv1.ListReleasesResponse{
		Releases: messages(r.Releases, installed),
	}
}

func installed(m *kodeksv1.InstalledRelease, i *operation.InstalledRelease) {
	m.Release, m.Default = ReleaseMessage(&i.Release), i.Default
	m.Concepts, m.Active, m.Terms = number(i.Concepts), number(i.Active), number(i.Terms)
	m.Imported, m.Bytes = i.Imported, i.Bytes
	m.InForceFrom, m.InForceTo = i.InForce.From.String(), i.InForce.To.String()
	m.Columns = messages(i.Columns, func(m *kodeksv1.DisplayColumn, c *terminology.DisplayColumn) {
		m.Language, m.Refset, m.Count = c.Language, c.Refset, number(c.Count)
	})
}
