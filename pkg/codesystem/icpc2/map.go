package icpc2

import (
	"context"
	"errors"
	"math"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// readMap says a map. Rows keep the order of the file; a pair that comes again says
// nothing new and is dropped. The tables do not tell how exact a target is, so that each
// is only related to its source.
func (s *Source) readMap(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	release, p := s.Release(), s.parts[0]
	pairs := pairs{seen: map[[2]string]bool{}, count: map[string]uint16{}}
	row := pairs.refined
	if s.content == EnglishToICD10 {
		row = func(rec *tabular.Record) error { return pairs.english(rec, to) }
	}
	n, err := tabular.Scan(ctx, p.SourceFile, p.format, to, row)
	if err != nil {
		return release, err
	}
	if n == 0 {
		return release, to.Bad(&terminology.RowError{File: p.Name, Err: errors.New("the file holds no rows")})
	}
	info := terminology.MapInfo{ID: release.System, URL: release.System, Title: release.Title,
		Source: release.Source, Target: release.Target, Sources: len(pairs.count), Rows: len(pairs.rows)}
	if s.content == EnglishToICD10 { // a column of the code system itself
		info.SourceVersion = release.Version
	}
	release.Maps = []terminology.MapInfo{info}
	if err := to.Map(info); err != nil {
		return release, err
	}
	place := p.format.Place(p.Name)
	for _, r := range pairs.rows {
		err := to.Mapping(terminology.Mapping{Map: release.System, Source: r.source, Target: r.target,
			Group: 1, Priority: r.priority, Relationship: terminology.RelatedTo, File: place, Line: crossmap.Line(r.line)})
		if err := tabular.Kept(to, place, r.line, err); err != nil {
			return release, err
		}
	}
	return release, nil
}

// pairs are the rows of a map.
type pairs struct {
	rows  []mapRow
	seen  map[[2]string]bool
	count map[string]uint16 // targets of each source
}

type mapRow struct {
	line           int
	source, target string
	priority       uint16
}

// refined reads a row of the map from ICPC-2B to the Norwegian ICD-10.
func (m *pairs) refined(rec *tabular.Record) error {
	source, ok := codeB(rec.Cell(mapSource))
	if !ok {
		return rec.Bad(mapSource, "%q is not an ICPC-2B code", rec.Cell(mapSource))
	}
	target, ok := icd10(rec.Cell(mapTarget))
	if !ok {
		return rec.Bad(mapTarget, "%q is not an ICD-10 code", rec.Cell(mapTarget))
	}
	if parent := rec.Cell("ICPC2_Kode"); parent != "" && parent != source[:len(source)-len(".0000")] {
		return rec.Bad("ICPC2_Kode", "%s, but the ICPC-2B code is %s", parent, source)
	}
	return m.add(rec, mapSource, source, target)
}

// add keeps a pair, once.
func (m *pairs) add(rec *tabular.Record, column, source, target string) error {
	if m.seen[[2]string{source, target}] {
		return nil
	}
	if m.count[source] == math.MaxUint16 {
		return rec.Bad(column, "%s has more than %d targets", source, math.MaxUint16)
	}
	m.seen[[2]string{source, target}] = true
	m.count[source]++
	m.rows = append(m.rows, mapRow{rec.Line, source, target, m.count[source]})
	return nil
}

// icd10 gives an ICD-10 code its dot: R529 is R52.9. Letters keep their case.
func icd10(s string) (string, bool) {
	if len(s) < 3 || s[0] < 'A' || s[0] > 'Z' || !terminology.IsDigits(s[1:2]) {
		return "", false
	}
	rest := s[3:]
	if rest != "" && rest[0] == '.' {
		if rest = rest[1:]; rest == "" {
			return "", false
		}
	}
	for _, c := range []byte(s[2:3] + rest) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return "", false
		}
	}
	if rest == "" {
		return s, true
	}
	return s[:3] + "." + rest, len(rest) <= 3
}
