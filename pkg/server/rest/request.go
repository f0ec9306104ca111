package rest

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/fhir"
)

// readParameters reads the query and, of a POST, the body.
func (s *Server) readParameters(r *http.Request, x *call) error {
	if err := x.params.ReadQuery(r.URL.RawQuery); err != nil {
		return err
	}
	if r.Method != http.MethodPost || r.ContentLength == 0 {
		return nil
	}
	kind, err := bodyType(r.Header)
	if err != nil {
		return err
	}
	x.in.Reset()
	if _, err := io.Copy(&x.in, http.MaxBytesReader(nil, r.Body, s.opts.MaxBody)); err != nil {
		if big := (*http.MaxBytesError)(nil); errors.As(err, &big) {
			return refuse(http.StatusRequestEntityTooLarge, "too-long", "the body is larger than %d bytes", big.Limit)
		}
		return refuse(http.StatusBadRequest, "incomplete", "the body could not be read to its end")
	}
	if kind == formBody {
		return x.params.ReadQuery(x.in.String())
	}
	return x.params.ReadBody(x.in.Bytes())
}

const (
	jsonBody = iota
	formBody
)

// bodyType tells how a body is written.
func bodyType(h http.Header) (int, error) {
	if enc := h.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return 0, refuse(http.StatusUnsupportedMediaType, "not-supported", "a body encoded as %s is not read", enc)
	}
	given := h.Get("Content-Type")
	media, params, err := mime.ParseMediaType(given)
	if charset := strings.ToLower(params["charset"]); err == nil && charset != "" && charset != "utf-8" && charset != "us-ascii" {
		return 0, refuse(http.StatusUnsupportedMediaType, "not-supported", "a body in %s is not read: send UTF-8", charset)
	}
	switch media {
	case "application/fhir+json", "application/json", "text/json":
		return jsonBody, nil
	case "application/x-www-form-urlencoded":
		return formBody, nil
	}
	return 0, refuse(http.StatusUnsupportedMediaType, "not-supported", "a body of type '%s' is not read: send application/fhir+json", given)
}

// format is how an answer is to be written.
type format struct {
	version   fhir.Version
	versioned bool // say the version in the content type
	pretty    bool
}

// negotiate decides how to write the answer: _format goes before Accept (FHIR R5,
// http, "Content Types and encodings").
func negotiate(r *http.Request, p *fhir.Parameters, v fhir.Version) (format, error) {
	form := format{pretty: p.Bool("_pretty")}
	if f := p.Text("_format"); f != "" {
		// A plus sign in a query that was not encoded has become a space.
		_, version, ok := mediaType(strings.ReplaceAll(f, "fhir json", "fhir+json"))
		if !ok {
			return form, refuse(http.StatusNotAcceptable, "not-supported", "_format '%s' is not supported: the server writes JSON (application/fhir+json)", f)
		}
		err := form.setVersion(version, v)
		return form, err
	}
	accept := r.Header.Get("Accept")
	switch accept {
	case "", "*/*", "application/fhir+json", "application/json":
		return form, nil
	}
	for part := range strings.SplitSeq(accept, ",") {
		if media, version, ok := mediaType(part); ok {
			err := form.setVersion(version, v)
			return form, err
		} else if media == "*/*" || media == "application/*" {
			return form, nil
		}
	}
	return form, refuse(http.StatusNotAcceptable, "not-supported", "none of '%s' can be written: the server writes JSON (application/fhir+json)", accept)
}

// mediaType reads one item of Accept, and reports whether it is a JSON that we
// write and the client wants.
func mediaType(s string) (media, version string, ok bool) {
	media, rest, _ := strings.Cut(s, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	for param := range strings.SplitSeq(rest, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		switch strings.ToLower(key) {
		case "fhirversion":
			version = strings.Trim(value, `"`)
		case "q":
			if q, err := strconv.ParseFloat(value, 64); err == nil && q == 0 {
				return "", "", false
			}
		}
	}
	switch media {
	case "json", "application/json", "application/fhir+json", "text/json":
		return media, version, true
	}
	return media, version, false
}

// setVersion checks the version that the client asks for against that of the
// address.
func (f *format) setVersion(asked string, v fhir.Version) error {
	if asked == "" {
		return nil
	}
	if asked != v.MIME() && asked != v.String() {
		return refuse(http.StatusNotAcceptable, "not-supported", "this address speaks FHIR %s, not %s: use /fhir/r4 or /fhir/r5", v.MIME(), asked)
	}
	f.version, f.versioned = v, true
	return nil
}
