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

// Source reads the Norwegian ICD-10 from one file, or from the pages of one service.
type Source struct {
	parts  []part // those with codes first
	opts   terminology.SourceOptions
	today  terminology.Date
	titles map[string]string // of chapters and blocks, from files of their own
}

// part is one file of a source.
type part struct {
	terminology.SourceFile
	format tabular.Format
	layout layout
}

// NewSources returns the sources of files that lie together: one for each file of codes,
// one for all pages of the Directorate's service. Lists of the titles of chapters and
// blocks are part of each. The error is Invalid when the content of a file is not that
// of a Norwegian ICD-10, and when there are only titles.
func NewSources(files []terminology.SourceFile, o terminology.SourceOptions) ([]*Source, error) {
	invalid := func(format string, args ...any) error {
		return &terminology.Error{Op: "icd10.NewSource", Kind: terminology.Invalid, Err: fmt.Errorf(format, args...)}
	}
	today, ok := tabular.ParseDay(o.Today)
	if !ok && o.Today != "" {
		return nil, invalid("today %q: want yyyy-mm-dd", o.Today)
	}
	var sources []*Source
	var groups []part
	pages := (*Source)(nil)
	for _, file := range files {
		head, err := tabular.SniffFile(file)
		if err != nil {
			return nil, err
		}
		l, ok := layoutOf(head, o.Asked != "")
		p := part{file, head.Format, l}
		switch {
		case !ok:
			return nil, invalid("%s: not a Norwegian ICD-10: its columns are %s", file.Name, strings.Join(head.Columns, ", "))
		case l.groups:
			p.format.Headless = true
			groups = append(groups, p)
		case l.paged && pages != nil:
			pages.parts = append(pages.parts, p)
		default:
			s := &Source{parts: []part{p}, opts: o, today: today, titles: map[string]string{}}
			if sources = append(sources, s); l.paged {
				pages = s
			}
		}
	}
	if len(sources) == 0 {
		return nil, invalid("%s: this is a list of the titles of chapters and blocks of ICD-10: put it in one folder with the codes", files[0].Name)
	}
	for _, s := range sources {
		s.parts = append(s.parts, groups...)
	}
	return sources, nil
}

// Release returns the identity of the release; its version is the option's.
func (s *Source) Release() terminology.Release {
	return terminology.Release{
		Kind: terminology.KindCodeSystem, Name: "icd-10-no", System: System, Version: s.opts.Version, Date: s.opts.Version,
		Title: "ICD-10 (norsk utgave)", Language: "nb",
	}
}

// Files returns the files, those with codes first.
func (s *Source) Files() []terminology.SourceFile {
	files := make([]terminology.SourceFile, len(s.parts))
	for i, p := range s.parts {
		files[i] = p.SourceFile
	}
	return files
}

// Read says the files to the sink. All rows are read before the first concept is
// said, since parents may come after their children.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	rows, read := newRows(to), 0
	for _, p := range s.parts {
		row := func(rec *tabular.Record) error {
			r, err := p.row(rec)
			if err != nil {
				return err
			}
			r.inactive = r.inactive || r.validTo != 0 && r.validTo < s.today
			return rows.add(rec, r)
		}
		if p.layout.groups {
			row = func(rec *tabular.Record) error { return s.title(rec, to) }
		}
		n, err := tabular.Scan(ctx, p.SourceFile, p.format, to, row)
		if err != nil {
			return s.Release(), err
		}
		if !p.layout.groups {
			read += n
		}
	}
	first := s.parts[0]
	if read == 0 {
		return s.Release(), to.Bad(&terminology.RowError{File: first.Name, Err: fmt.Errorf("the file holds no codes")})
	}
	if err := s.whole(read, to); err != nil {
		return s.Release(), err
	}
	e := &emitter{rows: rows, to: to, fat: first.layout.fat || first.layout.paged, paged: first.layout.paged, titles: s.titles}
	return s.Release(), e.run(ctx)
}

// title keeps the title of a chapter or block.
func (s *Source) title(rec *tabular.Record, to terminology.Sink) error {
	code, text, moved := titleOf(rec.Cell("1"), rec.Cell("2"))
	if code == "" || text == "" {
		return rec.Bad("", "want the code of a chapter or block and its title, found %q and %q", rec.Cell("1"), rec.Cell("2"))
	}
	if moved {
		to.Repaired(rec.Bad("", "%q and %q are taken for the code %s and its title", rec.Cell("1"), rec.Cell("2"), code))
	}
	s.titles[code] = text
	return nil
}

