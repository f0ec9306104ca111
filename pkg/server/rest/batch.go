package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

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
	r = r.WithContext(terminology.WithBudget(r.Context(), s.opts.MaxWork))
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
	answers, size, answered := make([]fhir.EntryResponse, len(entries)), 0, false
	for i := range entries {
		over := r.Context().Err() != nil
		if over {
			err = &terminology.Error{Op: "rest.Batch", Kind: terminology.Unavailable, Err: context.Cause(r.Context())}
		}
		switch {
		case over && !(answered && terminology.TimedOut(r.Context())):
			s.writeError(c, x, err)
			return nil
		case over: // what the entries before this one have done is told
		case size > maxBatchAnswer:
			err = refuse(http.StatusUnprocessableEntity, "too-costly", "the answers to the entries before this one are %d bytes, more than the %d of one batch: send the rest in another one", size, maxBatchAnswer)
		default:
			answers[i], err = s.entryAlone(r, e, &entries[i])
		}
		if answered = answered || err == nil; err != nil {
			answers[i] = s.entryError(r.Context(), err)
		}
		size += len(answers[i].Resource)
	}
	x.out = fhir.AppendBatchResponse(x.out[:0], answers)
	return x.write(c, http.StatusOK, form)
}

// maxBatchAnswer is how many bytes the answers of a batch may be before its next entries
// are refused.
const maxBatchAnswer = 64 << 20

// entryAlone answers one request; a fault of ours in it is its own.
func (s *Server) entryAlone(r *http.Request, e *endpoint, entry *fhir.Entry) (answer fhir.EntryResponse, err error) {
	defer s.recoveredOne(r.Context(), entry.Request.URL, func(fault error) { err = fault })
	return s.entry(r, e, s.about(e, r), entry)
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
		if slices.Contains(rt.op.Paths(), path) {
			if why := s.mayNotWrite(r); rt.op.Writes && why != nil {
				return fhir.EntryResponse{}, why
			}
			return s.entryOperation(e, rt, r, u.RawQuery, entry)
		}
	}
	if rt, id, ok := e.instanceRoute(path); ok {
		query, err := s.named(ctx, rt.op, id)
		if err != nil {
			return fhir.EntryResponse{}, err
		}
		return s.entryOperation(e, rt, r, strings.Trim(query+"&"+u.RawQuery, "&"), entry)
	}
	if path == "metadata" && req.Method == http.MethodGet {
		var p fhir.Parameters
		if err := begin(&p, fhir.Metadata, e, r); err != nil {
			return fhir.EntryResponse{}, err
		}
		if err := p.ReadQuery(u.RawQuery); err != nil {
			return fhir.EntryResponse{}, err
		}
		out, err := s.metadataOf(e, about)(ctx, s.ops, &p, nil)
		return fhir.EntryResponse{Status: statusLine(http.StatusOK), Resource: out}, err
	}
	in := &interaction{endpoint: e, server: about, method: req.Method, query: u.RawQuery, header: http.Header{}, foreign: s.mayNotWrite(r)}
	parts := strings.Split(path, "/")
	unknown := refuse(http.StatusNotFound, "not-found", "there is nothing at %s %s", req.Method, req.URL)
	if len(parts) > 4 || !slices.Contains(operation.ResourceTypes, parts[0]) || !slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "DELETE"}, req.Method) {
		return fhir.EntryResponse{}, unknown
	}
	in.typ = parts[0]
	head := req.Method == http.MethodHead
	if head {
		in.method = http.MethodGet
	}
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
	if len(rest) > 0 || strings.HasPrefix(in.id, "$") || in.history && in.method != http.MethodGet ||
		req.Method == http.MethodPost && in.id != "" {
		return fhir.EntryResponse{}, unknown
	}
	for name, value := range map[string]string{"If-Match": req.IfMatch, "If-None-Match": req.IfNoneMatch, "If-None-Exist": req.IfNoneExist} {
		if value != "" {
			in.header.Set(name, value)
		}
	}
	if at, err := time.Parse(time.RFC3339, req.IfModifiedSince); err == nil {
		in.header.Set("If-Modified-Since", at.UTC().Format(http.TimeFormat))
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
	if !rep.nothing && !head {
		answer.Resource = out
	}
	return answer, nil
}

// entryOperation answers an operation of a batch.
func (s *Server) entryOperation(e *endpoint, rt route, r *http.Request, query string, entry *fhir.Entry) (fhir.EntryResponse, error) {
	method := entry.Request.Method
	if method != http.MethodPost && (method != http.MethodGet || rt.op.Changes) {
		return fhir.EntryResponse{}, refuse(http.StatusMethodNotAllowed, "not-supported", "%s is not a method of %s", method, entry.Request.URL)
	}
	var p fhir.Parameters
	if err := begin(&p, rt.op, e, r); err != nil {
		return fhir.EntryResponse{}, err
	}
	if err := p.ReadQuery(query); err != nil {
		return fhir.EntryResponse{}, err
	}
	if method == http.MethodPost && entry.Resource != nil {
		if err := p.ReadBody(entry.Resource); err != nil {
			return fhir.EntryResponse{}, err
		}
	}
	out, err := rt.answer(r.Context(), s.ops, &p, nil)
	return fhir.EntryResponse{Status: statusLine(http.StatusOK), Resource: out}, p.Place(err)
}
