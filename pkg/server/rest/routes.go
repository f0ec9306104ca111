package rest

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// endpoint is one base address and the version of FHIR that it speaks.
type endpoint struct {
	path    string
	version fhir.Version
	routes  []route

	operations []*fhir.Operation // those of routes
}

// route ties an operation to its read, call and write.
type route struct {
	op     *fhir.Operation
	answer answer
}

// answer appends the response for the parameters of a request.
type answer func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error)

// operations are the operations of a version of FHIR, but for those that need the server;
// work is the budget of a request.
func operations(v fhir.Version, work int64) []route {
	return []route{
		{fhir.Lookup, one(fhir.LookupRequest, Operations.Lookup, in(v, fhir.AppendLookup))},
		{fhir.CodeSystemValidateCode, one(fhir.ValidateRequest, Operations.Validate, in(v, fhir.AppendValidate))},
		{fhir.Subsumes, one(fhir.SubsumesRequest, Operations.Subsumes, in(v, fhir.AppendSubsumes))},
		{fhir.Expand, one(fhir.ExpandRequest, Operations.Expand, in(v, fhir.AppendExpand))},
		{fhir.ValueSetValidateCode, one(fhir.ValidateRequest, Operations.Validate, in(v, fhir.AppendValidate))},
		{fhir.Translate, each(work, fhir.TranslateRequests, Operations.Translate, in(v, fhir.AppendTranslate))},
		{fhir.Closure, one(fhir.ClosureRequest, Operations.Closure, closure(v))},
		{fhir.CacheControl, one(fhir.CacheRequest, Operations.CacheControl, cacheControl)},
		{fhir.Versions, versions(v)},
	}
}

// in is a writer for one version of FHIR.
func in[A any](v fhir.Version, write func([]byte, fhir.Version, *fhir.Parameters, A) ([]byte, error)) func([]byte, *fhir.Parameters, A) ([]byte, error) {
	return func(dst []byte, p *fhir.Parameters, a A) ([]byte, error) { return write(dst, v, p, a) }
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

// each is the answer of an operation that asks once a coding, all of which have the budget of
// one request. A coding of a code system that is not installed does not spoil the answer for
// the others.
func each[Q, A any](
	work int64,
	read func(*fhir.Parameters) ([]Q, error),
	ask func(Operations, context.Context, Q) (*A, error),
	write func([]byte, *fhir.Parameters, []*A) ([]byte, error),
) answer {
	return func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error) {
		reqs, err := read(p)
		if err != nil {
			return dst, err
		}
		ctx = terminology.WithBudget(ctx, work)
		answers, answered, notFound := make([]*A, len(reqs)), false, error(nil)
		for i, req := range reqs {
			resp, err := ask(ops, ctx, req)
			switch {
			case err == nil:
				answers[i], answered = resp, true
			case terminology.KindOf(err) == terminology.NotFound && notFound == nil:
				notFound = err
			case terminology.KindOf(err) != terminology.NotFound:
				terminology.PlaceBudget(err, fmt.Sprintf("coding[%d]", i), true)
				return dst, err
			}
		}
		if !answered {
			return dst, notFound
		}
		return write(dst, p, answers)
	}
}

// batchValidate is the answer of $batch-validate-code: what is wrong with one validation
// does not touch the others, even where the fault is ours.
func (s *Server) batchValidate(v fhir.Version) answer {
	return func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error) {
		list, errs, err := fhir.Validations(ctx, p)
		if err != nil {
			return dst, err
		}
		b := ops.Batch()
		defer b.Close()
		answers := make([]*operation.ValidateResponse, len(list))
		for i := range list {
			if errs[i] == nil {
				answers[i], errs[i] = s.validation(ctx, b, &list[i])
				errs[i] = p.Place(list[i].Place(errs[i]))
			}
			if ctx.Err() != nil {
				return dst, &terminology.Error{Op: "rest.BatchValidateCode", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
			}
		}
		return fhir.AppendValidations(dst, v, list, answers, errs)
	}
}

