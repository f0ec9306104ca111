package codesystem

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/volven"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Input is one folder or zip of an import.
type Input struct {
	Name string // as the user wrote it, for messages
	FS   fs.FS
}

// Options say what the files do not.
type Options struct {
	// System, any name that Resolve takes, limits the import to one code system and
	// settles what its files are when their codes could be those of several.
	System string
	// Version is the version and date of releases whose files carry none, such as
	// 2026 or 2026-11-22. Empty: Today.
	Version string
	// VersionURI is the SNOMED CT edition and version: one of a Full, or what the
	// files are when they do not tell.
	VersionURI string
	// Versions are the versions of a SNOMED CT Full to import, each as a source of its
	// own: VersionsAll, dates with commas between them, or VersionsLatest, which is
	// also what "" means.
	Versions string
	// LenientIDs accepts SNOMED CT identifiers with wrong check digits.
	LenientIDs bool
	// Today is the day of the import, yyyy-mm-dd; required. Codes whose validity
	// ended before the release's date, or before Today when its version is not a
	// date, are inactive.
	Today string
	// Mapping says which code systems the files hold and what their columns mean, in
	// the place of what their content tells; nil: their content tells. What the list
	// knows of the systems is filled in.
	Mapping *table.Mapping
	// Note is told, a sentence each, of what an input holds and is left out, and why;
	// nil: nobody is.
	Note func(string)
}

// The words for Options.Versions.
const (
	VersionsLatest = "latest"
	VersionsAll    = "all"
)

// Detect returns the sources that the inputs of one import hold. The RF2 packages
// of all inputs together are one edition of SNOMED CT, of which each version that is
// asked for is a source, oldest first; each other file that is recognised is a source
// of its own. The error, of kind Invalid, says what to do
// next: every input must hold something that we can read, and no version of a code
// system may come from two files.
func Detect(inputs []Input, o Options) ([]terminology.Source, error) {
	const op = "codesystem.Detect"
	d := detector{o: o, from: map[string]string{}}
	err := d.options()
	if err == nil && len(inputs) == 0 {
		err = fmt.Errorf("nothing to import: name a folder, a zip or a file")
	}
	if err == nil && o.Mapping != nil {
		err = d.mapped(inputs)
		inputs = nil
	}
	for i := 0; err == nil && i < len(inputs); i++ {
		err = d.input(inputs[i])
	}
	if err == nil && len(d.packages) > 0 {
		err = d.snomed()
	} else if err == nil && o.Versions != "" {
		err = fmt.Errorf("versions %s: found no SNOMED CT, which alone can have several versions in one release", o.Versions)
	}
	if err != nil {
		kind := terminology.KindOf(err)
		if kind == terminology.Other {
			kind = terminology.Invalid
		}
		return nil, &terminology.Error{Op: op, Kind: kind, Err: err}
	}
	return d.sources, nil
}

// detector is one run of Detect.
type detector struct {
	o        Options
	asked    string // preferred URI of o.System
	version  string
	today    string
	packages []*rf2.Package
	sources  []terminology.Source
	from     map[string]string // release name and date to the file it comes from
	passed   []passed          // files of this input that no reader knows
}

// options checks the options.
func (d *detector) options() error {
	if _, ok := tabular.ParseDay(d.o.Today); !ok {
		return fmt.Errorf("today %q: want yyyy-mm-dd", d.o.Today)
	}
	d.version, d.today = d.o.Version, d.o.Today
	if d.version == "" {
		d.version = d.o.Today
	}
	if i := strings.IndexFunc(d.version, notInVersion); i >= 0 || d.version[0] == '.' {
		return fmt.Errorf("version %q: want letters, digits, '.', '-' and '_', such as 2026 or %s", d.version, d.o.Today)
	}
	if _, ok := tabular.ParseDay(d.version); ok {
		d.today = d.version
	}
	if d.o.System == "" || d.o.Mapping != nil {
		return nil
	}
	system, ok := Known(d.o.System)
	if uri, list := volven.Resolve(d.o.System); !ok && list {
		d.asked = uri
		return nil
	}
	if !ok {
		return fmt.Errorf("no code system is known as %q: want one of %s", d.o.System, importable())
	}
	if !system.Import {
		return &terminology.Error{Kind: terminology.NotSupported, Err: fmt.Errorf("%s cannot be imported yet; what can: %s", system.Title, importable())}
	}
	d.asked = system.URI
	return nil
}

func notInVersion(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(".-_", r))
}

// input finds the packages and sources of one input.
func (d *detector) input(in Input) error {
	files, err := regular(in)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s is empty: want %s", in.Name, supported)
	}
	files = d.withoutZips(in, files)
	before := len(d.sources) + len(d.packages)
	d.passed = nil
	if d.wants(SNOMED) {
		p, err := rf2.Detect(in.FS, in.Name)
		if err != nil {
			return err
		}
		if p != nil {
			d.packages = append(d.packages, p)
			files = without(files, p)
		}
	}
	var found []candidate
	for _, name := range files {
		if found, err = d.file(in, name, found); err != nil {
			return err
		}
	}
	for _, c := range d.withoutCopies(in, found) {
		if err := d.read(in, c); err != nil {
			return err
		}
	}
	if len(d.sources)+len(d.packages) == before {
		return d.nothing(in, files)
	}
	d.notePassed(in)
	return nil
}

// wants reports whether sources of a system are asked for.
func (d *detector) wants(uri string) bool {
	return d.asked == "" || d.asked == uri || uri == volven.Volven && strings.HasPrefix(d.asked, volven.Volven+".")
}

