package rest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// view refuses parameters that a read has not, and returns the view.
func (in *interaction) view() (fhir.View, error) {
	search, err := fhir.ReadSearch(in.typ, in.query, in.isLenient())
	if err != nil {
		return fhir.View{}, err
	}
	if len(search.Criteria) > 0 {
		name := search.Criteria[0].Name // 422, as every parameter that is read and not followed: of searches, histories and operations too
		return fhir.View{}, &terminology.Error{Op: "rest.read", Kind: terminology.NotSupported, Err: &fhir.ElementError{Expression: name, Err: fmt.Errorf("a read has no parameter '%s'", name)}}
	}
	return search.View, nil
}

func (s *Server) read(ctx context.Context, in *interaction, dst []byte) (reply, []byte, error) {
	view, err := in.view()
	if err != nil {
		return reply{}, dst, err
	}
	r, err := s.ops.ReadResource(ctx, in.typ, in.id)
	if err != nil {
		return reply{}, dst, err
	}
	return in.give(&r, view, dst)
}

func (s *Server) readVersion(ctx context.Context, in *interaction, dst []byte) (reply, []byte, error) {
	view, err := in.view()
	if err != nil {
		return reply{}, dst, err
	}
	version, err := strconv.ParseUint(in.version, 10, 64)
	if err != nil || strconv.FormatUint(version, 10) != in.version {
		return reply{}, dst, refuse(http.StatusNotFound, "not-found", "there is no version '%s' of %s/%s: versions are numbers", in.version, in.typ, in.id)
	}
	r, err := s.ops.ReadResourceVersion(ctx, in.typ, in.id, version)
	if err != nil {
		return reply{}, dst, err
	}
	return in.give(&r, view, dst)
}

// give writes a resource that was read, unless the client has it already.
func (in *interaction) give(r *operation.Resource, view fhir.View, dst []byte) (reply, []byte, error) {
	if r.Deleted {
		return reply{}, dst, goneError(r)
	}
	rep := reply{status: http.StatusOK, resource: r, etag: fhir.ETag(r), modified: r.Modified}
	if in.unchanged(r) {
		rep.status, rep.nothing = http.StatusNotModified, true
		return rep, dst, nil
	}
	if in.paged && len(r.Raw) > pageText {
		view.Elements, in.long = pageElements, true
	}
	return rep, fhir.AppendResource(dst, in.endpoint.version, in.server, r, view), nil
}

// goneError is the error that a resource was deleted.
func goneError(r *operation.Resource) error {
	return refuse(http.StatusGone, "deleted", "%s/%s was deleted at %s, as version %d", r.Type, r.ID, fhir.Instant(r.Modified), r.Versions)
}

// unchanged reports whether the client has the version (RFC 9110, 13.1.2 and 13.1.3).
func (in *interaction) unchanged(r *operation.Resource) bool {
	if none := list(in.header, "If-None-Match"); none != "" {
		tag := fhir.ETag(r)
		for part := range strings.SplitSeq(none, ",") {
			part = strings.TrimSpace(part)
			if part == "*" || tag != "" && strings.TrimPrefix(part, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(in.header.Get("If-Modified-Since"))
	return err == nil && !r.Modified.IsZero() && !r.Modified.Truncate(time.Second).After(since)
}

func (s *Server) history(ctx context.Context, in *interaction, dst []byte) (reply, []byte, error) {
	h, err := fhir.ReadHistory(in.typ, in.id, in.query)
	if err != nil {
		return reply{}, dst, err
	}
	view := fhir.View{}
	if in.paged {
		view.Elements = listElements
	}
	h.Page = fhir.Limit(in.endpoint.version, in.server, view)
	resp, err := s.ops.ResourceHistory(ctx, h.HistoryRequest)
	if err != nil {
		return reply{}, dst, err
	}
	return reply{status: http.StatusOK}, fhir.AppendHistory(dst, in.server, h, resp), nil
}

func (s *Server) searchResources(ctx context.Context, in *interaction, dst []byte) (reply, []byte, error) {
	search, err := fhir.ReadSearch(in.typ, in.query, in.isLenient())
	if err != nil {
		return reply{}, dst, err
	}
	if in.paged {
		search.View = fhir.View{Elements: listElements}
	}
	search.Page = fhir.Limit(in.endpoint.version, in.server, search.View)
	resp, err := s.ops.SearchResources(ctx, search.ResourceSearchRequest)
	if err != nil {
		return reply{}, dst, err
	}
	return reply{status: http.StatusOK}, fhir.AppendSearchset(dst, in.server, search, resp), nil
}

// isLenient reports whether the client wants parameters passed over that there are not
// (FHIR, "Handling Errors": Prefer: handling=lenient). Else they are refused.
func (in *interaction) isLenient() bool { return preference(in.header, "handling") == "lenient" }
