package search

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// sample is a handful of concepts as a release has them, short terms first.
// Concept numbers: 1 hjerteinfarkt, 2 akutt hjerteinfarkt, 3 åreknuter, 4
// brystsmerter, 5 KOLS, 6 ikke-småcellet lungekreft, 7 småcellet lungekreft, 8
// gammelt infarkt, 9 ICD-10 I21.0, 10 Crohns sykdom, 11 ødem, 12 retired.
var sample = []entry{
	{concept: 5, tier: "nb-a", term: "KOLS", tag: "disorder"},
	{concept: 11, tier: "nb-p,nn-p", term: "ødem", tag: "finding"},
	{concept: 5, tier: "en-a", term: "COPD", tag: "disorder"},
	{concept: 11, tier: "en-p", term: "Edema", tag: "finding"},
	{concept: 3, tier: "nb-p", term: "åreknuter", tag: "disorder"},
	{concept: 4, tier: "nn-p", term: "brystverk", tag: "finding"},
	{concept: 4, tier: "nb-p", term: "brystsmerter", tag: "finding"},
	{concept: 10, tier: "nb-p", term: "Crohns sykdom", tag: "disorder"},
	{concept: 1, tier: "nb-p", term: "hjerteinfarkt", tag: "disorder"},
	{concept: 12, tier: "nb-p", term: "hjerteinfarkt", tag: "disorder", off: true},
	{concept: 3, tier: "en-p", term: "Varicose veins", tag: "disorder"},
	{concept: 1, tier: "nn-p", term: "hjarteinfarkt", tag: "disorder"},
	{concept: 10, tier: "en-p", term: "Crohn's disease", tag: "disorder"},
	{concept: 1, tier: "nb-a", term: "infarkt i hjertet", tag: "disorder"},
	{concept: 9, tier: "nb-p", term: "Akutt transmuralt hjerteinfarkt i fremre vegg", tag: "category"},
	{concept: 2, tier: "nb-p", term: "akutt hjerteinfarkt", tag: "disorder"},
	{concept: 8, tier: "nb-p", term: "gammelt hjerteinfarkt", tag: "disorder"},
	{concept: 7, tier: "nb-p", term: "småcellet lungekreft", tag: "disorder"},
	{concept: 1, tier: "en-p", term: "Myocardial infarction", tag: "disorder"},
	{concept: 6, tier: "nb-p", term: "ikke-småcellet lungekreft", tag: "disorder"},
	{concept: 1, tier: "en-a", term: "Myocardial infarction (disorder)", tag: "disorder", use: "fsn"},
	{concept: 5, tier: "nb-p", term: "kronisk obstruktiv lungesykdom", tag: "disorder"},
}

