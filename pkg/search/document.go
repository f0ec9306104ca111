package search

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Document is one term to index. Documents are added in static rank order and
// are numbered 0, 1, 2, ... in that order.
type Document struct {
	Term   string   // as published
	Tiers  []string // language and acceptability: "nb-p" preferred in bokmål, "nb-a" acceptable, "en-p", ...
	Active bool     // concept and term are active
	Tag    string   // semantic tag ("disorder") or kind of code ("category"), may be empty
	Use    string   // "fsn", "syn", "def", ..., may be empty
	// Language is as the source wrote it. Norwegian terms ("no", "nb", "nn") are also
	// found by other forms of their words and by the parts of compounds.
	Language string
}

// The fields of the index. MappingVersion counts their changes.
const (
	fieldID    = "_id"   // the document number, big-endian; Bleve wants one
	fieldWord  = "word"  // every token
	fieldEdge  = "edge"  // the first 1..maxEdge letters of every token
	fieldBegin = "begin" // the first 1..maxEdge letters of the first token
	fieldExact = "exact" // exactKey of the whole term
	fieldStem  = "stem"  // of Norwegian: the stem of every token, and those of its parts; wholeTerm and exactKey of the stems of the tokens
	fieldPart  = "part"  // of Norwegian: the first minPart..maxEdge letters of parts and respelt tokens; wholePart and all of one that is longer
	fieldShort = "short" // the abbreviations of the term, see isAbbreviation
	fieldTier  = "tier"  // Tiers, and one of activeTier and inactiveTier
	fieldTag   = "tag"
	fieldUse   = "use"

	activeTier   = "act"
	inactiveTier = "ina"

	maxEdge = 8 // letters
)

// collected are the documents of a Builder, with each token, abbreviation and keyword
// once. About four bytes a token and thirty a document are kept of them.
type collected struct {
	count  uint32
	tokens numbered
	said   []uint32 // tokens of all documents, one document after the other
	ends   []uint32 // where the tokens of a document end in said
	exact  []hashed // of each document that has tokens

	norwegian []uint32 // documents of Norwegian terms
	shorts    postings
	tiers     postings
	tags      postings
	uses      postings

	buf   []byte // scratch: a folded term
	short []string
}

func newCollected() *collected {
	c := &collected{tokens: numbered{ids: map[string]uint32{}}}
	for _, p := range []*postings{&c.shorts, &c.tiers, &c.tags, &c.uses} {
		p.ids = map[string]uint32{}
	}
	return c
}

// add takes a document; nothing of it is kept.
func (c *collected) add(d Document) error {
	if c.count == math.MaxInt32 {
		return notSupported("more than 2,147,483,647 documents")
	}
	c.buf = language.AppendFold(c.buf[:0], d.Term)
	for rest := c.buf; len(rest) > 0; {
		var token []byte
		if token, rest = cutToken(rest); len(token) > 0 {
			c.said = append(c.said, c.tokens.numberOf(token))
		}
	}
	if uint64(len(c.said)) > math.MaxUint32 {
		return notSupported("more than 4,294,967,295 words")
	}
	c.ends = append(c.ends, uint32(len(c.said)))
	if len(c.buf) > 0 {
		c.exact = append(c.exact, hashed{exactHash(c.buf), c.count})
	}
	if isNorwegian(d.Language) {
		c.norwegian = append(c.norwegian, c.count)
	}
	c.keywords(d)
	c.count++
	return nil
}

// keywords takes what of a document is no word.
func (c *collected) keywords(d Document) {
	c.short = appendAbbreviations(c.short[:0], d.Term)
	for _, short := range c.short {
		c.shorts.add(short, c.count)
	}
	active := inactiveTier
	if d.Active {
		active = activeTier
	}
	c.tiers.add(active, c.count)
	for _, tier := range d.Tiers {
		c.tiers.add(tier, c.count)
	}
	if d.Tag != "" {
		c.tags.add(d.Tag, c.count)
	}
	if d.Use != "" {
		c.uses.add(d.Use, c.count)
	}
}

// wordsOf returns the tokens of a document, in order.
func (c *collected) wordsOf(doc uint32) []uint32 {
	start := uint32(0)
	if doc > 0 {
		start = c.ends[doc-1]
	}
	return c.said[start:c.ends[doc]]
}

// inOrder numbers the tokens anew, in the order of their letters.
func (c *collected) inOrder() {
	order := make([]uint32, len(c.tokens.names))
	for i := range order {
		order[i] = uint32(i)
	}
	names := c.tokens.names
	slices.SortFunc(order, func(a, b uint32) int { return strings.Compare(names[a], names[b]) })
	rank, sorted := make([]uint32, len(names)), make([]string, len(names))
	for to, from := range order {
		rank[from], sorted[to] = uint32(to), names[from]
	}
	for i, token := range c.said {
		c.said[i] = rank[token]
	}
	c.tokens = numbered{names: sorted}
}

// numbered are texts by number, in the order in which they came.
type numbered struct {
	ids   map[string]uint32
	names []string
}

func (n *numbered) numberOf(text []byte) uint32 {
	if id, known := n.ids[string(text)]; known {
		return id
	}
	return n.put(string(text))
}

func (n *numbered) put(text string) uint32 {
	id := uint32(len(n.names))
	n.names, n.ids[text] = append(n.names, text), id
	return id
}

// postings are the documents of texts that are few, or that few documents have.
type postings struct {
	numbered
	docs [][]uint32
}

// add notes that a document, which is none before the last, has a text.
func (p *postings) add(text string, doc uint32) {
	id, known := p.ids[text]
	if !known {
		id = p.put(strings.Clone(text))
		p.docs = append(p.docs, nil)
	}
	if n := len(p.docs[id]); n == 0 || p.docs[id][n-1] != doc {
		p.docs[id] = append(p.docs[id], doc)
	}
}

// idOf is the id of a document.
func idOf(number uint32) string {
	var id [4]byte
	binary.BigEndian.PutUint32(id[:], number)
	return string(id[:])
}

func notSupported(format string, args ...any) error {
	return &terminology.Error{Op: "search.Builder.Add", Kind: terminology.NotSupported, Err: fmt.Errorf(format, args...)}
}
