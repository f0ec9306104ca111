package rest

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
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

// mayNotWrite returns why a request may not write, nil when it may: a page of a site that
// may not has made it, or it was made to another name than this server has. Of GET and
// HEAD it is said for nothing: they write nothing.
func (s *Server) mayNotWrite(r *http.Request) error {
	if s.writers.Check(r) != nil {
		return errForeign
	}
	if len(s.opts.Hosts) > 0 && !s.isHost(r.Host) {
		return refuse(http.StatusForbidden, "forbidden", "this server is not called %s, and is written to by its own name only: kodeks serve --host names others", r.Host)
	}
	return nil
}

// isHost reports whether a server that only this machine reaches goes by a name. A page
// whose own name was made to lead here (DNS rebinding) goes by another one, and a browser
// takes it for the server's own.
func (s *Server) isHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if ip := net.ParseIP(host); host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback() {
		return true
	}
	return slices.ContainsFunc(s.opts.Hosts, func(name string) bool { return strings.EqualFold(name, host) }) ||
		slices.ContainsFunc(s.opts.Origins, func(origin string) bool {
			u, err := url.Parse(origin)
			return err == nil && u.Hostname() != "" && strings.EqualFold(u.Hostname(), host)
		})
}

var errForeign = refuse(http.StatusForbidden, "forbidden", "pages of other sites may read here, and not write: kodeks serve --cors-origin names a site that may")

// The headers that every answer has: what a body is said to be it is, and of what is no
// page of ours no browser runs or loads anything.
var (
	noSniff   = []string{"nosniff"}
	noContent = []string{"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"}
)

func setSecurity(h http.Header) {
	h["X-Content-Type-Options"] = noSniff
	h["Content-Security-Policy"] = noContent
}
