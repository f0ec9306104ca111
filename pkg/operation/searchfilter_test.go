package operation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ask searches in the sample and fails the test on an error.
func ask(t *testing.T, req operation.SearchRequest) *operation.SearchResponse {
	t.Helper()
	if req.Limit == 0 {
		req.Limit = 500
	}
	resp, err := service.Search(t.Context(), req)
	if err != nil {
		t.Fatalf("Search(%+v): %v", req, err)
	}
	return resp
}

func codesOf(resp *operation.SearchResponse) []string {
	var codes []string
	for _, h := range resp.Hits {
		codes = append(codes, h.Coding.Code)
	}
	return codes
}

// TestSearchFilters compares filtered searches with what is left of the same search
// without a filter: the order is kept, nothing else is found and nothing lost.
func TestSearchFilters(t *testing.T) {
	snomed := []string{"snomed"}
	for _, tt := range []struct {
		name   string
		filter operation.SearchRequest
		set    string // that the hits are those of
	}{
		{"a constraint", operation.SearchRequest{Constraint: "<< 404684003 |Clinical finding| MINUS << 22298006"}, "http://snomed.info/sct?fhir_vs=ecl/%3C%3C404684003%20MINUS%20%3C%3C22298006"},
		{"a reference set", operation.SearchRequest{Refset: "447562003"}, "http://snomed.info/sct?fhir_vs=refset/447562003"},
		{"a value set", operation.SearchRequest{ValueSet: "http://snomed.info/sct?fhir_vs=isa/71388002"}, "http://snomed.info/sct?fhir_vs=isa/71388002"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set, err := service.Expand(t.Context(), operation.ExpandRequest{URL: tt.set, Count: 5000})
			if err != nil {
				t.Fatal(err)
			}
			in := map[string]bool{}
			for _, c := range set.Codes {
				in[c.Coding.Code] = true
			}
			found := 0
			for _, text := range []string{"hjerte", "i", "infarkt hjarte", "brudd", "a", "kreft i lunge"} {
				all := ask(t, operation.SearchRequest{Text: text, Systems: snomed})
				want := slices.DeleteFunc(codesOf(all), func(code string) bool { return !in[code] })
				req := tt.filter
				req.Text, req.Systems = text, snomed
				got := ask(t, req)
				if len(want) > 0 && (!slices.Equal(codesOf(got), want) || got.Total != len(want)) {
					t.Errorf("%q finds %q, total %d, want %q", text, codesOf(got), got.Total, want)
				}
				found += len(want)
			}
			if found == 0 {
				t.Error("no text finds anything in the set: the test shows nothing")
			}
		})
	}
}

// TestSearchTerms limits the terms that may match.
func TestSearchTerms(t *testing.T) {
	for _, tt := range []struct {
		text, terms string
		some        bool
	}{
		{"hjarteinfarkt", "nn", true}, {"hjerteinfarkt", "nb", true}, {"myocardial", "nb", false}, {"myocardial", "en", true},
		{"myocardial", "en-US", true}, {"hjerteinfarkt", "no-x-61000202103", true}, {"myocardial", "no-x-61000202103", false}, {"hjerte", "fi", false},
	} {
		tag, ok := language.ParseTag(tt.terms)
		if !ok {
			t.Fatal(tt.terms)
		}
		resp := ask(t, operation.SearchRequest{Text: tt.text, Systems: []string{"snomed"}, Terms: []language.Tag{tag}})
		sure := slices.ContainsFunc(resp.Hits, func(h operation.SearchHit) bool { return h.Class != "fuzzy" })
		if sure != tt.some {
			t.Errorf("%q among the terms in %s: found %v, want %v: %+v", tt.text, tt.terms, sure, tt.some, resp.Hits)
		}
	}
}

// TestSearchPages puts pages together and compares them with the whole.
func TestSearchPages(t *testing.T) {
	whole := ask(t, operation.SearchRequest{Text: "a"})
	var pages []string
	for offset := 0; offset < whole.Total; offset += 7 {
		page := ask(t, operation.SearchRequest{Text: "a", Limit: 7, Offset: offset})
		if page.Exact && page.Total != whole.Total {
			t.Fatalf("the page from %d has the total %d, want %d", offset, page.Total, whole.Total)
		}
		pages = append(pages, codesOf(page)...)
	}
	if !slices.Equal(pages, codesOf(whole)) || len(pages) < 20 {
		t.Errorf("pages are %q, want %q", pages, codesOf(whole))
	}
}

