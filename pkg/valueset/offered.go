package valueset

import "github.com/kodeks/kodeks/pkg/terminology"

// Offered is a kind of filter that a code system has, for people who write value sets.
type Offered struct {
	Property string // "" is any property that concepts have
	Ops      []string
}

// OfferedBy returns the kinds of filters that Evaluate knows for a code system, those on
// concepts first.
func OfferedBy(cs terminology.CodeSystem) []Offered {
	list := []Offered{{"concept", []string{opIsA, opDescendentOf, opIsNotA, opChildOf, opDescendentLeaf, opGeneralizes, opEqual, opIn, opNotIn}}}
	if _, ok := terminology.As[terminology.Constrained](cs); ok {
		list = append(list, Offered{"constraint", []string{opEqual}})
	}
	if _, ok := terminology.As[terminology.Composable](cs); ok {
		list = append(list, Offered{"expressions", []string{opEqual}})
	}
	return append(list, Offered{propDisplay, []string{opEqual, opIn, opNotIn, opRegex, opExists}}, Offered{"", []string{opEqual, opIn, opNotIn, opRegex, opExists}})
}
