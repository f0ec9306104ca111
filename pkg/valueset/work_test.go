package valueset_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// TestOneBudget asks of value sets each part of which is cheap, and which are costly
// together: the whole draws from one budget, set and membership, and the error says where
// it ended. The same work ends at the same place.
func TestOneBudget(t *testing.T) {
	lib := sample(t)
	many := func(n int, s valueset.ConceptSet) []valueset.ConceptSet {
		out := make([]valueset.ConceptSet, n)
		for i := range out {
			out[i] = s
		}
		return out
	}
	filters := func(n int, f valueset.Filter) valueset.ConceptSet {
		s := valueset.ConceptSet{System: sct}
		for range n {
			s.Filters = append(s.Filters, f)
		}
		return s
	}
	url := func(i int) string { return fmt.Sprintf("http://example.org/chain-%d", i) }
	chain := func(n int) *valueset.Compose { // each imports the next one in a hundred places
		for i := range n {
			next := url(i + 1)
			lib.sets[url(i)] = &valueset.Compose{URL: url(i), Include: many(100, valueset.ConceptSet{System: sct, ValueSets: []string{next}})}
		}
		lib.sets[url(n)] = &valueset.Compose{URL: url(n), Include: many(1, valueset.ConceptSet{System: sct})}
		return lib.sets[url(0)]
	}
	some := strings.Repeat("22298006,", 20_000) + "57054005"
	for _, tt := range []struct {
		name    string
		compose *valueset.Compose
		where   string // the end of it
		one     bool   // it is too costly of one code as well
	}{
		{name: "regular expressions", compose: &valueset.Compose{URL: "x", Include: []valueset.ConceptSet{filters(3000, valueset.Filter{Property: "display", Op: "regex", Value: "term (a?){50}.*"})}}, where: ", the last of them in value set x, include[0].filter[%d]"},
		{name: "includes", compose: &valueset.Compose{URL: "x", Include: many(100_000, valueset.ConceptSet{System: sct, Version: "2024", Concepts: []valueset.ConceptReference{{Code: "1"}}})}, where: "value set x, include[%d]", one: true},
		{name: "excludes", compose: &valueset.Compose{URL: "x", Include: many(1, valueset.ConceptSet{System: sct}), Exclude: many(100_000, valueset.ConceptSet{System: icd10})}, where: "value set x, exclude[%d]", one: true},
		{name: "long lists", compose: &valueset.Compose{URL: "x", Include: many(10, valueset.ConceptSet{System: sct, Filters: []valueset.Filter{{Property: "concept", Op: "in", Value: some}}}),
			Exclude: many(10, valueset.ConceptSet{System: sct, Filters: []valueset.Filter{{Property: "concept", Op: "in", Value: some}}})}, where: "value set x, include[%d].filter[0]", one: true},
		{name: "long lists of properties", compose: &valueset.Compose{URL: "x", Include: many(10, valueset.ConceptSet{System: sct, Filters: []valueset.Filter{{Property: "display", Op: "in", Value: some}}})}, where: "value set x, include[%d].filter[0]", one: true},
		{name: "imports", compose: chain(25), where: "value set http://example.org/chain-%d, include", one: false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const most = 5_000_000
			ask := map[string]func(context.Context) error{
				"Evaluate": func(ctx context.Context) error {
					_, err := valueset.Evaluate(ctx, tt.compose, lib)
					return err
				},
				"Contains": func(ctx context.Context) error {
					o, _ := lib.systems[0].Find("44054006")
					_, err := valueset.Contains(ctx, tt.compose, lib, lib.systems[0], o)
					return err
				},
			}
			for name, ask := range ask {
				if name == "Contains" && !tt.one {
					continue
				}
				err := ask(terminology.WithBudget(t.Context(), most))
				if terminology.KindOf(err) != terminology.TooCostly {
					t.Fatalf("%s: %v, want TooCostly", name, err)
				}
				before, after, _ := strings.Cut(tt.where, "%d")
				if name == "Contains" {
					before, after = "value set x, ", "[" // excludes are asked first
				}
				if text := err.Error(); !strings.Contains(text, before) || !strings.Contains(text, after) || !strings.Contains(text, "more than 5000000 steps") {
					t.Errorf("%s: %q, want %q in it", name, text, tt.where)
				}
				if again := ask(terminology.WithBudget(t.Context(), most)); again.Error() != err.Error() {
					t.Errorf("%s: %v, and the second time %v", name, err, again)
				}
				if err := ask(terminology.WithBudget(t.Context(), 1<<50)); err != nil {
					t.Errorf("%s with more: %v", name, err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if err := ask(ctx); terminology.KindOf(err) != terminology.Unavailable {
					t.Errorf("%s when nobody waits: %v, want Unavailable", name, err)
				}
			}
		})
	}
}

// TestWorkIsWhatIsSaid wants the work of what is asked every day far below the budget.
func TestWorkIsWhatIsSaid(t *testing.T) {
	lib := sample(t)
	for name, c := range lib.sets {
		ctx := terminology.WithBudget(t.Context(), 0)
		if _, err := valueset.Evaluate(ctx, c, lib); err != nil && terminology.KindOf(err) != terminology.Invalid {
			t.Fatalf("Evaluate(%s): %v", name, err)
		}
		if used := terminology.BudgetOf(ctx).Used(); used < 1000 || used > 50_000 {
			t.Errorf("Evaluate(%s) takes %d steps, want some thousand", name, used)
		}
	}
}

// TestLongListsFold wants a long list of values answered as a short one, which compares
// with each: with regard to case, in codes with letters of other alphabets too.
func TestLongListsFold(t *testing.T) {
	cs := build(t, terminology.Release{System: icd10, Version: "2026"}, []concept{{code: "K"}, {code: "ß"}, {code: "Å1"}, {code: "Ǆ"}, {code: "æø"}}, "", nil)
	for _, sensitive := range []bool{false, true} {
		lib := library{systems: []terminology.CodeSystem{cased{cs, sensitive}}}
		for _, value := range []string{"term av \u212a", "TERM AV SS", "term av å1", "Term av ǅ", "TERM AV ÆØ", "term av K", "none"} {
			short := &valueset.Compose{Include: []valueset.ConceptSet{{System: icd10, Filters: []valueset.Filter{{Property: "display", Op: "in", Value: value}}}}}
			var list []string
			for i := range 50 {
				list = append(list, fmt.Sprintf("other %d", i))
			}
			long := &valueset.Compose{Include: []valueset.ConceptSet{{System: icd10, Filters: []valueset.Filter{{Property: "display", Op: "in", Value: value + "," + strings.Join(list, ",")}}}}}
			a, err := valueset.Evaluate(t.Context(), short, lib)
			b, err2 := valueset.Evaluate(t.Context(), long, lib)
			if err != nil || err2 != nil || !a[0].Set.Equals(b[0].Set) {
				t.Errorf("%q, by case %v: %v of a short list, %v of a long one; %v, %v", value, sensitive, a[0].Set, b[0].Set, err, err2)
			}
		}
	}
}

// cased is a code system with or without regard to case.
type cased struct {
	terminology.CodeSystem
	sensitive bool
}

func (c cased) Release() terminology.Release {
	r := c.CodeSystem.Release()
	r.CaseSens = c.sensitive
	return r
}
