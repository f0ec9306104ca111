package search

import (
	"slices"
	"testing"
)

func TestMatcher(t *testing.T) {
	tests := []struct {
		text, term string
		whole      bool
		want       Class // noMatch: none
	}{
		{text: "hjerteinfarkt", term: "Hjerteinfarkt", want: ClassEqual},
		{text: "hjerteinf", term: "Hjerteinfarkt", want: ClassBegins},
		{text: "hjerteinf", term: "Hjerteinfarkt", whole: true, want: noMatch},
		{text: "hjerteinf", term: "Akutt hjerteinfarkt", want: ClassWords},
		{text: "hjerteinfarkt", term: "Akutt hjerteinfarkt", whole: true, want: ClassWords},
		{text: "inf hjer", term: "infarkt i hjertet", want: ClassWords},
		{text: "hjer inf", term: "infarkt i hjertet", want: ClassWords},
		{text: "infarkt i", term: "infarkt i hjertet", whole: true, want: ClassBegins},
		{text: "infarkt hj", term: "infarkt i hjertet", want: ClassWords},
		{text: "infarkt", term: "Akutt hjerteinfarkt", want: noMatch},
		{text: "areknuter", term: "Åreknuter", want: noMatch},
		{text: "aareknuter", term: "Åreknuter", want: ClassEqual},
		{text: "aarek", term: "Åreknuter", want: ClassBegins},
		{text: "A\u030Areknuter", term: "Åreknuter", want: ClassEqual},
		{text: "oedem", term: "Ødem", want: ClassEqual},
		{text: "laere", term: "lære", want: ClassEqual},
		{text: "Aase", term: "Aase syndrome", want: ClassBegins},
		{text: "ikke smaacellet", term: "Ikke-småcellet lungekreft", want: ClassBegins},
		{text: "småcellet", term: "Ikke-småcellet lungekreft", want: ClassWords},
		{text: "ikke", term: "Småcellet lungekreft", want: noMatch},
		{text: "kols", term: "KOLS", want: ClassEqual},
		{text: "crohns", term: "Crohn's disease", want: ClassBegins},
		{text: "i21.0", term: "I21.0a", want: ClassBegins},
		{text: "   ", term: "KOLS", want: ClassAll},
		{text: "+", term: "KOLS", want: noMatch},
		{text: "kols", term: "+", want: noMatch},
	}
	for _, tt := range tests {
		got, ok := NewMatcher(tt.text, tt.whole).Match(tt.term)
		if got != tt.want || ok != (tt.want != noMatch) {
			t.Errorf("NewMatcher(%q, %v).Match(%q) = %v, %v, want %v", tt.text, tt.whole, tt.term, got, ok, tt.want)
		}
	}
}

func TestSpellings(t *testing.T) {
	tests := map[string][]string{
		"kols":       nil,
		"aareknuter": {"aareknuter", "åreknuter"},
		"oeyeaeske":  {"oeyeaeske", "øyeaeske", "oeyeæske", "øyeæske"},
		"baaae":      {"baaae", "båae", "baaæ", "båæ"},
	}
	for word, want := range tests {
		if got := spellings(word); !slices.Equal(got, want) {
			t.Errorf("spellings(%q) = %q, want %q", word, got, want)
		}
	}
	if got := spellings("aaaaaaaaaa"); len(got) != maxVariants {
		t.Errorf("five pairs have %d spellings, want %d", len(got), maxVariants)
	}
}
