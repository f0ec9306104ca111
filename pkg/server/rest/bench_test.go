package rest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// canned answers every look-up alike, so that a benchmark measures the door and
// not the house.
type canned struct {
	rest.Operations
	lookup operation.LookupResponse
	search operation.SearchResponse
}

func (c *canned) Lookup(context.Context, operation.LookupRequest) (*operation.LookupResponse, error) {
	return &c.lookup, nil
}

func cannedLookup() *canned {
	const sct, version = "http://snomed.info/sct", "http://snomed.info/sct/51000202101/version/20250915"
	use := terminology.Coding{System: sct, Code: "900000000000013009", Display: "Synonym"}
	c := &canned{lookup: operation.LookupResponse{
		Found:   true,
		Coding:  terminology.Coding{System: sct, Version: version, Code: "22298006", Display: "hjerteinfarkt"},
		Release: terminology.Release{Title: "SNOMED CT Norwegian Edition", System: sct, Version: version},
		Info:    terminology.ConceptInfo{Defined: true, Effective: 20020131, Module: "900000000000207008"},
		Parents: []terminology.Coding{{Code: "57809008", Display: "Myocardial disease"}, {Code: "251061000", Display: "Myocardial necrosis"}},
	}}
	for _, term := range []string{"hjerteinfarkt", "Myocardial infarction", "Cardiac infarction", "Heart attack", "MI - myocardial infarction"} {
		c.lookup.Designations = append(c.lookup.Designations, operation.Designation{Language: "en", Use: use, Term: term})
	}
	for _, p := range []string{"116676008", "363698007"} {
		c.lookup.Properties = append(c.lookup.Properties, operation.Property{Code: p, Description: "Associated morphology", Group: 1, Value: "55641003", Display: "Infarct"})
	}
	for _, code := range []string{"57054005", "1755008", "129574000", "42531007"} {
		c.lookup.Children = append(c.lookup.Children, terminology.Coding{Code: code, Display: "Myocardial infarction of a kind"})
	}
	return c
}

const lookupTarget = "/fhir/r4/CodeSystem/$lookup?system=http%3A%2F%2Fsnomed.info%2Fsct&code=22298006&displayLanguage=nb"

// sink is a ResponseWriter that keeps nothing.
type sink struct {
	header http.Header
	n      int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(b []byte) (int, error) { s.n = len(b); return len(b), nil }

// BenchmarkLookupHandler measures a look-up without the network.
func BenchmarkLookupHandler(b *testing.B) {
	for name, h := range handlers() {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest("GET", lookupTarget, nil)
			w := &sink{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
			b.ReportMetric(float64(w.n), "bytes/answer")
		})
	}
}

// Search finds the same twenty concepts for all words.
func (c *canned) Search(context.Context, operation.SearchRequest) (*operation.SearchResponse, error) {
	return &c.search, nil
}

// BenchmarkSearchHandler measures what the door of a search costs: reading the query,
// the entity tag, and writing twenty hits.
func BenchmarkSearchHandler(b *testing.B) {
	c := &canned{search: operation.SearchResponse{Total: 143}}
	for range 20 {
		c.search.Hits = append(c.search.Hits, operation.SearchHit{
			Coding:   terminology.Coding{System: "http://snomed.info/sct", Version: "http://snomed.info/sct/51000202101/version/20250915", Code: "57054005", Display: "akutt hjerteinfarkt"},
			Language: "nb", Term: "akutt infarkt i hjertet", Marked: []terminology.TextSpan{{Start: 6, End: 9}, {Start: 16, End: 22}}, Tag: "disorder", Class: "words",
		})
	}
	h := rest.New(c, rest.Options{Fingerprint: func() string { return "4831f8211122596b7fe63cc8d33ab350 nb" }}).Handler()
	r := httptest.NewRequest("GET", "/search?q=hjerte+inf&system=snomed&lang=nb&limit=20", nil)
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
	b.ReportMetric(float64(w.n), "bytes/answer")
}

// handlers are a server with canned answers, which shows what the door costs, and
// one with a real service over the sample.
func handlers() map[string]http.Handler {
	return map[string]http.Handler{"canned": rest.New(cannedLookup(), rest.Options{}).Handler(), "sample": sample.Handler()}
}

// BenchmarkLookupOverHTTP holds the budget: at 16 connections at least half of the
// requests per second of a handler that sends the same bytes without a thought.
// Rounds alternate, and the best of each counts, as the machine may be busy. The
// answers are canned, or those of a real service over the sample.
func BenchmarkLookupOverHTTP(b *testing.B) {
	const connections, perRound = 16, 20_000
	for name, h := range handlers() {
		b.Run(name, func(b *testing.B) { compareWithStatic(b, h, connections, perRound) })
	}
}

func compareWithStatic(b *testing.B, h http.Handler, connections, perRound int) {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", lookupTarget, nil))
	body := rec.Body.Bytes()
	length := fmt.Sprint(len(body))
	static := echo.New()
	static.GET("/fhir/r4/CodeSystem/$lookup", func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderContentLength, length)
		return c.Blob(http.StatusOK, "application/fhir+json; charset=utf-8", body)
	})
	ours, theirs := listen(b, h), listen(b, static)
	var best [2]float64
	for b.Loop() {
		for i, addr := range []string{ours, theirs} {
			best[i] = max(best[i], requestsPerSecond(b, addr, connections, perRound))
		}
	}
	ratio := best[0] / best[1]
	b.ReportMetric(best[0], "req/s")
	b.ReportMetric(best[1], "static-req/s")
	b.ReportMetric(ratio, "ratio")
	b.ReportMetric(float64(len(body)), "bytes/answer")
	if ratio < 0.5 {
		b.Errorf("%.0f requests/s are %.0f %% of a static handler's %.0f, want at least 50 %%", best[0], ratio*100, best[1])
	}
}

func listen(b *testing.B, h http.Handler) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: h}
	go srv.Serve(ln)
	b.Cleanup(func() { srv.Close() })
	return ln.Addr().String()
}

// requestsPerSecond sends n requests over so many connections and reads every
// answer whole. The client knows the length of an answer after the first, so that
// it costs little next to the server.
func requestsPerSecond(b *testing.B, addr string, connections, n int) float64 {
	var wg sync.WaitGroup
	start := time.Now()
	for range connections {
		wg.Go(func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			request := []byte("GET " + lookupTarget + " HTTP/1.1\r\nHost: " + addr + "\r\nAccept: application/fhir+json\r\n\r\n")
			in := bufio.NewReaderSize(conn, 16<<10)
			size := 0
			for range n / connections {
				if _, err := conn.Write(request); err != nil {
					b.Error(err)
					return
				}
				if size == 0 {
					if size, err = firstAnswer(in); err != nil {
						b.Error(err)
						return
					}
				} else if _, err := in.Discard(size); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(start).Seconds()
}

// firstAnswer reads one answer and returns its size with headers.
func firstAnswer(in *bufio.Reader) (int, error) {
	size, length := 0, 0
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return 0, err
		}
		size += len(line)
		if size == len(line) && !strings.Contains(line, " 200 ") {
			return 0, fmt.Errorf("answer %q, want 200", line)
		}
		if v, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			fmt.Sscan(v, &length)
		}
		if line == "\r\n" {
			break
		}
	}
	n, err := io.CopyN(io.Discard, in, int64(length))
	return size + int(n), err
}
