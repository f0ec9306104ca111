package atc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of ATC.
const System = "http://www.whocc.no/atc"

// Source reads one release from the files that are given together.
type Source struct {
	files []input
	fest  string // day on which FEST was fetched, the latest of all files; "" when none says
	opts  terminology.SourceOptions
}

// input is one file and what it is.
type input struct {
	terminology.SourceFile
	kind   kind
	format tabular.Format
	layout layout
}

// kind is what a file is, best first: names of FEST are before those of a list.
type kind uint8

const (
	fest kind = iota
	table
)

// NewSource returns the source of files. The error is Invalid for one that is neither
// FEST nor a table of ATC codes.
func NewSource(files []terminology.SourceFile, o terminology.SourceOptions) (*Source, error) {
	const op = "atc.NewSource"
	s := &Source{opts: o}
	for _, file := range files {
		in, err := s.input(file)
		if err != nil {
			return nil, &terminology.Error{Op: op, Kind: cmp.Or(terminology.KindOf(err), terminology.Invalid), Err: err}
		}
		s.files = append(s.files, in)
	}
	if len(files) == 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("no files")}
	}
	slices.SortStableFunc(s.files, func(x, y input) int { return cmp.Compare(x.kind, y.kind) })
	return s, nil
}

// input tells what a file is.
func (s *Source) input(file terminology.SourceFile) (input, error) {
	head, err := tabular.SniffFile(file)
	if err != nil {
		return input{}, err
	}
	if len(head.First) > 0 && head.First[0] == '<' {
		root, err := markup.SniffFile(file)
		if err != nil {
			return input{}, err
		}
		if !MatchXML(root) {
			return input{}, fmt.Errorf("%s: <%s> is not FEST", file.Name, root.Name)
		}
		day, err := fetched(file)
		s.fest = max(s.fest, day)
		return input{SourceFile: file, kind: fest}, err
	}
	l, ok := layoutOf(head, s.opts.Asked != "")
	if !ok {
		return input{}, fmt.Errorf("%s: neither FEST nor a table of ATC codes and names", file.Name)
	}
	in := input{SourceFile: file, kind: table, format: head.Format, layout: l}
	in.format.Headless = l.headless
	return in, nil
}

// Release returns the identity of the release; its version is the day on which FEST
// was fetched, or the option's.
func (s *Source) Release() terminology.Release {
	version := cmp.Or(s.fest, s.opts.Version)
	return terminology.Release{
		Kind: terminology.KindCodeSystem, Name: "atc", System: System, Version: version, Date: version, Title: "ATC", Language: "nb",
	}
}

// Files returns the files, in the order in which they are read.
func (s *Source) Files() []terminology.SourceFile {
	files := make([]terminology.SourceFile, len(s.files))
	for i, in := range s.files {
		files[i] = in.SourceFile
	}
	return files
}

// Read says the codes of all files to the sink.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	c := &codes{to: to, byCode: map[string]*code{}, told: map[string]bool{}}
	for _, in := range s.files {
		c.file, c.count = in.Name, 0
		read := c.fest
		if in.kind == table {
			read = c.table
		}
		if err := read(ctx, in); err != nil {
			return s.Release(), err
		}
		if c.count == 0 {
			if err := to.Bad(&terminology.RowError{File: in.Name, Err: errors.New("the file holds no ATC codes")}); err != nil {
				return s.Release(), err
			}
		}
	}
	return s.Release(), c.say(ctx)
}
