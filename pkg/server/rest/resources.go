package rest

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
)

// interaction is a request about resources (FHIR, "RESTful API"), as a client sent it by
// itself or in a batch.
type interaction struct {
	endpoint *endpoint
	server   fhir.Server
	method   string
	typ, id  string
	version  string // of _history/version
	history  bool
	query    string
	header   http.Header
	foreign  error                  // why who asks may read and not write; nil: it may
	body     func() ([]byte, error) // as JSON
}

// reply is the answer to an interaction; the resource of it is appended to a slice.
type reply struct {
	status   int
	resource *operation.Resource // for its entity tag and its page
	location string
	etag     string
	modified time.Time
	nothing  bool // no body
}

// addResources adds the addresses of resources.
func (s *Server) addResources(e *endpoint) {
	for _, typ := range operation.ResourceTypes {
		base := e.path + "/" + typ
		on := func(method, path string, fill func(echo.Context, *interaction)) {
			h := func(c echo.Context) error {
				in := &interaction{endpoint: e, method: method, typ: typ, foreign: s.mayNotWrite(c.Request())}
				fill(c, in)
				return s.interact(c, in, nil)
			}
			s.echo.Add(method, base+path, h)
			if method == http.MethodGet { // HEAD is GET without the body (RFC 9110, 9.3.2)
				s.echo.HEAD(base+path, h)
			}
		}
		id := func(c echo.Context, in *interaction) { in.id = c.Param("id") }
		on(http.MethodGet, "", func(echo.Context, *interaction) {})
		on(http.MethodPost, "", func(echo.Context, *interaction) {})
		on(http.MethodPut, "", func(echo.Context, *interaction) {})
		on(http.MethodDelete, "", func(echo.Context, *interaction) {})
		on(http.MethodGet, "/_history", func(_ echo.Context, in *interaction) { in.history = true })
		on(http.MethodGet, "/:id", id)
		on(http.MethodPut, "/:id", id)
		on(http.MethodDelete, "/:id", id)
		on(http.MethodGet, "/:id/_history", func(c echo.Context, in *interaction) { in.id, in.history = c.Param("id"), true })
		on(http.MethodGet, "/:id/_history/:version", func(c echo.Context, in *interaction) {
			in.id, in.history, in.version = c.Param("id"), true, c.Param("version")
		})
		s.echo.POST(base+"/_search", func(c echo.Context) error {
			in := &interaction{endpoint: e, method: http.MethodGet, typ: typ}
			return s.interact(c, in, s.form)
		})
	}
	batch := func(c echo.Context) error { return s.batch(c, e) }
	s.echo.POST(e.path, batch)
	s.echo.POST(e.path+"/", batch)
}

// interact answers one request about resources. Before, when it is not nil, is done first.
func (s *Server) interact(c echo.Context, in *interaction, before func(*http.Request, *interaction, *call) error) error {
	r := c.Request()
	x := calls.Get().(*call)
	defer x.release()
	defer s.recovered(c, func(err error) {
		x.out = fhir.AppendOutcome(x.out[:0], err)
		x.write(c, http.StatusInternalServerError, format{})
	})
	in.query, in.header, in.server = r.URL.RawQuery, r.Header, s.about(in.endpoint, r)
	in.body = func() ([]byte, error) { return s.readBody(r, x, in.endpoint.version) }
	if strings.HasPrefix(in.id, "$") {
		if in.history || !s.isOperation(in) {
			s.routeError(echo.ErrNotFound, c)
		} else {
			s.routeError(echo.ErrMethodNotAllowed, c)
		}
		return nil
	}
	if before != nil {
		if err := before(r, in, x); err != nil {
			s.writeError(c, x, err)
			return nil
		}
	}
	return s.finish(c, in, x)
}

// isOperation reports whether the last part of an address is an operation of ours.
func (s *Server) isOperation(in *interaction) bool {
	for _, rt := range in.endpoint.routes {
		if rt.op.Path() == in.typ+"/"+in.id {
			return true
		}
	}
	return false
}

// form reads the parameters of a search that are in a form.
func (s *Server) form(r *http.Request, in *interaction, x *call) error {
	kind, err := bodyType(r.Header)
	if err != nil {
		return err
	}
	if kind != formBody {
		return refuse(http.StatusUnsupportedMediaType, "not-supported", "a search by POST is a form: send application/x-www-form-urlencoded")
	}
	if err := s.copyBody(r, x); err != nil {
		return err
	}
	in.query = strings.Trim(in.query+"&"+x.in.String(), "&")
	return nil
}

// finish asks, and writes the answer.
func (s *Server) finish(c echo.Context, in *interaction, x *call) error {
	r := c.Request()
	query, err := url.ParseQuery(in.query)
	if err != nil {
		s.writeError(c, x, refuse(http.StatusBadRequest, "invalid", "the query cannot be read: %v", err))
		return nil
	}
	pages := in.method == http.MethodGet && !in.history
	form, err := choose(r, query.Get("_format"), query.Get("_pretty") == "true", in.endpoint.version, pages)
	var rep reply
	if err == nil {
		x.out = x.out[:0]
		rep, x.out, err = s.answer(r.Context(), in, x.out)
	}
	if err != nil {
		s.writeError(c, x, err)
		return nil
	}
	h := c.Response().Header()
	if rep.etag != "" {
		h["Etag"] = []string{rep.etag}
	}
	if !rep.modified.IsZero() {
		h["Last-Modified"] = []string{rep.modified.UTC().Format(http.TimeFormat)}
	}
	if rep.location != "" {
		h["Location"] = []string{rep.location}
	}
	switch {
	case rep.nothing:
		setVary(h, varyFHIR, varyFHIRByOrigin)
		c.Response().WriteHeader(rep.status)
		return nil
	case form.kind == asHTML:
		return s.page(c, in, x, rep)
	}
	return x.write(c, rep.status, form)
}

// answer does what an interaction asks.
func (s *Server) answer(ctx context.Context, in *interaction, dst []byte) (reply, []byte, error) {
	switch {
	case in.method == http.MethodGet && in.version != "":
		return s.readVersion(ctx, in, dst)
	case in.method == http.MethodGet && in.history:
		return s.history(ctx, in, dst)
	case in.method == http.MethodGet && in.id != "":
		return s.read(ctx, in, dst)
	case in.method == http.MethodGet:
		return s.searchResources(ctx, in, dst)
	case in.method == http.MethodDelete:
		return s.remove(ctx, in, dst)
	}
	return s.save(ctx, in, dst)
}
