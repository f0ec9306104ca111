package conceptmap

import (
	"cmp"
	"slices"
	"strings"
)

// Evidence is what is known of one of the targets of a source besides that the map gives
// it. Shares are thousandths.
type Evidence struct {
	// Words is how well the best of its terms agrees with one of the source, in one language.
	Words int
	// Whole tells that the target is for what is not specified in its category, or is the
	// category; Other that it is for what is specified and has no place of its own.
	Whole, Other bool
	// Same tells that another map leads to it from a code with the term of the source, and
	// Voted is the share of the codes below that one that it leads there.
	Same  bool
	Voted int
	// Own is the share of the rows of the map to the target that are of the source.
	Own int
}

// The weight of each piece of evidence, in thousandths. They were chosen on every other line
// of the list of expected codes that TestRealMaps of cmd/kodeks holds them against, and do
// no worse on the rest.
const (
	weighWords    = 1000
	weighWhole    = 500
	weighOther    = -300
	weighSame     = 300
	weighVoted    = 700
	weighOwn      = 100
	weighCategory = 200
)

// score is how apt a target is by its evidence; category is the share that the codes of its
// category have of those of the category with most.
func (e *Evidence) score(category int) int {
	n := weighWords*e.Words + weighVoted*e.Voted + weighOwn*e.Own + weighCategory*category
	for _, is := range [...]struct {
		so     bool
		weight int
	}{{e.Whole, weighWhole}, {e.Other, weighOther}, {e.Same, weighSame}} {
		if is.so {
			n += is.weight * 1000
		}
	}
	return n
}

// BestFirst returns the places of the target codes of one source in a map whose order says
// nothing, the most apt one first, by their evidence. Those that are as apt are in the order
// of the map.
func BestFirst(codes []string, evidence []Evidence) []int {
	places, scores := make([]int, len(codes)), make([]int, len(codes))
	most, in := 0, map[string]int{}
	for _, code := range codes {
		category := CategoryOf(code)
		in[category]++
		most = max(most, in[category])
	}
	for i, code := range codes {
		places[i], scores[i] = i, evidence[i].score(1000*in[CategoryOf(code)]/most)
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return places
}

// CategoryOf returns the category of a code of a classification: up to its dot.
func CategoryOf(code string) string {
	category, _, _ := strings.Cut(code, ".")
	return category
}
