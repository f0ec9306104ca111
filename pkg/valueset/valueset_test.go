package valueset_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

const (
	sct   = "http://snomed.info/sct"
	icd10 = "http://hl7.org/fhir/sid/icd-10-no"
)

// concept is a line of a small code system.
type concept struct {
	code, parents string
	inactive      bool
}

// hearts is a part of SNOMED CT around heart attacks: two parents, a retired
// concept, and reference set 723264001.
var hearts = []concept{
	{code: "138875005"},
	{code: "404684003", parents: "138875005"},
	{code: "64572001", parents: "404684003"},
	{code: "56265001", parents: "64572001"},
	{code: "414545008", parents: "56265001"},
	{code: "251061000", parents: "56265001"},
	{code: "22298006", parents: "414545008 251061000"},
	{code: "57054005", parents: "22298006"},
	{code: "1755008", parents: "22298006"},
	{code: "73211009", parents: "64572001"},
	{code: "44054006", parents: "73211009"},
	{code: "900000000000455006", parents: "138875005"},
	{code: "723264001", parents: "900000000000455006"},
	{code: "194828000", parents: "414545008"},
	{code: "13213009", inactive: true},
	{code: "302119003", inactive: true},
}

var members = []string{"22298006", "57054005", "73211009", "13213009"}

// build makes a code system of concepts, with an optional reference set.
func build(t testing.TB, release terminology.Release, concepts []concept, refset string, members []string) *basic.Provider {
	t.Helper()
	b := basic.NewBuilder()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	for _, c := range concepts {
		check(b.Concept(terminology.Concept{Code: c.code, Inactive: c.inactive}))
		check(b.Designation(terminology.Designation{Concept: c.code, Language: "nb", Use: terminology.UseDisplay, Term: "term av " + c.code, Preferred: true}))
	}
	for _, c := range concepts {
		for _, p := range strings.Fields(c.parents) {
			check(b.Parent(c.code, p))
		}
	}
	if refset != "" {
		check(b.Table(refset, nil))
		for _, m := range members {
			check(b.Row(terminology.Row{Table: refset, Component: m, ID: "8c5b8e1e-7c2e-4c5e-9d6a-000000000001"}))
		}
	}
	image, err := b.Build(release, basic.DefaultRules())
	check(err)
	memory := store.NewMemory()
	check(image.Write(memory))
	check(image.WriteRows(memory))
	check(memory.Close())
	p, err := basic.Open(memory, basic.Options{})
	check(err)
	return p
}

// library is what is installed, and the value sets that are known.
type library struct {
	systems []terminology.CodeSystem
	sets    map[string]*valueset.Compose
}

func (l library) CodeSystem(system, version string) (terminology.CodeSystem, error) {
	for _, cs := range l.systems {
		if r := cs.Release(); r.System == system && (version == "" || version == r.Version) {
			return cs, nil
		}
	}
	return nil, &terminology.Error{Kind: terminology.NotFound, Coding: terminology.Coding{System: system, Version: version}}
}

func (l library) ValueSet(url string) (*valueset.Compose, error) {
	if c, ok := l.sets[url]; ok {
		return c, nil
	}
	return nil, &terminology.Error{Kind: terminology.NotFound, Coding: terminology.Coding{System: url}}
}

func sample(t testing.TB) library {
	return library{
		systems: []terminology.CodeSystem{
			build(t, terminology.Release{System: sct, Version: "2025", CaseSens: true}, hearts, "723264001", members),
			build(t, terminology.Release{System: icd10, Version: "2026"}, []concept{{code: "I21"}, {code: "I21.0", parents: "I21"}, {code: "I21.9", parents: "I21"}, {code: "R50.0", inactive: true}}, "", nil),
			build(t, terminology.Release{System: sct, Version: "2024", CaseSens: true}, hearts[:7], "", nil),
		},
		sets: map[string]*valueset.Compose{
			"http://example.org/hearts":   {URL: "http://example.org/hearts", Include: []valueset.ConceptSet{{System: sct, Filters: []valueset.Filter{{Property: "concept", Op: "is-a", Value: "56265001"}}}}},
			"http://example.org/both":     {URL: "http://example.org/both", Include: []valueset.ConceptSet{{ValueSets: []string{"http://example.org/hearts"}}, {System: icd10}}},
			"http://example.org/active":   {URL: "http://example.org/active", Inactive: new(bool), Include: []valueset.ConceptSet{{System: sct}, {System: icd10}}},
			"http://example.org/itself":   {URL: "http://example.org/itself", Include: []valueset.ConceptSet{{ValueSets: []string{"http://example.org/itself"}}}},
			"http://example.org/circle-a": {URL: "http://example.org/circle-a", Include: []valueset.ConceptSet{{System: sct}}, Exclude: []valueset.ConceptSet{{ValueSets: []string{"http://example.org/circle-b"}}}},
			"http://example.org/circle-b": {URL: "http://example.org/circle-b", Include: []valueset.ConceptSet{{ValueSets: []string{"http://example.org/circle-a"}}}},
		},
	}
}

