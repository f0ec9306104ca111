package search

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestCandidatesAgreeWithWords compares Candidates with a walk over all terms.
func TestCandidatesAgreeWithWords(t *testing.T) {
	entries := randomEntries(31, 5000, 4)
	ix, _ := build(t, entries, BuilderOptions{})
	r := rand.New(rand.NewPCG(32, 33))
	some := 0
	for range 600 {
		var parts []terminology.TextPart
		words := language.Tokens(entries[r.IntN(len(entries))].term)
		for n := r.IntN(3); n >= 0 && len(words) > 0; n-- {
			letters := []rune(words[r.IntN(len(words))])
			p := terminology.TextPart{Begins: r.IntN(2) == 0, Ends: r.IntN(3) == 0}
			from, to := 0, len(letters)
			if !p.Begins {
				from = r.IntN(len(letters))
			}
			if !p.Ends {
				to = from + 1 + r.IntN(len(letters)-from)
			}
			p.Text = string(letters[from:to])
			parts = append(parts, p)
		}
		var want []uint32
		for doc, e := range entries {
			words := language.Tokens(e.term)
			if !slices.ContainsFunc(parts, func(p terminology.TextPart) bool {
				return !slices.ContainsFunc(words, func(w string) bool { return holds(w, p) })
			}) {
				want = append(want, uint32(doc))
			}
		}
		got, err := ix.Candidates(context.Background(), parts)
		if err != nil || !slices.Equal(got.ToArray(), want) {
			t.Fatalf("Candidates(%+v): %v documents, %v, want %v", parts, got.GetCardinality(), err, len(want))
		}
		got.Clear() // the caller's: the next answers must not feel it
		if len(want) > 0 {
			some++
		}
	}
	if some < 500 {
		t.Errorf("only %d of 600 find something", some)
	}
}

func holds(word string, p terminology.TextPart) bool {
	switch {
	case p.Begins && p.Ends:
		return word == p.Text
	case p.Begins:
		return strings.HasPrefix(word, p.Text)
	case p.Ends:
		return strings.HasSuffix(word, p.Text)
	}
	return strings.Contains(word, p.Text)
}

func TestCandidatesRefuses(t *testing.T) {
	ix, _ := build(t, sample, BuilderOptions{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	parts := []terminology.TextPart{{Text: "hjerte", Begins: true}}
	if _, err := ix.Candidates(ctx, parts); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("cancelled: %v", err)
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Candidates(context.Background(), parts); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("after Close: %v", err)
	}
	empty, _ := build(t, nil, BuilderOptions{})
	if set, err := empty.Candidates(context.Background(), parts); err != nil || !set.IsEmpty() {
		t.Errorf("of an empty index: %v, %v", set, err)
	}
}
