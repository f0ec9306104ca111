package rf2

import (
	"context"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Columns of every row but those of identifiers.
const (
	colID = iota
	colEffective
	colActive
	colModule
)

// concept says the rows of a concept file.
func (r *reading) concept(*File) rowFunc {
	return func(line int, row *rows) error {
		status := snomed.ID(row.value[4])
		if status != snomed.Defined && status != snomed.Primitive {
			r.spoiled.add(row.value[colID])
			return row.choice(line, 4, snomed.Primitive, snomed.Defined)
		}
		if err := r.to.Concept(terminology.Concept{
			Code:      row.field[colID],
			Inactive:  row.value[colActive] == 0,
			Defined:   status == snomed.Defined,
			Effective: terminology.Date(row.value[colEffective]),
			Module:    row.field[colModule],
		}); err != nil {
			return err
		}
		r.concepts.add(row.value[colID])
		return nil
	}
}

// description says the rows of a description or text definition file.
func (r *reading) description(*File) rowFunc {
	const conceptID, language, use, term, caseSig = 4, 5, 6, 7, 8
	return func(line int, row *rows) error {
		d := terminology.Designation{
			Concept:   row.field[conceptID],
			ID:        row.value[colID],
			Language:  row.field[language],
			Use:       row.field[use],
			Term:      row.field[term],
			Inactive:  row.value[colActive] == 0,
			Effective: terminology.Date(row.value[colEffective]),
			Module:    row.field[colModule],
		}
		switch snomed.ID(row.value[caseSig]) {
		case snomed.CaseInsensitive:
		case snomed.CaseSensitive:
			d.CaseSig = terminology.CaseSensitive
		case snomed.InitialCaseInsensitive:
			d.CaseSig = terminology.InitialCaseInsensitive
		default:
			return row.choice(line, caseSig, snomed.CaseInsensitive, snomed.CaseSensitive, snomed.InitialCaseInsensitive)
		}
		if !r.concepts.has(row.value[conceptID]) {
			r.note(row, line, conceptID)
			return nil
		}
		if err := r.to.Designation(d); err != nil {
			return err
		}
		r.descriptions.add(row.value[colID])
		return nil
	}
}

// Columns of a relationship.
const (
	colSource         = 4
	colDestination    = 5 // in a concrete value: the value
	colGroup          = 6
	colType           = 7
	colCharacteristic = 8
)

// Tables of relationships and identifiers, kept by their columns.
const (
	tableRelationship = "relationship"
	tableStated       = "stated-relationship"
	tableConcrete     = "concrete-relationship"
	tableIdentifier   = "identifier"
)

// relationship says the rows of a relationship, stated relationship or concrete
// value file: every row to its table, and active ones as parents and properties.
func (r *reading) relationship(f *File) rowFunc {
	table := map[Kind]string{Relationship: tableRelationship, StatedRelationship: tableStated, ConcreteValue: tableConcrete}[f.Kind]
	declared := false
	return func(line int, row *rows) error {
		if !declared {
			if err := r.table(f, table, f.Columns[colDestination:]); err != nil {
				return err
			}
			declared = true
		}
		if err := r.to.Row(terminology.Row{
			Table:     table,
			Component: row.field[colSource],
			ID:        row.field[colID],
			Inactive:  row.value[colActive] == 0,
			Effective: terminology.Date(row.value[colEffective]),
			Module:    row.field[colModule],
			Fields:    row.field[colDestination:],
		}); err != nil || row.value[colActive] == 0 {
			return err
		}
		switch kind := snomed.ID(row.value[colCharacteristic]); {
		case kind == snomed.Stated:
			r.stated++
			return nil
		case kind == snomed.Inferred && f.Kind != StatedRelationship:
			r.inferred++
			return r.attribute(f, line, row)
		case kind == snomed.Additional && f.Kind != StatedRelationship && row.value[colType] != uint64(snomed.IsA):
			return r.attribute(f, line, row)
		}
		return nil
	}
}

// attribute says one active relationship as a parent or property.
func (r *reading) attribute(f *File, line int, row *rows) error {
	ends := []int{colSource, colDestination, colType}
	if f.Kind == ConcreteValue {
		ends = []int{colSource, colType}
	}
	for _, column := range ends {
		if !r.concepts.has(row.value[column]) {
			r.note(row, line, column)
			return nil
		}
	}
	p := terminology.Property{
		Concept: row.field[colSource],
		Code:    row.field[colType],
		Group:   uint16(row.value[colGroup]),
		Value:   row.field[colDestination],
	}
	if f.Kind == ConcreteValue {
		ok := false
		if p.Kind, p.Value, ok = concreteValue(p.Value); !ok {
			return row.fault(line, f.Columns[colDestination],
				fmt.Errorf("found %q, want #NUMBER, \"TEXT\", true or false", clip(p.Value)))
		}
		return r.to.Property(p)
	}
	if row.value[colType] == uint64(snomed.IsA) {
		return r.to.Parent(p.Concept, p.Value)
	}
	return r.to.Property(p)
}

// concreteValue reads the value column of a concrete relationship: #10, #2.5,
// "text", true or false. A number keeps its digits as written.
func concreteValue(s string) (terminology.ValueKind, string, bool) {
	switch {
	case s == "true" || s == "false":
		return terminology.ValueBoolean, s, true
	case len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"':
		return terminology.ValueString, s[1 : len(s)-1], true
	case len(s) < 2 || s[0] != '#':
		return 0, s, false
	}
	number := strings.TrimLeft(s[1:], "+-")
	whole, fraction, decimal := strings.Cut(number, ".")
	if len(s)-1-len(number) > 1 || !allDigits(whole) || decimal && !allDigits(fraction) {
		return 0, s, false
	}
	if decimal {
		return terminology.ValueDecimal, s[1:], true
	}
	return terminology.ValueInteger, s[1:], true
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// statedHierarchy says the stated relationships as parents and properties, for a
// package that has no inferred ones at all.
func (r *reading) statedHierarchy(ctx context.Context) error {
	for _, kind := range []Kind{Relationship, StatedRelationship} {
		states, err := r.stateOf(ctx, r.files[kind])
		if err != nil {
			return err
		}
		for i, f := range r.files[kind] {
			say := func(line int, row *rows) error {
				if row.value[colActive] == 0 || snomed.ID(row.value[colCharacteristic]) != snomed.Stated {
					return nil
				}
				return r.attribute(f, line, row)
			}
			if err := r.again(ctx, f, states, i, say); err != nil {
				return err
			}
		}
	}
	return nil
}

// again reads a file a second time; what is wrong with its rows has been said.
func (r *reading) again(ctx context.Context, f *File, states *state, index int, say rowFunc) error {
	row := newRows(f, r.o.LenientIDs)
	return r.lines.each(ctx, f, func(int) {}, func(number int, line string) error {
		if row.parse(number, line, r.lines.valid) != nil ||
			!states.holds(f, index, number, row.field) {
			return nil
		}
		return r.asBad(f, number, say(number, row))
	})
}

// identifier says the rows of an identifier file to their table.
func (r *reading) identifier(f *File) rowFunc {
	scheme, alternate, component := f.column("identifierSchemeId"), f.column("alternateIdentifier"), f.column("referencedComponentId")
	active, effective, module := f.column("active"), f.column("effectiveTime"), f.column("moduleId")
	fields := make([]string, 1)
	declared := false
	return func(line int, row *rows) error {
		if !declared {
			if err := r.table(f, tableIdentifier, []string{"identifierSchemeId"}); err != nil {
				return err
			}
			declared = true
		}
		fields[0] = row.field[scheme]
		return r.to.Row(terminology.Row{
			Table:     tableIdentifier,
			Component: row.field[component],
			ID:        row.field[alternate],
			Inactive:  row.value[active] == 0,
			Effective: terminology.Date(row.value[effective]),
			Module:    row.field[module],
			Fields:    fields,
		})
	}
}

// choice says that a cell is none of the ids that it may be.
func (r *rows) choice(line, column int, want ...snomed.ID) error {
	words := make([]string, len(want))
	for i, id := range want {
		words[i] = id.String()
	}
	return r.fault(line, r.file.Columns[column], fmt.Errorf("found %q, want %s", strings.Clone(r.field[column]), strings.Join(words, " or ")))
}