// TestSearchFacets counts what facets say among the hits.
func TestSearchFacets(t *testing.T) {
	for _, text := range []string{"hjerte", "a", "brudd", "infarkt hjarte"} {
		resp := ask(t, operation.SearchRequest{Text: text, Facets: true})
		if len(resp.Hits) != resp.Total || len(resp.Facets) != 4 {
			t.Fatalf("%q: %d hits of %d, %d facets", text, len(resp.Hits), resp.Total, len(resp.Facets))
		}
		want := map[string]map[string]int{operation.FacetSystem: {}, operation.FacetTag: {}}
		for _, h := range resp.Hits {
			want[operation.FacetSystem][h.Coding.System]++
			if h.Tag != "" {
				want[operation.FacetTag][h.Tag]++
			}
		}
		for _, f := range resp.Facets {
			if !f.Exact {
				t.Errorf("%q: facet %s is not exact", text, f.Name)
			}
			last := resp.Total
			for _, v := range f.Values {
				if v.Count < 1 || v.Count > last {
					t.Errorf("%q: facet %s has %d of %s after %d", text, f.Name, v.Count, v.Value, last)
				}
				last = v.Count
				if counts := want[f.Name]; counts != nil && counts[v.Value] != v.Count {
					t.Errorf("%q: facet %s has %d of %s, want %d", text, f.Name, v.Count, v.Value, counts[v.Value])
				}
			}
			if counts := want[f.Name]; counts != nil && len(counts) != len(f.Values) {
				t.Errorf("%q: facet %s has %d values, want %d", text, f.Name, len(f.Values), len(counts))
			}
			if f.Name == operation.FacetLanguage && len(f.Values) == 0 {
				t.Errorf("%q: no language", text)
			}
		}
	}
}

// TestSearchWholeAndFuzzy asks for whole words, and for typing errors where something
// matches.
func TestSearchWholeAndFuzzy(t *testing.T) {
	whole := ask(t, operation.SearchRequest{Text: "hjerte", WholeWords: true, Systems: []string{"snomed"}})
	for _, h := range whole.Hits {
		if h.Class != "compound" && h.Class != "forms" && !slices.Contains(language.Tokens(h.Term), "hjerte") {
			t.Errorf("whole words find %q (%s)", h.Term, h.Class)
		}
	}
	sure := ask(t, operation.SearchRequest{Text: "astma"})
	guessed := ask(t, operation.SearchRequest{Text: "astma", Fuzzy: true})
	if len(guessed.Hits) < len(sure.Hits) || !slices.Equal(codesOf(guessed)[:len(sure.Hits)], codesOf(sure)) {
		t.Errorf("with typing errors %q, want them to begin with %q", codesOf(guessed), codesOf(sure))
	}
}

func TestSearchMarks(t *testing.T) {
	hit := ask(t, operation.SearchRequest{Text: "inf hjerte", Systems: []string{"snomed"}}).Hits[0]
	var marked []string
	for _, s := range hit.Marked {
		marked = append(marked, strings.ToLower(hit.Term[s.Start:s.End]))
	}
	if !slices.Equal(marked, []string{"inf", "hjerte"}) && !slices.Equal(marked, []string{"hjerteinf"}) {
		t.Errorf("%q has %q marked", hit.Term, marked)
	}
	if hit.Rank.Class == 0 || hit.Rank.TierName == "" || hit.Rank.Letters == 0 {
		t.Errorf("keys %+v of %q", hit.Rank, hit.Term)
	}
}

func TestSearchRefuses(t *testing.T) {
	for _, tt := range []struct {
		req  operation.SearchRequest
		kind terminology.Kind
		says string
	}{
		{operation.SearchRequest{}, terminology.Invalid, "text"},
		{operation.SearchRequest{Text: "a", Limit: -1}, terminology.Invalid, "limit"},
		{operation.SearchRequest{Text: "a", Offset: -1}, terminology.Invalid, "offset"},
		{operation.SearchRequest{Text: "a", Offset: 990}, terminology.Invalid, "0 to 980"},
		{operation.SearchRequest{Text: "a", Constraint: "<<"}, terminology.Invalid, "line 1, column 3"},
		{operation.SearchRequest{Text: "a", Refset: "22298006"}, terminology.NotFound, "refset/22298006"},
		{operation.SearchRequest{Text: "a", Refset: "123"}, terminology.Invalid, "concept id"},
		{operation.SearchRequest{Text: "a", Refset: "447562003", Constraint: "*"}, terminology.Invalid, "one of them"},
		{operation.SearchRequest{Text: "a", Systems: []string{"icd-99"}}, terminology.NotFound, "icd-99"},
		{operation.SearchRequest{Text: strings.Repeat("a ", 70)}, terminology.TooCostly, "64"},
	} {
		_, err := service.Search(t.Context(), tt.req)
		if terminology.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("Search(%+v): %v, want %v with %q", tt.req, err, tt.kind, tt.says)
		}
	}
}

// TestSearchCodes types codes in the forms that people write them in.
func TestSearchCodes(t *testing.T) {
	for _, tt := range []struct{ text, system, want string }{
		{"I21.9", "icd-10", "I21.9"}, {"i219", "icd-10", "I21.9"}, {" i21.9 ", "icd-10", "I21.9"}, {"22298006", "snomed", "22298006"},
		{"I21.9", "", "I21.9"},
	} {
		req := operation.SearchRequest{Text: tt.text}
		if tt.system != "" {
			req.Systems = []string{tt.system}
		}
		resp := ask(t, req)
		if len(resp.Hits) == 0 || resp.Hits[0].Coding.Code != tt.want || resp.Hits[0].Class != "exact" || resp.Total < len(resp.Hits) {
			t.Errorf("%q finds %+v, want %s first", tt.text, resp.Hits, tt.want)
		}
	}
	outside := ask(t, operation.SearchRequest{Text: "22298006", Systems: []string{"snomed"}, Constraint: "<< 71388002"})
	if len(outside.Hits) > 0 {
		t.Errorf("a code outside the constraint is found: %+v", outside.Hits)
	}
}
