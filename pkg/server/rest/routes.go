package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/fhir/r4"
	"github.com/kodeks/kodeks/pkg/fhir/r5"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// endpoint is one base address and the version of FHIR that it speaks.
type endpoint struct {
	path    string
	version fhir.Version
	routes  []route
}

// route ties an operation to its read, call and write.
type route struct {
	op     *fhir.Operation
	answer answer
}

// answer appends the response for the parameters of a request.
type answer func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error)

var r4Routes = []route{
	{fhir.Lookup, one(r4.LookupRequest, Operations.Lookup, r4.AppendLookup)},
	{fhir.CodeSystemValidateCode, one(r4.ValidateRequest, Operations.Validate, r4.AppendValidate)},
	{fhir.Subsumes, one(r4.SubsumesRequest, Operations.Subsumes, r4.AppendSubsumes)},
	{fhir.Expand, one(r4.ExpandRequest, Operations.Expand, r4.AppendExpand)},
	{fhir.ValueSetValidateCode, one(r4.ValidateRequest, Operations.Validate, r4.AppendValidate)},
	{fhir.Translate, each(r4.TranslateRequests, Operations.Translate, r4.AppendTranslate)},
}

var r5Routes = []route{
	{fhir.Lookup, one(r5.LookupRequest, Operations.Lookup, r5.AppendLookup)},
	{fhir.CodeSystemValidateCode, one(r5.ValidateRequest, Operations.Validate, r5.AppendValidate)},
	{fhir.Subsumes, one(r5.SubsumesRequest, Operations.Subsumes, r5.AppendSubsumes)},
	{fhir.Expand, one(r5.ExpandRequest, Operations.Expand, r5.AppendExpand)},
	{fhir.ValueSetValidateCode, one(r5.ValidateRequest, Operations.Validate, r5.AppendValidate)},
	{fhir.Translate, each(r5.TranslateRequests, Operations.Translate, r5.AppendTranslate)},
}

// one is the answer of an operation that asks once.
func one[Q, A any](
	read func(*fhir.Parameters) (Q, error),
	ask func(Operations, context.Context, Q) (*A, error),
	write func([]byte, *fhir.Parameters, *A) ([]byte, error),
) answer {
	return func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error) {
		req, err := read(p)
		if err != nil {
			return dst, err
		}
		resp, err := ask(ops, ctx, req)
		if err != nil {
			return dst, err
		}
		return write(dst, p, resp)
	}
}

// each is the answer of an operation that asks once a coding. A coding of a code
// system that is not installed does not spoil the answer for the others.
func each[Q, A any](
	read func(*fhir.Parameters) ([]Q, error),
	ask func(Operations, context.Context, Q) (*A, error),
	write func([]byte, *fhir.Parameters, []*A) ([]byte, error),
) answer {
	return func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error) {
		reqs, err := read(p)
		if err != nil {
			return dst, err
		}
		answers, answered, notFound := make([]*A, len(reqs)), false, error(nil)
		for i, req := range reqs {
			resp, err := ask(ops, ctx, req)
			switch {
			case err == nil:
				answers[i], answered = resp, true
			case terminology.KindOf(err) == terminology.NotFound && notFound == nil:
				notFound = err
			case terminology.KindOf(err) != terminology.NotFound:
				return dst, err
			}
		}
		if !answered {
			return dst, notFound
		}
		return write(dst, p, answers)
	}
}

// batch is the answer of $batch-validate-code.
func batch(v fhir.Version) answer {
	return func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error) {
		list, errs := fhir.Validations(p)
		answers := make([]*operation.ValidateResponse, len(list))
		for i := range list {
			if errs[i] != nil {
				continue
			}
			req, err := fhir.ValidateRequest(&list[i])
			if err == nil {
				answers[i], err = ops.Validate(ctx, req)
			}
			errs[i] = err
		}
		return fhir.AppendValidations(dst, v, list, answers, errs)
	}
}

