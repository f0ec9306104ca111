package icd11

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of ICD-11 MMS.
const System = "http://id.who.int/icd/release/11/mms"

// Source reads one release of ICD-11 MMS, in one language or in several.
type Source struct {
	files   []file // the first tells the hierarchy, the others have its titles in other languages
	version string
}

// file is one tabulation.
type file struct {
	terminology.SourceFile
	format   tabular.Format
	language string
}

// NewSources returns the sources of tabulations, one a release: files of one release are
// its languages. The error is Invalid for a file that is no tabulation, and for two of one
// release and language.
func NewSources(files []terminology.SourceFile, o terminology.SourceOptions) ([]*Source, error) {
	const op = "icd11.NewSources"
	var sources []*Source
	for _, f := range files {
		f, version, err := withoutStamp(f)
		if err != nil {
			return nil, err
		}
		head, err := tabular.SniffFile(f)
		if err != nil {
			return nil, err
		}
		if !Match(head) {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid,
				Err: fmt.Errorf("%s: not a tabulation of ICD-11 MMS: its columns are %s", f.Name, strings.Join(head.Columns, ", "))}
		}
		for _, c := range head.Columns { // of a workbook, and of text that is packed or not UTF-8
			if stamp, ok := stampVersion(c); ok {
				version, head.Format.Ragged = stamp, true
			}
		}
		version = cmp.Or(versionOf(head), version, o.Version)
		one := file{f, head.Format, languageOf(f.Name, head)}
		if sources, err = join(sources, one, version); err != nil {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: err}
		}
	}
	return sources, nil
}

// join adds a file to the source of its release, English before other languages.
func join(sources []*Source, f file, version string) ([]*Source, error) {
	for _, s := range sources {
		if s.version != version {
			continue
		}
		for _, other := range s.files {
			if other.language == f.language {
				return nil, fmt.Errorf("%s and %s both hold ICD-11 MMS %s in the language %s: give one of them", other.Name, f.Name, version, f.language)
			}
		}
		s.files = append(s.files, f)
		if f.language == english {
			last := len(s.files) - 1
			s.files[0], s.files[last] = s.files[last], s.files[0]
		}
		return sources, nil
	}
	return append(sources, &Source{files: []file{f}, version: version}), nil
}

const english = "en"

// Release returns the identity of the release.
func (s *Source) Release() terminology.Release {
	return terminology.Release{
		Kind: terminology.KindCodeSystem, Name: "icd-11", System: System, Version: s.version, Date: s.version,
		Title: "ICD-11 MMS", Language: s.files[0].language,
	}
}

// Files returns the files, that of the hierarchy first.
func (s *Source) Files() []terminology.SourceFile {
	files := make([]terminology.SourceFile, len(s.files))
	for i, f := range s.files {
		files[i] = f.SourceFile
	}
	return files
}

// Read says the files to the sink. All rows of the first are read before the first concept
// is said.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	first := s.files[0]
	rows := newRows(first)
	n, err := tabular.Scan(ctx, first.SourceFile, first.format, to, rows.add)
	if err != nil {
		return s.Release(), err
	}
	if n == 0 {
		return s.Release(), to.Bad(&terminology.RowError{File: first.Name, Err: fmt.Errorf("the file holds no codes")})
	}
	if err := rows.say(ctx, to); err != nil {
		return s.Release(), err
	}
	for _, f := range s.files[1:] {
		_, err := tabular.Scan(ctx, f.SourceFile, f.format, to, func(rec *tabular.Record) error { return rows.translate(rec, f.language, to) })
		if err != nil {
			return s.Release(), err
		}
	}
	return s.Release(), nil
}

// versionOf returns the version that URIs of the linearization have in newer files, and ""
// in older ones.
func versionOf(head tabular.Head) string {
	for _, rec := range head.Sample {
		for column, cell := range rec.Cells() {
			if roleOf(column) == linearizationURI {
				_, release, _, _ := parseURI(cell)
				return release
			}
		}
	}
	return ""
}

// languageOf returns the language of the titles: that of the links to WHO's browser
// (.../l-m/en#/..., .../mms/es#...), else what the name of the file ends with (-es.txt),
// else English, the language of the original.
func languageOf(name string, head tabular.Head) string {
	for _, rec := range head.Sample[:min(1, len(head.Sample))] {
		for column, cell := range rec.Cells() {
			if roleOf(column) != browserLink {
				continue
			}
			link, _, found := strings.Cut(cell, "#")
			if tag, ok := languageTag(link[strings.LastIndexByte(link, '/')+1:]); found && ok {
				return tag
			}
		}
	}
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if tag, ok := languageTag(base[strings.LastIndexByte(base, '-')+1:]); ok && strings.Contains(base, "-") {
		return tag
	}
	return english
}

func languageTag(s string) (string, bool) {
	if len(s) != 2 || strings.ToLower(s) != s {
		return "", false
	}
	tag, ok := language.ParseTag(s)
	return string(tag), ok
}

// withoutStamp returns a file of text without the last cell of its header when that is the
// stamp of its version, under which no row has a cell: so that rows are held to the number
// of columns. Version is what the stamp tells.
func withoutStamp(f terminology.SourceFile) (out terminology.SourceFile, version string, err error) {
	in, err := f.Open()
	if err != nil {
		return f, "", &terminology.Error{Op: "icd11.NewSources", Err: err}
	}
	defer in.Close()
	head := make([]byte, maxHeader)
	n, err := io.ReadFull(in, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return f, "", &terminology.Error{Op: "icd11.NewSources", Err: fmt.Errorf("%s: %w", f.Name, err)}
	}
	line, _, _ := bytes.Cut(head[:n], []byte("\n"))
	kept := bytes.LastIndexByte(line, '\t')
	if kept < 0 {
		return f, "", nil
	}
	version, ok := stampVersion(strings.Trim(string(line[kept+1:]), "\"\r"))
	if !ok {
		return f, "", nil
	}
	before, cut, open := bytes.Clone(line[:kept]), len(line), f.Open
	f.Open = func() (io.ReadCloser, error) {
		in, err := open()
		if err != nil {
			return nil, err
		}
		if _, err := io.CopyN(io.Discard, in, int64(cut)); err != nil {
			return nil, errors.Join(err, in.Close())
		}
		return unstamped{io.MultiReader(bytes.NewReader(before), in), in}, nil
	}
	return f, version, nil
}

// maxHeader is the longest header that is looked at for a stamp.
const maxHeader = 8 << 10

// unstamped is an open file without the stamp of its version.
type unstamped struct {
	io.Reader
	io.Closer
}
