package basic

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The table of alternate identifiers: a row says that its component has its id as a
// code in the scheme that a column names.
const (
	tableIdentifier  = "identifier"
	columnIdentifier = "identifierSchemeId"
)

// alternates are the stored columns behind Alternate: the codes of meta.Schemes[i] are
// those from schemes[i] to schemes[i+1], in the order of their bytes.
type alternates struct {
	schemes  []uint32
	offsets  []uint32 // into bytes
	bytes    []byte
	concepts []terminology.Ordinal
}

func (a *alternates) code(i int) string { return text(a.bytes[a.offsets[i]:a.offsets[i+1]]) }

// Alternate returns the concept that an active row of the table "identifier" gives
// another code in a scheme; scheme is the code of the concept that names the scheme.
// Of several concepts with one code it is an active one before an inactive one.
func (p *Provider) Alternate(scheme, code string) (terminology.Ordinal, bool) {
	s, ok := slices.BinarySearch(p.meta.Schemes, scheme)
	if !ok {
		return terminology.NoOrdinal, false
	}
	from, to := int(p.alternates.schemes[s]), int(p.alternates.schemes[s+1])
	for from < to {
		mid := int(uint(from+to) >> 1)
		switch c := strings.Compare(p.alternates.code(mid), code); {
		case c == 0:
			return p.alternates.concepts[mid], true
		case c < 0:
			from = mid + 1
		default:
			to = mid
		}
	}
	return terminology.NoOrdinal, false
}

// Schemes lists the schemes that have alternate identifiers, in order.
func (p *Provider) Schemes() []string { return p.meta.Schemes }

// alternate is one active row of the table.
type alternate struct {
	scheme, code string
	concept      uint32
}

// alternates returns the active rows of the table of alternate identifiers that refer
// to concepts.
func (t *rowTable) alternates(tab Table, refs []rowRef, rows []conceptRow) []alternate {
	column := slices.Index(tab.Columns, columnIdentifier)
	if column < 0 {
		return nil
	}
	var all []alternate
	for _, c := range rows {
		row := t.read(refs[c.row()])
		if row.flags&rowInactive != 0 {
			continue
		}
		fields := row.fields
		for range column {
			fields = fields[fieldLen(fields):]
		}
		scheme, _ := appendText(nil, fields)
		all = append(all, alternate{scheme: string(scheme), code: row.idText(), concept: c.concept()})
	}
	return all
}

// putAlternates writes the alternate identifiers by scheme and code.
func (im *Image) putAlternates(all []alternate) {
	inactive := func(a alternate) int { return int(im.flags[a.concept] & flagInactive) }
	slices.SortFunc(all, func(x, y alternate) int {
		return cmp.Or(cmp.Compare(x.scheme, y.scheme), cmp.Compare(x.code, y.code), inactive(x)-inactive(y), cmp.Compare(x.concept, y.concept))
	})
	all = slices.CompactFunc(all, func(x, y alternate) bool { return x.scheme == y.scheme && x.code == y.code })
	s := alternates{offsets: make([]uint32, 1, len(all)+1)}
	for i, a := range all {
		if i == 0 || a.scheme != all[i-1].scheme {
			im.meta.Schemes = append(im.meta.Schemes, a.scheme)
			s.schemes = append(s.schemes, uint32(i))
		}
		s.bytes = append(s.bytes, a.code...)
		s.offsets = append(s.offsets, uint32(len(s.bytes)))
		s.concepts = append(s.concepts, a.concept)
	}
	s.schemes = append(s.schemes, uint32(len(all)))
	im.columns[colAlternateSchemes], im.columns[colAlternateOffsets] = bytesOf(s.schemes), bytesOf(s.offsets)
	im.columns[colAlternateBytes], im.columns[colAlternateConcepts] = s.bytes, bytesOf(s.concepts)
}

// readAlternates reads the columns of alternate identifiers.
func (p *Provider) readAlternates(r *reader) {
	p.alternates.schemes = column[uint32](r, colAlternateSchemes, len(p.meta.Schemes)+1)
	p.alternates.concepts = column[uint32](r, colAlternateConcepts, -1)
	p.alternates.offsets = column[uint32](r, colAlternateOffsets, len(p.alternates.concepts)+1)
	p.alternates.bytes = r.bytes(colAlternateBytes)
}

func (p *Provider) validateAlternates() error {
	a := &p.alternates
	return cmp.Or(
		ascend(colAlternateSchemes, a.schemes, len(a.concepts)),
		ascend(colAlternateOffsets, a.offsets, len(a.bytes)),
		below(colAlternateConcepts, a.concepts, p.meta.Concepts),
	)
}

// checkAlternates looks up every alternate identifier.
func (p *Provider) checkAlternates() error {
	for s, scheme := range p.meta.Schemes {
		for i := p.alternates.schemes[s]; i < p.alternates.schemes[s+1]; i++ {
			code := p.alternates.code(int(i))
			if o, ok := p.Alternate(scheme, code); !ok || o != p.alternates.concepts[i] {
				return fmt.Errorf("alternate identifier %q of %s is not found", code, scheme)
			}
		}
	}
	return nil
}

// checkIdentifiers looks up the alternate identifiers of the rows of a concept.
func (p *Provider) checkIdentifiers(tab Table, rows []terminology.Row) error {
	column := slices.Index(tab.Columns, columnIdentifier)
	for _, row := range rows {
		if row.Inactive || column < 0 {
			continue
		}
		if _, ok := p.Alternate(row.Fields[column], row.ID); !ok {
			return fmt.Errorf("alternate identifier %q of %s is not found", row.ID, row.Fields[column])
		}
	}
	return nil
}
