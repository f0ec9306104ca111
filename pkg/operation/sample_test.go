package operation_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
)

// service answers from the sample of the project, and installed is what it is
// opened from. Both are made once for all tests.
var (
	service   *operation.Service
	installed *catalog.Catalog
	dataDir   string // of installed
)

func TestMain(m *testing.M) {
	os.Exit(func() int {
		data, err := os.MkdirTemp("", "operation")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(data)
		dataDir = data
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
			if _, err := importer.Run(context.Background(), src, wiring.ImportOptions(data, "test")); err != nil {
				return nil, err
			}
		}
		if err := in.Close(); err != nil {
			return nil, err
		}
	}
	return catalog.Open(data, wiring.Open, catalog.Options{Language: "nb"})
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