// codes returns what was evaluated, code system by code system, in code order.
func codes(parts []valueset.Part) []string {
	var out []string
	for _, p := range parts {
		var of []string
		for it := p.Set.Iterator(); it.HasNext(); {
			of = append(of, p.CodeSystem.Code(it.Next()))
		}
		slices.Sort(of)
		out = append(out, p.CodeSystem.Release().Version+": "+strings.Join(of, " "))
	}
	return out
}

func only(f ...valueset.Filter) []valueset.ConceptSet {
	return []valueset.ConceptSet{{System: sct, Filters: f}}
}

func TestEvaluate(t *testing.T) {
	no, yes := new(bool), true
	lib := sample(t)
	all := "2025: 13213009 138875005 1755008 194828000 22298006 251061000 302119003 404684003 414545008 44054006 56265001 57054005 64572001 723264001 73211009 900000000000455006"
	tests := []struct {
		name string
		c    valueset.Compose
		want []string
	}{
		{"all of a code system, inactive too", valueset.Compose{Include: only()}, []string{all}},
		{"inactive is said to be in", valueset.Compose{Inactive: &yes, Include: only()}, []string{all}},
		{"only active", valueset.Compose{Inactive: no, Include: []valueset.ConceptSet{{System: icd10}}}, []string{"2026: I21 I21.0 I21.9"}},
		{"a version", valueset.Compose{Include: []valueset.ConceptSet{{System: sct, Version: "2024", Filters: []valueset.Filter{{"concept", "descendent-of", "56265001"}}}}}, []string{"2024: 22298006 251061000 414545008"}},
		{"is-a has the concept itself", valueset.Compose{Include: only(valueset.Filter{"concept", "is-a", "22298006"})}, []string{"2025: 1755008 22298006 57054005"}},
		{"code means the concept too", valueset.Compose{Include: only(valueset.Filter{"code", "is-a", "22298006"})}, []string{"2025: 1755008 22298006 57054005"}},
		{"descendent-of has it not", valueset.Compose{Include: only(valueset.Filter{"concept", "descendent-of", "22298006"})}, []string{"2025: 1755008 57054005"}},
		{"is-not-a", valueset.Compose{Include: only(valueset.Filter{"concept", "is-not-a", "404684003"})}, []string{"2025: 13213009 138875005 302119003 723264001 900000000000455006"}},
		{"generalizes has the concept itself", valueset.Compose{Include: only(valueset.Filter{"concept", "generalizes", "22298006"})}, []string{"2025: 138875005 22298006 251061000 404684003 414545008 56265001 64572001"}},
		{"child-of", valueset.Compose{Include: only(valueset.Filter{"concept", "child-of", "56265001"})}, []string{"2025: 251061000 414545008"}},
		{"parent is child-of", valueset.Compose{Include: only(valueset.Filter{"parent", "=", "56265001"})}, []string{"2025: 251061000 414545008"}},
		{"child leads to the parents", valueset.Compose{Include: only(valueset.Filter{"child", "=", "22298006"})}, []string{"2025: 251061000 414545008"}},
		{"one concept", valueset.Compose{Include: only(valueset.Filter{"concept", "=", "22298006"})}, []string{"2025: 22298006"}},
		{"members of a reference set, retired ones too", valueset.Compose{Include: only(valueset.Filter{"concept", "in", "723264001"})}, []string{"2025: 13213009 22298006 57054005 73211009"}},
		{"a list of codes", valueset.Compose{Include: only(valueset.Filter{"concept", "in", "22298006, 73211009,80891009"})}, []string{"2025: 22298006 73211009"}},
		{"no such reference set", valueset.Compose{Include: only(valueset.Filter{"concept", "in", "22298006"})}, []string{"2025: "}},
		{"reference sets", valueset.Compose{Include: []valueset.ConceptSet{{System: sct, Refsets: true}}}, []string{"2025: 723264001"}},
		{"two filters are both", valueset.Compose{Include: only(valueset.Filter{"concept", "is-a", "22298006"}, valueset.Filter{"concept", "in", "723264001"})}, []string{"2025: 22298006 57054005"}},
		{"a concept that is not there", valueset.Compose{Include: only(valueset.Filter{"concept", "is-a", "80891009"})}, []string{"2025: "}},
		{"not below a concept that is not there", valueset.Compose{Include: only(valueset.Filter{"concept", "is-not-a", "80891009"})}, []string{all}},
		{"a list, in any case, unknown codes left out", valueset.Compose{Include: []valueset.ConceptSet{{System: icd10, Concepts: []valueset.ConceptReference{{Code: "i21.9"}, {Code: "I21.X"}, {Code: "R50.0"}}}}}, []string{"2026: I21.9 R50.0"}},
		{"excluded list", valueset.Compose{Include: only(valueset.Filter{"concept", "is-a", "22298006"}), Exclude: []valueset.ConceptSet{{System: sct, Concepts: []valueset.ConceptReference{{Code: "1755008"}}}}}, []string{"2025: 22298006 57054005"}},
		{"an exclude of another system takes nothing", valueset.Compose{Include: only(valueset.Filter{"concept", "=", "1755008"}), Exclude: []valueset.ConceptSet{{System: icd10}}}, []string{"2025: 1755008"}},
		{"two includes are either, once", valueset.Compose{Include: append(only(valueset.Filter{"concept", "is-a", "22298006"}), only(valueset.Filter{"concept", "=", "22298006"}, valueset.Filter{"concept", "=", "22298006"})...)}, []string{"2025: 1755008 22298006 57054005"}},
		{"a value set and a filter", valueset.Compose{Include: []valueset.ConceptSet{{System: sct, Filters: []valueset.Filter{{"concept", "in", "723264001"}}, ValueSets: []string{"http://example.org/hearts"}}}}, []string{"2025: 22298006 57054005"}},
		{"two value sets are what both hold", valueset.Compose{Include: []valueset.ConceptSet{{ValueSets: []string{"http://example.org/both", "http://example.org/active"}}}},
			[]string{"2025: 1755008 194828000 22298006 251061000 414545008 56265001 57054005", "2026: I21 I21.0 I21.9"}},
		{"a value set of another system holds nothing here", valueset.Compose{Include: []valueset.ConceptSet{{System: icd10, ValueSets: []string{"http://example.org/hearts"}}}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts, err := valueset.Evaluate(t.Context(), &tt.c, lib)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, codes(parts)); diff != "" {
				t.Errorf("Evaluate (-want +got):\n%s", diff)
			}
			agrees(t, &tt.c, lib)
		})
	}
}

