package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/server/rest"
)

// rounds is how often each server is driven. Rounds of the two alternate, as the
// machine is not always equally free.
const rounds = 5

// requestKind is an operation and what to ask it.
type requestKind struct {
	name    string
	targets []string
	must    string // every answer holds it
}

// requestKinds are the requests over HTTP for what was drawn.
func requestKinds(d *drawn) []requestKind {
	system := url.QueryEscape(d.release.System)
	kinds := []requestKind{
		{name: "$lookup", must: `"display"`},
		{name: "$subsumes", must: `"outcome"`},
		{name: "$validate-code", must: `"valueBoolean":true`},
		{name: "$expand filter", must: `"contains"`},
		{name: "$translate", must: `"valueBoolean":true`},
		{name: "/search", must: `"marked"`},
		{name: "/search in a set", must: `"marked"`},
	}
	for i, code := range d.codes {
		pair := d.pairs[i%len(d.pairs)]
		typed := d.typed(2, i)
		for k, target := range []string{
			"/fhir/r4/CodeSystem/$lookup?system=" + system + "&code=" + code,
			"/fhir/r4/CodeSystem/$subsumes?system=" + system + "&codeA=" + pair[0] + "&codeB=" + pair[1],
			"/fhir/r4/CodeSystem/$validate-code?url=" + system + "&code=" + code,
			"/fhir/r4/ValueSet/$expand?url=" + url.QueryEscape(d.largeSet()) + "&count=20&filter=" + url.QueryEscape(typed),
			"/fhir/r4/ConceptMap/$translate?system=" + system + "&targetsystem=" + url.QueryEscape(codesystem.ICD10NO) + "&code=",
			"/search?system=" + system + "&q=" + url.QueryEscape(typed),
			"/search?valueSet=" + url.QueryEscape(d.largeSet()) + "&q=" + url.QueryEscape(typed),
		} {
			if k == 4 {
				if len(d.mapped) == 0 {
					continue
				}
				target += d.mapped[i%len(d.mapped)]
			}
			kinds[k].targets = append(kinds[k].targets, target)
		}
	}
	return slices.DeleteFunc(kinds, func(k requestKind) bool { return len(k.targets) == 0 })
}

// measureHTTP compares the real server with one that sends the same bytes without
// a thought: what is lost is what terminology costs.
func measureHTTP(b *testing.B, t *benchTable, in *installed, d *drawn) {
	kinds := requestKinds(d)
	measureKinds(b, t, kinds, rest.New(in, rest.Options{}))
	for _, k := range kinds {
		if k.name == "$expand filter" || k.name == "/search" {
			k.name += ", asked before"
			measureKinds(b, t, []requestKind{k}, rest.New(in, rest.Options{Generation: in.catalog.Generation}))
		}
	}
}

// measureKinds holds one server against static answers.
func measureKinds(b *testing.B, t *benchTable, kinds []requestKind, server *rest.Server) {
	ctx, stop := context.WithCancel(b.Context())
	ours, ended := listenLocal(b), make(chan error, 1)
	address := ours.Addr().String()
	go func() { ended <- server.Serve(ctx, ours) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			b.Errorf("Serve: %v", err)
		}
	}()
	for _, k := range kinds {
		answers, err := answersOf(address, k.targets)
		if err != nil {
			b.Errorf("%s: %v", k.name, err)
			continue
		}
		bytesSent := 0
		for target, body := range answers {
			bytesSent += len(body)
			if !bytes.Contains(body, []byte(k.must)) {
				b.Errorf("%s: %s answers %s, want %s in it", k.name, target, body, k.must)
				break
			}
		}
		compare(b, t, k, address, answers, bytesSent/len(answers))
	}
}

// compare drives both servers in turn. The ratio is the median of those of the
// rounds, as other work on the machine changes both rates of a round alike.
func compare(b *testing.B, t *benchTable, k requestKind, address string, answers map[string][]byte, mean int) {
	static, other := serveStatic(b, answers)
	defer static.Close()
	var real, still, ratios []float64
	for range rounds {
		for _, side := range []struct {
			address string
			rates   *[]float64
		}{{address, &real}, {other, &still}} {
			rate, err := load(side.address, k.targets, connections, benchRound(b))
			if err != nil {
				b.Errorf("%s: %v", k.name, err)
				return
			}
			*side.rates = append(*side.rates, rate)
		}
	}
	for i := range real {
		ratios = append(ratios, real[i]/still[i])
	}
	for _, all := range [][]float64{real, still, ratios} {
		slices.Sort(all)
	}
	mine, its, ratio := real[rounds/2], still[rounds/2], ratios[rounds/2]
	t.add(benchRow{
		what:   "HTTP " + k.name,
		figure: fmt.Sprintf("%.0f %% (%s of %s req/s)", 100*ratio, count(int(mine)), count(int(its))),
		bytes:  fmt.Sprintf("%s sent", count(mean)), budget: "50 %", missed: ratio < 0.5,
	})
}

// serveStatic serves answers that are there already.
func serveStatic(b *testing.B, answers map[string][]byte) (*echo.Echo, string) {
	b.Helper()
	e := echo.New()
	e.HideBanner, e.HidePort, e.Listener = true, true, listenLocal(b)
	send := func(c echo.Context) error {
		body := answers[c.Request().RequestURI]
		h := c.Response().Header()
		h.Set("Vary", "Accept, Accept-Language")
		h.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
		return c.Blob(http.StatusOK, "application/fhir+json; charset=utf-8", body)
	}
	for _, path := range []string{"CodeSystem/$lookup", "CodeSystem/$subsumes", "CodeSystem/$validate-code", "ValueSet/$expand", "ConceptMap/$translate"} {
		e.GET("/fhir/r4/"+path, send)
	}
	e.GET("/search", send)
	go e.Start("") // ends with Close
	return e, e.Listener.Addr().String()
}

func listenLocal(b *testing.B) net.Listener {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	return l
}
