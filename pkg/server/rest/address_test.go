package rest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestAddresses: a slash at the end, which clients write, is understood, and no other
// slashes too many are: whoever guards addresses before us would read another one.
func TestAddresses(t *testing.T) {
	s := whole(t, false)
	h := s.Handler()
	want := sendTo(s, "GET", "/fhir/CodeSystem/hand", "")
	if want.Code != http.StatusOK {
		t.Fatalf("GET: %d %s", want.Code, want.Body)
	}
	if w := sendTo(s, "GET", "/fhir/CodeSystem/hand/", ""); w.Code != http.StatusOK || w.Body.String() != want.Body.String() {
		t.Errorf("with a slash at the end: %d %s", w.Code, w.Body)
	}
	for _, target := range []string{"/fhir//CodeSystem/hand", "/fhir/CodeSystem/hand//", "//fhir/CodeSystem/hand", "/fhir/CodeSystem/no/such/"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = target
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d %s, want another address", target, w.Code, w.Body)
		}
	}
	lookup := "$lookup/?system=http://example.org/hand&code=a"
	if got, want := sendTo(s, "GET", "/fhir/CodeSystem/"+lookup, ""), sendTo(s, "GET", "/fhir/CodeSystem/"+strings.Replace(lookup, "/?", "?", 1), ""); got.Code != want.Code || got.Body.String() != want.Body.String() {
		t.Errorf("GET %s: %d %s, want %d %s", lookup, got.Code, got.Body, want.Code, want.Body)
	}
}

// TestHome: a browser that opens the address of the server comes to a page; a client that
// asks for FHIR is told what is there.
func TestHome(t *testing.T) {
	s := whole(t, false)
	h := s.Handler()
	for target, to := range map[string]string{
		"/":          "/fhir/CodeSystem",
		"/fhir":      "/fhir/CodeSystem",
		"/fhir/":     "/fhir/CodeSystem",
		"/fhir/r4":   "/fhir/r4/CodeSystem",
		"/fhir/r5/":  "/fhir/r5/CodeSystem",
		"/fhir/nope": "",
	} {
		w := browse(h, target, "nb")
		if got := w.Header().Get("Location"); got != to || to != "" && (w.Code != http.StatusFound || w.Header().Get("X-Content-Type-Options") == "" || !strings.Contains(w.Header().Get("Vary"), "Accept")) {
			t.Errorf("a browser at %s: %d to %q, want %q; Vary %s", target, w.Code, got, to, w.Header().Get("Vary"))
		}
		if to != "" {
			if w := browse(h, to, "nb"); w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				t.Errorf("a browser at %s: %d %s", to, w.Code, w.Header().Get("Content-Type"))
			}
		}
	}
	for target, status := range map[string]int{"/": http.StatusNotFound, "/fhir": http.StatusMethodNotAllowed} {
		if w := sendTo(s, "GET", target, ""); w.Code != status {
			t.Errorf("GET %s: %d %s, want %d", target, w.Code, w.Body, status)
		}
	}
	r := httptest.NewRequest("POST", "/fhir", strings.NewReader(`{"resourceType":"Bundle","type":"batch"}`))
	r.Header.Set("Accept", "text/html, */*")
	r.Header.Set("Content-Type", "application/fhir+json")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusOK {
		t.Errorf("a batch: %d %s", w.Code, w.Body)
	}
}
