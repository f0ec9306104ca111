package scg_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// constraint returns a random constraint of the kinds that Satisfies answers.
func (w *world) constraint(depth int) string {
	concept := func() string { return conceptID(w.IntN(len(w.trees))) }
	operator := func(all ...string) string { return all[w.IntN(len(all))] }
	if depth == 0 || w.IntN(3) == 0 {
		if w.IntN(10) == 0 {
			return "*"
		}
		return operator("", "<", "<<", "<!", "<<!", ">", ">>", ">!", ">>!", "<<", "<<") + concept()
	}
	sub := func() string { return "(" + w.constraint(depth-1) + ")" }
	cardinality := func() string { return operator("", "", "", "[0..0] ", "[1..1] ", "[0..1] ", "[2..*] ", "[1..2] ") }
	attribute := func() string {
		return cardinality() + operator("", "", "", "R ") + operator("", "<<") + conceptID(w.IntN(5)) + operator(" = ", " != ") + sub()
	}
	conditions := func(one func() string) string {
		s, by := one(), operator(" AND ", " OR ", ", ")
		for range w.IntN(2) {
			s += by + one()
		}
		return s
	}
	switch w.IntN(5) {
	case 0:
		return operator("", "<", "<<", "<!", "<<!") + sub()
	case 1:
		return sub() + operator(" AND ", " OR ", " MINUS ") + sub()
	}
	return sub() + ": " + conditions(func() string {
		if w.IntN(2) == 0 {
			return cardinality() + "{ " + conditions(attribute) + " }"
		}
		return attribute()
	})
}

// TestSatisfiesAgreesWithTheEngine asks random constraints of every concept, and the
// engine that finds their sets the same.
func TestSatisfiesAgreesWithTheEngine(t *testing.T) {
	ctx := context.Background()
	yes, asked := 0, 0
	for seed := range uint64(12) {
		w := newWorld(seed)
		p := w.open(t)
		engine := ecl.NewEngine(p, nil, ecl.Options{})
		for range 60 {
			s := w.constraint(3)
			e, err := ecl.Parse(s)
			if err != nil {
				t.Fatalf("Parse(%s): %v", s, err)
			}
			q, err := engine.Plan(e)
			if err != nil {
				t.Fatalf("Plan(%s): %v", s, err)
			}
			for i := range w.trees {
				o := must(t, p, conceptID(i))
				got, err := scg.ConceptSatisfies(t.Context(), p, o, e.Constraint)
				if terminology.KindOf(err) == terminology.NotSupported {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				want, err := q.Contains(ctx, o)
				if err != nil || got != want {
					t.Fatalf("seed %d: ConceptSatisfies(%s, %s) = %v, the engine says %v, %v", seed, conceptID(i), s, got, want, err)
				}
				if asked++; got {
					yes++
				}
			}
		}
	}
	if asked < 10_000 || yes < asked/20 || yes > asked*19/20 {
		t.Errorf("%s", fmt.Sprintf("%d of %d answers are yes: the test looks at too little", yes, asked))
	}
	t.Logf("%d of %d answers are yes", yes, asked)
}

// TestDefinitionStandsWhereItsConceptDoes asks for the place in the hierarchy of what
// defined concepts are equivalent to: it is that of the concepts.
func TestDefinitionStandsWhereItsConceptDoes(t *testing.T) {
	asked := 0
	for seed := range uint64(8) {
		w := newWorld(seed)
		p := w.open(t)
		for i := range w.trees {
			o := must(t, p, conceptID(i))
			if !w.defined[i] {
				continue
			}
			f := form(t, p, scg.ConceptForm(p, o).Expression(p).String())
			if _, ok := f.Concept(); ok {
				t.Fatalf("the definition of %s is taken for a concept", conceptID(i))
			}
			for j := range w.trees {
				for _, op := range []string{"", "<", "<<", "<!", "<<!", ">", ">>", ">!", ">>!"} {
					c := constraint(t, op+conceptID(j))
					got, err := scg.Satisfies(t.Context(), p, f, c)
					want, errConcept := scg.ConceptSatisfies(t.Context(), p, o, c)
					if got != want || err != nil || errConcept != nil {
						t.Fatalf("seed %d: Satisfies(%s, %s%s) = %v, %v, of its definition %v, %v", seed, conceptID(i), op, conceptID(j), want, errConcept, got, err)
					}
					asked++
				}
			}
		}
	}
	if asked < 5_000 {
		t.Errorf("only %d questions were asked", asked)
	}
}
