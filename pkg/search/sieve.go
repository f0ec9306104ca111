package search

import (
	"slices"
	"sync/atomic"
)

// This file finds the documents that match by going through those of the word that has the
// fewest. What ranks a document lies beside it in the list of its word, in order: of the
// index and of the columns, a million documents long, nothing is asked then.

// facts are what ranking asks of the documents of a list. They are made when the list is
// first gone through, and kept with it.
type facts struct {
	spelling string // that a word of each document begins with; "": the list is of forms and parts
	rows     atomic.Pointer[rows]
}

// rows are the facts of a list, one of each document.
type rows struct {
	concepts []uint32
	marks    []uint16 // the combo, and begunMark
}

// begunMark marks a document whose first word begins as the spelling does, as far as
// fieldBegin tells.
const begunMark = 1 << 8

// rowsOf returns the facts of a list, nil when it keeps none.
func (w *walk) rowsOf(s docSet) (*rows, error) {
	if s.facts == nil || s.list == nil || w.ix.combos.of == nil {
		return nil, nil
	}
	if r := s.facts.rows.Load(); r != nil {
		return r, nil
	}
	r := &rows{make([]uint32, len(s.list)), make([]uint16, len(s.list))}
	w.terms.DocumentConcepts(s.list, r.concepts)
	for i, doc := range s.list {
		r.marks[i] = uint16(w.ix.combos.of[doc])
	}
	if s.facts.spelling != "" {
		head, _ := firstLetters(s.facts.spelling, maxEdge)
		begins, err := w.begin.set(head)
		if err != nil {
			return nil, err
		}
		asked := begins.asker()
		for i, doc := range s.list {
			if asked.has(doc) {
				r.marks[i] |= begunMark
			}
		}
	}
	s.facts.rows.Store(r)
	return r, nil
}

// chunk is how many documents are sieved at once.
const chunk = 256

// sieve is a pass through the documents of a list.
type sieve struct {
	tests []test
	ranks *[256]uint8 // 1 for the combos that pass; nil: all do
	docs  [chunk]uint32
	at    [chunk]uint16 // where docs stand in their chunk, and otherwise
	in    [chunk]uint8
}

// otherwise marks a document that matches by forms or parts of some word.
const otherwise = chunk

// test is what a document must be in: one of two sets, either of which may be empty.
type test struct{ own, more member }

// member asks a set about documents that come in order.
type member struct {
	docSet
	rest []uint32 // what is left of a short list
}

func (s docSet) member() member { return member{s, s.list} }

// mark sets a bit of in for the documents that are in the set.
func (m *member) mark(docs []uint32, in []uint8, bit uint8) {
	in = in[:len(docs)]
	switch {
	case m.size == 0:
	case m.bits != nil:
		for i, doc := range docs {
			in[i] |= uint8(m.bits[doc/64]>>(doc%64)&1) * bit
		}
	case m.starts != nil:
		for i, doc := range docs {
			block := doc >> blockShift
			for _, other := range m.list[m.starts[block]:m.starts[block+1]] {
				if other == doc {
					in[i] |= bit
				}
			}
		}
	default:
		for i, doc := range docs {
			if m.rest = skipTo(m.rest, doc); len(m.rest) > 0 && m.rest[0] == doc {
				in[i] |= bit
			}
		}
	}
}

// sift leaves in v.docs those of a chunk of a list that pass all tests, and returns how
// many they are. Marks are those of the chunk, nil when they are not known.
func (v *sieve) sift(docs []uint32, marks []uint16) int {
	tests, n := v.tests, 0
	switch {
	case v.ranks != nil && marks != nil:
		for i, doc := range docs {
			v.docs[n], v.at[n] = doc, uint16(i)
			n += int(v.ranks[marks[i]&0xff])
		}
	case len(tests) > 0 && tests[0].more.size == 0 && tests[0].own.bits != nil:
		bits := tests[0].own.bits
		for i, doc := range docs {
			v.docs[n], v.at[n] = doc, uint16(i)
			n += int(bits[doc/64] >> (doc % 64) & 1)
		}
		tests = tests[1:]
	default:
		for i, doc := range docs {
			v.docs[i], v.at[i] = doc, uint16(i)
		}
		n = len(docs)
	}
	for k := range tests {
		if n == 0 {
			break
		}
		n = v.test(&tests[k], n)
	}
	return n
}

// test leaves those of the first n of v.docs that pass a test.
func (v *sieve) test(t *test, n int) int {
	left := 0
	if bits := t.own.bits; t.more.size == 0 && bits != nil {
		for i, doc := range v.docs[:n] {
			v.docs[left], v.at[left] = doc, v.at[i]
			left += int(bits[doc/64] >> (doc % 64) & 1)
		}
		return left
	}
	clear(v.in[:n])
	t.own.mark(v.docs[:n], v.in[:], 1)
	t.more.mark(v.docs[:n], v.in[:], 2)
	for i, in := range v.in[:n] {
		v.docs[left], v.at[left] = v.docs[i], v.at[i]|uint16(^in&1)*otherwise
		left += int((in | in>>1) & 1)
	}
	return left
}

// picked are documents that match, in order, and their facts.
type picked struct {
	docs     []uint32
	concepts []uint32
	marks    []uint16
	known    bool // the facts are
	begun    bool // and begunMark is that of the first word of the text
}

func (p *picked) reset() {
	p.docs, p.concepts, p.marks, p.known, p.begun = p.docs[:0], p.concepts[:0], p.marks[:0], true, false
}