// TestRank pins what a clinician sees for some texts, in order.
func TestRank(t *testing.T) {
	ix, cols := build(t, sample, BuilderOptions{})
	bokmål := []string{"nb-p", "nb-a"}
	tests := []struct {
		name string
		q    Query
		want []string // class, tier, term
	}{
		{"whole term first, then by rank", Query{Text: "hjerteinfarkt"}, []string{
			"1 0 hjerteinfarkt", "4 0 Akutt transmuralt hjerteinfarkt i fremre vegg", "4 0 akutt hjerteinfarkt", "4 0 gammelt hjerteinfarkt"}},
		{"beginning before words", Query{Text: "akutt h"}, []string{
			"3 0 akutt hjerteinfarkt", "4 0 Akutt transmuralt hjerteinfarkt i fremre vegg"}},
		{"prefixes in any order", Query{Text: "hjer inf"}, []string{"4 1 infarkt i hjertet"}},
		{"a filler word counts", Query{Text: "infarkt i"}, []string{"3 1 infarkt i hjertet"}},
		{"negation matters", Query{Text: "ikke små"}, []string{"3 0 ikke-småcellet lungekreft"}},
		{"and without it both are found", Query{Text: "småcellet lungek"}, []string{
			"3 0 småcellet lungekreft", "4 0 ikke-småcellet lungekreft"}},
		{"abbreviation", Query{Text: "kols"}, []string{"1 1 KOLS"}},
		{"nynorsk asked for", Query{Text: "bryst", Prefer: []string{"nn-p", "nb-p"}}, []string{"3 0 brystverk"}},
		{"other languages last", Query{Text: "my"}, []string{"3 2 Myocardial infarction"}},
		{"decomposed å", Query{Text: "a\u030Arek"}, []string{"3 0 åreknuter"}},
		{"aa for å", Query{Text: "aareknuter"}, []string{"1 0 åreknuter"}},
		{"oe for ø", Query{Text: "oedem"}, []string{"1 0 ødem"}},
		{"no å on the keyboard", Query{Text: "areknuter"}, []string{"7 0 åreknuter"}},
		{"no ø, whole words", Query{Text: "odem", WholeWords: true}, []string{"7 0 ødem"}},
		{"one typing error", Query{Text: "brystsmrter"}, []string{"10 0 brystsmerter"}},
		{"two letters swapped", Query{Text: "lugne"}, []string{
			"10 0 småcellet lungekreft", "10 0 ikke-småcellet lungekreft", "10 0 kronisk obstruktiv lungesykdom"}},
		{"two typing errors in a long word", Query{Text: "gamelt hjerteinfrakkt"}, []string{"10 0 gammelt hjerteinfarkt"}},
		{"two typing errors in a word of seven letters", Query{Text: "kroinks"}, nil},
		{"two typing errors in a word of seven letters, asked for", Query{Text: "kroinks", Fuzzy: true}, nil},
		{"a short word has no errors", Query{Text: "kxl"}, nil},
		{"whole words", Query{Text: "hjer", WholeWords: true}, nil},
		{"whole words, one too long for the edges", Query{Text: "gammelt hjerteinfarkt", WholeWords: true}, []string{"1 0 gammelt hjerteinfarkt"}},
		{"a tag", Query{Text: "hjerteinfarkt", Tag: "category"}, []string{"4 0 Akutt transmuralt hjerteinfarkt i fremre vegg"}},
		{"a use", Query{Text: "myocardial", Use: "fsn"}, []string{"3 2 Myocardial infarction (disorder)"}},
		{"inactive too", Query{Text: "hjerteinfarkt", Inactive: true, Limit: 2}, []string{"1 0 hjerteinfarkt", "1 0 hjerteinfarkt"}},
		{"a value set", Query{Text: "infarkt", Filter: func(c uint32) bool { return c != 1 }}, nil},
		{"a value set of documents", Query{Text: "lunge", Within: roaring.BitmapOf(0, 19)}, []string{"4 0 ikke-småcellet lungekreft"}},
		{"no text", Query{Text: "  ", Tag: "finding"}, []string{"0 0 ødem", "0 0 brystsmerter"}},
		{"nothing to look for", Query{Text: "+/-"}, nil},
		{"apostrophe or not", Query{Text: "crohn"}, []string{"3 0 Crohns sykdom"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.q.Prefer == nil {
				tt.q.Prefer = bokmål
			}
			if tt.q.Limit == 0 {
				tt.q.Limit = 10
			}
			r, err := ix.Search(context.Background(), tt.q, cols)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range r.Hits {
				got = append(got, fmt.Sprint(h.Class, " ", h.Tier, " ", cols.Term(h.Doc)))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Search(%q) (-want +got):\n%s", tt.q.Text, diff)
			}
			if len(got) < tt.q.Limit && (r.Total != len(got) || !r.Exact) {
				t.Errorf("Search(%q) total %d, exact %v, want %d", tt.q.Text, r.Total, r.Exact, len(got))
			}
		})
	}
}

// TestTypingErrors: a word of up to seven letters may have one typing error, a longer one
// two, which are tried where nothing has one; and all at once where they are asked for.
func TestTypingErrors(t *testing.T) {
	var entries []entry
	for i, term := range []string{"kreft", "hoftebrudd", "hoftebladd", "ørebarkkreft", "brudd i ankelledd"} {
		entries = append(entries, entry{concept: uint32(i), tier: "nb-p", term: term, lang: "nb"})
	}
	ix, cols := build(t, entries, BuilderOptions{})
	for _, tt := range []struct {
		text  string
		fuzzy bool
		want  []string
	}{
		{"kerft", false, []string{"kreft", "ørebarkkreft"}}, // which has it as a part
		{"kerfta", false, nil},
		{"kerfta", true, nil},
		{"hoftebrdd", false, []string{"hoftebrudd"}},
		{"hoftebrdd", true, []string{"hoftebrudd", "hoftebladd"}},
		{"hoftebrudd", false, []string{"hoftebrudd"}},
		{"hoftebrudd", true, []string{"hoftebrudd", "hoftebladd"}},
		{"hoftebuldd", false, []string{"hoftebrudd", "hoftebladd"}},
		{"ørebarkerft", false, []string{"ørebarkkreft"}},
		{"bruddd i ankelleddtt", false, []string{"brudd i ankelledd"}},
		{"brxuddd i ankelledd", false, nil},
	} {
		r, err := ix.Search(t.Context(), Query{Text: tt.text, Fuzzy: tt.fuzzy, Limit: 10}, cols)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range r.Hits {
			got = append(got, cols.Term(h.Doc))
		}
		if !slices.Equal(got, tt.want) || r.Total != len(got) || !r.Exact {
			t.Errorf("%s, typing errors asked for %v: %q of %d, want %q", tt.text, tt.fuzzy, got, r.Total, tt.want)
		}
	}
}

