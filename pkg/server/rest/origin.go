package rest

import (
	"net/http"
	"slices"
)

// AnyOrigin and NoOrigin are the words of Options.Origins that are not a site.
const (
	AnyOrigin = "*"
	NoOrigin  = "none"
)

var (
	anyOrigin   = []string{AnyOrigin}
	exposed     = []string{"Content-Length, Content-Type, ETag, Last-Modified, Location"}
	corsMethods = []string{"GET, HEAD, POST, PUT, DELETE, OPTIONS"}
	corsHeaders = []string{"Accept, Accept-Language, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Exist, If-None-Match, Prefer, X-Cache-Id, X-Request-Id"}
	corsAge     = []string{"86400"}
)

// crossOrigin lets the pages of other sites read what is answered, as far as Options
// say (Fetch standard, "CORS protocol"). It reports whether the request was the question
// of a browser whether it may ask, which is then answered.
func (s *Server) crossOrigin(w http.ResponseWriter, r *http.Request) bool {
	h := w.Header()
	allowed := anyOrigin
	if len(s.opts.Origins) > 0 && !slices.Contains(s.opts.Origins, AnyOrigin) {
		// Another site is answered otherwise, and so is a request that comes from none.
		h["Vary"] = varyByOrigin
		allowed = r.Header["Origin"]
		if len(allowed) != 1 || !slices.Contains(s.opts.Origins, allowed[0]) {
			return false
		}
	}
	if len(r.Header["Origin"]) == 0 {
		return false
	}
	h["Access-Control-Allow-Origin"] = allowed
	h["Access-Control-Expose-Headers"] = exposed
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h["Access-Control-Allow-Methods"] = corsMethods
	h["Access-Control-Allow-Headers"] = corsHeaders
	h["Access-Control-Max-Age"] = corsAge
	w.WriteHeader(http.StatusNoContent)
	return true
}

// The headers of a request that choose its answer.
var (
	varyFHIR     = []string{"Accept, Accept-Language"}
	varyLanguage = []string{"Accept-Language"}
	varyByOrigin = []string{"Origin"}

	varyFHIRByOrigin     = []string{"Accept, Accept-Language, Origin"}
	varyLanguageByOrigin = []string{"Accept-Language, Origin"}
)

// setVary names the headers that choose an answer, beside the origin where that does.
func setVary(h http.Header, by, byOriginToo []string) {
	if len(h["Vary"]) > 0 {
		by = byOriginToo
	}
	h["Vary"] = by
}

// writersOf returns the check of who may write from a browser: pages of this server, and of
// the sites that are named. That any site may read does not let it write, since whoever
// sits at a browser inside a network may have opened a page of outside.
func writersOf(origins []string) *http.CrossOriginProtection {
	check := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if origin != AnyOrigin && origin != NoOrigin {
			_ = check.AddTrustedOrigin(origin) // one that is no origin is trusted with nothing
		}
	}
	return check
}

// isForeign reports whether a page of a site that may not write has made a request. Of GET
// and HEAD it is never said: they write nothing.
func (s *Server) isForeign(r *http.Request) bool { return s.writers.Check(r) != nil }

var errForeign = refuse(http.StatusForbidden, "forbidden", "pages of other sites may read here, and not write: kodeks serve --cors-origin names a site that may")
