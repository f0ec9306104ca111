package rest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// send asks a server and returns what it answers. Headers are lines, Name: value.
func send(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/fhir"+target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/fhir+json")
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// anotherSet is a value set of an id and a URL; "" for none.
func anotherSet(id, url string) string {
	out := `{"resourceType":"ValueSet","status":"active"`
	if id != "" {
		out += fmt.Sprintf(`,"id":%q`, id)
	}
	if url != "" {
		out += fmt.Sprintf(`,"url":%q`, url)
	}
	return out + "}"
}

// TestConditions: what a conditional write is of is found at the moment of the write, and
// nothing else is touched (FHIR, "conditional create", "update" and "delete").
func TestConditions(t *testing.T) {
	h := writable(t)
	for _, step := range []struct {
		name, method, target, body, header string
		status                             int
		want                               string // within the answer
	}{
		{"create", "PUT", "/ValueSet/a", anotherSet("a", "http://example.org/a"), "", 201, ""},
		{"another", "PUT", "/ValueSet/b", anotherSet("b", "http://example.org/b"), "", 201, ""},
		{"no match, an id of another resource", "PUT", "/ValueSet?url=http://example.org/none", anotherSet("a", "http://example.org/none"), "", 409, "another one"},
		{"no match, a new id", "PUT", "/ValueSet?url=http://example.org/c", anotherSet("c", "http://example.org/c"), "", 201, `"id":"c"`},
		{"no match, no id", "PUT", "/ValueSet?url=http://example.org/d", anotherSet("", "http://example.org/d"), "", 201, `"versionId":"1"`},
		{"one match, no id", "PUT", "/ValueSet?url=http://example.org/a", anotherSet("", "http://example.org/a"), "", 200, `"id":"a","meta":{"versionId":"2"`},
		{"one match, its id", "PUT", "/ValueSet?url=http://example.org/a", anotherSet("a", "http://example.org/a"), "", 200, `"versionId":"3"`},
		{"one match, another id", "PUT", "/ValueSet?url=http://example.org/a", anotherSet("b", "http://example.org/a"), "", 400, "the conditions fit ValueSet/a"},
		{"several", "PUT", "/ValueSet?status=active", anotherSet("", "http://example.org/e"), "", 412, "want one at most"},
		{"no conditions", "PUT", "/ValueSet?_format=json", anotherSet("", "http://example.org/e"), "", 400, "needs conditions"},
		{"unknown condition", "PUT", "/ValueSet?colour=red", anotherSet("", "http://example.org/e"), "Prefer: handling=lenient", 422, "colour"},
		{"condition that does not match is not the resource", "GET", "/ValueSet/b", "", "", 200, `"versionId":"1"`},
		{"create, fits one", "POST", "/ValueSet", anotherSet("", "http://example.org/b"), "If-None-Exist: url=http://example.org/b", 200, `"id":"b"`},
		{"create, fits several", "POST", "/ValueSet", anotherSet("", "http://example.org/f"), "If-None-Exist: status=active", 412, ""},
		{"create, fits none", "POST", "/ValueSet", anotherSet("", "http://example.org/f"), "If-None-Exist: url=http://example.org/f", 201, ""},
		{"create, no conditions", "POST", "/ValueSet", anotherSet("", "http://example.org/g"), "If-None-Exist: _format=json", 400, ""},
		{"delete several", "DELETE", "/ValueSet?status=active", "", "", 412, ""},
		{"delete without conditions", "DELETE", "/ValueSet", "", "", 400, ""},
		{"delete none", "DELETE", "/ValueSet?url=http://example.org/none", "", "", 204, ""},
		{"delete one", "DELETE", "/ValueSet?url=http://example.org/b", "", "", 204, ""},
		{"it has gone", "GET", "/ValueSet/b", "", "", 410, ""},
		{"no other has", "GET", "/ValueSet?_summary=count", "", "", 200, `"total":4`},
	} {
		var headers []string
		if step.header != "" {
			headers = append(headers, step.header)
		}
		if rec := send(h, step.method, step.target, step.body, headers...); rec.Code != step.status || !strings.Contains(rec.Body.String(), step.want) {
			t.Errorf("%s: %s %s = %d %s, want %d and %q", step.name, step.method, step.target, rec.Code, rec.Body, step.status, step.want)
		}
	}
}

// TestConditionsAtOnce: of many who write under the same condition at once, one creates
// the resource and the others update it.
func TestConditionsAtOnce(t *testing.T) {
	h := writable(t)
	const clients = 30
	answers := make(chan int, clients)
	for range clients {
		go func() {
			answers <- send(h, "PUT", "/ValueSet?url=http://example.org/a", anotherSet("", "http://example.org/a")).Code
		}()
	}
	created := 0
	for range clients {
		switch code := <-answers; code {
		case http.StatusCreated:
			created++
		case http.StatusOK:
		default:
			t.Errorf("status %d", code)
		}
	}
	rec := send(h, "GET", "/ValueSet", "")
	var b struct {
		Total int
		Entry []struct {
			Resource struct{ Meta struct{ VersionID string } }
		}
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &b); err != nil || created != 1 || b.Total != 1 || b.Entry[0].Resource.Meta.VersionID != fmt.Sprint(clients) {
		t.Errorf("%d were created, %v: %s", created, err, rec.Body)
	}
}

