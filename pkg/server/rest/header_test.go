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
