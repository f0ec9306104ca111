package rest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
)

// call is the memory of one request, used again for the next.
type call struct {
	params fhir.Parameters
	in     bytes.Buffer
	out    []byte
	taken  int64         // of the room for bodies
	bodies *atomic.Int64 // which it is given back to
}

var calls = sync.Pool{New: func() any { return &call{out: make([]byte, 0, 8<<10)} }}

// maxKept is the largest buffer that is kept for the next request.
const maxKept = 1 << 20

func (x *call) release() {
	if x.taken > 0 {
		x.bodies.Add(-x.taken)
		x.taken, x.bodies = 0, nil
	}
	if cap(x.out) > maxKept {
		x.out = make([]byte, 0, 8<<10)
	}
	if x.in.Cap() > maxKept {
		x.in = bytes.Buffer{}
	}
	x.params.Reset(nil) // keeps no string of the request alive
	calls.Put(x)
}

// handle is the way of every FHIR request: read, ask, write.
func (s *Server) handle(c echo.Context, e *endpoint, op *fhir.Operation, f answer) error {
	r := c.Request()
	x := calls.Get().(*call)
	defer x.release()
	defer s.recovered(c, func(err error) {
		x.out = fhir.AppendOutcome(x.out[:0], err)
		x.write(c, http.StatusInternalServerError, format{})
	})
	key, keep := s.cache.key(r, e, op)
	generation := uint64(0)
	if keep {
		generation = s.opts.Generation()
		if a, ok := s.cache.get(key, generation); ok {
			x.out = append(x.out[:0], a.body...)
			return x.write(c, http.StatusOK, a.form)
		}
	}
	err := begin(&x.params, op, e, r)
	var form format
	if err == nil && op.Writes {
		err = s.mayNotWrite(r)
	}
	if err == nil {
		err = s.readParameters(r, x, e.version)
	}
	if err == nil {
		form, err = negotiate(r, &x.params, e.version)
	}
	if err == nil {
		x.out, err = f(r.Context(), s.ops, &x.params, x.out[:0])
	}
	if err != nil {
		s.writeError(c, x, x.params.Place(err))
		return nil
	}
	if keep && !x.params.UsesCache() {
		s.cache.put(key, generation, x.out, form)
	}
	return x.write(c, http.StatusOK, form)
}

// begin empties parameters for an operation, and sets what does not stand among them: what
// the header of the request says, and the version of FHIR of the address.
func begin(p *fhir.Parameters, op *fhir.Operation, e *endpoint, r *http.Request) (err error) {
	p.Reset(op)
	p.AcceptLanguage = list(r.Header, "Accept-Language")
	p.Threshold = threshold(r.Header)
	p.FHIR = e.version.String()
	p.Client = clientOf(r)
	p.CacheID, err = single(r.Header, "X-Cache-Id")
	return err
}

// threshold is the most codes that a client wants of an expansion, as the header of the
// HL7 terminology ecosystem says it; 0 when it says nothing.
func threshold(h http.Header) int {
	text := h.Get("X-Too-Costly-Threshold")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// recovered answers for a request that panicked: the client learns that the fault
// is ours, from tell, and the log learns where.
func (s *Server) recovered(c echo.Context, tell func(error)) {
	if fault := s.fault(c.Request().Context(), c.Request().URL.Path, recover()); fault != nil && !c.Response().Committed {
		tell(fault)
	}
}

// recoveredOne is recovered for one of the requests that came together.
func (s *Server) recoveredOne(ctx context.Context, path string, tell func(error)) {
	if fault := s.fault(ctx, path, recover()); fault != nil {
		tell(fault)
	}
}

// fault logs what was recovered, and makes an error of it; nil when there was nothing.
func (s *Server) fault(ctx context.Context, path string, v any) error {
	if v == nil {
		return nil
	}
	if v == http.ErrAbortHandler {
		panic(v)
	}
	s.log.ErrorContext(ctx, "request panicked", "path", path, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	return fmt.Errorf("panic: %v", v)
}
