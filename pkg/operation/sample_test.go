package operation_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/search"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// service answers from the sample of the project, and installed is what it is
// opened from. Both are made once for all tests.
var (
	service   *operation.Service
	installed *catalog.Catalog
)

func TestMain(m *testing.M) {
	os.Exit(func() int {
		data, err := os.MkdirTemp("", "operation")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(data)
		if installed, err = importSample(data); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer installed.Close()
		service = operation.New(installed, operation.Options{Languages: language.Of(language.Bokmal)})
		return m.Run()
	}())
}

func importSample(data string) (*catalog.Catalog, error) {
	testdata := func(names ...string) string {
		return filepath.Join(append([]string{"..", "..", "testdata"}, names...)...)
	}
	const older = "http://snomed.info/sct/51000202101/version/20250315"
	all := []string{testdata("snomed"), testdata("icd10", "icd10-fat.json"), testdata("icpc2", "icpc2-fat.json"), testdata("icpc2", "icpc2b-to-icd10.csv")}
	for _, one := range []struct {
		paths   []string
		options codesystem.Options
	}{
		{all, codesystem.Options{Version: "2026"}},
		{all[:1], codesystem.Options{VersionURI: older}}, // the same content under an older date
	} {
		in, err := importer.OpenInputs(one.paths)
		if err != nil {
			return nil, err
		}
		one.options.Today = "2026-11-22"
		sources, err := codesystem.Detect(in.List, one.options)
		if err != nil {
			return nil, err
		}
		for _, src := range sources {
			if _, err := importer.Run(context.Background(), src, importOptions(data)); err != nil {
				return nil, err
			}
		}
		if err := in.Close(); err != nil {
			return nil, err
		}
	}
	return catalog.Open(data, openRelease, catalog.Options{Language: "nb"})
}

func importOptions(data string) importer.Options {
	return importer.Options{
		Data:         data,
		CreateTables: func(dir string) (terminology.TableWriter, error) { return store.Create(dir) },
		OpenTables:   func(dir string) (terminology.Tables, error) { return store.Open(dir) },
		CreateText: func(dir string) (terminology.TextIndexWriter, error) {
			b, err := search.NewBuilder(dir, search.BuilderOptions{})
			if err != nil {
				return nil, err
			}
			return b.Port(), nil
		},
		OpenText: openText,
	}
}

func openRelease(dir string, m catalog.Manifest) (*catalog.Opened, error) {
	tables, err := store.Open(filepath.Join(dir, catalog.TablesDir))
	if err != nil {
		return nil, err
	}
	o := &catalog.Opened{Maps: conceptmap.Open(tables, m.Release), Close: tables.Close}
	if m.Release.Kind == terminology.KindConceptMap {
		return o, nil
	}
	if o.CodeSystem, err = codesystem.Open(tables, m.Release); err != nil {
		return nil, err
	}
	if o.Text, err = openText(filepath.Join(dir, catalog.TextDir)); err != nil {
		return nil, err
	}
	o.Close = func() error { return errors.Join(o.Text.Close(), tables.Close()) }
	return o, nil
}

func openText(dir string) (terminology.TextIndex, error) {
	ix, err := search.Open(dir)
	if err != nil {
		return nil, err
	}
	return ix.Port(), nil
}

// languages reads a list of languages as clients write it.
func languages(t testing.TB, list string) language.Preference {
	t.Helper()
	p, err := language.Parse(list)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
