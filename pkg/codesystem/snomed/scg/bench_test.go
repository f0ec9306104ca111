package scg_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
)

const benchmarked = "128241005 |Inflammatory disease of liver| : { 363698007 |Finding site| = (181268008 : 272741003 = 24028007), 116676008 = 4532008 }"

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scg.Parse(benchmarked); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNormalize(b *testing.B) {
	p := open(b, liverAndHeart)
	e, err := scg.Parse(benchmarked)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := scg.Normalize(p, e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSubsumes(b *testing.B) {
	p := open(b, liverAndHeart)
	wide, narrow := form(b, p, "64572001:{363698007=10200004,116676008=23583003}"), form(b, p, benchmarked)
	b.ReportAllocs()
	for b.Loop() {
		if !scg.Subsumes(p, wide, narrow) {
			b.Fatal("false")
		}
	}
}

func BenchmarkSupertypes(b *testing.B) {
	p := openPublished(b, "tx-ecosystem/tx-source/snomed")
	f := form(b, p, "64572001:{363698007=181268008}")
	b.ReportAllocs()
	for b.Loop() {
		scg.Supertypes(p, f)
	}
}
