package basic_test

import (
	"math/rand/v2"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestAnswersDoNotAllocate guards what is called for every row of an answer.
func TestAnswersDoNotAllocate(t *testing.T) {
	p := snomedSample().open(t, norwegianEdition, snomedRules())
	heartAttack, above := must(t, p, infarction), must(t, p, finding)
	for name, f := range map[string]func(){
		"Find":           func() { p.Find(infarction) },
		"Find, no code":  func() { p.Find("22298007") },
		"Code":           func() { p.Code(heartAttack) },
		"Info":           func() { p.Info(heartAttack) },
		"Subsumes":       func() { p.Subsumes(above, heartAttack) },
		"Preferred":      func() { p.Preferred(heartAttack, 1) },
		"Display":        func() { p.Display(heartAttack) },
		"Ancestors":      func() { p.Ancestors(heartAttack) },
		"Document":       func() { p.Document(0) },
		"Designations":   func() { count(p, heartAttack) },
		"Attributes":     func() { p.Attributes(heartAttack); p.AttributeTypes(); p.ValueText(0) },
		"Postings":       func() { p.Postings(0) },
		"Designation":    func() { i, _ := p.DesignationRange(heartAttack); p.Designation(i) },
		"by id":          func() { i, _ := p.DesignationByID(1003); p.DesignationDocument(i) },
		"Alternate":      func() { p.Alternate(loinc, "LP7289-4") },
		"columns":        func() { p.EffectiveColumn(); p.ModuleColumn(); p.ModuleNumber(norwegian); p.Defined() },
		"Tables, Active": func() { p.Tables(); p.Active(); p.Columns() },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s allocates %v times, want 0", name, n)
		}
	}
	folded := records{concepts: []terminology.Concept{{Code: "I21.0a"}}}.open(t, terminology.Release{}, basic.DefaultRules())
	if n := testing.AllocsPerRun(100, func() { folded.Find("i21.0A") }); n != 0 {
		t.Errorf("Find in other case allocates %v times, want 0", n)
	}
}

func count(p *basic.Provider, o terminology.Ordinal) int {
	n := 0
	for d := range p.Designations(o) {
		if !d.Inactive {
			n++
		}
	}
	return n
}

const benchSize = 50_000

func BenchmarkFind(b *testing.B) {
	p := random(benchSize, 1).open(b, norwegianEdition, snomedRules())
	codes := make([]string, 1024)
	for i := range codes {
		codes[i] = p.Code(rand.New(rand.NewPCG(uint64(i), 3)).Uint32N(benchSize))
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		p.Find(codes[i%len(codes)])
		i++
	}
}

func BenchmarkSubsumes(b *testing.B) {
	p := random(benchSize, 1).open(b, norwegianEdition, snomedRules())
	source := rand.New(rand.NewPCG(2, 3))
	pairs := make([][2]uint32, 1024)
	for i := range pairs {
		pairs[i] = [2]uint32{source.Uint32N(benchSize), source.Uint32N(benchSize)}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		p.Subsumes(pairs[i%len(pairs)][0], pairs[i%len(pairs)][1])
		i++
	}
}

func BenchmarkDesignations(b *testing.B) {
	p := random(benchSize, 1).open(b, norwegianEdition, snomedRules())
	source := rand.New(rand.NewPCG(3, 3))
	ordinals := make([]uint32, 1024)
	for i := range ordinals {
		ordinals[i] = source.Uint32N(benchSize)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		count(p, ordinals[i%len(ordinals)])
		i++
	}
}

// BenchmarkOpen opens a release in memory: what is measured is the copy of the
// columns, the checks of them, and the small sets.
func BenchmarkOpen(b *testing.B) {
	tables := random(benchSize, 1).stored(b, norwegianEdition, snomedRules())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := basic.Open(tables, basic.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
