package conceptmap_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/conceptmap"
)

// TestAgreement: which of two terms of ICD-10 agrees better with one of ICPC-2.
func TestAgreement(t *testing.T) {
	for _, tt := range []struct {
		source, better, worse string
		norwegian             bool
	}{
		{"Kronisk obstruktiv lungesykdom", "Uspesifisert kronisk obstruktiv lungesykdom", "Uspesifisert emfysem", true},
		{"Hjerneslag", "Hjerneslag, ikke spesifisert som blødning eller infarkt", "Syndrom som skyldes hjernestammeslag", true},
		{"Virussykdom", "Uspesifisert virusinfeksjon", "Uspesifisert bakteriell infeksjon", true},
		{"Pneumonia", "Pneumonia, unspecified", "Bacterial pneumonia, unspecified", false},
		{"Diabetes type 2", "Diabetes mellitus type 2", "Diabetes mellitus type 1", true},
		{"Brudd i underarm", "Uspesifisert brudd i underarmen", "Brudd i legg", true},
	} {
		source := conceptmap.WordsOf(tt.source, tt.norwegian)
		better := conceptmap.Agreement(source, conceptmap.WordsOf(tt.better, tt.norwegian))
		worse := conceptmap.Agreement(source, conceptmap.WordsOf(tt.worse, tt.norwegian))
		if better <= worse || better > 1000 {
			t.Errorf("%q agrees %d with %q, %d with %q", tt.source, better, tt.better, worse, tt.worse)
		}
	}
}

// TestWordsOf: what terms tell of themselves besides what they are about.
func TestWordsOf(t *testing.T) {
	for _, tt := range []struct {
		term         string
		norwegian    bool
		whole, other bool
		same         string
	}{
		{term: "Uspesifisert astma", norwegian: true, whole: true, same: "Astma"},
		{term: "Asthma, unspecified", whole: true, same: "asthma"},
		{term: "Viral disease other/NOS", whole: true, same: "viral disease"},
		{term: "Annen spesifisert viruspneumoni", norwegian: true, other: true, same: "Viruspneumoni"},
		{term: "Stroke, not specified as haemorrhage or infarction", whole: true, same: "Stroke"},
		{term: "Influensa, virus ikke identifisert", norwegian: true, whole: true, same: "influensa virus"},
		{term: "Type 2-diabetes", norwegian: true, same: "type 2 diabetes"},
	} {
		w := conceptmap.WordsOf(tt.term, tt.norwegian)
		if w.Whole != tt.whole || w.Other != tt.other || !w.Same(conceptmap.WordsOf(tt.same, tt.norwegian)) {
			t.Errorf("%q: %+v; want whole %v, other %v, the words of %q", tt.term, w, tt.whole, tt.other, tt.same)
		}
	}
	if w := conceptmap.WordsOf("uspesifisert", true); !w.Empty() || w.Same(w) {
		t.Errorf("a term that says nothing: %+v", w)
	}
}

// FuzzAgreement: it is from 0 to 1000, the same both ways, and whole with itself.
func FuzzAgreement(f *testing.F) {
	f.Add("Kronisk obstruktiv lungesykdom", "Uspesifisert emfysem")
	f.Add("æøå type 2", "\xff NOS not specified as 2")
	f.Fuzz(func(t *testing.T, x, y string) {
		a, b := conceptmap.WordsOf(x, true), conceptmap.WordsOf(y, false)
		if n := conceptmap.Agreement(a, b); n < 0 || n > 1000 || n != conceptmap.Agreement(b, a) {
			t.Errorf("%q and %q: %d and %d", x, y, n, conceptmap.Agreement(b, a))
		}
		if n := conceptmap.Agreement(a, a); n != 1000 && !a.Empty() {
			t.Errorf("%q with itself: %d", x, n)
		}
	})
}