// TestRefused holds both ways of asking to the same kinds of error, and to naming
// what was wrong.
func TestRefused(t *testing.T) {
	lib := sample(t)
	tests := []struct {
		name string
		c    valueset.Compose
		kind terminology.Kind
		text string // is part of the error
	}{
		{"includes nothing", valueset.Compose{URL: "http://example.org/none"}, terminology.Invalid, "http://example.org/none includes nothing"},
		{"neither system nor value set", valueset.Compose{Include: []valueset.ConceptSet{{}}}, terminology.Invalid, "vsd-1"},
		{"filters without a system", valueset.Compose{Include: []valueset.ConceptSet{{ValueSets: []string{"http://example.org/hearts"}, Filters: []valueset.Filter{{"concept", "is-a", "22298006"}}}}}, terminology.Invalid, "vsd-2"},
		{"concepts and filters", valueset.Compose{Include: []valueset.ConceptSet{{System: sct, Concepts: []valueset.ConceptReference{{Code: "22298006"}}, Filters: []valueset.Filter{{"concept", "is-a", "22298006"}}}}}, terminology.Invalid, "vsd-3"},
		{"filter without a value", valueset.Compose{Include: only(valueset.Filter{Property: "concept", Op: "is-a"})}, terminology.Invalid, "lacks its property, op or value"},
		{"unknown system", valueset.Compose{Include: []valueset.ConceptSet{{System: "http://loinc.org"}}}, terminology.NotFound, "http://loinc.org"},
		{"unknown version", valueset.Compose{Include: []valueset.ConceptSet{{System: sct, Version: "1999"}}}, terminology.NotFound, "1999"},
		{"unknown value set", valueset.Compose{Include: []valueset.ConceptSet{{ValueSets: []string{"http://example.org/unknown"}}}}, terminology.NotFound, "http://example.org/unknown"},
		{"unknown value set in an exclude", valueset.Compose{Include: only(), Exclude: []valueset.ConceptSet{{ValueSets: []string{"http://example.org/unknown"}}}}, terminology.NotFound, "http://example.org/unknown"},
		{"refers to itself", *lib.sets["http://example.org/itself"], terminology.Invalid, "http://example.org/itself refers to itself"},
		{"refers to itself by another", *lib.sets["http://example.org/circle-a"], terminology.Invalid, "[http://example.org/circle-a http://example.org/circle-b http://example.org/circle-a]"},
		{"no regular expression", valueset.Compose{Include: only(valueset.Filter{"code", "regex", "22.(*"})}, terminology.Invalid, "the filter code regex of " + sct},
		{"an attribute", valueset.Compose{Include: only(valueset.Filter{"363698007", "=", "74281007"})}, terminology.NotSupported, "filter 363698007 = 74281007"},
		{"parent by another operator", valueset.Compose{Include: only(valueset.Filter{"parent", "generalizes", "22298006"})}, terminology.NotSupported, "filter parent generalizes 22298006"},
		{"an unknown filter in an exclude", valueset.Compose{Include: only(), Exclude: only(valueset.Filter{"concept", "exists", "true"})}, terminology.NotSupported, "filter concept exists true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := valueset.Evaluate(t.Context(), &tt.c, lib)
			if terminology.KindOf(err) != tt.kind || err == nil || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("Evaluate: %v, want kind %v and %q", err, tt.kind, tt.text)
			}
			cs := lib.systems[0]
			for o := range terminology.Ordinal(cs.Len()) {
				in, err := valueset.Contains(t.Context(), &tt.c, lib, cs, o)
				if terminology.KindOf(err) != tt.kind || err == nil || !strings.Contains(err.Error(), tt.text) {
					t.Fatalf("Contains %s: %v, %v, want kind %v and %q", cs.Code(o), in, err, tt.kind, tt.text)
				}
			}
		})
	}
}

