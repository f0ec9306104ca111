package ecl

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

type basicAttributeType = basic.AttributeType

// operand is a planned set of concepts. An operand is not changed after it is planned.
// The three ways to ask it are asked through evaluation, which remembers: set, has and
// within.
type operand interface {
	info() *about
	// build returns the whole set, which the caller must not change.
	build(ev *evaluation) *roaring.Bitmap
	// holds reports whether a concept is in the set.
	holds(ev *evaluation, o uint32) bool
}

// narrower is an operand that is cheaper to evaluate inside a set that is known.
type narrower interface {
	narrow(ev *evaluation, s *roaring.Bitmap) *roaring.Bitmap
}

// about is what is known of a part of a plan before it is evaluated. Costs are in
// steps, see Options.MaxWork.
type about struct {
	id        int
	operation string // a word for explanations
	text      string // canonical, also the key of the cache
	size      int    // estimated number of concepts
	make      int64  // estimated cost to make the set
	test      int64  // estimated cost to test one concept
	parts     []*about
}

func (a *about) info() *about { return a }

// clamp keeps estimates of deeply nested parts from running over.
func (a *about) clamp() {
	const most = 1 << 40
	a.make, a.test = min(a.make, most), min(a.test, most)
}

// evaluation is one run of a query. When err is set it winds up: loops end, what
// functions return means nothing, and finish returns the error.
type evaluation struct {
	e     *Engine
	p     *basic.Provider
	ctx   context.Context
	err   error
	used  int64 // steps, counted at every pulse
	pulse int64 // steps left until the next look at the clock
	due   int64 // what pulse was set to
	// Of the request that the evaluation is a part of, which it draws from at every pulse.
	budget *terminology.Budget
	sets   []*roaring.Bitmap
	dense  []bits
	types  []typeMask
	trace  []trace // nil unless the query is explained
	fold   []byte
	spare  []*terminology.DesignationInfo
}

// trace is what happened to a part.
type trace struct {
	size    int // of the set; -1: not made
	tested  int // concepts that were tested one by one
	kept    int // of those
	cached  bool
	elapsed time.Duration
}

// pulse is the steps between two looks at the clock and the limits.
const pulse = 1 << 17

// stepWork is what a step takes of the budget of a request.
const stepWork = 4

func (q *Query) evaluation(ctx context.Context) *evaluation {
	ev := &evaluation{e: q.e, p: q.e.p, ctx: ctx, pulse: 1, due: 1, budget: terminology.BudgetOf(ctx)}
	ev.sets = make([]*roaring.Bitmap, q.parts)
	ev.spend(1)
	return ev
}

// finish ends the evaluation.
func (ev *evaluation) finish(op string) error {
	ev.release()
	if ev.err == nil {
		ev.err = ev.budget.Spend((ev.due - ev.pulse) * stepWork)
	}
	if ev.err == nil {
		return nil
	}
	var e *terminology.Error
	if errors.As(ev.err, &e) && e.Op == "" {
		return &terminology.Error{Op: op, Kind: e.Kind, Err: e.Err}
	}
	return &terminology.Error{Op: op, Kind: terminology.KindOf(ev.err), Err: ev.err}
}

// release gives the pooled sets back.
func (ev *evaluation) release() {
	for i, d := range ev.dense {
		if d != nil {
			ev.done(d)
			ev.dense[i] = nil
		}
	}
}

func (ev *evaluation) fail(err error) {
	if ev.err == nil {
		ev.err = err
	}
	ev.pulse = 0
}

// spend counts n steps and reports whether to go on.
func (ev *evaluation) spend(n int) bool {
	ev.pulse -= int64(n)
	return ev.pulse > 0 || ev.look()
}

// look checks the limit and the context.
func (ev *evaluation) look() bool {
	if ev.err != nil {
		ev.pulse = 0
		return false
	}
	drawn := ev.due - ev.pulse
	ev.used += drawn
	ev.due = max(1, min(pulse, ev.e.o.MaxWork-ev.used+1))
	ev.pulse = ev.due
	switch {
	case ev.used > ev.e.o.MaxWork:
		ev.fail(&terminology.Error{Kind: terminology.TooCostly, Err: fmt.Errorf("the expression takes more than %d steps", ev.e.o.MaxWork)})
	case ev.ctx.Err() != nil:
		ev.fail(&terminology.Error{Kind: terminology.Unavailable, Err: context.Cause(ev.ctx)})
	default:
		if err := ev.budget.Spend(drawn * stepWork); err != nil {
			ev.fail(err)
		}
	}
	return ev.err == nil
}

// steps returns the steps so far.
func (ev *evaluation) steps() int64 { return ev.used + ev.due - ev.pulse }

