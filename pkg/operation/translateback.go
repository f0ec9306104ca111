package operation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// back returns the rows that lead to a target code, each judged as when its source is
// translated: a row that comes after others of its group applies when none of them does.
func (t *translation) back(m usedMap, rows []terminology.Mapping) ([]judged, error) {
	if len(rows) > 0 {
		t.look(m)
	}
	if err := t.spend(workRow * int64(len(rows))); err != nil {
		return nil, err
	}
	out := make([]judged, len(rows))
	var all []judged // of one source
	for i, row := range rows {
		if row.Priority == 1 && !m.Together { // none comes before it
			out[i] = judged{row, conceptmap.Evaluate(rows[i:i+1], &t.given)[0]}
			continue
		}
		if len(all) == 0 || all[0].row.Source != row.Source {
			var err error
			if all, err = t.forward(m, row.Source); err != nil {
				return nil, err
			}
		}
		n := slices.IndexFunc(all, func(j judged) bool { return sameRow(&j.row, &row) })
		if n < 0 {
			return nil, &terminology.Error{Op: "operation.Translate", Kind: terminology.Corrupt, Err: fmt.Errorf("map %s leads from %s to %s in reverse only", m.ID, row.Source, row.Target)}
		}
		out[i] = all[n]
	}
	return out, nil
}

// sameRow reports whether rows of one source and map are one.
func sameRow(a, b *terminology.Mapping) bool {
	return a.Group == b.Group && a.Priority == b.Priority && a.Layer == b.Layer && a.Target == b.Target && a.Rule == b.Rule && a.ID == b.ID && a.Line == b.Line
}

// meant returns those of the rows that lead to a code of a code system, which may be nil:
// maps that are read in reverse do not tell codes apart by case and dots, which the code
// system may.
func meant(cs terminology.CodeSystem, code string, rows []terminology.Mapping) []terminology.Mapping {
	if cs == nil || !slices.ContainsFunc(rows, func(row terminology.Mapping) bool { return row.Target != code }) { // nearly all
		return rows
	}
	o, ok := cs.Find(code)
	if !ok {
		return rows
	}
	return slices.DeleteFunc(rows, func(row terminology.Mapping) bool {
		other, known := cs.Find(row.Target)
		return known && other != o
	})
}

// codes returns the code system of the source, nil when it is not installed.
func (t *translation) codes() terminology.CodeSystem {
	if t.source == nil {
		return nil
	}
	return t.source.CodeSystem
}

// below returns the rows that lead to codes that begin with the source and are more special,
// as far as its code system tells; those that lead to the source itself are given.
func (t *translation) below(m usedMap, exact []terminology.Mapping) ([]terminology.Mapping, error) {
	code, cs := t.resp.Source.Code, t.codes()
	if cs == nil && isNumber(code) {
		return nil, nil
	}
	begin, err := m.release.Maps.ReversePrefix(m.ID, code, maxReverse)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(begin, func(row terminology.Mapping) bool {
		if cs != nil && !t.unknown {
			if o, ok := cs.Find(row.Target); ok && (o == t.ordinal || !cs.Subsumes(t.ordinal, o)) {
				return true
			}
		}
		return slices.ContainsFunc(exact, func(e terminology.Mapping) bool { return e.Source == row.Source && e.Target == row.Target })
	}), nil
}

// isNumber reports whether a code is a number, of which the beginning means nothing unless
// its code system says so.
func isNumber(code string) bool { return strings.Trim(code, "0123456789") == "" }
