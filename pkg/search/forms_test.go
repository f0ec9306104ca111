package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// norwegianSample is sample with the language of each term, and some terms more: 13
// ankelbrudd, 14 søvnløshet, 15 tensjonshodepine, 16 blindtarmbetennelse, 17 polynevropati,
// 18 migrene.
func norwegianSample() []entry {
	all := append(slices.Clone(sample), []entry{
		{concept: 13, tier: "nb-p", term: "brudd i ankel"},
		{concept: 14, tier: "nb-p", term: "søvnløshet"},
		{concept: 15, tier: "nb-p", term: "tensjonshodepine"},
		{concept: 16, tier: "nb-p", term: "akutt appendisitt"},
		{concept: 17, tier: "nb-p", term: "polynevropati"},
		{concept: 18, tier: "nb-p", term: "hodepine uten migrene"},
		{concept: 19, tier: "nb-p", term: "åreknute"},
		{concept: 20, tier: "en-p", term: "fracture of ankle"},
		{concept: 21, tier: "nn-p", term: "lukka brot i underarm"},
		{concept: 22, tier: "nb-a", term: "MI - myokardinfarkt"},
		{concept: 23, tier: "nb-p", term: "mild astma"},
	}...)
	slices.SortStableFunc(all, func(a, b entry) int { return letters(a.term) - letters(b.term) })
	for i := range all {
		all[i].lang, _, _ = strings.Cut(all[i].tier, "-")
	}
	return all
}

