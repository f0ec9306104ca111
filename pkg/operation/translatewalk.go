package operation

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// moreGeneral returns the codes that the source begins with and that are more general, the
// nearest first: its ancestors, or where its code system is not installed its beginnings.
func (t *translation) moreGeneral() []string {
	var out []string
	if t.source != nil && !t.unknown {
		levels(t.source.CodeSystem, t.ordinal, func(level []terminology.Ordinal) bool {
			for _, o := range level {
				out = append(out, t.source.CodeSystem.Code(o))
			}
			return true
		})
		return out
	}
	code := t.resp.Source.Code
	if isNumber(code) {
		return nil
	}
	for n := len(code) - 1; n >= shortestCategory; n-- {
		if code[n-1] != '.' {
			out = append(out, code[:n])
		}
	}
	return out
}

// shortestCategory is the length of the shortest code of a classification that others
// begin with, such as A01 of ICD-10.
const shortestCategory = 3

// step is one step in the code system of the source, to another code of it.
func (t *translation) step(code string, r terminology.Relationship) Hop {
	c := terminology.Coding{System: t.resp.Source.System, Code: code}
	if t.source != nil {
		if o, ok := t.source.CodeSystem.Find(code); ok {
			c = t.snap.reader(t.source).coding(o)
		}
	}
	return Hop{Coding: c, Relationship: r}
}

// levels calls do with the parents of a concept, with theirs, and so on, each concept once
// at its least distance, until it is told to stop.
func levels(cs terminology.CodeSystem, o terminology.Ordinal, do func([]terminology.Ordinal) bool) {
	seen := map[terminology.Ordinal]bool{o: true}
	for level := []terminology.Ordinal{o}; ; {
		var next []terminology.Ordinal
		for _, child := range level {
			for _, p := range cs.Parents(child) {
				if !seen[p] {
					seen[p] = true
					next = append(next, p)
				}
			}
		}
		if len(next) == 0 || !do(next) {
			return
		}
		level = next
	}
}

// walk adds the rows of the nearest ancestors that have some: all that are at the same
// distance.
func (t *translation) walk(m usedMap) (found bool, err error) {
	if t.source == nil || t.unknown {
		return false, nil
	}
	cs := t.source.CodeSystem
	levels(cs, t.ordinal, func(level []terminology.Ordinal) bool {
		for _, o := range level {
			var rows []judged
			if rows, err = t.forward(m, cs.Code(o)); err != nil {
				return false
			}
			if len(rows) == 0 {
				continue
			}
			found = true
			if err = t.addRanked(m, cs.Code(o), rows, t.up(o)...); err != nil {
				return false
			}
		}
		return !found
	})
	if found {
		t.note("%s has no row in %s: those of its nearest ancestors, which say less", t.resp.Source.Code, title(m))
	}
	return found, err
}

// up returns a shortest way from the source to an ancestor, by single steps.
func (t *translation) up(to terminology.Ordinal) []Hop {
	cs, at := t.source.CodeSystem, t.ordinal
	before := map[terminology.Ordinal]terminology.Ordinal{}
	for level := []terminology.Ordinal{at}; len(level) > 0; {
		var next []terminology.Ordinal
		for _, child := range level {
			for _, p := range cs.Parents(child) {
				if _, ok := before[p]; !ok && cs.Subsumes(to, p) {
					before[p] = child
					next = append(next, p)
				}
			}
		}
		if _, ok := before[to]; ok {
			break
		}
		level = next
	}
	var way []Hop
	for o := to; o != at; o = before[o] {
		way = append(way, Hop{Coding: t.snap.reader(t.source).coding(o), Relationship: terminology.SourceIsNarrower})
	}
	slices.Reverse(way)
	return way
}
