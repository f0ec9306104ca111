package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The budgets of single calls.
var (
	providerBudget = budget{p50: time.Microsecond, noAllocs: true}
	lookupBudget   = budget{p50: 20 * time.Microsecond}
	typingBudget   = budget{p99: 5 * time.Millisecond}
)

// providerCalls are the calls of the code system itself.
func providerCalls(d *drawn) []operationCall {
	n := len(d.ordinals)
	pairs := make([][2]terminology.Ordinal, n)
	for i, p := range d.pairs {
		pairs[i][0], _ = d.cs.Find(p[0])
		pairs[i][1], _ = d.cs.Find(p[1])
	}
	wrong, notBelow := errors.New("a code of the release is not found"), errors.New("an ancestor does not subsume")
	return []operationCall{
		{"Provider: Find", 100_000, providerBudget, func(i int) error {
			if o, ok := d.cs.Find(d.codes[i%n]); !ok || o != d.ordinals[i%n] {
				return wrong
			}
			return nil
		}},
		{"Provider: Subsumes", 100_000, providerBudget, func(i int) error {
			p := pairs[i%n]
			if below := d.cs.Subsumes(p[0], p[1]); !below && i%n%2 == 0 && len(d.cs.Parents(p[1])) > 0 {
				return notBelow
			}
			return nil
		}},
	}
}

// operationCall is a kind of call of the service, with its budget. It fails when
// the answer is empty and must not be.
type operationCall struct {
	name  string
	calls int
	want  budget
	call  func(i int) error
}

// operationCalls are the calls of the service for what was drawn.
func operationCalls(ctx context.Context, s *operation.Service, d *drawn) []operationCall {
	system, hub := d.release.System, func(i int) terminology.Ordinal { return d.hubs[i%len(d.hubs)] }
	coding := func(i int) terminology.Coding {
		return terminology.Coding{System: system, Code: d.codes[i%len(d.codes)]}
	}
	type member struct{ set, code string }
	members := make([]member, len(d.codes))
	for i := range members {
		below := d.cs.Descendants(hub(i))
		o, err := below.Select(uint32(uint64(d.ordinals[i]) % max(below.GetCardinality(), 1)))
		if err != nil {
			o = hub(i)
		}
		members[i] = member{d.isA(hub(i)), d.cs.Code(o)}
	}
	calls := []operationCall{
		{"Lookup", 20_000, lookupBudget, func(i int) error {
			resp, err := s.Lookup(ctx, operation.LookupRequest{Coding: coding(i)})
			return must(err, err == nil && resp.Found && resp.Coding.Display != "" && len(resp.Designations) > 0, coding(i).Code)
		}},
		{"Subsumes", 20_000, budget{}, func(i int) error {
			p := d.pairs[i%len(d.pairs)]
			resp, err := s.Subsumes(ctx, operation.SubsumesRequest{System: system, CodeA: p[0], CodeB: p[1]})
			return must(err, err == nil && resp.Outcome != operation.NoAnswer, p[0])
		}},
		{"ValidateCode, code system", 20_000, budget{}, func(i int) error {
			resp, err := s.ValidateCode(ctx, operation.ValidateCodeRequest{Coding: coding(i)})
			return must(err, err == nil && resp.Result, coding(i).Code)
		}},
		{"ValidateCode, value set isa", 5_000, budget{}, func(i int) error {
			m := members[i%len(members)]
			resp, err := s.ValidateCode(ctx, operation.ValidateCodeRequest{Coding: terminology.Coding{System: system, Code: m.code}, ValueSet: m.set})
			return must(err, err == nil && resp.Result, m.code)
		}},
	}
	if len(d.mapped) > 0 {
		calls = append(calls, operationCall{"Translate to ICD-10", 20_000, translateBudget, func(i int) error {
			code := d.mapped[i%len(d.mapped)]
			resp, err := s.Translate(ctx, operation.TranslateRequest{Coding: terminology.Coding{System: system, Code: code}, Target: codesystem.ICD10NO})
			return must(err, err == nil && resp.Result && len(resp.Matches) > 0, code)
		}})
	}
	return append(calls, append(searchCalls(ctx, s, d), expandCalls(ctx, s, d)...)...)
}

