package ecl

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// everything is "*".
type everything struct{ about }

func (w *everything) build(ev *evaluation) *roaring.Bitmap { return ev.e.scope }
func (w *everything) holds(ev *evaluation, o uint32) bool  { return ev.e.scope.Contains(o) }

// concept is one concept, or none when the release does not have it.
type concept struct {
	about
	code string // as written; of an alternate identifier the code of its concept, "" for none
	o    terminology.Ordinal
}

func (c *concept) build(*evaluation) *roaring.Bitmap {
	if c.o == terminology.NoOrdinal {
		return roaring.New()
	}
	return roaring.BitmapOf(c.o)
}

func (c *concept) holds(_ *evaluation, o uint32) bool { return o == c.o }

// hierarchyOf is what stands above or below concepts.
type hierarchyOf struct {
	about
	operator ConstraintOperator
	of       operand
	one      terminology.Ordinal // of is one concept; else NoOrdinal
}

// counts reports whether the estimated size is the size.
func (h *hierarchyOf) counts() bool { return h.one != terminology.NoOrdinal }

// direction takes the self out of an operator.
func direction(op ConstraintOperator) (ConstraintOperator, bool) {
	switch op {
	case DescendantOrSelfOf:
		return DescendantOf, true
	case ChildOrSelfOf:
		return ChildOf, true
	case AncestorOrSelfOf:
		return AncestorOf, true
	case ParentOrSelfOf:
		return ParentOf, true
	}
	return op, false
}

func (h *hierarchyOf) build(ev *evaluation) *roaring.Bitmap {
	operator, self := direction(h.operator)
	if h.one != terminology.NoOrdinal {
		return ev.around(h.one, operator, self)
	}
	s := ev.set(h.of)
	if s.IsEmpty() || ev.err != nil {
		return s
	}
	switch operator {
	case Top:
		return ev.top(&h.about, s)
	case Bottom:
		b := ev.above(s)
		all := ev.bitmap(b)
		return roaring.AndNot(s, all)
	}
	var b bits
	switch operator {
	case DescendantOf:
		b = ev.below(s)
	case AncestorOf:
		b = ev.above(s)
	case ChildOf:
		b = ev.neighbours(s, ev.p.Children)
	default:
		b = ev.neighbours(s, ev.p.Parents)
	}
	if self {
		ev.union(b, s)
	}
	return ev.bitmap(b)
}

// around returns the relatives of one concept.
func (ev *evaluation) around(o uint32, operator ConstraintOperator, self bool) *roaring.Bitmap {
	var s *roaring.Bitmap
	switch operator {
	case DescendantOf:
		s = ev.p.Descendants(o)
		if self {
			s = s.Clone()
		}
	case ChildOf:
		s = roaring.BitmapOf(ev.p.Children(o)...)
	case AncestorOf:
		s = roaring.BitmapOf(ev.p.Ancestors(o)...)
	case ParentOf:
		s = roaring.BitmapOf(ev.p.Parents(o)...)
	default: // top and bottom of one concept
		return roaring.BitmapOf(o)
	}
	ev.spend(int(s.GetCardinality()) / 64)
	if self {
		s.Add(o)
	}
	return s
}

// below gathers the descendants of a set. Of a concept that is below another one of
// the set everything is there already; as ordinals are in depth-first order, the
// upper one mostly comes first.
func (ev *evaluation) below(s *roaring.Bitmap) bits {
	b := ev.empty()
	eachOf(s, func(o uint32) bool {
		if b.has(o) || len(ev.p.Children(o)) == 0 {
			return ev.spend(10)
		}
		d := ev.p.Descendants(o)
		ev.union(b, d)
		return ev.spend(200 + min(int(d.GetCardinality()), len(b)))
	})
	return b
}

// above gathers the ancestors of a set, each edge of the hierarchy once.
func (ev *evaluation) above(s *roaring.Bitmap) bits {
	b := ev.empty()
	var stack []uint32
	eachOf(s, func(o uint32) bool {
		stack = append(stack[:0], o)
		for len(stack) > 0 {
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, p := range ev.p.Parents(last) {
				if !b.has(p) {
					b.add(p)
					stack = append(stack, p)
				}
			}
			if !ev.spend(15) {
				return false
			}
		}
		return true
	})
	return b
}

func (ev *evaluation) neighbours(s *roaring.Bitmap, of func(uint32) []uint32) bits {
	b := ev.empty()
	eachOf(s, func(o uint32) bool {
		all := of(o)
		b.addMany(all)
		return ev.spend(10 + 2*len(all))
	})
	return b
}

// top returns the members of a set without an ancestor in it.
func (ev *evaluation) top(a *about, s *roaring.Bitmap) *roaring.Bitmap {
	if s.GetCardinality() < 1000 {
		return ev.filter(a, s, func(o uint32) bool { return !intersects(s, ev.p.Ancestors(o)) })
	}
	return roaring.AndNot(s, ev.bitmap(ev.below(s)))
}

func (h *hierarchyOf) holds(ev *evaluation, o uint32) bool {
	operator, self := direction(h.operator)
	if h.one != terminology.NoOrdinal {
		return related(ev, operator, self, h.one, o)
	}
	if self && ev.has(h.of, o) {
		return true
	}
	switch operator {
	case DescendantOf:
		return h.any(ev, ev.p.Ancestors(o))
	case ChildOf:
		return h.any(ev, ev.p.Parents(o))
	case ParentOf:
		return h.any(ev, ev.p.Children(o))
	case AncestorOf:
		return h.anyBelow(ev, o)
	case Top:
		return ev.has(h.of, o) && !h.any(ev, ev.p.Ancestors(o))
	}
	return ev.has(h.of, o) && !h.anyBelow(ev, o)
}

// related reports whether o stands to one as operator says.
func related(ev *evaluation, operator ConstraintOperator, self bool, one, o uint32) bool {
	if one == o {
		return self || operator == Top || operator == Bottom
	}
	switch operator {
	case DescendantOf:
		return ev.p.Subsumes(one, o)
	case AncestorOf:
		return ev.p.Subsumes(o, one)
	case ChildOf:
		return slices.Contains(ev.p.Parents(o), one)
	case ParentOf:
		return slices.Contains(ev.p.Parents(one), o)
	}
	return false
}

// any reports whether one of the concepts is in the operand.
func (h *hierarchyOf) any(ev *evaluation, all []uint32) bool {
	ev.prepare(h.of, len(all))
	for _, o := range all {
		if !ev.spend(5) {
			return false
		}
		if ev.has(h.of, o) {
			return true
		}
	}
	return false
}

// anyBelow reports whether a descendant of o is in the operand.
func (h *hierarchyOf) anyBelow(ev *evaluation, o uint32) bool {
	if len(ev.p.Children(o)) == 0 {
		return false
	}
	d := ev.p.Descendants(o)
	a := h.of.info()
	if ev.known(a) == nil && int64(d.GetCardinality())*a.test < a.make {
		found := false
		eachOf(d, func(o uint32) bool {
			found = ev.has(h.of, o)
			return ev.spend(5) && !found
		})
		return found
	}
	return ev.set(h.of).Intersects(d)
}
