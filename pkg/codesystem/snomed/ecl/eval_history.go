package ecl

import (
	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// supplemented is a set and the inactive concepts that historical associations lead
// into it from.
type supplemented struct {
	about
	of      operand
	refsets *refsetsOf
}

// target is the column of association reference sets that says what became of a
// concept.
const target = "targetComponentId"

func (h *supplemented) build(ev *evaluation) *roaring.Bitmap {
	s := ev.set(h.of)
	if s.IsEmpty() {
		return s
	}
	dense, b := ev.empty(), ev.empty()
	ev.union(dense, s)
	ev.union(b, s)
	h.rows(ev, func(t *memberTable, f *memberField) {
		for row, o := range t.rows.Concept {
			if !ev.spend(4) {
				return
			}
			if to := f.concept(uint32(row)); to != terminology.NoOrdinal && dense.has(to) && t.rows.IsActive(uint32(row)) && !ev.p.Active().Contains(o) {
				b.add(o)
			}
		}
	})
	ev.done(dense)
	return ev.bitmap(b)
}

// rows calls do with each association table and its target.
func (h *supplemented) rows(ev *evaluation, do func(*memberTable, *memberField)) {
	for _, name := range h.refsets.tables(ev) {
		t := ev.table(name)
		if t == nil {
			continue
		}
		if f := ev.valueField(t, target); f != nil {
			do(t, f)
		}
	}
}

func (h *supplemented) holds(ev *evaluation, o uint32) bool {
	if ev.has(h.of, o) {
		return true
	}
	if ev.p.Active().Contains(o) {
		return false
	}
	found := false
	h.rows(ev, func(t *memberTable, f *memberField) {
		from, to := t.rows.Of(o)
		for row := from; row < to && !found && ev.spend(5); row++ {
			v := f.concept(row)
			found = v != terminology.NoOrdinal && t.rows.IsActive(row) && ev.has(h.of, v)
		}
	})
	return found
}
