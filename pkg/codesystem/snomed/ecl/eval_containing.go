package ecl

import (
	"github.com/RoaringBitmap/roaring/v2"
)

// containing is the reference sets that have a member in a set.
type containing struct {
	about
	of      operand
	filters []*rowFilter
}

func (c *containing) build(ev *evaluation) *roaring.Bitmap {
	s := ev.set(c.of)
	b := ev.empty()
	eachOf(ev.p.Refsets(), func(o uint32) bool {
		if c.has(ev, o, s) {
			b.add(o)
		}
		return ev.spend(100)
	})
	return ev.bitmap(b)
}

// has reports whether a reference set has a member in s.
func (c *containing) has(ev *evaluation, refset uint32, s *roaring.Bitmap) bool {
	name := ev.p.Code(refset)
	members := ev.e.refsets[name]
	if members == nil {
		return false
	}
	if len(c.filters) == 0 {
		return members.Intersects(s)
	}
	t := ev.table(name)
	if t == nil {
		return false
	}
	m := &memberOf{filters: c.filters}
	b := ev.empty()
	m.gather(ev, b, t)
	return ev.bitmap(b).Intersects(s)
}

func (c *containing) holds(ev *evaluation, o uint32) bool {
	if !ev.p.Refsets().Contains(o) {
		return false
	}
	if len(c.filters) > 0 {
		return c.has(ev, o, ev.set(c.of))
	}
	members := ev.e.refsets[ev.p.Code(o)]
	if members == nil {
		return false
	}
	a := c.of.info()
	if ev.known(a) == nil && int64(members.GetCardinality())*a.test < a.make {
		found := false
		eachOf(members, func(o uint32) bool {
			found = ev.has(c.of, o)
			return ev.spend(5) && !found
		})
		return found
	}
	return members.Intersects(ev.set(c.of))
}
