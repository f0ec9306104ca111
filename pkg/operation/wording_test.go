package operation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestWrongDisplayIsBounded wants all terms of a concept named where they are as many as
// concepts have, and of 20,000 the first, with how many there are.
func TestWrongDisplayIsBounded(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	for _, tt := range []struct {
		terms, width int
		end          string // of what is named
	}{
		{terms: 30, width: 1, end: ", 'term 29 x' (nb) or 'term 30 x' (nb) (for the language(s) '--')"},
		{terms: 99, width: 1, end: " or 'term 99 x' (nb) (for the language(s) '--')"},
		{terms: 20_000, width: 1, end: ", 'term 99 x' (nb) or 19901 more (for the language(s) '--')"},
		{terms: 50, width: 1000, end: " or 43 more (for the language(s) '--')"},
		{terms: 1, width: 20_000, end: "x' (nb) or 1 more (for the language(s) '--')"},
	} {
		var designations []string
		for i := range tt.terms {
			designations = append(designations, fmt.Sprintf(`{"language":"nb","value":"term %d %s"}`, i+1, strings.Repeat("x", tt.width)))
		}
		system := `{"resourceType":"CodeSystem","url":"` + berries + `","language":"nb","status":"active","content":"complete","concept":[{"code":"cloud","display":"` +
			strings.Repeat("x", tt.width) + `","designation":[` + strings.Join(designations, ",") + `]}]}`
		resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: operation.With{Resources: [][]byte{[]byte(system)}},
			Codings: []terminology.Coding{{System: berries, Code: "cloud", Display: "no such"}}})
		if err != nil || len(resp.Issues) != 1 {
			t.Fatalf("Validate with %d terms: %+v, %v", tt.terms, resp, err)
		}
		text := resp.Issues[0].Text
		if !strings.Contains(text, fmt.Sprintf("is one of %d choices: 'x", tt.terms+1)) || !strings.HasSuffix(text, tt.end) || len(text) > 30_000 {
			t.Errorf("%d terms of %d letters: %d bytes that end with %q, want %q", tt.terms, tt.width, len(text), text[max(0, len(text)-90):], tt.end)
		}
	}
}