// minCached is the cost from which a result is worth keeping.
const minCached = 5_000

// set returns the whole set of an operand, which must not be changed.
func (ev *evaluation) set(op operand) *roaring.Bitmap {
	a := op.info()
	if s := ev.known(a); s != nil {
		return s
	}
	if !ev.spend(20) {
		return roaring.New()
	}
	start, before := ev.start(), ev.steps()
	s := op.build(ev)
	if ev.err != nil {
		return s
	}
	ev.sets[a.id] = s
	if ev.steps()-before >= minCached {
		ev.e.cache.put(ev.key(a), s)
	}
	ev.note(a, start, func(t *trace) { t.size = int(s.GetCardinality()) })
	return s
}

// known returns the set of a part when it was made before.
func (ev *evaluation) known(a *about) *roaring.Bitmap {
	if s := ev.sets[a.id]; s != nil {
		return s
	}
	if a.make < minCached/10 {
		return nil
	}
	s := ev.e.cache.get(ev.key(a))
	if s != nil {
		ev.sets[a.id] = s
		ev.note(a, time.Time{}, func(t *trace) { t.size, t.cached = int(s.GetCardinality()), true })
	}
	return s
}

// key is the key of a part in the cache: results differ by what "*" is.
func (ev *evaluation) key(a *about) cacheKey { return cacheKey{ev.e.o.Substrate, a.text} }

// has reports whether a concept is in an operand. Deep in brackets one test is many,
// and the whole set may cost less.
func (ev *evaluation) has(op operand, o uint32) bool {
	a := op.info()
	id := a.id
	if ev.dense != nil && ev.dense[id] != nil {
		return ev.dense[id].has(o)
	}
	if s := ev.sets[id]; s != nil {
		return s.Contains(o)
	}
	if a.test > a.make && a.test > minCached {
		return ev.set(op).Contains(o)
	}
	return op.holds(ev, o)
}

// prepare makes the set of an operand when n tests of it cost more than the set.
func (ev *evaluation) prepare(op operand, n int) {
	a := op.info()
	if ev.dense != nil && ev.dense[a.id] != nil {
		return
	}
	if ev.known(a) == nil && int64(n)*a.test <= a.make {
		return
	}
	s := ev.set(op)
	if n < len(ev.sets)+ev.p.Len()/64 || ev.err != nil {
		return
	}
	if ev.dense == nil {
		ev.dense = make([]bits, len(ev.sets))
	}
	b := ev.empty()
	s.WriteDenseTo(b)
	ev.dense[a.id] = b
}

// within returns what of s is in an operand.
func (ev *evaluation) within(op operand, s *roaring.Bitmap) *roaring.Bitmap {
	a := op.info()
	if k := ev.known(a); k != nil {
		return roaring.And(s, k)
	}
	n := s.GetCardinality()
	if n == 0 {
		return roaring.New()
	}
	if int64(n)*(a.test+10) < a.make {
		return ev.filter(a, s, func(o uint32) bool { return ev.has(op, o) })
	}
	if w, ok := op.(narrower); ok {
		start := ev.start()
		out := w.narrow(ev, s)
		ev.note(a, start, func(t *trace) { t.tested += int(n); t.kept += int(out.GetCardinality()) })
		return out
	}
	return roaring.And(s, ev.set(op))
}

// filter returns what of s passes a test.
func (ev *evaluation) filter(a *about, s *roaring.Bitmap, test func(uint32) bool) *roaring.Bitmap {
	start := ev.start()
	n := int(s.GetCardinality())
	var out *roaring.Bitmap
	if n <= 4096 {
		kept := make([]uint32, 0, min(n, 256))
		eachOf(s, func(o uint32) bool {
			if test(o) {
				kept = append(kept, o)
			}
			return ev.spend(10)
		})
		out = roaring.BitmapOf(kept...)
	} else {
		b := ev.empty()
		eachOf(s, func(o uint32) bool {
			if test(o) {
				b.add(o)
			}
			return ev.spend(10)
		})
		out = ev.bitmap(b)
	}
	ev.note(a, start, func(t *trace) { t.tested += n; t.kept += int(out.GetCardinality()) })
	return out
}

func (ev *evaluation) start() time.Time {
	if ev.trace == nil {
		return time.Time{}
	}
	return time.Now()
}

// note writes to the trace of a part when there is one.
func (ev *evaluation) note(a *about, start time.Time, write func(*trace)) {
	if ev.trace == nil || a == nil {
		return
	}
	t := &ev.trace[a.id]
	if !start.IsZero() {
		t.elapsed += time.Since(start)
	}
	write(t)
}
