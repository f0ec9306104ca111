package search

import (
	"iter"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// entry is a document and the ordinal of its concept.
type entry struct {
	concept uint32
	tier    string
	term    string
	off     bool // inactive
	tag     string
	use     string
	lang    string
}

// columns are the Terms of a list of entries.
type columns struct {
	concepts []uint32
	terms    []string
}

func (c *columns) DocumentConcepts(docs []uint32, into []uint32) {
	for i, doc := range docs {
		into[i] = c.concepts[doc]
	}
}

func (c *columns) DocumentTerms(docs []uint32, into []string) {
	for i, doc := range docs {
		into[i] = c.terms[doc]
	}
}

func (c *columns) Term(doc uint32) string { return c.terms[doc] }

// build makes and opens the index of entries, in their order.
func build(tb testing.TB, entries []entry, o BuilderOptions) (*Index, *columns) {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "terms")
	cols := write(tb, dir, entries, o)
	ix, err := Open(dir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { ix.Close() })
	return ix, cols
}

// lessons are entries as an index learns from them.
type lessons []entry

func (l lessons) Documents(add func(terminology.TextDocument) error) error {
	for _, e := range l {
		if err := add(terminology.TextDocument{Term: e.term, Language: e.lang}); err != nil {
			return err
		}
	}
	return nil
}

// Pairs yields each nynorsk term with the bokmål term of its concept that comes first.
func (l lessons) Pairs(first, second string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		terms := map[uint32]string{}
		for _, e := range l {
			if _, known := terms[e.concept]; !known && e.lang == first {
				terms[e.concept] = e.term
			}
		}
		for _, e := range l {
			if nb, known := terms[e.concept]; known && e.lang == second && !yield(nb, e.term) {
				return
			}
		}
	}
}

// write makes the index of entries in dir.
func write(tb testing.TB, dir string, entries []entry, o BuilderOptions) *columns {
	tb.Helper()
	b, err := NewBuilder(dir, o)
	if err != nil {
		tb.Fatal(err)
	}
	if err := b.Learn(lessons(entries)); err != nil {
		tb.Fatal(err)
	}
	cols := &columns{}
	for _, e := range entries {
		d := Document{Term: e.term, Active: !e.off, Tag: e.tag, Use: e.use, Language: e.lang}
		if e.tier != "" {
			d.Tiers = strings.Split(e.tier, ",")
		}
		if err := b.Add(d); err != nil {
			tb.Fatal(err)
		}
		cols.concepts = append(cols.concepts, e.concept)
		cols.terms = append(cols.terms, e.term)
	}
	if err := b.Close(); err != nil {
		tb.Fatal(err)
	}
	return cols
}

var (
	starts = []string{"hjerte", "lunge", "blod", "nyre", "mage", "åre", "øye", "øre", "hud", "bryst", "kne", "hofte", "lever", "benmargs", "cardio", "gastro", "neuro", "osteo", "hyper", "hypo", "peri", "endo", "mye", "lymfe", "skjelett", "muskel", "tann", "hæl", "kjeve", "spytt"}
	middle = []string{"", "", "", "muskel", "kar", "vev", "kjertel", "klaff", "sekk", "lapp", "nerve", "bark", "myo", "intestinal", "vaskulær"}
	ends   = []string{"infarkt", "svikt", "kreft", "smerter", "sykdom", "betennelse", "knuter", "blødning", "itis", "pati", "ektomi", "skopi", "brudd", "sår", "svulst", "ødem", "stenose", "mangel", "prøve", "måling"}
	small  = []string{"i", "av", "med", "uten", "og", "ved", "ikke", "akutt", "kronisk", "primær", "høyre", "venstre", "øvre", "type", "type 2", "NOS", "of", "the", "left", "right", "acute", "disorder"}
	tiers  = []string{"nb-p", "nb-a", "nn-p", "nb-p,nn-p", "en-p", "en-a", "en-a", ""}
	tags   = []string{"disorder", "finding", "procedure", "body structure", ""}
)

// randomTerm returns a term of the shape of SNOMED CT's Norwegian ones, about
// words words long.
func randomTerm(r *rand.Rand, words int) string {
	var parts []string
	for n := 1 + r.IntN(words); n > 0; n-- {
		if r.IntN(3) == 0 {
			parts = append(parts, small[zipf(r, len(small))])
			continue
		}
		parts = append(parts, starts[zipf(r, len(starts))]+middle[r.IntN(len(middle))]+ends[zipf(r, len(ends))])
	}
	return strings.Join(parts, " ")
}

// zipf returns a number below n, small ones more often.
func zipf(r *rand.Rand, n int) int { return int(float64(n) * r.Float64() * r.Float64()) }

// randomEntries returns n documents, sorted as an importer would: short terms first.
func randomEntries(seed uint64, n, words int) []entry {
	r := rand.New(rand.NewPCG(seed, 1))
	byLength := make([][]entry, 400)
	for range n {
		e := entry{
			concept: uint32(r.IntN(n/3 + 1)),
			tier:    tiers[r.IntN(len(tiers))],
			term:    randomTerm(r, words),
			off:     r.IntN(5) == 0,
			tag:     tags[r.IntN(len(tags))],
			use:     [...]string{"fsn", "syn"}[r.IntN(2)],
			lang:    [...]string{"no", "nn", "nb-NO", "en", ""}[r.IntN(5)],
		}
		byLength[len(e.term)] = append(byLength[len(e.term)], e)
	}
	var all []entry
	for _, es := range byLength {
		all = append(all, es...)
	}
	return all
}
