package icd11

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// MapSource reads one of WHO's maps between ICD-10 and ICD-11.
type MapSource struct {
	file    terminology.SourceFile
	format  tabular.Format
	layout  mapLayout
	version string
	named   bool // the version is that of ICD-11 which the rows name
}

// NewMapSource returns the source of a map. Its version is that of the ICD-11 release that
// its URIs name, else the one that its header tells, else the option's. The error is Invalid
// for a file that is no map of WHO.
func NewMapSource(file terminology.SourceFile, o terminology.SourceOptions) (*MapSource, error) {
	head, err := tabular.SniffFile(file)
	if err != nil {
		return nil, err
	}
	l, ok := mapLayoutOf(head.Columns)
	if !ok {
		return nil, &terminology.Error{Op: "icd11.NewMapSource", Kind: terminology.Invalid,
			Err: fmt.Errorf("%s: not a map between ICD-10 and ICD-11: its columns are %s", file.Name, strings.Join(head.Columns, ", "))}
	}
	s := &MapSource{file: file, format: head.Format, layout: l}
	s.format.Ragged, s.format.Quoted = true, false
	rows, err := s.sample()
	if err != nil {
		return nil, err
	}
	release := ""
	for _, r := range rows {
		if _, named, _, ok := parseURI(r[mapLinearization]); ok && release == "" {
			release = named
		}
	}
	s.named = release != "" && s.layout.table != ToFoundation
	if s.version = cmp.Or(release, l.version, o.Version); l.table == ToOne && isMultiple(file, rows) {
		s.layout.table = ToMultiple
	}
	return s, nil
}

// sample returns the first rows that can be read.
func (s *MapSource) sample() (rows [][mapColumns]string, err error) {
	in, err := s.file.Open()
	if err != nil {
		return nil, &terminology.Error{Op: "icd11.NewMapSource", Err: err}
	}
	defer in.Close() //nolint:errcheck // nothing was written
	for rec, err := range tabular.Rows(in, s.file.Name, s.format) {
		if row := (*terminology.RowError)(nil); err != nil && !errors.As(err, &row) {
			return nil, &terminology.Error{Op: "icd11.NewMapSource", Kind: terminology.Invalid, Err: err}
		}
		if err == nil {
			rows = append(rows, s.layout.cells(rec))
		}
		if len(rows) == sampled {
			break
		}
	}
	return rows, nil
}

// cells returns the cells of a row by what they say.
func (l *mapLayout) cells(rec *tabular.Record) (cells [mapColumns]string) {
	i := 0
	for _, cell := range rec.Cells() {
		if i < len(l.columns) && cells[l.columns[i]] == "" {
			cells[l.columns[i]] = strings.TrimSpace(cell)
		}
		i++
	}
	return cells
}

// Table tells which of the maps it is.
func (s *MapSource) Table() MapTable { return s.layout.table }

// Release returns the identity of the release.
func (s *MapSource) Release() terminology.Release {
	t := tables[s.layout.table]
	return terminology.Release{
		Kind: terminology.KindConceptMap, Name: t.name, System: t.url, Version: s.version, Date: s.version, Title: t.title, Language: english,
		Source: t.source, Target: t.target,
	}
}

// Files returns the one file.
func (s *MapSource) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the map to the sink.
func (s *MapSource) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	release := s.Release()
	if s.named { // of ICD-11; WHO does not say which ICD-10 it is
		info := terminology.MapInfo{TargetVersion: s.version}
		if s.layout.table == FromOne {
			info = terminology.MapInfo{SourceVersion: s.version}
		}
		release.Maps = []terminology.MapInfo{info}
	}
	return crossmap.Read(ctx, s.file, s.format, release, to, s.row)
}

// noMapping stands in the place of a target that there is none of.
const noMapping = "No Mapping"

