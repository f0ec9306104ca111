package basic

import (
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The columns of a release. All numbers are little-endian. "By ordinal" columns
// have one entry a concept, "by designation" columns one a designation, in the
// order of their concepts. Offset columns have one entry more than rows, so that
// row i is the entries from offset i to offset i+1.
const (
	colMeta             = "meta"              // JSON of type meta
	colCodeOffsets      = "code.offsets"      // uint32 into code.bytes, by ordinal
	colCodeBytes        = "code.bytes"        // codes one after the other
	colCodeHash         = "code.hash"         // uint32 ordinal+1, open addressing by hash of the folded code; 0 is free
	colConceptFlags     = "concept.flags"     // byte, flag…, by ordinal
	colConceptEffective = "concept.effective" // uint32 yyyymmdd, by ordinal
	colConceptModule    = "concept.module"    // uint16 into meta.Modules, by ordinal
	colConceptTag       = "concept.tag"       // uint16 into meta.Tags, by ordinal
	colConceptFrom      = "concept.from"      // uint32 yyyymmdd, by ordinal; only with meta.HasFrom
	colConceptTo        = "concept.to"        // uint32 yyyymmdd, by ordinal; only with meta.HasTo
	colParentOffsets    = "parent.offsets"    // uint32 into parent.targets, by ordinal
	colParentTargets    = "parent.targets"    // uint32 ordinals
	colChildOffsets     = "child.offsets"
	colChildTargets     = "child.targets"
	colAncestorOffsets  = "ancestor.offsets"
	colAncestorTargets  = "ancestor.targets"
	colDescOffsets      = "descendant.offsets" // uint32 into descendant.sets, by ordinal
	colDescBytes        = "descendant.sets"    // roaring bitmaps, portable format
	colConceptTerms     = "concept.terms"      // uint32 first designation, by ordinal
	colTermOffsets      = "term.offsets"       // uint32 into term.bytes, by designation
	colTermBytes        = "term.bytes"
	colTermConcept      = "term.concept"   // uint32 ordinal, by designation
	colTermID           = "term.id"        // uint64, by designation
	colTermEffective    = "term.effective" // uint32 yyyymmdd, by designation
	colTermMeta         = "term.meta"      // uint64 language, use, flags, module; by designation
	colTermAccept       = "term.accept"    // uint64 acceptability, two bits a display column, by designation
	colTermByID         = "term.byid"      // uint32 designations that have an id, in the order of the ids
	colDisplay          = "display."       // with the number of the column: uint32 designation+1, by ordinal
	colDisplayAny       = "display.any"    // the same for Display
	colPropertyOffsets  = "property.offsets"
	colPropertyEntries  = "property.entries" // uint64 type, group, value; of a concept by group, type and value
	colPostingTypes     = "posting.types"    // uint32 into posting.values, by property type
	colPostingValues    = "posting.values"   // uint32 as in an entry, ascending in a type
	colPostingOffsets   = "posting.offsets"  // uint32 into posting.sources, by posting.values
	colPostingSources   = "posting.sources"  // uint32 ordinals of the concepts with that value, ascending
	colValueOffsets     = "value.offsets"    // uint32 into value.bytes, by interned value
	colValueBytes       = "value.bytes"
	colMemberOffsets    = "member.offsets" // uint32 into member.sets, by place in meta.Refsets
	colMemberBytes      = "member.sets"
	colDocuments        = "documents" // uint32 designation, or designations+ordinal for a code, by document

	colAlternateSchemes  = "alternate.schemes"  // uint32 into alternate.concepts, by place in meta.Schemes
	colAlternateConcepts = "alternate.concepts" // uint32 ordinals, by alternate identifier
	colAlternateOffsets  = "alternate.offsets"  // uint32 into alternate.bytes; ascending texts in a scheme
	colAlternateBytes    = "alternate.bytes"

	// The rows of a table that refer to concepts, by concept and then as they came. The
	// name goes on with the place in meta.Refsets, and what it is. These are read when
	// they are asked for:
	//
	//	concept     uint32 ordinal
	//	active      bit set of uint64
	//	effective   uint32 yyyymmdd
	//	module      uint16 into meta.Modules
	//	id          16 bytes of a UUID; only when all ids of the table are UUIDs
	//	NN.values   uint32 number of the text in column NN of the table
	//	NN.offsets  uint32 into NN.bytes, by number of the text
	//	NN.bytes    distinct texts, ascending; none of the three when they are long
	colRows = "rows."
)

// FormatVersion is the version of this layout; a release of another version must
// be imported again. 1: first. 2: concepts by property and value, properties sorted in
// their groups, rows of tables by column, alternate identifiers, designations by id.
// 3: the days from and to which a concept is valid.
const FormatVersion = 3

// The flags of a concept.
const (
	flagInactive = 1 << iota
	flagAbstract
	flagDefined
)

// meta is what is not a column.
type meta struct {
	Release     terminology.Release         `json:"release"`
	Format      int                         `json:"format"`
	Concepts    int                         `json:"concepts"`
	Active      int                         `json:"active"`
	Terms       int                         `json:"terms"`
	Documents   int                         `json:"documents"`
	Languages   []string                    `json:"languages"`
	Uses        []string                    `json:"uses"`
	Modules     []string                    `json:"modules"`
	Tags        []string                    `json:"tags"` // semantic tags; the first is ""
	Properties  []propertyType              `json:"properties"`
	Columns     []terminology.DisplayColumn `json:"columns"`
	Refsets     []Table                     `json:"refsets"`
	Schemes     []string                    `json:"schemes,omitempty"` // of alternate identifiers, ascending
	Identified  int                         `json:"identified"`        // designations that have an id
	HashSize    int                         `json:"hashSize"`
	CaseSens    bool                        `json:"caseSensitive"`
	FoldedCodes bool                        `json:"foldedCodes"`
	FoldedWide  bool                        `json:"foldedWide,omitempty"` // beyond ASCII, too; not in releases from before it was
	HasFrom     bool                        `json:"hasFrom"`              // some concept has a first day
	HasTo       bool                        `json:"hasTo"`                // some concept has a last day
}

// Table is a table of rows that a release keeps by its columns.
type Table struct {
	Name    string   `json:"name"` // reference set id, or a name such as "relationship"
	Columns []string `json:"columns"`
	Rows    int      `json:"rows"`
	Active  int      `json:"active"`  // rows that are active
	Members int      `json:"members"` // concepts of this release that active rows refer to

	// Of the rows that refer to concepts, for MemberRows.
	ConceptRows int   `json:"conceptRows,omitempty"` // how many are kept by column
	UUIDs       bool  `json:"uuids,omitempty"`       // all their ids are UUIDs
	Long        []int `json:"long,omitempty"`        // columns that are kept by row only, their texts being long
}

// propertyType is a property code with one kind of value. Outside tells that the
// code which is the value names no concept of this release.
type propertyType struct {
	Code    string                `json:"code"`
	Kind    terminology.ValueKind `json:"kind"`
	Outside bool                  `json:"outside,omitempty"`
}

// A property entry is type (16 bits), group (16) and value (32): an ordinal for a
// code of this release, else the number of an interned text.
func packProperty(typ, group uint16, value uint32) uint64 {
	return uint64(typ)<<48 | uint64(group)<<32 | uint64(value)
}

// A term's meta is language (8 bits), use (8), flags (8) and module (16).
const (
	termInactive   = 1
	termCaseShift  = 1
	maxLanguages   = 1 << 8
	maxColumns     = 32
	maxProperties  = 1 << 16
	maxModules     = 1 << 16
	termFlagShift  = 16
	termUseShift   = 8
	termModuleBits = 32
)

func packTerm(lang, use, flags uint8, module uint16) uint64 {
	return uint64(lang) | uint64(use)<<termUseShift | uint64(flags)<<termFlagShift | uint64(module)<<termModuleBits
}

// numbers views the bytes of a column as little-endian numbers without copying.
// Columns are allocated whole, so they are aligned.
func numbers[T ~uint16 | ~uint32 | ~uint64](b []byte) []T {
	if len(b) == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(T(0))))
}