// oracle answers a query by looking at every document.
func oracle(ix *Index, entries []entry, q Query) []Hit {
	m := NewMatcher(q.Text, q.WholeWords)
	best, words := map[uint32]Hit{}, ix.analysis.wantAll(m)
	for doc, e := range entries {
		if e.off && !q.Inactive || q.Tag != "" && e.tag != q.Tag {
			continue
		}
		folded, terms := known(ix, e.term)
		c := m.classOf(folded, e.term)
		if m.blank {
			c = ClassAll
		}
		ok := c != noMatch
		if !ok && isNorwegian(e.lang) && ix.analysis.matches(m, words, folded, terms) {
			if c, ok = ClassCompound, true; ix.analysis.sameForms(m, folded) {
				c = ClassForms
			}
		}
		if !ok || e.off && !q.Inactive || q.Tag != "" && e.tag != q.Tag || q.Use != "" && e.use != q.Use ||
			q.Filter != nil && !q.Filter(e.concept) || q.Within != nil && !q.Within.Contains(uint32(doc)) {
			continue
		}
		tier := slices.IndexFunc(q.Prefer, func(p string) bool { return slices.Contains(strings.Split(e.tier, ","), p) })
		if tier < 0 {
			tier = len(q.Prefer)
		}
		h := Hit{Doc: uint32(doc), Concept: e.concept, Class: c, Tier: tier}
		if b, ok := best[e.concept]; !ok || before(h, b) < 0 {
			best[e.concept] = h
		}
	}
	hits := []Hit{}
	for _, h := range best {
		hits = append(hits, h)
	}
	slices.SortFunc(hits, before)
	return hits
}

// termsSeen keeps what the oracle knows of the terms that it has looked at.
var termsSeen sync.Map

// known returns a term folded, and its forms.
func known(ix *Index, term string) ([]byte, []forms) {
	type key struct {
		*Index
		term string
	}
	type value struct {
		folded []byte
		forms  []forms
	}
	if v, ok := termsSeen.Load(key{ix, term}); ok {
		return v.(value).folded, v.(value).forms
	}
	folded := language.AppendFold(nil, term)
	v := value{folded, ix.analysis.formsOf(folded)}
	termsSeen.Store(key{ix, term}, v)
	return v.folded, v.forms
}

func before(a, b Hit) int {
	return slices.Compare([]int{int(a.Class), a.Tier, int(a.Doc)}, []int{int(b.Class), b.Tier, int(b.Doc)})
}

// randomText returns words and beginnings of words of a term, in any order, as
// users type them.
func randomText(r *rand.Rand, term string) string {
	tokens := language.Tokens(term)
	if r.IntN(3) > 0 {
		r.Shuffle(len(tokens), func(i, j int) { tokens[i], tokens[j] = tokens[j], tokens[i] })
	}
	if len(tokens) == 0 {
		return ""
	}
	tokens = tokens[:1+r.IntN(min(len(tokens), 4))]
	for i, token := range tokens {
		if r.IntN(2) == 0 {
			tokens[i], _ = firstLetters(token, 1+r.IntN(12))
		}
		if r.IntN(4) == 0 {
			tokens[i] = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa").Replace(tokens[i])
		}
	}
	return strings.Join(tokens, " ")
}

// TestSearchAgreesWithMatches compares searches with an oracle that asks
// Matcher about every document: same hits, same classes, same order, and the
// total that was promised.
func TestSearchAgreesWithMatches(t *testing.T) {
	entries := randomEntries(7, 4000, 4)
	ix, cols := build(t, entries, BuilderOptions{})
	r := rand.New(rand.NewPCG(3, 4))
	found := 0
	for range 1500 {
		q := Query{
			Text: randomText(r, entries[r.IntN(len(entries))].term), Limit: 1 + r.IntN(30),
			Inactive: r.IntN(3) == 0, WholeWords: r.IntN(4) == 0,
			Prefer: [][]string{nil, {"nb-p", "nb-a"}, {"nn-p", "nb-p", "nb-a", "en-p"}, {"da-p"}}[r.IntN(4)],
		}
		if r.IntN(20) == 0 {
			q.Text = ""
		}
		if r.IntN(4) == 0 {
			q.Tag = tags[r.IntN(4)]
		}
		if r.IntN(4) == 0 {
			q.Use = "fsn"
		}
		if r.IntN(4) == 0 {
			q.Filter = func(c uint32) bool { return c%7 < 3 }
		}
		if r.IntN(6) == 0 {
			q.Within = roaring.New()
			q.Within.AddRange(500, 2500)
		}
		if r.IntN(10) == 0 {
			q.Limit = 5000
		}
		want := oracle(ix, entries, q)
		if len(want) == 0 {
			continue // Search has last resorts
		}
		found++
		got, err := ix.Search(context.Background(), q, cols)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[:min(q.Limit, len(want))], got.Hits); diff != "" {
			t.Fatalf("Search(%+v) (-want +got):\n%s", q, diff)
		}
		if exact := len(want) <= max(countBound, q.Limit); exact && !got.Exact && len(got.Hits) < q.Limit || got.Total < len(got.Hits) || got.Exact && got.Total != len(want) || got.Total > len(want) {
			t.Fatalf("Search(%+v) total %d, exact %v, want %d", q, got.Total, got.Exact, len(want))
		}
		q.Limit = 0
		count, err := ix.Search(context.Background(), q, cols)
		if err != nil || len(count.Hits) > 0 || count.Exact && count.Total != len(want) {
			t.Fatalf("Search(%+v) only counting: %v, %v, want %d", q, count, err, len(want))
		}
	}
	if found < 750 {
		t.Errorf("only %d of 1500 queries find something", found)
	}
}

