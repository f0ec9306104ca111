package basic

import (
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Builder takes what a source says of one release and computes its columns. It
// implements the part of terminology.Sink that is about concepts; importer adds
// maps, bad rows and progress. Errors of its methods are of kind Invalid and about
// the record that was passed; the Builder is then as if it had not been passed.
type Builder struct {
	codes    map[string]uint32
	concepts []concept
	names    []string

	terms       termTable
	termByID    map[uint64]uint32
	acceptances []acceptance
	refsets     interner // language reference sets

	parentFrom, parentTo []uint32
	properties           []property
	types                []propertyType
	typeByKey            map[propertyType]uint16
	values               interner

	languages, uses, modules interner
	rows                     rowTable
}

type concept struct {
	effective terminology.Date
	from, to  terminology.Date
	module    uint16
	flags     uint8
}

type acceptance struct {
	term      uint32
	refset    uint16
	preferred bool
}

type property struct {
	concept uint32
	typ     uint16
	group   uint16
	value   uint32 // concept, or interned value
}

// termTable is the designations in the order in which they came.
type termTable struct {
	concept   []uint32
	offset    []uint32
	arena     []byte
	id        []uint64
	effective []uint32
	meta      []uint64
	preferred []bool
}

// interner numbers texts.
type interner struct {
	byText map[string]uint32
	texts  []string
}

// number returns the number of s. It copies s the first time.
func (in *interner) number(s string) uint32 {
	if n, ok := in.byText[s]; ok {
		return n
	}
	if in.byText == nil {
		in.byText = map[string]uint32{}
	}
	s = strings.Clone(s)
	n := uint32(len(in.texts))
	in.byText[s] = n
	in.texts = append(in.texts, s)
	return n
}

// NewBuilder returns an empty Builder.
func NewBuilder() *Builder {
	return &Builder{
		codes:     map[string]uint32{},
		termByID:  map[uint64]uint32{},
		typeByKey: map[propertyType]uint16{},
	}
}

// Len returns the number of concepts so far.
func (b *Builder) Len() int { return len(b.concepts) }

func invalid(op, format string, args ...any) error {
	return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf(format, args...)}
}

// Concept adds a concept. A code may be given once.
func (b *Builder) Concept(c terminology.Concept) error {
	const op = "basic.Concept"
	if c.Code == "" || c.Code != strings.TrimSpace(c.Code) {
		return invalid(op, "found code %q, want one without space around it", c.Code)
	}
	if _, ok := b.codes[c.Code]; ok {
		return invalid(op, "code %s is given twice", c.Code)
	}
	module, err := b.module(op, c.Module)
	if err != nil {
		return err
	}
	code := strings.Clone(c.Code)
	b.codes[code] = uint32(len(b.concepts))
	b.names = append(b.names, code)
	flags := uint8(0)
	if c.Inactive {
		flags |= flagInactive
	}
	if c.Abstract {
		flags |= flagAbstract
	}
	if c.Defined {
		flags |= flagDefined
	}
	b.concepts = append(b.concepts, concept{c.Effective, c.From, c.To, module, flags})
	return nil
}

// module returns the number of a module.
func (b *Builder) module(op, id string) (uint16, error) {
	n := b.modules.number(id)
	if n >= maxModules {
		return 0, &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: fmt.Errorf("more than %d modules", maxModules)}
	}
	return uint16(n), nil
}

func (b *Builder) find(op, code string) (uint32, error) {
	n, ok := b.codes[code]
	if !ok {
		return 0, invalid(op, "concept %s is not in this release", code)
	}
	return n, nil
}

// Has reports whether a concept has been added.
func (b *Builder) Has(code string) bool {
	_, ok := b.codes[code]
	return ok
}

