package wiring

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/search"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// formats are the versions of what a release is made of.
func formats() map[string]int {
	return map[string]int{"store": store.FormatVersion, "columns": basic.FormatVersion, mapsFormat: conceptmap.FormatVersion, textFormat: search.MappingVersion}
}

// mapsFormat is the name under which a manifest has the form of the rows of maps.
const mapsFormat = "maps"

// textFormat is the name under which a manifest has the mapping version of the text index.
const textFormat = "text"

// Readable returns the error, of kind Conflict, that a release was written in a format
// that this program does not read; nil when it reads it.
func Readable(m catalog.Manifest) error {
	ours := formats()
	for _, part := range slices.Sorted(maps.Keys(ours)) { // the text last
		have, want := m.Formats[part], ours[part]
		if part == mapsFormat && len(m.Release.Maps) == 0 {
			continue
		}
		if part == textFormat && have != want && m.Release.Kind == terminology.KindCodeSystem {
			return &terminology.Error{Op: "wiring.Open", Kind: terminology.Conflict, Err: fmt.Errorf("release %s %s has its text index in mapping version %d, this kodeks reads version %d: build it anew with kodeks reindex '%s|%s'", m.Release.Name, m.Release.Date, have, want, m.Release.Name, m.Release.Date)}
		}
		if have != want {
			return &terminology.Error{Op: "wiring.Open", Kind: terminology.Conflict, Err: fmt.Errorf("release %s %s has its %s in format %d, this kodeks reads format %d: import it again with kodeks import --replace", m.Release.Name, m.Release.Date, part, have, want)}
		}
	}
	return nil
}

// Open opens tables, text index and maps of the release in dir; it is a catalog.Opener.
// The error is Conflict when the release was written in another format.
func Open(dir string, m catalog.Manifest) (*catalog.Opened, error) {
	return open(dir, m, func(dir string) (terminology.TextIndex, error) {
		ix, err := search.Open(dir)
		if err != nil {
			return nil, err
		}
		return ix.Port(), nil
	})
}

// Check opens all of the release in dir, as Open does, and closes it.
func Check(dir string, m catalog.Manifest) error {
	o, err := Open(dir, m)
	if err != nil {
		return err
	}
	return o.Close()
}

// OpenLater is Open for a program that asks little and ends: the text index is opened when
// it is first searched, since what is looked up by its code has no need of it.
func OpenLater(dir string, m catalog.Manifest) (*catalog.Opened, error) {
	return open(dir, m, search.OpenLater)
}

func open(dir string, m catalog.Manifest, openText func(dir string) (terminology.TextIndex, error)) (_ *catalog.Opened, err error) {
	if err := Readable(m); err != nil {
		return nil, err
	}
	tables, err := store.Open(filepath.Join(dir, catalog.TablesDir))
	if err != nil {
		return nil, err
	}
	kept, err := resource.OpenReader(tables)
	if err == nil && m.Kept != nil && !slices.Equal(kept.Resources(), m.Infos()) {
		err = &terminology.Error{Op: "wiring.Open", Kind: terminology.Corrupt, Err: fmt.Errorf("release %s holds other resources than its manifest says", dir)}
	}
	if err != nil {
		return nil, errors.Join(err, tables.Close())
	}
	o := &catalog.Opened{Maps: conceptmap.Open(tables, m.Release), Resources: kept, Close: tables.Close}
	switch m.Release.Kind {
	case terminology.KindConceptMap:
		return o, nil
	case terminology.KindResources:
		if o.Served, err = served(kept); err != nil {
			return nil, errors.Join(err, tables.Close())
		}
		return o, nil
	}
	text, err := openText(filepath.Join(dir, catalog.TextDir))
	if err != nil {
		return nil, errors.Join(err, tables.Close())
	}
	cs, err := codesystem.Open(tables, text, m.Release)
	if err != nil {
		return nil, errors.Join(err, text.Close(), tables.Close())
	}
	o.CodeSystem, o.Text = cs, text
	o.Close = func() error { return errors.Join(text.Close(), tables.Close()) }
	return o, nil
}

