package importer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Options say where to and with what. The four functions are required.
type Options struct {
	Data     string // data folder; made when it is not there
	Replace  bool   // put the release in the place of one with the same name and date
	Software string // name and version of the program, for the manifest
	Formats  map[string]int
	// Definitions tells to search text definitions too, and not terms only.
	Definitions bool
	Report      func(Progress)

	CreateTables func(dir string) (terminology.TableWriter, error)
	OpenTables   func(dir string) (terminology.Tables, error)
	CreateText   func(dir string) (terminology.TextIndexWriter, error)
	OpenText     func(dir string) (terminology.TextIndex, error)
}

// Run imports one release and returns its manifest. Kinds of error: Invalid, the
// source is bad, and the rows are named; Conflict, the release is installed already
// and Replace is not set; Unavailable, another import works on the data folder, or
// ctx ended.
func Run(ctx context.Context, src terminology.Source, o Options) (catalog.Manifest, error) {
	none := catalog.Manifest{}
	stage, err := catalog.Stage(o.Data)
	if err != nil {
		return none, o.full(err)
	}
	r := &run{Options: o, src: src, stage: stage, report: newReporter(o.Report, src.Release().Name)}
	manifest, err := r.run(ctx)
	err = o.full(err)
	if err != nil && r.dir != "" {
		err = errors.Join(err, os.RemoveAll(r.dir))
	}
	if err = errors.Join(err, stage.Close()); err != nil {
		return none, err
	}
	return manifest, nil
}

// full says of an error of a full disk what became of the release, once, whichever file
// was the one that had no room.
func (o *Options) full(err error) error {
	if !errors.Is(err, syscall.ENOSPC) {
		return err
	}
	return &terminology.Error{Op: "importer.Run", Kind: terminology.Unavailable,
		Err: fmt.Errorf("the disk of the data folder %s is full: nothing of this release is kept, make room and try again (%w)", o.Data, syscall.ENOSPC)}
}

// run is one import.
type run struct {
	Options
	src    terminology.Source
	stage  *catalog.Staging
	report *reporter
	dir    string

	release   terminology.Release
	sources   []catalog.SourceFile
	rows      map[string]int
	repairs   []string
	repaired  int
	image     *basic.Image // nil for maps and resources
	maps      conceptmap.Builder
	kept      resource.Builder
	resources int // written
	listed    []catalog.Kept
}

func (r *run) run(ctx context.Context) (catalog.Manifest, error) {
	m := catalog.Manifest{}
	if err := r.checkNew(r.src.Release()); err != nil {
		return m, err
	}
	if err := r.read(ctx); err != nil {
		return m, err
	}
	if err := r.checkNew(r.release); err != nil {
		return m, err
	}
	hashed := make(chan error, 1)
	go func() { // beside the writing, which uses one core
		var err error
		r.sources, err = hashSources(ctx, r.src)
		hashed <- err
	}()
	err := r.write(ctx)
	if err = errors.Join(err, <-hashed); err != nil {
		return m, err
	}
	r.report.stage(Checking, 0)
	if err := r.check(); err != nil {
		return m, err
	}
	if m, err = r.manifest(); err != nil {
		return m, err
	}
	if err := catalog.WriteManifest(r.dir, m); err != nil {
		return m, err
	}
	if err := ctx.Err(); err != nil {
		return m, canceled(ctx)
	}
	if err := r.stage.Publish(r.dir, r.release, r.Replace); err != nil {
		return m, err
	}
	r.report.stage(Published, 0)
	return m, nil
}

func canceled(ctx context.Context) error {
	return &terminology.Error{Op: "importer.Run", Kind: terminology.Unavailable, Err: fmt.Errorf("the import was stopped, nothing was imported: %w", context.Cause(ctx))}
}

// checkNew refuses early what Publish would refuse at the end.
func (r *run) checkNew(release terminology.Release) error {
	if release.Date == "" {
		return nil
	}
	dir := catalog.Dir(r.Data, release)
	if err := catalog.Replaces(dir, release); err != nil || r.Replace {
		return err
	}
	m, err := catalog.ReadManifest(dir)
	switch {
	case terminology.KindOf(err) == terminology.NotFound:
		return nil // not there, or without its manifest: no release
	case err != nil:
		return &terminology.Error{Op: "importer.Run", Kind: terminology.Conflict, Err: fmt.Errorf("%s %s is installed already, but damaged: use --replace to put this one in its place (%w)", release.Name, release.Date, err)}
	}
	return &terminology.Error{Op: "importer.Run", Kind: terminology.Conflict, Err: fmt.Errorf("%s %s is installed already, imported %s: use --replace to put this one in its place, or another version", release.Name, release.Date, m.Imported.Format("2006-01-02"))}
}