// validation answers one validation of a batch.
func (s *Server) validation(ctx context.Context, b *operation.Batch, p *fhir.Parameters) (resp *operation.ValidateResponse, err error) {
	defer s.recoveredOne(ctx, p.Operation().Path(), func(fault error) { err = fault })
	req, err := fhir.ValidateRequest(p)
	if err == nil {
		resp, err = b.Validate(ctx, req)
	}
	if err != nil && fhir.ClassOf(terminology.KindOf(err)).HTTP >= http.StatusInternalServerError {
		s.log.ErrorContext(ctx, "operation failed", "path", p.Operation().Path(), "err", err)
	}
	return resp, err
}

// closure writes the answer of $closure.
func closure(v fhir.Version) func([]byte, *fhir.Parameters, *operation.ClosureResponse) ([]byte, error) {
	return func(dst []byte, _ *fhir.Parameters, a *operation.ClosureResponse) ([]byte, error) {
		return fhir.AppendClosure(dst, v, a), nil
	}
}

// cacheControl writes the answer of $cache-control.
func cacheControl(dst []byte, _ *fhir.Parameters, a *operation.CacheResponse) ([]byte, error) {
	return fhir.AppendCache(dst, a), nil
}

// versions is the answer of $versions.
func versions(v fhir.Version) answer {
	return func(_ context.Context, _ Operations, _ *fhir.Parameters, dst []byte) ([]byte, error) {
		return fhir.AppendVersions(dst, v), nil
	}
}

// metadata is the answer of the capabilities interaction.
func (s *Server) metadata(e *endpoint, r *http.Request) answer {
	return s.metadataOf(e, s.about(e, r))
}

func (s *Server) metadataOf(e *endpoint, about fhir.Server) answer {
	return func(ctx context.Context, ops Operations, p *fhir.Parameters, dst []byte) ([]byte, error) {
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
			return dst, &terminology.Error{Op: "rest.metadata", Kind: terminology.Invalid, Err: &fhir.ElementError{Expression: "mode", Err: fmt.Errorf("want full, normative or terminology, not '%s'", mode)}}
		}
	}
}

// about is what the server says of itself at an endpoint.
func (s *Server) about(e *endpoint, r *http.Request) fhir.Server {
	return fhir.Server{
		Software: s.opts.Software, Version: s.opts.Version, Released: s.opts.Released, BaseURL: s.baseURL(r) + e.path, Writable: s.opts.Writable,
		Formats: announced, Interactions: typeInteractions, Operations: e.operations, System: []string{"batch"},
	}
}

func (s *Server) baseURL(r *http.Request) string {
	switch {
	case s.opts.BaseURL != "":
		return s.opts.BaseURL
	case r.TLS != nil:
		return "https://" + r.Host
	}
	host := r.Host
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); host == "" && ok { // HTTP/1.0 has no names
		host = at.String()
	}
	return "http://" + host
}

// get adds an address that is asked by GET, and by HEAD, which is GET without the body
// (RFC 9110, 9.3.2).
func (s *Server) get(path string, h echo.HandlerFunc) {
	s.echo.Match([]string{http.MethodGet, http.MethodHead}, path, h)
}

// routesOf returns the operations of a version of FHIR.
func (s *Server) routesOf(v fhir.Version) []route {
	return append(operations(v, s.opts.MaxWork), route{fhir.BatchValidateCode, s.batchValidate(v)})
}

// addEndpoint adds the addresses of one endpoint.
func (s *Server) addEndpoint(e *endpoint) {
	s.get(e.path+"/metadata", func(c echo.Context) error {
		return s.handle(c, e, fhir.Metadata, s.metadata(e, c.Request()))
	})
	for _, rt := range e.routes {
		e.operations = append(e.operations, rt.op)
		h := func(c echo.Context) error { return s.handle(c, e, rt.op, rt.answer) }
		for _, path := range rt.op.Paths() {
			if !rt.op.Changes {
				s.get(e.path+"/"+path, h)
			}
			s.echo.POST(e.path+"/"+path, h)
		}
		s.addInstance(e, rt)
	}
	s.addResources(e)
}
