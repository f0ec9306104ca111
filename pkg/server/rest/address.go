package rest

import (
	"net/http"

	"github.com/kodeks/kodeks/pkg/fhir"
)

// addressed takes the ways to write an address of ours that the router does not know: with
// a slash at the end, which FHIR's addresses have not (FHIR R5, http, "Service Base URL"),
// and the address of the server in a browser.
func addressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := len(r.URL.Path); n > 1 && r.URL.Path[n-1] == '/' && r.URL.RawPath == "" {
			r.URL.Path = r.URL.Path[:n-1] // one only: who guards addresses before us reads more as another
		}
		if !home(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// home leads a browser that opens the address of the server, or of a version of FHIR, to
// the list of code systems, and reports whether it did. Other clients are told what the
// router tells.
func home(w http.ResponseWriter, r *http.Request) bool {
	base := r.URL.Path
	switch base {
	case "/":
		base = "/fhir"
	case "/fhir", "/fhir/r4", "/fhir/r5":
	default:
		return false
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	if form, err := choose(r, "", false, fhir.R4, true); err != nil || form.kind != asHTML {
		return false
	}
	setSecurity(w.Header())
	setVary(w.Header(), varyFHIR, varyFHIRByOrigin)
	w.Header().Set("Location", base+"/CodeSystem")
	w.WriteHeader(http.StatusFound)
	return true
}
