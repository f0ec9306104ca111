package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/kodeks/kodeks/pkg/language"
)

// batch holds the documents of one segment: their folded terms in one string,
// and their keywords as numbers. It hands them to Bleve as documents whose terms
// are made when they are asked for, in maps that are filled anew each time. Bleve's own
// writer makes a segment of them, with which ours is compared.
type batch struct {
	buf    []byte // folded terms while they are added
	text   string // the same, once sealed
	docs   []record
	tiers  []uint16
	shorts []string
	names  []string // of the keywords
	kinds  [fieldCount]kind
	fields []field // of all documents, once sealed

	analysis *analysis
	whole    []byte // scratch of fillStem
}

// record is one document of a batch.
type record struct {
	b          *batch
	number     uint32
	start, end uint32 // in text
	tier0      uint32 // its tiers are tiers[tier0:tier1]
	tier1      uint32
	tag, use   uint16
	short0     uint32 // its abbreviations are shorts[short0:short1]
	short1     uint32
	norwegian  bool
	fields     []field
}

// kind is what the documents of a batch share of one field.
type kind struct {
	name    string
	options index.FieldIndexingOptions
	often   *index.TokenFreq
	fill    func(*kind, *record)
	terms   index.TokenFrequencies
}

const fieldCount = 11

func newBatch() *batch {
	const set = index.IndexField | index.SkipFreqNorm
	b := &batch{kinds: [fieldCount]kind{
		{name: fieldID, fill: fillID, often: once, options: index.IndexField | index.StoreField},
		{name: fieldWord, fill: fillWord, often: once, options: set},
		{name: fieldEdge, fill: fillEdge, often: never, options: set},
		{name: fieldBegin, fill: fillBegin, often: never, options: set},
		{name: fieldExact, fill: fillExact, often: once, options: set},
		{name: fieldStem, fill: fillStem, often: never, options: set},
		{name: fieldPart, fill: fillPart, often: never, options: set},
		{name: fieldShort, fill: fillShort, often: once, options: set},
		{name: fieldTier, fill: fillTier, often: never, options: set},
		{name: fieldTag, fill: fillTag, often: never, options: set},
		{name: fieldUse, fill: fillUse, often: never, options: set},
	}}
	for i := range b.kinds {
		b.kinds[i].terms = make(index.TokenFrequencies)
	}
	return b
}

// documents seals the batch and returns its documents, in order.
func (b *batch) documents() []index.Document {
	b.text = string(b.buf)
	b.fields = slices.Grow(b.fields[:0], fieldCount*len(b.docs))
	docs := make([]index.Document, len(b.docs))
	for i := range b.docs {
		r := &b.docs[i]
		for k := range b.kinds {
			b.fields = append(b.fields, field{&b.kinds[k], r})
		}
		r.fields = b.fields[i*fieldCount:]
		docs[i] = r
	}
	return docs
}

// add is Builder.Add.
func (b *batch) add(d Document, number int) {
	r := record{b: b, number: uint32(number), start: uint32(len(b.buf)), tier0: uint32(len(b.tiers)), norwegian: isNorwegian(d.Language)}
	b.buf = language.AppendFold(b.buf, d.Term)
	r.end = uint32(len(b.buf))
	r.short0 = uint32(len(b.shorts))
	b.shorts = appendAbbreviations(b.shorts, d.Term)
	r.short1 = uint32(len(b.shorts))
	active := inactiveTier
	if d.Active {
		active = activeTier
	}
	for _, tier := range append([]string{active}, d.Tiers...) {
		b.tiers = append(b.tiers, b.keyword(tier))
	}
	r.tier1 = uint32(len(b.tiers))
	r.tag, r.use = b.keyword(d.Tag), b.keyword(d.Use)
	b.docs = append(b.docs, r)
}

func (b *batch) keyword(s string) uint16 {
	if b.names == nil {
		b.names = []string{""}
	}
	i := slices.Index(b.names, s)
	if i < 0 {
		i = len(b.names)
		b.names = append(b.names, s)
	}
	return uint16(i)
}

func (r *record) term() string { return r.b.text[r.start:r.end] }

// VisitFields gives visit each field of the document.
func (r *record) VisitFields(visit index.FieldVisitor) {
	for i := range fieldCount {
		visit(&r.fields[i])
	}
}

// The rest of index.Document.