// metadata is the answer of the capabilities interaction.
func (s *Server) metadata(e *endpoint, r *http.Request) answer {
	return func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error) {
		about := s.about(e, r)
		switch mode := p.Text("mode"); mode {
		case "", "full", "normative":
			return fhir.AppendCapabilityStatement(dst, e.version, about), nil
		case "terminology":
			list, err := ops.List(ctx)
			if err != nil {
				return dst, err
			}
			return fhir.AppendTerminologyCapabilities(dst, e.version, about, list), nil
		default:
			return dst, refuse(http.StatusBadRequest, "invalid", "want mode full, normative or terminology, not '%s'", mode)
		}
	}
}

// about is what the server says of itself at an endpoint.
func (s *Server) about(e *endpoint, r *http.Request) fhir.Server {
	return fhir.Server{Software: s.opts.Software, Version: s.opts.Version, Released: s.opts.Released, BaseURL: s.baseURL(r) + e.path}
}

// namingSystems is the answer of a search for naming systems, or of a read of the one
// with an id.
func (s *Server) namingSystems(e *endpoint, r *http.Request, id string) answer {
	return func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error) {
		list, err := ops.NamingSystems(ctx)
		if err != nil {
			return dst, err
		}
		if id != "" {
			return fhir.AppendNamingSystem(dst, e.version, s.about(e, r), id, list)
		}
		return fhir.AppendNamingSystems(dst, e.version, s.about(e, r), p, list), nil
	}
}

// resources is the answer of a search for resources, or of a read of the one with an id.
func (s *Server) resources(e *endpoint, r *http.Request, id string) answer {
	return func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error) {
		req := fhir.SearchRequest(p)
		if id != "" {
			req = operation.ResourcesRequest{Type: req.Type, ID: id, Count: 1}
		}
		found, err := ops.Resources(ctx, req)
		switch {
		case err != nil:
			return dst, err
		case id == "":
			return fhir.AppendSearch(dst, s.about(e, r), req.Type, found)
		case len(found.Resources) == 0:
			return dst, operation.NoResource(req.Type, id)
		}
		return fhir.AppendStored(dst, &found.Resources[0])
	}
}

func (s *Server) baseURL(r *http.Request) string {
	switch {
	case s.opts.BaseURL != "":
		return s.opts.BaseURL
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// addEndpoint adds the addresses of one endpoint.
func (s *Server) addEndpoint(e *endpoint) {
	s.echo.GET(e.path+"/metadata", func(c echo.Context) error {
		return s.handle(c, e, fhir.Metadata, s.metadata(e, c.Request()))
	})
	s.echo.GET(e.path+"/$versions", func(c echo.Context) error {
		return s.handle(c, e, fhir.Versions, func(_ context.Context, _ Operations, _ *fhir.Parameters, dst []byte) ([]byte, error) {
			return fhir.AppendVersions(dst, e.version), nil
		})
	})
	for _, typ := range fhir.Readable {
		s.echo.GET(e.path+"/"+typ, func(c echo.Context) error {
			return s.handle(c, e, fhir.Searches[typ], s.resources(e, c.Request(), ""))
		})
		s.echo.GET(e.path+"/"+typ+"/:id", func(c echo.Context) error {
			if strings.Contains(c.Param("id"), "/") { // something below a resource, which there is not
				return echo.ErrNotFound
			}
			return s.handle(c, e, fhir.Searches[typ], s.resources(e, c.Request(), c.Param("id")))
		})
	}
	s.echo.GET(e.path+"/NamingSystem", func(c echo.Context) error {
		return s.handle(c, e, fhir.NamingSystemSearch, s.namingSystems(e, c.Request(), ""))
	})
	s.echo.GET(e.path+"/NamingSystem/:id", func(c echo.Context) error {
		return s.handle(c, e, fhir.NamingSystemRead, s.namingSystems(e, c.Request(), c.Param("id")))
	})
	s.echo.POST(e.path+"/ValueSet/$batch-validate-code", func(c echo.Context) error {
		return s.handle(c, e, fhir.BatchValidateCode, batch(e.version))
	})
	for _, rt := range e.routes {
		h := func(c echo.Context) error { return s.handle(c, e, rt.op, rt.answer) }
		s.echo.GET(e.path+"/"+rt.op.Path(), h)
		s.echo.POST(e.path+"/"+rt.op.Path(), h)
	}
}
