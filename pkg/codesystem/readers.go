package codesystem

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/atc"
	"github.com/kodeks/kodeks/pkg/codesystem/claml"
	"github.com/kodeks/kodeks/pkg/codesystem/icd10"
	"github.com/kodeks/kodeks/pkg/codesystem/icd10cm"
	"github.com/kodeks/kodeks/pkg/codesystem/icd10who"
	"github.com/kodeks/kodeks/pkg/codesystem/icd11"
	"github.com/kodeks/kodeks/pkg/codesystem/icpc2"
	"github.com/kodeks/kodeks/pkg/codesystem/loinc"
	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/nkpk"
	"github.com/kodeks/kodeks/pkg/codesystem/nlk"
	"github.com/kodeks/kodeks/pkg/codesystem/norpat"
	"github.com/kodeks/kodeks/pkg/codesystem/npu"
	"github.com/kodeks/kodeks/pkg/codesystem/orpha"
	"github.com/kodeks/kodeks/pkg/codesystem/phbu"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/volven"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// reader makes the sources of files in the layouts of one publisher. RF2, whose
// packages are one release together, is not here.
type reader struct {
	systems []string // canonical URIs of what it can give, maps by the system that they lead from
	any     bool     // it can give any system
	// together tells that all files of an input that match are given to sources at
	// once, in the order of their names; otherwise each is given alone.
	together bool
	// match reports whether the head of a file is in a layout of the reader. With asked,
	// the user has said which of systems the file is, and only the columns must fit.
	match func(h tabular.Head, asked string) bool
	// xml is match for files of XML, by their first element; nil: it reads none.
	xml     func(root markup.Root, asked string) bool
	fhir    bool // it reads FHIR resources
	sources func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error)
}

// readers are all of them. Of several that match a file the first is taken.
var readers = []reader{
	{
		any: true, fhir: true, together: true,
		sources: resource.NewSources,
	},
	{ // before ICD-10, whose download has the same columns and no column of its own
		systems: []string{nkpk.NCSP, nkpk.NCMP, nkpk.NCRP, nkpk.Saerkoder, nkpk.System},
		match:   func(h tabular.Head, asked string) bool { return nkpk.Match(h, asked != "") },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return allSources(nkpk.NewSources(files[0], o))
		},
	},
	{ // before ICD-10 for the same reason
		systems: []string{norpat.System},
		match:   func(h tabular.Head, asked string) bool { return norpat.Match(h, asked != "") },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(norpat.NewSource(files[0], o))
		},
	},
	{
		systems: []string{phbu.System},
		match:   func(h tabular.Head, _ string) bool { return phbu.Match(h) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(phbu.NewSource(files[0], o))
		},
	},
	{
		systems:  []string{loinc.System},
		together: true,
		match:    func(h tabular.Head, _ string) bool { return loinc.Match(h) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(loinc.NewSource(files, o))
		},
	},
	{
		systems: []string{volven.Volven}, // all lists: which there are, only they tell
		match:   func(h tabular.Head, _ string) bool { return volven.Match(h) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(volven.NewSource(files[0], o))
		},
	},
	{
		systems:  []string{ICD10NO},
		together: true, // pages of one service, and titles of blocks
		match:    func(h tabular.Head, asked string) bool { return icd10.Match(h, asked != "") },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return allSources(icd10.NewSources(files, o))
		},
	},
	{
		systems:  []string{ICPC2, ICPC2B},
		together: true, // pages of one service
		match:    func(h tabular.Head, asked string) bool { return icpc2.Match(h, asked != "") },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return allSources(icpc2.NewSources(files, o))
		},
	},
	{
		systems: []string{NLK},
		match:   func(h tabular.Head, _ string) bool { return nlk.Match(h) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(nlk.NewSource(files[0], o))
		},
	},
	{
		systems: []string{NPU},
		match:   func(h tabular.Head, _ string) bool { return npu.Match(h) },
		xml:     func(root markup.Root, _ string) bool { return npu.MatchXML(root) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(npu.NewSource(files[0], o))
		},
	},
	{
		systems:  []string{ICD11},
		together: true, // the languages of a release
		match:    func(h tabular.Head, _ string) bool { return icd11.Match(h) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return allSources(icd11.NewSources(files, o))
		},
	},
	{ // WHO's maps between ICD-10 and ICD-11
		systems: []string{icd10who.System, ICD11},
		match:   func(h tabular.Head, _ string) bool { return icd11.MatchMap(h) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(icd11.NewMapSource(files[0], o))
		},
	},
	{
		systems: []string{claml.ICD10, claml.ICD10GM, claml.ICPC2},
		xml:     func(root markup.Root, _ string) bool { return claml.Match(root) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(claml.NewSource(files[0], o))
		},
	},
	{
		systems: []string{icd10who.System},
		xml:     func(root markup.Root, _ string) bool { return icd10who.Match(root) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(icd10who.NewSource(files[0], o))
		},
	},
	{
		systems: []string{icd10cm.System},
		match:   func(h tabular.Head, _ string) bool { return icd10cm.Match(h.First) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(icd10cm.NewSource(files[0], o))
		},
	},
	{
		systems:  []string{orpha.System},
		together: true, // disorders and classifications
		xml:      func(root markup.Root, _ string) bool { return orpha.Match(root) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(orpha.NewSource(files, o))
		},
	},
	{
		systems:  []string{atc.System},
		together: true, // entries of FEST, and lists of names
		match:    func(h tabular.Head, asked string) bool { return atc.Match(h, asked != "") },
		xml:      func(root markup.Root, _ string) bool { return atc.MatchXML(root) },
		sources: func(files []terminology.SourceFile, o terminology.SourceOptions) ([]terminology.Source, error) {
			return asSources(atc.NewSource(files, o))
		},
	},
}

// content is what the start of a file tells.
type content struct {
	head tabular.Head
	root markup.Root // of XML; its Name is empty for other files
	fhir bool        // FHIR resources, whatever else they may look like
}

// sniff reads the start of a file.
func sniff(file terminology.SourceFile) (content, error) {
	c := content{}
	var err error
	if c.fhir, err = resource.Sniff(file); err != nil || c.fhir {
		return c, err
	}
	if c.head, err = tabular.SniffFile(file); err != nil || !strings.HasPrefix(c.head.First, "<") {
		return c, err
	}
	if c.root, err = markup.SniffFile(file); err != nil && !strings.HasPrefix(c.head.First, "<?xml") {
		return c, nil // text that begins with < and does not say that it is XML
	}
	return c, err
}

// knows reports whether a file is in a layout of the reader.
func (r *reader) knows(c content, asked string) bool {
	if c.fhir || r.fhir {
		return c.fhir && r.fhir
	}
	if c.root.Name != "" {
		return r.xml != nil && r.xml(c.root, asked)
	}
	return r.match != nil && r.match(c.head, asked)
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
