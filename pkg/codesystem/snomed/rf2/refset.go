package rf2

import (
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Columns of a member of a reference set.
const (
	colRefset    = 4
	colComponent = 5
)

// member says the rows of a reference set file: every row to the table of its
// reference set, active ones also as what they mean. A member of a component that
// the release does not have is kept as a row, and means nothing.
func (r *reading) member(f *File) rowFunc {
	columns := f.Columns[firstColumns:]
	declared := map[uint64]*mapRows{} // nil: no map
	at := mapColumnsOf(f)
	return func(line int, row *rows) error {
		set, known := declared[row.value[colRefset]]
		if !known {
			if err := r.table(f, row.field[colRefset], columns); err != nil {
				return err
			}
			set = r.mapOf(f, snomed.ID(row.value[colRefset]))
			declared[row.value[colRefset]] = set
		}
		if err := r.to.Row(terminology.Row{
			Table:     row.field[colRefset],
			Component: row.field[colComponent],
			ID:        row.field[colID],
			Inactive:  row.value[colActive] == 0,
			Effective: terminology.Date(row.value[colEffective]),
			Module:    row.field[colModule],
			Fields:    row.field[firstColumns:],
		}); err != nil || row.value[colActive] == 0 {
			return err
		}
		switch {
		case f.Kind == Language:
			return r.acceptable(line, row)
		case set != nil && r.concepts.has(row.value[colComponent]):
			set.add(line, row, &at)
		}
		return nil
	}
}

// acceptable says an active row of a language reference set.
func (r *reading) acceptable(line int, row *rows) error {
	const acceptability = firstColumns
	value := snomed.ID(row.value[acceptability])
	if value != snomed.Preferred && value != snomed.Acceptable {
		return row.choice(line, acceptability, snomed.Preferred, snomed.Acceptable)
	}
	if !r.descriptions.has(row.value[colComponent]) {
		return nil
	}
	return r.to.Acceptable(terminology.Acceptability{
		Designation: row.value[colComponent],
		Refset:      row.field[colRefset],
		Preferred:   value == snomed.Preferred,
	})
}
