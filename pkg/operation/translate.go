package operation

import (
	"context"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Translate gives the codes that maps lead to, in the order of the maps, or with
// Reverse the codes that lead to one. A code without a map is an answer.
func (s *Service) Translate(_ context.Context, req TranslateRequest) (*TranslateResponse, error) {
	snap, err := s.snapshotOf(req.Languages, 0, req.With)
	if err != nil {
		return nil, err
	}
	defer snap.LetGo()
	if req.Coding.System == "" {
		return nil, &terminology.Error{Op: "operation.Translate", Kind: terminology.Invalid, Err: errNoSystem}
	}
	t := translation{snap: snap, resp: &TranslateResponse{Source: req.Coding}, reverse: req.Reverse}
	if t.resp.Source.System, err = t.system(req.Coding.System); err != nil {
		return nil, err
	}
	if req.Target != "" {
		if t.target, err = t.system(strings.TrimSuffix(req.Target, "?vs")); err != nil {
			return nil, err
		}
	}
	if err := t.readSource(); err != nil {
		return nil, err
	}
	maps, err := t.maps(req)
	if err != nil {
		return nil, err
	}
	for _, m := range maps {
		if err := t.translate(m); err != nil {
			return nil, err
		}
	}
	for _, m := range t.resp.Matches {
		t.resp.Result = t.resp.Result || m.Relationship != terminology.NotRelatedTo && m.Coding.Code != ""
	}
	switch {
	case t.resp.Result:
	case len(maps) == 0:
		t.resp.Message = noMapInstalled(t.resp.Source.System, t.target)
	case t.unknown:
		t.resp.Message = unknownCode(t.resp.Source)
	default:
		t.resp.Message = noMap(t.resp.Source, t.target)
	}
	return t.resp, nil
}

// translation is one call of Translate.
type translation struct {
	snap    *snapshot
	resp    *TranslateResponse
	target  string // preferred URI of the wanted code system, or ""
	reverse bool
	unknown bool // the source code is not in its code system
}

// system returns the preferred URI of a code system. A map may be from or to one that is
// not installed, which is then called as the map calls it.
func (t *translation) system(name string) (string, error) {
	uri, err := t.snap.System(name)
	if terminology.KindOf(err) != terminology.NotFound {
		return uri, err
	}
	for _, r := range t.snap.Releases {
		for _, m := range r.Release.Maps {
			if m.Source == name || m.Target == name {
				return name, nil
			}
		}
	}
	return "", err
}

// usedMap is a map of a release and the code systems at its ends.
type usedMap struct {
	terminology.MapInfo
	release *catalog.Installed
}

// readSource finds the code that is translated, in its own code system when that
// is installed. Maps are asked for the code as its publisher writes it.
func (t *translation) readSource() error {
	src := &t.resp.Source
	r, err := t.snap.CodeSystem(src.System, src.Version)
	if terminology.KindOf(err) == terminology.NotFound && src.Version == "" {
		return nil // a map of a code system that is not installed
	}
	if err != nil {
		return err
	}
	o, ok := r.CodeSystem.Find(src.Code)
	if !ok {
		t.unknown = true
		return nil
	}
	*src = t.snap.reader(r).coding(o)
	return nil
}

// maps returns the installed maps that a request means, in the order of their
// releases. Several versions of one map: only that of the default release, or of
// the release that the source names.
func (t *translation) maps(req TranslateRequest) ([]usedMap, error) {
	wanted, edition, err := mapID(req.URL)
	if err != nil {
		return nil, err
	}
	var out []usedMap
	named := false
	for _, r := range t.snap.Releases {
		if !t.mayTranslate(r, wanted) || !t.answers(r, req, edition) || r.Ready() != nil {
			continue
		}
		for _, m := range r.Maps.Maps() {
			if wanted != "" && wanted != m.ID && wanted != m.URL {
				continue
			}
			named = true
			if t.joins(m) {
				out = append(out, usedMap{m, r})
			}
		}
	}
	if wanted != "" && !named {
		return nil, &terminology.Error{Op: "operation.Translate", Kind: terminology.NotFound, Coding: terminology.Coding{System: req.URL}, Err: errUnknownMap(req.URL)}
	}
	return out, nil
}

// mayTranslate reports whether a release has a map that is wanted. It asks the manifest
// alone, so that no release is opened that has none.
func (t *translation) mayTranslate(r *catalog.Installed, wanted string) bool {
	return slices.ContainsFunc(r.Release.Maps, func(m terminology.MapInfo) bool {
		return wanted == m.ID || wanted == m.URL || wanted == "" && t.joins(m)
	})
}

// joins reports whether a map is between the code systems that are asked about.
func (t *translation) joins(m terminology.MapInfo) bool {
	from, to := m.Source, m.Target
	if t.reverse {
		from, to = to, from
	}
	return t.sameSystem(from, t.resp.Source.System) && (t.target == "" || t.sameSystem(to, t.target))
}

// sameSystem compares the code system at an end of a map with one that was asked
// for. A map to WHO's ICD-10 also answers for the Norwegian one, and the other way
// round: their common codes are the same.
func (t *translation) sameSystem(end, asked string) bool {
	const who, norwegian = "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-no"
	if end == asked {
		return true
	}
	return end == who && asked == norwegian || end == norwegian && asked == who
}

// answers reports whether the maps of a release take part: of a code system the
// release that answers for the source, of maps by themselves the newest; or of both
// the one that the canonical of the map names.
func (t *translation) answers(r *catalog.Installed, req TranslateRequest, edition string) bool {
	if !r.HasCodeSystem() && edition != "" {
		return edition == r.Release.Version || edition == r.Release.Date
	}
	if !r.HasCodeSystem() {
		return t.snap.Default(r)
	}
	version := edition
	if version == "" && !t.reverse {
		version = req.Coding.Version
	}
	if t.resp.Source.System != r.Release.System {
		version = edition
	}
	found, err := t.snap.CodeSystem(r.Release.System, version)
	return err == nil && found == r
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

// translate adds the matches of one map.
func (t *translation) translate(m usedMap) error {
	rows, err := t.read(m)
	if err != nil {
		return err
	}
	for _, row := range rows {
		match := Match{Relationship: row.Relationship, Map: m.URL, MapTitle: m.Title, Group: int(row.Group), Priority: int(row.Priority), Rule: row.Rule, Advice: row.Advice, Category: row.Category}
		code, system := row.Target, m.Target
		if t.reverse {
			code, system = row.Source, m.Source
			match.Relationship = inverse(row.Relationship)
		}
		match.Coding = terminology.Coding{System: system, Code: code}
		if code != "" && !m.release.IsOverlay() {
			match.Coding = t.withDisplay(match.Coding, m)
		}
		if t.reverse {
			match.Reverse = true
			match.Target = terminology.Coding{System: m.Target, Code: row.Target}
		}
		match.MapVersion = m.release.Release.Version
		if m.release.IsOverlay() { // a ConceptMap: its groups say no more than its rows
			match.Group, match.Priority, match.Resource = 0, 0, true
		}
		t.resp.Matches = append(t.resp.Matches, match)
	}
	return nil
}

func (t *translation) read(m usedMap) ([]terminology.Mapping, error) {
	if t.reverse {
		return m.release.Maps.Reverse(m.ID, t.resp.Source.Code)
	}
	return m.release.Maps.Forward(m.ID, t.resp.Source.Code)
}

// withDisplay returns the target as its own code system writes it, when that is
// installed and has the code.
func (t *translation) withDisplay(c terminology.Coding, m usedMap) terminology.Coding {
	r := m.release
	if r.CodeSystem == nil || r.Release.System != c.System {
		system := c.System
		if t.target != "" {
			system = t.target
		}
		found, err := t.snap.CodeSystem(system, "")
		if err != nil {
			return c
		}
		r = found
	}
	o, ok := r.CodeSystem.Find(c.Code)
	if !ok {
		return c
	}
	return t.snap.reader(r).coding(o)
}

func inverse(r terminology.Relationship) terminology.Relationship {
	switch r {
	case terminology.SourceIsNarrower:
		return terminology.SourceIsBroader
	case terminology.SourceIsBroader:
		return terminology.SourceIsNarrower
	}
	return r
}
