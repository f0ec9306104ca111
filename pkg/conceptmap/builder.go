package conceptmap

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Builder collects the maps of one release. The zero Builder is empty.
type Builder struct {
	infos  []terminology.MapInfo
	byID   map[string]int
	rows   []row
	intern map[string]string
}

type row struct {
	mapping terminology.Mapping
	fold    string // folded target
}

// Map declares a map, before its first mapping. Its counts are not looked at: Infos
// counts.
func (b *Builder) Map(info terminology.MapInfo) error {
	if b.byID == nil {
		b.byID, b.intern = map[string]int{}, map[string]string{}
	}
	if _, ok := b.byID[info.ID]; ok {
		return &terminology.Error{Op: "conceptmap.Map", Kind: terminology.Invalid, Err: fmt.Errorf("map %s is declared twice", info.ID)}
	}
	if strings.IndexByte(info.ID, 0) >= 0 {
		return &terminology.Error{Op: "conceptmap.Map", Kind: terminology.Invalid, Err: fmt.Errorf("map id %q has a zero byte", info.ID)}
	}
	info.Rows, info.Sources = 0, 0
	for _, s := range []*string{&info.ID, &info.URL, &info.Title, &info.Source, &info.Target} {
		*s = strings.Clone(*s)
	}
	b.byID[info.ID] = len(b.infos)
	b.infos = append(b.infos, info)
	return nil
}

// Mapping adds one row. Its strings are copied; those that come often (rules,
// categories) are kept once.
func (b *Builder) Mapping(m terminology.Mapping) error {
	const op = "conceptmap.Mapping"
	n, ok := b.byID[m.Map]
	if !ok {
		return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("map %s has not been declared", m.Map)}
	}
	if m.Source == "" {
		return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("a row of map %s has no source code", m.Map)}
	}
	m.Map = b.infos[n].ID
	for _, field := range []*string{&m.Source, &m.Target, &m.Rule, &m.Advice, &m.Category, &m.Correlation, &m.Module} {
		*field = b.keep(*field)
	}
	b.rows = append(b.rows, row{m, b.keep(foldCode(m.Target))})
	return nil
}

func (b *Builder) keep(s string) string {
	if kept, ok := b.intern[s]; ok {
		return kept
	}
	s = strings.Clone(s)
	b.intern[s] = s
	return s
}

// Infos returns the maps with their counts.
func (b *Builder) Infos() []terminology.MapInfo {
	infos := slices.Clone(b.infos)
	sources := make([]map[string]bool, len(infos))
	for _, r := range b.rows {
		n := b.byID[r.mapping.Map]
		if sources[n] == nil {
			sources[n] = map[string]bool{}
		}
		sources[n][r.mapping.Source] = true
		infos[n].Rows++
	}
	for i := range infos {
		infos[i].Sources = len(sources[i])
	}
	slices.SortFunc(infos, func(x, y terminology.MapInfo) int { return cmp.Compare(x.ID, y.ID) })
	return infos
}

// Write puts all rows, first the reverse table, then the forward one.
func (b *Builder) Write(w terminology.TableWriter) error {
	reverse := make([]*row, 0, len(b.rows))
	for i := range b.rows {
		if b.rows[i].mapping.Target != "" {
			reverse = append(reverse, &b.rows[i])
		}
	}
	order := func(x, y *row) int {
		return cmp.Or(cmp.Compare(x.mapping.Group, y.mapping.Group), cmp.Compare(x.mapping.Priority, y.mapping.Priority))
	}
	slices.SortStableFunc(reverse, func(x, y *row) int {
		return cmp.Or(cmp.Compare(x.mapping.Map, y.mapping.Map), cmp.Compare(x.fold, y.fold), cmp.Compare(x.mapping.Source, y.mapping.Source), order(x, y))
	})
	if err := write(w, TableReverse, reverse, func(r *row) string { return r.fold }); err != nil {
		return err
	}
	forward := make([]*row, len(b.rows))
	for i := range b.rows {
		forward[i] = &b.rows[i]
	}
	slices.SortStableFunc(forward, func(x, y *row) int {
		return cmp.Or(cmp.Compare(x.mapping.Map, y.mapping.Map), cmp.Compare(x.mapping.Source, y.mapping.Source), order(x, y))
	})
	return write(w, TableForward, forward, func(r *row) string { return r.mapping.Source })
}

// write puts rows that are sorted by map and code, all of one code in one value.
func write(w terminology.TableWriter, table byte, rows []*row, code func(*row) string) error {
	var value []byte
	for i, r := range rows {
		value = appendMapping(value, r.mapping)
		if i+1 < len(rows) && rows[i+1].mapping.Map == r.mapping.Map && code(rows[i+1]) == code(r) {
			continue
		}
		if err := w.PutRow(table, mapKey(r.mapping.Map, code(r)), value); err != nil {
			return err
		}
		value = value[:0]
	}
	return nil
}
