package search

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// docSet is a set of documents of one index: a list, in order, for a walk to follow,
// and, of more than a document in 256, also a bit for each document, which takes up to
// eight times the memory and is many times as quick to ask. Of a large set there are
// only the bits. It is never changed, so searches share it.
type docSet struct {
	size int
	list []uint32 // nil for a set of so many that to walk its bits is quicker
	bits []uint64 // nil for a small set
	// starts tells of a long list where the documents of each block begin in it, so that
	// a document is looked for among few. nil: the list is short, or not kept.
	starts []uint16
	facts  *facts // of a list that is kept; nil: of another
}

// blockShift is the logarithm of the documents of a block, and longList the length
// from which a list is worth its starts.
const (
	blockShift = 8
	longList   = 256
)

// index gives a list its starts.
func (s *docSet) index(documents int) {
	if s.bits != nil || len(s.list) < longList || len(s.list) > 1<<16-1 {
		return
	}
	s.starts = make([]uint16, documents>>blockShift+2)
	at := 0
	for block := range s.starts {
		for at < len(s.list) && int(s.list[at]>>blockShift) < block {
			at++
		}
		s.starts[block] = uint16(at)
	}
}

// indexedList is a list with its starts.
type indexedList struct {
	list   []uint32
	starts []uint16
}

// keep returns the documents of docs that are in the list, in place.
func (l indexedList) keep(docs []uint32) []uint32 {
	n := 0
	for _, doc := range docs {
		block := doc >> blockShift
		in := 0
		for _, other := range l.list[l.starts[block]:l.starts[block+1]] {
			if other == doc {
				in = 1
			}
		}
		docs[n] = doc
		n += in
	}
	return docs[:n]
}

// dense reports whether a set of n documents is kept as bits.
func dense(n, documents int) bool { return n > documents/256 }

// newDocSet returns the documents of b, which it does not keep.
func newDocSet(b *roaring.Bitmap, documents int) (docSet, error) {
	if b.IsEmpty() {
		return docSet{}, nil
	}
	if last := b.Maximum(); int(last) >= documents {
		return docSet{}, fmt.Errorf("document %d of %d", last, documents)
	}
	s := docSet{size: int(b.GetCardinality())}
	if dense(s.size, documents) {
		s.bits = make([]uint64, (documents+63)/64)
		b.WriteDenseTo(s.bits)
		if s.size > len(s.bits) {
			return s, nil // to walk the bits is quicker
		}
	}
	s.list = make([]uint32, s.size)
	b.ManyIterator().NextMany(s.list)
	return s, nil
}

// has reports whether a document is in the set.
func (s docSet) has(doc uint32) bool {
	if s.bits != nil {
		return s.bits[doc/64]>>(doc%64)&1 != 0
	}
	_, found := slices.BinarySearch(s.list, doc)
	return found
}

// documents returns the documents in order, made in scratch where the set has no list.
func (s docSet) documents(scratch *[]uint32) []uint32 {
	if s.list != nil || s.size == 0 {
		return s.list
	}
	*scratch = (*scratch)[:0]
	s.each(func(doc uint32) { *scratch = append(*scratch, doc) })
	return *scratch
}

// without returns the documents of s that are not in other. It may change s.
func (s docSet) without(other docSet) docSet {
	if s.bits == nil {
		s.list = slices.DeleteFunc(s.list, other.has)
		s.size = len(s.list)
		return s
	}
	for i := range s.bits {
		if other.bits != nil {
			s.bits[i] &^= other.bits[i]
		}
	}
	if other.bits == nil {
		for _, doc := range other.list {
			s.bits[doc/64] &^= 1 << (doc % 64)
		}
	}
	u := docSet{bits: s.bits}
	for _, word := range u.bits {
		u.size += bits.OnesCount64(word)
	}
	if 64*len(u.bits) < 256*u.size { // as dense says
		return u
	}
	list := make([]uint32, 0, u.size)
	u.each(func(doc uint32) { list = append(list, doc) })
	return docSet{size: len(list), list: list}
}

// each calls do with each document, in order.
func (s docSet) each(do func(doc uint32)) {
	if s.bits == nil {
		for _, doc := range s.list {
			do(doc)
		}
	}
	for i, word := range s.bits {
		for ; word != 0; word &= word - 1 {
			do(64*uint32(i) + uint32(bits.TrailingZeros64(word)))
		}
	}
}

// everyDoc returns the set of all documents.
func everyDoc(documents int) docSet {
	s := docSet{size: documents, bits: make([]uint64, (documents+63)/64)}
	for i := range s.bits {
		s.bits[i] = ^uint64(0)
	}
	if rest := documents % 64; rest > 0 {
		s.bits[len(s.bits)-1] = 1<<rest - 1
	}
	return s
}

// unionOf returns the union of sets, which may be one of them.
func unionOf(sets []docSet, documents int) docSet {
	switch len(sets) {
	case 0:
		return docSet{}
	case 1:
		return sets[0]
	}
	total, allLists := 0, true
	for _, s := range sets {
		total += s.size
		allLists = allLists && s.list != nil
	}
	if allLists && !dense(total, documents) {
		all := make([]uint32, 0, total)
		for _, s := range sets {
			all = append(all, s.list...)
		}
		slices.Sort(all)
		all = slices.Compact(all)
		return docSet{size: len(all), list: all}
	}
	u := docSet{bits: make([]uint64, (documents+63)/64)}
	for _, s := range sets {
		for i, word := range s.bits {
			u.bits[i] |= word
		}
		if s.bits == nil {
			for _, doc := range s.list {
				u.bits[doc/64] |= 1 << (doc % 64)
			}
		}
	}
	for _, word := range u.bits {
		u.size += bits.OnesCount64(word)
	}
	return u
}

