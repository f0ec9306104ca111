package ecl

import (
	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
)

// group is conditions that one group of a concept meets together.
type group struct {
	about
	bounds
	set    *grouped
	leaves []*attribute
}

// grouped is a tree of conditions inside a group: one attribute, or several joined.
type grouped struct {
	attribute *attribute // nil: join
	operator  LogicalOperator
	join      []*grouped
}

// one reports whether a single group, given as its attributes, meets the conditions.
// The attributes that lead to o are of no group of o: a reverse condition counts them
// as outside braces.
func (g *grouped) one(ev *evaluation, o uint32, list []basic.Attribute) bool {
	if a := g.attribute; a != nil {
		if a.reverse {
			return a.meets(ev, o)
		}
		return a.bounds.has(a.count(ev, list, a.enough()))
	}
	for _, part := range g.join {
		if !ev.spend(1) {
			return false
		}
		if part.one(ev, o, list) == (g.operator == Disjunction) {
			return g.operator == Disjunction
		}
	}
	return g.operator == Conjunction
}

// some returns a set that has every concept with a group that meets the conditions;
// nil when that could be any concept.
func (g *grouped) some(ev *evaluation) *roaring.Bitmap {
	if g.attribute != nil {
		return g.attribute.some(ev)
	}
	var all *roaring.Bitmap
	for _, part := range g.join {
		switch s := part.some(ev); {
		case s == nil && g.operator == Disjunction:
			return nil
		case s == nil:
		case all == nil:
			all = s
		case g.operator == Disjunction:
			all = roaring.Or(all, s)
		default:
			all = roaring.And(all, s)
		}
		if ev.err != nil {
			break
		}
	}
	return all
}

// groups calls do with the attributes of each group of a list, which is sorted by
// group. Attributes in group 0 are in no group.
func groups(list []basic.Attribute, do func([]basic.Attribute) bool) {
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].Group() == list[from].Group() {
			to++
		}
		if list[from].Group() != 0 && !do(list[from:to]) {
			return
		}
		from = to
	}
}

// count returns how many groups of a concept meet the conditions. It stops at enough.
func (g *group) count(ev *evaluation, o uint32, enough int) int {
	n := 0
	groups(ev.p.Attributes(o), func(list []basic.Attribute) bool {
		if g.set.one(ev, o, list) {
			n++
		}
		return ev.spend(3) && n < enough
	})
	return n
}

func (g *group) meets(ev *evaluation, o uint32) bool {
	return g.bounds.has(g.count(ev, o, g.enough()))
}

func (g *group) some(ev *evaluation) *roaring.Bitmap {
	if g.min == 0 {
		return nil
	}
	return g.set.some(ev)
}

func (g *group) narrow(ev *evaluation, s *roaring.Bitmap) *roaring.Bitmap {
	if g.min > g.max {
		return roaring.New()
	}
	if g.min == 0 && g.max == maxInt {
		return s
	}
	n := int64(s.GetCardinality())
	if n*(g.test+10) < g.make {
		return ev.filter(&g.about, s, func(o uint32) bool { return g.meets(ev, o) })
	}
	candidates := s
	if some := g.set.some(ev); some != nil {
		candidates = roaring.And(s, some)
	}
	for _, a := range g.leaves {
		ev.prepareValues(a, int(candidates.GetCardinality()))
	}
	if g.min == 0 {
		return roaring.AndNot(s, ev.filter(&g.about, candidates, func(o uint32) bool { return !g.meets(ev, o) }))
	}
	return ev.filter(&g.about, candidates, func(o uint32) bool { return g.meets(ev, o) })
}
