package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	fhirJSON = "application/fhir+json; charset=utf-8"
	fhirXML  = "application/fhir+xml; charset=utf-8"
)

var (
	contentType   = []string{fhirJSON}
	versionedType = [...][]string{
		fhir.R4: {fhirJSON + "; fhirVersion=" + fhir.R4.MIME()},
		fhir.R5: {fhirJSON + "; fhirVersion=" + fhir.R5.MIME()},
	}
)

// refusal is an error of HTTP, found before an operation is asked.
type refusal struct {
	status int
	issue  string // http://hl7.org/fhir/issue-type
	text   string
}

func (e *refusal) Error() string { return e.text }

func refuse(status int, issue, text string, args ...any) error {
	return &refusal{status, issue, fmt.Sprintf(text, args...)}
}

// An answer that is longer than longAnswer, in bytes, is made XML when few others are being:
// it takes many times its length of memory.
const longAnswer = 1 << 20

var longAnswers = make(chan struct{}, 4)

// turn waits for the turn of a long answer to be made XML, which who made it gives back. It
// reports false when the request ends before; one that has ended need not wait either.
func turn(ctx context.Context) bool {
	select {
	case longAnswers <- struct{}{}:
		return true
	default:
	}
	select {
	case longAnswers <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// write sends the resource in x.out.
func (x *call) write(c echo.Context, status int, form format) error {
	if form.kind == asXML {
		if len(x.out) > longAnswer {
			switch ctx := c.Request().Context(); {
			case turn(ctx):
				defer func() { <-longAnswers }()
			case !terminology.TimedOut(ctx):
				return nil // the client went away
			default: // what is told of the resource is not told of this
				status = http.StatusServiceUnavailable
				x.out = fhir.AppendOutcome(x.out[:0], &terminology.Error{Op: "rest.Write", Kind: terminology.Unavailable, Err: context.Cause(ctx)})
				for _, name := range []string{"Etag", "Last-Modified"} {
					c.Response().Header().Del(name)
				}
			}
		}
		written, err := fhir.AppendXML(nil, x.out)
		if err != nil { // told in JSON: this error says why there is no XML
			if status = fhir.ClassOf(terminology.KindOf(err)).HTTP; terminology.KindOf(err) == terminology.NotSupported {
				status = http.StatusNotAcceptable // JSON is
			}
			written = fhir.AppendOutcome(nil, err)
			form.kind = asJSON
		}
		x.out = append(x.out[:0], written...)
	}
	if form.pretty && form.kind == asJSON {
		var b bytes.Buffer
		if err := json.Indent(&b, x.out, "", "  "); err != nil {
			return err
		}
		x.out = append(append(x.out[:0], b.Bytes()...), '\n')
	}
	w := c.Response()
	h := w.Header()
	switch {
	case form.kind == asXML && form.versioned:
		h["Content-Type"] = []string{fhirXML + "; fhirVersion=" + form.version.MIME()}
	case form.kind == asXML:
		h["Content-Type"] = []string{fhirXML}
	case form.versioned:
		h["Content-Type"] = versionedType[form.version]
	default:
		h["Content-Type"] = contentType
	}
	setVary(h, varyFHIR, varyFHIRByOrigin)
	h["Content-Length"] = []string{strconv.Itoa(len(x.out))}
	w.WriteHeader(status)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	w.Write(x.out) // an error is a client that went away
	return nil
}

// writeError is the only place that turns an error into a status and an
// OperationOutcome, and the only place that logs one.
func (s *Server) writeError(c echo.Context, x *call, err error) {
	ctx := c.Request().Context()
	if ctx.Err() != nil && !terminology.TimedOut(ctx) {
		return // the client went away
	}
	if e := (*refusal)(nil); errors.As(err, &e) {
		if e.status == http.StatusServiceUnavailable {
			c.Response().Header().Set("Retry-After", "60")
		}
		x.out = fhir.AppendIssue(x.out[:0], operation.Issue{Type: e.issue, Text: e.text})
		x.write(c, e.status, lenient(c.Request()))
		return
	}
	if operation.IsReadOnly(err) {
		c.Response().Header().Set(echo.HeaderAllow, readingAt(c.Request().URL.Path))
	}
	class := fhir.ClassOf(terminology.KindOf(err))
	s.log.Log(ctx, class.Level, "operation failed", "path", c.Request().URL.Path, "err", err)
	x.out = fhir.AppendOutcome(x.out[:0], err)
	x.write(c, statusOf(err, class.HTTP), lenient(c.Request()))
}

// statusOf is the status of an error that HTTP has a word of its own for.
func statusOf(err error, otherwise int) int {
	var version *operation.VersionError
	var many *operation.ManyError
	switch {
	case errors.As(err, &version), errors.As(err, &many):
		return http.StatusPreconditionFailed
	case operation.IsReadOnly(err):
		return http.StatusMethodNotAllowed
	}
	return otherwise
}

// readingAt is what a server that is read-only allows at an address that it writes at
// otherwise: of an operation nothing is left, since one that writes is asked by POST alone.
func readingAt(path string) string {
	if strings.Contains(path, "/$") {
		return "OPTIONS"
	}
	return "GET, HEAD, OPTIONS"
}

// operationAt is how the operation at an address is asked.
func operationAt(path string) string {
	for _, op := range fhir.Operations {
		if op.Changes && strings.HasSuffix(path, "/$"+op.Name) {
			return http.MethodPost
		}
	}
	return "OPTIONS, GET, HEAD, POST"
}

// routeError answers what the router refuses: an unknown address, or a method that
// an address does not have.
func (s *Server) routeError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	r := c.Request()
	var e *echo.HTTPError
	if r.URL.Path == searchPath && errors.As(err, &e) && e.Code == http.StatusMethodNotAllowed {
		x := calls.Get().(*call)
		defer x.release()
		s.writeSearchError(c, x, refuse(e.Code, "not-supported", "%s is not a method of %s: use GET", r.Method, searchPath))
		return
	}
	switch {
	case errors.As(err, &e) && e.Code == http.StatusNotFound:
		err = refuse(e.Code, "not-found", "there is nothing at %s: see metadata for what this server does", r.URL.Path)
	case errors.As(err, &e) && e.Code == http.StatusMethodNotAllowed:
		h := c.Response().Header()
		if h.Get(echo.HeaderAllow) == "" { // the router knows the methods of addresses, and takes an operation for an id
			h.Set(echo.HeaderAllow, operationAt(r.URL.Path))
		}
		err = refuse(e.Code, "not-supported", "%s is not a method of %s: use %s", r.Method, r.URL.Path, h.Get(echo.HeaderAllow))
	}
	x := calls.Get().(*call)
	defer x.release()
	s.writeError(c, x, err)
}
