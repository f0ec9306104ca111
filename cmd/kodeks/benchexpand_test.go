package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
)

// The budgets of expansions: the total of a large set, and a thousand codes with their
// displays, at whatever door.
var (
	totalBudget    = budget{p50: time.Millisecond, p99: time.Millisecond}
	thousandBudget = budget{p50: 5 * time.Millisecond}
)

// BenchmarkExpansions measures expansions alone, as BenchmarkRelease does among all
// others, and what they cost over HTTP. It uses a synthetic edition of 20,000 concepts,
// or the data folder that BENCH_DATA names:
//
//	BENCH_DATA=FOLDER go test ./cmd/kodeks -run '^$' -bench '^BenchmarkExpansions$' -benchtime 1x
func BenchmarkExpansions(b *testing.B) {
	in, d := openProfiled(b)
	t := &benchTable{show: os.Stderr}
	t.note("Machine: %s", machine())
	measureExpansions(b, t, in, d)
	for _, c := range expandCalls(b.Context(), in.Service, d) {
		measure(b, t, c.name, c.calls, c.want, c.call)
	}
	kinds := slices.DeleteFunc(requestKinds(d), func(k requestKind) bool { return !strings.HasPrefix(k.name, "$expand") })
	measureKinds(b, t, kinds, rest.New(in, rest.Options{}))
	fmt.Printf("\n%s\n", t)
}

// measureExpansions pages through the whole of the release, and asks for totals and for
// pages of a thousand codes: in the process, and as FHIR's JSON without a network.
func measureExpansions(b *testing.B, t *benchTable, in *installed, d *drawn) {
	all := d.release.System + "?fhir_vs"
	measurePages(b, t, in.Service, "all of the release", operation.ExpandRequest{URL: all}, d.cs.Len())
	excluding := &operation.Compose{
		Include: []operation.ConceptSet{{System: d.release.System}},
		Exclude: []operation.ConceptSet{{System: d.release.System, Filters: []operation.Filter{{Property: "concept", Op: "is-a", Value: d.cs.Code(d.large)}}}},
	}
	measurePages(b, t, in.Service, "a definition with an exclude", operation.ExpandRequest{Compose: excluding}, d.cs.Len()-int(d.cs.Descendants(d.large).GetCardinality())-1)

	h := rest.New(in, rest.Options{}).Handler()
	large := "/fhir/r4/ValueSet/$expand?url=" + url.QueryEscape(d.largeSet())
	measure(b, t, "Expand isa large, total only", 2_000, totalBudget, func(int) error {
		resp, err := in.Expand(b.Context(), operation.ExpandRequest{URL: d.largeSet()})
		return must(err, err == nil && resp.Total > 0, "total")
	})
	measure(b, t, "FHIR isa large, total only", 2_000, totalBudget, answersHTTP(h, large+"&count=0", `"total":`))
	size := int(d.cs.Descendants(d.large).GetCardinality()) + 1
	measure(b, t, "Expand isa large, 1000 codes", 2_000, thousandBudget, func(i int) error {
		resp, err := in.Expand(b.Context(), operation.ExpandRequest{URL: d.largeSet(), Offset: i * 1000 % max(size-1000, 1), Count: 1000})
		return must(err, err == nil && len(resp.Codes) == min(1000, size), "1000 codes")
	})
	measure(b, t, "FHIR isa large, 1000 codes", 2_000, thousandBudget, answersHTTP(h, large+"&count=1000", `"contains":`))
	measure(b, t, "FHIR isa large, 1000 codes with designations", 500, budget{}, answersHTTP(h, large+"&count=1000&includeDesignations=true", `"designation":`))
}

// measurePages asks for every page of a set, a thousand codes each, and holds the last
// tenth of them against the first: a page must not cost more the further on it is. What
// a page costs is the best of three.
func measurePages(b *testing.B, t *benchTable, s *operation.Service, name string, req operation.ExpandRequest, total int) {
	const size = 1000
	var took []time.Duration
	codes := 0
	for round := range 3 {
		codes = 0
		for page := 0; page*size < total; page++ {
			req.Offset, req.Count = page*size, size
			start := time.Now()
			resp, err := s.Expand(context.Background(), req)
			spent := time.Since(start)
			if err != nil || resp.Total != total {
				b.Errorf("%s, page %d: total %v of %d, %v", name, page, resp, total, err)
				return
			}
			codes += len(resp.Codes)
			if round == 0 {
				took = append(took, spent)
			} else {
				took[page] = min(took[page], spent)
			}
		}
	}
	if codes != total {
		b.Errorf("%s: %d codes on all pages, want %d", name, codes, total)
	}
	tenth := max(len(took)/10, 1)
	median := func(list []time.Duration) time.Duration {
		list = slices.Sorted(slices.Values(list))
		return list[len(list)/2]
	}
	first, last := median(took[:tenth]), median(took[max(len(took)-1-tenth, 0):max(len(took)-1, 1)]) // the last page is not full
	every := slices.Sorted(slices.Values(took))
	t.add(benchRow{
		what: fmt.Sprintf("Expand page by page, %s, %s pages of %d", name, count(len(took)), size), figure: short(every[len(every)/2]), p99: short(every[len(every)*99/100]), max: short(every[len(every)-1]),
		budget: "p50 5 ms", missed: every[len(every)/2] > 5*time.Millisecond,
	})
	t.add(benchRow{
		what: "its last tenth, of its first", figure: fmt.Sprintf("%.0f %% (%s of %s)", 100*last.Seconds()/first.Seconds(), short(last), short(first)),
		budget: "150 %", missed: last.Seconds() > 1.5*first.Seconds(),
	})
}

// answersHTTP asks a handler without a network.
func answersHTTP(h http.Handler, target, must string) func(int) error {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	rec := httptest.NewRecorder()
	if h.ServeHTTP(rec, r); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), must) {
		return func(int) error { return fmt.Errorf("%s: status %d, want %s in the answer", target, rec.Code, must) }
	}
	w := &unread{header: http.Header{}}
	return func(int) error {
		if h.ServeHTTP(w, r); w.status != http.StatusOK {
			return fmt.Errorf("%s: status %d", target, w.status)
		}
		return nil
	}
}
