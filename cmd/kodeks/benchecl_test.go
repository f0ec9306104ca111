package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The budgets of expression constraints, without the cache of results.
var (
	hierarchyBudget  = budget{p50: 50 * time.Microsecond, max: 2 * time.Second}
	refinementBudget = budget{p50: time.Millisecond, max: 2 * time.Second}
	groupBudget      = budget{p50: 10 * time.Millisecond, max: 2 * time.Second}
	termBudget       = budget{p50: 10 * time.Millisecond, max: 2 * time.Second}
	anyBudget        = budget{max: 2 * time.Second}
	memberBudget     = budget{p50: 50 * time.Microsecond}
	mixedBudget      = budget{p50: 2 * time.Millisecond, max: 2 * time.Second}
)

// constraint is an expression and what it may cost to count it.
type constraint struct {
	text string
	want budget
}

// constraints are expressions of all kinds. Their concepts are in every edition.
var constraints = []constraint{
	{"*", hierarchyBudget},
	{"<< 404684003", hierarchyBudget},
	{"<< 138875005", hierarchyBudget},
	{"<! 64572001", hierarchyBudget},
	{"> 22298006", hierarchyBudget},
	{"<< (56265001 OR 73211009)", anyBudget},
	{"< (<! 71388002)", anyBudget},
	{">> (<< 22298006)", anyBudget},
	{"<< 404684003 AND << 64572001 AND << 56265001", anyBudget},
	{"<< 64572001 MINUS << 56265001", anyBudget},
	{"< 404684003 : 363698007 = << 80891009", refinementBudget},
	{"< 404684003 : 363698007 = << 123037004", refinementBudget},
	{"< 64572001 : 116676008 = *", refinementBudget},
	{"< 71388002 : 260686004 != << 129264002", refinementBudget},
	{"< 404684003 : 363698007 = << 80891009, 116676008 = << 49755003", anyBudget},
	{"< 404684003 : << 762705008 = << 80891009", anyBudget},
	{"< 404684003 : * = << 80891009", anyBudget},
	{"< 404684003 : {363698007 = << 123037004, 116676008 = << 49755003}", groupBudget},
	{"< 404684003 : [2..*] 363698007 = *", groupBudget},
	{"< 404684003 : [1..3] {[1..1] 363698007 = << 123037004}", groupBudget},
	{"< 64572001 : [0..0] 363698007 = *", groupBudget},
	{"< 71388002 : {260686004 = *, 405813007 = << 123037004} OR {363704007 = *}", groupBudget},
	{"<< 123037004 : R 363698007 = << 56265001", anyBudget},
	{"< 123037004 : [3..*] R 363698007 = < 404684003", groupBudget},
	{"< 404684003 . 363698007", anyBudget},
	{"< 373873005 . 762949000 . 116680003", anyBudget},
	{"< 373873005 : 1142139005 >= #2", anyBudget},
	{`<< 404684003 {{ term = "heart dis" }}`, termBudget},
	{`* {{ term = "infarkt", language = no }}`, termBudget},
	{`* {{ term = wild:"*itis*" }}`, termBudget},
	{`<< 64572001 {{ dialect = nb (prefer), term = "kronisk" }}`, termBudget},
	{"<< 71388002 {{ C definitionStatus = defined, effectiveTime >= \"20150101\" }}", anyBudget},
	{"<< 404684003 {{ C moduleId = 51000202101 }}", anyBudget},
	{"^ 447562003", anyBudget},
	{"^ *", anyBudget},
	{`^ 447562003 {{ M mapTarget = wild:"I21*" }}`, anyBudget},
	{"<< 56265001 {{ + HISTORY-MAX }}", anyBudget},
	{"<< 404684003 {{ + HISTORY-MIN }}", anyBudget},
	{"!!> (<< 56265001 : 116676008 = *)", anyBudget},
	{"!!< (<< 404684003)", anyBudget},
}

// BenchmarkConstraints is the part of BenchmarkRelease that is about expression
// constraints.
func BenchmarkConstraints(b *testing.B) {
	_, d := openProfiled(b)
	t := &benchTable{show: os.Stderr}
	t.note("Machine: %s", machine())
	measureConstraints(b, t, d)
	fmt.Printf("\n%s\n", t)
}

