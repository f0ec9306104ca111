package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/internal/golden"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func ExampleServer_Handler_search() {
	query := url.Values{"q": {"hjarteinf"}, "system": {"snomed"}, "lang": {"nn"}, "limit": {"1"}}
	rec := httptest.NewRecorder()
	sample.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/search?"+query.Encode(), nil))
	var answer struct {
		Hits []struct{ Code, Display, Language, Match string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%d %+v\n", rec.Code, answer.Hits)
	// Output:
	// 200 [{Code:22298006 Display:hjarteinfarkt Language:nn Match:begins}]
}

// TestSearchAnswers pins whole answers about the sample, laid out to be read.
func TestSearchAnswers(t *testing.T) {
	const sct = "http://snomed.info/sct"
	tests := []struct {
		name, accept string
		query        url.Values
	}{
		{name: "search", query: url.Values{"q": {"hjerte inf"}, "limit": {"3"}}},
		{name: "search-accept-nynorsk", accept: "nn-NO, en;q=0.5", query: url.Values{"q": {"hjarteinf"}, "system": {"snomed"}, "limit": {"2"}}},
		{name: "search-lang-before-header", accept: "nn", query: url.Values{"q": {"hjerteinf"}, "lang": {"en"}, "limit": {"1"}, "system": {"snomed"}}},
		{name: "search-no-fallback", query: url.Values{"q": {"hjerteinf"}, "lang": {"sv, *;q=0"}, "limit": {"1"}, "system": {"snomed"}}},
		{name: "search-ecl-explain", query: url.Values{"q": {"inf"}, "ecl": {"< 22298006"}, "limit": {"2"}, "explain": {"true"}}},
		{name: "search-value-set", query: url.Values{"q": {"akutt"}, "valueSet": {sct + "?fhir_vs=isa/22298006"}, "limit": {"1"}}},
		{name: "search-facets", query: url.Values{"q": {"hjerte"}, "facets": {"true"}, "limit": {"1"}}},
		{name: "search-terms", query: url.Values{"q": {"infarction"}, "terms": {"en-GB,sv"}, "limit": {"1"}}},
		{name: "search-page", query: url.Values{"q": {"hjerteinf"}, "limit": {"1"}, "offset": {"1"}}},
		{name: "search-systems", query: url.Values{"q": {"infarkt"}, "system": {"icd-10,snomed", "icd-10"}, "limit": {"2"}}},
		{name: "search-nothing", query: url.Values{"q": {"brekkbønne"}, "whole": {"true"}, "fuzzy": {"false"}, "inactive": {"true"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := searched(sample, tt.query.Encode(), "Accept-Language", tt.accept)
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, rec.Body.Bytes(), "", "  "); err != nil {
				t.Errorf("GET /search?%s = %s: %v", tt.query.Encode(), rec.Body, err)
			}
			golden.Equal(t, tt.name+".txt", []byte(rec.Result().Status+"\n"+pretty.String()))
		})
	}
}

// searched asks with a header, and tests nothing.
func searched(s *rest.Server, query string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/search?"+query, nil)
	for i := 0; i < len(header); i += 2 {
		if header[i+1] != "" {
			r.Header.Set(header[i], header[i+1])
		}
	}
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, r)
	return rec
}

// failure is the answer to a search that failed.
type failure struct {
	Error struct{ Kind, Parameter, Found, Expected, Message string }
}

