package loinc

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System is the canonical URI of LOINC.
const System = "http://loinc.org"

// Normalize returns the canonical form of a code as people write it.
func Normalize(code string) []string { return []string{strings.ToUpper(strings.TrimSpace(code))} }

// Source reads LOINC from its tables.
type Source struct {
	files []tableFile
	opts  terminology.SourceOptions
}

type tableFile struct {
	terminology.SourceFile
	table  table
	format tabular.Format
}

// NewSource returns the source of the tables of one release. The error is Invalid when
// they lack Loinc.csv, or have one of the tables twice that is there once.
func NewSource(files []terminology.SourceFile, o terminology.SourceOptions) (*Source, error) {
	const op = "loinc.NewSource"
	s := &Source{opts: o}
	seen := map[table]string{}
	for _, f := range files {
		head, err := tabular.SniffFile(f)
		if err != nil {
			return nil, err
		}
		t := tableOf(head)
		if t == none {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%s is no table of LOINC: its columns are %s", f.Name, strings.Join(head.Columns, ", "))}
		}
		if t != partLinks && t != variant && isExtract(f.Name) {
			continue
		}
		if other, ok := seen[t]; ok && t != partLinks && t != variant {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf("%s and %s are the same table of LOINC: give one of them", other, f.Name)}
		}
		if t == variant && languageOf(f.Name) == "" {
			return nil, &terminology.Error{Op: op, Kind: terminology.Invalid,
				Err: fmt.Errorf("%s: the name of a linguistic variant begins with its language and country, such as deDE15LinguisticVariant.csv", f.Name)}
		}
		seen[t] = f.Name
		s.files = append(s.files, tableFile{f, t, head.Format})
	}
	if seen[terms] == "" {
		return nil, &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.New("there is no Loinc.csv among the tables of LOINC: want the one with the columns LOINC_NUM and STATUS")}
	}
	slices.SortStableFunc(s.files, func(a, b tableFile) int { return int(a.table) - int(b.table) })
	return s, nil
}

// isExtract reports whether a file is one of the folder of panels, which has the terms and
// answers of panels once more.
func isExtract(name string) bool { return strings.Contains(name, "PanelsAndForms/") }

// Release returns the identity of the release; its version is the option's.
func (s *Source) Release() terminology.Release {
	return terminology.Release{Kind: terminology.KindCodeSystem, Name: "loinc", System: System, Version: s.opts.Version, Date: s.opts.Version,
		Title: "LOINC", Language: "en"}
}

// Files returns the tables in the order in which they are read.
func (s *Source) Files() []terminology.SourceFile {
	files := make([]terminology.SourceFile, len(s.files))
	for i, f := range s.files {
		files[i] = f.SourceFile
	}
	return files
}

// Read says the tables to the sink, one after the other.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	e := &emitter{to: to, known: map[string]bool{}, edges: map[[2]string]bool{}, linked: slices.ContainsFunc(s.files, func(f tableFile) bool { return f.table == partLinks })}
	for _, f := range s.files {
		row := map[table]func(*tabular.Record) error{parts: e.part, answers: e.answer, terms: e.term, hierarchy: e.place,
			partLinks: e.partLink, listLinks: e.listLink, variant: e.variant(languageOf(f.Name))}[f.table]
		n, err := tabular.Scan(ctx, f.SourceFile, f.format, to, func(rec *tabular.Record) error { return tabular.Kept(to, f.Name, rec.Line, row(rec)) })
		if err == nil && n == 0 && f.table == terms {
			err = to.Bad(&terminology.RowError{File: f.Name, Err: errors.New("the file holds no codes")})
		}
		if err == nil && f.table == hierarchy {
			err = e.sayEdges(ctx, f.Name)
		}
		if err != nil {
			return s.Release(), err
		}
	}
	return s.Release(), nil
}

// languageOf returns the language of a linguistic variant by the name of its file,
// de-DE of deDE15LinguisticVariant.csv; "" when it does not tell.
func languageOf(name string) string {
	base := path.Base(name)
	if len(base) < 5 || strings.Trim(base[:2], "abcdefghijklmnopqrstuvwxyz") != "" || strings.Trim(base[2:4], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	return base[:2] + "-" + base[2:4]
}