// read reads the source and computes the columns.
func (r *run) read(ctx context.Context) error {
	total := int64(0)
	for _, f := range r.src.Files() {
		total += f.Size
	}
	r.report.stage(Reading, total)
	s := &sink{Builder: basic.NewBuilder(), rows: map[string]int{}, report: r.report}
	release, err := r.src.Read(ctx, s)
	if ctx.Err() != nil {
		return canceled(ctx)
	}
	if err = s.err(r.src.Release().Title, err); err != nil {
		return err
	}
	r.report.stage(Computing, 0)
	r.rows, r.maps, r.kept = s.rows, s.maps, s.kept
	r.repairs, r.repaired = s.repairs, s.repaired
	release.Maps = r.maps.Infos()
	r.release = release
	if err := checkRelease(release); err != nil {
		return err
	}
	switch release.Kind {
	case terminology.KindResources:
		if r.kept.Len() == 0 {
			return &terminology.Error{Op: "importer.Run", Kind: terminology.Invalid, Err: fmt.Errorf("%s has no resources", release.Title)}
		}
		return nil
	case terminology.KindConceptMap:
		if len(release.Maps) == 0 || release.Maps[0].Rows == 0 {
			return &terminology.Error{Op: "importer.Run", Kind: terminology.Invalid, Err: fmt.Errorf("%s has no rows", release.Title)}
		}
		return nil
	}
	rules := codesystem.Rules(release.System)
	if r.Definitions {
		rules.Search = func(string) bool { return true }
	}
	r.image, err = s.Build(release, rules)
	return err
}

// checkRelease refuses a source that does not say what it is.
func checkRelease(r terminology.Release) error {
	for _, field := range [...]struct{ name, value string }{{"name", r.Name}, {"system", r.System}, {"version", r.Version}, {"date", r.Date}} {
		if field.value == "" {
			return &terminology.Error{Op: "importer.Run", Kind: terminology.Invalid, Err: fmt.Errorf("the %s of %s is not known: give it with --release-version, or --version-uri for SNOMED CT", field.name, r.Title)}
		}
	}
	if r.Date != filepath.Base(r.Date) || r.Date[0] == '.' || r.Name != filepath.Base(r.Name) || r.Name[0] == '.' {
		return &terminology.Error{Op: "importer.Run", Kind: terminology.Invalid, Err: fmt.Errorf("version %q cannot be the name of a folder", r.Date)}
	}
	return nil
}

// write writes tables and text index into a new folder.
func (r *run) write(ctx context.Context) error {
	var err error
	if r.dir, err = r.stage.Build(); err != nil {
		return err
	}
	r.report.stage(Writing, 0)
	debug.FreeOSMemory() // what computing left, before the files are mapped
	w, err := r.CreateTables(filepath.Join(r.dir, catalog.TablesDir))
	if err != nil {
		return err
	}
	if err := errors.Join(r.writeTables(w), w.Close()); err != nil {
		return err
	}
	if r.image == nil {
		return nil
	}
	return r.writeText(ctx)
}

func (r *run) writeTables(w terminology.TableWriter) error {
	if r.image != nil {
		if err := r.image.Write(w); err != nil {
			return err
		}
	}
	if err := r.maps.Write(w); err != nil {
		return err
	}
	r.maps = conceptmap.Builder{}
	if err := r.kept.Write(w); err != nil {
		return err
	}
	if err := r.listKept(); err != nil {
		return err
	}
	r.resources, r.kept = r.kept.Len(), resource.Builder{}
	if r.image == nil {
		return nil
	}
	return r.image.WriteRows(w)
}

// listKept makes the list of the resources of a release that is not a collection.
func (r *run) listKept() error {
	if r.release.Kind == terminology.KindResources {
		return nil
	}
	for info, raw := range r.kept.All() {
		kept, err := catalog.Keep(info, raw)
		if err != nil {
			return err
		}
		r.listed = append(r.listed, kept)
	}
	return nil
}

