package rest_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHeaderLines holds that a header that is a list may be on several lines, as proxies
// and clients write it, and that one that has a single value may not say two things.
func TestHeaderLines(t *testing.T) {
	h := writable(t)
	body := parameters(`{"name":"tx-resource","resource":`+colours+`}`, `{"name":"valueSet","resource":`+coloursIn("", "")+`}`)
	const search = `{"resourceType":"ValueSet","url":"http://example.org/new","status":"active"}`
	for _, tt := range []struct {
		name, method, target, body string
		header                     []string // name: value
		status                     int
		want                       string
	}{
		{"languages", "POST", "/ValueSet/$expand", body, []string{"Accept-Language: fi", "Accept-Language: es;q=0.5, de;q=0.8"}, 200, `"display":"Rot"`},
		{"languages in one line", "POST", "/ValueSet/$expand", body, []string{"Accept-Language: fi, es;q=0.5, de;q=0.8"}, 200, `"display":"Rot"`},
		{"formats", "GET", "/metadata", "", []string{"Accept: text/turtle", "Accept: application/fhir+xml"}, 200, "<CapabilityStatement"},
		{"formats that are none", "GET", "/metadata", "", []string{"Accept: text/turtle", "Accept: image/png"}, 406, "text/turtle,image/png"},
		{"an encoding behind one that is none", "POST", "/ValueSet/$expand", body, []string{"Content-Encoding: identity", "Content-Encoding: gzip"}, 415, "gzip"},
		{"two types of one body", "POST", "/ValueSet/$expand", body, []string{"Content-Type: application/fhir+xml"}, 400, "the header Content-Type is there 2 times"},
		{"one type twice", "POST", "/ValueSet/$expand", body, []string{"Content-Type: application/fhir+json"}, 200, `"display":"Red"`},
		{"two caches", "GET", "/CodeSystem/$lookup?system=http://example.org/a&code=b", "", []string{"X-Cache-Id: a", "X-Cache-Id: b"}, 400, "X-Cache-Id is there 2 times"},
		{"two caches of a batch", "POST", "", `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"CodeSystem/$lookup?system=http://example.org/a&code=b"}}]}`, []string{"X-Cache-Id: a", "X-Cache-Id: b"}, 200, "X-Cache-Id is there 2 times"},
		{"two conditions", "POST", "/ValueSet", search, []string{"If-None-Exist: url=http://example.org/a", "If-None-Exist: url=http://example.org/b"}, 400, "If-None-Exist is there 2 times"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, "/fhir/r5"+tt.target, strings.NewReader(tt.body))
			if tt.body != "" {
				r.Header.Set("Content-Type", "application/fhir+json")
			}
			for _, line := range tt.header {
				name, value, _ := strings.Cut(line, ": ")
				r.Header.Add(name, value)
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.want) {
				t.Errorf("%d %s, want %d and %s", rec.Code, rec.Body, tt.status, tt.want)
			}
		})
	}
}

// TestCachesOfClients: a client that begins caches without end is told the limit, by its
// address, and another one still gets one; a proxy on this machine tells clients apart.
func TestCachesOfClients(t *testing.T) {
	h := writable(t)
	start := func(remote, forwarded string) (int, string) {
		r := httptest.NewRequest("POST", "/fhir/r5/$cache-control?mode=start", nil)
		r.RemoteAddr = remote
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Code, rec.Body.String()
	}
	refused := ""
	for n := 0; n < 300 && refused == ""; n++ {
		if status, text := start(fmt.Sprintf("[2001:db8::%x]:%d", n, 1000+n), "198.51.100.9"); status != 200 { // one network, and it says what it likes
			refused = fmt.Sprint(status, text)
		}
	}
	if !strings.HasPrefix(refused, "503") || !strings.Contains(refused, "200 of them, of 0 bytes, are of this client (2001:db8::/64)") {
		t.Errorf("without end: %s, want 503 and whose they are", refused)
	}
	for _, who := range [][2]string{{"192.0.2.7:99", ""}, {"127.0.0.1:99", "2001:db8::1, 192.0.2.8"}, {"[::1]:99", "192.0.2.9"}} {
		if status, text := start(who[0], who[1]); status != 200 {
			t.Errorf("another client, %v: %d %s", who, status, text)
		}
	}
	if status, text := start("127.0.0.1:99", "192.0.2.8, 2001:db8::1"); status != 503 {
		t.Errorf("the first client through a proxy: %d %s, want 503", status, text)
	}
}