// whole compares what was read of the pages of a service with what they say that there
// is.
func (s *Source) whole(read int, to terminology.Sink) error {
	total := 0
	for _, p := range s.parts {
		n, err := tabular.Announced(p.SourceFile, p.format)
		if err != nil {
			return err
		}
		total = max(total, n)
	}
	if read >= total {
		return nil
	}
	return to.Bad(&terminology.RowError{File: s.parts[0].Name,
		Err: fmt.Errorf("the pages hold %d of %d records: put all pages in one folder", read, total)})
}

// row is one code as the file says it.
type row struct {
	file       string // with its sheet
	line       int
	code       string
	text       string
	english    string
	short      string // at most 60 characters
	parent     string
	parentText string
	validFrom  terminology.Date
	validTo    terminology.Date
	inactive   bool
	properties []property
}

type property struct {
	code, value string
	kind        terminology.ValueKind
}

func (p *part) row(rec *tabular.Record) (row, error) {
	l := p.layout
	code, ok := published(strings.TrimSpace(rec.Cell(l.code)))
	if !ok {
		return row{}, rec.Bad(l.code, "%q is not an ICD-10 code, block or chapter", rec.Cell(l.code))
	}
	r := row{file: rec.File, line: rec.Line, code: code, text: rec.Cell(l.text)}
	if strings.TrimSpace(r.text) == "" {
		return row{}, rec.Bad(l.text, "code %s has no text", code)
	}
	for column, cell := range rec.Cells() {
		var err error
		switch {
		case column == l.code, column == l.text, cell == "" && l.name(column) != colReportable:
		case column == l.system:
			if cell != systemNames[0] && cell != systemNames[1] {
				err = rec.Bad(column, "system %q, want %q", cell, systemNames[0])
			}
		case l.fat:
			err = p.fat(&r, rec, column, cell)
		case l.paged:
			err = r.page(rec, column, cell)
		default:
			r.add(column, cell, terminology.ValueString)
		}
		if err != nil {
			return row{}, err
		}
	}
	return r, nil
}

// page reads one cell of the pages of the Directorate's service.
func (r *row) page(rec *tabular.Record, column, cell string) error {
	switch column {
	case "nameEnglish":
		r.english = cell
	case "compactCode": // the code without its dot
	case "parentCode":
		parent, ok := published(cell)
		if !ok {
			return rec.Bad(column, "%q is not an ICD-10 code, block or chapter", cell)
		}
		r.parent = parent
	case "active":
		if cell != "true" && cell != "false" {
			return rec.Bad(column, "%q, want true or false", cell)
		}
		r.inactive = cell == "false"
	case "statusChangedDate":
		day, ok := tabular.ParseDay(cell)
		if !ok {
			return rec.Bad(column, "%q is not a date", cell)
		}
		r.add("status-changed", day.String(), terminology.ValueDateTime)
	default:
		r.add(column, cell, terminology.ValueString)
	}
	return nil
}

// fatProperties gives the columns of the FAT download that are properties: their
// code and kind. A flag is "Ja" or empty; another text is kept as a string.
var fatProperties = map[string]struct {
	code string
	kind terminology.ValueKind
}{
	colValidFrom:      {"valid-from", terminology.ValueDateTime},
	colValidTo:        {"valid-to", terminology.ValueDateTime},
	"NPR_Gyldig_fra":  {"npr-valid-from", terminology.ValueDateTime},
	"NPR_Gyldig_til":  {"npr-valid-to", terminology.ValueDateTime},
	colStar:           {"star-code", terminology.ValueBoolean},
	"Tilleggskode":    {"additional-code", terminology.ValueBoolean},
	"Uspesifikk_kode": {"unspecific", terminology.ValueBoolean},
	"Kjønn":           {"sex", terminology.ValueString},
}

// fat reads one cell of the FAT download or its workbook. A column that we do not know
// becomes a string property under its own name, so that nothing is lost.
func (p *part) fat(r *row, rec *tabular.Record, column, cell string) error {
	name := p.layout.name(column)
	switch name {
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
	property, ok := fatProperties[name]
	if !ok {
		r.add(column, cell, terminology.ValueString)
		return nil
	}
	switch {
	case property.kind == terminology.ValueDateTime:
		day, ok := p.format.Day(cell)
		if !ok {
			return rec.Bad(column, "%q is not a date", cell)
		}
		switch name {
		case colValidFrom:
			r.validFrom = day
		case colValidTo:
			r.validTo = day
		}
		cell = day.String()
	case property.kind == terminology.ValueBoolean && (cell == "Ja" || cell == "Nei"):
		cell = boolean(cell == "Ja")
	case property.kind == terminology.ValueBoolean:
		property.kind = terminology.ValueString
	}
	r.add(property.code, cell, property.kind)
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
