package operation

import (
	"context"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// HistoryRequest asks for versions.
type HistoryRequest struct {
	Type, ID string    // ID "": of all resources of the type
	Since    time.Time // only versions from then on; zero: all
	Count    int       // of one page; 0: only how many there are
	Offset   int
	Page     PageLimit
}

// HistoryResponse is a page of versions, newest first.
type HistoryResponse struct {
	Total   int
	Entries []Resource
	Next    int // offset of the next page; 0: this is the last
}

// LongMembers are the members of resources that are left out of a page with
// PageLimit.Light.
var LongMembers = resource.LongMembers

// PageLimit bounds what a page holds in memory.
type PageLimit struct {
	// Write makes of a resource what is kept of it in the page, in Raw; nil: its text.
	Write func(*Resource) []byte
	// Bytes is where a page ends, although more was asked for: it has at least one entry,
	// and no other that would pass it. 0: no limit.
	Bytes int
	// Light tells that nothing is wanted of LongMembers, which need not be read then.
	Light bool
}

// maxRead is how many bytes of texts are read for one page.
const maxRead = 256 << 20

// gathered collects entries within a PageLimit.
type gathered struct {
	limit         PageLimit
	entries       []Resource
	bytes, readIn int
}

// add takes an entry, and reports whether there was room for it.
func (p *gathered) add(r Resource) bool {
	p.readIn += len(r.Raw)
	if p.limit.Write != nil && r.Err == nil && !r.Deleted {
		r.Raw = p.limit.Write(&r)
	}
	if p.limit.Bytes > 0 && len(p.entries) > 0 && (p.bytes+len(r.Raw) > p.limit.Bytes || p.readIn > maxRead) {
		return false
	}
	p.bytes += len(r.Raw)
	p.entries = append(p.entries, r)
	return true
}

// ResourceHistory gives the versions of a resource, or of all of a type. A resource that
// comes with a release has one, which has no number. A version that cannot be read is told as one. The error
// is NotFound when there never was the resource.
func (s *Service) ResourceHistory(ctx context.Context, req HistoryRequest) (*HistoryResponse, error) {
	total, err := s.countVersions(req)
	if err != nil {
		return nil, err
	}
	if total == 0 && req.ID != "" {
		return s.installedHistory(ctx, req)
	}
	resp := &HistoryResponse{Total: total}
	if req.Offset >= total || req.Count == 0 {
		return resp, nil
	}
	p := gathered{limit: req.Page}
	for v, err := range s.versions(req.Type, req.ID, req.Offset) {
		if v.Type == "" && err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, &terminology.Error{Op: "operation.ResourceHistory", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if len(p.entries) == req.Count || req.Offset+len(p.entries) >= total {
			break
		}
		if v.Err = err; !p.add(v) {
			break
		}
	}
	resp.Entries = p.entries
	if next := req.Offset + len(resp.Entries); next < total && len(resp.Entries) > 0 {
		resp.Next = next
	}
	return resp, nil
}

// installedHistory gives the one version of a resource that comes with a release, if it
// was installed since.
func (s *Service) installedHistory(ctx context.Context, req HistoryRequest) (*HistoryResponse, error) {
	r, err := s.ReadResource(ctx, req.Type, req.ID)
	switch {
	case err != nil && !req.Since.IsZero() && terminology.KindOf(err) == terminology.NotFound:
		return &HistoryResponse{}, nil
	case err != nil:
		return nil, err
	case r.Written() || r.Modified.Before(req.Since):
		return &HistoryResponse{}, nil
	}
	resp := &HistoryResponse{Total: 1}
	if req.Offset == 0 && req.Count > 0 {
		r.Method = "PUT"
		p := gathered{limit: req.Page}
		p.add(r)
		resp.Entries = p.entries
	}
	return resp, nil
}

// countVersions counts the versions that are asked for.
func (s *Service) countVersions(req HistoryRequest) (int, error) {
	store := s.catalog.Stored()
	if store == nil {
		return 0, nil
	}
	if req.ID == "" && req.Since.IsZero() {
		snap := s.acquire(language.Preference{})
		defer snap.LetGo()
		return snap.VersionsWritten(req.Type), nil
	}
	return store.Count(req.Type, req.ID, req.Since)
}
