package conceptmap

import (
	"slices"
	"strings"
)

// fewToOrder is how many codes a list must have for its order to be taken as that of the
// codes: two may stand so by chance.
const fewToOrder = 3

// BestFirst returns the places of the target codes of one source, which are in the order
// of their map, the most apt one first.
//
// The order of a map is its author's, and is kept, unless it is that of the codes
// themselves: a list such as F32.0; F32.1; ... F53.0 (the icd10 column of ICPC-2e) says
// what falls under the source and nothing of what it mostly is. Of such a list the
// category, which is the code up to its dot, with the most codes comes first. Categories
// that have more than two thirds of that count as much: of these one that has a code for
// the whole, which is that of the category or of what is not specified in it, goes before
// others, then the one that is first in the list. In a category that code goes first, since
// no more is known than the source says; the others follow, as the list has them.
//
// Unspecified tells which codes of the code system are for what is not specified; nil where
// it has none such.
func BestFirst(codes []string, unspecified func(code string) bool) []int {
	places := make([]int, len(codes))
	for i := range places {
		places[i] = i
	}
	if len(codes) < fewToOrder || unspecified == nil || !slices.IsSorted(codes) {
		return places
	}
	type run struct {
		from, to int // of codes
		whole    int // its code for the whole; -1: none
	}
	var runs []run // the list is sorted, so that a category is in one place
	most := 0
	for i := 0; i < len(codes); {
		r := run{i, i, -1}
		for category := categoryOf(codes[i]); r.to < len(codes) && categoryOf(codes[r.to]) == category; r.to++ {
			if r.whole < 0 && (codes[r.to] == category || unspecified(codes[r.to])) {
				r.whole = r.to
			}
		}
		runs, i, most = append(runs, r), r.to, max(most, r.to-r.from)
	}
	best := -1
	for i, r := range runs {
		heavy := 3*(r.to-r.from) > 2*most
		if heavy && (best < 0 || runs[best].whole < 0 && r.whole >= 0) {
			best = i
		}
	}
	first := runs[best]
	runs = append([]run{first}, slices.Delete(runs, best, best+1)...)
	places = places[:0]
	for _, r := range runs {
		if r.whole >= 0 {
			places = append(places, r.whole)
		}
		for i := r.from; i < r.to; i++ {
			if i != r.whole {
				places = append(places, i)
			}
		}
	}
	return places
}

// categoryOf returns the category of a code of a classification: up to its dot.
func categoryOf(code string) string {
	category, _, _ := strings.Cut(code, ".")
	return category
}
