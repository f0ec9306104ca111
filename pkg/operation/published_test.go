package operation_test

import (
	"context"
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

// published is a folder beside the project with lists of codes as they are published,
// which are not ours to pass on.
var published = filepath.Join("..", "..", "..", "shared", "data")

// publishedService answers from the published ICD-10, ICPC-2, ICPC-2B and NLK, and skips
// the test where they are not.
func publishedService(t *testing.T) *operation.Service {
	t.Helper()
	data := t.TempDir()
	for _, file := range []string{filepath.Join("icd10-no", "tsm-icd10.csv"), filepath.Join("icpc2", "tsm-icpc2.csv"), filepath.Join("icpc2", "tsm-icpc2b.csv"),
		filepath.Join("nlk", "Norsk Laboratoriekodeverk 7280.77.xlsx")} {
		path := filepath.Join(published, file)
		if _, err := os.Stat(path); err != nil {
			t.Skip("skipped: there is no such real data here:", err)
		}
		if err := importList(data, path); err != nil {
			t.Fatal(err)
		}
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{Language: "nb"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return operation.New(c, operation.Options{Languages: language.Of(language.Bokmal)})
}

func importList(data, path string) error {
	in, err := importer.OpenInputs([]string{path})
	if err != nil {
		return err
	}
	defer in.Close()
	sources, err := codesystem.Detect(in.List, codesystem.Options{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		return err
	}
	for _, src := range sources {
		if _, err := importer.Run(context.Background(), src, wiring.ImportOptions(data, "test")); err != nil {
			return err
		}
	}
	return nil
}