// regular lists the files of an input, without those that systems leave behind.
func regular(in Input) ([]string, error) {
	var files []string
	err := fs.WalkDir(in.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("%s: %w", in.Name, err)
		}
		base := path.Base(name)
		hidden := base != "." && (base[0] == '.' || base == "__MACOSX")
		switch {
		case entry.IsDir() && hidden:
			return fs.SkipDir
		case !entry.IsDir() && !hidden:
			files = append(files, name)
		}
		return nil
	})
	return files, err
}

// without returns the files that are not release files of p.
func without(files []string, p *rf2.Package) []string {
	taken := make(map[string]bool, len(p.Files))
	for i := range p.Files {
		taken[p.Files[i].Path] = true
	}
	var rest []string
	for _, f := range files {
		if !taken[f] {
			rest = append(rest, f)
		}
	}
	return rest
}

// candidate is a file that a reader knows.
type candidate struct {
	reader int // place in readers
	files  []terminology.SourceFile
}

// file finds the reader of one file, if there is one. Files of one reader that makes
// its releases of several are kept together.
func (d *detector) file(in Input, name string, found []candidate) ([]candidate, error) {
	info, err := fs.Stat(in.FS, name)
	if err != nil {
		return found, fmt.Errorf("%s: %w", in.Name, err)
	}
	if !info.Mode().IsRegular() {
		return found, nil
	}
	f := terminology.SourceFile{Name: name, Size: info.Size(), Open: func() (io.ReadCloser, error) { return in.FS.Open(name) }}
	where := path.Join(in.Name, name)
	c, err := sniff(terminology.SourceFile{Name: where, Open: f.Open})
	if err != nil {
		return found, err
	}
	r, ok := d.reader(c)
	if !ok {
		p := passed{where, f, c.head}
		if len(d.passed) >= maxNames { // of so many the names are told, no more
			p.head = tabular.Head{}
		}
		d.passed = append(d.passed, p)
		return found, misread(where, c.head)
	}
	if readers[r].together {
		for i := range found {
			if found[i].reader == r {
				found[i].files = append(found[i].files, f)
				return found, nil
			}
		}
	}
	return append(found, candidate{reader: r, files: []terminology.SourceFile{f}}), nil
}

// reader returns the reader of a file: the first that knows it for certain, or, when
// none does, that of the code system that the user says the file is.
func (d *detector) reader(c content) (int, bool) {
	certain := false
	for i, r := range readers {
		if r.knows(c, "") {
			if r.any || slices.ContainsFunc(r.systems, d.wants) {
				return i, true
			}
			certain = true
		}
	}
	if certain || d.asked == "" {
		return 0, false
	}
	for i, r := range readers {
		if slices.Contains(r.systems, d.asked) && r.knows(c, d.asked) {
			return i, true
		}
	}
	return 0, false
}

// read adds the sources of a candidate.
func (d *detector) read(in Input, c candidate) error {
	sources, err := readers[c.reader].sources(c.files, terminology.SourceOptions{Version: d.version, Today: d.today, Asked: d.asked})
	if err != nil {
		return err
	}
	for _, s := range sources {
		if !d.wants(s.Release().System) {
			continue
		}
		if err := d.add(in, s.Files()[0].Name, s); err != nil {
			return err
		}
	}
	return nil
}

// add keeps a source. A version of a code system that comes from two files is an error:
// we cannot know which is right. So is a code system that goes by another name than that
// of the list, since the list would not find it.
func (d *detector) add(in Input, file string, s terminology.Source) error {
	release := s.Release()
	where := path.Join(in.Name, file)
	name := release.Name + " " + release.Date // several versions may come together
	if known, ok := Known(release.System); ok && known.URI != release.System {
		return fmt.Errorf("%s is of the code system %s, which is a name of %s: give it the url %s", where, release.System, known.Title, known.URI)
	}
	if other, ok := d.from[name]; ok {
		return fmt.Errorf("%s and %s both hold %s: give one of them", other, where, release.Title)
	}
	d.from[name] = where
	d.sources = append(d.sources, s)
	return nil
}

// snomed makes one edition of all packages and puts its versions first.
func (d *detector) snomed() error {
	latest, err := rf2.NewSource(d.packages, rf2.Options{VersionURI: d.o.VersionURI, LenientIDs: d.o.LenientIDs})
	if err != nil {
		return err
	}
	versions, err := d.versions(latest)
	if err != nil {
		return err
	}
	sources := make([]terminology.Source, len(versions), len(versions)+len(d.sources))
	for i, version := range versions {
		if sources[i], err = latest.At(version); err != nil {
			return err
		}
	}
	d.sources = append(sources, d.sources...)
	return nil
}

// versions returns the versions that are asked for, oldest first.
func (d *detector) versions(latest *rf2.Source) ([]terminology.Date, error) {
	if d.o.Versions == "" || d.o.Versions == VersionsLatest {
		return []terminology.Date{latest.Edition().Date}, nil
	}
	if strings.Contains(d.o.VersionURI, "/version/") {
		return nil, fmt.Errorf("versions %s and version URI %s: give one of them, or the URI without its version", d.o.Versions, d.o.VersionURI)
	}
	if d.o.Versions == VersionsAll {
		return latest.Versions()
	}
	var list []terminology.Date
	for word := range strings.SplitSeq(d.o.Versions, ",") {
		version, ok := terminology.ParseDate(strings.TrimSpace(word))
		if !ok {
			return nil, fmt.Errorf("versions %q: found %q, want %s, %s, or dates as yyyymmdd with commas between them", d.o.Versions, word, VersionsAll, VersionsLatest)
		}
		list = append(list, version)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}
