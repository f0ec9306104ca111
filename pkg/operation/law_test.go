package operation_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// expand returns a whole expansion.
func expand(t testing.TB, req operation.ExpandRequest) *operation.ExpandResponse {
	t.Helper()
	resp, err := service.Expand(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// TestPagesAreTheWhole puts pages of every size together: in order of the hierarchy
// and, with words, in the order of the search.
func TestPagesAreTheWhole(t *testing.T) {
	several := &operation.Compose{Include: []operation.ConceptSet{{System: sct, Filters: []operation.Filter{{Property: "concept", Op: "is-a", Value: "404684003"}}}, {System: icd}, {System: icpc}}}
	named := &operation.Compose{Include: []operation.ConceptSet{{System: sct, Concepts: []operation.ConceptReference{
		{Code: "22298006"}, {Code: "73211009"}, {Code: "64572001"}, {Code: "22298006:{363698007=74281007}"}, {Code: "64572001:{363698007=74281007}"}, {Code: "64572001 : 363698007 = 80891009"},
	}}}}
	for name, req := range map[string]operation.ExpandRequest{
		"expressions":    {Compose: named},
		"all":            {URL: sct + "?fhir_vs"},
		"isa, active":    {URL: isa + "404684003", ActiveOnly: true},
		"three systems":  {Compose: several},
		"words":          {Compose: several, Text: "hjerte"},
		"one word":       {URL: sct + "?fhir_vs", Text: "a"},
		"words, nynorsk": {URL: isa + "404684003", Text: "sjukdom", Languages: languages(t, "nn")},
	} {
		t.Run(name, func(t *testing.T) {
			req.Count = -1
			whole := expand(t, req)
			if len(whole.Codes) != whole.Total || !whole.Exact || whole.Total < 5 {
				t.Fatalf("the whole has %d codes, total %d, exact %v", len(whole.Codes), whole.Total, whole.Exact)
			}
			for _, size := range []int{1, 2, 7, 50, 99, whole.Total - 1, whole.Total, whole.Total + 1} {
				var got []operation.ExpandedCode
				req.Count = size
				for req.Offset = 0; req.Offset < whole.Total; req.Offset += size {
					if size == 1 && req.Offset > 40 {
						got = append(got, whole.Codes[req.Offset:]...) // one by one is slow for all
						break
					}
					page := expand(t, req)
					if page.Total != whole.Total || page.Offset != req.Offset {
						t.Fatalf("page of %d from %d: total %d, offset %d, want total %d", size, req.Offset, page.Total, page.Offset, whole.Total)
					}
					got = append(got, page.Codes...)
				}
				if diff := cmp.Diff(whole.Codes, got); diff != "" {
					t.Fatalf("pages of %d (-whole +pages):\n%s", size, diff)
				}
			}
		})
	}
}

// TestTooCostly: an answer is whole or refused, never a part of what was asked for.
func TestTooCostly(t *testing.T) {
	small := operation.New(installed, operation.Options{Languages: language.Of(language.Bokmal), MaxCodes: 100})
	all := sct + "?fhir_vs"
	for _, tt := range []struct {
		name          string
		offset, count int
		want          int // codes; -1: refused
	}{
		{"all", 0, -1, -1},
		{"the limit", 0, 100, 100},
		{"a page larger than the limit", 0, 101, -1},
		{"a page larger than what is left", 400, 1000, 39},
		{"all that is left", 400, -1, 39},
		{"behind the end", 439, 100, 0},
		{"far behind the end", 1<<62 - 1, 1<<62 - 1, 0},
		{"only the total", 0, 0, 0},
	} {
		resp, err := small.Expand(t.Context(), operation.ExpandRequest{URL: all, Offset: tt.offset, Count: tt.count})
		switch {
		case tt.want < 0:
			if terminology.KindOf(err) != terminology.TooCostly {
				t.Errorf("%s: %v, want TooCostly", tt.name, err)
			}
		case err != nil || len(resp.Codes) != tt.want || resp.Total != 439:
			t.Errorf("%s: %d codes, %v, want %d", tt.name, len(resp.Codes), err, tt.want)
		}
	}
	for count, kind := range map[int]terminology.Kind{100: terminology.Other, 101: terminology.TooCostly, -1: terminology.TooCostly} {
		if resp, err := small.Expand(t.Context(), operation.ExpandRequest{URL: all, Text: "a", Count: count}); terminology.KindOf(err) != kind || err == nil && len(resp.Codes) != 100 {
			t.Errorf("words, a page of %d: %v, want %v", count, err, kind)
		}
	}
	if resp, err := small.Expand(t.Context(), operation.ExpandRequest{URL: all, Text: "hjerte", Offset: 1<<62 - 1, Count: 1<<62 - 1}); err != nil || len(resp.Codes) != 0 {
		t.Errorf("words, far behind the end: %d codes, %v", len(resp.Codes), err)
	}
}

// TestSubsumesAgreesWithExpand: b is in isa/a when and only when a subsumes b or is
// b; so is it with membership and with the reverse question.
func TestSubsumesAgreesWithExpand(t *testing.T) {
	concepts := expand(t, operation.ExpandRequest{URL: sct + "?fhir_vs", Count: -1}).Codes
	d := rand.New(rand.NewPCG(1, 2))
	inverse := map[operation.Subsumption]operation.Subsumption{operation.SameConcept: operation.SameConcept, operation.Subsuming: operation.SubsumedBy, operation.SubsumedBy: operation.Subsuming, operation.NotSubsumed: operation.NotSubsumed}
	above := 0
	for range 60 {
		a := concepts[d.IntN(len(concepts))].Coding.Code
		var members []string
		for _, c := range expand(t, operation.ExpandRequest{URL: isa + a, Count: -1}).Codes {
			members = append(members, c.Coding.Code)
		}
		above += len(members) - 1
		for _, c := range concepts {
			b := c.Coding.Code
			ab, err := service.Subsumes(t.Context(), operation.SubsumesRequest{System: sct, CodeA: a, CodeB: b})
			if err != nil {
				t.Fatal(err)
			}
			ba, _ := service.Subsumes(t.Context(), operation.SubsumesRequest{System: sct, CodeA: b, CodeB: a})
			below := ab.Outcome == operation.SameConcept || ab.Outcome == operation.Subsuming
			if below != slices.Contains(members, b) || ba.Outcome != inverse[ab.Outcome] || (ab.Outcome == operation.SameConcept) != (a == b) {
				t.Fatalf("Subsumes(%s, %s) = %v, the other way %v, in isa: %v", a, b, ab.Outcome, ba.Outcome, slices.Contains(members, b))
			}
		}
		in, err := service.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: coding(sct, a), ValueSet: isa + "404684003"})
		if err != nil {
			t.Fatal(err)
		}
		sub, _ := service.Subsumes(t.Context(), operation.SubsumesRequest{System: sct, CodeA: "404684003", CodeB: a})
		if want := sub.Outcome == operation.SameConcept || sub.Outcome == operation.Subsuming; in.Result != want {
			t.Errorf("ValidateCode(%s in isa/404684003) = %v, but Subsumes says %v", a, in.Result, sub.Outcome)
		}
	}
	if above == 0 {
		t.Error("no concept that was drawn has descendants")
	}
}

