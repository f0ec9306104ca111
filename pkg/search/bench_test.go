package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
)

const benchDocs = 100_000

// BenchmarkBuild builds an index of 100,000 terms.
func BenchmarkBuild(b *testing.B) {
	entries := randomEntries(1, benchDocs, 8)
	b.ReportAllocs()
	for b.Loop() {
		write(b, filepath.Join(b.TempDir(), "terms"), entries, BuilderOptions{})
	}
	b.ReportMetric(float64(benchDocs)*float64(b.N)/b.Elapsed().Seconds(), "docs/s")
}

// BenchmarkSearch searches as a user types: the first letters of a word, a word
// and the beginning of the next, and what only a last resort finds.
func BenchmarkSearch(b *testing.B) {
	entries := randomEntries(1, benchDocs, 8)
	ix, cols := build(b, entries, BuilderOptions{})
	type shape struct {
		name string
		text func(r *rand.Rand, tokens []string) string
	}
	var shapes []shape
	for _, n := range []int{1, 2, 3, 4, 6, 8, 10, 12} {
		shapes = append(shapes, shape{fmt.Sprint("Prefix", n), func(r *rand.Rand, tokens []string) string {
			head, _ := firstLetters(tokens[r.IntN(len(tokens))], n)
			return head
		}})
	}
	shapes = append(shapes,
		shape{"TwoWords", func(_ *rand.Rand, tokens []string) string {
			head, _ := firstLetters(tokens[len(tokens)-1], 3)
			return tokens[0] + " " + head
		}},
		shape{"WholeTerm", func(_ *rand.Rand, tokens []string) string { return strings.Join(tokens, " ") }},
		shape{"Fuzzy", func(_ *rand.Rand, tokens []string) string {
			return tokens[0][:len(tokens[0])/2] + "x" + tokens[0][len(tokens[0])/2:]
		}},
	)
	for _, s := range shapes {
		b.Run(s.name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			texts := make([]string, 1024)
			for i := range texts {
				texts[i] = s.text(r, language.Tokens(entries[r.IntN(len(entries))].term))
			}
			q := Query{Prefer: []string{"nb-p", "nb-a", "nn-p"}, Limit: 10}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				q.Text = texts[i%len(texts)]
				i++
				if _, err := ix.Search(context.Background(), q, cols); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