// TestBadSearches wants to be told which parameter is wrong, what was found and what
// was expected.
func TestBadSearches(t *testing.T) {
	tests := []struct {
		name, query            string
		status                 int
		kind, parameter, found string
		expected               string // is part of it
	}{
		{"no words", "", 400, "invalid", "q", "no text", "words"},
		{"empty box", "q=", 400, "invalid", "q", "no text", "words"},
		{"spaces", "q=++", 400, "invalid", "q", "no text", "words"},
		{"too long", "q=" + strings.Repeat("a", 1001), 400, "invalid", "q", strings.Repeat("a", 200) + "…", "at most 1000 bytes"},
		{"too many words", "q=" + strings.Repeat("a+", 65), 422, "too-costly", "q", strings.Repeat("a ", 65), "fewer words"},
		{"Latin-1", "q=sm%F8r", 400, "invalid", "q", "sm%F8r", "UTF-8"},
		{"broken encoding", "q=100%", 400, "invalid", "q", "100%", "percent-encoded"},
		{"unknown parameter", "q=a&sytem=icd-10", 400, "invalid", "sytem", "sytem", "one of q, system, valueSet"},
		{"of another case", "Q=a", 400, "invalid", "Q", "Q", "one of q,"},
		{"doubled", "q=a&limit=1&limit=2", 400, "invalid", "limit", "limit twice", "once"},
		{"doubled and empty", "q=a&ecl=&ecl=", 400, "invalid", "ecl", "ecl twice", "once"},
		{"limit 0", "q=a&limit=0", 400, "invalid", "limit", "0", "from 1 to 1000"},
		{"limit of words", "q=a&limit=ten", 400, "invalid", "limit", "ten", "a whole number from 1 to 1000"},
		{"limit too high", "q=a&limit=1001", 400, "invalid", "limit", "1001", "from 1 to 1000"},
		{"negative offset", "q=a&offset=-1", 400, "invalid", "offset", "-1", "from 0 to 999"},
		{"offset behind all", "q=a&offset=990", 400, "invalid", "offset", "990", "at most 980"},
		{"yes for true", "q=a&fuzzy=yes", 400, "invalid", "fuzzy", "yes", "true or false"},
		{"language by name", "q=a&lang=bokm%C3%A5l", 400, "invalid", "lang", "bokmål", "such as 'nn, nb;q=0.5'"},
		{"any terms", "q=a&terms=*", 400, "invalid", "terms", "*", "such as nb"},
		{"weighted terms", "q=a&terms=nb;q=1", 400, "invalid", "terms", "nb;q=1", "such as nb"},
		{"system of nothing", "q=a&system=icd-10,,snomed", 400, "invalid", "system", "icd-10,,snomed", "commas between"},
		{"two filters", "q=a&ecl=*&refset=447562003", 400, "invalid", "refset", "447562003", "only one of"},
		{"unknown system", "q=a&system=loinc", 404, "not-found", "system", "loinc", "installed"},
		{"unknown value set", "q=a&valueSet=http://example.org/none", 404, "not-found", "valueSet", "http://example.org/none", "installed"},
		{"unknown refset", "q=a&refset=22298006", 404, "not-found", "refset", "22298006", "reference set"},
		{"not a constraint", "q=a&ecl=%3C%3C", 400, "invalid", "ecl", "<<", "an expression constraint"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := searched(sample, tt.query)
			var got failure
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatalf("GET /search?%s = %s: %v", tt.query, rec.Body, err)
			}
			e := got.Error
			if rec.Code != tt.status || e.Kind != tt.kind || e.Parameter != tt.parameter || e.Found != tt.found || !strings.Contains(e.Expected, tt.expected) || !strings.HasPrefix(e.Message, tt.parameter+": ") {
				t.Errorf("GET /search?%s = %d %s\nwant %d, %s of %s, found %q, expected %q", tt.query, rec.Code, rec.Body, tt.status, tt.kind, tt.parameter, tt.found, tt.expected)
			}
			if tag := rec.Header().Get("ETag"); tag != "" || rec.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("an error has the tag %q and Cache-Control %q", tag, rec.Header().Get("Cache-Control"))
			}
		})
	}
	rec := httptest.NewRecorder()
	sample.Handler().ServeHTTP(rec, httptest.NewRequest("POST", "/search?q=a", strings.NewReader("{}")))
	if rec.Code != http.StatusMethodNotAllowed || !strings.Contains(rec.Body.String(), `{"error":{"kind":"not-supported"`) || !strings.Contains(rec.Header().Get("Allow"), "GET") {
		t.Errorf("POST /search = %d %v %s", rec.Code, rec.Header(), rec.Body)
	}
}

