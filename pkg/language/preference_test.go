package language_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func ExampleParse() {
	p, err := language.Parse("en;q=0.3, nn-NO, nb;q=0.8, *;q=0.1")
	fmt.Println(p, err)

	_, err = language.Parse("nb, norsk bokmål")
	fmt.Println(err)
	// Output:
	// nn, nb, en <nil>
	// language.Parse: invalid input: "norsk bokmål" is not a language tag, want one such as nb, nn-NO or en
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, in, want string
		kind           terminology.Kind // Other: no error
	}{
		{name: "nothing", in: "", want: ""},
		{name: "only commas", in: " , ,", want: ""},
		{name: "one tag", in: "nb-NO", want: "nb"},
		{name: "a browser in Norway", in: "nb-NO,nb;q=0.9,no;q=0.8,nn;q=0.7,en-US;q=0.6,en;q=0.5", want: "nb, nn, en-US, en"},
		{name: "equal weights keep their order", in: "en;q=0.5,nn;q=0.5,nb;q=0.5", want: "en, nn, nb"},
		{name: "the best weight of a tag counts", in: "en;q=0.1,nb,en;q=0.9", want: "nb, en"},
		{name: "space and a capital Q", in: "nn ; Q=0.5 , nb", want: "nb, nn"},
		{name: "weight 0 is not wanted", in: "nb, en;q=0", want: "nb"},
		{name: "anything", in: "*", want: ""},
		{name: "a reference set", in: "en-x-900000000000508004, nb", want: "refset:900000000000508004, nb"},
		{name: "weight above 1", in: "nb;q=1.5", kind: terminology.Invalid},
		{name: "negative weight", in: "nb;q=-0.5", kind: terminology.Invalid},
		{name: "weight that is no number", in: "nb;q=NaN", kind: terminology.Invalid},
		{name: "weight that is a word", in: "nb;q=high", kind: terminology.Invalid},
		{name: "another parameter", in: "nb;level=1", kind: terminology.Invalid},
		{name: "a bare parameter", in: "nb;0.5", kind: terminology.Invalid},
		{name: "underscore", in: "nb_NO", kind: terminology.Invalid},
		{name: "the wrong separator", in: "nb;nn", kind: terminology.Invalid},
		{name: "a header that is an attack", in: strings.Repeat("nb,", 101), kind: terminology.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := language.Parse(tt.in)
			if terminology.KindOf(err) != tt.kind {
				t.Fatalf("Parse(%q) = %v, want kind %v", tt.in, err, tt.kind)
			}
			if err == nil && got.String() != tt.want {
				t.Errorf("Parse(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestPreferenceOr(t *testing.T) {
	server := language.Of(language.Bokmal)
	for in, want := range map[string]string{"": "nb", "*": "nb", "nn": "nn"} {
		p, err := language.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Or(server).String(); got != want {
			t.Errorf("Parse(%q).Or(nb) = %q, want %q", in, got, want)
		}
	}
	if !(language.Preference{}).IsZero() || server.IsZero() {
		t.Error("IsZero does not tell whether a language is asked for")
	}
}

func TestAccepts(t *testing.T) {
	for _, tt := range []struct{ list, takes, not string }{
		{list: "", takes: "nb nn en de"},
		{list: "*", takes: "nb nn en de"},
		{list: "nb", takes: "nb nb-NO", not: "nn en de"},
		{list: "de-CH, nn;q=0.5", takes: "de de-AT nn", not: "nb en"},
		{list: "nb, *;q=0.1", takes: "nb nn en de"},
		{list: "nb, *;q=0", takes: "nb", not: "nn en"},
		{list: "nb, en;q=0", takes: "nb", not: "nn en"},
		{list: "nb, *, en;q=0", takes: "nb nn de", not: "en en-GB"},
		{list: "*, en-GB;q=0", takes: "en en-US nb", not: "en-GB"},
		{list: "en;q=0", takes: "nb de", not: "en en-US"},
		{list: "en-GB, *, en;q=0", takes: "en-GB"},
	} {
		p, err := language.Parse(tt.list)
		if err != nil {
			t.Fatal(err)
		}
		for want, list := range map[bool]string{true: tt.takes, false: tt.not} {
			for _, lang := range strings.Fields(list) {
				if tag, ok := language.ParseTag(lang); !ok || p.Accepts(tag) != want {
					t.Errorf("Parse(%q).Accepts(%q) = %v", tt.list, lang, !want)
				}
			}
		}
	}
}

// FuzzParse states that a list which is accepted is in order, has each language
// once, never the star, and says the same when its parts are read again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"nb", "nn, nb;q=0.8, *;q=0.1", "*;q=0, en", "nb;q=NaN", "en;q=0x1p-2", ",,,", "no-x-61000202103"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := language.Parse(s)
		if err != nil {
			if terminology.KindOf(err) != terminology.Invalid {
				t.Fatalf("Parse(%q) = %v, want kind Invalid", s, err)
			}
			return
		}
		for i, tag := range p.Tags() {
			if tag == language.Any || tag == "" || slices.Contains(p.Tags()[:i], tag) {
				t.Fatalf("Parse(%q) = %v", s, p)
			}
			if tag.Refset() != "" {
				return
			}
		}
		if again, err := language.Parse(p.String()); err != nil || again.String() != p.String() {
			t.Fatalf("Parse(%q) = %v, and of that %v, %v", s, p, again, err)
		}
	})
}
