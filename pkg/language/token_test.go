package language_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
)

func TestTokensIn(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string // each token as it is written
	}{
		{"Hjerte- og karsykdom", []string{"Hjerte", "og", "karsykdom"}},
		{"Åreknuter", []string{"Åreknuter"}},
		{"A\u030Areknuter i øsofagus", []string{"A\u030Areknuter", "i", "øsofagus"}},
		{"Crohn's sykdom", []string{"Crohn's", "sykdom"}},
		{"5-HT", []string{"5", "HT"}},
		{"Größe ßß", []string{"Größe", "ßß"}},
		{"  (I21.0a)  ", []string{"I21", "0a"}},
		{"", nil},
		{"--", nil},
	} {
		var got []string
		for _, tok := range language.TokensIn(tt.text) {
			got = append(got, tt.text[tok.Start():tok.End(len(tok.Text))])
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("TokensIn(%q) are %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestTokenEnd(t *testing.T) {
	text := "xx Åreknuter"
	tok := language.TokensIn(text)[1]
	if got := text[tok.Start():tok.End(len("år"))]; got != "År" {
		t.Errorf("the first letters are %q, want År", got)
	}
}

// TestTokenReader reads texts one after the other: what was read before, and how, does not
// matter.
func TestTokenReader(t *testing.T) {
	var r language.TokenReader
	texts := []string{"Hjerte- og karsykdom", "Crohn's sykdom", "", "Größe ßß", "Åreknuter i øsofagus", "'s ' x'", "A\u030Are", "d''Arc 'e'"}
	for range 2 {
		for _, text := range texts {
			tokens := r.Read(text)
			var got []string
			for _, tok := range tokens {
				got = append(got, tok.Text)
			}
			if want := language.Tokens(text); !slices.Equal(got, want) {
				t.Errorf("Read(%q) = %q, want %q", text, got, want)
			}
		}
		slices.Reverse(texts)
	}
}

// FuzzTokensIn states that tokens with their places are the tokens of the text, or none
// are given, and that places lie in the text, in order and apart.
func FuzzTokensIn(f *testing.F) {
	for _, s := range []string{"Hjerte- og karsykdom", "A\u030Are", "½ ﬁ", "d'Arc's", "\xff", "a\u00adb", "İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tokens := language.TokensIn(s)
		letters := language.TokensOf(s) // letter by letter, whatever the letters
		if !slices.EqualFunc(tokens, letters, language.SameToken) {
			t.Fatalf("%q has %v, letter by letter %v", s, tokens, letters)
		}
		var texts []string
		last := 0
		for _, tok := range tokens {
			texts = append(texts, tok.Text)
			if tok.Start() < last || tok.End(len(tok.Text)) <= tok.Start() || tok.End(len(tok.Text)) > len(s) {
				t.Fatalf("%q: token %q is at %d to %d, after %d", s, tok.Text, tok.Start(), tok.End(len(tok.Text)), last)
			}
			last = tok.End(len(tok.Text))
		}
		if tokens != nil && strings.Join(texts, " ") != language.Fold(s) {
			t.Fatalf("%q has %q, want %q", s, texts, language.Tokens(s))
		}
	})
}
