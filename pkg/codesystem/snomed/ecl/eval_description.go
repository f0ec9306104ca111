package ecl

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// described is what of a set has a description that passes every test of a filter.
type described struct {
	about
	of     operand
	filter descriptionFilter
}

// descriptionFilter is one "{{ D ... }}".
type descriptionFilter struct {
	status    ActiveValue // AnyStatus: both
	tests     []descriptionTest
	terms     []termTest
	ids       []uint64 // nil: any; else what may pass, from filters on ids
	never     bool     // no description can pass
	onlyWords bool     // nothing but matched terms is asked for
	activeAny bool
}

// descriptionTest is a test of anything but the term.
type descriptionTest func(ev *evaluation, d *terminology.DesignationInfo) bool

// termTest is a term filter.
type termTest struct {
	terms   []searchTerm
	other   bool // !=
	matched bool // the text index answers it: all terms are words to match
}

// known is what is known of a description before it is tested: its folded words, or
// nil, and whether the text index found it, by the words of all matched terms.
type known struct {
	words   []byte
	indexed bool
}

// passes reports whether a description passes. The text index holds active ones only.
func (f *descriptionFilter) passes(ev *evaluation, i uint32, k known) bool {
	if k.indexed && f.onlyWords {
		return f.status != Inactive
	}
	d := ev.description()
	defer ev.give(d)
	*d = ev.p.Designation(i)
	if f.status == Active && d.Inactive || f.status == Inactive && !d.Inactive {
		return false
	}
	for _, test := range f.tests {
		if !test(ev, d) {
			return false
		}
	}
	for i := range f.terms {
		t := &f.terms[i]
		if k.indexed && t.matched {
			continue
		}
		if ev.matchesFolded(t.terms, d.Term, k.words) == t.other {
			return false
		}
	}
	return true
}

// description returns room for a description, to be given back: a test may read others
// while it is tested.
func (ev *evaluation) description() *terminology.DesignationInfo {
	if n := len(ev.spare); n > 0 {
		d := ev.spare[n-1]
		ev.spare = ev.spare[:n-1]
		return d
	}
	return &terminology.DesignationInfo{}
}

func (ev *evaluation) give(d *terminology.DesignationInfo) { ev.spare = append(ev.spare, d) }

func (d *described) holds(ev *evaluation, o uint32) bool {
	return !d.filter.never && ev.has(d.of, o) && d.filter.find(ev, o) != noDesignation
}

const noDesignation = ^uint32(0)

// find returns a description of a concept that passes, or noDesignation.
func (f *descriptionFilter) find(ev *evaluation, o uint32) uint32 {
	from, to := ev.p.DesignationRange(o)
	for i := from; i < to; i++ {
		if !ev.spend(30) {
			break
		}
		if f.passes(ev, i, known{}) {
			return i
		}
	}
	return noDesignation
}

func (d *described) build(ev *evaluation) *roaring.Bitmap { return d.narrow(ev, ev.set(d.of)) }

// few is the number of concepts whose descriptions are read without asking the text
// index.
const few = 300

func (d *described) narrow(ev *evaluation, s *roaring.Bitmap) *roaring.Bitmap {
	if d.filter.never {
		return roaring.New()
	}
	if s != ev.sets[d.of.info().id] {
		s = ev.within(d.of, s)
	}
	n := int(s.GetCardinality())
	if n > few || d.filter.ids != nil {
		if found, ok := d.filter.candidates(ev, s, n); ok {
			return found
		}
	}
	return ev.filter(&d.about, s, func(o uint32) bool { return d.filter.find(ev, o) != noDesignation })
}

// candidates answers from ids or the text index; false when neither can, or when it is
// less to read the descriptions of n concepts.
func (f *descriptionFilter) candidates(ev *evaluation, s *roaring.Bitmap, n int) (*roaring.Bitmap, bool) {
	b := ev.empty()
	within := ev.empty()
	ev.union(within, s)
	defer ev.done(within)
	try := func(i uint32, k known) bool {
		if o := ev.p.DesignationConcept(i); within.has(o) && !b.has(o) && f.passes(ev, i, k) {
			b.add(o)
		}
		return ev.spend(20)
	}
	if f.ids != nil {
		for _, id := range f.ids {
			if i, ok := ev.p.DesignationByID(id); ok && !try(i, known{}) {
				break
			}
		}
		return ev.bitmap(b), true
	}
	docs := f.documents(ev)
	if docs == nil || ev.err != nil || docs.GetCardinality() > 4*uint64(n) {
		ev.done(b)
		return nil, false
	}
	eachOf(docs, func(doc uint32) bool {
		i, ok := ev.p.DocumentDesignation(doc)
		return !ok || try(i, known{indexed: true})
	})
	f.unindexed(ev, try)
	return ev.bitmap(b), true
}

