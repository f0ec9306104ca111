package conceptmap

import "github.com/kodeks/kodeks/pkg/terminology"

// Then returns how the end of two mappings relates to their beginning when the first leads
// from a to b and the second from b to c. What is equivalent changes nothing; wider and
// wider is wider, narrower and narrower is narrower; anything else is only related. What
// is not related at all leads nowhere.
func Then(first, second terminology.Relationship) terminology.Relationship {
	switch {
	case first == terminology.NotRelatedTo || second == terminology.NotRelatedTo:
		return terminology.NotRelatedTo
	case first == terminology.Equivalent:
		return second
	case second == terminology.Equivalent || first == second:
		return first
	}
	return terminology.RelatedTo
}

// Inverse returns a relationship as seen from its target.
func Inverse(r terminology.Relationship) terminology.Relationship {
	switch r {
	case terminology.SourceIsNarrower:
		return terminology.SourceIsBroader
	case terminology.SourceIsBroader:
		return terminology.SourceIsNarrower
	}
	return r
}

// Rank orders relationships by how much of the meaning they keep, the best first: what is
// equivalent, a wider target (true, but says less), a narrower one (says more than is
// known), any other relation, none.
func Rank(r terminology.Relationship) int {
	return [...]int{terminology.Equivalent: 0, terminology.SourceIsNarrower: 1, terminology.SourceIsBroader: 2, terminology.RelatedTo: 3, terminology.NotRelatedTo: 4}[r]
}
