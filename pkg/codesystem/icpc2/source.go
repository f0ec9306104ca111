package icpc2

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The canonical URIs of the code systems and of the map. ICPC-2B has no URI of
// HL7: its OID is the identity (FHIR R5, "Code systems without a URL").
const (
	System    = "http://hl7.org/fhir/sid/icpc-2"
	SystemB   = "urn:oid:2.16.578.1.12.4.1.1.7171"
	MapURL    = "urn:kodeks:map:icpc-2b:icd-10-no"
	mapTarURI = "http://hl7.org/fhir/sid/icd-10-no"

	EnglishMapURL = "urn:kodeks:map:icpc-2e:icd-10"
	whoURI        = "http://hl7.org/fhir/sid/icd-10"
)

// Source reads one release from one file, or from the pages of one service.
type Source struct {
	parts   []part
	content Content
	opts    terminology.SourceOptions
	today   terminology.Date
}

// part is one file of a source.
type part struct {
	terminology.SourceFile
	format tabular.Format
	layout layout
}

// NewSources returns the sources of files that lie together: of each file one for each
// code system that it holds, and for each map; and of all pages of the Directorate's
// service together. The download of the Directorate's FAT holds both ICPC-2 and
// ICPC-2B. The error is Invalid when the content of a file is in no layout that we know.
func NewSources(files []terminology.SourceFile, o terminology.SourceOptions) ([]*Source, error) {
	const op = "icpc2.NewSources"
	today, ok := tabular.ParseDay(o.Today)
	if !ok && o.Today != "" {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("today %q: want yyyy-mm-dd", o.Today)}
	}
	var sources []*Source
	var pages []part
	add := func(parts []part, contents ...Content) {
		for _, c := range contents {
			sources = append(sources, &Source{parts: parts, content: c, opts: o, today: today})
		}
	}
	for _, file := range files {
		head, err := tabular.SniffFile(file)
		if err != nil {
			return nil, err
		}
		if isMap(head) {
			add([]part{{SourceFile: file, format: head.Format}}, ToICD10)
			continue
		}
		l, ok := layoutOf(head, o.Asked != "")
		p := part{file, head.Format, l}
		switch {
		case !ok:
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid,
				Err: fmt.Errorf("%s: not ICPC-2 or ICPC-2B: its columns are %s", file.Name, strings.Join(head.Columns, ", "))}
		case l.paged:
			pages = append(pages, p)
		case l.english:
			add([]part{p}, English, EnglishToICD10)
		default:
			found, err := contents(p)
			if err != nil {
				return nil, &terminology.Error{Op: op, Err: err}
			}
			add([]part{p}, found...)
		}
	}
	if len(pages) > 0 {
		found, err := contents(pages...)
		if err != nil {
			return nil, &terminology.Error{Op: op, Err: err}
		}
		add(pages, found...)
	}
	return sources, nil
}

// contents reads through files to see which code systems they hold. Bad rows
// are for Read to tell.
func contents(parts ...part) ([]Content, error) {
	found := [2]bool{}
	for _, p := range parts {
		if p.layout.system == "" && !p.layout.mixed {
			return []Content{ICPC2}, nil
		}
		in, err := p.Open()
		if err != nil {
			return nil, err
		}
		for rec, err := range tabular.Rows(in, p.Name, p.format) {
			if row := (*terminology.RowError)(nil); err != nil && !errors.As(err, &row) {
				return nil, errors.Join(err, in.Close())
			}
			if err != nil {
				continue
			}
			if c, ok := p.layout.content(rec); ok {
				found[c] = true
			}
		}
		if err := in.Close(); err != nil {
			return nil, err
		}
	}
	switch {
	case !found[ICPC2B]:
		return []Content{ICPC2}, nil
	case !found[ICPC2]:
		return []Content{ICPC2B}, nil
	}
	return []Content{ICPC2, ICPC2B}, nil
}

// content tells which code system a row is of; false when it says another one.
func (l layout) content(rec *tabular.Record) (c Content, ok bool) {
	switch {
	case l.english:
		return English, true
	case l.system != "":
		c, ok = contentOf[rec.Cell(l.system)]
		return c, ok
	case l.mixed:
		if _, isB := codeB(rec.Cell(l.code)); isB {
			return ICPC2B, true
		}
	}
	return ICPC2, true
}

// Content tells what the source reads from its file.
func (s *Source) Content() Content { return s.content }

// versionName is the version in the name of the files of ICPC-2e.
var versionName = regexp.MustCompile(`v[0-9]{1,2}\.[0-9]`)

// Release returns the identity of the release. Its version is the option's; of ICPC-2e
// it is the one that the name of the file has, unless the options give another than the
// day of the import.
func (s *Source) Release() terminology.Release {
	r := terminology.Release{Kind: terminology.KindCodeSystem, Version: s.opts.Version, Date: s.opts.Version, Language: "nb"}
	switch s.content {
	case ICPC2:
		r.Name, r.System, r.Title = "icpc-2", System, "ICPC-2 (norsk utgave)"
	case ICPC2B:
		r.Name, r.System, r.Title = "icpc-2b", SystemB, "ICPC-2B (norsk utgave)"
	case ToICD10:
		r.Kind, r.Name, r.System, r.Title = terminology.KindConceptMap, "map-icpc-2b-icd-10-no", MapURL, "ICPC-2B til ICD-10 (norsk utgave)"
		r.Source, r.Target = SystemB, mapTarURI
	case English:
		r.Name, r.System, r.Title, r.Language = "icpc-2e", System, "ICPC-2e", "en"
	case EnglishToICD10:
		r.Kind, r.Name, r.System, r.Title, r.Language = terminology.KindConceptMap, "map-icpc-2e-icd-10", EnglishMapURL, "ICPC-2e to ICD-10 (WHO)", "en"
		r.Source, r.Target = System, whoURI
	}
	if v := versionName.FindString(path.Base(s.parts[0].Name)); v != "" && s.parts[0].layout.english && s.opts.Version == s.opts.Today {
		r.Version = v
	}
	return r
}

