package search

import (
	"cmp"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// lists are the documents of things by number, in order and each once: those of thing i
// are docs[start[i]:start[i+1]], so that those of a range of things stand together.
type lists struct {
	start []uint32
	docs  []uint32
}

// newLists makes the lists of n things. The function each calls add for each thing and
// document, the documents in order; it is called twice, to count and to keep.
func newLists(n int, each func(add func(thing, doc uint32))) lists {
	l := lists{start: make([]uint32, n+1)}
	last := make([]uint32, n) // document and one
	each(func(thing, doc uint32) {
		if last[thing] != doc+1 {
			last[thing] = doc + 1
			l.start[thing+1]++
		}
	})
	for i := range n {
		l.start[i+1] += l.start[i]
	}
	l.docs = make([]uint32, l.start[n])
	next := last
	copy(next, l.start[:n])
	each(func(thing, doc uint32) {
		if at := next[thing]; at == l.start[thing] || l.docs[at-1] != doc {
			l.docs[at] = doc
			next[thing]++
		}
	})
	return l
}

// of returns the documents of a thing.
func (l lists) of(thing int) []uint32 { return l.docs[l.start[thing]:l.start[thing+1]] }

// inverter makes the terms of the fields of documents, and writes where they stand.
type inverter struct {
	*collected
	analysis *analysis
	to       *segmentWriter
	set      bitset
	scratch  []uint32
}

// fieldTerm is a term of a field, and where its documents are.
type fieldTerm struct {
	term  string
	value uint64
}

// fields writes the documents of all terms, field by field, and passes the terms of each
// field, in order, to done.
func (v *inverter) fields(done func(field string, terms []fieldTerm)) {
	v.inOrder()
	names := v.tokens.names
	all := newLists(len(names), v.eachWord)
	places := make([]uint64, len(names))
	words := make([]fieldTerm, len(names))
	for i, name := range names {
		places[i] = v.to.postings(all.of(i))
		words[i] = fieldTerm{name, places[i]}
	}
	done(fieldWord, words)
	done(fieldEdge, v.heads(names, all, places, 1))
	done(fieldBegin, v.heads(names, newLists(len(names), v.eachFirst), make([]uint64, len(names)), 1))
	done(fieldExact, v.hashes("", v.exact))
	v.exact = nil
	v.forms(all, places, done)
	done(fieldShort, v.keywordField(&v.shorts))
	done(fieldTier, v.keywordField(&v.tiers))
	done(fieldTag, v.keywordField(&v.tags))
	done(fieldUse, v.keywordField(&v.uses))
}

func (v *inverter) eachWord(add func(word, doc uint32)) {
	for doc := range v.count {
		for _, word := range v.wordsOf(doc) {
			add(word, doc)
		}
	}
}

func (v *inverter) eachFirst(add func(word, doc uint32)) {
	for doc := range v.count {
		if words := v.wordsOf(doc); len(words) > 0 {
			add(words[0], doc)
		}
	}
}

// heads are the first least..maxEdge letters of words, which are in order, with the
// documents of all the words that begin so. Where those of a word are written already,
// known has their place, else 0. What has the documents of a shorter head, or of one word,
// shares their place.
func (v *inverter) heads(words []string, l lists, known []uint64, least int) []fieldTerm {
	type head struct {
		end      int    // behind the words that begin so
		from, to uint32 // in l.docs
		place    uint64
	}
	var out []fieldTerm
	open := [maxEdge + 1]head{{end: len(words)}} // by number of letters
	before := ""
	for i, word := range words {
		shared := sharedLetters(before, word)
		before = word
		for n, at := 1, 0; n <= maxEdge && at < len(word); n++ {
			_, size := utf8.DecodeRuneInString(word[at:])
			at += size
			if n <= shared {
				continue
			}
			h, shorter := &open[n], &open[n-1]
			h.end = i + 1 + countHeads(words[i+1:shorter.end], word[:at])
			h.from, h.to, h.place = l.start[i], l.start[h.end], 0
			switch {
			case n < least || h.from == h.to:
			case h.from == shorter.from && h.to == shorter.to && shorter.place != 0:
				h.place = shorter.place
			case h.to == l.start[i+1]: // of one word
				if known[i] == 0 {
					known[i] = v.to.postings(l.of(i))
				}
				h.place = known[i]
			default:
				h.place = v.union(l.docs[h.from:h.to])
			}
			if h.place != 0 {
				out = append(out, fieldTerm{word[:at], h.place})
			}
		}
	}
	return out
}

// sharedLetters returns how many letters two words have in common from the beginning,
// at most maxEdge.
func sharedLetters(a, b string) int {
	for n, at := 0, 0; n < maxEdge && at < len(a) && at < len(b); n++ {
		_, size := utf8.DecodeRuneInString(b[at:])
		if !strings.HasPrefix(a[at:], b[at:at+size]) {
			return n
		}
		at += size
		if n+1 == maxEdge || at == len(a) || at == len(b) {
			return n + 1
		}
	}
	return 0
}

// countHeads returns how many of the first words, which are in order, begin with head.
func countHeads(words []string, head string) int {
	if len(words) == 0 || !strings.HasPrefix(words[0], head) {
		return 0
	}
	return sort.Search(len(words), func(i int) bool { return !strings.HasPrefix(words[i], head) })
}

// union writes documents that stand in no order.
func (v *inverter) union(docs []uint32) uint64 {
	for _, doc := range docs {
		v.set.add(doc)
	}
	v.scratch = v.set.take(v.scratch[:0])
	return v.to.postings(v.scratch)
}

// hashed is a document, and the exactHash of its term.
type hashed struct {
	hash uint64
	doc  uint32
}

// hashes are the terms for whole terms, each with a mark before it. Documents may share one.
func (v *inverter) hashes(mark string, of []hashed) []fieldTerm {
	slices.SortFunc(of, func(a, b hashed) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.doc, b.doc)) })
	var keys strings.Builder // of all, so that each is no allocation
	var out []fieldTerm
	for i := 0; i < len(of); {
		v.scratch = v.scratch[:0]
		hash := of[i].hash
		for ; i < len(of) && of[i].hash == hash; i++ {
			v.scratch = append(v.scratch, of[i].doc)
		}
		keys.WriteString(mark)
		keys.WriteString(hashKey(hash))
		out = append(out, fieldTerm{value: v.to.postings(v.scratch)})
	}
	for i, n := 0, len(mark)+exactBytes; i < len(out); i++ {
		out[i].term = keys.String()[i*n : (i+1)*n]
	}
	return out
}

