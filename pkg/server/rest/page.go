package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// How many rows a page shows of a table, and of what a search finds.
const (
	pageRows = 100
	pageHits = 50
)

// pageText is the longest text of a resource that is read for its page, in bytes. What is
// in a longer one but pageElements is asked of what answers, or left out.
const pageText = 1 << 20

// What pages show of the text of a resource that is long, and of those of a list.
var (
	pageElements = append(slices.Clone(factKeys), "title", "property", "filter", "uniqueId")
	listElements = []string{"url", "version", "name", "title", "status", "language"}
)

// pageQuery is what the links and forms of a page ask of it, and no read of FHIR knows.
type pageQuery struct {
	under  string // a code
	text   string // to search for
	offset int    // in the list of the page
	format string // _format, for links to the page itself
}

// forPage takes what is meant for the page of a resource out of an interaction, so that the
// read behind it does not refuse it. A page shows more than its resource, in the language of
// the reader, so that what a client knows of the resource does not tell whether it has the page.
func (in *interaction) forPage(query url.Values) error {
	if in.id == "" {
		return nil
	}
	p := &pageQuery{under: strings.TrimSpace(query.Get("under")), text: strings.TrimSpace(query.Get("q")), format: query.Get("_format")}
	if v := query.Get("offset"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 {
			return refuse(http.StatusBadRequest, "invalid", "offset: found %s, expected a whole number", shortened(v))
		}
		p.offset = n
	}
	for _, name := range []string{"under", "q", "offset"} {
		query.Del(name)
	}
	in.query, in.shown = query.Encode(), p
	in.header = in.header.Clone()
	in.header.Del("If-None-Match")
	in.header.Del("If-Modified-Since")
	return nil
}

// shower makes the page of one resource.
type shower struct {
	page    *shownPage
	server  *Server
	ctx     context.Context
	in      *interaction
	asked   pageQuery
	wants   language.Preference       // of the reader
	object  map[string]any            // the resource
	known   *operation.Resource       // nil: a list
	browsed *operation.BrowseResponse // of a code system that answers
	places  map[string]string         // addresses of pages that were looked up, by canonical URL
}

// page shows a resource, or a list of them, to a browser.
func (s *Server) page(c echo.Context, in *interaction, x *call, rep reply) error {
	var object map[string]any
	if err := json.Unmarshal(x.out, &object); err != nil {
		s.writeError(c, x, err)
		return nil
	}
	r := c.Request()
	sh := &shower{server: s, ctx: r.Context(), in: in, object: object, known: rep.resource, places: map[string]string{}}
	sh.wants, _ = language.Parse(list(r.Header, "Accept-Language")) // a header that is no list is ignored (RFC 9110, 12.5.4)
	sh.page = &shownPage{Lang: pageLanguage(sh.wants), Base: in.server.BaseURL, Type: in.typ}
	if in.shown != nil {
		sh.asked = *in.shown
	}
	for name, to := range map[string]*string{"json": &sh.page.JSON, "xml": &sh.page.XML} {
		q := r.URL.Query()
		for _, own := range []string{"under", "q", "offset"} {
			q.Del(own)
		}
		q.Set("_format", name)
		*to = "?" + q.Encode()
	}
	switch {
	case object["resourceType"] == "Bundle" && in.history:
		sh.changes()
	case object["resourceType"] == "Bundle":
		sh.list()
	default:
		sh.resource()
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, sh.page); err != nil {
		s.writeError(c, x, err)
		return nil
	}
	h := c.Response().Header()
	h.Del("Etag") // they are of the resource
	h.Del("Last-Modified")
	h["Content-Type"] = []string{"text/html; charset=utf-8"}
	h["Content-Language"] = []string{string(sh.page.Lang)}
	h["Content-Security-Policy"] = pagePolicy
	h["Referrer-Policy"] = []string{"same-origin"}
	setVary(h, varyFHIR, varyFHIRByOrigin)
	c.Response().WriteHeader(rep.status)
	_, err := c.Response().Write(b.Bytes())
	_ = err // a client that went away
	return nil
}