// unindexed calls try with the descriptions that are in no document and can pass.
func (f *descriptionFilter) unindexed(ev *evaluation, try func(uint32, known) bool) {
	if f.status == Active {
		for i := range f.terms {
			if t := &f.terms[i]; t.searched() {
				ev.e.loose.find(ev, t.terms, try)
				return
			}
		}
	}
	for _, i := range ev.p.Unindexed() {
		if !try(i, known{}) {
			return
		}
	}
}

// searched reports whether words tell which descriptions can pass.
func (t *termTest) searched() bool {
	return !t.other && !slices.ContainsFunc(t.terms, func(s searchTerm) bool { return len(s.parts) == 0 })
}

// documents returns the documents of the text index that can pass, by the words of
// the term filters; nil when words tell nothing.
func (f *descriptionFilter) documents(ev *evaluation) *roaring.Bitmap {
	if ev.e.text == nil {
		return nil
	}
	var all *roaring.Bitmap
	for _, t := range f.terms {
		if !t.searched() {
			continue
		}
		any := roaring.New()
		for _, s := range t.terms {
			docs, err := ev.e.text.Candidates(ev.ctx, s.parts)
			if err != nil {
				ev.fail(err)
				return nil
			}
			ev.spend(5000)
			any.Or(docs)
		}
		if all == nil {
			all = any
		} else {
			all.And(any)
		}
	}
	return all
}

// filtered is what of a set has columns of its own that pass: "{{ C ... }}".
type filtered struct {
	about
	of    operand
	tests []conceptTest
}

// conceptTest is one condition of a concept filter, on a set, a time, a module or a
// definition status.
type conceptTest struct {
	set    *roaring.Bitmap
	times  *times
	module operand // modules
	status operand // definition statuses
	other  bool    // not in set, module or status
}

// bind returns the test of one concept. With scan many concepts are going to be tested.
func (t *conceptTest) bind(ev *evaluation, scan bool) func(uint32) bool {
	switch {
	case t.set != nil:
		return func(o uint32) bool { return t.set.Contains(o) != t.other }
	case t.times != nil:
		column := ev.p.EffectiveColumn()
		return func(o uint32) bool { return t.times.meets(column[o]) }
	case t.status != nil:
		return func(o uint32) bool {
			status := codePrimitive
			if ev.p.Defined().Contains(o) {
				status = codeDefined
			}
			return ev.hasCode(t.status, status) != t.other
		}
	}
	column := ev.p.ModuleColumn()
	if !scan {
		return func(o uint32) bool { return ev.hasCode(t.module, ev.p.ModuleName(column[o])) != t.other }
	}
	in := make([]bool, len(ev.p.Modules()))
	for i, name := range ev.p.Modules() {
		in[i] = ev.hasCode(t.module, name) != t.other
	}
	return func(o uint32) bool { return in[column[o]] }
}

func (f *filtered) holds(ev *evaluation, o uint32) bool {
	for i := range f.tests {
		if !f.tests[i].bind(ev, false)(o) {
			return false
		}
	}
	return ev.has(f.of, o)
}

func (f *filtered) build(ev *evaluation) *roaring.Bitmap { return f.narrow(ev, ev.set(f.of)) }

func (f *filtered) narrow(ev *evaluation, s *roaring.Bitmap) *roaring.Bitmap {
	if s != ev.sets[f.of.info().id] {
		s = ev.within(f.of, s)
	}
	for i := range f.tests {
		t := &f.tests[i]
		switch {
		case t.set == nil:
			s = ev.filter(&f.about, s, t.bind(ev, true))
		case t.other:
			s = roaring.AndNot(s, t.set)
		default:
			s = roaring.And(s, t.set)
		}
	}
	return s
}
