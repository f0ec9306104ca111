package grpcserver

import (
	"context"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
)

// Browse answers kodeks.v1.TerminologyService/Browse.
func (s *service) Browse(ctx context.Context, m *kodeksv1.BrowseRequest) (*kodeksv1.BrowseResponse, error) {
	req, err := BrowseRequest(m)
	if err != nil {
		return nil, err
	}
	resp, err := s.ops.Browse(ctx, req)
	if err != nil {
		return nil, err
	}
	return BrowseResponse(resp), nil
}

// BrowseRequest reads the request of a page of a hierarchy.
func BrowseRequest(m *kodeksv1.BrowseRequest) (operation.BrowseRequest, error) {
	languages, err := preference(m.GetLanguage())
	return operation.BrowseRequest{
		System:    m.GetSystem(),
		Version:   m.GetVersion(),
		Under:     m.GetUnder(),
		Offset:    int(m.GetOffset()),
		Count:     int(m.GetCount()),
		Languages: languages,
	}, err
}

// BrowseResponse writes a page of a hierarchy.
func BrowseResponse(r *operation.BrowseResponse) *kodeksv1.BrowseResponse {
	m := &kodeksv1.BrowseResponse{
		Release:    &kodeksv1.InstalledRelease{},
		Properties: PropertyMessages(r.Properties),
		Found:      r.Found,
		Path:       CodingMessages(r.Path),
		Total:      number(r.Total),
	}
	installed(m.Release, &r.Release)
	m.Names = messages(r.Names, func(m *kodeksv1.UniqueId, n *operation.UniqueID) {
		m.Type, m.Value, m.Preferred = n.Type, n.Value, n.Preferred
	})
	m.Filters = messages(r.Filters, func(m *kodeksv1.OfferedFilter, f *operation.Offered) {
		m.Property, m.Operators = f.Property, f.Ops
	})
	m.Concepts = messages(r.Concepts, func(m *kodeksv1.BrowsedConcept, c *operation.BrowsedConcept) {
		m.Coding, m.Language = CodingMessage(c.Coding), c.Language
		m.Inactive, m.Abstract, m.Narrower = c.Inactive, c.Abstract, number(c.Narrower)
	})
	return m
}

// MapRows answers kodeks.v1.TerminologyService/MapRows.
func (s *service) MapRows(ctx context.Context, m *kodeksv1.MapRowsRequest) (*kodeksv1.MapRowsResponse, error) {
	req, err := MapRowsRequest(m)
	if err != nil {
		return nil, err
	}
	resp, err := s.ops.MapRows(ctx, req)
	if err != nil {
		return nil, err
	}
	return MapRowsResponse(resp), nil
}

// MapRowsRequest reads the request of the first rows of a map.
func MapRowsRequest(m *kodeksv1.MapRowsRequest) (operation.MapRowsRequest, error) {
	languages, err := preference(m.GetLanguage())
	return operation.MapRowsRequest{URL: m.GetUrl(), Version: m.GetVersion(), Count: int(m.GetCount()), Languages: languages}, err
}

// MapRowsResponse writes the first rows of a map.
func MapRowsResponse(r *operation.MapRowsResponse) *kodeksv1.MapRowsResponse {
	m := &kodeksv1.MapRowsResponse{Map: &kodeksv1.MapInfo{}, Release: ReleaseMessage(&r.Release), More: r.More}
	mapInfo(m.Map, &r.Map)
	m.Rows = messages(r.Rows, func(m *kodeksv1.MapRow, row *operation.MapRow) {
		m.Source, m.Relationship = CodingMessage(row.Source), row.Relationship.String()
		if row.Target.Code != "" {
			m.Target = CodingMessage(row.Target)
		}
		m.Rule, m.Advice, m.Inactive = row.Rule, row.Advice, row.Inactive
	})
	return m
}
