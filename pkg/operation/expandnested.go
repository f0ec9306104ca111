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
	var roots []int
	for i := range codes {
		if above, ok := above(cs, codes[i].Ordinal, place); ok {
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

// above returns the place of the nearest ancestor that is there, by first parents first.
func above(cs terminology.CodeSystem, o terminology.Ordinal, place map[terminology.Ordinal]int) (int, bool) {
	seen := map[terminology.Ordinal]bool{o: true}
	for next := cs.Parents(o); len(next) > 0; {
		var more []terminology.Ordinal
		for _, p := range next {
			if seen[p] {
				continue
			}
			seen[p] = true
			if i, ok := place[p]; ok {
				return i, true
			}
			more = append(more, cs.Parents(p)...)
		}
		next = more
	}
	return 0, false
}

// baseOf returns a code system without its supplements.
func baseOf(cs terminology.CodeSystem) terminology.CodeSystem {
	if s, ok := cs.(*resource.Supplemented); ok {
		return s.Base()
	}
	return cs
}