// searchCalls are what a field with suggestions asks while a user types.
func searchCalls(ctx context.Context, s *operation.Service, d *drawn) []operationCall {
	search := func(name string, valueSet string, everywhere bool, text func(i int) string) operationCall {
		texts := texts(len(d.terms), text)
		req := operation.SearchRequest{Systems: []string{d.release.System}, ValueSet: valueSet}
		if everywhere {
			req.Systems = nil
		}
		return operationCall{"Search, " + name, 4_000, typingBudget, func(i int) error {
			req := req
			req.Text = texts[i%len(texts)]
			resp, err := s.Search(ctx, req)
			return must(err, err == nil && len(resp.Hits) > 0, req.Text)
		}}
	}
	begun := func(from, to int) func(i int) string {
		return func(i int) string { return d.begun(from+i%(to-from+1), i/(to-from+1)) }
	}
	typed := func(n int) func(i int) string { return func(i int) string { return d.typed(n, i) } }
	return []operationCall{
		search("1 to 8 letters", "", false, begun(1, 8)),
		search("1 letter", "", false, begun(1, 1)),
		search("2 letters", "", false, begun(2, 2)),
		search("3 letters", "", false, begun(3, 3)),
		search("4 to 8 letters", "", false, begun(4, 8)),
		search("two words", "", false, typed(2)),
		search("three words", "", false, typed(3)),
		search("1 to 8 letters, all systems", "", true, begun(1, 8)),
		search("1 to 8 letters, large value set", d.largeSet(), false, begun(1, 8)),
		search("two words, large value set", d.largeSet(), false, typed(2)),
	}
}

// expandCalls are expansions of small pages and large ones.
func expandCalls(ctx context.Context, s *operation.Service, d *drawn) []operationCall {
	expand := func(name string, calls int, req operation.ExpandRequest, vary func(req *operation.ExpandRequest, i int)) operationCall {
		return operationCall{"Expand " + name, calls, budget{}, func(i int) error {
			req := req
			vary(&req, i)
			resp, err := s.Expand(ctx, req)
			return must(err, err == nil && resp.Total > 0 && (req.Count == 0 || len(resp.Codes) > 0), name)
		}}
	}
	sets := texts(len(d.hubs), func(i int) string { return d.isA(d.hubs[i]) })
	isA := func(req *operation.ExpandRequest, i int) { req.URL = sets[i%len(sets)] }
	filters := texts(len(d.terms), func(i int) string { return d.typed(1+i%2, i) })
	filter := func(req *operation.ExpandRequest, i int) { req.Text = filters[i%len(filters)] }
	all := d.release.System + "?fhir_vs"
	return []operationCall{
		expand("isa, 20 codes", 5_000, operation.ExpandRequest{Count: 20}, isA),
		expand("isa, 1000 codes", 2_000, operation.ExpandRequest{Count: 1000}, isA),
		expand("isa large, text filter, 20 codes", 4_000, operation.ExpandRequest{URL: d.largeSet(), Count: 20}, filter),
		expand("?fhir_vs, text filter, 20 codes", 4_000, operation.ExpandRequest{URL: all, Count: 20}, filter),
		expand("?fhir_vs, total only", 2_000, operation.ExpandRequest{URL: all}, func(*operation.ExpandRequest, int) {}),
	}
}

// texts is what is asked, made before the clock runs.
func texts(n int, text func(i int) string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = text(i)
	}
	return out
}

// must makes an answer that is not what it must be an error.
func must(err error, ok bool, what string) error {
	if err == nil && !ok {
		err = fmt.Errorf("%s: no answer, or an empty one", what)
	}
	return err
}

// measureOperations asks the code system and the service.
func measureOperations(b *testing.B, t *benchTable, in *installed, d *drawn) {
	for _, c := range append(providerCalls(d), operationCalls(b.Context(), in.Service, d)...) {
		measure(b, t, c.name, c.calls, c.want, c.call)
	}
}
