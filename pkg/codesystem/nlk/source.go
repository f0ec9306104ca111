package nlk

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of NLK.
const System = "http://helsedir.no/fhir/CodeSystem/no-kodeverk-7280-nlk"

// Source reads NLK from one file.
type Source struct {
	file   terminology.SourceFile
	format tabular.Format
	fields map[string]field // by the columns of this file
	opts   terminology.SourceOptions
	today  terminology.Date
}

// NewSource returns the source of a file. The error is Invalid when its columns are not
// those of NLK.
func NewSource(file terminology.SourceFile, o terminology.SourceOptions) (*Source, error) {
	const op = "nlk.NewSource"
	head, err := tabular.SniffFile(file)
	if err != nil {
		return nil, err
	}
	if !Match(head) {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid,
			Err: fmt.Errorf("%s: not NLK: its columns are %s", file.Name, strings.Join(head.Columns, ", "))}
	}
	s := &Source{file: file, format: head.Format, fields: map[string]field{}, opts: o}
	for _, c := range head.Columns {
		s.fields[c] = fields[fold(c)]
	}
	ok := true
	if o.Today != "" {
		if s.today, ok = tabular.ParseDay(o.Today); !ok {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("today %q: want yyyy-mm-dd", o.Today)}
		}
	}
	return s, nil
}

// versionName is the version in the name of the publisher's files.
var versionName = regexp.MustCompile(`7280\.[0-9]{1,4}`)

// Release returns the identity of the release. Its version is the one that the name of
// the file has, unless the options give another than the day of the import.
func (s *Source) Release() terminology.Release {
	r := terminology.Release{
		Kind: terminology.KindCodeSystem, Name: "nlk", System: System, Version: s.opts.Version, Date: s.opts.Version,
		Title: "Norsk laboratoriekodeverk (NLK)", Language: "nb",
	}
	if v := versionName.FindString(path.Base(s.file.Name)); v != "" && s.opts.Version == s.opts.Today {
		r.Version = v
	}
	return r
}

// Files returns the one file.
func (s *Source) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the file to the sink. All rows are read before the first concept is said,
// since a code may be given twice.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	rows := rows{byCode: map[string]int{}, to: to, today: s.today, release: s.Release()}
	n, err := tabular.Scan(ctx, s.file, s.format, to, func(rec *tabular.Record) error {
		r, err := s.row(rec, to)
		if err != nil {
			return err
		}
		return rows.add(rec, r)
	})
	if err != nil {
		return s.Release(), err
	}
	if n == 0 {
		return s.Release(), to.Bad(&terminology.RowError{File: s.file.Name, Err: fmt.Errorf("the file holds no codes")})
	}
	return s.Release(), rows.say(ctx, s.format.Place(s.file.Name))
}

// row is one code as the file says it.
type row struct {
	line             int
	code, written    string
	name, definition string
	synonyms         []string
	from, to         terminology.Date
	properties       []property
}

type property struct {
	code, value string
	kind        terminology.ValueKind
}

// row reads a record. A cell that is said otherwise than it is written is a repair, one
// a row.
func (s *Source) row(rec *tabular.Record, to terminology.Sink) (row, error) {
	r := row{line: rec.Line}
	repair := (*terminology.RowError)(nil)
	for column, cell := range rec.Cells() {
		text := clean(cell)
		if text != cell && repair == nil {
			repair = rec.Bad(column, "%q is taken as %q", cell, text)
		}
		f, seen := s.fields[column]
		if !seen { // a key that the first objects of JSON lack
			f = fields[fold(column)]
		}
		if err := r.cell(rec, s.format, f, column, cell, text); err != nil {
			return row{}, err
		}
	}
	if r.name == "" {
		return row{}, rec.Bad("", "code %s has no name", r.code)
	}
	if r.code == "" {
		return row{}, rec.Bad("", "the row has no code")
	}
	if r.to != 0 && r.to < r.from {
		return row{}, rec.Bad("", "code %s is valid from %s to %s", r.code, r.from, r.to)
	}
	if repair != nil {
		to.Repaired(repair)
	}
	return r, nil
}

// clean takes away spaces at the ends, and makes no-break spaces plain ones.
func clean(cell string) string { return strings.TrimSpace(strings.ReplaceAll(cell, "\u00a0", " ")) }

// cell reads one cell. A column that we do not know becomes a string property under its
// own name, so that nothing is lost.
func (r *row) cell(rec *tabular.Record, format tabular.Format, f field, column, written, text string) error {
	switch {
	case f.special == isTheCode:
		if !isCode(text) {
			return rec.Bad(column, "%q is not a code of NLK", written)
		}
		r.code, r.written = text, written
	case text == "":
	case f.special == isName:
		r.name = text
	case f.special == isDefinition:
		r.definition = text
	case f.special == isSynonyms:
		r.synonyms = append(r.synonyms, list(text)...)
	case f.kind() == terminology.ValueDateTime:
		day, ok := format.Day(text)
		if !ok {
			return rec.Bad(column, "%q is not a date", written)
		}
		switch f.special {
		case isFrom:
			r.from = day
		case isTo:
			r.to = day
		}
		r.add(f.property, day.String(), f.kind())
	case f.special == isReplacement:
		for _, code := range list(text) {
			if !isCode(code) {
				return rec.Bad(column, "%q is not a code of NLK", code)
			}
			r.add(f.property, code, f.kind())
		}
	case f.property == "":
		r.add(column, text, terminology.ValueString)
	default:
		r.add(f.property, text, f.kind())
	}
	return nil
}

// list cuts a cell with several values.
func list(text string) []string {
	var values []string
	for value := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == ',' || r == '\n' }) {
		if value = clean(value); value != "" {
			values = append(values, value)
		}
	}
	return values
}

func (r *row) add(code, value string, kind terminology.ValueKind) {
	r.properties = append(r.properties, property{code, value, kind})
}
