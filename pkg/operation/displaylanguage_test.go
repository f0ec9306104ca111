package operation_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestDisplayInAskedLanguages wants a display judged by what the list of languages takes: a
// star takes all, a weight of 0 refuses.
func TestDisplayInAskedLanguages(t *testing.T) {
	const tools = "http://example.org/tools"
	s := operation.New(installed, operation.Options{})
	with := operation.With{Resources: [][]byte{[]byte(`{"resourceType":"CodeSystem","url":"` + tools + `","status":"active","language":"en","content":"complete",
		"concept":[{"code":"saw","display":"saw","designation":[{"language":"nb","value":"sag"},{"language":"de","value":"Säge"}]}]}`)}}
	const wrong, none, fallback = "Display_Name_for__should_be_one_of__instead_of", "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR", "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK"
	for _, tt := range []struct{ list, display, issue, shown string }{
		{"", "sag", "", "saw"},
		{"*", "Säge", "", "saw"},
		{"nb", "sag", "", "sag"},
		{"nb", "saw", wrong, "sag"},
		{"nb, de;q=0.5", "Säge", "", "sag"},
		{"nb, *;q=0.1", "Säge", "", "sag"},
		{"nb, *, de;q=0", "Säge", wrong, "sag"},
		{"fr", "saw", fallback, "saw"},
		{"fr", "sag", none, "saw"},
		{"fr, *", "sag", "", "saw"},
		{"fr, en;q=0", "saw", fallback, "sag"},
	} {
		p, err := language.Parse(tt.list)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: with, Languages: p, LanguageList: tt.list, Codings: []terminology.Coding{{System: tools, Code: "saw", Display: tt.display}}})
		if err != nil {
			t.Fatal(err)
		}
		issue := ""
		for _, i := range resp.Issues {
			issue = i.ID
		}
		if issue != tt.issue || resp.Coding.Display != tt.shown {
			t.Errorf("%q in %q: issue %q, shown %q, want %q, %q", tt.display, tt.list, issue, resp.Coding.Display, tt.issue, tt.shown)
		}
	}
}
