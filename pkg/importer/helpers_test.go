package importer_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
)

// testdata is a path in the sample of the project.
func testdata(names ...string) string {
	return filepath.Join(append([]string{"..", "..", "testdata"}, names...)...)
}

// options are those of kodeks: Badger for tables, Bleve for terms.
func options(data string) importer.Options { return wiring.ImportOptions(data, "kodeks test") }

// run imports what paths hold, as the command line does, and returns the manifests
// of what was imported and the first error.
func run(t testing.TB, o importer.Options, so codesystem.Options, paths ...string) (done []catalog.Manifest, err error) {
	t.Helper()
	in, err := importer.OpenInputs(paths)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}()
	if so.Version == "" {
		so.Version = "2026"
	}
	so.Today = "2026-11-22"
	sources, err := codesystem.Detect(in.List, so)
	if err != nil {
		return nil, err
	}
	for _, src := range sources {
		m, err := importer.Run(t.Context(), src, o)
		if err != nil {
			return done, err
		}
		done = append(done, m)
	}
	return done, nil
}

// files lists what a data folder holds, without the lock of the staging place.
func files(t testing.TB, data string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(data, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && e.Name() != "lock" {
			out = append(out, path)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return out
}

// nothingLeft wants a data folder as if no import had been tried.
func nothingLeft(t testing.TB, data string) {
	t.Helper()
	if left := files(t, data); len(left) > 0 {
		t.Errorf("a failed import leaves %v", left)
	}
	if left, _ := filepath.Glob(filepath.Join(data, ".staging", "build-*")); len(left) > 0 {
		t.Errorf("a failed import leaves %v in the staging place", left)
	}
}