func (r *record) ID() string                                 { return idOf(r.number) }
func (r *record) Size() int                                  { return int(r.end - r.start) }
func (r *record) VisitComposite(index.CompositeFieldVisitor) {}
func (r *record) HasComposite() bool                         { return false }
func (r *record) NumPlainTextBytes() uint64                  { return uint64(r.end - r.start) }
func (r *record) AddIDField()                                {}
func (r *record) StoredFieldsBytes() uint64                  { return 4 }
func (r *record) Indexed() bool                              { return true }

// How often a term stands in a document, for all we care. A term that stands once
// needs no list when it has only one document: good for fields of rare terms. One
// that "never" stands saves a byte in each place of its list: good for the others.
var once, never = frequency(1), frequency(0)

func frequency(n int) *index.TokenFreq {
	t := &index.TokenFreq{}
	t.SetFrequency(n)
	return t
}

// field is an index.Field that is a set of terms: no doc values, no positions,
// and nothing stored but the _id.
type field struct {
	*kind
	doc *record
}

// AnalyzedTokenFrequencies returns the set. It is good until the set of the same
// field of another document is asked for: Bleve has done with a document when it
// asks for the next.
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies {
	clear(f.terms)
	f.fill(f.kind, f.doc)
	return f.terms
}

// Value returns what is stored.
func (f *field) Value() []byte { return []byte(idOf(f.doc.number)) }

// The rest of index.Field.

func (f *field) Name() string                        { return f.name }
func (f *field) ArrayPositions() []uint64            { return nil }
func (f *field) EncodedFieldType() byte              { return 't' }
func (f *field) Analyze()                            {}
func (f *field) Options() index.FieldIndexingOptions { return f.options }
func (f *field) AnalyzedLength() int                 { return 1 } // of 0, a term of one document would be lost
func (f *field) NumPlainTextBytes() uint64           { return 0 }

func (k *kind) add(term string) { k.terms[term] = k.often }

func fillID(k *kind, r *record) { k.add(idOf(r.number)) }

func fillWord(k *kind, r *record) {
	for token := range strings.SplitSeq(r.term(), " ") {
		if token != "" {
			k.add(token)
		}
	}
}

func fillEdge(k *kind, r *record) {
	for token := range strings.SplitSeq(r.term(), " ") {
		k.addEdges(token)
	}
}

func fillBegin(k *kind, r *record) {
	first, _, _ := strings.Cut(r.term(), " ")
	k.addEdges(first)
}

// addEdges adds the first 1..maxEdge letters of token.
func (k *kind) addEdges(token string) {
	for n, i := 0, 0; n < maxEdge && i < len(token); n++ {
		_, size := utf8.DecodeRuneInString(token[i:])
		i += size
		k.add(token[:i])
	}
}

func fillExact(k *kind, r *record) {
	if r.end > r.start {
		k.add(exactKey(r.term()))
	}
}

func fillStem(k *kind, r *record) {
	if !r.norwegian {
		return
	}
	whole := r.b.whole[:0]
	for token := range strings.SplitSeq(r.term(), " ") {
		if token == "" {
			continue
		}
		f := r.b.analysis.of(token)
		for _, stem := range f.stems {
			k.add(stem)
		}
		if len(whole) > 0 {
			whole = append(whole, ' ')
		}
		whole = append(whole, f.stems[0]...)
	}
	k.add(norwegianTerm)
	if len(whole) > 0 {
		k.add(wholeTerm + exactKey(string(whole)))
	}
	r.b.whole = whole
}

func fillPart(k *kind, r *record) {
	if !r.norwegian {
		return
	}
	for token := range strings.SplitSeq(r.term(), " ") {
		if token != "" {
			for _, part := range r.b.analysis.of(token).parts {
				k.addPart(part)
			}
		}
	}
}

// addPart adds the first minPart..maxEdge letters of part, and all of it when it has
// more.
func (k *kind) addPart(part string) {
	n, i := 0, 0
	for n < maxEdge && i < len(part) {
		_, size := utf8.DecodeRuneInString(part[i:])
		i += size
		if n++; n >= minPart {
			k.add(part[:i])
		}
	}
	if i < len(part) {
		k.add(wholePart + part)
	}
}

func fillShort(k *kind, r *record) {
	for _, short := range r.b.shorts[r.short0:r.short1] {
		k.add(short)
	}
}

func fillTier(k *kind, r *record) {
	for _, tier := range r.b.tiers[r.tier0:r.tier1] {
		k.add(r.b.names[tier])
	}
}

func fillTag(k *kind, r *record) {
	if r.tag != 0 {
		k.add(r.b.names[r.tag])
	}
}

func fillUse(k *kind, r *record) {
	if r.use != 0 {
		k.add(r.b.names[r.use])
	}
}
