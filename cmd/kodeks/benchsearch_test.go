package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The budgets of search while a user types.
var (
	prefixBudget   = budget{p99: 2 * time.Millisecond}
	filteredBudget = budget{p99: 5 * time.Millisecond}
	fuzzyBudget    = budget{p99: 20 * time.Millisecond}
)

// filterConcepts is how many concepts the filter of filtered searches has, about, and
// searchConnections how many clients type at the same time.
const (
	filterConcepts    = 100_000
	searchConnections = 10
	searchesASecond   = 3000
)

// BenchmarkTyping is the part of BenchmarkRelease that is about search.
func BenchmarkTyping(b *testing.B) {
	in, d := openProfiled(b)
	t := &benchTable{show: os.Stderr}
	t.note("Machine: %s", machine())
	measureSearch(b, t, in, d)
	t.note("Load average at the end: %s", loadAverage())
	fmt.Printf("\n%s\n", t)
}

// measureSearch asks what a field with suggestions asks, in-process and over HTTP.
func measureSearch(b *testing.B, t *benchTable, in *installed, d *drawn) {
	filter, inside := d.filter()
	size := int(d.cs.Descendants(inside.large).GetCardinality())
	t.note("Search: %s active terms; the filter is %s, %s concepts", count(d.activeTerms()), filter, count(size))
	for _, c := range typingCalls(b.Context(), in.Service, d, inside, filter) {
		measure(b, t, c.name, c.calls, c.want, c.call)
	}
	measureSearchHTTP(b, t, in, d)
}

// filter returns a constraint for the concept with about filterConcepts descendants, and
// what to ask with its terms: who types into a field with a filter means something in it.
func (d *drawn) filter() (constraint string, inside *drawn) {
	best := d.large
	far := func(o terminology.Ordinal) int {
		n := int(d.cs.Descendants(o).GetCardinality()) - filterConcepts
		return max(n, -n)
	}
	for _, o := range d.hubs {
		if far(o) < far(best) {
			best = o
		}
	}
	of := *d
	of.large, of.terms = best, nil
	of.drawTerms(rand.New(rand.NewPCG(3, 4)), len(d.terms))
	return "<< " + d.cs.Code(best), &of
}

// activeTerms counts the active designations of active concepts.
func (d *drawn) activeTerms() int {
	n := 0
	for it := d.cs.Active().Iterator(); it.HasNext(); {
		for t := range d.cs.Designations(it.Next()) {
			if !t.Inactive {
				n++
			}
		}
	}
	return n
}

// typingCalls are the searches. A text may find nothing where a filter is set.
func typingCalls(ctx context.Context, s *operation.Service, d, inside *drawn, filter string) []operationCall {
	call := func(name string, want budget, req operation.SearchRequest, text func(i int) string) operationCall {
		all := texts(len(d.terms), text)
		req.Systems = []string{d.release.System}
		return operationCall{"Type " + name, 4_000, want, func(i int) error {
			req := req
			req.Text = all[i%len(all)]
			resp, err := s.Search(ctx, req)
			return must(err, err == nil && (len(resp.Hits) > 0 || req.Constraint != ""), req.Text)
		}}
	}
	plain, filtered := operation.SearchRequest{}, operation.SearchRequest{Constraint: filter}
	begun := func(from, to int) func(i int) string {
		return func(i int) string { return d.begun(from+i%(to-from+1), i/(to-from+1)) }
	}
	typed := func(n int) func(i int) string { return func(i int) string { return d.typed(n, i) } }
	var calls []operationCall
	for n := 1; n <= 8; n++ {
		calls = append(calls, call(fmt.Sprintf("%d letters", n), prefixBudget, plain, begun(n, n)))
	}
	return append(calls,
		call("1 to 8 letters", prefixBudget, plain, begun(1, 8)),
		call("two words", prefixBudget, plain, typed(2)),
		call("three words", prefixBudget, plain, typed(3)),
		call("endings, right and wrong", fuzzyBudget, plain, d.inflected), // wrong ones are typing errors
		call("1 to 8 letters, filter", filteredBudget, filtered, func(i int) string { return inside.begun(1+i%8, i/8) }),
		call("two words, filter", filteredBudget, filtered, func(i int) string { return inside.typed(2, i) }),
		call("1 to 8 letters, filter that few are in", budget{}, filtered, begun(1, 8)),
		call("a typing error", fuzzyBudget, plain, d.mistyped),
		call("a typing error, filter", fuzzyBudget, filtered, d.mistyped),
		call("1 to 8 letters, facets", budget{}, operation.SearchRequest{Facets: true}, begun(1, 8)),
	)
}

// inflected is a term whose last word has an ending more.
func (d *drawn) inflected(i int) string {
	w := words(d.terms[i%len(d.terms)])
	last := w[len(w)-1]
	switch last[len(last)-1] {
	case 'e':
		return last + "ne"
	case 's', 'n', 'r', 'a', 't':
		return last
	}
	return last + "ene"
}

// mistyped is the longest word of a term with two letters swapped, or one left out. Short
// words and very long ones are left as they are, as far as a user would type them.
func (d *drawn) mistyped(i int) string {
	w := slices.MaxFunc(words(d.terms[i%len(d.terms)]), func(a, b string) int { return len(a) - len(b) })
	r := []rune(w)
	if len(r) < 5 || len(r) > 24 {
		return letters(w, 24)
	}
	at := 1 + i%(len(r)-3)
	if i%2 == 0 {
		r[at], r[at+1] = r[at+1], r[at]
		return string(r)
	}
	return string(slices.Delete(r, at, at+1))
}

// measureSearchHTTP lets searchConnections clients type at once.
func measureSearchHTTP(b *testing.B, t *benchTable, in *installed, d *drawn) {
	server := rest.New(in, rest.Options{})
	ctx, stop := context.WithCancel(b.Context())
	l, ended := listenLocal(b), make(chan error, 1)
	go func() { ended <- server.Serve(ctx, l) }()
	defer func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			b.Errorf("Serve: %v", err)
		}
	}()
	system := url.QueryEscape(d.release.System)
	targets := texts(2*len(d.terms), func(i int) string {
		text := d.begun(1+i%8, i)
		if i%2 == 0 {
			text = d.typed(2, i)
		}
		return "/search?system=" + system + "&q=" + url.QueryEscape(text)
	})
	if err := settle(l.Addr().String(), targets[:200]); err != nil {
		b.Errorf("GET /search: %v", err)
		return
	}
	var rates []float64
	for range rounds {
		rate, err := load(l.Addr().String(), targets, searchConnections, benchRound(b))
		if err != nil {
			b.Errorf("GET /search: %v", err)
			return
		}
		rates = append(rates, rate)
	}
	slices.Sort(rates)
	t.add(benchRow{
		what:   fmt.Sprintf("HTTP GET /search, %d connections", searchConnections),
		figure: count(int(rates[rounds/2])) + " req/s", max: count(int(rates[rounds-1])) + " req/s",
		budget: count(searchesASecond) + " req/s", missed: rates[rounds/2] < searchesASecond,
	})
}
