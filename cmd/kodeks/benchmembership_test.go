package main

import (
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// BenchmarkMembership asks whether codes drawn from the whole release are in value sets of
// all sizes, by the operation that every door enters. No expansion is made; the budget is
// 50 µs.
func BenchmarkMembership(b *testing.B) {
	in, d := openProfiled(b)
	system := d.release.System
	large := d.cs.Code(d.large)
	compose := func(f ...operation.Filter) *operation.Compose {
		return &operation.Compose{URL: "http://example.org/vs/set", Include: []operation.ConceptSet{{System: system, Filters: f}}}
	}
	ecl := func(text string) string { return system + "?fhir_vs=ecl/" + text }
	listed := &operation.Compose{URL: "http://example.org/vs/listed", Include: []operation.ConceptSet{{System: system}}}
	for o := range terminology.Ordinal(min(100_000, d.cs.Len())) {
		listed.Include[0].Concepts = append(listed.Include[0].Concepts, operation.ConceptReference{Code: d.cs.Code(o)})
	}
	constraint := fmt.Sprintf("<< %s : %s = *", large, attributeOf(b, d))
	for _, set := range []struct {
		name    string
		url     string
		compose *operation.Compose
	}{
		{name: "isa, large", url: d.largeSet()},
		{name: "all", url: system + "?fhir_vs"},
		{name: "constraint, hierarchy", url: ecl("<< " + large + " MINUS < " + d.cs.Code(d.hubs[len(d.hubs)-1]))},
		{name: "constraint, refinement", url: ecl(constraint)},
		{name: "filter, constraint", compose: compose(operation.Filter{Property: "constraint", Op: "=", Value: "< " + large})},
		{name: "100,000 codes", compose: listed},
	} {
		for _, infer := range []bool{false, true} {
			name := set.name
			if infer {
				name += ", without a code system"
			}
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				in0 := 0
				for i := 0; b.Loop(); i++ {
					coding := terminology.Coding{System: system, Code: d.codes[i%len(d.codes)]}
					if infer {
						coding.System = ""
					}
					resp, err := in.ValidateCode(b.Context(), operation.ValidateCodeRequest{Coding: coding, ValueSet: set.url, Compose: set.compose})
					if err != nil {
						b.Fatal(err)
					}
					if resp.Result {
						in0++
					}
				}
				b.ReportMetric(float64(in0)/float64(max(b.N, 1)), "members/op")
			})
		}
	}
}

// attributeOf returns an attribute that concepts of the release have.
func attributeOf(b *testing.B, d *drawn) string {
	b.Helper()
	for _, o := range d.ordinals {
		for p := range d.cs.Properties(o) {
			if p.Target != terminology.NoOrdinal && p.Group > 0 {
				return p.Code
			}
		}
	}
	b.Fatal("no concept that was drawn has an attribute")
	return ""
}
