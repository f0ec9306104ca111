package rest

import (
	"context"
	"net/http"
	"net/url"
	"slices"
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
	shown    *pageQuery             // what is asked of the page of it; nil: there is none
	paged    bool                   // the answer is shown to a browser
	long     bool                   // of its resource, what is too long for a page was left out
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

// interactions are those with resources of a type, and the one table of their addresses.
var interactions = []struct {
	fhir.Interaction
	method, path string // path may have :id and :version
}{
	{fhir.Interaction{Code: "read"}, http.MethodGet, "/:id"},
	{fhir.Interaction{Code: "vread"}, http.MethodGet, "/:id/_history/:version"},
	{fhir.Interaction{Code: "update", Writes: true}, http.MethodPut, "/:id"},
	{fhir.Interaction{Code: "update", Writes: true}, http.MethodPut, ""}, // conditional
	{fhir.Interaction{Code: "delete", Writes: true}, http.MethodDelete, "/:id"},
	{fhir.Interaction{Code: "delete", Writes: true}, http.MethodDelete, ""}, // conditional
	{fhir.Interaction{Code: "history-instance"}, http.MethodGet, "/:id/_history"},
	{fhir.Interaction{Code: "history-type"}, http.MethodGet, "/_history"},
	{fhir.Interaction{Code: "create", Writes: true}, http.MethodPost, ""},
	{fhir.Interaction{Code: "search-type"}, http.MethodGet, ""},
	{fhir.Interaction{Code: "search-type"}, http.MethodPost, searchByFormPath},
}

const searchByFormPath = "/_search"

// typeInteractions are the interactions with resources of a type, each once.
var typeInteractions = func() []fhir.Interaction {
	var out []fhir.Interaction
	for _, i := range interactions {
		if !slices.Contains(out, i.Interaction) {
			out = append(out, i.Interaction)
		}
	}
	return out
}()

// addResources adds the addresses of resources.
func (s *Server) addResources(e *endpoint) {
	for _, typ := range operation.ResourceTypes {
		for _, i := range interactions {
			h := func(c echo.Context) error {
				in := &interaction{
					endpoint: e, method: i.method, typ: typ, foreign: s.mayNotWrite(c.Request()),
					id: c.Param("id"), version: c.Param("version"), history: strings.Contains(i.path, "/_history"),
				}
				if i.path == searchByFormPath {
					in.method = http.MethodGet
					return s.interact(c, in, s.form)
				}
				return s.interact(c, in, nil)
			}
			if i.method == http.MethodGet {
				s.get(e.path+"/"+typ+i.path, h)
			} else {
				s.echo.Add(i.method, e.path+"/"+typ+i.path, h)
			}
		}
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
		if slices.Contains(rt.op.Paths(), in.typ+"/"+in.id) {
			return true
		}
	}
	return false
}

// form reads the parameters of a search that are in a form.
func (s *Server) form(r *http.Request, in *interaction, x *call) error {
	kind, err := bodyType(r.Header, in.endpoint.version)
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
	pages := in.method == http.MethodGet
	form, err := choose(r, query.Get("_format"), query.Get("_pretty") == "true", in.endpoint.version, pages)
	if in.paged = form.kind == asHTML; err == nil && in.paged {
		err = in.forPage(query)
	}
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
