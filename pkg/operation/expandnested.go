package operation

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// hierarchy nests the codes when that is asked for, part by part.
func (e *expansion) hierarchy() {
	if !e.keepsHierarchy(e.set.definition) {
		return
	}
	var out []ExpandedCode
	rest := e.resp.Codes
	for _, p := range e.set.parts {
		if _, ok := terminology.As[*engine.Release](p.CodeSystem); ok {
			continue // a hierarchy in which a code has many places
		}
		r := p.CodeSystem.Release()
		var own []ExpandedCode
		rest = slices.DeleteFunc(rest, func(c ExpandedCode) bool {
			if c.Coding.System != r.System || c.Coding.Version != r.Version || c.Ordinal == terminology.NoOrdinal {
				return false
			}
			own = append(own, c)
			return true
		})
		out = append(out, nest(p.CodeSystem, own)...)
	}
	e.resp.Codes = append(out, rest...)
}

// keepsHierarchy reports whether the members are to be told as a hierarchy: all of them,
// of a value set that takes whole systems, or by one filter, and names no codes.
func (e *expansion) keepsHierarchy(definition *valueset.Compose) bool {
	if e.req.Count >= 0 || e.req.Offset > 0 || e.req.Text != "" || len(definition.Exclude) > 0 {
		return false
	}
	for i := range definition.Include {
		set := &definition.Include[i]
		if len(set.Concepts) > 0 || len(set.ValueSets) > 0 || len(set.Filters) > 1 {
			return false
		}
		if len(set.Filters) == 1 && set.Filters[0].Op != "is-a" && set.Filters[0].Op != "descendent-of" {
			return false
		}
	}
	return true
}

// nest puts codes of one release below the nearest of those that are above them. The
// order stays.
func nest(cs terminology.CodeSystem, codes []ExpandedCode) []ExpandedCode {
	place := make(map[terminology.Ordinal]int, len(codes))
	for i := range codes {
		place[codes[i].Ordinal] = i
	}
	children := make([][]int, len(codes))
	way := nearest{cs, place, map[terminology.Ordinal]step{}}
	var roots []int
	for i := range codes {
		if above, ok := way.above(codes[i].Ordinal); ok {
			children[above] = append(children[above], i)
		} else {
			roots = append(roots, i)
		}
	}
	var build func(list []int) []ExpandedCode
	build = func(list []int) []ExpandedCode {
		var out []ExpandedCode
		for _, i := range list {
			c := codes[i]
			c.Contains = build(children[i])
			out = append(out, c)
		}
		return out
	}
	return build(roots)
}

// nearest finds the nearest of some concepts above a concept, each step up once for all
// that are below it.
type nearest struct {
	cs    terminology.CodeSystem
	place map[terminology.Ordinal]int // of those that are there
	known map[terminology.Ordinal]step
}

// step is the way up from a concept to the nearest that is there: its place, and how far
// it is, 0 when there is none.
type step struct{ place, far int }

// above returns the place of the nearest ancestor that is there, by first parents first.
func (n *nearest) above(o terminology.Ordinal) (int, bool) {
	up := n.up(o)
	return up.place, up.far > 0
}

func (n *nearest) up(o terminology.Ordinal) step {
	if known, ok := n.known[o]; ok {
		return known
	}
	n.known[o] = step{} // whoever comes back here has found nothing
	var best step
	for _, p := range n.cs.Parents(o) {
		found := step{far: 1}
		if at, ok := n.place[p]; ok {
			found.place = at
		} else if found = n.up(p); found.far > 0 {
			found.far++
		}
		if found.far > 0 && (best.far == 0 || found.far < best.far) {
			best = found
		}
	}
	n.known[o] = best
	return best
}

// baseOf returns a code system without its supplements.
func baseOf(cs terminology.CodeSystem) terminology.CodeSystem {
	if s, ok := cs.(*resource.Supplemented); ok {
		return s.Base()
	}
	return cs
}
