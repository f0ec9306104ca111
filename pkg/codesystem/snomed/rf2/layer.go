package rf2

import (
	"fmt"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// info describes the map in an edition, without its counts.
func (m *mapRows) info(edition snomed.ID) terminology.MapInfo {
	info := snomed.MapOf(m.id, edition)
	if info.Target == "" && m.kind == Association {
		info.Target = snomed.System
	}
	if known, ok := snomed.MapOfModule(m.module()); ok && info.Target == "" {
		info.Title, info.Target = known.Title, known.Target
	}
	if m.from {
		info.Source, info.Target = info.Target, info.Source
	}
	return info
}

// module returns the module of all rows, 0 when they are of several.
func (m *mapRows) module() snomed.ID {
	module := snomed.ID(0)
	for i := range m.rows {
		if i > 0 && m.rows[i].module != module {
			return 0
		}
		module = m.rows[i].module
	}
	return module
}

// relationship returns how the target of a row relates to its source.
func (m *mapRows) relationship(row *mapRow) terminology.Relationship {
	if m.kind == Association {
		return snomed.AssociationRelationship(m.id)
	}
	relationship := snomed.CorrelationRelationship(row.correlation)
	switch {
	case m.from && relationship == terminology.SourceIsNarrower: // a correlation is said of the component
		return terminology.SourceIsBroader
	case m.from && relationship == terminology.SourceIsBroader:
		return terminology.SourceIsNarrower
	}
	return relationship
}

// layers returns the layer of each module with rows: the rows of an extension stand for
// those of the release below it, all rows of a source together, so a module is above those
// that it overrides. Associations have one layer: those of an extension add to the others.
func (m *mapRows) layers(deps dependencies) map[snomed.ID]uint8 {
	modules := map[snomed.ID]uint8{}
	for i := range m.rows {
		modules[m.rows[i].module] = 0
	}
	if m.kind == Association || len(modules) < 2 {
		return modules
	}
	overrides := map[[2]snomed.ID]bool{}
	for a := range modules {
		for b := range modules {
			overrides[[2]snomed.ID{a, b}] = deps.overrides(a, b)
		}
	}
	for range len(modules) { // the longest way down is shorter than that
		for a, layer := range modules {
			for b, below := range modules {
				if overrides[[2]snomed.ID{a, b}] && !overrides[[2]snomed.ID{b, a}] && below < 1<<8-1 {
					layer = max(layer, below+1)
				}
			}
			modules[a] = layer
		}
	}
	return modules
}

// uuid returns the identity of a member as it is written.
func (id identity) uuid() string {
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", id.high>>32, id.high>>16&0xffff, id.high&0xffff, id.low>>48, id.low&(1<<48-1))
}
