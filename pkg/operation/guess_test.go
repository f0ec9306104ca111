package operation_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
)

// TestGuessesOnlyWhenNothingMatches: hjarteinfarkt is a nynorsk term of SNOMED CT and
// one letter from the bokmål of ICD-10 and ICPC-2. Who searches all of them asks for
// the one that is there, not for what a typing error might have meant in the others.
func TestGuessesOnlyWhenNothingMatches(t *testing.T) {
	classes := func(text string) map[string]int {
		resp, err := service.Search(t.Context(), operation.SearchRequest{Text: text, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]int{}
		for _, h := range resp.Hits {
			found[h.Class]++
		}
		return found
	}
	if found := classes("hjarteinfarkt"); found["fuzzy"] > 0 || found["exact"] == 0 {
		t.Errorf("hjarteinfarkt: %v, want no guess beside exact", found)
	}
	if found := classes("hjerteinfakrt"); found["fuzzy"] == 0 || len(found) != 1 {
		t.Errorf("hjerteinfakrt: %v, want guesses only", found)
	}
}