// measureConstraints counts the members of expressions of all kinds, and asks whether
// concepts are among them, with nothing kept of the answers before.
func measureConstraints(b *testing.B, t *benchTable, d *drawn) {
	release, ok := d.cs.(*engine.Release)
	if !ok {
		b.Fatalf("%s is no release of SNOMED CT", d.release.Version)
	}
	ctx := b.Context()
	var text terminology.TextIndex
	for _, r := range d.snap.Releases {
		if r.CodeSystem == d.cs {
			text = r.Text
		}
	}
	e := ecl.NewEngine(release.Provider, text, ecl.Options{CacheBytes: -1})
	slowest := time.Duration(0)
	for _, c := range constraints {
		q, err := e.Compile(c.text)
		if err != nil {
			b.Errorf("%s: %v", c.text, err)
			continue
		}
		members, err := q.Count(ctx)
		if err != nil {
			b.Errorf("%s: %v", c.text, err)
			continue
		}
		what := fmt.Sprintf("ECL %s: %s members", c.text, count(members))
		measure(b, t, what, 2000, c.want, func(int) error {
			n, err := q.Count(ctx)
			return must(err, n == members, c.text)
		})
		l, err := timed(2000, func(i int) error {
			_, err := q.Contains(ctx, d.ordinals[i%len(d.ordinals)])
			return err
		})
		if err != nil {
			b.Errorf("membership in %s: %v", c.text, err)
		}
		slowest = max(slowest, l.p50)
		if l.missed(memberBudget) {
			addLatency(t, "ECL membership in "+c.text, l, memberBudget)
		}
	}
	t.add(benchRow{what: fmt.Sprintf("ECL membership of one concept, slowest of %d expressions", len(constraints)), figure: short(slowest), budget: "p50 50 µs", missed: slowest > memberBudget.p50})
	measureMixed(ctx, b, t, e, release)
}

// measureMixed evaluates a thousand different expressions of all kinds, each compiled
// and selected once.
func measureMixed(ctx context.Context, b *testing.B, t *benchTable, e *ecl.Engine, release *engine.Release) {
	texts := mixedConstraints(release, 1000)
	took := make([]time.Duration, 0, len(texts))
	for _, text := range texts {
		start := time.Now()
		q, err := e.Compile(text)
		if err == nil {
			_, err = q.Select(ctx)
		}
		if err != nil {
			b.Errorf("%s: %v", text, err)
			continue
		}
		took = append(took, time.Since(start))
	}
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	l := latency{calls: len(took), p50: took[len(took)/2], p99: took[len(took)*99/100], max: took[len(took)-1]}
	addLatency(t, "ECL 1,000 mixed expressions, compiled and selected once each", l, mixedBudget)
}

// mixedConstraints draws expressions from the attributes that concepts have.
func mixedConstraints(release *engine.Release, n int) []string {
	r := rand.New(rand.NewPCG(7, 7))
	types := release.AttributeTypes()
	active := release.Active().ToArray()
	out := make([]string, 0, n)
	for len(out) < n {
		o := active[r.IntN(len(active))]
		all := release.Attributes(o)
		if len(all) < 2 || len(release.Ancestors(o)) < 4 {
			continue
		}
		focus := release.Code(release.Ancestors(o)[r.IntN(len(release.Ancestors(o)))])
		condition := func() string {
			a := all[r.IntN(len(all))]
			typ := types[a.Type()]
			if typ.Text || typ.Concept == terminology.NoOrdinal {
				return typ.Code + " = *"
			}
			value := a.Value()
			if above := release.Ancestors(value); len(above) > 0 && r.IntN(2) == 0 {
				value = above[r.IntN(len(above))]
			}
			return typ.Code + " = << " + release.Code(value)
		}
		term := firstWord(release.Display(o))
		switch len(out) % 10 {
		case 0:
			out = append(out, "<< "+focus)
		case 1:
			out = append(out, "< "+focus+" : "+condition())
		case 2:
			out = append(out, "< "+focus+" : "+condition()+", "+condition())
		case 3:
			out = append(out, "<< "+focus+" : {"+condition()+", "+condition()+"}")
		case 4:
			out = append(out, "< "+focus+" : [1..2] "+condition()+" OR "+condition())
		case 5:
			out = append(out, "(< "+focus+" : "+condition()+") MINUS << "+release.Code(o))
		case 6:
			out = append(out, "< "+focus+" {{ term = \""+term+"\" }}")
		case 7:
			out = append(out, "< "+focus+" . "+types[all[0].Type()].Code)
		case 8:
			out = append(out, "<< "+release.Code(release.Parents(o)[0])+" {{ + HISTORY-MOD }}")
		case 9:
			out = append(out, "(<< "+focus+" {{ C definitionStatus = primitive }}) AND (^ 447562003)")
		}
	}
	return out
}

// firstWord returns the first word of a term, without what would end a quoted text.
func firstWord(term string) string {
	if w := words(term); len(w) > 0 {
		return w[0]
	}
	return "a"
}
