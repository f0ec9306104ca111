package norwegian_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/language/norwegian"
)

// TestLoan holds two spellings of a word against each other.
func TestLoan(t *testing.T) {
	for _, same := range [][]string{
		{"appendicitis", "appendisitt", "appendicitt"},
		{"pneumothorax", "pneumotoraks"},
		{"encephalitis", "encefalitt", "ensefalitt"},
		{"thrombosis", "trombose", "thrombose"},
		{"cholelithiasis", "kolelitiasis"},
		{"cholesterol", "kolesterol"},
		{"schizophrenia", "schizofreni", "skizofreni", "skisofreni"},
		{"theophyllin", "teofyllin"},
		{"digoxin", "digoksin"},
		{"oesophagitis", "øsofagitt", "oesophagitt"},
		{"anaemia", "anemi"},
		{"diarrhoea", "diare"},
		{"eczema", "eksema"},
		{"carpal", "karpal"},
		{"externa", "eksterna"},
		{"urticaria", "urtikaria"},
		{"carcinoma", "karsinom"},
		{"haemorrhagia", "haemoragi"},
	} {
		for _, word := range same {
			if got, want := norwegian.Loan(word), norwegian.Loan(same[0]); got != want {
				t.Errorf("Loan(%q) = %q, want %q as of %s", word, got, want, same[0])
			}
		}
	}
	for _, word := range []string{"hjerteinfarkt", "brudd", "åreknuter", "i21", "", "b12", "smerte"} {
		if got := norwegian.Loan(word); got != word {
			t.Errorf("Loan(%q) = %q, want it as it is", word, got)
		}
	}
	for word, want := range map[string]string{"chol": "kol", "pneumothor": "pneumotor", "kol": "kol", "appendici": "appendisi", "oesoph": "øsof"} {
		if got := norwegian.LoanSpelling(word); got != want {
			t.Errorf("LoanSpelling(%q) = %q, want %q", word, got, want)
		}
	}
}

// FuzzLoan states that a spelling is its own spelling, and no long one comes of a short.
func FuzzLoan(f *testing.F) {
	for _, s := range []string{"cholelithiasis", "ccch", "phthph", "oeae", "rrhrrh"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, word string) {
		once := norwegian.LoanSpelling(word)
		if len(once) > 2*len(word) {
			t.Fatalf("LoanSpelling(%q) = %q", word, once)
		}
		_ = norwegian.Loan(word)
	})
}
