package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// inTurn validates in value sets that name many codes one after the other, so that each is
// asked again when all others have been: those that name codes of their own code system, and as
// many that name codes of the first.
func inTurn(b *testing.B, note func(string, ...any), client *http.Client, s *benchServing, n, concepts int) {
	b.Helper()
	for i := range n {
		body := strings.ReplaceAll(setNaming(i, concepts), fmt.Sprintf("http://example.org/large/%d", i), "http://example.org/large/0")
		body = strings.ReplaceAll(body, "named", "first")
		if status, text := ask(client, http.MethodPut, s.base+"/ValueSet/"+largeID(body), body); status != http.StatusCreated && status != http.StatusOK {
			b.Fatalf("PUT %s = %d %.300s", largeID(body), status, text)
		}
	}
	for _, kind := range []string{"named", "first"} {
		var times []time.Duration
		for round := range 4 {
			for i := range n {
				system := fmt.Sprintf("http://example.org/large/%d", i)
				if kind == "first" {
					system = "http://example.org/large/0"
				}
				target := s.base + "/ValueSet/$validate-code?" + validateQuery("ValueSet", fmt.Sprintf("http://example.org/vs/%s/%d", kind, i), system, fmt.Sprintf("C%06d", (i*7919+round)%concepts))
				begin := time.Now()
				status, text := ask(client, http.MethodGet, target, "")
				if status != http.StatusOK || !strings.Contains(text, `"valueBoolean":true`) {
					b.Fatalf("%s = %d %.300s", target, status, text)
				}
				if round > 0 {
					times = append(times, time.Since(begin))
				}
			}
		}
		note("$validate-code in %d value sets in turn, %s: %s; %s", n, map[string]string{"named": "each of its own code system", "first": "all of one code system"}[kind], percentiles(times), s.memory(b))
	}
}

// whileWriting validates in a value set of SNOMED CT and expands it, alone and while
// somebody writes ten value sets a second.
func whileWriting(b *testing.B, note func(string, ...any), client *http.Client, s *benchServing) {
	b.Helper()
	const sct = "http://snomed.info/sct"
	set := sct + "?fhir_vs=ecl/" + url.PathEscape("<< 404684003 MINUS << 64572001")
	for _, writing := range []bool{false, true} {
		var done atomic.Bool
		var writer sync.WaitGroup
		if writing {
			writer.Go(func() {
				for i := 0; !done.Load(); i++ {
					if status, text := ask(client, http.MethodPut, s.base+"/ValueSet/all0", strings.Replace(setOf(0), `"status"`, fmt.Sprintf(`"title":"%d","status"`, i), 1)); status != http.StatusOK {
						b.Errorf("PUT = %d %.300s", status, text)
						return
					}
					time.Sleep(100 * time.Millisecond)
				}
			})
		}
		for name, query := range map[string]string{
			"$validate-code": "$validate-code?" + validateQuery("ValueSet", set, sct, "404684003"),
			"$expand":        "$expand?" + url.Values{"url": {set}, "count": {"20"}, "offset": {"1000"}}.Encode(),
		} {
			var times []time.Duration
			for begun := time.Now(); time.Since(begun) < 5*time.Second; {
				begin := time.Now()
				if status, text := ask(client, http.MethodGet, s.base+"/ValueSet/"+query, ""); status != http.StatusOK {
					b.Fatalf("%s = %d %.300s", query, status, text)
				}
				times = append(times, time.Since(begin))
			}
			note("%s of SNOMED CT, ten writes a second: %v: %s", name, writing, percentiles(times))
		}
		done.Store(true)
		writer.Wait()
	}
}

// percentiles are the median, the 99th of a hundred and the largest of some times.
func percentiles(times []time.Duration) string {
	sorted := slices.Sorted(slices.Values(times))
	at := func(percent int) time.Duration { return sorted[(len(sorted)-1)*percent/100].Round(time.Microsecond) }
	return fmt.Sprintf("p50 %v, p99 %v, max %v (%d)", at(50), at(99), at(100), len(sorted))
}
