package table

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Source reads one code system from one table.
type Source struct {
	file    terminology.SourceFile
	format  tabular.Format
	mapping *Mapping
	system  *System
	layouts []*layout // of all systems, in the order of Mapping.List
	place   int       // of system in it
	version string
	today   terminology.Date
}

// NewSources returns the sources of a file, one for each code system of the mapping
// that it holds. The error is Invalid, and names the key and the columns that there
// are, when the mapping or the file does not fit.
func NewSources(file terminology.SourceFile, m *Mapping, o terminology.SourceOptions) ([]*Source, error) {
	const op = "table.NewSources"
	if err := m.Check(); err != nil {
		return nil, err
	}
	head, err := m.head(file)
	if err != nil {
		return nil, err
	}
	list := m.List()
	all := make([]*Source, len(list))
	layouts := make([]*layout, len(list))
	for i, s := range list {
		if layouts[i], err = m.layout(file.Name, head, s); err != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: inMapping(m.name, file.Name, err)}
		}
		all[i] = &Source{file: file, format: head.Format, mapping: m, system: s, layouts: layouts, place: i}
		if err := all[i].options(o); err != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
		}
	}
	if len(all) == 1 {
		return all, nil
	}
	return all[0].there(all)
}

// inMapping says which files an error is about.
func inMapping(mapping, file string, err error) error {
	if mapping == "" {
		return fmt.Errorf("%s: %w", file, err)
	}
	return fmt.Errorf("%s, by %s: %w", file, mapping, err)
}

// options settles the version and the day of the release.
func (s *Source) options(o terminology.SourceOptions) error {
	today := o.Today
	if s.version = o.Version; s.version == "" {
		if s.version = s.system.Version; s.version == "" {
			s.version = o.Today
		} else if _, ok := tabular.ParseDay(s.version); ok {
			today = s.version
		}
	}
	if today == "" {
		return nil
	}
	ok := false
	if s.today, ok = tabular.ParseDay(today); !ok {
		return fmt.Errorf("today %q: want yyyy-mm-dd", today)
	}
	return nil
}

// encodings are the words of a mapping for how a text writes its letters.
var encodings = map[string]tabular.Encoding{"utf-8": tabular.UTF8, "utf8": tabular.UTF8, "windows-1252": tabular.Windows1252,
	"cp1252": tabular.Windows1252, "iso-8859-1": tabular.Windows1252, "latin-1": tabular.Windows1252, "utf-16": tabular.UTF16}

// head returns the head of a file, as the mapping says that it is written.
func (m *Mapping) head(file terminology.SourceFile) (tabular.Head, error) {
	head, err := tabular.SniffSheet(file, m.File.Sheet)
	if err != nil {
		return head, err
	}
	said := head.Format
	if d := m.File.Delimiter; d != "" && !said.JSON && !said.Workbook {
		if d == "tab" {
			d = "\t"
		}
		said.Delimiter, said.Quoted = d[0], d[0] != '#'
	}
	if e := m.File.Encoding; e != "" && !said.Workbook {
		said.Encoding = encodings[strings.ToLower(e)]
	}
	switch {
	case said == tabular.Format{}:
		return head, &terminology.Error{Op: "table.NewSources", Kind: terminology.Invalid,
			Err: fmt.Errorf("%s is not a table: want delimited text with a header, a workbook, or a JSON array of objects", file.Name)}
	case said != head.Format:
		head.Format = said
		head.Sample, head.Columns, err = first(file, said)
	}
	return head, err
}

// first returns the first row of a file in a format, and its columns.
func first(file terminology.SourceFile, f tabular.Format) ([]*tabular.Record, []string, error) {
	in, err := file.Open()
	if err != nil {
		return nil, nil, &terminology.Error{Op: "table.NewSources", Err: err}
	}
	defer in.Close()
	for rec, err := range tabular.Rows(in, file.Name, f) {
		if err != nil {
			return nil, nil, &terminology.Error{Op: "table.NewSources", Kind: terminology.Invalid, Err: err}
		}
		var columns []string
		for column := range rec.Cells() {
			columns = append(columns, column)
		}
		return []*tabular.Record{rec}, columns, nil
	}
	return nil, nil, nil
}

