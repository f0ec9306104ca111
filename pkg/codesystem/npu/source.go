package npu

import (
	"context"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of the NPU terminology.
const System = "http://npu-terminology.org"

// Source reads NPU from one file.
type Source struct {
	file   terminology.SourceFile
	xml    bool
	format tabular.Format // of a table
	opts   terminology.SourceOptions
	today  terminology.Date
}

// NewSource returns the source of a file. The error is Invalid when it is neither a
// table nor XML of NPU.
func NewSource(file terminology.SourceFile, o terminology.SourceOptions) (*Source, error) {
	const op = "npu.NewSource"
	invalid := func(err error) error { return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err} }
	head, err := tabular.SniffFile(file)
	if err != nil {
		return nil, err
	}
	s := &Source{file: file, format: head.Format, opts: o}
	if strings.HasPrefix(head.First, "<") {
		root, err := markup.SniffFile(file)
		if err != nil {
			return nil, err
		}
		if s.xml = MatchXML(root); !s.xml {
			return nil, invalid(fmt.Errorf("%s: not NPU: its first element is %s, want %s", file.Name, root.Name, rootElement))
		}
	} else if !Match(head) {
		return nil, invalid(fmt.Errorf("%s: not NPU: its columns are %s", file.Name, strings.Join(head.Columns, ", ")))
	}
	ok := true
	if o.Today != "" {
		if s.today, ok = tabular.ParseDay(o.Today); !ok {
			return nil, invalid(fmt.Errorf("today %q: want yyyy-mm-dd", o.Today))
		}
	}
	return s, nil
}

// Release returns the identity of the release; its version is the option's.
func (s *Source) Release() terminology.Release {
	return terminology.Release{
		Kind: terminology.KindCodeSystem, Name: "npu", System: System, Version: s.opts.Version, Date: s.opts.Version,
		Title: "NPU terminology", Language: "en",
	}
}

// Files returns the one file.
func (s *Source) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the file to the sink. All rows are read before the first concept is said.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	rows := rows{lines: map[string]int{}, to: to, today: s.today, release: s.Release()}
	read := s.readTable
	if s.xml {
		read = s.readXML
	}
	if err := read(ctx, &rows); err != nil {
		return s.Release(), err
	}
	if rows.read == 0 {
		return s.Release(), to.Bad(&terminology.RowError{File: s.file.Name, Err: fmt.Errorf("the file holds no codes")})
	}
	return s.Release(), rows.say(ctx, s.format.Place(s.file.Name))
}

func (s *Source) readTable(ctx context.Context, rows *rows) error {
	n, err := tabular.Scan(ctx, s.file, s.format, rows.to, func(rec *tabular.Record) error {
		r := row{line: rec.Line, bad: rec.Bad, format: s.format}
		for column, cell := range rec.Cells() {
			if err := r.cell(column, cell); err != nil {
				return err
			}
		}
		return rows.add(r)
	})
	rows.read = n
	return err
}

func (s *Source) readXML(ctx context.Context, rows *rows) error {
	err := markup.Scan(ctx, s.file, rows.to, func(root *markup.Element) error {
		return root.Records(func(e *markup.Element) error {
			if !strings.EqualFold(e.Name, codeElement) {
				return e.Bad("", "want the element %s", codeElement)
			}
			rows.read++
			r := row{line: e.Line(), bad: e.Bad}
			if err := e.Each(func(child *markup.Element) error {
				text, err := child.Text()
				if err != nil {
					return err
				}
				return r.cell(child.Name, text)
			}); err != nil {
				return err
			}
			return rows.add(r)
		})
	})
	rows.to.Count(s.file.Name, rows.read)
	return err
}