// TestPreconditions: entity tags and * in headers of writes and reads (RFC 9110, 13).
func TestPreconditions(t *testing.T) {
	h := writable(t)
	body := anotherSet("a", "http://example.org/a")
	for _, step := range []struct {
		name, method, header string
		status               int
	}{
		{"any version of what is not there", "PUT", `If-Match: *`, 412},
		{"version 0 is no version", "PUT", `If-Match: W/"0"`, 412},
		{"delete any version of what is not there", "DELETE", `If-Match: *`, 412},
		{"none there", "PUT", `If-None-Match: *`, 201},
		{"one there", "PUT", `If-None-Match: *`, 412},
		{"weak", "PUT", `If-Match: W/"1"`, 200},
		{"strong", "PUT", `If-Match: "2"`, 200},
		{"a list", "PUT", `If-Match: W/"1", W/"3"`, 200},
		{"any", "PUT", `If-Match: *`, 200},
		{"old", "PUT", `If-Match: W/"1", W/"2"`, 412},
		{"not ours", "PUT", `If-Match: "abc"`, 412},
		{"beyond numbers", "PUT", `If-Match: W/"99999999999999999999"`, 412},
		{"no list", "PUT", `If-Match: W/"1" W/"2"`, 400},
		{"another than the present one", "PUT", `If-None-Match: W/"5"`, 412},
		{"another than an old one", "PUT", `If-None-Match: W/"4"`, 200},
		{"read: the same", "GET", `If-None-Match: W/"6"`, 304},
		{"read: among others", "GET", `If-None-Match: "1", "6"`, 304},
		{"read: any", "GET", `If-None-Match: *`, 304},
		{"read: another", "GET", `If-None-Match: W/"5"`, 200},
		{"read: since", "GET", `If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT`, 304},
		{"read: since before", "GET", `If-Modified-Since: Fri, 01 Jan 2021 00:00:00 GMT`, 200},
		{"head", "HEAD", "", 200},
		{"delete old", "DELETE", `If-Match: W/"5"`, 412},
		{"delete", "DELETE", `If-Match: W/"6"`, 204},
		{"any version of what was deleted", "PUT", `If-Match: *`, 412},
		{"the version of the deletion", "PUT", `If-Match: W/"7"`, 412},
	} {
		content := body
		if step.method != "PUT" {
			content = ""
		}
		rec := send(h, step.method, "/ValueSet/a", content, step.header)
		if rec.Code != step.status {
			t.Errorf("%s: %s with %s = %d %s, want %d", step.name, step.method, step.header, rec.Code, rec.Body, step.status)
		}
		if (step.method == "HEAD" || rec.Code == 304) && rec.Body.Len() > 0 {
			t.Errorf("%s: a body of %d bytes", step.name, rec.Body.Len())
		}
		if step.method == "HEAD" && (rec.Header().Get("ETag") != `W/"6"` || rec.Header().Get("Content-Length") == "") {
			t.Errorf("HEAD has %v", rec.Header())
		}
	}
}

// TestHosts: a server that only this machine reaches is written to by its own names, so
// that a page whose name leads here (DNS rebinding) writes nothing.
func TestHosts(t *testing.T) {
	h := writableWith(t, func(o *restOptions) {
		o.Hosts, o.Origins = []string{"kodeks.local"}, []string{"https://journal.example.org"}
	})
	for _, tt := range []struct {
		host   string
		status int
	}{
		{"localhost:8080", 200}, {"LOCALHOST", 200}, {"127.0.0.1:8080", 200}, {"127.8.9.1", 200}, {"[::1]:8080", 200}, {"kodeks.local:8080", 200}, {"journal.example.org", 200},
		{"app.localhost:80", 200}, {"evil.example.com", 403}, {"localhost.example.com:8080", 403}, {"192.168.1.4:8080", 403}, {"127.0.0.1.example.com", 403}, {"", 403},
	} {
		send(h, "PUT", "/ValueSet/a", anotherSet("a", "http://example.org/a"), "Host: localhost")
		for _, method := range []string{"PUT", "DELETE", "POST"} {
			target, body, status := "/ValueSet/a", anotherSet("a", "http://example.org/a"), tt.status
			switch method {
			case "DELETE":
				body = ""
				if status == 200 {
					status = 204
				}
			case "POST":
				target, body, status = "", `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"DELETE","url":"ValueSet/none"}}]}`, 200
			}
			rec := send(h, method, target, body, "Host: "+tt.host)
			if rec.Code != status {
				t.Errorf("%s to %q = %d %s, want %d", method, tt.host, rec.Code, rec.Body, status)
			}
			if refused := strings.Contains(rec.Body.String(), "not called"); refused != (tt.status == 403) {
				t.Errorf("%s to %q: %s", method, tt.host, rec.Body)
			}
		}
		if rec := send(h, "GET", "/ValueSet", "", "Host: "+tt.host); rec.Code != 200 {
			t.Errorf("GET of %q = %d: it writes nothing", tt.host, rec.Code)
		}
	}
}