func (r *run) writeText(ctx context.Context) error {
	return r.indexText(ctx, r.image, r.image.DocumentCount())
}

// indexText writes the text index of documents into the folder of the release.
func (r *run) indexText(ctx context.Context, from terminology.TextLessons, documents int) error {
	r.report.stage(Indexing, int64(documents))
	w, err := r.CreateText(filepath.Join(r.dir, catalog.TextDir))
	if err != nil {
		return err
	}
	if err = w.Learn(stoppable{from, ctx}); err == nil {
		err = from.Documents(func(d terminology.TextDocument) error {
			if ctx.Err() != nil {
				return canceled(ctx)
			}
			r.report.add(1)
			return w.Add(d)
		})
	}
	if err != nil {
		w.Abort()
		return err
	}
	r.report.send()
	return w.Close()
}

// stoppable is what an index learns from, until ctx ends.
type stoppable struct {
	terminology.TextLessons
	ctx context.Context
}

// Documents passes every document to add.
func (s stoppable) Documents(add func(terminology.TextDocument) error) error {
	return s.TextLessons.Documents(func(d terminology.TextDocument) error {
		if s.ctx.Err() != nil {
			return canceled(s.ctx)
		}
		return add(d)
	})
}

// check opens what was written and compares it with what was read.
func (r *run) check() error {
	const op = "importer.Run"
	tables, err := r.OpenTables(filepath.Join(r.dir, catalog.TablesDir))
	if err != nil {
		return err
	}
	if v, ok := tables.(interface{ Verify() error }); ok {
		err = v.Verify()
	}
	if err == nil && r.image != nil {
		err = r.checkCodeSystem(tables)
	}
	if err == nil {
		err = conceptmap.Open(tables, r.release).Check()
	}
	if err == nil {
		err = checkResources(tables)
	}
	if err = errors.Join(err, tables.Close()); err != nil {
		return &terminology.Error{Op: op, Kind: terminology.Corrupt, Err: fmt.Errorf("what was written does not read back: %w", err)}
	}
	return nil
}

// checkResources reads every FHIR resource.
func checkResources(tables terminology.Tables) error {
	kept, err := resource.OpenReader(tables)
	if err != nil {
		return err
	}
	return kept.Check()
}

// checkCodeSystem looks up every 97th concept both ways and counts documents.
func (r *run) checkCodeSystem(tables terminology.Tables) error {
	cs, err := codesystem.OpenColumns(tables, r.release)
	if err != nil {
		return err
	}
	concepts, active, terms := r.image.Counts()
	if c, a, t := cs.Counts(); c != concepts || a != active || t != terms {
		return fmt.Errorf("found %d concepts, %d active, %d terms, want %d, %d, %d", c, a, t, concepts, active, terms)
	}
	for o := terminology.Ordinal(0); int(o) < cs.Len(); o += 97 {
		if found, ok := cs.Find(cs.Code(o)); !ok || found != o {
			return fmt.Errorf("code %s is not found", cs.Code(o))
		}
		for _, p := range cs.Parents(o) {
			if !cs.Subsumes(p, o) {
				return fmt.Errorf("%s is not below its parent %s", cs.Code(o), cs.Code(p))
			}
		}
	}
	return r.countText(cs.DocumentCount())
}

// countText opens the text index and counts its documents.
func (r *run) countText(want int) error {
	text, err := r.OpenText(filepath.Join(r.dir, catalog.TextDir))
	if err != nil {
		return err
	}
	n := text.Len()
	if err := text.Close(); err != nil {
		return err
	}
	if n != want {
		return fmt.Errorf("the text index has %d documents, want %d", n, want)
	}
	return nil
}

func (r *run) manifest() (catalog.Manifest, error) {
	for i := range r.sources {
		r.sources[i].Rows = r.rows[r.sources[i].Name]
	}
	m := catalog.Manifest{Formats: r.Formats, Release: r.release, Imported: time.Now().UTC().Truncate(time.Second), Software: r.Software, Sources: r.sources, Repaired: r.repaired, Repairs: r.repairs}
	m.ResourceCount, m.Kept = r.resources, r.listed
	if r.image != nil {
		m.Concepts, m.Active, m.Terms = r.image.Counts()
		m.Columns = r.image.Columns()
	}
	var err error
	m.Files, err = sealFiles(r.dir)
	return m, err
}