// finder notes what it is asked, and finds what it is told to.
type finder struct {
	rest.Operations
	asked []operation.SearchRequest
	resp  operation.SearchResponse
	err   error
}

func (f *finder) Search(_ context.Context, req operation.SearchRequest) (*operation.SearchResponse, error) {
	f.asked = append(f.asked, req)
	if f.err == nil && req.Text == "panic" {
		panic("index out of range")
	}
	return &f.resp, f.err
}

// TestSearchRequest: every parameter reaches the operation.
func TestSearchRequest(t *testing.T) {
	f := &finder{}
	s := rest.New(f, rest.Options{})
	rec := searched(s, "q=hjerte+inf&system=icd-10,snomed&system=icpc-2&ecl=%3C%2064572001&tag=disorder&lang=nn,nb;q=0.5&terms=no,nn-NO&limit=5&offset=7&inactive=true&whole=true&fuzzy=true&facets=true&explain=true")
	want := operation.SearchRequest{
		Text: "hjerte inf", Systems: []string{"icd-10", "snomed", "icpc-2"}, Constraint: "< 64572001", Tag: "disorder",
		Languages: language.Of(language.Nynorsk, language.Bokmal), Terms: []language.Tag{language.Bokmal, language.Nynorsk},
		Limit: 5, Offset: 7, Inactive: true, WholeWords: true, Fuzzy: true, Facets: true,
	}
	if rec.Code != 200 || len(f.asked) != 1 || !cmp.Equal(want, f.asked[0]) {
		t.Errorf("status %d, asked %s", rec.Code, cmp.Diff(want, f.asked))
	}
	for name, query := range map[string]string{"valueSet": "http://example.org/vs", "refset": "447562003"} {
		f.asked = nil
		searched(s, "q=a&"+name+"="+url.QueryEscape(query))
		if got := f.asked[0]; got.ValueSet+got.Refset != query || got.Limit != operation.DefaultLimit {
			t.Errorf("%s: asked %+v", name, got)
		}
	}
	f.asked = nil
	searched(s, "q=a&lang=*", "Accept-Language", "nn")
	searched(s, "q=a", "Accept-Language", "nn")
	searched(s, "q=a", "Accept-Language", "bokmål")
	if got := f.asked; !got[0].Languages.IsZero() || got[1].Languages.String() != "nn" || !got[2].Languages.IsZero() {
		t.Errorf("languages %v, %v, %v, want none, nn, none", got[0].Languages, got[1].Languages, got[2].Languages)
	}
}

// TestSearchFaults: a fault of ours tells the client nothing, and the log everything.
func TestSearchFaults(t *testing.T) {
	var log bytes.Buffer
	f := &finder{err: errors.New("cannot read /var/lib/kodeks/secret")}
	s := rest.New(f, rest.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for _, query := range []string{"q=a", "q=panic"} {
		rec := searched(s, query)
		var got failure
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != 500 || got.Error.Kind != "exception" || strings.Contains(rec.Body.String(), "secret") || strings.Contains(rec.Body.String(), "range") {
			t.Errorf("GET /search?%s = %d %s", query, rec.Code, rec.Body)
		}
		f.err = nil
	}
	for _, want := range []string{"/var/lib/kodeks/secret", "index out of range"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not tell of %q", want)
		}
	}
	f.err = &terminology.Error{Kind: terminology.Unavailable, Err: errors.New("opening releases")}
	if rec := searched(s, "q=a&system=snomed"); rec.Code != 503 || !strings.Contains(rec.Body.String(), `"kind":"transient","message":"opening releases"`) {
		t.Errorf("GET /search = %d %s, want 503 and no parameter blamed", rec.Code, rec.Body)
	}
}