// Designation adds a term to a concept.
func (b *Builder) Designation(d terminology.Designation) error {
	const op = "basic.Designation"
	n, err := b.find(op, d.Concept)
	if err != nil {
		return err
	}
	if d.Term == "" {
		return invalid(op, "the term of %s is empty", d.Concept)
	}
	if d.ID != 0 {
		if _, ok := b.termByID[d.ID]; ok {
			return invalid(op, "description %d is given twice", d.ID)
		}
	}
	t := &b.terms
	if uint64(len(t.arena))+uint64(len(d.Term)) >= 1<<32 {
		return &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: fmt.Errorf("the terms of one release are more than 4 GiB")}
	}
	lang, use := b.languages.number(d.Language), b.uses.number(d.Use)
	if lang >= maxLanguages || use >= maxLanguages {
		return &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: fmt.Errorf("more than %d languages or uses of terms", maxLanguages)}
	}
	module, err := b.module(op, d.Module)
	if err != nil {
		return err
	}
	flags := uint8(d.CaseSig) << termCaseShift
	if d.Inactive {
		flags |= termInactive
	}
	if d.ID != 0 {
		b.termByID[d.ID] = uint32(len(t.concept))
	}
	t.concept = append(t.concept, n)
	t.offset = append(t.offset, uint32(len(t.arena)))
	t.arena = append(t.arena, d.Term...)
	t.id = append(t.id, d.ID)
	t.effective = append(t.effective, uint32(d.Effective))
	t.meta = append(t.meta, packTerm(uint8(lang), uint8(use), flags, module))
	t.preferred = append(t.preferred, d.Preferred)
	return nil
}

// Acceptable says in which language reference set a designation is preferred or
// acceptable. A designation that is not in this release is passed over: language
// reference sets of derivatives name descriptions of others, and their rows are
// kept as rows.
func (b *Builder) Acceptable(a terminology.Acceptability) error {
	if a.Refset == "" {
		return invalid("basic.Acceptable", "description %d is in a language reference set without an id", a.Designation)
	}
	term, ok := b.termByID[a.Designation]
	if !ok {
		return nil
	}
	b.acceptances = append(b.acceptances, acceptance{term, uint16(b.refsets.number(a.Refset)), a.Preferred})
	return nil
}

// Parent says that parent is a direct broader concept of child.
func (b *Builder) Parent(child, parent string) error {
	const op = "basic.Parent"
	c, err := b.find(op, child)
	if err != nil {
		return err
	}
	p, err := b.find(op, parent)
	if err != nil {
		return err
	}
	if c == p {
		return invalid(op, "%s is its own parent", child)
	}
	b.parentFrom, b.parentTo = append(b.parentFrom, c), append(b.parentTo, p)
	return nil
}

// Property adds a property value or attribute to a concept. A ValueCode that names
// no concept of this release is kept as a code of its own.
func (b *Builder) Property(p terminology.Property) error {
	const op = "basic.Property"
	n, err := b.find(op, p.Concept)
	if err != nil {
		return err
	}
	key := propertyType{Code: p.Code, Kind: p.Kind}
	value := uint32(0)
	if p.Kind == terminology.ValueCode {
		target, ok := b.codes[p.Value]
		if ok {
			value = target
		} else {
			key.Outside = true
		}
	}
	if p.Kind != terminology.ValueCode || key.Outside {
		value = b.values.number(p.Value)
	}
	typ, ok := b.typeByKey[key]
	if !ok {
		if len(b.types) >= maxProperties {
			return &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: fmt.Errorf("more than %d properties", maxProperties)}
		}
		key.Code = strings.Clone(key.Code)
		typ = uint16(len(b.types))
		b.types = append(b.types, key)
		b.typeByKey[key] = typ
	}
	b.properties = append(b.properties, property{n, typ, p.Group, value})
	return nil
}

// Table declares the columns of a table of rows.
func (b *Builder) Table(name string, columns []string) error { return b.rows.declare(name, columns) }

// Row keeps one row of a declared table.
func (b *Builder) Row(r terminology.Row) error {
	concept, known := b.codes[r.Component]
	if !known {
		concept = terminology.NoOrdinal
	}
	module, err := b.module("basic.Row", r.Module)
	if err != nil {
		return err
	}
	return b.rows.add(r, concept, module)
}
