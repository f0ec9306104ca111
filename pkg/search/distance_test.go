package search

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// errorsBetween is typos.errors from its definition: the whole table.
func errorsBetween(word, other string) int {
	a, b := []rune(word), []rune(other)
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
		for j := range table[i] {
			if i == 0 || j == 0 {
				table[i][j] = i + j
				continue
			}
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			table[i][j] = min(table[i-1][j]+1, table[i][j-1]+1, table[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				table[i][j] = min(table[i][j], table[i-2][j-2]+1)
			}
		}
	}
	return table[len(a)][len(b)]
}

// counted are the errors between two words as typos counts them.
func counted(word, other string) int {
	var t typos
	t.set(word)
	return t.errors(other)
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		word, other string
		want        int
	}{
		{"hjerte", "hjerte", 0},
		{"hjerte", "hjrte", 1},
		{"hjerte", "hjerrte", 1},
		{"hjerte", "hjarte", 1},
		{"hjerte", "hjetre", 1},
		{"hjerte", "hjtere", 2},
		{"lunge", "lugne", 1},
		{"ørebarkerft", "ørebarkkreft", 2},
		{"hofteøde", "hoftebe", 2},
		{"åre", "are", 1},
		{"øåæ", "åøæ", 1},
		{"漢字", "字漢", 1},
		{"漢字漢", "漢漢", 1},
		{"ab", "", 2},
		{"ca", "abc", 3}, // c and a are swapped, so nothing comes between them
		{"a", strings.Repeat("b", 40), 40},
	} {
		if got := counted(tt.word, tt.other); got != tt.want {
			t.Errorf("errors between %q and %q: %d, want %d", tt.word, tt.other, got, tt.want)
		}
		if want := errorsBetween(tt.word, tt.other); want != tt.want {
			t.Errorf("the table has %d errors between %q and %q, want %d", want, tt.word, tt.other, tt.want)
		}
	}
}

// TestErrorsOfShortWords compares all words of up to five of three letters.
func TestErrorsOfShortWords(t *testing.T) {
	words := []string{""}
	for first := 0; len([]rune(words[first])) < 5; first++ {
		for _, letter := range []string{"a", "ø", "ш"} {
			words = append(words, words[first]+letter)
		}
	}
	var typed typos
	for _, word := range words[1:] {
		typed.set(word)
		for _, other := range words {
			if got, want := typed.errors(other), errorsBetween(word, other); got != want {
				t.Fatalf("errors between %q and %q: %d, want %d", word, other, got, want)
			}
		}
	}
}

// TestErrorsOfLongWords compares words of up to maxTypos letters, with a few errors and with
// many.
func TestErrorsOfLongWords(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 5000 {
		var b strings.Builder
		for range 1 + r.IntN(maxTypos) {
			b.WriteString([]string{"a", "e", "r", "ø", "å", "ł", "漢"}[r.IntN(7)])
		}
		word := b.String()
		other := mistype(r, word, r.IntN(6))
		if got, want := counted(word, other), errorsBetween(word, other); got != want {
			t.Fatalf("errors between %q and %q: %d, want %d", word, other, got, want)
		}
	}
}

// FuzzErrors states that the count is that of the table, and the same both ways.
func FuzzErrors(f *testing.F) {
	f.Add("hjerte", "hjetre")
	f.Add("ørebarkerft", "ørebarkkreft")
	f.Add("\xff\xfea", "a\xff")
	f.Fuzz(func(t *testing.T, word, other string) {
		if n := letters(word); n == 0 || n > maxTypos || letters(other) == 0 || letters(other) > maxTypos {
			return
		}
		want := errorsBetween(word, other)
		if one, two := counted(word, other), counted(other, word); one != want || two != want {
			t.Fatalf("errors between %q and %q: %d and %d, want %d", word, other, one, two, want)
		}
	})
}
