package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/server/rest"
)

func ExampleNew() {
	srv := rest.New(nil, rest.Options{Version: "0.1.0", Released: "2026-11-22", BaseURL: "https://example.org"})
	get := func(path string) {
		rec := httptest.NewRecorder()
		srv.Handler().ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		fmt.Println(rec.Code, strings.TrimSpace(rec.Body.String()))
	}
	get("/version")
	get("/fhir/r4/Patient")
	// Output:
	// 200 {"name":"Kodeks","version":"0.1.0","released":"2026-11-22"}
	// 404 {"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found","details":{"text":"there is nothing at /fhir/r4/Patient: see metadata for what this server does"}}]}
}

// TestRefusals holds that whatever a client sends wrong, it is told what in an
// OperationOutcome. No operation is asked in any of these, so the server has none.
func TestRefusals(t *testing.T) {
	h := rest.New(nil, rest.Options{MaxBody: 1000}).Handler()
	const lookup = "/fhir/r4/CodeSystem/$lookup"
	fhirType := map[string]string{"Content-Type": "application/fhir+json"}
	tests := []struct {
		name, method, target, body string
		header                     map[string]string
		status                     int
		want                       string
	}{
		{name: "unknown address", method: "GET", target: "/fhir/r4/Patient/1", status: 404, want: "there is nothing at /fhir/r4/Patient/1"},
		{name: "operation on an instance", method: "GET", target: "/fhir/CodeSystem/1/$lookup?code=T90", status: 404, want: "there is nothing at"},
		{name: "wrong method", method: "DELETE", target: lookup, status: 405, want: "DELETE is not a method of"},
		{name: "metadata by POST", method: "POST", target: "/fhir/metadata", status: 405, want: "POST is not a method of"},
		{name: "no code", method: "GET", target: lookup + "?system=http://snomed.info/sct", status: 400, want: "the request has no code or coding"},
		{name: "dollar sign encoded", method: "GET", target: "/fhir/r5/CodeSystem/%24lookup", status: 400, want: "the request has no code or coding"},
		{name: "unknown parameter", method: "GET", target: lookup + "?kode=T90", status: 422, want: "has no parameter 'kode'"},
		{name: "Turtle by _format", method: "GET", target: "/fhir/metadata?_format=ttl", status: 406, want: "_format 'ttl' is not supported"},
		{name: "Turtle by Accept", method: "GET", target: "/fhir/metadata", header: map[string]string{"Accept": "text/turtle"}, status: 406, want: "none of 'text/turtle' can be written"},
		{name: "JSON refused by weight", method: "GET", target: "/fhir/metadata", header: map[string]string{"Accept": "application/json;q=0, text/html"}, status: 406, want: "can be written"},
		{name: "R5 from the address of R4", method: "GET", target: "/fhir/metadata", header: map[string]string{"Accept": "application/fhir+json; fhirVersion=5.0"}, status: 406, want: "this address speaks FHIR 4.0, not 5.0"},
		{name: "unknown mode of metadata", method: "GET", target: "/fhir/metadata?mode=brief", status: 400, want: "mode"},
		{name: "body too large", method: "POST", target: lookup, body: strings.Repeat(" ", 1001), header: fhirType, status: 413, want: "larger than 1000 bytes"},
		{name: "body of an unknown type", method: "POST", target: lookup, body: "<x/>", header: map[string]string{"Content-Type": "text/turtle"}, status: 415, want: "'text/turtle' is not read"},
		{name: "XML that is no resource", method: "POST", target: lookup, body: "<x/>", header: map[string]string{"Content-Type": "application/fhir+xml", "Accept": "application/fhir+json"}, status: 400, want: "found element 'x' of namespace ''"},
		{name: "operation that is none", method: "GET", target: "/fhir/CodeSystem/$find", status: 404, want: "there is nothing at"},
		{name: "transaction", method: "POST", target: "/fhir", body: `{"resourceType":"Bundle","type":"transaction"}`, header: fhirType, status: 422, want: "transactions are not supported"},
		{name: "no Bundle", method: "POST", target: "/fhir", body: `{"resourceType":"ValueSet"}`, header: fhirType, status: 400, want: "want a Bundle"},
		{name: "unknown search parameter", method: "GET", target: "/fhir/ValueSet?navn=a", status: 422, want: `"expression":["navn"]`},
		{name: "unknown modifier", method: "GET", target: "/fhir/ValueSet?url:below=a", status: 422, want: "':below' is not supported"},
		{name: "wrong sort", method: "GET", target: "/fhir/ValueSet?_sort=age", status: 400, want: "want names of _id"},
		{name: "wrong count", method: "GET", target: "/fhir/ValueSet?_count=-1", status: 400, want: "want a whole number"},
		{name: "unknown element", method: "PUT", target: "/fhir/ValueSet/a", body: `{"resourceType":"ValueSet","id":"a","compose":{"include":[{"sistem":"x"}]}}`, header: fhirType, status: 400, want: `"expression":["ValueSet.compose.include[0].sistem"]`},
		{name: "element of a wrong type", method: "PUT", target: "/fhir/ValueSet/a", body: `{"resourceType":"ValueSet","id":"a","experimental":"yes"}`, header: fhirType, status: 400, want: "want true or false, not a string"},
		{name: "another type", method: "POST", target: "/fhir/ValueSet", body: `{"resourceType":"CodeSystem"}`, header: fhirType, status: 400, want: "want ValueSet"},
		{name: "another id", method: "PUT", target: "/fhir/ValueSet/a", body: `{"resourceType":"ValueSet","id":"b"}`, header: fhirType, status: 400, want: `"expression":["ValueSet.id"]`},
		{name: "bad id", method: "PUT", target: "/fhir/ValueSet/a_b", body: `{"resourceType":"ValueSet"}`, header: fhirType, status: 400, want: "'a_b' is no id"},
		{name: "body without type", method: "POST", target: lookup, body: "{}", status: 415, want: "the body has no Content-Type"},
		{name: "compressed body", method: "POST", target: lookup, body: "{}", header: map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, status: 415, want: "encoded as gzip"},
		{name: "Latin-1 body", method: "POST", target: lookup, body: "{}", header: map[string]string{"Content-Type": "application/json; charset=iso-8859-1"}, status: 415, want: "iso-8859-1"},
		{name: "broken JSON", method: "POST", target: lookup, body: "{\n]", header: fhirType, status: 400, want: "line 2, column 1"},
		{name: "wrong type in a body", method: "POST", target: lookup, body: `{"resourceType":"Parameters","parameter":[{"name":"code","valueCode":7}]}`, header: fhirType, status: 400, want: `"expression":["Parameters.parameter[0].valueCode"]`},
		{name: "form", method: "POST", target: lookup, body: "kode=T90", header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, status: 422, want: "has no parameter 'kode'"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.target, strings.NewReader(tt.body))
			for k, v := range tt.header {
				r.Header.Set(k, v)
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			got := rec.Body.String()
			if rec.Code != tt.status || !strings.Contains(got, tt.want) || !json.Valid(rec.Body.Bytes()) || !strings.HasPrefix(got, `{"resourceType":"OperationOutcome"`) {
				t.Errorf("%s %s = %d %s\nwant %d and an OperationOutcome with %q", tt.method, tt.target, rec.Code, got, tt.status, tt.want)
			}
			if got, want := rec.Header().Get("Content-Type"), "application/fhir+json; charset=utf-8"; got != want {
				t.Errorf("Content-Type %q, want %q", got, want)
			}
		})
	}
}