// Files returns the files.
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
	if s.content == ToICD10 || s.content == EnglishToICD10 {
		return s.readMap(ctx, to)
	}
	e := newEmitter(s, to)
	read := 0
	for _, p := range s.parts {
		n, err := tabular.Scan(ctx, p.SourceFile, p.format, to, func(rec *tabular.Record) error {
			if p.layout.paged && isRoot(rec.Cell(p.layout.code)) {
				return nil // the code system itself is no code of it
			}
			r, err := p.row(rec, to)
			if err != nil {
				return err
			}
			r.inactive = r.inactive || r.validTo != 0 && r.validTo < s.today
			return e.add(rec, r)
		})
		if err != nil {
			return s.Release(), err
		}
		read += n
	}
	if read == 0 {
		return s.Release(), to.Bad(&terminology.RowError{File: s.parts[0].Name, Err: errors.New("the file holds no codes")})
	}
	if err := s.whole(read, to); err != nil {
		return s.Release(), err
	}
	return s.Release(), e.run(ctx)
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
	content    Content
	code       string
	text       string
	short      string // at most 60 characters
	parent     string
	parentText string
	validFrom  terminology.Date
	validTo    terminology.Date
	inactive   bool
	terms      []terminology.Designation // besides text and short
	properties []property
}

type property struct {
	code, value string
	kind        terminology.ValueKind
}

func (p *part) row(rec *tabular.Record, to terminology.Sink) (row, error) {
	l := p.layout
	r := row{file: rec.File, line: rec.Line, code: strings.TrimSpace(rec.Cell(l.code)), text: rec.Cell(l.text)}
	ok := false
	if r.content, ok = l.content(rec); !ok {
		return r, rec.Bad(l.system, "%q, want ICPC-2 or ICPC-2B", rec.Cell(l.system))
	}
	ok = classOf(r.code) != none
	if r.content == ICPC2B {
		r.code, ok = codeB(r.code)
	}
	if !ok {
		return r, rec.Bad(l.code, "%q is not a code of %s", rec.Cell(l.code), [...]string{ICPC2: "ICPC-2", ICPC2B: "ICPC-2B", English: "ICPC-2"}[r.content])
	}
	if strings.TrimSpace(r.text) == "" {
		return r, rec.Bad(l.text, "code %s has no text", r.code)
	}
	if l.english {
		return r, r.english(rec, to)
	}
	for column, cell := range rec.Cells() {
		if cell == "" {
			continue
		}
		if err := p.cell(&r, rec, column, cell); err != nil {
			return r, err
		}
	}
	return r, nil
}

// cell reads what a row says besides its code and text. A column that we do not
// know becomes a string property under its own name, so that nothing is lost.
func (p *part) cell(r *row, rec *tabular.Record, column, cell string) error {
	l := p.layout
	if l.paged {
		if done, err := r.page(rec, column, cell); done || err != nil {
			return err
		}
	}
	switch column {
	case l.system, l.code, l.text:
	case l.short:
		r.short = cell
	case l.parent:
		if classOf(cell) == none && !isRoot(cell) {
			return rec.Bad(column, "%q is not a code of ICPC-2", cell)
		}
		if !isRoot(cell) {
			r.parent = cell
		}
	case l.parentText:
		r.parentText = cell
	case l.chapter:
		if classOf(cell) != chapter {
			return rec.Bad(column, "%q is not a chapter of ICPC-2", cell)
		}
		if cell != r.code[:1] {
			return rec.Bad(column, "code %s is not in chapter %s", r.code, cell)
		}
	case "Gyldig_fra", "Gyldig_til", "Gyldig fra", "Gyldig til":
		day, ok := p.format.Day(cell)
		if !ok {
			return rec.Bad(column, "%q is not a date", cell)
		}
		property := "valid-from"
		if fold(column) == "gyldig_til" {
			r.validTo, property = day, "valid-to"
		} else {
			r.validFrom = day
		}
		r.add(property, day.String(), terminology.ValueDateTime)
	case "Tilhørighet_i_ICPC-2B", "Tilhørighet_i_ICPC_2B", "Tilhørighet i ICPC-2B":
		r.add("belongs-to-icpc-2b", cell, terminology.ValueString)
	default:
		r.add(column, cell, terminology.ValueString)
	}
	return nil
}

// page reads a cell that only the pages of the Directorate's service have.
func (r *row) page(rec *tabular.Record, column, cell string) (done bool, err error) {
	switch column {
	case "compactCode": // the code without its dot
	case "nameEnglish":
		r.terms = append(r.terms, terminology.Designation{Language: "en", Use: terminology.UseDisplay, Term: cell, Preferred: true})
	case "active":
		if cell != "true" && cell != "false" {
			return true, rec.Bad(column, "%q, want true or false", cell)
		}
		r.inactive = cell == "false"
	case "statusChangedDate":
		day, ok := tabular.ParseDay(cell)
		if !ok {
			return true, rec.Bad(column, "%q is not a date", cell)
		}
		r.add("status-changed", day.String(), terminology.ValueDateTime)
	default:
		return false, nil
	}
	return true, nil
}

// isRoot reports whether a parent is the code system itself.
func isRoot(parent string) bool {
	_, ok := contentOf[parent]
	return ok
}

func (r *row) add(code, value string, kind terminology.ValueKind) {
	r.properties = append(r.properties, property{code, value, kind})
}