func TestTotalIsABoundForManyConcepts(t *testing.T) {
	var entries []entry
	for i := range uint32(fewDocs + 500) {
		entries = append(entries, entry{concept: i, tier: "nb-p", term: "sår"})
	}
	ix, cols := build(t, entries, BuilderOptions{})
	for limit, want := range map[int]Result{0: {Total: countBound}, 10: {Total: countBound}, 5000: {Total: fewDocs + 500, Exact: true}} {
		r, err := ix.Search(context.Background(), Query{Text: "s", Limit: limit}, cols)
		if err != nil || r.Total != want.Total || r.Exact != want.Exact {
			t.Errorf("limit %d: total %d, exact %v, %v, want %d, %v", limit, r.Total, r.Exact, err, want.Total, want.Exact)
		}
	}
}

func TestSearchRefuses(t *testing.T) {
	ix, cols := build(t, sample, BuilderOptions{})
	if _, err := ix.Search(context.Background(), Query{Text: "a", Limit: -1}, cols); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("negative limit: %v", err)
	}
	if _, err := ix.Search(context.Background(), Query{Text: strings.Repeat("a ", 65)}, cols); terminology.KindOf(err) != terminology.TooCostly {
		t.Errorf("65 words: %v", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	gone := errors.New("client gone")
	cancel(gone)
	if _, err := ix.Search(ctx, Query{Text: "hjerte", Limit: 5}, cols); !errors.Is(err, gone) || terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("cancelled: %v", err)
	}
	if err := errors.Join(ix.Close(), ix.Close()); err != nil {
		t.Error(err)
	}
	if _, err := ix.Search(context.Background(), Query{Text: "a"}, cols); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("after Close: %v", err)
	}
}

// TestConcurrentSearches is for the race detector: searches share the index, and
// Close waits for them.
func TestConcurrentSearches(t *testing.T) {
	entries := randomEntries(9, 2000, 4)
	ix, cols := build(t, entries, BuilderOptions{})
	var wg sync.WaitGroup
	for seed := range uint64(8) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := rand.New(rand.NewPCG(seed, 0))
			for range 200 {
				q := Query{Text: randomText(r, entries[r.IntN(len(entries))].term), Limit: 10, Prefer: []string{"nb-p"}}
				if r.IntN(5) == 0 {
					q.Text += "x" // for the last resorts
				}
				_, err := ix.Search(context.Background(), q, cols)
				if err != nil && terminology.KindOf(err) != terminology.Unavailable {
					t.Error(err)
				}
			}
			if seed == 0 {
				ix.Close()
			}
		}()
	}
	wg.Wait()
}

// FuzzSearch states what holds for every text: a term
// is found when Matches says so, and otherwise by a last resort or not at all; and
// no text takes long.
func FuzzSearch(f *testing.F) {
	dir := f.TempDir() + "/terms"
	cols := write(f, dir, sample, BuilderOptions{})
	ix, err := Open(dir)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"hjerte inf", "aarek", "småcellet ikke", "a\u030Are", "o", "\xff", strings.Repeat("æ", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := Query{Text: text, Limit: 100}
		want := oracle(ix, sample, q)
		start := time.Now()
		got, err := ix.Search(context.Background(), q, cols)
		if d := time.Since(start); d > time.Minute {
			t.Fatalf("Search takes %v for %d bytes", d, len(text))
		}
		if terminology.KindOf(err) == terminology.TooCostly {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(want) == 0 {
			for _, h := range got.Hits {
				if h.Class < ClassBareEqual || h.Class > ClassFuzzy {
					t.Fatalf("Search(%q) has %v, Matches denies it", text, h)
				}
			}
			return
		}
		if diff := cmp.Diff(want, got.Hits); diff != "" {
			t.Fatalf("Search(%q) (-want +got):\n%s", text, diff)
		}
	})
}