// keywordField is the terms of a field of few.
func (v *inverter) keywordField(of *postings) []fieldTerm {
	out := make([]fieldTerm, len(of.names))
	for i, name := range of.names {
		out[i] = fieldTerm{name, v.to.postings(of.docs[i])}
	}
	return inLetters(out)
}

// inLetters puts terms in order.
func inLetters(terms []fieldTerm) []fieldTerm {
	slices.SortFunc(terms, func(a, b fieldTerm) int { return strings.Compare(a.term, b.term) })
	return terms
}

// bitset is a set of documents that gives them back in order, in a time that is bound by
// how many they are and not by the highest.
type bitset struct{ words, blocks []uint64 }

func newBitset(n uint32) bitset {
	return bitset{words: make([]uint64, n/64+1), blocks: make([]uint64, n/(64*64)+1)}
}

func (s bitset) add(doc uint32) {
	s.words[doc>>6] |= 1 << (doc & 63)
	s.blocks[doc>>12] |= 1 << (doc >> 6 & 63)
}

// take appends the documents to dst and empties the set.
func (s bitset) take(dst []uint32) []uint32 {
	for b, block := range s.blocks {
		for ; block != 0; block &= block - 1 {
			w := b<<6 | bits.TrailingZeros64(block)
			for word := s.words[w]; word != 0; word &= word - 1 {
				dst = append(dst, uint32(w)<<6|uint32(bits.TrailingZeros64(word)))
			}
			s.words[w] = 0
		}
		s.blocks[b] = 0
	}
	return dst
}
