package language_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
)

func ExampleParseTag() {
	for _, s := range []string{"no-NO", "en-gb", "no-x-sctlang-61000202-103", "norsk bokmål"} {
		tag, ok := language.ParseTag(s)
		fmt.Printf("%q %v\n", tag, ok)
	}
	// Output:
	// "nb" true
	// "en-GB" true
	// "nb" true
	// "" false
}

func TestParseTag(t *testing.T) {
	tests := []struct {
		in   string
		want language.Tag
	}{
		{"nb", "nb"},
		{"nb-NO", "nb"},
		{"NB-no", "nb"},
		{"nob", "nb"},
		{"no", "nb"},
		{"no-NO", "nb"},
		{"nn", "nn"},
		{"nn-NO", "nn"},
		{"nno", "nn"},
		{" nn ", "nn"},
		{"no-x-61000202103", "nb"},
		{"no-x-91000202106", "nn"},
		{"no-x-sctlang-61000202-103", "nb"},
		{"no-x-sctlang-91000202-106", "nn"},
		{"NO-X-SCTLANG-61000202-103", "nb"},
		{"en-x-900000000000509007", "refset:900000000000509007"},
		{"en-x-sctlang-90000000-00005090-07", "refset:900000000000509007"},
		{"nb-x-gp", "nb"}, // a private part that is no reference set
		{"en", "en"},
		{"en-GB", "en-GB"},
		{"en-gb", "en-GB"},
		{"en-US", "en-US"},
		{"se", "se"},
		{"smj-NO", "smj-NO"},
		{"zh-Hans-CN", "zh-CN"},
		{"es-419", "es"},
		{"zh-yue-HK", "zh-HK"},
		{"sr-Latn-RS", "sr-RS"},
		{"sl-rozaj-biske", "sl"},
		{"de-CH-1996", "de-CH"},
		{"de-DE-u-co-phonebk", "de-DE"},
		{"en-a-bbb-x-a-ccc", "en"},
		{"*", language.Any},
		// not language tags
		{"", ""},
		{"-", ""},
		{"n", ""},
		{"norsk bokmål", ""},
		{"en_GB", ""},
		{"en-", ""},
		{"-en", ""},
		{"en--GB", ""},
		{"en-x", ""},
		{"engl", ""}, // four letters are reserved
		{"nynorskish", ""},
		{"norsk", ""},     // nothing longer than three letters is registered
		{"nb-bad", ""},    // no extended language of bokmål
		{"de-en-bad", ""}, // nothing of three letters follows a region
		{"en-GB-US", ""},
		{"en-GB-Latn", ""}, // the script comes first
		{"en-u", ""},
		{"en-u-x-a", ""},
		{"en-x-", ""},
		{"12", ""},
		{"en-toolongpart", ""},
		{"en;q=1", ""},
		{"**", ""},
		{strings.Repeat("en-", 50) + "GB", ""},
	}
	for _, tt := range tests {
		got, ok := language.ParseTag(tt.in)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("ParseTag(%q) = %q, %v, want %q", tt.in, got, ok, tt.want)
		}
	}
}

func TestTagParts(t *testing.T) {
	tests := []struct {
		tag, primary language.Tag
		refset       string
	}{
		{"nb", "nb", ""},
		{"en-GB", "en", ""},
		{"refset:900000000000509007", "refset:900000000000509007", "900000000000509007"},
	}
	for _, tt := range tests {
		if tt.tag.Primary() != tt.primary || tt.tag.Refset() != tt.refset {
			t.Errorf("%q: primary %q, refset %q, want %q, %q", tt.tag, tt.tag.Primary(), tt.tag.Refset(), tt.primary, tt.refset)
		}
	}
}

// FuzzParseTag states that a tag is one form of many: reading it again gives
// itself, case does not matter, and a reference set is a possible SCTID.
func FuzzParseTag(f *testing.F) {
	for _, s := range []string{"nb", "no-NO", "en-GB", "*", "no-x-sctlang-61000202-103", "no-x-61000202103", "zh-Hans-CN", "x-x-x", "en-x-1-2-3-4-5-6"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tag, ok := language.ParseTag(s)
		if !ok {
			if tag != "" {
				t.Fatalf("ParseTag(%q) = %q and false", s, tag)
			}
			return
		}
		if lower, ok := language.ParseTag(strings.ToLower(s)); lower != tag || !ok {
			t.Fatalf("ParseTag(%q) = %q, in lower case %q", s, tag, lower)
		}
		if id := tag.Refset(); id != "" {
			if len(id) < 6 || len(id) > 18 || strings.Trim(id, "0123456789") != "" {
				t.Fatalf("ParseTag(%q) names reference set %q", s, id)
			}
			return
		}
		if again, ok := language.ParseTag(string(tag)); again != tag || !ok {
			t.Fatalf("ParseTag(%q) = %q, and of that %q, %v", s, tag, again, ok)
		}
	})
}