// TestLookupOfEverything asks for every code of every release: it is found, has a
// display, and its parents have it as their child.
func TestLookupOfEverything(t *testing.T) {
	for _, system := range []string{sct, icd, icpc, icpcB} {
		s := installed.Acquire()
		r, err := s.CodeSystem(system, "")
		if err != nil {
			t.Fatal(err)
		}
		for o := range terminology.Ordinal(r.CodeSystem.Len()) {
			code := r.CodeSystem.Code(o)
			resp, err := service.Lookup(t.Context(), operation.LookupRequest{Coding: coding(system, code)})
			if err != nil || !resp.Found || resp.Coding.Code != code || resp.Coding.Display == "" {
				t.Fatalf("Lookup(%s#%s) = %+v, %v", system, code, resp, err)
			}
			for _, p := range resp.Parents {
				parent, err := service.Lookup(t.Context(), operation.LookupRequest{Coding: p, Properties: []string{"child"}})
				if err != nil || !slices.ContainsFunc(parent.Children, func(c terminology.Coding) bool { return c.Code == code }) {
					t.Errorf("%s is a parent of %s, but does not name it as its child", p.Code, code)
				}
			}
		}
		s.LetGo()
	}
}

// TestConcurrentUse asks the same from several goroutines: all get the same.
func TestConcurrentUse(t *testing.T) {
	ask := func() []any {
		lookup, _ := service.Lookup(t.Context(), operation.LookupRequest{Coding: coding(sct, "22298006")})
		search, _ := service.Search(t.Context(), operation.SearchRequest{Text: "hjerteinf"})
		translate, _ := service.Translate(t.Context(), operation.TranslateRequest{Coding: coding(sct, "22298006")})
		expansion, _ := service.Expand(t.Context(), operation.ExpandRequest{URL: isa + "404684003", Text: "hjerte", Count: 10})
		return []any{lookup, search, translate, expansion}
	}
	want := ask()
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for range 20 {
				if diff := cmp.Diff(want, ask()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
					return
				}
			}
		})
	}
	asking.Wait()
}

// TestAllocations bounds what the hottest requests allocate. The bounds are what is
// measured, with some air: a look-up pays for its response, subsumption for two
// small structs.
func TestAllocations(t *testing.T) {
	for _, tt := range []struct {
		name string
		max  float64
		ask  func() error
	}{
		{"Lookup", 34, func() error {
			_, err := service.Lookup(t.Context(), operation.LookupRequest{Coding: coding(sct, "22298006")})
			return err
		}},
		{"Lookup without properties", 33, func() error {
			_, err := service.Lookup(t.Context(), operation.LookupRequest{Coding: coding(sct, "22298006"), Properties: []string{"none"}})
			return err
		}},
		{"Subsumes", 3, func() error {
			_, err := service.Subsumes(t.Context(), operation.SubsumesRequest{System: sct, CodeA: "404684003", CodeB: "22298006"})
			return err
		}},
		{"ValidateCode", 8, func() error {
			_, err := service.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: coding(sct, "22298006")})
			return err
		}},
		{"ValidateCode in a value set", 21, func() error {
			_, err := service.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: coding(sct, "22298006"), ValueSet: isa + "404684003"})
			return err
		}},
	} {
		var err error
		if got := testing.AllocsPerRun(200, func() { err = tt.ask() }); got > tt.max || err != nil {
			t.Errorf("%s allocates %.0f times, want %.0f at most; %v", tt.name, got, tt.max, err)
		}
	}
}
