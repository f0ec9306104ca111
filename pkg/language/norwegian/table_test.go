package norwegian

import (
	"strings"
	"testing"
)

// TestTables holds the tables to what the code takes for granted: their results are
// stable, no rule hides another, and every key fits.
func TestTables(t *testing.T) {
	for form, stem := range irregularForms {
		if got := Stem(form); got != stem {
			t.Errorf("Stem(%q) = %q, but the table says %q", form, got, stem)
		}
		if s := Spell(form); Stem(s) != stem {
			t.Errorf("%q is spelled %q, with the stem %q and not %q", form, s, Stem(s), stem)
		}
	}
	for tail, stem := range irregularTails {
		if len(tail) > longestTail {
			t.Errorf("the tail %q is longer than longestTail", tail)
		}
		if got, want := Stem("stup"+tail), Stem("stup"+stem); got != want {
			t.Errorf("Stem of -%s is %q, of -%s %q", tail, got, stem, want)
		}
	}
	for i, r := range respellings {
		if got := Spell(r.to); len(r.to) > 3 && r.where != inside && got != r.to {
			t.Errorf("%q is respelled %q, and that %q", r.from, r.to, got)
		}
		for _, earlier := range respellings[:i] {
			if earlier.where == anywhere && strings.HasPrefix(r.from, earlier.from) {
				t.Errorf("%q never comes to its turn, for %q comes first", r.from, earlier.from)
			}
		}
	}
	table := parts()
	for w := range table.words {
		if table.notParts[w] {
			t.Errorf("%q is a word of compounds and is not", w)
		}
	}
	for _, list := range []map[string]bool{table.words, table.notParts, table.heads} {
		for w := range list {
			if !isKey(w) {
				t.Errorf("%q is not letters", w)
			}
		}
	}
}
