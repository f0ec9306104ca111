package language_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// columns are those of the Norwegian edition of SNOMED CT, out of order.
var columns = []terminology.DisplayColumn{
	{Language: "en-GB", Refset: "900000000000508004"},
	{Language: "en-US", Refset: "900000000000509007"},
	{Language: "nb-x-gp", Refset: "1991000202102"},
	{Language: "nn", Refset: "91000202106"},
	{Language: "nb", Refset: "61000202103"},
}

// terms is a code system of preferred terms: concept, then column.
type terms struct {
	terminology.CodeSystem
	byColumn [][]string
	any      []string
}

func (s terms) Preferred(o terminology.Ordinal, column int) (string, bool) {
	t := s.byColumn[o][column]
	return t, t != ""
}

func (s terms) Display(o terminology.Ordinal) string { return s.any[o] }

// heart has myocardial infarction in all columns, a concept with English and
// bokmål only, one with English only, and one with nothing preferred.
var heart = terms{
	byColumn: [][]string{
		{"myocardial infarction (GB)", "myocardial infarction (US)", "hjerteinfarkt (GP)", "hjarteinfarkt", "hjerteinfarkt"},
		{"oedema of lung", "edema of lung", "", "", "lungeødem"},
		{"", "Dressler syndrome", "", "", ""},
		{"", "", "", "", ""},
	},
	any: []string{"x", "x", "x", "retired term"},
}

func ExampleResolve() {
	p, _ := language.Parse("nn")
	c := language.Resolve(p, columns)
	for o := range heart.byColumn {
		term, column := c.Display(heart, terminology.Ordinal(o))
		fmt.Println(term, "- as asked:", c.Asked(column))
	}
	// Output:
	// hjarteinfarkt - as asked: true
	// lungeødem - as asked: false
	// Dressler syndrome - as asked: false
	// retired term - as asked: false
}

func names(order []int) string {
	out := make([]string, len(order))
	for i, c := range order {
		out[i] = columns[c].Language
	}
	return strings.Join(out, " ")
}

func TestResolve(t *testing.T) {
	tests := []struct {
		name, list, want string
		asked            int // so many of the first are what was asked for
	}{
		{"bokmål falls back on nynorsk, then English", "nb", "nb nb-x-gp nn en-US en-GB", 2},
		{"norsk is bokmål", "no-NO", "nb nb-x-gp nn en-US en-GB", 2},
		{"nynorsk falls back on bokmål, then English", "nn", "nn nb nb-x-gp en-US en-GB", 1},
		{"English is US English first", "en", "en-US en-GB nb nb-x-gp nn", 2},
		{"British English", "en-GB", "en-GB en-US nb nb-x-gp nn", 2},
		{"a region that the release does not have", "en-AU", "en-GB en-US nb nb-x-gp nn", 2},
		{"two languages", "nn, en", "nn en-US en-GB nb nb-x-gp", 3},
		{"bokmål by its reference set", "no-x-61000202103", "nb nb-x-gp nn en-US en-GB", 2},
		{"the terms of general practice, then bokmål", "no-x-1991000202102", "nb-x-gp nb nn en-US en-GB", 1},
		{"a reference set that the release does not have", "no-x-999991000202102", "en-US en-GB nb nb-x-gp nn", 0},
		{"Danish reads bokmål before English", "da", "nb nb-x-gp en-US en-GB nn", 0},
		{"Swedish reads bokmål before English", "sv-SE", "nb nb-x-gp en-US en-GB nn", 0},
		{"another language reads English before bokmål", "de", "en-US en-GB nb nb-x-gp nn", 0},
		{"nothing asked", "", "en-US en-GB nb nb-x-gp nn", 0},
		{"a language that is refused comes last", "de, en;q=0", "nb nb-x-gp nn en-US en-GB", 0},
		{"one of its regions does", "da, en-US;q=0", "nb nb-x-gp en-GB nn en-US", 0},
		{"no fallback", "nn, *;q=0", "nn", 1},
		{"no fallback from a language that is not there", "de, *;q=0", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := language.Parse(tt.list)
			if err != nil {
				t.Fatal(err)
			}
			c := language.Resolve(p, columns)
			if got := names(c.Order()); got != tt.want {
				t.Fatalf("Resolve(%q) = %s, want %s", tt.list, got, tt.want)
			}
			for i, column := range c.Order() {
				if got := c.Asked(column); got != (i < tt.asked) {
					t.Errorf("Asked(%s) = %v, want %v", columns[column].Language, got, !got)
				}
			}
			if c.Asked(-1) {
				t.Error("a term from no column answers what was asked for")
			}
		})
	}
}