// TestSearchRevalidates: what a client has is asked for again without a search, until
// another release is installed.
func TestSearchRevalidates(t *testing.T) {
	f := &finder{resp: operation.SearchResponse{Exact: true}}
	installed := "one"
	s := rest.New(f, rest.Options{Version: "1", Fingerprint: func() string { return installed }})
	first := searched(s, "q=hjerte")
	tag := first.Header().Get("ETag")
	if len(tag) != 34 || tag[0] != '"' || first.Header().Get("Cache-Control") != "no-cache" || first.Header().Get("Vary") != "Accept-Language" {
		t.Fatalf("headers %v, want a strong tag", first.Header())
	}
	for _, header := range []string{tag, "W/" + tag, `"other", ` + tag} {
		rec := searched(s, "q=hjerte", "If-None-Match", header)
		if rec.Code != http.StatusNotModified || rec.Body.Len() > 0 || rec.Header().Get("ETag") != tag || rec.Header().Get("Vary") == "" {
			t.Errorf("If-None-Match %s: %d %v %s, want 304", header, rec.Code, rec.Header(), rec.Body)
		}
	}
	if len(f.asked) != 1 {
		t.Errorf("%d searches, want the first alone", len(f.asked))
	}
	others := map[string]string{tag: "the first"}
	other := func(what string, rec *httptest.ResponseRecorder) {
		if got := rec.Header().Get("ETag"); rec.Code != 200 || got == "" || others[got] != "" {
			t.Errorf("%s: %d with tag %s, that of %s", what, rec.Code, got, others[got])
		}
		others[rec.Header().Get("ETag")] = what
	}
	other("another query", searched(s, "q=hjerte&limit=3", "If-None-Match", tag))
	other("another language", searched(s, "q=hjerte", "If-None-Match", tag, "Accept-Language", "nn"))
	installed = "two"
	other("another release", searched(s, "q=hjerte", "If-None-Match", tag))
	other("another version of ours", searched(rest.New(f, rest.Options{Version: "2", Fingerprint: func() string { return "one" }}), "q=hjerte", "If-None-Match", tag))
	other("another build of ours", searched(rest.New(f, rest.Options{Version: "1", Revision: "9a94db3", Fingerprint: func() string { return "one" }}), "q=hjerte", "If-None-Match", tag))
	if again := searched(rest.New(f, rest.Options{Version: "1", Released: "", Fingerprint: func() string { return "one" }}), "q=hjerte"); again.Header().Get("ETag") != tag {
		t.Error("another process with the same releases gives another tag")
	}
	n := 0
	moving := rest.New(f, rest.Options{Fingerprint: func() string { n++; return fmt.Sprint(n) }})
	if rec := searched(moving, "q=hjerte"); rec.Code != 200 || rec.Header().Get("ETag") != "" {
		t.Errorf("releases changed during the search: %d, tag %s, want none", rec.Code, rec.Header().Get("ETag"))
	}
	if rec := searched(s, "q=", "If-None-Match", "*"); rec.Code != 400 {
		t.Errorf("a wrong request with If-None-Match: %d, want 400", rec.Code)
	}
}

// TestSearchKept: with a generation, a search that was asked before is not made again
// until it changes, and HEAD tells of the answer that GET gives.
func TestSearchKept(t *testing.T) {
	f := &finder{resp: operation.SearchResponse{Exact: true, Hits: []operation.SearchHit{{Term: "hjerteinfarkt"}}}}
	generation := uint64(1)
	s := rest.New(f, rest.Options{Generation: func() uint64 { return generation }})
	var bodies []string
	for range 3 {
		bodies = append(bodies, searched(s, "q=hjerte").Body.String())
	}
	r := httptest.NewRequest("HEAD", "/search?q=hjerte", nil)
	head := httptest.NewRecorder()
	s.Handler().ServeHTTP(head, r)
	if head.Code != 200 || head.Body.Len() > 0 || head.Header().Get("Content-Length") != fmt.Sprint(len(bodies[0])) || head.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("HEAD = %d %v %q", head.Code, head.Header(), head.Body)
	}
	if len(f.asked) != 1 || bodies[0] != bodies[1] || bodies[1] != bodies[2] || bodies[0] == "" {
		t.Errorf("%d searches for %q, want one", len(f.asked), bodies)
	}
	generation++
	searched(s, "q=hjerte")
	searched(s, "q=hjerte", "Accept-Language", "nn")
	if len(f.asked) != 3 {
		t.Errorf("%d searches, want another for new releases and for another language", len(f.asked))
	}
}