// served makes the code systems that the resources of a collection answer for.
func served(kept *resource.Reader) ([]catalog.Served, error) {
	list, err := kept.Served()
	out := make([]catalog.Served, len(list))
	for i, p := range list {
		out[i] = catalog.Served{CodeSystem: p, Text: p.Text(), Maps: &conceptmap.Reader{}}
	}
	return out, err
}

// OpenResource makes what answers for a resource that a client wrote: the code system of
// a CodeSystem, the maps of a ConceptMap; nil when nothing does.
func OpenResource(r *resource.Resource) (*catalog.Opened, error) {
	switch {
	case !r.AnswersItself():
		return nil, nil
	case r.Type == resource.TypeConceptMap:
		var b conceptmap.Builder
		if err := r.SayMaps(&b); err != nil {
			return nil, err
		}
		tables := store.NewMemory()
		if err := b.Write(tables); err != nil {
			return nil, err
		}
		return &catalog.Opened{Maps: conceptmap.Open(tables, terminology.Release{Maps: b.Infos()})}, nil
	}
	p, err := resource.NewProvider(r, basic.Options{})
	if err != nil {
		return nil, err
	}
	return &catalog.Opened{CodeSystem: p, Text: p.Text(), Maps: &conceptmap.Reader{}}, nil
}

// ImportOptions are the options of an import into a data folder, with the ways into
// store and search. Software is the name and version of the program, words what compounds
// may be made of beyond the words of the release.
func ImportOptions(dataDir, software string, words ...string) importer.Options {
	return importer.Options{
		Data: dataDir, Software: software, Formats: formats(),
		CreateTables: func(dir string) (terminology.TableWriter, error) { return store.Create(dir) },
		OpenTables:   func(dir string) (terminology.Tables, error) { return store.Open(dir) },
		CreateText: func(dir string) (terminology.TextIndexWriter, error) {
			b, err := search.NewBuilder(dir, search.BuilderOptions{Words: words})
			if err != nil {
				return nil, err
			}
			return b.Port(), nil
		},
		OpenText: func(dir string) (terminology.TextIndex, error) {
			ix, err := search.Open(dir)
			if err != nil {
				return nil, err
			}
			return ix.Port(), nil
		},
	}
}

// ReadWords reads a file of words for ImportOptions.
func ReadWords(file string) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, &terminology.Error{Op: "wiring.ReadWords", Kind: terminology.Invalid, Err: err}
	}
	defer f.Close()
	return search.ReadWords(f, file)
}

// KeptWords returns the words that the text index of the release in dir was built with
// (ImportOptions); nil when there were none.
func KeptWords(dir string) ([]string, error) {
	return search.KeptWords(filepath.Join(dir, catalog.TextDir))
}

// Verify compares the hashes and checksums of the release in dir with its manifest,
// and reads every row. The error is Corrupt when something is not what was imported.
func Verify(ctx context.Context, dir string, m catalog.Manifest) error {
	if err := importer.VerifyFiles(ctx, dir, m); err != nil {
		return err
	}
	tables, err := store.Open(filepath.Join(dir, catalog.TablesDir))
	if err != nil {
		return err
	}
	err = tables.Verify()
	if err == nil {
		err = conceptmap.Open(tables, m.Release).Check()
	}
	if err == nil {
		var kept *resource.Reader
		if kept, err = resource.OpenReader(tables); err == nil {
			err = kept.Check()
		}
	}
	if err == nil && m.Release.Kind == terminology.KindCodeSystem {
		var cs *basic.Provider
		if cs, err = codesystem.OpenColumns(tables, m.Release); err == nil {
			err = cs.Check()
		}
		if err == nil {
			err = verifyText(dir, cs.DocumentCount())
		}
	}
	return errors.Join(err, tables.Close())
}

func verifyText(dir string, documents int) error {
	text, err := search.Open(filepath.Join(dir, catalog.TextDir))
	if err != nil {
		return err
	}
	n := text.Len()
	if err := text.Close(); err != nil {
		return err
	}
	if n != documents {
		return &terminology.Error{Op: "wiring.Verify", Kind: terminology.Corrupt, Err: fmt.Errorf("the text index has %d documents, want %d", n, documents)}
	}
	return nil
}
