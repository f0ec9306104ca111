package rest

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
)

// ofInstance are the operations that can be asked of one resource, such as
// ValueSet/id/$expand (FHIR, "Operations", on the instance level), with the parameters
// that name the resource when its type is asked.
var ofInstance = map[*fhir.Operation]struct{ url, version string }{
	fhir.CodeSystemValidateCode: {"url", "version"},
	fhir.Subsumes:               {"system", "version"},
	fhir.Expand:                 {"url", "valueSetVersion"},
	fhir.ValueSetValidateCode:   {"url", "valueSetVersion"},
	fhir.Translate:              {"url", "conceptMapVersion"},
}

// addInstance adds the address of an operation on one resource.
func (s *Server) addInstance(e *endpoint, rt route) {
	if _, ok := ofInstance[rt.op]; !ok {
		return
	}
	h := func(c echo.Context) error {
		r := c.Request()
		query, err := s.named(r.Context(), rt.op, c.Param("id"))
		if err != nil {
			x := calls.Get().(*call)
			defer x.release()
			s.writeError(c, x, err)
			return nil
		}
		r.URL.RawQuery = strings.Trim(query+"&"+r.URL.RawQuery, "&") // what is kept of answers goes by the query
		return s.handle(c, e, rt.op, rt.answer)
	}
	path := e.path + "/" + rt.op.Resource + "/:id/$" + rt.op.Name
	s.get(path, h)
	s.echo.POST(path, h)
}

// named returns the query that names a resource to an operation on its type: its URL, with
// its version where it has one. The error is that of reading it.
func (s *Server) named(ctx context.Context, op *fhir.Operation, id string) (string, error) {
	r, err := s.ops.ReadResource(ctx, op.Resource, id)
	switch {
	case err != nil:
		return "", err
	case r.Deleted:
		return "", goneError(&r)
	case r.URL == "":
		return "", refuse(http.StatusUnprocessableEntity, "not-supported", "%s/%s has no url, by which an operation finds it: send it in the request", op.Resource, id)
	}
	names := ofInstance[op]
	query := url.Values{names.url: {r.URL}}
	if r.Version != "" {
		query.Set(names.version, r.Version)
		return query.Encode(), nil
	}
	same, err := s.ops.SearchResources(ctx, operation.ResourceSearchRequest{Type: op.Resource, Criteria: []operation.Criterion{{Name: "url", Values: []string{r.URL}}}})
	switch {
	case err != nil:
		return "", err
	case same.Total > 1:
		return "", refuse(http.StatusUnprocessableEntity, "not-supported", "%s/%s has no version, and others have its url %s too, by which an operation finds it: give it a version, or send it in the request", op.Resource, id, r.URL)
	}
	return query.Encode(), nil
}

// instanceRoute finds the operation that an address such as ValueSet/id/$expand asks of
// one resource.
func (e *endpoint) instanceRoute(path string) (rt route, id string, ok bool) {
	parts := strings.Split(path, "/")
	if len(parts) != 3 {
		return rt, "", false
	}
	for _, rt := range e.routes {
		if _, known := ofInstance[rt.op]; known && parts[0] == rt.op.Resource && parts[2] == "$"+rt.op.Name {
			return rt, parts[1], true
		}
	}
	return rt, "", false
}
