package conceptmap

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
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
	for _, s := range []*string{&info.ID, &info.URL, &info.Title, &info.Source, &info.Target, &info.SourceVersion, &info.TargetVersion} {
		*s = strings.Clone(*s)
	}
	if u := info.Unmapped; u != nil {
		info.Unmapped = &terminology.Unmapped{Mode: u.Mode, Relationship: u.Relationship, Code: strings.Clone(u.Code), Display: strings.Clone(u.Display), Map: strings.Clone(u.Map)}
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
	for _, field := range []*string{&m.Source, &m.Target, &m.Rule, &m.Advice, &m.Category, &m.Correlation, &m.Module, &m.Display, &m.File} {
		*field = b.keep(*field)
	}
	m.ID = strings.Clone(m.ID)
	m.DependsOn, m.Products = b.keepTerms(m.DependsOn), b.keepTerms(m.Products)
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

func (b *Builder) keepTerms(terms []terminology.MapTerm) []terminology.MapTerm {
	terms = slices.Clone(terms)
	for i := range terms {
		for _, s := range termTexts(&terms[i]) {
			*s = b.keep(*s)
		}
	}
	return terms
}

// mapGroups are the groups of rows of maps, and what is known of each.
type mapGroups map[mapGroup]groupFirst

type mapGroup struct {
	id, source string
	group      uint16
	layer      uint8 // others are overridden, or do not count
}

// groupFirst is what is known of a group: rows with the first priority, whether one of these
// has no rule, and whether any row has one.
type groupFirst struct {
	n              int
	unruled, ruled bool
}

// add takes a row into what is known, and tells the map when rows are to be judged together.
func (g mapGroups) add(info *terminology.MapInfo, m *terminology.Mapping) {
	if info.Together {
		return
	}
	key := mapGroup{m.Map, m.Source, m.Group, m.Layer}
	known := g[key]
	if m.Priority <= 1 {
		known.n++
		known.unruled = known.unruled || m.Rule == ""
	}
	known.ruled = known.ruled || m.Rule != ""
	info.Together = known.ruled && (known.n > 1 || known.unruled)
	g[key] = known
}

// Infos returns the maps with their counts.
func (b *Builder) Infos() []terminology.MapInfo {
	infos := slices.Clone(b.infos)
	sources := make([]map[string]bool, len(infos))
	groups := mapGroups{}
	for _, r := range b.rows {
		n := b.byID[r.mapping.Map]
		if sources[n] == nil {
			sources[n] = map[string]bool{}
		}
		sources[n][r.mapping.Source] = true
		infos[n].Rows++
		groups.add(&infos[n], &r.mapping)
	}
	for i := range infos {
		infos[i].Sources = len(sources[i])
	}
	slices.SortFunc(infos, func(x, y terminology.MapInfo) int { return cmp.Compare(x.ID, y.ID) })
	return infos
}

// Write puts all rows: the reverse table, the texts in common, the forward table.
func (b *Builder) Write(w terminology.TableWriter) error {
	order := func(x, y *row) int {
		return cmp.Or(cmp.Compare(x.mapping.Group, y.mapping.Group), cmp.Compare(x.mapping.Priority, y.mapping.Priority))
	}
	forward := make([]*row, len(b.rows))
	for i := range b.rows {
		forward[i] = &b.rows[i]
	}
	slices.SortStableFunc(forward, func(x, y *row) int {
		return cmp.Or(cmp.Compare(x.mapping.Map, y.mapping.Map), cmp.Compare(x.mapping.Source, y.mapping.Source), order(x, y))
	})
	reverse := make([]*row, 0, len(forward))
	for rows := range runs(forward, func(x, y *row) bool { return x.mapping.Map == y.mapping.Map && x.mapping.Source == y.mapping.Source }) {
		top := topLayer(rows, func(r *row) uint8 { return r.mapping.Layer })
		for _, r := range rows {
			if r.mapping.Target != "" && r.mapping.Layer == top {
				reverse = append(reverse, r)
			}
		}
	}
	slices.SortStableFunc(reverse, func(x, y *row) int {
		return cmp.Or(cmp.Compare(x.mapping.Map, y.mapping.Map), cmp.Compare(x.fold, y.fold), cmp.Compare(x.mapping.Source, y.mapping.Source), order(x, y))
	})
	texts, numbers := map[string][]string{}, map[string]map[string]int{}
	for rows := range runs(forward, func(x, y *row) bool { return x.mapping.Map == y.mapping.Map }) {
		id := rows[0].mapping.Map
		texts[id], numbers[id] = commonTexts(rows)
	}
	if err := write(w, TableReverse, reverse, numbers, func(r *row) string { return r.fold }); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		if len(texts[id]) == 0 {
			continue
		}
		if err := w.PutRow(TableTexts, []byte(id), appendTexts(nil, texts[id])); err != nil {
			return err
		}
	}
	return write(w, TableForward, forward, numbers, func(r *row) string { return r.mapping.Source })
}

// runs walks the runs of neighbours that are the same.
func runs(rows []*row, same func(x, y *row) bool) iter.Seq[[]*row] {
	return func(yield func([]*row) bool) {
		for start, end := 0, 0; start < len(rows); start = end {
			for end = start + 1; end < len(rows) && same(rows[start], rows[end]); end++ {
			}
			if !yield(rows[start:end]) {
				return
			}
		}
	}
}

func topLayer[T any](rows []T, layer func(T) uint8) uint8 {
	top := uint8(0)
	for _, r := range rows {
		top = max(top, layer(r))
	}
	return top
}

// write puts rows that are sorted by map and code, all of one code in one value.
func write(w terminology.TableWriter, table byte, rows []*row, numbers map[string]map[string]int, code func(*row) string) error {
	var value []byte
	for i, r := range rows {
		value = appendMapping(value, &r.mapping, numbers[r.mapping.Map])
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
