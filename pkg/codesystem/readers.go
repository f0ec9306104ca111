package codesystem

import (
	"github.com/kodeks/kodeks/pkg/codesystem/icd10"
	"github.com/kodeks/kodeks/pkg/codesystem/icpc2"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// reader makes the sources of files in the layouts of one publisher. RF2, whose
// packages are one release together, is not here.
type reader struct {
	systems []string // canonical URIs of what it can give, maps by the system that they lead from
	// together tells that all files of an input that match are given to sources at
	// once, in the order of their names; otherwise each is given alone.
	together bool
	// match reports whether the head of a file is in a layout of the reader. With asked,
	// the user has said which of systems the file is, and only the columns must fit.
	match   func(h tabular.Head, asked string) bool
	sources func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error)
}

// readers are all of them. Of several that match a file the first is taken.
var readers = []reader{
	{
		systems: []string{ICD10NO},
		match:   func(h tabular.Head, asked string) bool { return icd10.Match(h, asked != "") },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(icd10.NewSource(files[0], o))
		},
	},
	{
		systems: []string{ICPC2, ICPC2B},
		match:   func(h tabular.Head, asked string) bool { return icpc2.Match(h, asked != "") },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return allSources(icpc2.NewSources(files[0], o))
		},
	},
}

// asSources is a source as a list of sources.
func asSources[S terminology.Source](s S, err error) ([]terminology.Source, error) {
	if err != nil {
		return nil, err
	}
	return []terminology.Source{s}, nil
}

// allSources is a list of sources of one kind as a list of sources.
func allSources[S terminology.Source](list []S, err error) ([]terminology.Source, error) {
	sources := make([]terminology.Source, len(list))
	for i, s := range list {
		sources[i] = s
	}
	return sources, err
}
