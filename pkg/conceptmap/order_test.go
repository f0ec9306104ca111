package conceptmap_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/conceptmap"
)

// TestBestFirst: lists of ICD-10 codes that a map gives one source, and which of them is the
// best.
func TestBestFirst(t *testing.T) {
	nine := func(code string) bool { return strings.HasSuffix(code, ".9") }
	for _, tt := range []struct {
		name, codes, want string
		unspecified       func(string) bool
	}{
		{name: "none", unspecified: nine},
		{name: "one", codes: "I10", want: "I10", unspecified: nine},
		{name: "two may be in order by chance", codes: "A09.0 A09.9", want: "A09.0 A09.9", unspecified: nine},
		{name: "not specified", codes: "I50.0 I50.1 I50.9", want: "I50.9 I50.0 I50.1", unspecified: nine},
		{name: "an order that is the author's", codes: "I50.1 I50.0 I50.9", want: "I50.1 I50.0 I50.9", unspecified: nine},
		{name: "a code system without such codes", codes: "I50.0 I50.1 I50.9", want: "I50.0 I50.1 I50.9"},
		{name: "the category with the most", codes: "J00 J02.8 J02.9 J06.0 J06.8 J06.9", want: "J06.9 J06.0 J06.8 J00 J02.9 J02.8", unspecified: nine},
		{name: "two thirds of the most are less", codes: "J02.8 J02.9 J06.0 J06.8 J06.9", want: "J06.9 J06.0 J06.8 J02.9 J02.8", unspecified: nine},
		{name: "about as many: the first", codes: "F32.0 F32.8 F32.9 F33.0 F33.1 F33.8 F33.9", want: "F32.9 F32.0 F32.8 F33.9 F33.0 F33.1 F33.8", unspecified: nine},
		{name: "about as many: one with a code for the whole", codes: "G55.0 G55.1 M51.0 M51.9", want: "M51.9 M51.0 G55.0 G55.1", unspecified: nine},
		{name: "a category without subdivisions is a whole", codes: "A15.0 B22 C33.1", want: "B22 A15.0 C33.1", unspecified: nine},
		{name: "the category itself among its codes", codes: "J06 J06.0 J06.9", want: "J06 J06.0 J06.9", unspecified: nine},
		{name: "no code for a whole at all", codes: "P00.0 P01.0 P01.1", want: "P01.0 P01.1 P00.0", unspecified: nine},
	} {
		codes := strings.Fields(tt.codes)
		var got []string
		for _, place := range conceptmap.BestFirst(codes, tt.unspecified) {
			got = append(got, codes[place])
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// FuzzBestFirst: whatever the codes are, each place comes once.
func FuzzBestFirst(f *testing.F) {
	f.Add("J00 J02.8 J02.9 J06.0 J06.8 J06.9")
	f.Add(". .. ... 9 .9")
	f.Fuzz(func(t *testing.T, text string) {
		codes := strings.Fields(text)
		slices.Sort(codes)
		places := conceptmap.BestFirst(codes, func(code string) bool { return strings.HasSuffix(code, "9") })
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
