package icd10cm

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of ICD-10-CM.
const System = "http://hl7.org/fhir/sid/icd-10-cm"

// The limits of what is read.
const (
	maxLine  = 1 << 10
	maxLines = 500_000
)

// Source reads ICD-10-CM from one order file, packed by gzip or not.
type Source struct {
	file terminology.SourceFile
	opts terminology.SourceOptions
}

// NewSource returns the source of a file. The error is Invalid when its first line is
// not that of an order file.
func NewSource(file terminology.SourceFile, o terminology.SourceOptions) (*Source, error) {
	head, err := tabular.SniffFile(file)
	if err != nil {
		return nil, err
	}
	if !Match(head.First) {
		return nil, &terminology.Error{Op: "icd10cm.NewSource", Kind: terminology.Invalid,
			Err: fmt.Errorf("%s: not an order file of ICD-10-CM: want a first line such as %q", file.Name, "00001 A00     0 Cholera")}
	}
	return &Source{file: file, opts: o}, nil
}

// Release returns the identity of the release; its version is the option's.
func (s *Source) Release() terminology.Release {
	return terminology.Release{
		Kind: terminology.KindCodeSystem, Name: "icd-10-cm", System: System, Version: s.opts.Version, Date: s.opts.Version,
		Title: "ICD-10-CM", Language: "en-US",
	}
}

// Files returns the one file.
func (s *Source) Files() []terminology.SourceFile { return []terminology.SourceFile{s.file} }

// Read says the file to the sink. All lines are read before the first concept is
// said, since the parent of a code is the longest code that begins it.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	rows, err := s.rows(ctx, to)
	if err != nil {
		return s.Release(), err
	}
	to.Count(s.file.Name, len(rows))
	known := make(map[string]bool, len(rows))
	for _, r := range rows {
		known[r.code] = true
	}
	for i, r := range rows {
		if i&0xff == 0 && ctx.Err() != nil {
			return s.Release(), stopped(ctx)
		}
		if err := tabular.Kept(to, s.file.Name, r.line, say(to, r)); err != nil {
			return s.Release(), err
		}
	}
	for _, r := range rows {
		if parent := above(r.code, known); parent != "" {
			if err := tabular.Kept(to, s.file.Name, r.line, to.Parent(r.code, parent)); err != nil {
				return s.Release(), err
			}
		}
	}
	return s.Release(), nil
}

func stopped(ctx context.Context) error {
	return &terminology.Error{Op: "icd10cm.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
}

// rows reads the lines. Order numbers count them, so that a line that is missing, and
// one that has come twice, are seen.
func (s *Source) rows(ctx context.Context, to terminology.Sink) ([]row, error) {
	const op = "icd10cm.Read"
	in, err := s.file.Open()
	if err != nil {
		return nil, &terminology.Error{Op: op, Err: err}
	}
	defer in.Close()
	lines := bufio.NewScanner(tabular.Unpacked(ctx, in, s.file.Name, to))
	lines.Buffer(make([]byte, 0, maxLine), maxLine)
	var rows []row
	byCode := map[string]int{}
	line := 0
	for lines.Scan() {
		if line++; line > maxLines {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%s: more than %d lines", s.file.Name, maxLines)}
		}
		if line&0xff == 0 && ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		text := strings.TrimRight(strings.TrimPrefix(lines.Text(), "\ufeff"), "\r\x1a")
		if strings.TrimSpace(text) == "" {
			continue
		}
		r, bad := parse(s.file.Name, line, text)
		if bad == nil {
			bad = s.follows(rows, byCode, r)
		}
		if bad != nil {
			if err := to.Bad(bad); err != nil {
				return nil, err
			}
			continue
		}
		byCode[r.code] = r.line
		rows = append(rows, r)
	}
	if err := lines.Err(); err != nil {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: &terminology.RowError{File: s.file.Name, Line: line + 1, Err: err}}
	}
	return rows, nil
}

// follows reports a line that is not the next one.
func (s *Source) follows(rows []row, byCode map[string]int, r row) *terminology.RowError {
	bad := &terminology.RowError{File: s.file.Name, Line: r.line}
	if line, ok := byCode[r.code]; ok {
		bad.Column, bad.Err = "code", fmt.Errorf("%s is given twice: also on line %d", r.code, line)
		return bad
	}
	if n := len(rows); n > 0 && rows[n-1].line == r.line-1 && rows[n-1].number != r.number-1 {
		bad.Column, bad.Err = "number", fmt.Errorf("%05d after %05d: a line is missing or has come twice", r.number, rows[n-1].number)
		return bad
	}
	return nil
}

// say says what a line tells of its code alone.
func say(to terminology.Sink, r row) error {
	err := to.Concept(terminology.Concept{Code: r.code, Abstract: !r.billable})
	if err == nil {
		err = to.Designation(terminology.Designation{Concept: r.code, Language: "en-US", Use: terminology.UseDisplay, Term: r.long, Preferred: true})
	}
	if err == nil && r.short != r.long {
		err = to.Designation(terminology.Designation{Concept: r.code, Language: "en-US", Use: terminology.UseShort, Term: r.short})
	}
	value := "false"
	if r.billable {
		value = "true"
	}
	if err == nil {
		err = to.Property(terminology.Property{Concept: r.code, Code: "billable", Kind: terminology.ValueBoolean, Value: value})
	}
	return err
}

// above returns the longest code of the file that begins a code, "" for a category.
// It need not be one character shorter: an X may fill the places between.
func above(code string, known map[string]bool) string {
	for n := len(code) - 1; n >= 3; n-- {
		if prefix := strings.TrimSuffix(code[:n], "."); known[prefix] {
			return prefix
		}
	}
	return ""
}
