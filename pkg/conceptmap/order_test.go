package conceptmap_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/conceptmap"
)

// TestBestFirst: targets that a map gives one source in the order of their codes, what is
// known of each, and which of them is the best.
func TestBestFirst(t *testing.T) {
	for _, tt := range []struct {
		name, codes, want string
		evidence          map[string]conceptmap.Evidence
	}{
		{name: "none"},
		{name: "one", codes: "I10", want: "I10"},
		{name: "nothing is known: as the map has them", codes: "I50.0 I50.1 I50.9", want: "I50.0 I50.1 I50.9"},
		{name: "not specified", codes: "I50.0 I50.1 I50.9", want: "I50.9 I50.0 I50.1",
			evidence: map[string]conceptmap.Evidence{"I50.9": {Whole: true}}},
		{name: "the category with the most", codes: "J00 J06.0 J06.9", want: "J06.0 J06.9 J00"},
		{name: "words say more than that", codes: "J43.0 J43.1 J43.9 J44.8 J44.9", want: "J44.9 J43.9 J44.8 J43.0 J43.1",
			evidence: map[string]conceptmap.Evidence{"J43.9": {Whole: true}, "J44.8": {Other: true, Words: 800}, "J44.9": {Whole: true, Words: 800}}},
		{name: "what is meant by a finer code system", codes: "I60.9 I63.9 I64", want: "I64 I60.9 I63.9",
			evidence: map[string]conceptmap.Evidence{"I60.9": {Whole: true}, "I63.9": {Whole: true}, "I64": {Whole: true, Same: true, Voted: 300}}},
		{name: "a target that is the source's own", codes: "A00.0 A00.1", want: "A00.1 A00.0",
			evidence: map[string]conceptmap.Evidence{"A00.0": {Own: 100}, "A00.1": {Own: 1000}}},
	} {
		codes := strings.Fields(tt.codes)
		evidence := make([]conceptmap.Evidence, len(codes))
		for i, code := range codes {
			evidence[i] = tt.evidence[code]
		}
		var got []string
		for _, place := range conceptmap.BestFirst(codes, evidence) {
			got = append(got, codes[place])
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// FuzzBestFirst: whatever the codes are, each place comes once, and a target of which more is
// known for it than for another with the same rest is not after it.
func FuzzBestFirst(f *testing.F) {
	f.Add("J00 J02.8 J02.9 J06.0 J06.8 J06.9", 3)
	f.Add(". .. ... 9 .9", 1)
	f.Fuzz(func(t *testing.T, text string, best int) {
		codes := strings.Fields(text)
		evidence := make([]conceptmap.Evidence, len(codes))
		if best >= 0 && best < len(codes) {
			evidence[best] = conceptmap.Evidence{Words: 1000, Whole: true, Same: true, Voted: 1000, Own: 1000}
		}
		places := conceptmap.BestFirst(codes, evidence)
		if best >= 0 && best < len(codes) && places[0] != best {
			t.Errorf("%d is first, want %d", places[0], best)
		}
		slices.Sort(places)
		for i, place := range places {
			if i != place {
				t.Fatalf("places %v", places)
			}
		}
		if len(places) != len(codes) {
			t.Errorf("%d places of %d codes", len(places), len(codes))
		}
	})
}
