package rest

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/kodeks/kodeks/pkg/fhir"
)

// slashes are those that clients write between a base address that ends with one and a path
// that begins with one.
var slashes = regexp.MustCompile(`//+`)

// plainPath returns a path as the routes have it: FHIR's addresses have no empty parts and
// no slash at the end (FHIR R5, http, "Service Base URL"), but clients write them.
func plainPath(path string) string {
	if strings.Contains(path, "//") {
		path = slashes.ReplaceAllString(path, "/")
	}
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	return path
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
	setVary(w.Header(), varyFHIR, varyFHIRByOrigin)
	w.Header().Set("Location", base+"/CodeSystem")
	w.WriteHeader(http.StatusFound)
	return true
}
