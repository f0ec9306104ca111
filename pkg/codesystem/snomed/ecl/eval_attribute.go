package ecl

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// condition is a part of a refinement.
type condition interface {
	info() *about
	// narrow returns what of s meets the condition.
	narrow(ev *evaluation, s *roaring.Bitmap) *roaring.Bitmap
	// meets reports whether a concept does.
	meets(ev *evaluation, o uint32) bool
	// some returns a set that has every concept that meets the condition, and whether
	// it has no others. false, nil: that could be any concept.
	some(ev *evaluation) *roaring.Bitmap
}

// bounds is a cardinality.
type bounds struct{ min, max int }

func boundsOf(c *Cardinality) bounds {
	switch {
	case c == nil:
		return bounds{1, maxInt}
	case c.Max == Many:
		return bounds{c.Min, maxInt}
	}
	return bounds{c.Min, c.Max}
}

const maxInt = int(^uint(0) >> 1)

func (b bounds) has(n int) bool { return b.min <= n && n <= b.max }

// enough is a count from which on counting changes nothing.
func (b bounds) enough() int {
	if b.max == maxInt {
		return max(b.min, 1)
	}
	return b.max + 1
}

// attribute is a condition on one attribute.
type attribute struct {
	about
	bounds
	reverse bool
	name    operand
	code    string // of a name that is one concept, also one that the release does not have
	anyName bool   // "*"
	match   matcher
	source  operand  // reverse: what has the attribute; nil: anything
	other   bool     // reverse: what is not in source
	fixed   typeMask // of a name that is "*" or one concept
}

// typeMask is the types of attributes that a name stands for, as a list and by number.
type typeMask struct {
	list []int
	has  []bool
}

// typesOf returns the types that a name stands for and whose values can be met.
func (ev *evaluation) typesOf(a *attribute) typeMask {
	if a.fixed.has != nil {
		return a.fixed
	}
	if ev.types == nil {
		ev.types = make([]typeMask, len(ev.sets))
	}
	if m := ev.types[a.id]; m.has != nil {
		return m
	}
	types := ev.p.AttributeTypes()
	m := typeMask{has: make([]bool, len(types))}
	for i := range types {
		t := &types[i]
		if !a.match.kind(t) || a.reverse && t.Text {
			continue
		}
		if m.has[i] = t.Concept != terminology.NoOrdinal && ev.has(a.name, t.Concept); m.has[i] {
			m.list = append(m.list, i)
		}
		if !ev.spend(2) {
			break
		}
	}
	ev.types[a.id] = m
	return m
}

// count returns how many different attributes of a list meet the condition: different
// in group, type or value. It stops at enough.
func (a *attribute) count(ev *evaluation, list []basic.Attribute, enough int) int {
	m := ev.typesOf(a)
	n := 0
	if len(m.list) == 0 || !ev.spend(len(list)) {
		return 0
	}
	for i, x := range list {
		if !m.has[x.Type()] || i > 0 && list[i-1] == x {
			continue
		}
		if a.match.value(ev, &ev.p.AttributeTypes()[x.Type()], x.Value()) {
			if n++; n >= enough {
				break
			}
		}
	}
	return n
}

func (a *attribute) meets(ev *evaluation, o uint32) bool {
	if a.reverse {
		return a.bounds.has(a.sources(ev, o, a.enough()))
	}
	return a.bounds.has(a.count(ev, ev.p.Attributes(o), a.enough()))
}

// sources returns how many different concepts have o as the value of the attribute.
func (a *attribute) sources(ev *evaluation, o uint32, enough int) int {
	var first []uint32 // counted so far, when several types are counted
	n := 0
	m := ev.typesOf(a)
	for _, t := range m.list {
		post := ev.p.Postings(t)
		if n := len(post.Values); n == 0 || o < post.Values[0] || o > post.Values[n-1] {
			continue // the values of a type mostly stand near each other
		}
		at, ok := slices.BinarySearch(post.Values, o)
		if !ev.spend(20) || !ok {
			continue
		}
		all := post.Sources[post.Offsets[at]:post.Offsets[at+1]]
		if a.source != nil {
			ev.prepare(a.source, len(all))
		}
		for _, s := range all {
			if !ev.spend(3) {
				return 0
			}
			if a.source != nil && ev.has(a.source, s) == a.other {
				continue
			}
			if len(m.list) > 1 {
				if slices.Contains(first, s) {
					continue
				}
				if enough > 1 {
					first = append(first, s)
					ev.spend(len(first))
				}
			}
			if n++; n >= enough {
				return n
			}
		}
	}
	return n
}