// there reads through the file and returns the sources whose systems it holds. Bad
// rows are for Read to tell.
func (s *Source) there(all []*Source) ([]*Source, error) {
	in, err := s.file.Open()
	if err != nil {
		return nil, &terminology.Error{Op: "table.NewSources", Err: err}
	}
	defer in.Close()
	found := make([]bool, len(all))
	for rec, err := range tabular.Rows(in, s.file.Name, s.format) {
		if row := (*terminology.RowError)(nil); err != nil && !errors.As(err, &row) {
			return nil, &terminology.Error{Op: "table.NewSources", Kind: terminology.Invalid, Err: err}
		}
		if err != nil {
			continue
		}
		if i, err := s.of(rec); err == nil {
			found[i] = true
		}
	}
	var out []*Source
	for i, is := range found {
		if is {
			out = append(out, all[i])
		}
	}
	if len(out) == 0 {
		return all[:1], nil // whose Read tells what is wrong with the rows
	}
	return out, nil
}

// of returns the place of the system that a row is of.
func (s *Source) of(rec *tabular.Record) (int, error) {
	list := s.mapping.List()
	if column := s.layouts[0].split; column != "" {
		cell := strings.TrimSpace(rec.Cell(column))
		var want []string
		for i, system := range list {
			for _, v := range system.Value {
				if strings.EqualFold(v, cell) {
					return i, nil
				}
				want = append(want, v)
			}
		}
		return 0, rec.Bad(column, "%q, want one of %s", cell, strings.Join(want, ", "))
	}
	if len(list) == 1 {
		return 0, nil
	}
	for i, l := range s.layouts {
		if code, err := l.codeOf(rec); err == nil && l.rules.Holds != nil && l.rules.Holds(code) {
			return i, nil
		}
	}
	return 0, rec.Bad(s.layouts[0].code, "%q is not a code of any of the code systems of this file", rec.Cell(s.layouts[0].code))
}

// Release returns the identity of the release.
func (s *Source) Release() terminology.Release {
	title := s.system.Title
	if title == "" {
		title = s.system.Name
	}
	date := s.system.Date
	if date == "" {
		date = s.version
	}
	return terminology.Release{
		Kind: terminology.KindCodeSystem, Name: s.system.Name, System: s.system.URI, Version: s.version, Date: date,
		Title: title, Language: s.layouts[s.place].language, CaseSens: s.system.CaseSens, Short: s.system.Short, Aliases: s.system.Aliases,
	}
}

// Files returns the one file.
func (s *Source) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the rows of the system to the sink. All are read before the first concept
// is said, since parents may come after their children.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	rows, l := newRows(s.system.CaseSens), s.layouts[s.place]
	n, err := tabular.Scan(ctx, s.file, s.format, to, func(rec *tabular.Record) error {
		if i, err := s.of(rec); err != nil || i != s.place {
			return err
		}
		r, err := l.read(rec)
		if err != nil {
			return err
		}
		r.inactive = r.inactive || s.system.Inactive
		if l.rules.Doubt != nil {
			if doubt := l.rules.Doubt(r.code); doubt != "" {
				to.Repaired(rec.Bad(l.code, "%s", doubt))
			}
		}
		if s.system.Ordered && !r.ordered {
			r.add("sort-order", strconv.Itoa(len(rows.list)+1), terminology.ValueInteger)
		}
		return rows.add(rec, r)
	})
	if err != nil {
		return s.Release(), err
	}
	if n == 0 {
		return s.Release(), to.Bad(&terminology.RowError{File: s.file.Name, Err: errors.New("the file holds no codes")})
	}
	rows.join(to, s.file.Name)
	e := &emitter{rows: rows, to: to, file: s.file.Name, today: s.today, layout: l, keep: s.mapping.Columns.Parent.Missing == "keep", release: s.Release()}
	return s.Release(), e.run(ctx)
}
