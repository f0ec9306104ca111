package table

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/crossmap"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// MapSource reads a map from a table.
type MapSource struct {
	file    terminology.SourceFile
	format  tabular.Format
	mapping *Mapping
	version string
	columns mapColumns
}

// mapColumns are the names that the columns of a map have in a file, "" of those that are
// not there.
type mapColumns struct {
	source, target, display, relationship, group, priority, rule, advice string
	dependsOn, products                                                  []string
}

// NewMapSource returns the source of a file that is a map, by a Mapping that IsMap. The
// error is Invalid, and names the key and the columns that there are, when the mapping or
// the file does not fit.
func NewMapSource(file terminology.SourceFile, m *Mapping, o terminology.SourceOptions) (*MapSource, error) {
	const op = "table.NewMapSource"
	if err := m.Check(); err != nil {
		return nil, err
	}
	head, err := m.head(file)
	if err != nil {
		return nil, err
	}
	s := &MapSource{file: file, format: head.Format, mapping: m, version: cmp.Or(o.Version, m.Map.Version, o.Today)}
	if err := s.bind(newHeader(head)); err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: inMapping(m.name, file.Name, err)}
	}
	return s, nil
}

// bind finds the columns of the mapping in a header. All that the mapping names must be
// there.
func (s *MapSource) bind(h header) error {
	c := &s.mapping.Map.Columns
	for _, column := range []struct {
		key   string
		names Names
		into  *string
	}{
		{"source", c.Source, &s.columns.source}, {"target", c.Target, &s.columns.target}, {"display", c.Display, &s.columns.display},
		{"relationship.column", c.Relationship.Column, &s.columns.relationship}, {"group", c.Group, &s.columns.group}, {"priority", c.Priority, &s.columns.priority},
		{"rule", c.Rule, &s.columns.rule}, {"advice", c.Advice, &s.columns.advice},
	} {
		if len(column.names) == 0 {
			continue
		}
		found, ok := h.find(column.names)
		if !ok {
			return h.missing(s.file.Name, "map.columns."+column.key, column.names)
		}
		*column.into = found
	}
	for _, terms := range []struct {
		key  string
		list []Term
		into *[]string
	}{{"depends-on", c.DependsOn, &s.columns.dependsOn}, {"products", c.Products, &s.columns.products}} {
		for i, t := range terms.list {
			found, ok := h.find(t.Column)
			if !ok {
				return h.missing(s.file.Name, "map.columns."+terms.key+"["+strconv.Itoa(i)+"].column", t.Column)
			}
			*terms.into = append(*terms.into, found)
		}
	}
	return nil
}

// Release returns the identity of the release.
func (s *MapSource) Release() terminology.Release {
	m := &s.mapping.Map
	return terminology.Release{Kind: terminology.KindConceptMap, Name: m.Name, System: m.URL, Version: s.version, Date: s.version, Title: cmp.Or(m.Title, m.Name),
		Language: cmp.Or(m.Language, "nb"), Source: m.Source, Target: m.Target}
}

// Files returns the one file.
func (s *MapSource) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the map to the sink.
func (s *MapSource) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	release := s.Release()
	if s.columns.priority != "" {
		release.Maps = []terminology.MapInfo{{Ordered: true}}
	}
	return crossmap.Read(ctx, s.file, s.format, release, to, s.row)
}

// row reads a row.
func (s *MapSource) row(rec *tabular.Record) (m terminology.Mapping, err error) {
	p, c := &s.mapping.Map, &s.columns
	cell := func(column string) string { return strings.TrimSpace(rec.Cell(column)) }
	m.File, m.Line = s.format.Place(s.file.Name), crossmap.Line(rec.Line)
	if m.Source = best(p.SourceCodes, cell(c.source)); m.Source == "" {
		return m, rec.Bad(c.source, "the row has no source code")
	}
	if m.Target = best(p.TargetCodes, cell(c.target)); m.Target != "" {
		m.Display = oneSpace(rec.Cell(c.display))
	}
	ok := true
	if m.Relationship, ok = p.Columns.Relationship.relationship(cell(c.relationship)); !ok {
		return m, rec.Bad(c.relationship, "%q is no relationship: want one of %s, or a word of map.columns.relationship.values", cell(c.relationship), strings.Join(r5Words, ", "))
	}
	if m.Group, err = place(rec, c.group); err != nil {
		return m, err
	}
	if m.Priority, err = place(rec, c.priority); err != nil {
		return m, err
	}
	m.Rule, m.Advice = cell(c.rule), cell(c.advice)
	m.DependsOn = terms(rec, p.Columns.DependsOn, c.dependsOn)
	m.Products = terms(rec, p.Columns.Products, c.products)
	return m, nil
}

// best returns the form of a code that it is most likely meant to have: its own, when that
// is one of them.
func best(forms func(string) []string, code string) string {
	if forms != nil && code != "" {
		if list := forms(code); len(list) > 0 && !slices.Contains(list, code) {
			return list[0]
		}
	}
	return code
}

// place reads a group or priority; 0 when the cell is empty.
func place(rec *tabular.Record, column string) (uint16, error) {
	text := strings.TrimSpace(rec.Cell(column))
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return 0, rec.Bad(column, "%q, want a number from 1 to 65535", text)
	}
	return uint16(n), nil
}

// terms reads the values of columns. An empty cell says nothing.
func terms(rec *tabular.Record, list []Term, columns []string) []terminology.MapTerm {
	var out []terminology.MapTerm
	for i, t := range list {
		text := strings.TrimSpace(rec.Cell(columns[i]))
		switch {
		case text == "":
		case t.System != "":
			out = append(out, terminology.MapTerm{Property: t.Property, Value: terminology.Coding{System: t.System, Code: text}})
		default:
			out = append(out, terminology.MapTerm{Property: t.Property, Value: terminology.Coding{Display: text}})
		}
	}
	return out
}