// TestForms pins how terms are found that do not begin as the text does.
func TestForms(t *testing.T) {
	entries := norwegianSample()
	ix, cols := build(t, entries, BuilderOptions{Words: []string{"tensjon", "nevropati"}})
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"infarkt hjerte", []string{"words 1 infarkt i hjertet", "compound 0 akutt hjerteinfarkt", "compound 0 gammelt hjerteinfarkt"}},
		{"hjerte inf", []string{"words 0 hjerteinfarkt", "words 0 akutt hjerteinfarkt", "words 0 gammelt hjerteinfarkt"}},
		{"åreknutene", []string{"forms 0 åreknute", "forms 0 åreknuter"}},
		{"areknutene", []string{"bare 0 åreknute", "bare 0 åreknuter"}},
		{"hjarteinfarkt", []string{"exact 2 hjarteinfarkt", "compound 0 akutt hjerteinfarkt", "compound 0 gammelt hjerteinfarkt"}},
		{"hjarteinf", []string{"begins 2 hjarteinfarkt", "compound 0 akutt hjerteinfarkt", "compound 0 gammelt hjerteinfarkt"}},
		{"ankelbrudd", []string{"compound 0 brudd i ankel"}},
		{"brot i ankelen", []string{"forms 0 brudd i ankel"}},
		{"brot av ankelen", []string{"compound 0 brudd i ankel"}},
		{"ankelbrot", []string{"compound 0 brudd i ankel"}},
		{"søvnløyse", []string{"forms 0 søvnløshet"}},
		{"hovudverk", []string{"compound 0 tensjonshodepine", "compound 0 hodepine uten migrene"}},
		{"hodepine med migrene", nil},
		{"hodepine tensjon", []string{"compound 0 tensjonshodepine"}},
		{"appendicitis", []string{"compound 0 akutt appendisitt"}},
		{"nevropati", []string{"compound 0 polynevropati"}},
		{"lungekreft småcellet", []string{"words 0 småcellet lungekreft", "words 0 ikke-småcellet lungekreft"}},
		{"kreft i lunge", []string{"compound 0 småcellet lungekreft", "compound 0 ikke-småcellet lungekreft"}},
		{"lukket underarmsbrudd", []string{"compound 2 lukka brot i underarm"}},
		{"MI", []string{"abbreviation 1 MI - myokardinfarkt", "begins 0 mild astma", "words 0 hodepine uten migrene"}},
		{"mi", []string{"abbreviation 1 MI - myokardinfarkt", "begins 0 mild astma", "words 0 hodepine uten migrene"}},
		{"fractures ankle", nil},
	} {
		t.Run(tt.text, func(t *testing.T) {
			q := Query{Text: tt.text, Limit: 3, Prefer: []string{"nb-p", "nb-a"}, Plain: tt.want == nil}
			r, err := ix.Search(context.Background(), q, cols)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range r.Hits {
				got = append(got, fmt.Sprint(h.Class.Name(), " ", h.Tier, " ", cols.Term(h.Doc)))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Search(%q) (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

// TestHighlight pins which parts of a term are marked.
func TestHighlight(t *testing.T) {
	ix, _ := build(t, norwegianSample(), BuilderOptions{})
	for _, tt := range []struct{ text, term, want string }{
		{"hjerte inf", "hjerteinfarkt", "[hjerteinf]arkt"},
		{"inf hjerte", "infarkt i hjertet", "[inf]arkt i [hjerte]t"},
		{"infarkt", "gammelt hjerteinfarkt", "gammelt hjerte[infarkt]"},
		{"hjart", "hjerteinfarkt", "[hjert]einfarkt"},
		{"ankelbrudd", "Brudd i ankel", "[Brudd] i [ankel]"},
		{"ÅREKNUTENE", "Åreknuter i beina", "[Åreknuter] i beina"},
		{"areknuter", "Åreknuter", "[Åreknuter]"},
		{"brystsmrter", "brystsmerter", "[brystsmerter]"},
		{"sår", "Sår, sårskade", "[Sår], [sår]skade"},
		{"kreft", "astma", "astma"},
		{"", "astma", "astma"},
		{"crohn", "Crohn's sykdom", "[Crohn]'s sykdom"},
		{"i", "brudd i ankel", "brudd [i] ankel"},
	} {
		var b strings.Builder
		last := 0
		for _, s := range ix.Highlight(tt.text, false)(tt.term) {
			b.WriteString(tt.term[last:s.Start] + "[" + tt.term[s.Start:s.End] + "]")
			last = s.End
		}
		b.WriteString(tt.term[last:])
		if b.String() != tt.want {
			t.Errorf("%q in %q marks %s, want %s", tt.text, tt.term, b.String(), tt.want)
		}
	}
}

// TestHighlightKeeps marks one term after the other: what was given for those before stays.
func TestHighlightKeeps(t *testing.T) {
	ix, _ := build(t, norwegianSample(), BuilderOptions{})
	mark := ix.Highlight("hjerte inf a", false)
	var all, want [][]terminology.TextSpan
	for i := range 300 {
		term := strings.Repeat("hjerte arm infarkt ", i%12)
		spans := mark(term)
		all, want = append(all, spans), append(want, slices.Clone(spans))
		if len(spans) != 3*(i%12) {
			t.Fatalf("%d parts of %q are marked, want %d", len(spans), term, 3*(i%12))
		}
	}
	for i := range all {
		if !slices.Equal(all[i], want[i]) {
			t.Fatalf("the parts of term %d were %v, are %v", i, want[i], all[i])
		}
	}
}

// TestCollect compares what a search collects with the oracle, and searches that also
// guess with those that do not.
func TestCollect(t *testing.T) {
	entries := randomEntries(21, 3000, 3)
	ix, cols := build(t, entries, BuilderOptions{})
	groups := [][]string{{"nb-p", "nb-a"}, {"en-p", "en-a"}, {"da-p"}}
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		q := Query{Text: randomText(r, entries[r.IntN(len(entries))].term), Limit: 10, Prefer: []string{"nb-p"}}
		if r.IntN(3) == 0 {
			q.Tiers = groups[r.IntN(2)]
		}
		want, counts := roaring.New(), make([]int, len(groups))
		perGroup := make([]*roaring.Bitmap, len(groups))
		for g := range groups {
			perGroup[g] = roaring.New()
		}
		m := NewMatcher(q.Text, false)
		words := ix.analysis.wantAll(m)
		for _, e := range entries {
			tiers := strings.Split(e.tier, ",")
			in := func(some []string) bool {
				return slices.ContainsFunc(tiers, func(tier string) bool { return slices.Contains(some, tier) })
			}
			if e.off || len(q.Tiers) > 0 && !in(q.Tiers) {
				continue
			}
			folded, terms := known(ix, e.term)
			if m.class(folded) == noMatch && !(isNorwegian(e.lang) && ix.analysis.matches(m, words, folded, terms)) {
				continue
			}
			want.Add(e.concept)
			for g := range groups {
				if in(groups[g]) {
					perGroup[g].Add(e.concept)
				}
			}
		}
		if want.IsEmpty() {
			continue // there are last resorts
		}
		for g := range groups {
			counts[g] = int(perGroup[g].GetCardinality())
		}
		plain, err := ix.Search(context.Background(), q, cols)
		if err != nil {
			t.Fatal(err)
		}
		q.Collect, q.Groups = true, groups
		got, err := ix.Search(context.Background(), q, cols)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Concepts.Equals(want) || !slices.Equal(got.Groups, counts) || got.Total != int(want.GetCardinality()) || !got.Exact || !slices.Equal(got.Hits, plain.Hits) {
			t.Fatalf("Search(%q, %v) collects %d, groups %v, want %d, %v; hits %v, want %v", q.Text, q.Tiers, got.Total, got.Groups, want.GetCardinality(), counts, got.Hits, plain.Hits)
		}
		q.Collect, q.Fuzzy, q.Limit = false, true, 5000
		guessed, err := ix.Search(context.Background(), q, cols)
		if err != nil {
			t.Fatal(err)
		}
		sure := slices.IndexFunc(guessed.Hits, func(h Hit) bool { return h.Class == ClassFuzzy })
		if sure < 0 {
			sure = len(guessed.Hits)
		}
		if sure != int(want.GetCardinality()) || guessed.Total != len(guessed.Hits) {
			t.Fatalf("Search(%q) with typing errors has %d sure hits of %d, total %d, want %d", q.Text, sure, len(guessed.Hits), guessed.Total, want.GetCardinality())
		}
	}
}
