package conceptmap

import "github.com/kodeks/kodeks/pkg/terminology"

// Memory is a few maps in memory. It implements terminology.MapReader; the zero Memory
// has none.
type Memory struct {
	infos []terminology.MapInfo
	rows  []terminology.Mapping
}

// NewMemory returns the maps of rows, which are in the order of the map and are kept.
func NewMemory(infos []terminology.MapInfo, rows []terminology.Mapping) Memory {
	return Memory{infos, rows}
}

// Maps lists the maps.
func (m Memory) Maps() []terminology.MapInfo { return m.infos }

// Forward returns the rows of a source code in order.
func (m Memory) Forward(mapID, source string) ([]terminology.Mapping, error) {
	var out []terminology.Mapping
	for _, row := range m.rows {
		if row.Map == mapID && row.Source == source {
			out = append(out, row)
		}
	}
	return out, nil
}

// Reverse returns the rows that lead to a target code.
func (m Memory) Reverse(mapID, target string) ([]terminology.Mapping, error) {
	var out []terminology.Mapping
	for _, row := range m.rows {
		if row.Map == mapID && row.Target == target {
			out = append(out, row)
		}
	}
	return out, nil
}
