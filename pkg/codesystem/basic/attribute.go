package basic

import "github.com/kodeks/kodeks/pkg/terminology"

// Attribute is one property value or attribute of a concept, packed: its type, its
// group, and its value.
type Attribute uint64

// Type returns the number of the attribute's type in AttributeTypes.
func (a Attribute) Type() int { return int(a >> 48) }

// Group returns the number of the group; 0 is no group.
func (a Attribute) Group() uint16 { return uint16(a >> 32) }

// Value returns the ordinal of the concept that is the value, or the number of an
// interned text (ValueText), as the type says.
func (a Attribute) Value() uint32 { return uint32(a) }

// AttributeType is a code of attributes with one kind of value.
type AttributeType struct {
	Code    string
	Concept terminology.Ordinal // that Code names; NoOrdinal when it names none here
	Kind    terminology.ValueKind
	Text    bool // values are interned texts, not ordinals
}

// Postings are the concepts by one type of attribute and its value: the sources of
// Values[i] are Sources[Offsets[i]:Offsets[i+1]]. Values ascend, and so do the sources
// of each value, in which a concept stands once. All is shared and must not be changed.
type Postings struct {
	Values  []uint32
	Offsets []uint32
	Sources []uint32
}

// Attributes returns the properties and attributes of a concept, sorted by group, type
// and value. It does not allocate; the slice is shared.
func (p *Provider) Attributes(o terminology.Ordinal) []Attribute {
	return p.propEntries[p.propOffsets[o]:p.propOffsets[o+1]]
}

// AttributeTypes lists the types of attributes by their number. One code has several
// types when its values are of several kinds.
func (p *Provider) AttributeTypes() []AttributeType { return p.attributeTypes }

// ValueText returns an interned text, the value of an attribute whose type has Text.
func (p *Provider) ValueText(v uint32) string {
	return text(p.valueBytes[p.valueOffsets[v]:p.valueOffsets[v+1]])
}

// Postings returns the concepts by the values that attributes of a type have in any
// group. It does not allocate; the slices are shared.
func (p *Provider) Postings(typ int) Postings {
	from, to := p.postings.types[typ], p.postings.types[typ+1]
	if from == to {
		return Postings{}
	}
	return Postings{Values: p.postings.values[from:to], Offsets: p.postings.offsets[from : to+1], Sources: p.postings.sources}
}

// deriveTypes makes the list of types of attributes.
func (p *Provider) deriveTypes() {
	for _, t := range p.meta.Properties {
		o, ok := p.find(t.Code)
		if !ok {
			o = terminology.NoOrdinal
		}
		p.attributeTypes = append(p.attributeTypes, AttributeType{Code: t.Code, Concept: o, Kind: t.Kind, Text: t.Kind != terminology.ValueCode || t.Outside})
	}
}

// HasProperty reports whether a concept has a property of a code.
func (p *Provider) HasProperty(code string) bool {
	for i := range p.attributeTypes {
		if p.attributeTypes[i].Code == code {
			return true
		}
	}
	return false
}
