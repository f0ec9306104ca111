package operation

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxUnmapped is how many maps may refer to each other for codes without rows.
const maxUnmapped = 10

// unmapped adds what a map says of codes that it has no rows for. The maps that led to it
// are not asked again.
func (t *translation) unmapped(m usedMap, path []string) (bool, error) {
	u := m.Unmapped
	if u == nil || t.reverse {
		return false, nil
	}
	match := Match{Relationship: u.Relationship, Map: m.URL, MapTitle: m.Title, MapVersion: m.release.Release.Version, Resource: m.release.IsOverlay(),
		Reason: "the map has no row for the code: unmapped, " + string(u.Mode)}
	switch u.Mode {
	case terminology.UnmappedSource:
		match.Coding = t.withDisplay(terminology.Coding{System: m.Target, Code: t.resp.Source.Code}, m, "")
	case terminology.UnmappedFixed:
		match.Coding = t.withDisplay(terminology.Coding{System: m.Target, Code: u.Code}, m, u.Display)
	case terminology.UnmappedOther:
		return t.otherMap(u.Map, append(path, m.ID))
	default:
		return false, nil
	}
	t.resp.Matches = append(t.resp.Matches, match)
	return true, nil
}

// otherMap answers from the map that another one names for codes without rows.
func (t *translation) otherMap(url string, path []string) (bool, error) {
	maps, err := t.maps(url)
	if err != nil {
		return false, err
	}
	found := false
	for _, m := range maps {
		if slices.Contains(path, m.ID) || len(path) > maxUnmapped {
			continue
		}
		rows, err := t.forward(m, t.resp.Source.Code)
		if err != nil {
			return false, err
		}
		for i := range rows {
			t.add(m, &rows[i])
		}
		if len(rows) == 0 {
			if more, err := t.unmapped(m, path); err != nil {
				return false, err
			} else if more {
				found = true
			}
			continue
		}
		found = true
	}
	return found, nil
}