// some returns the concepts that have the attribute at least once.
func (a *attribute) some(ev *evaluation) *roaring.Bitmap {
	if a.min == 0 {
		return nil
	}
	return ev.having(a)
}

// having returns the concepts with at least one attribute that is met.
func (ev *evaluation) having(a *attribute) *roaring.Bitmap {
	if s := ev.sets[a.id]; s != nil {
		return s
	}
	start := ev.start()
	b := ev.empty()
	m := ev.typesOf(a)
	var values bits
	if c, ok := a.match.(*conceptValue); ok && !a.reverse && len(m.list) > 0 {
		values = ev.empty()
		ev.union(values, ev.set(c.of))
	}
	if a.reverse && a.source != nil && len(m.list) > 0 {
		ev.prepare(a.source, ev.p.Len())
	}
	for _, t := range m.list {
		post := ev.p.Postings(t)
		if !ev.spend(10 + len(post.Values)) {
			break
		}
		if a.reverse {
			a.gatherValues(ev, b, post)
		} else {
			a.gatherSources(ev, b, t, post, values)
		}
	}
	if values != nil {
		ev.done(values)
	}
	s := ev.bitmap(b)
	if ev.err == nil {
		ev.sets[a.id] = s
	}
	ev.note(&a.about, start, func(t *trace) { t.size = int(s.GetCardinality()) })
	return s
}

// gatherSources adds the concepts that have one of the values. Values that are met
// stand together, mostly, and so do their sources.
func (a *attribute) gatherSources(ev *evaluation, b bits, t int, post basic.Postings, values bits) {
	typ := &ev.p.AttributeTypes()[t]
	met := func(v uint32) bool { return a.match.value(ev, typ, v) }
	if c, ok := a.match.(*conceptValue); ok && !typ.Text {
		met = func(v uint32) bool { return values.has(v) != c.other }
	}
	if _, ok := a.match.(anyValue); ok && len(post.Values) > 0 {
		all := post.Sources[post.Offsets[0]:post.Offsets[len(post.Values)]]
		b.addMany(all)
		ev.spend(len(all))
		return
	}
	for i := 0; i < len(post.Values); i++ {
		if !met(post.Values[i]) {
			continue
		}
		from := post.Offsets[i]
		for i+1 < len(post.Values) && met(post.Values[i+1]) {
			i++
		}
		all := post.Sources[from:post.Offsets[i+1]]
		b.addMany(all)
		if !ev.spend(len(all)) {
			return
		}
	}
}

// gatherValues adds the values whose sources have one that is asked for.
func (a *attribute) gatherValues(ev *evaluation, b bits, post basic.Postings) {
	for i, v := range post.Values {
		if a.source == nil {
			b.add(v)
			continue
		}
		for _, s := range post.Sources[post.Offsets[i]:post.Offsets[i+1]] {
			if !ev.spend(2) {
				return
			}
			if ev.has(a.source, s) != a.other {
				b.add(v)
				break
			}
		}
	}
}

func (a *attribute) narrow(ev *evaluation, s *roaring.Bitmap) *roaring.Bitmap {
	if a.min > a.max {
		return roaring.New()
	}
	if a.min == 0 && a.max == maxInt {
		return s
	}
	n := int64(s.GetCardinality())
	if ev.sets[a.id] == nil && n*(a.test+10) < a.make {
		return ev.filter(&a.about, s, func(o uint32) bool { return a.meets(ev, o) })
	}
	having := ev.having(a)
	if a.min <= 1 && a.max == maxInt {
		return roaring.And(s, having)
	}
	if a.min == 0 && a.max == 0 {
		return roaring.AndNot(s, having)
	}
	some := roaring.And(s, having)
	ev.prepareValues(a, int(some.GetCardinality()))
	if a.min == 0 {
		return roaring.AndNot(s, ev.filter(&a.about, some, func(o uint32) bool { return !a.meets(ev, o) }))
	}
	return ev.filter(&a.about, some, func(o uint32) bool { return a.meets(ev, o) })
}

// prepareValues makes the sets that n tests of a condition need.
func (ev *evaluation) prepareValues(a *attribute, n int) {
	if c, ok := a.match.(*conceptValue); ok && !a.reverse {
		ev.prepare(c.of, 4*n)
	}
	if a.reverse && a.source != nil {
		ev.prepare(a.source, 4*n)
	}
}