// pick appends the documents of a list that pass the tests of w.sieve to w.few, and with
// plain those that match as they are written to w.plain. It reports false when they are
// more than fewDocs.
func (w *walk) pick(list []uint32, r *rows, plain bool) bool {
	few := &w.few
	few.known = few.known && r != nil
	for first, before := 0, len(few.docs); first < len(list); first += chunk {
		docs, marks := list[first:min(first+chunk, len(list))], []uint16(nil)
		if r != nil {
			marks = r.marks[first : first+len(docs)]
		}
		n := w.sieve.sift(docs, marks)
		few.docs = append(few.docs, w.sieve.docs[:n]...)
		if len(few.docs)-before > fewDocs {
			return false
		}
		if few.known {
			for _, at := range w.sieve.at[:n] {
				i := at % chunk
				few.concepts, few.marks = append(few.concepts, r.concepts[first+int(i)]), append(few.marks, marks[i])
			}
		}
		if plain {
			for i, at := range w.sieve.at[:n] {
				if at < otherwise {
					w.plain = append(w.plain, w.sieve.docs[i])
				}
			}
		}
	}
	return true
}

// through prepares w.sieve for documents that must be in all filters. Whether a document
// is active, its combo tells.
func (w *walk) through(known bool) {
	v := &w.sieve
	v.tests, v.ranks = v.tests[:0], nil
	filters := w.filters
	if known && !w.q.Inactive {
		v.ranks, filters = &w.ix.combos.active, filters[1:]
	}
	for _, s := range filters {
		v.tests = append(v.tests, test{own: s.member()})
	}
}

// meetOf fills w.few with the documents of a set that are in all others and all filters.
// It reports false when they are too many.
func (w *walk) meetOf(lead int, sets []docSet) (bool, error) {
	r, err := w.rowsOf(sets[lead])
	if err != nil {
		return false, err
	}
	w.few.reset()
	w.through(r != nil)
	for i := range sets {
		if i != lead {
			w.sieve.tests = append(w.sieve.tests, test{own: sets[i].member()})
		}
	}
	w.few.begun = lead == 0 && r != nil
	return w.pick(sets[lead].list, r, false), nil
}

// meetAll fills w.few with all documents that match, and w.plain with those of them that
// match as they are written, in one pass over the documents of a word. It reports false
// when they are too many; both are then of no use.
func (w *walk) meetAll(lead int) (bool, error) {
	own, more := w.words[lead], w.more[lead]
	r, err := w.rowsOf(own)
	if err != nil {
		return false, err
	}
	others, err := w.rowsOf(more)
	if err != nil {
		return false, err
	}
	w.few.reset()
	w.plain = w.plain[:0]
	known := (r != nil || own.size == 0) && (others != nil || more.size == 0)
	w.through(known)
	for i := range w.words {
		if i != lead {
			w.sieve.tests = append(w.sieve.tests, test{w.words[i].member(), w.more[i].member()})
		}
	}
	if !known {
		r, others = nil, nil
	}
	w.few.begun = lead == 0 && known
	if own.size > 0 && !w.pick(own.documents(&w.listed), r, true) {
		return false, nil
	}
	first := len(w.few.docs)
	if more.size > 0 {
		for i := range w.sieve.tests { // from the beginning again
			t := &w.sieve.tests[i]
			t.own.rest, t.more.rest = t.own.list, t.more.list
		}
		if !w.pick(more.documents(&w.listed), others, false) {
			return false, nil
		}
	}
	w.merge(first)
	if len(w.few.docs) > fewDocs {
		return false, nil
	}
	w.settle()
	return true, nil
}

// settle makes w.few the base of the walk.
func (w *walk) settle() {
	w.settled = true
	w.base = append(w.base[:0], docSet{size: len(w.few.docs), list: w.few.docs})
}

// merge puts the documents of w.few, of which those from first on are in order again, in
// order, each once.
func (w *walk) merge(first int) {
	few, head := &w.few, &w.half
	if first == 0 || first == len(few.docs) || few.docs[first-1] < few.docs[first] {
		return
	}
	head.docs = append(head.docs[:0], few.docs[:first]...)
	if few.known {
		head.concepts, head.marks = append(head.concepts[:0], few.concepts[:first]...), append(head.marks[:0], few.marks[:first]...)
	}
	n, i := 0, 0
	for k := first; i < len(head.docs) || k < len(few.docs); n++ {
		if i < len(head.docs) && (k == len(few.docs) || head.docs[i] <= few.docs[k]) {
			if k < len(few.docs) && head.docs[i] == few.docs[k] {
				k++
			}
			few.docs[n] = head.docs[i]
			if few.known {
				few.concepts[n], few.marks[n] = head.concepts[i], head.marks[i]
			}
			i++
			continue
		}
		few.docs[n] = few.docs[k]
		if few.known {
			few.concepts[n], few.marks[n] = few.concepts[k], few.marks[k]
		}
		k++
	}
	few.docs = few.docs[:n]
	if few.known {
		few.concepts, few.marks = few.concepts[:n], few.marks[:n]
	}
}

// know fills in the facts of w.few where they are not known: concepts are far apart in
// memory, asked for together they come together.
func (w *walk) know() {
	few := &w.few
	if few.known {
		return
	}
	n := len(few.docs)
	few.concepts, few.marks = slices.Grow(few.concepts[:0], n)[:n], slices.Grow(few.marks[:0], n)[:n]
	w.terms.DocumentConcepts(few.docs, few.concepts)
	for i, doc := range few.docs {
		few.marks[i] = uint16(w.ix.combos.of[doc])
	}
	few.known, few.begun = true, false
}
