package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Reindex builds the text index of an installed release anew, from what is stored of it,
// and puts the release with it in the place of the old one in one step. It is for an
// index of another format than this program's, or with words that compounds may be made
// of, and needs no file of the publisher. Kinds of error: Conflict, the rest of the
// release is in another format too and must be imported again; Corrupt, it is damaged;
// NotSupported, it is a release without terms; Unavailable, another import works on the
// data folder, or ctx ended. Whatever the error, the release is as it was.
func Reindex(ctx context.Context, release terminology.Release, o Options) (m catalog.Manifest, err error) {
	const op = "importer.Reindex"
	stage, err := catalog.Stage(o.Data)
	if err != nil {
		return m, o.full(err)
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	old := catalog.Dir(o.Data, release)
	if m, err = catalog.ReadManifest(old); err != nil {
		return m, err
	}
	if m.Release.Kind != terminology.KindCodeSystem {
		return m, &terminology.Error{Op: op, Kind: terminology.NotSupported, Err: fmt.Errorf("%s %s has no terms to index", release.Name, release.Date)}
	}
	for part, want := range o.Formats {
		if part == "maps" && len(m.Release.Maps) == 0 {
			continue
		}
		if have := m.Formats[part]; part != "text" && have != want {
			return m, &terminology.Error{Op: op, Kind: terminology.Conflict, Err: fmt.Errorf("%s %s has its %s in format %d, this kodeks reads format %d: import it again with kodeks import --replace",
				release.Name, release.Date, part, have, want)}
		}
	}
	r := &run{Options: o, stage: stage, release: m.Release, report: newReporter(o.Report, release.Name)}
	r.Replace = true
	defer func() {
		if err != nil && r.dir != "" {
			err = errors.Join(err, os.RemoveAll(r.dir))
		}
	}()
	if m, err = r.reindex(ctx, old, m); err != nil {
		return m, o.full(err)
	}
	if err = stage.Publish(r.dir, m.Release, true); err != nil {
		return m, err
	}
	r.report.stage(Published, 0)
	return m, nil
}

// reindex makes the new release of the files of the old one.
func (r *run) reindex(ctx context.Context, old string, m catalog.Manifest) (catalog.Manifest, error) {
	r.report.stage(Checking, 0)
	rest := m
	rest.Files = nil
	for _, f := range m.Files {
		if !strings.HasPrefix(f.Name, catalog.TextDir+"/") {
			rest.Files = append(rest.Files, f)
		}
	}
	if err := VerifyFiles(ctx, old, rest); err != nil {
		return m, err
	}
	var err error
	if r.dir, err = r.stage.Build(); err != nil {
		return m, err
	}
	for _, f := range rest.Files {
		if err := link(filepath.Join(old, filepath.FromSlash(f.Name)), filepath.Join(r.dir, filepath.FromSlash(f.Name))); err != nil {
			return m, err
		}
	}
	tables, err := r.OpenTables(filepath.Join(r.dir, catalog.TablesDir))
	if err != nil {
		return m, err
	}
	cs, err := codesystem.OpenColumns(tables, m.Release)
	if err == nil {
		if err = r.indexText(ctx, cs.Lessons(), cs.DocumentCount()); err == nil {
			err = r.countText(cs.DocumentCount())
		}
	}
	if err = errors.Join(err, tables.Close()); err != nil {
		return m, err
	}
	m.Formats = r.Formats
	if m.Files, err = sealFiles(r.dir); err != nil {
		return m, err
	}
	return m, catalog.WriteManifest(r.dir, m)
}

// link makes to the same file as from, or a copy where the file system cannot.
func link(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
