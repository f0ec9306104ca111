package rf2

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Options says how packages are read. The zero Options reads the latest version and
// finds out which edition it is.
type Options struct {
	// VersionURI names the edition and version, such as
	// http://snomed.info/sct/51000202101/version/20250915; without a date, the latest
	// one in the files. A Full is read as it was in that version, when it says its
	// versions; other files are taken for what this says. Empty: what the files say.
	VersionURI string
	// Date is a day: the version of that day, the last one that is not later, is read
	// from a Full. 0: the latest.
	Date terminology.Date
	// LenientIDs accepts identifiers with a wrong check digit or partition, as
	// hand-made test packages have. Lenient counts them.
	LenientIDs bool
}

// Source reads one edition from its packages. It implements terminology.Source.
type Source struct {
	packages []*Package
	o        Options
	edition  snomed.Edition
	history  history
	deps     dependencies // of the version
	limits   *limits      // of the version, in a Full
	full     bool         // a Full is read also where there is a Snapshot
	lenient  int
}

// NewSource returns a source of one version of an edition from one or several
// packages: Snapshots, Fulls, and Deltas that change them. It reads their module
// dependency files and, when those do not tell the edition, the concepts. The error
// is Invalid when the packages do not make an edition or do not have the version.
func NewSource(packages []*Package, o Options) (*Source, error) {
	return newSource(packages, o, o.Date != 0)
}

func newSource(packages []*Package, o Options, full bool) (*Source, error) {
	s := &Source{packages: packages, o: o, full: full}
	err := s.open(context.Background())
	if err == nil {
		return s, nil
	}
	var wrong invalidError
	var told *terminology.Error
	switch {
	case errors.As(err, &wrong):
		return nil, &terminology.Error{Op: "rf2.NewSource", Kind: terminology.Invalid, Err: wrong.error}
	case errors.As(err, &told):
		return nil, err
	}
	return nil, &terminology.Error{Op: "rf2.NewSource", Err: err}
}

// beta reports whether files are named as those of a beta release (xsct2_…).
func (s *Source) beta() bool {
	for _, p := range s.packages {
		for i := range p.Files {
			if base := strings.ToLower(p.Files[i].Base()); strings.HasPrefix(base, "x") && named(base) {
				return true
			}
		}
	}
	return false
}

