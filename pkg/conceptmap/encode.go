package conceptmap

import (
	"encoding/binary"
	"errors"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The tables of the store: forward rows under map and source, reverse rows under map and
// target, and under each map the texts that its rows have in common. Forward and reverse
// hold whole rows, so that each question is one read; reverse only those that rows of a
// higher layer do not override.
const (
	TableReverse = 'B'
	TableTexts   = 'D'
	TableForward = 'F'
)

// FormatVersion is the version of the form of stored rows; a release with maps in another
// form must be imported again. Their history is in store/KEYS.md.
const FormatVersion = 2

var errShort = errors.New("a stored mapping is cut short or garbled")

// The fields of a row after its numbers that are there, one bit each.
const (
	hasRule = 1 << iota
	hasAdvice
	hasCategory
	hasCorrelation
	hasModule
	hasDisplay
	hasPlace // Layer, File, Line
	hasID
	hasTerms  // DependsOn and Products
	allFields = 1<<iota - 1
)

// optional returns the texts of a row that it may do without, in the order of their bits.
func optional(m *terminology.Mapping) [6]*string {
	return [...]*string{&m.Rule, &m.Advice, &m.Category, &m.Correlation, &m.Module, &m.Display}
}

// appendMapping writes a mapping without its Map.
func appendMapping(dst []byte, m *terminology.Mapping, common map[string]int) []byte {
	fields := uint64(0)
	for i, s := range optional(m) {
		if *s != "" {
			fields |= 1 << i
		}
	}
	if m.Layer != 0 || m.File != "" || m.Line != 0 {
		fields |= hasPlace
	}
	if m.ID != "" {
		fields |= hasID
	}
	if len(m.DependsOn)+len(m.Products) > 0 {
		fields |= hasTerms
	}
	dst = binary.AppendUvarint(dst, fields)
	dst = binary.AppendUvarint(dst, uint64(m.Group))
	dst = binary.AppendUvarint(dst, uint64(m.Priority))
	dst = append(dst, byte(m.Relationship))
	dst = appendText(appendText(dst, m.Source, nil), m.Target, nil)
	for i, s := range optional(m) {
		if fields&(1<<i) != 0 {
			dst = appendText(dst, *s, common)
		}
	}
	if fields&hasPlace != 0 {
		dst = append(dst, m.Layer)
		dst = appendText(dst, m.File, common)
		dst = binary.AppendUvarint(dst, uint64(m.Line))
	}
	if fields&hasID != 0 {
		dst = appendID(dst, m.ID)
	}
	if fields&hasTerms != 0 {
		dst = appendTerms(appendTerms(dst, m.DependsOn, common), m.Products, common)
	}
	return dst
}

// appendText writes a text: twice its length and itself, or one more than twice its place
// among the common ones.
func appendText(dst []byte, s string, common map[string]int) []byte {
	if n, ok := common[s]; ok {
		return binary.AppendUvarint(dst, uint64(n)<<1|1)
	}
	dst = binary.AppendUvarint(dst, uint64(len(s))<<1)
	return append(dst, s...)
}

// appendID writes the identifier of a row: the 16 bytes of a UUID in its usual form, after
// 1, or the text after 0.
func appendID(dst []byte, id string) []byte {
	if raw, ok := parseUUID(id); ok {
		return append(append(dst, 1), raw[:]...)
	}
	return appendText(append(dst, 0), id, nil)
}

func appendTerms(dst []byte, terms []terminology.MapTerm, common map[string]int) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(terms)))
	for i := range terms {
		for _, s := range termTexts(&terms[i]) {
			dst = appendText(dst, *s, common)
		}
	}
	return dst
}

func termTexts(t *terminology.MapTerm) [5]*string {
	return [...]*string{&t.Property, &t.Value.System, &t.Value.Version, &t.Value.Code, &t.Value.Display}
}

// rowReader reads stored rows. Texts are parts of what is read, and of the common ones.
type rowReader struct {
	text   string
	common []string
	bad    bool
}

// read reads one mapping.
func (r *rowReader) read(m *terminology.Mapping) {
	fields := r.number(allFields)
	m.Group, m.Priority = uint16(r.number(1<<16-1)), uint16(r.number(1<<16-1))
	m.Relationship = terminology.Relationship(r.byte())
	if m.Relationship > terminology.NotRelatedTo {
		m.Relationship, r.bad = 0, true
	}
	m.Source, m.Target = r.string(), r.string()
	for i, s := range optional(m) {
		if fields&(1<<i) != 0 {
			*s = r.string()
		}
	}
	if fields&hasPlace != 0 {
		m.Layer, m.File, m.Line = r.byte(), r.string(), uint32(r.number(1<<32-1))
	}
	if fields&hasID != 0 {
		m.ID = r.id()
	}
	if fields&hasTerms != 0 {
		m.DependsOn, m.Products = r.terms(), r.terms()
	}
}

// number reads a number up to a limit.
func (r *rowReader) number(most uint64) uint64 {
	n, rest, ok := readUvarint(r.text)
	if !ok || n > most {
		r.bad, r.text = true, ""
		return 0
	}
	r.text = rest
	return n
}

func (r *rowReader) byte() byte {
	if r.text == "" {
		r.bad = true
		return 0
	}
	b := r.text[0]
	r.text = r.text[1:]
	return b
}

func (r *rowReader) string() string {
	n := r.number(1<<63 - 1)
	if n&1 == 1 {
		if n>>1 < uint64(len(r.common)) {
			return r.common[n>>1]
		}
		r.bad = true
		return ""
	}
	return r.take(n >> 1)
}

func (r *rowReader) take(n uint64) string {
	if n > uint64(len(r.text)) {
		r.bad, r.text = true, ""
		return ""
	}
	s := r.text[:n]
	r.text = r.text[n:]
	return s
}

func (r *rowReader) id() string {
	if r.byte() == 1 {
		return formatUUID(r.take(16))
	}
	return r.string()
}

func (r *rowReader) terms() []terminology.MapTerm {
	n := r.number(uint64(len(r.text))) // a term has more bytes than one
	if n == 0 {
		return nil
	}
	terms := make([]terminology.MapTerm, 0, min(n, uint64(len(r.text)/5)))
	for ; n > 0 && !r.bad; n-- {
		var t terminology.MapTerm
		for _, s := range termTexts(&t) {
			*s = r.string()
		}
		terms = append(terms, t)
	}
	return terms
}

func readUvarint(s string) (uint64, string, bool) {
	n := uint64(0)
	for i := 0; i < len(s) && i < binary.MaxVarintLen64; i++ {
		n |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return n, s[i+1:], true
		}
	}
	return 0, "", false
}

func readMappings(mapID string, value []byte, common []string) ([]terminology.Mapping, error) {
	r := rowReader{text: string(value), common: common}
	var out []terminology.Mapping
	for r.text != "" {
		m := terminology.Mapping{Map: mapID}
		if r.read(&m); r.bad {
			return nil, &terminology.Error{Op: "conceptmap.read", Kind: terminology.Corrupt, Err: errShort}
		}
		out = append(out, m)
	}
	return out, nil
}

func mapKey(mapID, code string) []byte {
	key := make([]byte, 0, len(mapID)+1+len(code))
	return append(append(append(key, mapID...), 0), code...)
}

// foldCode is the form of a target code under which reverse rows are kept: map
// targets are written by people and differ in case and dots from the codes of the
// target system (S80.8, s808).
func foldCode(code string) string {
	code = strings.ToLower(code)
	if strings.IndexByte(code, '.') < 0 {
		return code
	}
	return strings.ReplaceAll(code, ".", "")
}