// TestMetadata holds the headers of an answer and the general parameters.
func TestMetadata(t *testing.T) {
	h := rest.New(nil, rest.Options{BaseURL: "https://example.org/"}).Handler()
	for target, want := range map[string]string{
		"/fhir/metadata":                                 `"url":"https://example.org/fhir/metadata"`,
		"/fhir/r4/metadata":                              `"fhirVersion":"4.0.1"`,
		"/fhir/r5/metadata?_summary=true":                `"fhirVersion":"5.0.0"`,
		"/fhir/metadata?_pretty=true":                    "\n  \"resourceType\": \"CapabilityStatement\"",
		"/fhir/metadata?_format=application/fhir+json":   `"resourceType":"CapabilityStatement"`,
		"/fhir/metadata?_format=application/fhir%2Bjson": `"resourceType":"CapabilityStatement"`,
	} {
		rec := httptest.NewRecorder()
		r := httptest.NewRequest("GET", target, nil)
		r.Header.Set("Accept", "text/html, */*;q=0.1")
		h.ServeHTTP(rec, r)
		if rec.Code != 200 || !strings.Contains(rec.Body.String(), want) {
			t.Errorf("GET %s = %d %s, want %s", target, rec.Code, rec.Body, want)
		}
		if got, want := rec.Header().Get("Content-Length"), fmt.Sprint(rec.Body.Len()); got != want {
			t.Errorf("GET %s: Content-Length %s, want %s", target, got, want)
		}
	}
	rec := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/fhir/r5/metadata", nil)
	r.Header.Set("Accept", "application/fhir+json; fhirVersion=5.0")
	h.ServeHTTP(rec, r)
	if got, want := rec.Header().Get("Content-Type"), "application/fhir+json; charset=utf-8; fhirVersion=5.0"; got != want {
		t.Errorf("Content-Type %q, want %q", got, want)
	}
}

