package operation

import (
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// rowsOf returns the rows of a map for a source code, however the map writes it.
func (t *translation) rowsOf(m usedMap, code string) ([]terminology.Mapping, error) {
	rows, err := m.release.Maps.Forward(m.ID, code)
	if err != nil || len(rows) > 0 {
		return rows, err
	}
	if other := t.otherSpelling(m.Source, code); other != "" {
		return m.release.Maps.Forward(m.ID, other)
	}
	return nil, nil
}

// rowsTo returns the rows of a map that lead to a code, however the map writes it; of those
// that are written alike, the ones that mean it.
func (t *translation) rowsTo(m usedMap, cs terminology.CodeSystem, code string) ([]terminology.Mapping, error) {
	rows, err := m.release.Maps.Reverse(m.ID, code)
	if err == nil && len(rows) == 0 {
		if other := t.otherSpelling(m.Target, code); other != "" {
			rows, err = m.release.Maps.Reverse(m.ID, other)
		}
	}
	return meant(cs, code, rows), err
}

// otherSpelling returns what maps write for a concept that has no code of its publisher, as
// WHO's do for blocks of ICD-11: its URI; "" when it has none.
func (t *translation) otherSpelling(system, code string) string {
	property := codesystem.URIProperty(system)
	if property == "" {
		return ""
	}
	cs := t.codesOf(system)
	if cs == nil {
		return ""
	}
	o, ok := cs.Find(code)
	if !ok {
		return ""
	}
	for p := range cs.Properties(o) {
		if p.Code == property && p.Value != code {
			return p.Value
		}
	}
	return ""
}