// resource shows one resource.
func (sh *shower) resource() {
	p := sh.page
	for _, key := range []string{"title", "name", "id"} {
		if p.Title == "" {
			p.Title = text(sh.object, key)
		}
	}
	p.TitleLang = sh.foreign(text(sh.object, "language"))
	if sh.made() && p.Type == "ValueSet" {
		p.Title, p.TitleLang = p.say("allCodesOf", sh.known.Made.Release.Title), ""
	}
	if sh.past() {
		p.add(sh.whichChange())
	}
	switch p.Type {
	case "CodeSystem":
		sh.codeSystem()
	case "ValueSet":
		sh.valueSet()
	case "ConceptMap":
		sh.conceptMap()
	default:
		p.add(sh.facts())
		ids := section{Heading: p.Say("names"), Columns: p.head("kind", "value", "preferred")}
		for _, id := range objects(sh.object, "uniqueId") {
			ids.row(plain(text(id, "type")), code(text(id, "value")), plain(text(id, "preferred")))
		}
		p.add(ids)
	}
}

// canonicalURL returns the URL of the resource, by which operations find it, "" for none.
func (sh *shower) canonicalURL() string { return text(sh.object, "url") }

// past reports whether the page is of one version of the resource, and not of what answers:
// it shows what the text says, and nothing that is asked of it.
func (sh *shower) past() bool { return sh.in.version != "" }

// made reports whether the resource says nothing but what the page shows of its release.
func (sh *shower) made() bool { return sh.known != nil && sh.known.Made != nil }

// link returns the address of the page itself with other parameters.
func (sh *shower) link(pairs ...string) string {
	q := url.Values{}
	if sh.asked.format != "" {
		q.Set("_format", sh.asked.format)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return "?" + q.Encode()
}

// pager returns the links of a list of which a page is shown.
func (sh *shower) pager(shown, total, size int, exact bool, pairs ...string) pager {
	at, p := sh.asked.offset, pager{}
	if total == 0 {
		return p
	}
	p.Text = sh.page.say("total", sh.page.number(total)) // behind the end
	if shown > 0 {
		p.Text = sh.page.span(at+1, at+shown, total, exact)
	}
	if at > 0 {
		p.Previous = sh.link(append(pairs, "offset", offsetText(max(min(at-size, (total-1)/size*size), 0)))...)
	}
	if shown > 0 && at+shown < total {
		p.Next = sh.link(append(pairs, "offset", offsetText(at+shown))...)
	}
	return p
}

func offsetText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// maxPlaces is how many resources a page looks up to refer to.
const maxPlaces = 20

// place returns the address of the page of a canonical resource: its own where it is here,
// else that of a search for it, which tells that it is not.
func (sh *shower) place(typ, canonical, version string) string {
	if canonical == "" {
		return ""
	}
	key := typ + " " + canonical + "|" + version
	if at, ok := sh.places[key]; ok {
		return at
	}
	q := url.Values{"url": {canonical}}
	req := operation.ResourceSearchRequest{Type: typ, Count: 1, Criteria: []operation.Criterion{{Name: "url", Values: []string{canonical}}}}
	if version != "" {
		q.Set("version", version)
		req.Criteria = append(req.Criteria, operation.Criterion{Name: "version", Values: []string{version}})
	}
	at := sh.in.server.BaseURL + "/" + typ + "?" + q.Encode()
	if len(sh.places) < maxPlaces {
		if found, err := sh.server.ops.SearchResources(sh.ctx, req); err == nil && len(found.Entries) > 0 {
			at = sh.in.server.BaseURL + "/" + typ + "/" + found.Entries[0].ID
		}
		sh.places[key] = at
	}
	return at
}

// problem tells why a part of the page cannot be shown. A fault of ours is logged and told
// without detail.
func (sh *shower) problem(err error) cell {
	class := fhir.ClassOf(terminology.KindOf(err))
	if class.HTTP >= http.StatusInternalServerError && terminology.KindOf(err) != terminology.Unavailable {
		sh.server.log.ErrorContext(sh.ctx, "page failed", "path", sh.in.typ+"/"+sh.in.id, "err", err)
		return plain(sh.page.Say("fault"))
	}
	return cell{Text: terminology.Message(err), Lang: sh.foreign("en")}
}

// foreign returns a language where it is not that of the page, for the attribute lang.
func (sh *shower) foreign(lang string) string {
	if tag, ok := language.ParseTag(lang); !ok || tag == sh.page.Lang || tag.Refset() != "" {
		return ""
	}
	return lang
}
