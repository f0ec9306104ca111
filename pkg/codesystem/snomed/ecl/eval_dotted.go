package ecl

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// dotted is the concepts that are values of an attribute of a set.
type dotted struct {
	about
	of   operand
	name *attribute // any value, no bounds
}

func (d *dotted) build(ev *evaluation) *roaring.Bitmap {
	s := ev.set(d.of)
	b := ev.empty()
	m := ev.typesOf(d.name)
	if n := int(s.GetCardinality()); n*12 < d.postings(ev, m.list) {
		d.forward(ev, b, s, &m)
	} else {
		dense := ev.empty()
		ev.union(dense, s)
		d.backward(ev, b, dense, m.list)
		ev.done(dense)
	}
	return ev.bitmap(b)
}

// postings returns the number of sources of all values of some types.
func (d *dotted) postings(ev *evaluation, types []int) int {
	n := 0
	for _, t := range types {
		post := ev.p.Postings(t)
		if last := len(post.Values); last > 0 {
			n += int(post.Offsets[last] - post.Offsets[0])
		}
	}
	return n
}

// forward adds the values of each concept of s.
func (d *dotted) forward(ev *evaluation, b bits, s *roaring.Bitmap, m *typeMask) {
	types := ev.p.AttributeTypes()
	eachOf(s, func(o uint32) bool {
		list := ev.p.Attributes(o)
		for _, x := range list {
			if m.has[x.Type()] && !types[x.Type()].Text {
				b.add(x.Value())
			}
		}
		return ev.spend(5 + len(list))
	})
}

// backward adds the values that one of s has.
func (d *dotted) backward(ev *evaluation, b, s bits, types []int) {
	for _, t := range types {
		if ev.p.AttributeTypes()[t].Text {
			continue
		}
		post := ev.p.Postings(t)
		for i, v := range post.Values {
			from, to := post.Offsets[i], post.Offsets[i+1]
			at := slices.IndexFunc(post.Sources[from:to], s.has)
			if at >= 0 {
				b.add(v)
			} else {
				at = int(to - from)
			}
			if !ev.spend(2 + at) {
				return
			}
		}
	}
}

func (d *dotted) holds(ev *evaluation, o uint32) bool {
	for _, t := range ev.typesOf(d.name).list {
		if ev.p.AttributeTypes()[t].Text {
			continue
		}
		post := ev.p.Postings(t)
		at, ok := slices.BinarySearch(post.Values, o)
		if !ok {
			continue
		}
		all := post.Sources[post.Offsets[at]:post.Offsets[at+1]]
		ev.prepare(d.of, len(all))
		for _, s := range all {
			if !ev.spend(3) {
				return false
			}
			if ev.has(d.of, s) {
				return true
			}
		}
	}
	return false
}
