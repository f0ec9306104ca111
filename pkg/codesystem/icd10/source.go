package icd10

import (
	"context"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of the Norwegian ICD-10.
const System = "http://hl7.org/fhir/sid/icd-10-no"

// Source reads the Norwegian ICD-10 from one file.
type Source struct {
	file   terminology.SourceFile
	format tabular.Format
	layout layout
	opts   terminology.SourceOptions
	today  terminology.Date
}

// NewSource returns the source of a file. The error is Invalid when its content
// is not that of a Norwegian ICD-10 in a layout that we know.
func NewSource(file terminology.SourceFile, o terminology.SourceOptions) (*Source, error) {
	const op = "icd10.NewSource"
	head, err := tabular.SniffFile(file)
	if err != nil {
		return nil, err
	}
	l, ok := layoutOf(head, o.Asked != "")
	if !ok {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid,
			Err: fmt.Errorf("%s: not a Norwegian ICD-10: its columns are %s", file.Name, strings.Join(head.Columns, ", "))}
	}
	s := &Source{file: file, format: head.Format, layout: l, opts: o}
	if o.Today != "" {
		if s.today, ok = tabular.ParseDay(o.Today); !ok {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("today %q: want yyyy-mm-dd", o.Today)}
		}
	}
	return s, nil
}

// Release returns the identity of the release; its version is the option's.
func (s *Source) Release() terminology.Release {
	return terminology.Release{
		Kind: terminology.KindCodeSystem, Name: "icd-10-no", System: System, Version: s.opts.Version, Date: s.opts.Version,
		Title: "ICD-10 (norsk utgave)", Language: "nb",
	}
}

// Files returns the one file.
func (s *Source) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the file to the sink. All rows are read before the first concept is
// said, since parents may come after their children.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	rows := newRows()
	n, err := tabular.Scan(ctx, s.file, s.format, to, func(rec *tabular.Record) error {
		r, err := s.row(rec)
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
	e := &emitter{rows: rows, to: to, file: s.file.Name, today: s.today, fat: s.layout.fat}
	return s.Release(), e.run(ctx)
}

// row is one code as the file says it.
type row struct {
	line       int
	code       string
	text       string
	short      string // at most 60 characters
	parent     string
	parentText string
	validTo    terminology.Date
	properties []property
}

type property struct {
	code, value string
	kind        terminology.ValueKind
}

func (s *Source) row(rec *tabular.Record) (row, error) {
	l := s.layout
	code, ok := published(rec.Cell(l.code))
	if !ok {
		return row{}, rec.Bad(l.code, "%q is not an ICD-10 code, block or chapter", rec.Cell(l.code))
	}
	r := row{line: rec.Line, code: code, text: rec.Cell(l.text)}
	if strings.TrimSpace(r.text) == "" {
		return row{}, rec.Bad(l.text, "code %s has no text", code)
	}
	for column, cell := range rec.Cells() {
		var err error
		switch {
		case column == l.code, column == l.text, cell == "" && column != colReportable:
		case column == l.system:
			if cell != systemNames[0] && cell != systemNames[1] {
				err = rec.Bad(column, "system %q, want %q", cell, systemNames[0])
			}
		case l.fat:
			err = r.fat(rec, column, cell)
		default:
			r.add(column, cell, terminology.ValueString)
		}
		if err != nil {
			return row{}, err
		}
	}
	return r, nil
}

// fatProperties gives the columns of the FAT download that are properties: their
// code and kind. A flag is "Ja" or empty; another text is kept as a string.
var fatProperties = map[string]struct {
	code string
	kind terminology.ValueKind
}{
	"Gyldig_fra":      {"valid-from", terminology.ValueDateTime},
	colValidTo:        {"valid-to", terminology.ValueDateTime},
	"NPR_Gyldig_fra":  {"npr-valid-from", terminology.ValueDateTime},
	"NPR_Gyldig_til":  {"npr-valid-to", terminology.ValueDateTime},
	"Stjernekode":     {"star-code", terminology.ValueBoolean},
	"Tilleggskode":    {"additional-code", terminology.ValueBoolean},
	"Uspesifikk_kode": {"unspecific", terminology.ValueBoolean},
	"Kjønn":           {"sex", terminology.ValueString},
}

// fat reads one cell of the FAT download. A column that we do not know becomes a
// string property under its own name, so that nothing is lost.
func (r *row) fat(rec *tabular.Record, column, cell string) error {
	switch column {
	case colShort:
		r.short = cell
		return nil
	case colParent:
		parent, ok := published(cell)
		if !ok {
			return rec.Bad(column, "%q is not an ICD-10 code, block or chapter", cell)
		}
		r.parent = parent
		return nil
	case colParentText:
		r.parentText = cell
		return nil
	case colReportable:
		if cell != "" && cell != "Ja" {
			return rec.Bad(column, `%q, want "Ja", "" or null`, cell)
		}
		if !isGroup(r.code) {
			r.add("npr-reportable", boolean(cell == "Ja"), terminology.ValueBoolean)
		}
		return nil
	}
	p, ok := fatProperties[column]
	if !ok {
		r.add(column, cell, terminology.ValueString)
		return nil
	}
	switch {
	case p.kind == terminology.ValueDateTime:
		day, ok := tabular.ParseDay(cell)
		if !ok {
			return rec.Bad(column, "%q is not a date", cell)
		}
		if column == colValidTo {
			r.validTo = day
		}
		cell = day.String()
	case p.kind == terminology.ValueBoolean && (cell == "Ja" || cell == "Nei"):
		cell = boolean(cell == "Ja")
	case p.kind == terminology.ValueBoolean:
		p.kind = terminology.ValueString
	}
	r.add(p.code, cell, p.kind)
	return nil
}

func (r *row) add(code, value string, kind terminology.ValueKind) {
	r.properties = append(r.properties, property{code, value, kind})
}

func boolean(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
