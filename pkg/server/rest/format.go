package rest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/fhir"
)

// format is how an answer is to be written.
type format struct {
	version   fhir.Version
	versioned bool // say the version in the content type
	pretty    bool
	kind      formatKind
}

type formatKind uint8

const (
	asJSON formatKind = iota
	asXML
	asHTML // for the page of a resource, where there is one
)

// negotiate decides how to write the answer: _format goes before Accept (FHIR R5,
// http, "Content Types and encodings").
func negotiate(r *http.Request, p *fhir.Parameters, v fhir.Version) (format, error) {
	return choose(r, p.Text("_format"), p.Bool("_pretty"), v, false)
}

// choose is negotiate for what a request says of the format. Pages: there is a page to show.
func choose(r *http.Request, asked string, pretty bool, v fhir.Version, pages bool) (format, error) {
	form := format{pretty: pretty}
	if asked != "" {
		// A plus sign in a query that was not encoded has become a space.
		m := readMedia(strings.ReplaceAll(strings.ReplaceAll(asked, "fhir json", "fhir+json"), "fhir xml", "fhir+xml"))
		if m.weight == 0 || !m.known || m.kind == asHTML && !pages {
			return form, refuse(http.StatusNotAcceptable, "not-supported", "_format '%s' is not supported: the server writes JSON (application/fhir+json) and XML (application/fhir+xml)", asked)
		}
		form.kind = m.kind
		return form, form.setVersion(m.version, v)
	}
	accept := list(r.Header, "Accept")
	switch accept {
	case "", "*/*", "application/fhir+json", "application/json":
		return form, nil
	}
	best, browser := media{}, false
	for part := range strings.SplitSeq(accept, ",") {
		m := readMedia(part)
		browser = browser || m.known && m.kind == asHTML && m.weight > 0
		if m.known && (m.kind != asHTML || pages) && m.weight > best.weight {
			best = m
		}
	}
	if browser && !pages && strings.Contains(accept, "*/*") {
		return form, nil // it asks for XML too, which nobody wants to read
	}
	if best.weight == 0 {
		return form, refuse(http.StatusNotAcceptable, "not-supported", "none of '%s' can be written: the server writes JSON (application/fhir+json) and XML (application/fhir+xml)", accept)
	}
	form.kind = best.kind
	return form, form.setVersion(best.version, v)
}

// lenient is the format of an error, which must be told whatever the client asks for.
func lenient(r *http.Request) format {
	query := r.URL.Query()
	form, err := choose(r, query.Get("_format"), query.Get("_pretty") == "true", fhir.R4, false)
	if err != nil {
		return format{}
	}
	return format{kind: form.kind, pretty: form.pretty}
}

// media is one item of Accept.
type media struct {
	kind    formatKind
	known   bool
	version string
	weight  float64
}

// readMedia reads one item of Accept, or a _format.
func readMedia(s string) media {
	name, rest, _ := strings.Cut(s, ";")
	m := media{weight: 1, known: true}
	for param := range strings.SplitSeq(rest, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		switch strings.ToLower(key) {
		case "fhirversion":
			m.version = strings.Trim(value, `"`)
		case "q":
			if q, err := strconv.ParseFloat(value, 64); err == nil && q >= 0 && q <= 1 {
				m.weight = q
			}
		}
	}
	name, m.known = strings.ToLower(strings.TrimSpace(name)), false
	for kind, names := range mediaNames {
		if slices.Contains(names, name) {
			m.kind, m.known = formatKind(kind), true
		}
	}
	return m
}

// mediaNames are what each way to write is called, first what metadata announces.
var mediaNames = [...][]string{
	asJSON: {"application/fhir+json", "json", "application/json", "text/json", "*/*", "application/*"},
	asXML:  {"application/fhir+xml", "xml", "application/xml", "text/xml"},
	asHTML: {"text/html", "html", "application/xhtml+xml"},
}

// announced are the formats of FHIR; a page is for people.
var announced = []string{mediaNames[asJSON][0], mediaNames[asXML][0]}

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
