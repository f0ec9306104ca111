package ecl

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// compound joins sets. The operands of a conjunction are in the order in which they
// are evaluated, the cheapest first.
type compound struct {
	about
	operator LogicalOperator
	operands []operand
}

func newCompound(a about, operator LogicalOperator, operands []operand) *compound {
	c := &compound{about: a, operator: operator, operands: operands}
	first := operands[0].info()
	c.size = first.size
	for i, o := range operands {
		part := o.info()
		c.test += part.test
		c.make += part.make + 200
		switch operator {
		case Disjunction:
			if i > 0 {
				c.size += part.size
			}
		case Conjunction:
			c.size = min(c.size, part.size)
		}
	}
	if operator == Conjunction {
		c.operands = slices.Clone(operands)
		slices.SortStableFunc(c.operands, func(x, y operand) int {
			return cmp.Compare(x.info().make+int64(x.info().size), y.info().make+int64(y.info().size))
		})
	}
	return c
}

func (c *compound) build(ev *evaluation) *roaring.Bitmap {
	switch c.operator {
	case Conjunction:
		return c.rest(ev, ev.set(c.operands[0]), c.operands[1:])
	case Exclusion:
		s := ev.set(c.operands[0])
		return roaring.AndNot(s, ev.within(c.operands[1], s))
	}
	if len(c.operands) == 2 {
		return roaring.Or(ev.set(c.operands[0]), ev.set(c.operands[1]))
	}
	b := ev.empty()
	for _, o := range c.operands {
		if one, ok := o.(*concept); ok {
			if one.o < uint32(ev.p.Len()) {
				b.add(one.o)
			}
			ev.spend(2)
			continue
		}
		s := ev.set(o)
		ev.union(b, s)
		if !ev.spend(min(int(s.GetCardinality()), len(b))) {
			break
		}
	}
	return ev.bitmap(b)
}

// rest narrows s by the other operands of a conjunction, while anything is left.
func (c *compound) rest(ev *evaluation, s *roaring.Bitmap, others []operand) *roaring.Bitmap {
	for _, o := range others {
		if s.IsEmpty() || ev.err != nil {
			break
		}
		s = ev.within(o, s)
	}
	return s
}

func (c *compound) narrow(ev *evaluation, s *roaring.Bitmap) *roaring.Bitmap {
	switch c.operator {
	case Conjunction:
		return c.rest(ev, s, c.operands)
	case Exclusion:
		s = ev.within(c.operands[0], s)
		return roaring.AndNot(s, ev.within(c.operands[1], s))
	}
	return roaring.And(s, ev.set(c))
}

func (c *compound) holds(ev *evaluation, o uint32) bool {
	if !ev.spend(len(c.operands)) {
		return false
	}
	switch c.operator {
	case Conjunction:
		for _, part := range c.operands {
			if !ev.has(part, o) {
				return false
			}
		}
		return true
	case Exclusion:
		return ev.has(c.operands[0], o) && !ev.has(c.operands[1], o)
	}
	for _, part := range c.operands {
		if ev.has(part, o) {
			return true
		}
	}
	return false
}