// bytesOf is the inverse of numbers.
func bytesOf[T ~uint16 | ~uint32 | ~uint64](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(T(0))))
}

// text views bytes of a column as a string without copying. Columns are never
// written after they were read.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// folding is which letters of codes are the same in both cases.
type folding uint8

const (
	foldNone folding = iota
	foldASCII
	foldAll // by the simple case folding of Unicode
)

// folding returns that of the codes of a release.
func (m *meta) folding() folding {
	switch {
	case m.FoldedCodes && m.FoldedWide:
		return foldAll
	case m.FoldedCodes:
		return foldASCII
	}
	return foldNone
}

// hashCode is FNV-1a over a code, with letters folded. Of a code of ASCII it is the same
// for foldASCII and foldAll.
func hashCode(code string, fold folding) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(code); i++ {
		c := code[i]
		if c >= utf8.RuneSelf && fold == foldAll {
			return mixed(hashRunes(h, code[i:]))
		}
		if fold != foldNone && c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		h = (h ^ uint64(c)) * 1099511628211
	}
	return mixed(h)
}

// hashRunes goes on with a hash over the rest of a code, all letters folded.
func hashRunes(h uint64, code string) uint64 {
	var b [utf8.UTFMax]byte
	for _, r := range code {
		for _, c := range b[:utf8.EncodeRune(b[:], foldRune(r))] {
			h = (h ^ uint64(c)) * 1099511628211
		}
	}
	return h
}

func mixed(h uint64) uint64 {
	h ^= h >> 32
	return h * 0x9E3779B97F4A7C15 >> 20
}

// foldRune returns the one of the letters that are the same but for case which stands for
// all: that of ASCII in lower case, else the first in Unicode.
func foldRune(r rune) rune {
	first := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		first = min(first, other)
	}
	if first >= 'A' && first <= 'Z' {
		first |= 0x20
	}
	return first
}

// sameFolded reports whether two codes are equal but for the case of letters.
func sameFolded(a, b string, fold folding) bool {
	switch {
	case fold == foldAll:
		return strings.EqualFold(a, b)
	case fold == foldNone || len(a) != len(b):
		return a == b
	}
	for i := 0; i < len(a); i++ {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x >= 'A' && x <= 'Z' {
			x |= 0x20
		}
		if y >= 'A' && y <= 'Z' {
			y |= 0x20
		}
		if x != y {
			return false
		}
	}
	return true
}
