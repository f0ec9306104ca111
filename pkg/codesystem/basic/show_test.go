package basic_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestShowAgreesWithAnswersOneByOne compares what is looked up for many concepts and
// documents at once with what is said of each, over more than one chunk.
func TestShowAgreesWithAnswersOneByOne(t *testing.T) {
	for name, p := range map[string]*basic.Provider{
		"sample": snomedSample().open(t, terminology.Release{}, snomedRules()),
		"random": random(300, 7).open(t, terminology.Release{}, snomedRules()),
		"codes":  records{concepts: []terminology.Concept{{Code: "I21.0a", Abstract: true}, {Code: "I21"}}}.open(t, terminology.Release{}, basic.DefaultRules()),
	} {
		ordinals := make([]terminology.Ordinal, p.Len())
		for i := range ordinals {
			ordinals[i] = terminology.Ordinal(p.Len() - 1 - i)
		}
		var orders [][]int
		for c := range p.Columns() {
			orders = append(orders, []int{c}, []int{c, 0})
		}
		for _, columns := range append(orders, nil) {
			for _, anyTerm := range []bool{true, false} {
				shown := make([]terminology.Shown, len(ordinals))
				p.Show(ordinals, columns, anyTerm, shown)
				for i, o := range ordinals {
					info := p.Info(o)
					want := terminology.Shown{Code: p.Code(o), Column: -1, Inactive: info.Inactive, Abstract: info.Abstract}
					if anyTerm {
						want.Display = p.Display(o)
					}
					for _, c := range columns {
						if term, ok := p.Preferred(o, c); ok {
							want.Display, want.Column = term, c
							break
						}
					}
					if shown[i] != want {
						t.Fatalf("%s: Show(%s, columns %v, any %v) = %+v, want %+v", name, want.Code, columns, anyTerm, shown[i], want)
					}
				}
			}
		}
		docs := make([]uint32, p.DocumentCount())
		for i := range docs {
			docs[i] = uint32(len(docs) - 1 - i)
		}
		concepts, terms := make([]terminology.Ordinal, len(docs)), make([]string, len(docs))
		p.DocumentConcepts(docs, concepts)
		p.DocumentTerms(docs, terms)
		for i, doc := range docs {
			if o, term := p.Document(doc); concepts[i] != o || terms[i] != term {
				t.Fatalf("%s: document %d is of %d, %q, want %d, %q", name, doc, concepts[i], terms[i], o, term)
			}
		}
	}
}
