package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// serverLanguage is shown when a client asks for no language.
const serverLanguage = language.Bokmal

// refreshEvery is how often a server looks for new releases.
const refreshEvery = time.Second

// retryAfter is how long a server leaves a damaged release alone.
const retryAfter = 30 * time.Second

// installed is the service over a data folder.
type installed struct {
	*operation.Service
	catalog *catalog.Catalog
	edition string // --default-edition as a URI, or ""
	prints  atomic.Pointer[print]
}

// print is the fingerprint of what was installed at a generation of the catalog.
type print struct {
	generation uint64
	text       string
}

// fingerprint names what is installed and how it answers.
func (in *installed) fingerprint() string {
	generation := in.catalog.Generation() // before the snapshot, which may be newer
	if p := in.prints.Load(); p != nil && p.generation == generation {
		return p.text
	}
	snap := in.catalog.Acquire()
	defer snap.LetGo()
	p := &print{generation, snap.Fingerprint() + " " + string(serverLanguage)}
	in.prints.Store(p)
	return p.text
}

// openService opens all releases of a data folder. A release that cannot be opened
// is an error when it is the only one, and told otherwise. The edition of SNOMED CT
// that answers when none is asked for is one of editionURI.
func openService(ctx context.Context, dataDir, edition string) (*installed, error) {
	return openFor(ctx, dataDir, edition, nil, nil, false)
}

// openServer is openService with the resources that clients write, which may be nil and
// stay the caller's.
func openServer(ctx context.Context, dataDir, edition string, resources terminology.ResourceStore, readOnly bool) (*installed, error) {
	return openFor(ctx, dataDir, edition, nil, resources, readOnly)
}

// openLater is openService for a command that asks little: a release is opened when it
// is first asked for, and one that cannot be opened is told then.
func openLater(ctx context.Context, dataDir, edition string) (*installed, error) {
	return openFor(ctx, dataDir, edition, wiring.Readable, nil, false)
}

func openFor(_ context.Context, dataDir, edition string, later func(catalog.Manifest) error, resources terminology.ResourceStore, readOnly bool) (*installed, error) {
	edition, err := editionURI(edition)
	if err != nil {
		return nil, err
	}
	open := wiring.Open // a server finds damage when it starts
	if later != nil {
		open = wiring.OpenLater
	}
	c, err := catalog.Open(dataDir, open, catalog.Options{Language: string(serverLanguage), Retry: retryAfter, Later: later, Large: &catalog.Large{Readable: wiring.Readable, Check: wiring.Check}, Today: today, Stored: resources, ReadOnly: readOnly, OpenResource: wiring.OpenResource, Default: map[string]string{codesystem.SNOMED: edition}})
	if err != nil {
		return nil, err
	}
	snap := c.Acquire()
	defer snap.LetGo()
	problems := c.Problems()
	if len(snap.Releases) == 0 && len(problems) > 0 {
		return nil, errors.Join(append(problems, c.Close())...)
	}
	closures, _ := resources.(terminology.ClosureStore) // nil when nothing is kept
	return &installed{Service: operation.New(c, operation.Options{Languages: language.Of(serverLanguage), Closures: closures}), catalog: c, edition: edition}, nil
}

// today returns the day, where the program runs.
func today() terminology.Date {
	year, month, day := time.Now().Date()
	return terminology.Date(year*10000 + int(month)*100 + day)
}

// maxWarned is how many damaged releases a command names.
const maxWarned = 5

// warnings returns why releases do not answer, in the place of which others do, with what
// to do about it. What is in told has been told.
func (in *installed) warnings(told error) []string {
	var out []string
	problems := slices.DeleteFunc(in.catalog.Problems(), func(p error) bool { return errors.Is(told, p) })
	for i, p := range problems {
		if i == maxWarned {
			return append(out, fmt.Sprintf("%d more releases cannot be used: kodeks verify names them", len(problems)-i))
		}
		text := terminology.Message(p)
		if terminology.KindOf(p) != terminology.Conflict { // which says it
			text += "; the release is not used: kodeks verify tells more, and kodeks import --replace installs it anew"
		}
		out = append(out, text)
	}
	return out
}