// cursor walks the documents that are in all of some sets and in none of others,
// in order. It makes no set of them: a walk that stops early costs little.
type cursor struct {
	lead     []uint32 // what is left of the shortest list; nil when all sets are bits
	lists    [][]uint32
	indexed  []indexedList
	leadSet  docSet // that lead is of
	bits     [][]uint64
	notLists [][]uint32
	notBits  [][]uint64

	none  bool   // nothing is left
	word  uint64 // without a lead: what is left of the word before after
	after uint32
}

// start begins a walk of the documents that are in all sets. There must be one.
func (c *cursor) start(sets []docSet) {
	*c = cursor{lists: c.lists[:0], indexed: c.indexed[:0], bits: c.bits[:0], notLists: c.notLists[:0], notBits: c.notBits[:0]}
	for _, s := range sets {
		c.and(s)
	}
}

// and leaves only the documents of s in a walk that has not begun.
func (c *cursor) and(s docSet) {
	switch {
	case s.size == 0:
		c.none = true
	case s.list == nil:
		c.bits = append(c.bits, s.bits)
	case c.lead == nil:
		c.lead, c.leadSet = s.list, s
	case len(s.list) < len(c.lead):
		c.follow(c.leadSet)
		c.lead, c.leadSet = s.list, s
	default:
		c.follow(s)
	}
}

// follow leaves only the documents of a set that does not lead.
func (c *cursor) follow(s docSet) {
	switch {
	case s.bits != nil:
		c.bits = append(c.bits, s.bits)
	case s.starts != nil:
		c.indexed = append(c.indexed, indexedList{s.list, s.starts})
	default:
		c.lists = append(c.lists, s.list)
	}
}

// andNot takes the documents of s out of a walk that has not begun.
func (c *cursor) andNot(s docSet) {
	if s.bits != nil {
		c.notBits = append(c.notBits, s.bits)
	} else if s.size > 0 {
		c.notLists = append(c.notLists, s.list)
	}
}

// next fills docs with the next documents, not always all of it, and returns how
// many there are: none at the end.
func (c *cursor) next(docs []uint32) int {
	for n := 0; ; {
		chunk := docs[n:]
		switch {
		case c.none || n > len(docs)/2:
			return n
		case c.lead != nil:
			chunk = c.nextOfLead(chunk)
		default:
			chunk = chunk[:c.nextOfBits(chunk)]
		}
		for k := range c.notLists {
			chunk = sift(chunk, &c.notLists[k], false)
		}
		n += len(chunk)
	}
}

// nextOfLead takes the next documents of the lead and keeps those in all other
// sets, one set after the other: so the processor need not guess.
func (c *cursor) nextOfLead(docs []uint32) []uint32 {
	n := copy(docs, c.lead)
	docs, c.lead = docs[:n], c.lead[n:]
	c.none = len(c.lead) == 0
	for _, list := range c.indexed { // what is in fewest first
		docs = list.keep(docs)
	}
	for _, set := range c.bits {
		docs = keep(docs, set, 0)
	}
	for _, set := range c.notBits {
		docs = keep(docs, set, 1)
	}
	for k := range c.lists {
		docs = sift(docs, &c.lists[k], true)
	}
	return docs
}

// keep returns the documents of docs that are in set, or with not 1 those that
// are not, in place.
func keep(docs []uint32, set []uint64, not uint64) []uint32 {
	n := 0
	for _, doc := range docs {
		docs[n] = doc
		n += int(set[doc/64]>>(doc%64)&1 ^ not)
	}
	return docs[:n]
}

// sift returns the documents of docs that are in list, or those that are not, in
// place, and takes from list what is before the last of them.
func sift(docs []uint32, list *[]uint32, in bool) []uint32 {
	n, rest := 0, *list
	for _, doc := range docs {
		rest = skipTo(rest, doc)
		if (len(rest) > 0 && rest[0] == doc) == in {
			docs[n] = doc
			n++
		}
	}
	*list = rest
	return docs[:n]
}

func (c *cursor) nextOfBits(docs []uint32) int {
	for n := 0; ; {
		for ; c.word != 0; c.word &= c.word - 1 {
			if n == len(docs) {
				return n
			}
			docs[n] = 64*c.after - 64 + uint32(bits.TrailingZeros64(c.word))
			n++
		}
		if int(c.after) == len(c.bits[0]) {
			c.none = true
			return n
		}
		c.word = c.bits[0][c.after]
		for _, set := range c.bits[1:] {
			c.word &= set[c.after]
		}
		for _, set := range c.notBits {
			c.word &^= set[c.after]
		}
		c.after++
	}
}

// skipTo returns list from the first document that is not before doc: steps that
// double, then halves.
func skipTo(list []uint32, doc uint32) []uint32 {
	if len(list) == 0 || list[0] >= doc {
		return list
	}
	step := 1
	for step < len(list) && list[step] < doc {
		step *= 2
	}
	low, high := step/2+1, min(step, len(list)) // list[step/2] is before doc
	for low < high {
		if mid := (low + high) / 2; list[mid] < doc {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return list[low:]
}
