package operation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// usedMap is a map of a release and the code systems at its ends.
type usedMap struct {
	terminology.MapInfo
	release *catalog.Installed
}

// maps returns the installed maps that a request means, in the order of their releases, of
// those to one code system those first that have one target for a source: what WHO's table
// to one category says is what its table to several leaves open. Several versions of one
// map: only that of the default release, or of the release that the source names. The notes
// tell of maps that are damaged; when none but such a one has the url, that is the error.
func (t *translation) maps(url string) ([]usedMap, error) {
	wanted, edition, err := mapID(url)
	if err != nil {
		return nil, err
	}
	out, named := t.usable(wanted, edition)
	damaged := t.missed(wanted, edition)
	switch {
	case wanted == "" || named:
		t.noteDamaged(damaged)
	case len(damaged) > 0:
		err := damaged[0].release.Damage()
		return nil, &terminology.Error{Op: "operation.Translate", Kind: terminology.KindOf(err), Coding: terminology.Coding{System: url}, Err: fmt.Errorf("map %s is damaged: %w", title(damaged[0]), err)}
	default:
		return nil, &terminology.Error{Op: "operation.Translate", Kind: terminology.NotFound, Coding: terminology.Coding{System: url}, Err: errUnknownMap(url)}
	}
	if !t.reverse && t.target != "" && len(out) > 1 {
		slices.SortStableFunc(out, func(a, b usedMap) int {
			switch many := several(&a.MapInfo); {
			case many == several(&b.MapInfo):
				return 0
			case many:
				return 1
			}
			return -1
		})
	}
	return out, nil
}

// usable returns the maps that answer and join the code systems that are asked about, and
// tells whether there is one that is wanted at all.
func (t *translation) usable(wanted, edition string) (out []usedMap, named bool) {
	for again := true; again; { // what cannot be opened gives way to what may have been passed
		out, named, again = nil, false, false
		for _, r := range t.snap.Releases {
			if !t.mayTranslate(r, wanted) || !t.answers(r, edition) || r.Damage() != nil {
				continue
			}
			if r.Ready() != nil {
				again = true
				continue
			}
			for _, m := range r.Maps.Maps() {
				if wanted != "" && wanted != m.ID && wanted != m.URL {
					continue
				}
				named = true
				if t.joins(r, m) {
					out = append(out, usedMap{m, r})
				}
			}
		}
	}
	return t.ofVersion(out), named
}

// missed returns the maps, as manifests list them, that usable would have returned if their
// releases could be opened; those that are named also when they join other code systems.
func (t *translation) missed(wanted, edition string) (out []usedMap) {
	for _, r := range t.snap.Releases {
		if r.Damage() == nil || t.snap.Missed(r, t.version(r, edition)) == nil {
			continue
		}
		for _, m := range r.Release.Maps {
			if wanted == "" && t.joins(r, m) || wanted != "" && (wanted == m.ID || wanted == m.URL) {
				out = append(out, usedMap{m, r})
			}
		}
	}
	return out
}

// noteDamaged tells which maps did not take part since their releases cannot be opened.
func (t *translation) noteDamaged(list []usedMap) {
	for _, m := range list {
		note := fmt.Sprintf("map %s is damaged and did not take part: %s", title(m), terminology.Message(m.release.Damage()))
		if !slices.Contains(t.resp.Notes, note) {
			t.resp.Notes = append(t.resp.Notes, note)
		}
	}
}

// several reports whether a map has more rows than sources.
func several(m *terminology.MapInfo) bool { return m.Rows > m.Sources }

// mayTranslate reports whether a release has a map that is wanted. It asks the manifest
// alone, so that no release is opened that has none.
func (t *translation) mayTranslate(r *catalog.Installed, wanted string) bool {
	return slices.ContainsFunc(r.Release.Maps, func(m terminology.MapInfo) bool {
		return wanted == m.ID || wanted == m.URL || wanted == "" && t.joins(r, m)
	})
}