// editionURI reads --default-edition: the URI of an edition or version of SNOMED CT,
// or the id of its module.
func editionURI(s string) (string, error) {
	uri := s
	if s != "" && !strings.Contains(s, ":") {
		uri = snomed.System + "/" + s
	}
	if e, err := snomed.ParseEdition(uri); s != "" && (err != nil || e == snomed.Edition{}) {
		return "", usage("--default-edition %s is no edition of SNOMED CT, want the id of a module such as %s, %s/MODULE or %s/MODULE/version/YYYYMMDD", s, snomed.NorwegianModule, snomed.System, snomed.System)
	}
	return uri, nil
}

// checkDefault tells when the default edition is not installed.
func (in *installed) checkDefault() error {
	if in.edition == "" {
		return nil
	}
	snap := in.catalog.Acquire()
	defer snap.LetGo()
	_, err := snap.CodeSystem(codesystem.SNOMED, in.edition)
	if err == nil {
		return nil
	}
	return &terminology.Error{Op: "kodeks", Kind: terminology.KindOf(err), Err: fmt.Errorf("--default-edition: %s; until it is, the newest in the language of the server answers", terminology.Message(err))}
}

// Close closes the releases.
func (in *installed) Close() error { return in.catalog.Close() }

// ready tells why the server cannot answer yet; nil when it can.
func (in *installed) ready() error {
	snap := in.catalog.Acquire()
	defer snap.LetGo()
	if len(snap.Releases) == 0 {
		return errors.New("no release is installed yet")
	}
	return nil
}

// watch takes new releases into use until ctx ends, and logs what changes.
func (in *installed) watch(ctx context.Context, log *slog.Logger) {
	for _, err := range in.catalog.Problems() {
		log.Error("release cannot be opened", "err", err)
	}
	for _, err := range in.catalog.Unreadable() {
		log.Error("resource cannot be read; all others are served", "err", err)
	}
	in.catalog.Watch(ctx, refreshEvery, func(c catalog.Change) {
		switch {
		case c.Err != nil:
			log.Error("release cannot be opened", "name", c.Release.Name, "date", c.Release.Date, "err", c.Err)
		case c.Removed:
			log.Info("release removed", "name", c.Release.Name, "version", c.Release.Version)
		default:
			log.Info("release taken into use", "name", c.Release.Name, "version", c.Release.Version)
		}
		debug.FreeOSMemory() // the columns of what went
	})
}

// releaseDirs returns the folders of installed releases that names pick: NAME,
// NAME|VERSION, all when there are none. Folders that hold no whole release count
// too, so that verify can tell.
func releaseDirs(dataDir string, names []string) ([]string, error) {
	dirs, err := versionDirs(filepath.Join(dataDir, catalog.ReleasesDir))
	if err != nil {
		return nil, err
	}
	if len(dirs) == 0 {
		return nil, &terminology.Error{Op: "kodeks", Kind: terminology.NotFound, Err: fmt.Errorf("%s holds no releases: import one with kodeks import PATH --data %s", dataDir, dataDir)}
	}
	if len(names) == 0 {
		return dirs, nil
	}
	var out, known []string
	for _, want := range names {
		name, version, _ := strings.Cut(want, "|")
		found := false
		for _, dir := range dirs {
			if meant(dir, name, version) {
				out, found = append(out, dir), true
			}
			known = append(known, filepath.Base(filepath.Dir(dir))+"|"+filepath.Base(dir))
		}
		if !found {
			return nil, &terminology.Error{Op: "kodeks", Kind: terminology.NotFound, Err: fmt.Errorf("release %s is not installed; installed: %s", want, strings.Join(known, ", "))}
		}
	}
	return out, nil
}

// versionDirs returns the folders two levels below a folder, in the order of their
// names; of a folder that is not there, none.
func versionDirs(root string) ([]string, error) {
	var dirs []string
	names, err := os.ReadDir(root)
	for _, name := range names {
		if !name.IsDir() {
			continue
		}
		versions, err := os.ReadDir(filepath.Join(root, name.Name()))
		if err != nil && !errors.Is(err, os.ErrNotExist) { // removed meanwhile
			return nil, &terminology.Error{Op: "kodeks", Err: err}
		}
		for _, v := range versions {
			dirs = append(dirs, filepath.Join(root, name.Name(), v.Name()))
		}
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, &terminology.Error{Op: "kodeks", Err: err}
	}
	return dirs, nil
}

