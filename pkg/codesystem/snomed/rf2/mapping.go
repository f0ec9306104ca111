package rf2

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// mapRows is the active rows of one map, kept until all files are read: only then is
// their order known, and which modules have rows for a source.
type mapRows struct {
	kind Kind
	id   snomed.ID
	from bool // its rows lead to the component, from a code of another system
	rows []mapRow
	text []byte         // of all rows, one after the other
	seen map[string]int // where advices and rules that repeat are in text
}

// mapRow is one row of a map. Texts are runs of mapRows.text.
type mapRow struct {
	source, module, category, correlation snomed.ID
	id                                    identity
	group, priority                       uint16
	code, rule, advice, display           run // code is the one of the other system
	file                                  *File
	line                                  uint32
}

type run struct{ at, len uint32 }

// mapColumns are the places of the columns of a file that is a map; -1 for those that it
// has not.
type mapColumns struct {
	code, group, priority, rule, advice, display, correlation, category int
	from                                                                bool
}

func mapColumnsOf(f *File) mapColumns {
	c := mapColumns{code: firstColumns, group: f.column("mapGroup"), priority: f.column("mapPriority"), rule: f.column("mapRule"), advice: f.column("mapAdvice"),
		display: f.column("mapTargetDescription"), correlation: f.column("correlationId"), category: f.column("mapCategoryId")}
	if target := f.column("mapTarget"); target >= 0 {
		c.code = target
	} else if source := f.column("mapSource"); source >= 0 {
		c.code, c.from = source, true
	}
	return c
}

// mapOf returns the rows of the map that a reference set is, or nil when files of
// that kind are no maps.
func (r *reading) mapOf(f *File, refset snomed.ID) *mapRows {
	if !f.Kind.isMap() {
		return nil
	}
	name := refset.String()
	if r.maps[name] == nil {
		r.maps[name] = &mapRows{kind: f.Kind, id: refset, from: mapColumnsOf(f).from, seen: map[string]int{}}
	}
	return r.maps[name]
}

// add keeps one active row.
func (m *mapRows) add(line int, row *rows, at *mapColumns) {
	r := mapRow{source: snomed.ID(row.value[colComponent]), module: snomed.ID(row.value[colModule]), file: row.file, line: uint32(line)}
	r.id, _ = identify(row.file, row.field)
	text := func(column int) run {
		if column < 0 {
			return run{}
		}
		return m.keep(row.field[column])
	}
	number := func(column int) uint64 {
		if column < 0 {
			return 0
		}
		return row.value[column]
	}
	r.code, r.rule, r.advice, r.display = text(at.code), text(at.rule), text(at.advice), text(at.display)
	r.group, r.priority = uint16(number(at.group)), uint16(number(at.priority))
	r.correlation, r.category = snomed.ID(number(at.correlation)), snomed.ID(number(at.category))
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

// sayMap says the rows of one map, ordered by source, group, priority and, where those
// are equal, target.
func (r *reading) sayMap(m *mapRows) error {
	m.seen = nil
	text := string(m.text)
	of := func(t run) string { return text[t.at : t.at+t.len] }
	slices.SortFunc(m.rows, func(a, b mapRow) int {
		first, second := cmp.Compare(a.source, b.source), cmp.Compare(of(a.code), of(b.code))
		if m.from {
			first, second = second, first
		}
		return cmp.Or(first, cmp.Compare(a.group, b.group), cmp.Compare(a.priority, b.priority), second, cmp.Compare(of(a.rule), of(b.rule)), cmp.Compare(a.module, b.module))
	})
	info := m.info(r.edition.Module)
	layers := m.layers(r.deps)
	sources := map[string]bool{}
	list := make([]terminology.Mapping, len(m.rows))
	for i := range m.rows {
		row := &m.rows[i]
		source, target := row.source.String(), of(row.code)
		if m.from {
			source, target = target, source
		}
		sources[source] = true
		mapping := terminology.Mapping{
			Map:          info.ID,
			Source:       source,
			Target:       target,
			Group:        row.group,
			Priority:     row.priority,
			Relationship: m.relationship(row),
			Rule:         of(row.rule),
			Advice:       of(row.advice),
			Module:       row.module.String(),
			Layer:        layers[row.module],
			Display:      of(row.display),
			File:         row.file.Path,
			Line:         row.line,
			ID:           row.id.uuid(),
		}
		if row.correlation != 0 {
			mapping.Correlation = row.correlation.String()
		}
		if row.category != 0 {
			mapping.Category = row.category.String()
		}
		list[i] = mapping
	}
	info.Rows, info.Sources = len(list), len(sources)
	if err := r.to.Map(info); err != nil {
		return err
	}
	r.mapInfos = append(r.mapInfos, info)
	for i := range list {
		if err := r.asBad(m.rows[i].file, int(m.rows[i].line), r.to.Mapping(list[i])); err != nil {
			return err
		}
	}
	return nil
}