// row reads a row.
func (s *MapSource) row(rec *tabular.Record) (m terminology.Mapping, err error) {
	c := s.layout.cells(rec)
	m.File, m.Line = s.format.Place(s.file.Name), crossmap.Line(rec.Line)
	none := c[mapFoundation] == noMapping || c[mapLinearization] == noMapping || c[code11] == noMapping || c[code10] == noMapping
	ten, err := key10(rec, c[code10])
	if err != nil && !(none && s.layout.table == FromOne) {
		return m, err
	}
	m.Source = ten
	switch {
	case s.layout.table == FromOne:
		if m.Source, err = key11(rec, c[code11], c[mapLinearization]); err == nil && !none {
			m.Target, m.Display = ten, c[title10]
		}
		return m, err
	case none:
		return m, nil
	case s.layout.table == ToFoundation:
		e, _, size, ok := parseURI(c[mapFoundation])
		if !ok || size != len(c[mapFoundation]) {
			return m, rec.Bad("ICD-11 FoundationURI", "%q is not the URI of an entity of ICD-11, such as http://id.who.int/icd/entity/257068234", c[mapFoundation])
		}
		m.Target = e.number()
	default:
		if m.Target, err = key11(rec, c[code11], c[mapLinearization]); err != nil {
			return m, err
		}
	}
	m.Display = c[title11]
	return m, relate(rec, &m, c[relation], c[distance])
}

// relate says how the target relates to its source, where the table tells.
func relate(rec *tabular.Record, m *terminology.Mapping, relation, distance string) error {
	switch {
	case strings.EqualFold(relation, "Equivalent"):
		m.Relationship = terminology.Equivalent
		return nil
	case strings.EqualFold(relation, "Subclass"): // the source is, of the target
		m.Relationship = terminology.SourceIsNarrower
	case strings.EqualFold(relation, "Superclass"):
		m.Relationship = terminology.SourceIsBroader
	case relation == "":
		return nil
	default:
		for _, r := range relation {
			if r >= '0' && r <= '9' || r == '/' {
				return rec.Bad("", "%q, want a relation, such as Equivalent or Subclass", relation)
			}
		}
	}
	m.Advice = relation
	if distance != "" && distance != "0" {
		m.Advice += ", distance " + distance
	}
	return nil
}

// key11 returns the code of a row of ICD-11 as releases of it know it: a code, the number of
// a chapter, a cluster; and of a block, which has no code, the URI of the linearization
// without its release.
func key11(rec *tabular.Record, code, uri string) (string, error) {
	if code != "" {
		for part := range strings.FieldsFuncSeq(code, func(r rune) bool { return r == '&' || r == '/' }) {
			if !isCategory(part) && !isChapter(part) {
				return "", rec.Bad("icd11Code", "%q is not an ICD-11 code or a cluster of them, such as 1A00 or 1B12.3&XA0NE9/5A74.0", code)
			}
		}
		return code, nil
	}
	e, _, size, ok := parseURI(uri)
	if !ok || size != len(uri) {
		return "", rec.Bad("", "%q is not the URI of an entity of ICD-11, and there is no code: want one of them", uri)
	}
	return e.uri(), nil
}

// uri returns the URI of the linearization without a release.
func (e entity) uri() string {
	return System + "/" + e.number() + [...]string{itself: "", other: "/other", unspecified: "/unspecified"}[e&3]
}

// key10 returns the code of a row of ICD-10: a category, a block (A00-A09), or the Roman
// number of a chapter.
func key10(rec *tabular.Record, code string) (string, error) {
	from, to, block := strings.Cut(code, "-")
	if strings.Trim(code, "IVX") == "" && code != "" || isCode10(from) && (!block || isCode10(to)) {
		return code, nil
	}
	return "", rec.Bad("icd10Code", "%q is not an ICD-10 code, such as A00.0, A00-A09 or IV", code)
}

func isCode10(code string) bool {
	if len(code) < 3 || code[0] < 'A' || code[0] > 'Z' || !isEntity(code[1:3]) {
		return false
	}
	return len(code) == 3 || len(code) > 4 && len(code) <= 6 && code[3] == '.' && isEntity(code[4:])
}