func TestDepth(t *testing.T) {
	lib := library{systems: sample(t).systems, sets: map[string]*valueset.Compose{}}
	url := func(i int) string { return "http://example.org/" + strings.Repeat("x", i+1) }
	for i := range 100 {
		lib.sets[url(i)] = &valueset.Compose{URL: url(i), Include: []valueset.ConceptSet{{ValueSets: []string{url(i + 1)}}}}
	}
	lib.sets[url(100)] = &valueset.Compose{URL: url(100), Include: only()}
	for first, kind := range map[int]terminology.Kind{0: terminology.TooCostly, 80: terminology.Other} {
		if _, err := valueset.Evaluate(t.Context(), lib.sets[url(first)], lib); terminology.KindOf(err) != kind {
			t.Errorf("%d value sets deep: %v, want kind %v", 100-first, err, kind)
		}
		if _, err := valueset.Contains(t.Context(), lib.sets[url(first)], lib, lib.systems[0], 0); terminology.KindOf(err) != kind {
			t.Errorf("%d value sets deep, one concept: %v, want kind %v", 100-first, err, kind)
		}
	}
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the client has gone")
	cancel(why)
	_, err := valueset.Evaluate(ctx, &valueset.Compose{Include: only()}, sample(t))
	if terminology.KindOf(err) != terminology.Unavailable || !errors.Is(err, why) {
		t.Errorf("Evaluate: %v, want Unavailable and why", err)
	}
}

// TestResultIsTheCallers changes what was returned and asks again: bitmaps of a
// provider must not come out.
func TestResultIsTheCallers(t *testing.T) {
	lib := sample(t)
	for _, f := range []valueset.Filter{{"concept", "descendent-of", "22298006"}, {"concept", "in", "723264001"}} {
		c := valueset.Compose{Include: only(f)}
		first, err := valueset.Evaluate(t.Context(), &c, lib)
		if err != nil {
			t.Fatal(err)
		}
		want := codes(first)
		first[0].Set.Clear()
		second, _ := valueset.Evaluate(t.Context(), &c, lib)
		if diff := cmp.Diff(want, codes(second)); diff != "" {
			t.Errorf("%v after its set was cleared (-want +got):\n%s", f, diff)
		}
	}
}

// agrees states that Contains says of every concept what Evaluate says of all.
func agrees(t testing.TB, c *valueset.Compose, lib library) {
	t.Helper()
	parts, err := valueset.Evaluate(context.Background(), c, lib)
	if err != nil {
		t.Fatal(err)
	}
	for _, cs := range lib.systems {
		for o := range terminology.Ordinal(cs.Len()) {
			want := slices.ContainsFunc(parts, func(p valueset.Part) bool { return p.CodeSystem == cs && p.Set.Contains(o) })
			got, err := valueset.Contains(t.Context(), c, lib, cs, o)
			if err != nil || got != want {
				t.Fatalf("Contains(%s|%s#%s) = %v, %v, but Evaluate says %v; definition %+v", cs.Release().System, cs.Release().Version, cs.Code(o), got, err, want, *c)
			}
		}
	}
}