// TestPanic holds that a fault of ours is a 500 that tells the client nothing and
// the log everything: a server without operations cannot look up.
func TestPanic(t *testing.T) {
	var log bytes.Buffer
	h := rest.New(nil, rest.Options{Log: slog.New(slog.NewTextHandler(&log, nil))}).Handler()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/fhir/CodeSystem/$lookup?system=http://snomed.info/sct&code=22298006", nil))
	if rec.Code != 500 || !strings.Contains(rec.Body.String(), `"code":"exception"`) || strings.Contains(rec.Body.String(), "nil pointer") {
		t.Errorf("status %d, body %s, want 500 without detail", rec.Code, rec.Body)
	}
	if !strings.Contains(log.String(), "nil pointer") || !strings.Contains(log.String(), "$lookup") {
		t.Errorf("log %q, want the cause and the path", &log)
	}
}

func TestCrossOrigin(t *testing.T) {
	h := rest.New(nil, rest.Options{}).Handler()
	r := httptest.NewRequest("OPTIONS", "/fhir/ValueSet/$expand", nil)
	r.Header.Set("Origin", "https://journal.example.org")
	r.Header.Set("Access-Control-Request-Method", "POST")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	if rec.Code != 204 || rec.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(rec.Header().Get("Access-Control-Allow-Headers"), "Content-Type") {
		t.Errorf("preflight = %d %v, want 204 that allows the request", rec.Code, rec.Header())
	}
}

func TestReady(t *testing.T) {
	state := errors.New("opening releases")
	h := rest.New(nil, rest.Options{Ready: func() error { return state }}).Handler()
	get := func(path string) (int, string) {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		return rec.Code, rec.Body.String()
	}
	if code, body := get("/readyz"); code != 503 || !strings.Contains(body, "opening releases") {
		t.Errorf("GET /readyz = %d %q, want 503 with the reason", code, body)
	}
	if code, _ := get("/healthz"); code != 200 {
		t.Errorf("GET /healthz = %d, want 200: the process lives", code)
	}
	state = nil
	if code, _ := get("/readyz"); code != 200 {
		t.Errorf("GET /readyz = %d, want 200", code)
	}
}

// TestServe holds that Serve ends with its context, not before.
func TestServe(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- rest.New(nil, rest.Options{}).Serve(ctx, ln) }()
	resp, err := http.Get("http://" + ln.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Serve = %v, want nil", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("Serve does not end with its context")
	}
}
