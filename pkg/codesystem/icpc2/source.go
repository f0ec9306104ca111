package icpc2

import (
	"context"
	"errors"
	"fmt"
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
)

// Source reads one release from one file.
type Source struct {
	file    terminology.SourceFile
	format  tabular.Format
	layout  layout
	content Content
	opts    terminology.SourceOptions
	today   terminology.Date
}

// NewSources returns the sources of a file: one for each code system that it
// holds, or one for the map. The download of the Directorate's FAT holds both
// ICPC-2 and ICPC-2B. The error is Invalid when the content of the file is in no
// layout that we know.
func NewSources(file terminology.SourceFile, o terminology.SourceOptions) ([]*Source, error) {
	const op = "icpc2.NewSources"
	head, err := tabular.SniffFile(file)
	if err != nil {
		return nil, err
	}
	s := Source{file: file, format: head.Format, opts: o}
	ok := true
	if o.Today != "" {
		if s.today, ok = tabular.ParseDay(o.Today); !ok {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("today %q: want yyyy-mm-dd", o.Today)}
		}
	}
	if isMap(head) {
		s.content = ToICD10
		return []*Source{&s}, nil
	}
	if s.layout, ok = layoutOf(head, o.Asked != ""); !ok {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid,
			Err: fmt.Errorf("%s: not ICPC-2 or ICPC-2B: its columns are %s", file.Name, strings.Join(head.Columns, ", "))}
	}
	found, err := s.contents()
	if err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	var sources []*Source
	for content, there := range found {
		if there {
			one := s
			one.content = Content(content)
			sources = append(sources, &one)
		}
	}
	return sources, nil
}

// contents reads through the file to see which code systems it holds. Bad rows
// are for Read to tell.
func (s *Source) contents() ([2]bool, error) {
	found := [2]bool{}
	if s.layout.system == "" {
		return [2]bool{true, false}, nil
	}
	in, err := s.file.Open()
	if err != nil {
		return found, err
	}
	defer in.Close()
	for rec, err := range tabular.Rows(in, s.file.Name, s.format) {
		if row := (*terminology.RowError)(nil); err != nil && !errors.As(err, &row) {
			return found, err
		}
		if err != nil {
			continue
		}
		if c, ok := contentOf[rec.Cell(s.layout.system)]; ok {
			found[c] = true
		}
	}
	if !found[ICPC2B] {
		found[ICPC2] = true
	}
	return found, nil
}

// Content tells what the source reads from its file.
func (s *Source) Content() Content { return s.content }

// Release returns the identity of the release; its version is the option's.
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
	}
	return r
}

// Files returns the one file.
func (s *Source) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the file to the sink. All rows are read before the first concept is
// said, since parents may come after their children.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	if s.content == ToICD10 {
		return s.readMap(ctx, to)
	}
	e := newEmitter(s, to)
	n, err := tabular.Scan(ctx, s.file, s.format, to, func(rec *tabular.Record) error {
		r, err := s.row(rec)
		if err != nil {
			return err
		}
		return e.add(rec, r)
	})
	if err != nil {
		return s.Release(), err
	}
	if n == 0 {
		return s.Release(), to.Bad(&terminology.RowError{File: s.file.Name, Err: errors.New("the file holds no codes")})
	}
	return s.Release(), e.run(ctx)
}

// row is one code as the file says it.
type row struct {
	line       int
	content    Content
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
	r := row{line: rec.Line, code: rec.Cell(l.code), text: rec.Cell(l.text)}
	if l.system != "" {
		content, ok := contentOf[rec.Cell(l.system)]
		if !ok {
			return r, rec.Bad(l.system, "%q, want ICPC-2 or ICPC-2B", rec.Cell(l.system))
		}
		r.content = content
	}
	ok := classOf(r.code) != none
	if r.content == ICPC2B {
		r.code, ok = codeB(r.code)
	}
	if !ok {
		return r, rec.Bad(l.code, "%q is not a code of %s", rec.Cell(l.code), [...]string{"ICPC-2", "ICPC-2B"}[r.content])
	}
	if strings.TrimSpace(r.text) == "" {
		return r, rec.Bad(l.text, "code %s has no text", r.code)
	}
	for column, cell := range rec.Cells() {
		if cell == "" {
			continue
		}
		if err := r.cell(rec, l, column, cell); err != nil {
			return r, err
		}
	}
	return r, nil
}

// cell reads what a row says besides its code and text. A column that we do not
// know becomes a string property under its own name, so that nothing is lost.
func (r *row) cell(rec *tabular.Record, l layout, column, cell string) error {
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
	case "Gyldig_fra", "Gyldig_til":
		day, ok := tabular.ParseDay(cell)
		if !ok {
			return rec.Bad(column, "%q is not a date", cell)
		}
		property := "valid-from"
		if column == "Gyldig_til" {
			r.validTo, property = day, "valid-to"
		}
		r.add(property, day.String(), terminology.ValueDateTime)
	case "Tilhørighet_i_ICPC-2B", "Tilhørighet_i_ICPC_2B":
		r.add("belongs-to-icpc-2b", cell, terminology.ValueString)
	default:
		r.add(column, cell, terminology.ValueString)
	}
	return nil
}

// isRoot reports whether a parent is the code system itself.
func isRoot(parent string) bool {
	_, ok := contentOf[parent]
	return ok
}

func (r *row) add(code, value string, kind terminology.ValueKind) {
	r.properties = append(r.properties, property{code, value, kind})
}