// meant reports whether the release in dir is meant by a name, that of its folder
// or any of its code system, and a version or date.
func meant(dir, name, version string) bool {
	m, err := catalog.ReadManifest(dir)
	folder, date := filepath.Base(filepath.Dir(dir)), filepath.Base(dir)
	sameName := folder == name || err == nil && slices.ContainsFunc(codesystem.Names(m.Release), func(known string) bool { return strings.EqualFold(known, name) })
	return sameName && (version == "" || version == date || err == nil && version == m.Release.Version)
}

// verifyReleases reads everything of the releases and reports each, and without names the
// resources that clients wrote.
func verifyReleases(ctx context.Context, dataDir string, names []string, report func(verified)) error {
	dirs, err := releaseDirs(dataDir, names)
	if kind := terminology.KindOf(err); len(names) == 0 && (err == nil || kind == terminology.NotFound) {
		if v := verifyResources(ctx, dataDir); v.Files > 0 || v.Closures > 0 || v.Err != nil || v.Note != "" {
			report(v)
			if kind == terminology.NotFound { // there is nothing else
				err = nil
			}
		}
	}
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		start := time.Now()
		v := verified{Name: filepath.Base(filepath.Dir(dir)), Version: filepath.Base(dir)}
		m, err := catalog.ReadManifest(dir)
		if err == nil {
			v.Title, v.Version, v.Files, v.Bytes = m.Release.Title, m.Release.Version, len(m.Files), m.Size()
			err = wiring.Verify(ctx, dir, m)
		}
		if ctx.Err() != nil {
			return &terminology.Error{Op: "kodeks verify", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		v.Err, v.Took = err, time.Since(start)
		report(v)
	}
	return nil
}

// verifyResources reads the resources that clients wrote. A server that has them keeps
// them from being read, and reads them itself.
func verifyResources(ctx context.Context, dataDir string) verified {
	start := time.Now()
	v := verified{Name: catalog.ResourcesDir, Title: "Resources that clients wrote"}
	found, err := wiring.VerifyResources(ctx, dataDir)
	v.Files, v.Bytes, v.Closures, v.Err = found.Versions, found.Bytes, found.Closures, err
	if terminology.KindOf(v.Err) == terminology.Unavailable && ctx.Err() == nil {
		v.Note, v.Err = "not read: "+terminology.Message(v.Err), nil
	}
	v.Took = time.Since(start)
	return v
}

// oneName refuses a name, such as that of a code system, by which releases of several
// names are meant: each edition of SNOMED CT has its own, and what is removed is gone.
func oneName(name string, dirs []string) error {
	var names []string
	for _, dir := range dirs {
		if n := filepath.Base(filepath.Dir(dir)); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	if len(names) < 2 {
		return nil
	}
	return &terminology.Error{Op: "kodeks remove", Kind: terminology.Invalid, Err: fmt.Errorf("%s means several releases, want the name of one: %s", name, strings.Join(names, ", "))}
}

// butLatest returns the folders, in the order of their dates, without the last of them
// that holds a release in force, and without those that are not in force yet: one that
// is damaged is not what is kept.
func butLatest(dirs []string) []string {
	kept := false
	out := slices.Clone(dirs)
	for i, dir := range slices.Backward(dirs) {
		m, err := catalog.ReadManifest(dir)
		if err != nil || kept {
			continue
		}
		out = slices.Delete(out, i, i+1)
		kept = catalog.Begins(m.Release) <= today()
	}
	return out
}

// removeRelease removes one version of a release, or all but the latest, and
// returns the versions that it removed.
func removeRelease(_ context.Context, dataDir, name, version string, allButLatest bool) (removed []string, err error) {
	stage, err := catalog.Stage(dataDir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	want := name
	if !allButLatest {
		want += "|" + version
	}
	dirs, err := releaseDirs(dataDir, []string{want})
	if err != nil {
		return nil, err
	}
	if err := oneName(name, dirs); err != nil {
		return nil, err
	}
	if allButLatest {
		dirs = butLatest(dirs)
	}
	for _, dir := range dirs {
		m, err := catalog.ReadManifest(dir)
		if terminology.KindOf(err) != terminology.Corrupt && err != nil {
			return removed, err
		}
		m.Release.Name, m.Release.Date = filepath.Base(filepath.Dir(dir)), filepath.Base(dir)
		if err := stage.Remove(m.Release); err != nil {
			return removed, err
		}
		removed = append(removed, m.Release.Date)
	}
	return removed, nil
}