// joins reports whether a map is between the code systems that are asked about.
func (t *translation) joins(r *catalog.Installed, m terminology.MapInfo) bool {
	from, to := endOfMap(t.snap.Snapshot, r, m.Source), endOfMap(t.snap.Snapshot, r, m.Target)
	if t.reverse {
		from, to = to, from
	}
	return sameEnd(from, t.resp.Source.System) && (t.target == "" || sameEnd(to, t.target))
}

// endOfMap returns the code system at an end of a map of a release. Maps that clients write or
// bring may call it by any of its names; it is known under the preferred URI.
func endOfMap(snap *catalog.Snapshot, r *catalog.Installed, system string) string {
	if r.Of == nil || system == "" {
		return system
	}
	if uri, err := snap.System(system); err == nil {
		return uri
	}
	return system
}

// ofVersion drops, of maps of one ConceptMap that differ in the versions of the code systems
// that they are between, and in nothing else, those of other versions of the source than the
// one that is asked about; unless that leaves none.
func (t *translation) ofVersion(maps []usedMap) []usedMap {
	if len(maps) < 2 {
		return maps
	}
	alike := func(a, b usedMap) bool {
		return a.release == b.release && a.URL == b.URL && a.Source == b.Source && a.Target == b.Target
	}
	return slices.DeleteFunc(slices.Clone(maps), func(m usedMap) bool {
		return !t.isOf(m) && slices.ContainsFunc(maps, func(other usedMap) bool { return alike(m, other) && t.isOf(other) })
	})
}

// isOf reports whether a map is of the version of the source that is asked about.
func (t *translation) isOf(m usedMap) bool {
	system, version := m.Source, m.SourceVersion
	if t.reverse {
		system, version = m.Target, m.TargetVersion
	}
	if t.source == nil || version == "" {
		return version == t.req.Coding.Version
	}
	r, err := t.snap.CodeSystem(system, version)
	return err == nil && r == t.source
}

// sameEnd compares the code system at an end of a map with one that was asked
// for. A map to WHO's ICD-10 also answers for the Norwegian one, and the other way
// round: their common codes are the same.
func sameEnd(end, asked string) bool {
	return end == asked || isICD10(end) && isICD10(asked)
}

const (
	norwegianICD10 = codesystem.ICD10NO
	whoICD10       = "http://hl7.org/fhir/sid/icd-10"
)

func isICD10(system string) bool {
	return system == norwegianICD10 || system == whoICD10
}

// answers reports whether the maps of a release take part: of a code system the
// release that answers for the source, of maps by themselves the newest; or of both
// the one that the canonical of the map names.
func (t *translation) answers(r *catalog.Installed, edition string) bool {
	if !r.HasCodeSystem() && edition != "" {
		return edition == r.Release.Version || edition == r.Release.Date
	}
	if !r.HasCodeSystem() {
		return t.snap.Default(r)
	}
	found, err := t.snap.CodeSystem(r.Release.System, t.version(r, edition))
	return err == nil && found == r
}

// version returns the version of its system that a release must be of to answer, "" for
// the default one.
func (t *translation) version(r *catalog.Installed, edition string) string {
	if edition == "" && r.HasCodeSystem() && t.resp.Source.System == r.Release.System {
		return t.req.Coding.Version
	}
	return edition
}

// mapID returns the id or URL under which releases know a map, and the version that
// its canonical names, or the edition that an implicit map of SNOMED CT names.
func mapID(url string) (id, edition string, err error) {
	canonical, edition, _ := strings.Cut(url, "|")
	implicit, ok, err := snomed.ParseImplicitMap(canonical)
	if err != nil {
		return "", "", &terminology.Error{Op: "operation.Translate", Kind: terminology.Invalid, Err: err}
	}
	if !ok {
		return canonical, edition, nil
	}
	if implicit.Edition != (snomed.Edition{}) {
		edition = implicit.Edition.String()
	}
	return implicit.Refset.String(), edition, nil
}
