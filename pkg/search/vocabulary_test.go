package search

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
)

// TestVocabulary holds the words that a vocabulary finds near a word with typing errors
// against all that a walk of the dictionary with the same automaton finds.
func TestVocabulary(t *testing.T) {
	entries := append(norwegianSample(), randomEntries(31, 4000, 4)...)
	ix, _ := build(t, entries, BuilderOptions{})
	list, err := ix.words()
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(list.text)
	builder, err := typingErrors()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 8))
	found := 0
	for range 200 {
		typed := mistype(r, words[r.IntN(len(words))], r.IntN(3))
		if n := letters(typed); n < minFuzzy || n > maxFuzzy {
			continue
		}
		for errors := 1; errors <= maxErrors; errors++ {
			dfa, err := builder.BuildDfa(typed, uint8(errors))
			if err != nil {
				t.Fatal(err)
			}
			for _, field := range []string{fieldWord, fieldEdge, fieldStem} {
				dict, err := ix.dictionary(field)
				if err != nil {
					t.Fatal(err)
				}
				var want []string
				if err := dict.each(dfa, nil, nil, func(term string, _ *roaring.Bitmap) bool {
					if !strings.HasPrefix(term, wholeTerm) {
						want = append(want, term)
					}
					return true
				}); err != nil {
					t.Fatal(err)
				}
				v, err := ix.vocabulary(field)
				if err != nil {
					t.Fatal(err)
				}
				found += len(want)
				if got := v.near(typed, dfa, 1<<20); !slices.Equal(got, want) {
					t.Fatalf("near %q with %d errors of %s is %q, want %q", typed, errors, field, got, want)
				}
				if got := v.near(typed, dfa, 2); !slices.Equal(got, want[:min(len(want), 2)]) {
					t.Fatalf("the first two near %q with %d errors of %s are %q, want %q", typed, errors, field, got, want[:min(len(want), 2)])
				}
			}
		}
	}
	if found < 300 {
		t.Errorf("%d words were found", found)
	}
}

// mistype returns a word with some letters more, less, others or swapped.
func mistype(r *rand.Rand, word string, errors int) string {
	typed := []rune(word)
	for range errors {
		at := r.IntN(len(typed))
		switch other := []rune("aåoøxe")[r.IntN(6)]; {
		case r.IntN(4) == 0:
			typed = slices.Insert(typed, at, other)
		case r.IntN(3) == 0 && len(typed) > 1:
			typed = slices.Delete(typed, at, at+1)
		case r.IntN(2) == 0:
			typed[at] = other
		case at > 0:
			typed[at-1], typed[at] = typed[at], typed[at-1]
		}
	}
	return string(typed)
}

// TestSign tells the letters from a to z apart.
func TestSign(t *testing.T) {
	seen := map[uint64]rune{}
	for r := 'a'; r <= 'z'; r++ {
		sign := signOf(string(r))
		if other, taken := seen[sign]; taken {
			t.Errorf("%c and %c have one sign", r, other)
		}
		seen[sign] = r
	}
	if a, b := signOf("ankel"), signOf("leknaa"); a != b {
		t.Errorf("the signs of the same letters are %x and %x", a, b)
	}
}

// BenchmarkNear looks for the words a typing error or two away.
func BenchmarkNear(b *testing.B) {
	ix, _ := build(b, randomEntries(1, benchDocs, 8), BuilderOptions{})
	v, err := ix.vocabulary(fieldWord)
	if err != nil {
		b.Fatal(err)
	}
	builder, err := typingErrors()
	if err != nil {
		b.Fatal(err)
	}
	list, _ := ix.words()
	words := strings.Fields(list.text)
	r := rand.New(rand.NewPCG(1, 2))
	word := words[r.IntN(len(words))]
	for letters(word) < minFuzzy2 {
		word = words[r.IntN(len(words))]
	}
	dfa, err := builder.BuildDfa(mistype(r, word, 2), maxErrors)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		v.near(word, dfa, maxGuesses)
	}
}
