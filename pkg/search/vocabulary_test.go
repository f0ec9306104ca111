package search

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestVocabulary holds the words that a vocabulary finds near a word with typing errors
// against counting the errors of each term of the dictionary.
func TestVocabulary(t *testing.T) {
	entries := append(norwegianSample(), randomEntries(31, 4000, 4)...)
	ix, _ := build(t, entries, BuilderOptions{})
	list, err := ix.words()
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(list.text)
	r := rand.New(rand.NewPCG(7, 8))
	found := [maxErrors + 1]int{}
	for range 60 {
		typed := mistype(r, words[r.IntN(len(words))], r.IntN(3))
		if n := letters(typed); n < minFuzzy || n > maxFuzzy {
			continue
		}
		for _, field := range []string{fieldWord, fieldEdge, fieldStem} {
			dict, err := ix.dictionary(field)
			if err != nil {
				t.Fatal(err)
			}
			var want [maxErrors + 1][]string
			if err := dict.terms(nil, nil, func(term string) {
				n := maxErrors + 1
				if size := letters(term) - letters(typed); size <= maxErrors && size >= -maxErrors && !strings.HasPrefix(term, wholeTerm) {
					n = errorsBetween(typed, term)
				}
				for ; n <= maxErrors; n++ {
					want[n] = append(want[n], term)
				}
			}); err != nil {
				t.Fatal(err)
			}
			v, err := ix.vocabulary(field)
			if err != nil {
				t.Fatal(err)
			}
			for errors, want := range want {
				found[errors] += len(want)
				if got := v.near(typed, errors, 1<<20); !slices.Equal(got, want) {
					t.Fatalf("near %q with %d errors of %s is %q, want %q", typed, errors, field, got, want)
				}
				if got := v.near(typed, errors, 2); !slices.Equal(got, want[:min(len(want), 2)]) {
					t.Fatalf("the first two near %q with %d errors of %s are %q, want %q", typed, errors, field, got, want[:min(len(want), 2)])
				}
			}
		}
	}
	if found[1] < 50 || found[2] < 100 {
		t.Errorf("%d words were found with one error, %d with two", found[1], found[2])
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
	list, _ := ix.words()
	words := strings.Fields(list.text)
	r := rand.New(rand.NewPCG(1, 2))
	word := words[r.IntN(len(words))]
	for letters(word) < minFuzzy2 {
		word = words[r.IntN(len(words))]
	}
	typed := mistype(r, word, 2)
	b.ReportAllocs()
	for b.Loop() {
		v.near(typed, maxErrors, maxGuesses)
	}
}
