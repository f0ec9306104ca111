package rest

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/kodeks/kodeks/pkg/fhir"
)

// readParameters reads the query and, of a POST, the body.
func (s *Server) readParameters(r *http.Request, x *call, v fhir.Version) error {
	if err := x.params.ReadQuery(r.URL.RawQuery); err != nil {
		return err
	}
	if r.Method != http.MethodPost || r.ContentLength == 0 {
		return nil
	}
	kind, err := bodyType(r.Header, v)
	if err != nil {
		return err
	}
	if err := s.copyBody(r, x); err != nil {
		return err
	}
	switch kind {
	case formBody:
		return x.params.ReadQuery(x.in.String())
	case xmlBody:
		body, err := fhir.ReadXML(v, x.in.Bytes())
		if err != nil {
			return err
		}
		return x.params.ReadBody(body)
	}
	return x.params.ReadBody(x.in.Bytes())
}

// readBody reads a resource, which may be in XML, as JSON.
func (s *Server) readBody(r *http.Request, x *call, v fhir.Version) ([]byte, error) {
	kind, err := bodyType(r.Header, v)
	if err != nil {
		return nil, err
	}
	if kind == formBody {
		return nil, refuse(http.StatusUnsupportedMediaType, "not-supported", "a form is no resource: send application/fhir+json or application/fhir+xml")
	}
	if err := s.copyBody(r, x); err != nil {
		return nil, err
	}
	if kind == xmlBody {
		return fhir.ReadXML(v, x.in.Bytes())
	}
	return x.in.Bytes(), nil
}

// How much of bodies is in memory at once. A request that has begun keeps what it has
// read, so that who sends many long bodies slowly takes no more than this.
const (
	bodiesAtOnce = 16       // of the largest that there may be
	smallBody    = 64 << 10 // is always read
	bodyStep     = 1 << 20  // by which what is taken grows
)

// takes reads a body, and takes room for it among those of all requests, which the call
// gives back.
type takes struct {
	from io.Reader
	x    *call
	s    *Server
	read int64
}

func (t *takes) Read(p []byte) (int, error) {
	n, err := t.from.Read(p)
	t.read += int64(n)
	for t.read > t.x.taken+smallBody {
		if t.s.bodies.Add(bodyStep) > bodiesAtOnce*t.s.opts.MaxBody {
			t.s.bodies.Add(-bodyStep)
			return n, errBodies
		}
		t.x.taken, t.x.bodies = t.x.taken+bodyStep, &t.s.bodies
	}
	return n, err
}

var errBodies = refuse(http.StatusServiceUnavailable, "throttled", "as many long bodies are being read as may be: send this one again in a minute")

// copyBody reads the body, which has a limit.
func (s *Server) copyBody(r *http.Request, x *call) error {
	x.in.Reset()
	if _, err := io.Copy(&x.in, &takes{from: http.MaxBytesReader(nil, r.Body, s.opts.MaxBody), x: x, s: s}); err != nil {
		if errors.Is(err, errBodies) {
			return errBodies
		}
		if big := (*http.MaxBytesError)(nil); errors.As(err, &big) {
			return refuse(http.StatusRequestEntityTooLarge, "too-long", "the body is larger than %d bytes", big.Limit)
		}
		return refuse(http.StatusBadRequest, "incomplete", "the body could not be read to its end")
	}
	return nil
}

const (
	jsonBody = iota
	formBody
	xmlBody
)

// bodyType tells how a body is written. One that is of another version of FHIR than the
// address is refused: it would be read by the elements of the wrong one.
func bodyType(h http.Header, v fhir.Version) (int, error) {
	if enc := list(h, "Content-Encoding"); enc != "" && enc != "identity" {
		return 0, refuse(http.StatusUnsupportedMediaType, "not-supported", "a body encoded as %s is not read", enc)
	}
	given, err := single(h, "Content-Type")
	if err != nil {
		return 0, err
	}
	media, params, err := mime.ParseMediaType(given)
	if charset := strings.ToLower(params["charset"]); err == nil && charset != "" && charset != "utf-8" && charset != "us-ascii" {
		return 0, refuse(http.StatusUnsupportedMediaType, "not-supported", "a body in %s is not read: send UTF-8", charset)
	}
	if asked := params["fhirversion"]; err == nil && asked != "" && asked != v.MIME() && asked != v.String() {
		return 0, refuse(http.StatusUnsupportedMediaType, "not-supported", "this address reads FHIR %s, not %s: send it to /fhir/r4 or /fhir/r5", v.MIME(), asked)
	}
	switch media {
	case "application/fhir+json", "application/json", "text/json":
		return jsonBody, nil
	case "application/fhir+xml", "application/xml", "text/xml":
		return xmlBody, nil
	case "application/x-www-form-urlencoded":
		return formBody, nil
	}
	if given == "" {
		return 0, refuse(http.StatusUnsupportedMediaType, "not-supported", "the body has no Content-Type: send application/fhir+json or application/fhir+xml, or parameters as application/x-www-form-urlencoded")
	}
	return 0, refuse(http.StatusUnsupportedMediaType, "not-supported", "a body of type '%s' is not read: send application/fhir+json or application/fhir+xml", given)
}
