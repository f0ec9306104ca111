package rf2

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// mapRows is the active rows of one map, kept until all files are read: only then
// is it known which rows of a source hold, and in which order.
type mapRows struct {
	kind Kind
	id   snomed.ID
	rows []mapRow
	text []byte         // of all rows, one after the other
	seen map[string]int // where advices and rules that repeat are in text
}

// mapRow is one row of a map. Texts are runs of mapRows.text.
type mapRow struct {
	source, module, category, correlation snomed.ID
	group, priority                       uint16
	target, rule, advice                  run
	file                                  *File
	line                                  int
}

type run struct{ at, len uint32 }

// mapOf returns the rows of the map that a reference set is, or nil when files of
// that kind are no maps.
func (r *reading) mapOf(kind Kind, refset snomed.ID) *mapRows {
	if kind != Association && (kind < SimpleMap || kind > ComplexMap) {
		return nil
	}
	name := refset.String()
	if r.maps[name] == nil {
		r.maps[name] = &mapRows{kind: kind, id: refset, seen: map[string]int{}}
	}
	return r.maps[name]
}

// add keeps one active row.
func (m *mapRows) add(line int, row *rows) {
	kind := row.file.Kind
	r := mapRow{source: snomed.ID(row.value[colComponent]), module: snomed.ID(row.value[colModule]), file: row.file, line: line}
	extra := row.field[firstColumns:]
	if kind != ExtendedMap && kind != ComplexMap { // only a target
		r.target = m.keep(extra[0])
	} else {
		const group, priority, rule, advice, target, correlation, category = 0, 1, 2, 3, 4, 5, 6
		values := row.value[firstColumns:]
		r.group, r.priority = uint16(values[group]), uint16(values[priority])
		r.rule, r.advice, r.target = m.keep(extra[rule]), m.keep(extra[advice]), m.keep(extra[target])
		r.correlation = snomed.ID(values[correlation])
		if kind == ExtendedMap {
			r.category = snomed.ID(values[category])
		}
	}
	m.rows = append(m.rows, r)
}

// keep returns the run of a text, which is written once however often it comes.
func (m *mapRows) keep(s string) run {
	if s == "" {
		return run{}
	}
	at, ok := m.seen[s]
	if !ok {
		at = len(m.text)
		m.text = append(m.text, s...)
		m.seen[string(m.text[at:])] = at
	}
	return run{uint32(at), uint32(len(s))}
}

// sayMaps says the maps, in the order of their ids.
func (r *reading) sayMaps(ctx context.Context) error {
	list := slices.SortedFunc(maps.Values(r.maps), func(a, b *mapRows) int { return cmp.Compare(a.id, b.id) })
	for _, m := range list {
		if ctx.Err() != nil {
			return &terminology.Error{Op: "rf2.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if err := r.sayMap(m); err != nil {
			return err
		}
		m.rows, m.text, m.seen = nil, nil, nil
	}
	return nil
}

// sayMap says the rows of one map that hold, ordered by source, group, priority
// and, where those are equal, target.
func (r *reading) sayMap(m *mapRows) error {
	m.seen = nil
	text := string(m.text)
	of := func(t run) string { return text[t.at : t.at+t.len] }
	slices.SortFunc(m.rows, func(a, b mapRow) int {
		return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.group, b.group), cmp.Compare(a.priority, b.priority),
			cmp.Compare(of(a.target), of(b.target)), cmp.Compare(of(a.rule), of(b.rule)), cmp.Compare(a.module, b.module))
	})
	if m.kind != Association {
		m.rows = holding(m.rows, r.deps)
	}
	info := snomed.MapOf(m.id, r.edition.Module)
	if info.Target == "" && m.kind == Association {
		info.Target = snomed.System
	}
	info.Rows = len(m.rows)
	for i := range m.rows {
		if i == 0 || m.rows[i].source != m.rows[i-1].source {
			info.Sources++
		}
	}
	if err := r.to.Map(info); err != nil {
		return err
	}
	r.mapInfos = append(r.mapInfos, info)
	for i := range m.rows {
		row := &m.rows[i]
		mapping := terminology.Mapping{
			Map:          info.ID,
			Source:       row.source.String(),
			Target:       of(row.target),
			Group:        row.group,
			Priority:     row.priority,
			Relationship: snomed.CorrelationRelationship(row.correlation),
			Rule:         of(row.rule),
			Advice:       of(row.advice),
			Module:       row.module.String(),
		}
		if m.kind == Association {
			mapping.Relationship = snomed.AssociationRelationship(m.id)
		}
		if row.correlation != 0 {
			mapping.Correlation = row.correlation.String()
		}
		if row.category != 0 {
			mapping.Category = row.category.String()
		}
		if err := r.asBad(row.file, row.line, r.to.Mapping(mapping)); err != nil {
			return err
		}
	}
	return nil
}

// holding returns the rows, sorted by source, that no other module overrides: the
// rows of an extension stand for those of the release below it, all rows of a
// source together.
func holding(rows []mapRow, deps dependencies) []mapRow {
	modules := map[snomed.ID]bool{}
	for i := range rows {
		modules[rows[i].module] = true
	}
	type pair struct{ over, under snomed.ID }
	overrides := map[pair]bool{}
	for a := range modules {
		for b := range modules {
			overrides[pair{a, b}] = deps.overrides(a, b)
		}
	}
	if len(modules) < 2 {
		return rows
	}
	kept := rows[:0]
	for start, end := 0, 0; start < len(rows); start = end {
		for end = start; end < len(rows) && rows[end].source == rows[start].source; {
			end++
		}
		group := slices.Clone(rows[start:end])
		for _, row := range group {
			if !slices.ContainsFunc(group, func(other mapRow) bool { return overrides[pair{other.module, row.module}] }) {
				kept = append(kept, row)
			}
		}
	}
	return kept
}
