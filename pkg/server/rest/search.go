package rest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
)

// searchPath is where pick-lists ask for concepts by words.
const searchPath = "/search"

// searchOf keeps the answers to searches apart from those of operations of FHIR in the
// cache.
var searchOf = &fhir.Operation{}

// addSearch adds the search for pick-lists, which speak plain JSON.
func (s *Server) addSearch() {
	s.echo.Match([]string{http.MethodGet, http.MethodHead}, searchPath, s.search)
}

// search is the way of a search: read, compare with what the client has, ask, write.
func (s *Server) search(c echo.Context) error {
	x := calls.Get().(*call)
	defer x.release()
	defer s.recovered(c, func(err error) { s.sendSearchError(c, x, err) })
	r := c.Request()
	tag := s.searchTag(r)
	if tag != "" && matches(r.Header["If-None-Match"], tag) {
		// Had the request been wrong, its answer would have had no tag.
		writeSearchHeader(c.Response(), tag)
		c.Response().WriteHeader(http.StatusNotModified)
		return nil
	}
	key, generation := cacheKey{op: searchOf, query: r.URL.RawQuery, language: list(r.Header, "Accept-Language")}, uint64(0)
	if s.cache != nil {
		generation = s.opts.Generation()
		if a, ok := s.cache.get(key, generation); ok {
			x.out = append(x.out[:0], a.body...)
			x.writeSearch(c, tag)
			return nil
		}
	}
	req, err := readSearch(r)
	if err != nil {
		s.writeSearchError(c, x, err)
		return nil
	}
	resp, err := s.ops.Search(r.Context(), req.SearchRequest)
	if err != nil {
		s.writeSearchError(c, x, req.blame(err))
		return nil
	}
	x.out = appendSearch(x.out[:0], &req, resp)
	if tag != "" && s.searchTag(r) != tag {
		tag = "" // releases changed meanwhile: we cannot tell of which the answer is
	} else if s.cache != nil {
		s.cache.put(key, generation, x.out, format{})
	}
	x.writeSearch(c, tag)
	return nil
}

// searchTag returns the entity tag of the answer to a request, "" for none. It is made
// of all that an answer depends on, so that it is known before there is an answer: what is
// installed, our version, the query, and the languages of the client.
func (s *Server) searchTag(r *http.Request) string {
	if s.opts.Fingerprint == nil {
		return ""
	}
	var room [512]byte
	b := append(room[:0], s.opts.Version...)
	for _, part := range [...]string{s.opts.Released, s.opts.Revision, s.opts.Fingerprint(), r.URL.RawQuery, list(r.Header, "Accept-Language")} {
		b = append(append(b, 0), part...)
	}
	sum := sha256.Sum256(b)
	var tag [34]byte
	tag[0], tag[33] = '"', '"'
	hex.Encode(tag[1:33], sum[:16])
	return string(tag[:])
}

// matches reports whether If-None-Match names a tag (RFC 9110, 13.1.2), compared
// weakly. Of * it makes nothing: it is meant for changes, and nothing changes here.
func matches(header []string, tag string) bool {
	for _, line := range header {
		for one := range strings.SplitSeq(line, ",") { // our tags have no comma
			if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag {
				return true
			}
		}
	}
	return false
}

var (
	plainJSON  = []string{"application/json; charset=utf-8"}
	revalidate = []string{"no-cache"} // keep it, but ask whether it is still right
	notKept    = []string{"no-store"}
)

func writeSearchHeader(w http.ResponseWriter, tag string) {
	h := w.Header()
	setVary(h, varyLanguage, varyLanguageByOrigin)
	h["Cache-Control"] = revalidate
	if tag != "" {
		h["Etag"] = []string{tag}
	}
}

// writeSearch sends the answer in x.out.
func (x *call) writeSearch(c echo.Context, tag string) {
	writeSearchHeader(c.Response(), tag)
	x.sendJSON(c, http.StatusOK)
}

// sendJSON sends x.out; to HEAD only what there is to say of it.
func (x *call) sendJSON(c echo.Context, status int) {
	h := c.Response().Header()
	h["Content-Type"] = plainJSON
	h["Content-Length"] = []string{strconv.Itoa(len(x.out))}
	c.Response().WriteHeader(status)
	if c.Request().Method != http.MethodHead {
		c.Response().Write(x.out) // an error is a client that went away
	}
}
