package ecl_test

import (
	"context"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
)

// BenchmarkSelect evaluates without the cache over 20,000 concepts of a synthetic
// release.
func BenchmarkSelect(b *testing.B) {
	p := wide(20_000).open(b)
	e := ecl.NewEngine(p, nil, ecl.Options{CacheBytes: -1})
	for name, text := range map[string]string{
		"descendants":  "<< 100001",
		"refinement":   "< 100001: 363698007 = << 100002",
		"group":        "< 100001: { 363698007 = << 100002, 363698007 = * }",
		"cardinality":  "< 100001: [2..3] 363698007 = << 100002",
		"reverse":      "< 100001: [2..*] R 363698007 = << 100002",
		"dotted":       "< 100001 . 363698007",
		"ancestors of": "> (* : 363698007 = << 100002)",
	} {
		b.Run(name, func(b *testing.B) {
			q, err := e.Compile(text)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := q.Select(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkContains asks for one concept of each.
func BenchmarkContains(b *testing.B) {
	p := wide(20_000).open(b)
	e := ecl.NewEngine(p, nil, ecl.Options{CacheBytes: -1})
	q, err := e.Compile("< 100001: { 363698007 = << 100002, [0..1] 363698007 = * }")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	o := uint32(0)
	for b.Loop() {
		if _, err := q.Contains(context.Background(), o); err != nil {
			b.Fatal(err)
		}
		o = (o + 7919) % uint32(p.Len())
	}
}