// TestHead asks for everything that GET answers by HEAD: the same status and headers, without
// the body, which net/http leaves out of plain answers itself.
func TestHead(t *testing.T) {
	h := writable(t)
	if rec := send(h, "PUT", "/CodeSystem/hand", handSystem); rec.Code != 201 {
		t.Fatal(rec.Code, rec.Body)
	}
	for target, status := range map[string]int{
		"/fhir/metadata": 200, "/fhir/r5/metadata?mode=terminology": 200, "/version": 200, "/healthz": 200, "/fhir/CodeSystem/hand": 200, "/fhir/CodeSystem/hand/_history": 200,
		"/fhir/CodeSystem/$lookup?system=http://example.org/hand&code=H1": 200, "/fhir/CodeSystem/$lookup?system=http://example.org/hand&code=X": 404,
		"/fhir/CodeSystem/hand/$validate-code?code=H1": 200, "/fhir/$versions": 200, "/fhir/$closure": 405, "/fhir/ValueSet/$expand?navn=x": 422,
	} {
		get, head := httptest.NewRecorder(), httptest.NewRecorder()
		h.ServeHTTP(get, httptest.NewRequest("GET", target, nil))
		h.ServeHTTP(head, httptest.NewRequest("HEAD", target, nil))
		if get.Code != status || head.Code != status || head.Body.Len() > 0 && strings.HasPrefix(target, "/fhir") {
			t.Errorf("%s: GET %d, HEAD %d with %d bytes, want %d", target, get.Code, head.Code, head.Body.Len(), status)
		}
		for _, name := range []string{"Content-Type", "Content-Length", "Etag", "Last-Modified", "Allow", "Vary"} {
			if name == "Content-Length" && status == 405 { // it names the method
				continue
			}
			if g, w := head.Header().Get(name), get.Header().Get(name); g != w {
				t.Errorf("%s: %s is %q by HEAD, %q by GET", target, name, g, w)
			}
		}
	}
}

// TestEncodedAddresses: a slash that is encoded parts nothing, so that an address means the
// same to what guards addresses before the server; and a version has one name.
func TestEncodedAddresses(t *testing.T) {
	h := writable(t)
	if rec := send(h, "PUT", "/CodeSystem/hand", handSystem); rec.Code != 201 {
		t.Fatal(rec.Code, rec.Body)
	}
	for target, status := range map[string]int{
		"/fhir/CodeSystem/hand": 200, "/fhir/CodeSystem/h%61nd": 200, "/fhir/CodeSystem/%24lookup?system=http://example.org/hand&code=H1": 200,
		"/fhir/CodeSystem%2Fhand": 404, "/fhir%2fCodeSystem/hand": 404, "/fhir/CodeSystem/hand%2F_history": 404, "/fhir/CodeSystem%2F%24lookup?system=http://example.org/hand&code=H1": 404,
		"/fhir/CodeSystem/hand/_history/1": 200, "/fhir/CodeSystem/hand/_history/01": 404, "/fhir/CodeSystem/hand/_history/+1": 404, "/fhir/CodeSystem/%2e%2e/hand": 404,
	} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", target, nil))
		if rec.Code != status {
			t.Errorf("%s: %d %s, want %d", target, rec.Code, rec.Body, status)
		}
	}
}
