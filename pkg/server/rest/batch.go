package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// batch answers the requests of a Bundle, one after the other; what is wrong with one
// does not touch the others.
func (s *Server) batch(c echo.Context, e *endpoint) error {
	r := c.Request()
	x := calls.Get().(*call)
	defer x.release()
	defer s.recovered(c, func(err error) {
		x.out = fhir.AppendOutcome(x.out[:0], err)
		x.write(c, http.StatusInternalServerError, format{})
	})
	query := r.URL.Query()
	form, err := choose(r, query.Get("_format"), query.Get("_pretty") == "true", e.version, false)
	var entries []fhir.Entry
	if err == nil {
		var body []byte
		if body, err = s.readBody(r, x, e.version); err == nil {
			entries, err = fhir.ReadBatch(body)
		}
	}
	if err != nil {
		s.writeError(c, x, err)
		return nil
	}
	answers := make([]fhir.EntryResponse, len(entries))
	for i := range entries {
		if answers[i], err = s.entry(r, e, s.about(e, r), &entries[i]); err != nil {
			answers[i] = s.entryError(r.Context(), err)
		}
	}
	x.out = fhir.AppendBatchResponse(x.out[:0], answers)
	return x.write(c, http.StatusOK, form)
}

// entryError is the answer of a request that failed.
func (s *Server) entryError(ctx context.Context, err error) fhir.EntryResponse {
	status, out := 0, []byte(nil)
	if e := (*refusal)(nil); errors.As(err, &e) {
		status, out = e.status, fhir.AppendIssue(nil, operation.Issue{Type: e.issue, Text: e.text})
	} else {
		class := fhir.ClassOf(terminology.KindOf(err))
		s.log.Log(ctx, class.Level, "operation failed", "path", "batch", "err", err)
		status, out = statusOf(err, class.HTTP), fhir.AppendOutcome(nil, err)
	}
	return fhir.EntryResponse{Status: statusLine(status), Resource: out, Outcome: true}
}

func statusLine(status int) string { return fmt.Sprintf("%d %s", status, http.StatusText(status)) }

// entry answers one request.
func (s *Server) entry(r *http.Request, e *endpoint, about fhir.Server, entry *fhir.Entry) (fhir.EntryResponse, error) {
	ctx, outer := r.Context(), r.Header
	req := &entry.Request
	u, err := url.Parse(req.URL)
	if err != nil || req.URL == "" {
		return fhir.EntryResponse{}, refuse(http.StatusBadRequest, "invalid", "the request has no address: want one such as ValueSet/$expand?url=...")
	}
	path := strings.Trim(strings.TrimPrefix(u.String(), about.BaseURL), "/")
	path, _, _ = strings.Cut(path, "?")
	if path, err = url.PathUnescape(path); err != nil {
		return fhir.EntryResponse{}, refuse(http.StatusBadRequest, "invalid", "the address '%s' cannot be read", req.URL)
	}
	for _, rt := range e.routes {
		if rt.op.Path() == path {
			return s.entryOperation(ctx, e, rt, outer, u.RawQuery, entry)
		}
	}
	if rt, id, ok := e.instanceRoute(path); ok {
		query, err := s.named(ctx, rt.op, id)
		if err != nil {
			return fhir.EntryResponse{}, err
		}
		return s.entryOperation(ctx, e, rt, outer, strings.Trim(query+"&"+u.RawQuery, "&"), entry)
	}
	if path == "metadata" && req.Method == http.MethodGet {
		var p fhir.Parameters
		begin(&p, fhir.Metadata, e, outer)
		if err := p.ReadQuery(u.RawQuery); err != nil {
			return fhir.EntryResponse{}, err
		}
		out, err := s.metadataOf(e, about)(ctx, s.ops, &p, nil)
		return fhir.EntryResponse{Status: statusLine(http.StatusOK), Resource: out}, err
	}
	in := &interaction{endpoint: e, server: about, method: req.Method, query: u.RawQuery, header: http.Header{}, foreign: s.isForeign(r)}
	parts := strings.Split(path, "/")
	unknown := refuse(http.StatusNotFound, "not-found", "there is nothing at %s %s", req.Method, req.URL)
	if len(parts) > 4 || !slices.Contains(operation.ResourceTypes, parts[0]) || !slices.Contains([]string{"GET", "POST", "PUT", "DELETE"}, req.Method) {
		return fhir.EntryResponse{}, unknown
	}
	in.typ = parts[0]
	rest := parts[1:]
	if len(rest) > 0 && rest[0] != "_history" {
		in.id, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 && rest[0] == "_history" {
		in.history, rest = true, rest[1:]
	}
	if len(rest) == 1 && in.history && in.id != "" {
		in.version, rest = rest[0], nil
	}
	if len(rest) > 0 || strings.HasPrefix(in.id, "$") || in.history && req.Method != http.MethodGet ||
		req.Method == http.MethodPost && in.id != "" || req.Method == http.MethodDelete && in.id == "" {
		return fhir.EntryResponse{}, unknown
	}
	for name, value := range map[string]string{"If-Match": req.IfMatch, "If-None-Match": req.IfNoneMatch, "If-None-Exist": req.IfNoneExist} {
		if value != "" {
			in.header.Set(name, value)
		}
	}
	if prefer := outer["Prefer"]; prefer != nil {
		in.header["Prefer"] = prefer
	}
	in.body = func() ([]byte, error) {
		if entry.Resource == nil {
			return nil, refuse(http.StatusBadRequest, "invalid", "the entry has no resource")
		}
		return entry.Resource, nil
	}
	rep, out, err := s.answer(ctx, in, nil)
	if err != nil {
		return fhir.EntryResponse{}, err
	}
	answer := fhir.EntryResponse{Status: statusLine(rep.status), Location: rep.location, ETag: rep.etag}
	if !rep.modified.IsZero() {
		answer.Modified = fhir.Instant(rep.modified)
	}
	if !rep.nothing {
		answer.Resource = out
	}
	return answer, nil
}

// entryOperation answers an operation of a batch.
func (s *Server) entryOperation(ctx context.Context, e *endpoint, rt route, outer http.Header, query string, entry *fhir.Entry) (fhir.EntryResponse, error) {
	method := entry.Request.Method
	if method != http.MethodGet && method != http.MethodPost {
		return fhir.EntryResponse{}, refuse(http.StatusMethodNotAllowed, "not-supported", "%s is not a method of %s", method, entry.Request.URL)
	}
	var p fhir.Parameters
	begin(&p, rt.op, e, outer)
	if err := p.ReadQuery(query); err != nil {
		return fhir.EntryResponse{}, err
	}
	if method == http.MethodPost && entry.Resource != nil {
		if err := p.ReadBody(entry.Resource); err != nil {
			return fhir.EntryResponse{}, err
		}
	}
	out, err := rt.answer(ctx, s.ops, &p, nil)
	return fhir.EntryResponse{Status: statusLine(http.StatusOK), Resource: out}, err
}