func (s *Source) names() string {
	names := make([]string, len(s.packages))
	for i, p := range s.packages {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

// Release returns what is known of the release; the files were asked for it by
// NewSource.
func (s *Source) Release() terminology.Release {
	return terminology.Release{
		Kind:     terminology.KindCodeSystem,
		Name:     s.edition.Name(),
		System:   snomed.System,
		Version:  s.edition.String(),
		Edition:  s.edition.URI(),
		Date:     s.edition.Date.Compact(),
		Title:    s.edition.Title(),
		Language: s.edition.Language(),
	}
}

// Edition returns the edition and version that the source is.
func (s *Source) Edition() snomed.Edition { return s.edition }

// Lenient returns how many identifiers the last Read accepted only because of
// Options.LenientIDs.
func (s *Source) Lenient() int { return s.lenient }

// Files returns the files that Read will read, in its order.
func (s *Source) Files() []terminology.SourceFile {
	r, err := s.reading(discard{})
	if err != nil {
		return nil
	}
	var list []terminology.SourceFile
	for _, files := range r.files {
		for _, f := range files {
			list = append(list, terminology.SourceFile{Name: f.Path, Size: f.Size, Open: func() (io.ReadCloser, error) { return f.open() }})
		}
	}
	return list
}

// Read says everything that the files hold to the sink: concepts, descriptions,
// relationships, concrete values, then reference sets.
func (s *Source) Read(ctx context.Context, to terminology.Sink) (terminology.Release, error) {
	release := s.Release()
	r, err := s.reading(to)
	if err != nil {
		return release, &terminology.Error{Op: "rf2.Read", Kind: terminology.Invalid, Err: err}
	}
	r.edition, r.deps, r.history, r.limits = s.edition, s.deps, s.history, s.limits
	err = r.run(ctx)
	s.lenient = r.lenient
	release.Maps = r.mapInfos
	return release, err
}

// reading is one run over the files of a source.
type reading struct {
	o       Options
	edition snomed.Edition
	deps    dependencies
	history history
	limits  *limits
	to      terminology.Sink
	lines   lines
	files   [len(kindNames)][]*File // those that are read, by kind; Deltas last
	owner   map[*File]string        // the release that a file is of
	from    map[*File]*Package
	names   []string // of the packages
	bases   []string // of those that are no Delta

	concepts     *idSet
	descriptions *idSet
	spoiled      *idSet                         // concepts whose rows are bad: what refers to them is not missing them
	seen         map[snomed.ID]terminology.Date // the latest row of each module
	missing      missing
	inferred     int // active inferred relationship rows
	stated       int // active stated rows in relationship files
	tables       map[string]*File
	maps         map[string]*mapRows
	mapInfos     []terminology.MapInfo
	lenient      int
}

// reading chooses the files: those of the Snapshot of each package, else of the
// Full; of the Full when a version is asked for that the Snapshot is not; and of
// the Deltas that change them.
func (s *Source) reading(to terminology.Sink) (*reading, error) {
	r := &reading{o: s.o, to: to, owner: map[*File]string{}, from: map[*File]*Package{}, concepts: newIDSet(), descriptions: newIDSet(), spoiled: newIDSet(),
		seen: map[snomed.ID]terminology.Date{}, tables: map[string]*File{}, maps: map[string]*mapRows{}}
	add := func(p *Package, f *File, owner string) {
		r.files[f.Kind] = append(r.files[f.Kind], f)
		r.owner[f], r.from[f] = owner, p
	}
	for i, p := range s.packages {
		r.names = append(r.names, p.Name)
		form := Snapshot
		if p.has(Full) && (s.full || !p.has(Snapshot)) {
			form = Full
		}
		if !p.has(form) {
			continue // only a Delta
		}
		if s.full && form != Full {
			return nil, fmt.Errorf("%s: found only the Snapshot, want a Full for the state of %s", p.Name, s.day())
		}
		if p.broken[form] != nil {
			return nil, p.broken[form]
		}
		r.bases = append(r.bases, p.Name)
		for j := range p.Files {
			if f := &p.Files[j]; f.Form == form {
				add(p, f, fmt.Sprint(i, " ", f.origin()))
			}
		}
	}
	var deltas []*File
	for i, p := range s.packages {
		for _, f := range p.deltas() {
			deltas = append(deltas, f)
			add(p, f, fmt.Sprint(i, " Delta"))
		}
	}
	switch {
	case len(r.bases) > 0:
		return r, nil
	case len(deltas) > 0:
		return nil, fmt.Errorf("%s: found only Delta files (%s), want what they change too: give the Snapshot or Full of the version before in the same import command: kodeks import SNAPSHOT DELTA",
			s.names(), deltas[0].Base())
	}
	return nil, errors.New("found no release files, want at least one package")
}

// discard is the sink of what NewSource reads.
type discard struct{ terminology.Sink }

func (discard) Bad(*terminology.RowError) error { return nil }

// run reads the files in the order of their kinds.
func (r *reading) run(ctx context.Context) error {
	steps := []struct {
		kind Kind
		row  func(*File) rowFunc
	}{
		{Concept, r.concept}, {Description, r.description}, {Relationship, r.relationship},
		{StatedRelationship, r.relationship}, {ConcreteValue, r.relationship}, {Identifier, r.identifier},
	}
	for _, step := range steps {
		if err := r.read(ctx, r.files[step.kind], step.row); err != nil {
			return err
		}
		if step.kind == Concept {
			if err := r.checkModules(false); err != nil {
				return err
			}
		}
		if step.kind == StatedRelationship && r.inferred == 0 && r.stated > 0 {
			if err := r.statedHierarchy(ctx); err != nil {
				return err
			}
		}
	}
	if err := r.sayMissing(); err != nil {
		return err
	}
	for kind := range r.files {
		if Kind(kind).refset() {
			if err := r.read(ctx, r.files[kind], r.member); err != nil {
				return err
			}
		}
	}
	if err := r.checkModules(true); err != nil {
		return err
	}
	return r.sayMaps(ctx)
}

// rowFunc says one row to the sink. line is its number, for messages.
type rowFunc func(line int, row *rows) error

// read reads files that share their identifiers.
func (r *reading) read(ctx context.Context, files []*File, say func(*File) rowFunc) error {
	states, err := r.stateOf(ctx, files)
	if err != nil {
		return err
	}
	for i, f := range files {
		progress := func(n int) { r.to.Read(f.Path, n) }
		count, err := r.readFile(ctx, f, progress, states, i, say(f))
		if err != nil {
			return err
		}
		r.to.Count(f.Path, count)
	}
	return nil
}

// readFile reads one file and returns the number of its rows. Empty lines at its
// end are no rows; others are bad ones.
func (r *reading) readFile(ctx context.Context, f *File, progress func(int), states *state, index int, say rowFunc) (int, error) {
	row := newRows(f, r.o.LenientIDs)
	date, module := f.column("effectiveTime"), f.column("moduleId")
	last := struct{ module, date uint64 }{}
	count, empty := 0, 0
	err := r.lines.each(ctx, f, progress, func(number int, line string) error {
		if line == "" {
			if empty == 0 {
				empty = number
			}
			return nil
		}
		if empty > 0 {
			if err := r.to.Bad(row.fault(empty, "", errors.New("found an empty line, want a row"))); err != nil {
				return err
			}
			empty = 0
		}
		count++
		if bad := row.parse(number, line, r.lines.valid); bad != nil {
			if id, ok := scanDigits(row.field[0]); ok && f.Kind == Concept {
				r.spoiled.add(id)
			}
			return r.to.Bad(bad)
		}
		if !states.holds(f, index, number, row.field) {
			return nil
		}
		if m, d := row.value[module], row.value[date]; m != last.module || d > last.date {
			last.module, last.date = m, d
			r.seen[snomed.ID(m)] = max(r.seen[snomed.ID(m)], terminology.Date(d))
		}
		return r.asBad(f, number, say(number, row))
	})
	r.lenient += row.bad
	return count, err
}

// fatal is an error that no row alone is to blame for: it ends the reading.
type fatal struct{ error }

// asBad gives an error about a record, from the sink or from here, to Sink.Bad
// with file and line; other errors end the reading.
func (r *reading) asBad(f *File, line int, err error) error {
	if err == nil {
		return nil
	}
	var end fatal
	if errors.As(err, &end) {
		return end.error
	}
	var bad *terminology.RowError
	if errors.As(err, &bad) {
		return r.to.Bad(bad)
	}
	if terminology.KindOf(err) != terminology.Invalid {
		return err
	}
	var e *terminology.Error
	if errors.As(err, &e) && e.Err != nil {
		err = e.Err
	}
	return r.to.Bad(&terminology.RowError{File: f.Base(), Line: line, Err: err})
}

// table declares a table of rows, and refuses a second file with other columns for
// it.
func (r *reading) table(f *File, name string, columns []string) error {
	first := r.tables[name]
	switch {
	case first == nil:
		name = strings.Clone(name)
		r.tables[name] = f
		return r.to.Table(name, columns)
	case slices.EqualFunc(first.Columns, f.Columns, strings.EqualFold):
		return nil
	}
	return fatal{&terminology.Error{Op: "rf2.Read", Kind: terminology.Invalid, Err: fmt.Errorf(
		"found two files with different columns for table %s, want the same: %s and %s", name, first.Path, f.Path)}}
}