func TestResolveAgainstOneLanguage(t *testing.T) {
	icd10 := []terminology.DisplayColumn{{Language: "nb"}}
	for _, list := range []string{"nb", "no", "nn", "en-GB", "de", ""} {
		p, _ := language.Parse(list)
		c := language.Resolve(p, icd10)
		if len(c.Order()) != 1 {
			t.Errorf("Resolve(%q) has columns %v, want the only one", list, c.Order())
		}
	}
	if c := language.Resolve(language.Of("nb"), nil); len(c.Order()) != 0 {
		t.Errorf("Resolve without columns = %v", c.Order())
	}
}

func TestDisplay(t *testing.T) {
	tests := []struct {
		list       string
		concept    terminology.Ordinal
		term       string
		column     string // empty: none
		noFallback bool
	}{
		{"nb", 0, "hjerteinfarkt", "nb", false},
		{"nn", 0, "hjarteinfarkt", "nn", false},
		{"no-x-1991000202102", 0, "hjerteinfarkt (GP)", "nb-x-gp", false},
		{"no-x-1991000202102", 1, "lungeødem", "nb", false},
		{"nn", 1, "lungeødem", "nb", false},
		{"nn", 1, "", "", true},
		{"en-GB", 1, "oedema of lung", "en-GB", false},
		{"en", 1, "edema of lung", "en-US", false},
		{"en-GB", 2, "Dressler syndrome", "en-US", true},
		{"nb", 2, "Dressler syndrome", "en-US", false},
		{"nb", 3, "retired term", "", false},
		{"nb", 3, "", "", true},
	}
	for _, tt := range tests {
		p, err := language.Parse(tt.list)
		if err != nil {
			t.Fatal(err)
		}
		if tt.noFallback {
			p = p.NoFallback()
		}
		term, column := language.Resolve(p, columns).Display(heart, tt.concept)
		name := ""
		if column >= 0 {
			name = columns[column].Language
		}
		if term != tt.term || name != tt.column {
			t.Errorf("%s, concept %d, no fallback %v: %q from %q, want %q from %q", tt.list, tt.concept, tt.noFallback, term, name, tt.term, tt.column)
		}
	}
}

func TestDisplayDoesNotAllocate(t *testing.T) {
	c := language.Resolve(language.Of(language.Nynorsk), columns)
	var cs terminology.CodeSystem = heart
	if n := testing.AllocsPerRun(100, func() { c.Display(cs, 1) }); n != 0 {
		t.Errorf("Display allocates %v times, want 0", n)
	}
}

// TestResolveOwn has the order for code systems whose author recommends displays.
func TestResolveOwn(t *testing.T) {
	columns := []terminology.DisplayColumn{{Language: ""}, {Language: "de"}, {Language: "de-CH"}, {Language: "en"}, {Language: "es"}, {Language: "nb"}, {Language: "nn"}}
	for _, tt := range []struct {
		own, list, want string
		asked           int
	}{
		{"de", "fr", "de de-CH en nb nn  es", 0},
		{"de", "en", "en de de-CH nb nn  es", 1},
		{"de-CH", "", "de-CH de en nb nn  es", 0},
		{"", "fr", " en nb nn de de-CH es", 0},
		{"", "", " en nb nn de de-CH es", 0},
		{"es", "nb", "nb nn es en  de de-CH", 1}, // who reads bokmål reads nynorsk
		{"es", "nn", "nn nb es en  de de-CH", 1},
		{"es", "da", "es en nb nn  de de-CH", 0},
		{"pt", "fr", "en nb nn  de de-CH es", 0}, // the author's language has no display
		{"de", "es, *;q=0", "es", 1},
	} {
		p, err := language.Parse(tt.list)
		if err != nil {
			t.Fatal(err)
		}
		c := language.ResolveOwn(p, columns, tt.own)
		var got []string
		for i, column := range c.Order() {
			got = append(got, columns[column].Language)
			if c.Asked(column) != (i < tt.asked) {
				t.Errorf("%q of %q: Asked(%s) = %v", tt.list, tt.own, columns[column].Language, c.Asked(column))
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q of %q: %q, want %q", tt.list, tt.own, strings.Join(got, " "), tt.want)
		}
	}
}