// TestOrigins: the pages of which sites may read answers.
func TestOrigins(t *testing.T) {
	const ours, theirs = "https://journal.example.org", "https://other.example.org"
	for _, tt := range []struct {
		name    string
		origins []string
		origin  string
		allowed string
		vary    string
	}{
		{"any by default", nil, theirs, "*", "Accept-Language"},
		{"any by star", []string{rest.AnyOrigin}, theirs, "*", "Accept-Language"},
		{"no page asks", nil, "", "", "Accept-Language"},
		{"one of ours", []string{"https://a.example.org", ours}, ours, ours, "Accept-Language, Origin"},
		{"not one of ours", []string{ours}, theirs, "", "Accept-Language, Origin"},
		{"no page asks, ours may", []string{ours}, "", "", "Accept-Language, Origin"},
		{"none", []string{rest.NoOrigin}, ours, "", "Accept-Language, Origin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := rest.New(&finder{}, rest.Options{Origins: tt.origins})
			rec := searched(s, "q=a", "Origin", tt.origin)
			h := rec.Header()
			if rec.Code != 200 || h.Get("Access-Control-Allow-Origin") != tt.allowed || h.Get("Vary") != tt.vary || strings.Contains(h.Get("Access-Control-Expose-Headers"), "ETag") != (tt.allowed != "") {
				t.Errorf("GET: %d %v, want origin %q", rec.Code, h, tt.allowed)
			}
			r := httptest.NewRequest("OPTIONS", "/search", nil)
			r.Header.Set("Origin", tt.origin)
			r.Header.Set("Access-Control-Request-Method", "GET")
			r.Header.Set("Access-Control-Request-Headers", "if-none-match")
			if tt.origin == "" {
				return
			}
			rec = httptest.NewRecorder()
			s.Handler().ServeHTTP(rec, r)
			h = rec.Header()
			if allowed := tt.allowed != ""; rec.Code != 204 || (h.Get("Access-Control-Max-Age") != "") != allowed || strings.Contains(h.Get("Access-Control-Allow-Headers"), "If-None-Match") != allowed || h.Get("Access-Control-Allow-Origin") != tt.allowed {
				t.Errorf("OPTIONS: %d %v, want origin %q", rec.Code, h, tt.allowed)
			}
		})
	}
}

// FuzzSearch states what holds for every query: it is answered with JSON, the parts of a
// term are the term, and an answer that is 200 is about the text that was asked for.
func FuzzSearch(f *testing.F) {
	f.Add("q=hjerte+inf&system=snomed&limit=3&lang=nn,nb;q=0.5&facets=true&explain=true")
	f.Add("q=%C3%A5&terms=nb&fuzzy=true&offset=1")
	f.Add("q=a&ecl=%3C%3C+64572001&whole=true")
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest("GET", "/search", nil)
		r.URL.RawQuery = query
		rec := httptest.NewRecorder()
		sample.Handler().ServeHTTP(rec, r)
		var got struct {
			failure
			Query string
			Hits  []struct {
				Term   string
				Marked []struct{ Text string }
			}
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code >= 500 || (rec.Code == 200) == (got.Error.Kind != "") {
			t.Fatalf("GET /search?%s = %d %s, %v", query, rec.Code, rec.Body, err)
		}
		if values, err := url.ParseQuery(query); rec.Code == 200 && err == nil && values.Get("q") != got.Query {
			t.Fatalf("GET /search?%s is answered for %q", query, got.Query)
		}
		for _, h := range got.Hits {
			term := ""
			for _, m := range h.Marked {
				term += m.Text
			}
			if term != h.Term {
				t.Fatalf("GET /search?%s: the parts of %q are %q", query, h.Term, term)
			}
		}
	})
}
