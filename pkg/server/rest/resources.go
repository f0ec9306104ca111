package rest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
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
	foreign  bool                   // asked by a page of a site that may read and not write
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
			s.echo.Add(method, base+path, func(c echo.Context) error {
				in := &interaction{endpoint: e, method: method, typ: typ, foreign: s.isForeign(c.Request())}
				fill(c, in)
				return s.interact(c, in)
			})
		}
		id := func(c echo.Context, in *interaction) { in.id = c.Param("id") }
		on(http.MethodGet, "", func(echo.Context, *interaction) {})
		on(http.MethodPost, "", func(echo.Context, *interaction) {})
		on(http.MethodPut, "", func(echo.Context, *interaction) {})
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
			return s.searchByForm(c, in)
		})
	}
	batch := func(c echo.Context) error { return s.batch(c, e) }
	s.echo.POST(e.path, batch)
	s.echo.POST(e.path+"/", batch)
}

// interact answers one request about resources.
func (s *Server) interact(c echo.Context, in *interaction) error {
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

// searchByForm is a search whose parameters are in a form.
func (s *Server) searchByForm(c echo.Context, in *interaction) error {
	r := c.Request()
	x := calls.Get().(*call)
	defer x.release()
	in.query, in.header, in.server = r.URL.RawQuery, r.Header, s.about(in.endpoint, r)
	kind, err := bodyType(r.Header, in.endpoint.version)
	if err == nil && kind != formBody {
		err = refuse(http.StatusUnsupportedMediaType, "not-supported", "a search by POST is a form: send application/x-www-form-urlencoded")
	}
	if err == nil {
		err = s.copyBody(r, x)
	}
	if err != nil {
		s.writeError(c, x, err)
		return nil
	}
	in.query = strings.Trim(in.query+"&"+x.in.String(), "&")
	return s.finish(c, in, x)
}

// finish asks, and writes the answer.
func (s *Server) finish(c echo.Context, in *interaction, x *call) error {
	r := c.Request()
	query := r.URL.Query()
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

// general refuses parameters that a read has not, and returns the view.
func (in *interaction) view() (fhir.View, error) {
	search, err := fhir.ReadSearch(in.typ, in.query)
	if err != nil {
		return fhir.View{}, err
	}
	if len(search.Criteria) > 0 {
		return fhir.View{}, refuse(http.StatusBadRequest, "not-supported", "a read has no parameter '%s'", search.Criteria[0].Name)
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
	if err != nil {
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
	return rep, fhir.AppendResource(dst, in.endpoint.version, in.server, r, view), nil
}

// goneError is the error that a resource was deleted.
func goneError(r *operation.Resource) error {
	return refuse(http.StatusGone, "deleted", "%s/%s was deleted at %s, as version %d", r.Type, r.ID, fhir.Instant(r.Modified), r.Versions)
}

// unchanged reports whether the client has the version (RFC 9110, 13.1.2 and 13.1.3).
func (in *interaction) unchanged(r *operation.Resource) bool {
	if none := in.header.Get("If-None-Match"); none != "" {
		tag := fhir.ETag(r)
		for part := range strings.SplitSeq(none, ",") {
			if part = strings.TrimSpace(part); tag != "" && (part == "*" || strings.TrimPrefix(part, "W/") == strings.TrimPrefix(tag, "W/")) {
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
	resp, err := s.ops.ResourceHistory(ctx, h.HistoryRequest)
	if err != nil {
		return reply{}, dst, err
	}
	return reply{status: http.StatusOK}, fhir.AppendHistory(dst, in.endpoint.version, in.server, h, resp), nil
}

func (s *Server) searchResources(ctx context.Context, in *interaction, dst []byte) (reply, []byte, error) {
	search, err := fhir.ReadSearch(in.typ, in.query)
	if err != nil {
		return reply{}, dst, err
	}
	resp, err := s.ops.SearchResources(ctx, search.ResourceSearchRequest)
	if err != nil {
		return reply{}, dst, err
	}
	return reply{status: http.StatusOK}, fhir.AppendSearchset(dst, in.endpoint.version, in.server, search, resp), nil
}

// save creates or replaces a resource.
func (s *Server) save(ctx context.Context, in *interaction, dst []byte) (reply, []byte, error) {
	if in.foreign {
		return reply{}, dst, errForeign
	}
	if in.method == http.MethodPut && in.id == "" && in.query == "" {
		return reply{}, dst, refuse(http.StatusMethodNotAllowed, "not-supported", "PUT needs an id: %s/id", in.typ)
	}
	body, err := in.body()
	if err != nil {
		return reply{}, dst, err
	}
	given, err := fhir.ReadResource(in.endpoint.version, in.typ, body)
	if err != nil {
		return reply{}, dst, err
	}
	req := operation.WriteRequest{Type: in.typ, ID: in.id, Meta: given.Meta, Method: in.method}
	if req.IfMatch, err = in.ifMatch(); err != nil {
		return reply{}, dst, err
	}
	req.IfNew = in.header.Get("If-None-Match") == "*"
	switch {
	case in.method == http.MethodPost:
		req.ID, req.IfMatch = operation.NewID(), nil
		if condition := in.header.Get("If-None-Exist"); condition != "" {
			search, err := fhir.ReadSearch(in.typ, condition[strings.IndexByte(condition, '?')+1:])
			if err != nil {
				return reply{}, dst, err
			}
			if req.IfNone = search.Criteria; len(req.IfNone) == 0 {
				return reply{}, dst, refuse(http.StatusBadRequest, "invalid", "If-None-Exist has no condition")
			}
		}
	case in.id == "":
		if req.ID, err = s.conditional(ctx, in); err != nil {
			return reply{}, dst, err
		}
		if req.ID == "" {
			req.ID = given.ID
		}
		if req.ID == "" {
			req.ID = operation.NewID()
		}
	case !fhir.ValidID(in.id):
		return reply{}, dst, refuse(http.StatusBadRequest, "invalid", "'%s' is no id: want up to 64 letters, digits, - and .", in.id)
	}
	if in.method == http.MethodPut && in.id != "" && given.ID != in.id {
		return reply{}, dst, &terminology.Error{Op: "rest.save", Kind: terminology.Invalid, Err: &fhir.ElementError{Expression: in.typ + ".id", Err: fmt.Errorf("the resource has the id %q, and the address %q", given.ID, in.id)}}
	}
	req.Raw = given.Text(req.ID)
	resp, err := s.ops.WriteResource(ctx, req)
	if err != nil {
		return reply{}, dst, err
	}
	if resp.Existing && req.IfNew {
		return reply{}, dst, refuse(http.StatusPreconditionFailed, "conflict", "%s/%s is there already", in.typ, req.ID)
	}
	return in.written(resp, dst)
}

// conditional finds the one resource that the conditions of an update mean, "" for none.
func (s *Server) conditional(ctx context.Context, in *interaction) (string, error) {
	search, err := fhir.ReadSearch(in.typ, in.query)
	if err != nil {
		return "", err
	}
	if len(search.Criteria) == 0 {
		return "", refuse(http.StatusBadRequest, "invalid", "an update without an id needs conditions, such as ?url=")
	}
	search.Count = 2
	found, err := s.ops.SearchResources(ctx, search.ResourceSearchRequest)
	switch {
	case err != nil || found.Total == 0:
		return "", err
	case found.Total > 1:
		return "", refuse(http.StatusPreconditionFailed, "multiple-matches", "the conditions fit %d resources: want one at most", found.Total)
	}
	return found.Entries[0].ID, nil
}

// ifMatch reads If-Match, which is the entity tag of one version.
func (in *interaction) ifMatch() (*uint64, error) {
	text := in.header.Get("If-Match")
	if text == "" || text == "*" {
		return nil, nil
	}
	version, err := strconv.ParseUint(strings.Trim(strings.TrimPrefix(text, "W/"), `"`), 10, 64)
	if err != nil {
		return nil, refuse(http.StatusPreconditionFailed, "invalid", `If-Match '%s' is no version of ours, want W/"1"`, text)
	}
	return &version, nil
}

// written tells what became of a write, as much of it as the client prefers.
func (in *interaction) written(resp *operation.WriteResponse, dst []byte) (reply, []byte, error) {
	r := &resp.Resource
	rep := reply{status: http.StatusOK, etag: fhir.ETag(r), modified: r.Modified}
	if resp.Created {
		rep.status = http.StatusCreated
	}
	rep.location = in.server.BaseURL + "/" + r.Type + "/" + r.ID
	if r.Written() {
		rep.location += "/_history/" + strconv.FormatUint(r.Versions, 10)
	}
	switch preference(in.header) {
	case "minimal":
		rep.nothing = true
		return rep, dst, nil
	case "OperationOutcome":
		text := fmt.Sprintf("%s/%s is written, as version %d", r.Type, r.ID, r.Versions)
		if resp.Existing {
			text = fmt.Sprintf("%s/%s fits the conditions: nothing is written", r.Type, r.ID)
		}
		return rep, fhir.AppendIssue(dst, operation.Issue{Severity: operation.SeverityInformation, Type: "informational", Text: text}), nil
	}
	return rep, fhir.AppendResource(dst, in.endpoint.version, in.server, r, fhir.View{}), nil
}

// preference reads Prefer: return=.
func preference(h http.Header) string {
	for _, line := range h["Prefer"] {
		for part := range strings.SplitSeq(strings.ReplaceAll(line, ";", ","), ",") {
			if value, ok := strings.CutPrefix(strings.TrimSpace(part), "return="); ok {
				return value
			}
		}
	}
	return ""
}

// remove deletes a resource. Deleting what is not there is no error.
func (s *Server) remove(ctx context.Context, in *interaction, dst []byte) (reply, []byte, error) {
	if in.foreign {
		return reply{}, dst, errForeign
	}
	match, err := in.ifMatch()
	if err != nil {
		return reply{}, dst, err
	}
	resp, err := s.ops.WriteResource(ctx, operation.WriteRequest{Type: in.typ, ID: in.id, Method: http.MethodDelete, IfMatch: match})
	if err != nil {
		return reply{}, dst, err
	}
	rep := reply{status: http.StatusNoContent, nothing: true}
	if !resp.Nothing {
		rep.etag = fhir.ETag(&resp.Resource)
	}
	return rep, dst, nil
}
