package language

import (
	"slices"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a compound is one token", "Hjerteinfarkt", "hjerteinfarkt"},
		{"negation stays", "Ikke-småcellet lungekreft", "ikke småcellet lungekreft"},
		{"stop words stay", "Angina pectoris uten påvist iskemi", "angina pectoris uten påvist iskemi"},
		{"an abbreviation is not stemmed", "KOLS", "kols"},
		{"å composed", "Åreknuter", "åreknuter"},
		{"å decomposed", "A\u030Areknuter", "åreknuter"},
		{"Ångström sign", "\u212B", "å"},
		{"capital ligatures", "ÆØÅ", "æøå"},
		{"code with a letter", "I21.0a", "i21 0a"},
		{"letter and digits", "Vitamin B12-mangel", "vitamin b12 mangel"},
		{"hyphen", "5-HT₂-reseptor", "5 ht2 reseptor"},
		{"apostrophe joins", "Crohn's disease / Crohn’s sykdom", "crohns disease crohns sykdom"},
		{"apostrophe at the end of a word", "Ménières' 5'-nukleotidase", "menieres 5 nukleotidase"},
		{"accents that are not ours", "Guillain-Barré, café au lait", "guillain barre cafe au lait"},
		{"Swedish and German letters become ours", "Sjögren, Kähler", "sjøgren kæhler"},
		{"sharp s", "Straße, STRAẞE", "strasse strasse"},
		{"ligature and micro sign", "µg ﬁbrin œdema", "μg fibrin oedema"},
		{"final sigma", "ΟΔΟΣ οδος", "οδοσ οδοσ"},
		{"soft hyphen", "hjerte\u00ADinfarkt", "hjerteinfarkt"},
		{"brackets and dashes", "  (akutt) – hjerteinfarkt [MI] ", "akutt hjerteinfarkt mi"},
		{"nothing", " +/- ", ""},
		{"not UTF-8", "a\xffb", "a b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Fold(tt.in); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestFoldDoesNotAllocate(t *testing.T) {
	buf := make([]byte, 0, 128)
	if n := testing.AllocsPerRun(100, func() { buf = AppendFold(buf[:0], "Ikke-småcellet LUNGEKREFT i øvre lapp") }); n != 0 {
		t.Errorf("AppendFold allocates %v times, want 0", n)
	}
}

// FuzzFold states what holds for every text: folding what is folded changes
// nothing, how letters are composed does not matter, and the quick way for
// Norwegian letters gives what the thorough way gives.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Hjerteinfarkt", "A\u030Areknuter", "5-HT₂", "Crohn’s", "ÆØÅ ǻ ǖ ß ﬁ", "d'", "İı", "\xc3", "o'ø", "\u0300a", "a\u030a\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		if again := Fold(folded); again != folded {
			t.Errorf("Fold(%q) = %q, folded again %q", s, folded, again)
		}
		composed, decomposed := Tokens(norm.NFC.String(s)), Tokens(norm.NFD.String(s))
		if !slices.Equal(composed, decomposed) {
			t.Errorf("%q: tokens composed %q, decomposed %q", s, composed, decomposed)
		}
		if thorough := string(appendFoldRunes(nil, s)); thorough != folded {
			t.Errorf("%q: quickly %q, thoroughly %q", s, folded, thorough)
		}
	})
}
