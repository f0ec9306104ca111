package ecl

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// refined is what of focus meets a condition.
type refined struct {
	about
	focus operand
	where condition
}

func (r *refined) build(ev *evaluation) *roaring.Bitmap {
	if !r.focused() {
		if s := r.where.some(ev); s != nil {
			return r.where.narrow(ev, ev.within(r.focus, s))
		}
	}
	return r.where.narrow(ev, ev.set(r.focus))
}

// focused reports whether to begin with the focus: not when the condition gives
// candidates for less.
func (r *refined) focused() bool { return r.focus.info().make <= r.where.info().make }

func (r *refined) narrow(ev *evaluation, s *roaring.Bitmap) *roaring.Bitmap {
	return r.where.narrow(ev, ev.within(r.focus, s))
}

func (r *refined) holds(ev *evaluation, o uint32) bool {
	if r.focus.info().test <= r.where.info().test {
		return ev.has(r.focus, o) && r.where.meets(ev, o)
	}
	return r.where.meets(ev, o) && ev.has(r.focus, o)
}

// joined is conditions of which all or any must hold. Those of a conjunction are in
// the order in which they are evaluated.
type joined struct {
	about
	operator   LogicalOperator
	conditions []condition
}

func newJoined(a about, operator LogicalOperator, conditions []condition) *joined {
	j := &joined{about: a, operator: operator, conditions: conditions}
	for i, c := range conditions {
		part := c.info()
		j.make += part.make
		j.test += part.test
		switch {
		case i == 0:
			j.size = part.size
		case operator == Disjunction:
			j.size += part.size
		default:
			j.size = min(j.size, part.size)
		}
	}
	if operator == Conjunction {
		j.conditions = slices.Clone(conditions)
		slices.SortStableFunc(j.conditions, func(x, y condition) int {
			return cmp.Compare(int64(x.info().size)+x.info().make, int64(y.info().size)+y.info().make)
		})
	}
	return j
}

func (j *joined) narrow(ev *evaluation, s *roaring.Bitmap) *roaring.Bitmap {
	if j.operator == Conjunction {
		for _, c := range j.conditions {
			if s.IsEmpty() || ev.err != nil {
				break
			}
			s = c.narrow(ev, s)
		}
		return s
	}
	out := roaring.New()
	for _, c := range j.conditions {
		rest := roaring.AndNot(s, out)
		if rest.IsEmpty() || !ev.spend(100) {
			break
		}
		out.Or(c.narrow(ev, rest))
	}
	return out
}

func (j *joined) meets(ev *evaluation, o uint32) bool {
	for _, c := range j.conditions {
		if !ev.spend(2) {
			return false
		}
		if c.meets(ev, o) == (j.operator == Disjunction) {
			return j.operator == Disjunction
		}
	}
	return j.operator == Conjunction
}

func (j *joined) some(ev *evaluation) *roaring.Bitmap {
	if j.operator == Conjunction {
		for _, c := range j.conditions {
			if s := c.some(ev); s != nil {
				return s
			}
		}
		return nil
	}
	all := roaring.New()
	for _, c := range j.conditions {
		s := c.some(ev)
		if s == nil || ev.err != nil {
			return nil
		}
		all.Or(s)
	}
	return all
}
