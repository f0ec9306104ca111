package conceptmap

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Memory is a few maps in memory. It implements terminology.MapReader; the zero Memory
// has none.
type Memory struct {
	infos   []terminology.MapInfo
	forward map[[2]string][]terminology.Mapping // by map and source
	reverse map[[2]string][]terminology.Mapping // by map and folded target
}

// NewMemory returns the maps of rows, which are in the order of the map.
func NewMemory(infos []terminology.MapInfo, rows []terminology.Mapping) Memory {
	infos, groups, at := slices.Clone(infos), mapGroups{}, map[string]int{}
	for i := range infos {
		at[infos[i].ID] = i
	}
	for i := range rows {
		if n, ok := at[rows[i].Map]; ok {
			groups.add(&infos[n], &rows[i])
		}
	}
	m := Memory{infos, map[[2]string][]terminology.Mapping{}, map[[2]string][]terminology.Mapping{}}
	for _, row := range rows {
		key := [2]string{row.Map, row.Source}
		m.forward[key] = append(m.forward[key], row)
	}
	for _, list := range m.forward {
		slices.SortStableFunc(list, func(a, b terminology.Mapping) int {
			return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Priority, b.Priority))
		})
	}
	for _, row := range rows {
		top := topLayer(m.forward[[2]string{row.Map, row.Source}], func(m terminology.Mapping) uint8 { return m.Layer })
		if key := [2]string{row.Map, foldCode(row.Target)}; row.Target != "" && row.Layer == top {
			m.reverse[key] = append(m.reverse[key], row)
		}
	}
	return m
}

// Maps lists the maps.
func (m Memory) Maps() []terminology.MapInfo { return m.infos }

// Forward returns the rows of a source code in order.
func (m Memory) Forward(mapID, source string) ([]terminology.Mapping, error) {
	return slices.Clone(m.forward[[2]string{mapID, source}]), nil
}

// Reverse returns the rows that lead to a target code, in any case and with or without
// dots when none is as the code is written: what a request brings may be of a code system
// in which case matters.
func (m Memory) Reverse(mapID, target string) ([]terminology.Mapping, error) {
	rows := slices.Clone(m.reverse[[2]string{mapID, foldCode(target)}])
	if slices.ContainsFunc(rows, func(r terminology.Mapping) bool { return r.Target == target }) {
		rows = slices.DeleteFunc(rows, func(r terminology.Mapping) bool { return r.Target != target })
	}
	return rows, nil
}

// ReversePrefix returns the rows that lead to a target code that begins with a prefix, as
// Reader.ReversePrefix does.
func (m Memory) ReversePrefix(mapID, prefix string, most int) ([]terminology.Mapping, error) {
	var out []terminology.Mapping
	for key, rows := range m.reverse {
		if key[0] == mapID && strings.HasPrefix(key[1], foldCode(prefix)) {
			out = append(out, rows...)
		}
	}
	if len(out) > most {
		return nil, tooMany(prefix, most)
	}
	slices.SortStableFunc(out, func(a, b terminology.Mapping) int {
		return cmp.Or(strings.Compare(foldCode(a.Target), foldCode(b.Target)), strings.Compare(a.Source, b.Source))
	})
	return out, nil
}
