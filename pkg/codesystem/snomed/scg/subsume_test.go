package scg_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestSubsumes(t *testing.T) {
	p := open(t, liverAndHeart)
	for _, tt := range []struct {
		name, a, b string
		ab, ba     bool // a subsumes b, and b subsumes a
	}{
		{"a concept and a descendant", "56265001", "57054005", true, false},
		{"siblings", "56265001", "19829001", false, false},
		{"a concept and its refinement", "64572001", "64572001:363698007=10200004", true, false},
		{"a refinement that meets a definition is the concept", "64572001:{363698007=10200004}", "235856003", true, true},
		{"a group of one is an ungrouped attribute", "64572001:{363698007=10200004}", "64572001:363698007=10200004", true, true},
		{"a group of two is more than two attributes", "64572001:363698007=10200004,116676008=23583003",
			"64572001:{363698007=10200004,116676008=23583003}", true, false},
		{"a defined concept subsumes what meets it", "128241005", "64572001:{363698007=181268008,116676008=4532008}", true, false},
		{"a definition is not met by parts in two groups", "128241005", "64572001:{363698007=181268008},{116676008=4532008}", false, false},
		{"a primitive concept is not met", "57054005", "22298006:{363698007=74281007,116676008=55641003}", false, true},
		{"a value is more special", "64572001:363698007=80891009", "64572001:363698007=74281007", true, false},
		{"a type is more special", "71388002:{363704007=10200004}", "71388002:{405813007=181268008}", true, false},
		{"an inherited attribute", "64572001:363698007=80891009", "57054005", true, false},
		{"two focus concepts and one below both", "56265001+64572001", "22298006", true, false},
		{"a sum is below its parts", "22298006", "22298006+197271008", true, false},
		{"sums in another order", "197271008+22298006", "22298006+197271008", true, true},
		{"a nested value that is a defined concept", "64572001:363698007=3341006", "64572001:363698007=(39607008:272741003=24028007)", true, true},
		{"a nested value and a more general one", "64572001:363698007=39607008", "64572001:363698007=(39607008:272741003=24028007)", true, false},
		{"nested values that differ", "64572001:363698007=(39607008:272741003=7771000)", "64572001:363698007=3341006", false, false},
		{"equal numbers", "27658006:{127489000=372687004,1142135004=#500.0}", "323510009", true, true},
		{"other numbers", "27658006:{127489000=372687004,1142135004=#50}", "323510009", false, false},
		{"texts", `373873005:3460481009="A"`, `373873005:3460481009="A",859999999102=TRUE`, true, false},
		{"text and number", `373873005:3460481009="5"`, `373873005:3460481009=#5`, false, false},
		{"truths", "373873005:859999999102=TRUE", "373873005:859999999102=FALSE", false, false},
		{"a subtype subsumes itself", "<<<235856003:116676008=55641003", "<<< 235856003 |Liver| : 116676008 = 55641003", true, true},
		{"a subtype subsumes nothing else", "<<<235856003", "128241005", false, false},
		{"a subtype is below what it says", "235856003", "<<<64572001:363698007=181268008", true, false},
		{"an inactive concept", "233843008", "233843008", true, true},
		{"an inactive concept and the root", "138875005", "233843008", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, b := form(t, p, tt.a), form(t, p, tt.b)
			if ab, ba := scg.Subsumes(p, a, b), scg.Subsumes(p, b, a); ab != tt.ab || ba != tt.ba {
				t.Errorf("Subsumes(%s, %s) = %v, and back %v, want %v and %v", tt.a, tt.b, ab, ba, tt.ab, tt.ba)
			}
			if scg.Equivalent(p, a, b) != (tt.ab && tt.ba) {
				t.Errorf("Equivalent(%s, %s) = %v", tt.a, tt.b, !(tt.ab && tt.ba))
			}
			if o, ok := a.Concept(); ok && scg.ConceptSubsumes(p, o, b) != tt.ab {
				t.Errorf("ConceptSubsumes(%s, %s) = %v", tt.a, tt.b, !tt.ab)
			}
			if o, ok := b.Concept(); ok && scg.SubsumesConcept(p, a, o) != tt.ab {
				t.Errorf("SubsumesConcept(%s, %s) = %v", tt.a, tt.b, !tt.ab)
			}
		})
	}
}

func TestSupertypesAndParents(t *testing.T) {
	p := open(t, liverAndHeart)
	codes := func(all []terminology.Ordinal) string {
		var out []string
		for _, o := range all {
			out = append(out, p.Code(o))
		}
		slices.Sort(out)
		return strings.Join(out, " ")
	}
	for _, tt := range []struct{ in, above, parents string }{
		{"22298006", "138875005 22298006 404684003 56265001 64572001", "56265001"},
		{"64572001:{363698007=181268008,116676008=4532008}", "128241005 138875005 197271008 235856003 404684003 64572001", "197271008"},
		{"64572001:{363698007=10200004,116676008=4532008}", "128241005 138875005 197271008 235856003 404684003 64572001", "128241005"}, // it is 197271008
		{"64572001:{363698007=74281007},{363698007=181268008}", "138875005 235856003 404684003 56265001 64572001", "235856003 56265001"},
		{"<<<64572001:363698007=181268008", "138875005 235856003 404684003 64572001", "235856003"},
		{"<<<22298006", "138875005 22298006 404684003 56265001 64572001", "22298006"},
	} {
		f := form(t, p, tt.in)
		if got := codes(scg.Supertypes(p, f).ToArray()); got != tt.above {
			t.Errorf("Supertypes(%s) = %s, want %s", tt.in, got, tt.above)
		}
		if got := codes(scg.Parents(p, f)); got != tt.parents {
			t.Errorf("Parents(%s) = %s, want %s", tt.in, got, tt.parents)
		}
	}
}
