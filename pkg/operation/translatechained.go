package operation

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// merge keeps of two ways to one code the better one, and counts both.
func merge(into map[string]*chained, c *chained) {
	old := into[c.code]
	if old == nil {
		c.order = len(into)
		into[c.code] = c
		return
	}
	ways := old.ways + c.ways
	if c.rank() < old.rank() {
		c.order = old.order
		*old = *c
	}
	old.ways = ways
}

// rank orders ways by what they keep of the meaning, what applies before what may.
func (c *chained) rank() int {
	n := 2 * conceptmap.Rank(c.relationship)
	if c.candidate {
		n++
	}
	return n
}

// addChains adds the codes that chains lead to: by relationship, then, where maps were read
// backwards, those to which more ways lead, which is what most of the source goes to, then
// in the order of the rows, the most apt first at each step.
func (t *translation) addChains(found map[string]*chained, back int) {
	list := inOrder(found)
	slices.SortStableFunc(list, func(a, b *chained) int {
		if byRank := cmp.Compare(a.rank(), b.rank()); byRank != 0 || back == 0 {
			return byRank
		}
		return cmp.Compare(b.ways, a.ways)
	})
	for _, c := range list {
		m := t.match(c.road.usedMap, &c.row, c.road.back)
		t.taken = t.taken || c.assumed
		m.Relationship, m.Ways, m.Reverse, m.Target = c.relationship, c.ways, false, terminology.Coding{}
		if c.candidate {
			m.State = conceptmap.Candidate
		}
		for at := c; at.before != nil; at = at.before {
			if m.Reason == "" && c == list[0] {
				m.Reason = at.why
			}
			m.Path = append(m.Path, t.hop(at))
			if at != c { // those of its own row are there
				m.Products = append(slices.Clone(at.row.row.Products), m.Products...)
			}
			for _, n := range t.needs(at.road.usedMap, &at.row) {
				if !slices.Contains(m.Needs, n) {
					m.Needs = append(m.Needs, n)
				}
			}
		}
		slices.Reverse(m.Path)
		t.resp.Matches = append(t.resp.Matches, m)
	}
	t.noteChain(t.resp.Matches[len(t.resp.Matches)-len(list)])
}

// hop returns the step to a code that a chain has reached.
func (t *translation) hop(c *chained) Hop {
	system, display := c.road.Target, c.row.row.Display
	relationship := c.row.row.Relationship
	if c.road.back {
		system, display, relationship = c.road.Source, "", conceptmap.Inverse(relationship)
	}
	coding := t.withDisplay(terminology.Coding{System: system, Code: c.code}, c.road.usedMap, display)
	return Hop{Coding: coding, Relationship: relationship, Map: c.road.URL, MapTitle: c.road.Title, Reverse: c.road.back}
}

// losses say what is lost on the way to a code.
var losses = [...]string{
	terminology.Equivalent:       "nothing of the meaning is lost",
	terminology.SourceIsNarrower: "the best are wider than the source, so that detail is lost",
	terminology.SourceIsBroader:  "the best are narrower than the source, and say more than it does",
	terminology.RelatedTo:        "the best are known to be related to the source and no more: review them",
	terminology.NotRelatedTo:     "",
}

// noteChain tells which maps were joined for the best code, and what was lost.
func (t *translation) noteChain(best Match) {
	var maps []string
	for _, h := range best.Path {
		name := cmp.Or(h.MapTitle, h.Map)
		if h.Reverse {
			name += " (backwards)"
		}
		maps = append(maps, name)
	}
	if len(maps) == 1 {
		t.note("no map answers from %s to %s; one the other way does: %s; %s", t.resp.Source.System, t.target, maps[0], losses[best.Relationship])
		return
	}
	t.note("no map answers from %s to %s; these do, one after the other: %s; %s", t.resp.Source.System, t.target, strings.Join(maps, ", "), losses[best.Relationship])
}
