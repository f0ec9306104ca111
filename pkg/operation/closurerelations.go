package operation

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// closurePair is two places of a table, of which the second subsumes the first.
type closurePair struct {
	narrow, broad int32
	equal         bool
}

// relating collects the pairs of one code system of which one place at least is new.
type relating struct {
	*closureSystem
	ctx   context.Context
	from  int32           // the first new place
	fresh *roaring.Bitmap // the ordinals that a new place has
	old   *roaring.Bitmap // the other ordinals of the table
	pairs []closurePair
	err   error
	steps int
}

// relations returns how the concepts from a place on relate to each other and to those
// before them. It looks at the ancestors and descendants of the new concepts that are in
// the table, never at all pairs.
func (t *closure) relations(ctx context.Context, from int) ([]ClosureGroup, error) {
	var groups []ClosureGroup
	rows := 0
	for i, sys := range t.systems {
		w := &relating{closureSystem: sys, ctx: ctx, from: int32(from), fresh: roaring.New()}
		for _, c := range t.concepts[from:] {
			if c.System == i {
				w.run()
				break
			}
		}
		if rows += len(w.pairs); rows > maxClosureRows && w.err == nil {
			w.err = tooMuchClosure("closure %q has more than %d new relations: add fewer concepts at a time, or use several closure tables", t.head.Name, maxClosureRows)
		}
		if w.err != nil {
			return nil, w.err
		}
		if len(w.pairs) > 0 {
			groups = append(groups, t.group(i, w.pairs))
		}
	}
	return groups, nil
}

// group writes pairs as rows, by source and target in the order of the table.
func (t *closure) group(system int, pairs []closurePair) ClosureGroup {
	slices.SortFunc(pairs, func(a, b closurePair) int {
		if a.narrow != b.narrow {
			return int(a.narrow) - int(b.narrow)
		}
		return int(a.broad) - int(b.broad)
	})
	g := ClosureGroup{System: t.head.Systems[system].System, Rows: make([]ClosureRow, len(pairs))}
	for i, p := range pairs {
		g.Rows[i] = ClosureRow{Source: t.concepts[p.narrow].Code, Target: t.concepts[p.broad].Code, Equal: p.equal}
	}
	return g
}

func (w *relating) run() {
	first, _ := slices.BinarySearchFunc(w.order, w.from, func(c simplePlace, from int32) int { return int(c.place - from) })
	for _, c := range w.order[first:] {
		w.fresh.Add(c.o)
	}
	w.old = roaring.AndNot(w.set, w.fresh)
	for it := w.fresh.Iterator(); it.HasNext() && w.goOn(); {
		w.concept(it.Next())
	}
	for i := range w.composed {
		if !w.goOn() {
			return
		}
		w.expression(&w.composed[i])
		for k := range w.composed[:i] {
			w.expressions(&w.composed[i], &w.composed[k])
		}
	}
}

// goOn reports whether there is neither an error nor too much.
func (w *relating) goOn() bool {
	if w.steps++; w.steps%256 == 0 && w.ctx.Err() != nil && w.err == nil {
		w.err = &terminology.Error{Op: "operation.Closure", Kind: terminology.Unavailable, Err: context.Cause(w.ctx)}
	}
	return w.err == nil && len(w.pairs) <= maxClosureRows
}

// pair adds a pair unless both are old. Of two that are equal the later one is told.
func (w *relating) pair(narrow, broad int32, equal bool) {
	if equal && narrow < broad {
		narrow, broad = broad, narrow
	}
	if narrow >= w.from || broad >= w.from {
		w.pairs = append(w.pairs, closurePair{narrow, broad, equal})
	}
}

// concept relates a concept with a new place to all other concepts.
func (w *relating) concept(o terminology.Ordinal) {
	own := w.places[o]
	for i, p := range own {
		for _, q := range own[:i] {
			w.pair(p, q, true)
		}
	}
	for _, a := range w.cs.Ancestors(o) {
		if w.set.Contains(a) {
			w.cross(own, w.places[a])
		}
	}
	if w.old.IsEmpty() {
		return // those below are new too, and find their ancestors themselves
	}
	below := roaring.And(w.cs.Descendants(o), w.old)
	for it := below.Iterator(); it.HasNext(); {
		w.cross(w.places[it.Next()], own)
	}
}

// cross pairs all places of a narrower concept with all of a broader one.
func (w *relating) cross(narrow, broad []int32) {
	for _, n := range narrow {
		for _, b := range broad {
			w.pair(n, b, false)
		}
	}
}

// expression relates an expression to the concepts: to all of them when it is new, else
// to the new ones.
func (w *relating) expression(c *composedPlace) {
	among := w.fresh
	if c.place >= w.from {
		among = w.set
	}
	own := []int32{c.place}
	for it := roaring.And(c.above, among).Iterator(); it.HasNext() && w.goOn(); {
		o := it.Next()
		if !c.x.Subsumes(o) {
			w.cross(own, w.places[o])
			continue
		}
		for _, p := range w.places[o] {
			w.pair(c.place, p, true)
		}
	}
	if len(c.parents) == 0 || among.IsEmpty() {
		return
	}
	// What it subsumes is below all that it is below.
	below := among.Clone()
	for _, p := range c.parents {
		under := w.cs.Descendants(p).Clone()
		under.Add(p)
		below.And(under)
	}
	below.AndNot(c.above)
	for it := below.Iterator(); it.HasNext() && w.goOn(); {
		o := it.Next()
		if !c.x.Subsumes(o) {
			continue
		}
		if !c.x.IsA(o) {
			w.cross(w.places[o], own)
			continue
		}
		for _, p := range w.places[o] { // an expression that says no more than one concept
			w.pair(c.place, p, true)
		}
	}
}

// expressions relates two expressions.
func (w *relating) expressions(a, b *composedPlace) {
	if a.place < w.from && b.place < w.from {
		return
	}
	above := b.mayHold(a) && b.x.SubsumesComposed(a.x)
	below := a.mayHold(b) && a.x.SubsumesComposed(b.x)
	switch {
	case above && below:
		w.pair(a.place, b.place, true)
	case above:
		w.pair(a.place, b.place, false)
	case below:
		w.pair(b.place, a.place, false)
	}
}

// mayHold reports whether another expression is below all that this one is below, without
// which it cannot be subsumed.
func (c *composedPlace) mayHold(other *composedPlace) bool {
	for _, p := range c.parents {
		if !other.above.Contains(p) {
			return false
		}
	}
	return true
}
