package valueset_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

const substance = "http://example.org/substances"

// substances is a code system with properties of every kind: values that differ in case
// alone, codes that it has and has not, and concepts without any.
func substances(t testing.TB, caseSensitive bool) *basic.Provider {
	t.Helper()
	b := basic.NewBuilder()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	const n = 60
	code := func(i int) string { return fmt.Sprintf("n%02d", i) }
	for i := range n {
		check(b.Concept(terminology.Concept{Code: code(i), Inactive: i%7 == 3}))
		check(b.Designation(terminology.Designation{Concept: code(i), Language: "nb", Use: terminology.UseDisplay, Term: "virkestoff " + code(i), Preferred: true}))
	}
	for i := range n {
		say := func(property string, kind terminology.ValueKind, value string) {
			check(b.Property(terminology.Property{Concept: code(i), Code: property, Kind: kind, Value: value}))
		}
		if i > 0 {
			check(b.Parent(code(i), code((i-1)/3)))
		}
		if i%5 != 4 {
			say("unit", terminology.ValueString, []string{"mg", "MG", "Måltid", "MÅLTID"}[i%5])
		}
		if i%3 == 0 {
			say("base", terminology.ValueCode, code(i/3))
			say("base", terminology.ValueCode, "x9")
		}
		if i%4 == 0 {
			say("kept", terminology.ValueBoolean, []string{"true", "false"}[i/4%2])
		}
	}
	image, err := b.Build(terminology.Release{System: substance, Version: "1", CaseSens: caseSensitive}, basic.DefaultRules())
	check(err)
	memory := store.NewMemory()
	check(image.Write(memory))
	check(image.WriteRows(memory))
	check(memory.Close())
	p, err := basic.Open(memory, basic.Options{})
	check(err)
	return p
}

// unindexed is a code system that knows nothing of its properties but those of a concept.
type unindexed struct{ terminology.CodeSystem }

// TestPropertyFiltersByIndexAndWithout draws filters on every property with every operator,
// and asks a code system that has an index of values, one that is asked concept by
// concept, and for each concept alone: three ways to one answer.
func TestPropertyFiltersByIndexAndWithout(t *testing.T) {
	values := []string{"mg", "MG", "måltid", "Måltid", "n00", "N03", "n05", "n01, n02", "x9", "X9", "true", "FALSE", "mg,x9", "n.*|M.*", ".+", "true|false", "none"}
	empty, some := 0, 0
	for _, caseSensitive := range []bool{true, false} {
		p := substances(t, caseSensitive)
		lib := library{systems: []terminology.CodeSystem{p}}
		plain := library{systems: []terminology.CodeSystem{unindexed{p}}}
		r := rand.New(rand.NewPCG(3, 4))
		for range 1000 {
			f := valueset.Filter{
				Property: []string{"unit", "base", "kept", "parent", "child", "inactive", "display", "code"}[r.IntN(8)],
				Op:       []string{"=", "in", "not-in", "exists", "regex", "is-a", "descendent-of"}[r.IntN(7)],
				Value:    values[r.IntN(len(values))],
			}
			if f.Op == "exists" {
				f.Value = []string{"true", "false", "True"}[r.IntN(3)]
			}
			c := &valueset.Compose{Include: []valueset.ConceptSet{{System: substance, Filters: []valueset.Filter{f}}}}
			got, err := valueset.Evaluate(t.Context(), c, lib)
			want, wantErr := valueset.Evaluate(t.Context(), c, plain)
			if terminology.KindOf(err) != terminology.KindOf(wantErr) {
				t.Fatalf("%+v: %v with an index, %v without", f, err, wantErr)
			}
			if err != nil {
				continue
			}
			if !got[0].Set.Equals(want[0].Set) {
				t.Fatalf("%+v, case-sensitive %t: %v with an index, %v without", f, caseSensitive, got[0].Set, want[0].Set)
			}
			if agrees(t, c, lib); got[0].Set.IsEmpty() {
				empty++
			} else {
				some++
			}
		}
	}
	if some < 500 {
		t.Errorf("%d filters hold nothing and %d something: the law was hardly tried", empty, some)
	}
}
