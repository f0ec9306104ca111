package grpcserver

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Expand answers kodeks.v1.TerminologyService/Expand.
func (s *service) Expand(ctx context.Context, m *kodeksv1.ExpandRequest) (*kodeksv1.ExpandResponse, error) {
	req, err := ExpandRequest(m)
	if err != nil {
		return nil, err
	}
	resp, err := s.ops.Expand(ctx, req)
	if err != nil {
		return nil, err
	}
	out := ExpandResponse(resp)
	out.Identifier = expansionID(m, resp)
	return out, nil
}

// expansionID names the answer to a request: a UUID of what the expansion rests on and of
// the question (RFC 9562, version 8), as the identifier of an expansion in FHIR is, which
// asks otherwise and is another one.
func expansionID(m *kodeksv1.ExpandRequest, r *operation.ExpandResponse) string {
	asked, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil || r.Basis == (operation.Basis{}) {
		return ""
	}
	text := append([]byte("kodeks-grpc-expansion-1\x00"), r.Basis[:]...)
	sum := sha256.Sum256(append(binary.AppendUvarint(text, uint64(r.Total)), asked...))
	sum[6] = sum[6]&0x0F | 0x80
	sum[8] = sum[8]&0x3F | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// ExpandRequest reads the request of an expansion.
func ExpandRequest(m *kodeksv1.ExpandRequest) (operation.ExpandRequest, error) {
	languages, err := preference(m.GetLanguage())
	if err != nil {
		return operation.ExpandRequest{}, err
	}
	day, err := date(m.GetDate())
	count := -1
	if m != nil && m.Count != nil {
		if count = int(*m.Count); count < 0 {
			return operation.ExpandRequest{}, invalid("count is %d, want 0 or more", count)
		}
	}
	return operation.ExpandRequest{
		URL:          m.GetUrl(),
		Compose:      Compose(m.GetCompose()),
		Text:         m.GetFilter(),
		Offset:       int(m.GetOffset()),
		Count:        count,
		ActiveOnly:   m.GetActiveOnly(),
		Designations: m.GetIncludeDesignations(),
		Languages:    languages,
		Date:         day,
	}, err
}

// ExpandResponse writes a page of an expansion, without its identifier, which the request
// is part of.
func ExpandResponse(r *operation.ExpandResponse) *kodeksv1.ExpandResponse {
	return &kodeksv1.ExpandResponse{
		Url:    r.URL,
		Total:  number(r.Total),
		Exact:  r.Exact,
		Offset: number(r.Offset),
		Codes:  expandedCodes(r.Codes),
		Used:   messages(r.Used, func(m *kodeksv1.Release, r *terminology.Release) { release(m, r) }),

		Published: r.Published.String(),
	}
}

// expandedCodes writes codes and their codings into two blocks of memory.
func expandedCodes(list []operation.ExpandedCode) []*kodeksv1.ExpandedCode {
	codings := make([]kodeksv1.Coding, len(list))
	next := 0
	return messages(list, func(m *kodeksv1.ExpandedCode, c *operation.ExpandedCode) {
		m.Coding = &codings[next]
		next++
		m.Coding.System, m.Coding.Version, m.Coding.Code, m.Coding.Display = c.Coding.System, c.Coding.Version, c.Coding.Code, c.Coding.Display
		m.Inactive, m.Abstract = c.Inactive, c.Abstract
		m.Designations = DesignationMessages(c.Designations)
	})
}
