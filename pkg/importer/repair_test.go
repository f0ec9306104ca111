package importer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
)

// TestRepairs imports rows that are said otherwise than they are written: the manifest
// counts them all, and names the first, and what holds for a whole file.
func TestRepairs(t *testing.T) {
	content := "Kode;Norsk bruksnavn\nNPU90001 ;P-Pr\xf8ve\n"
	for i := range 2 * importer.MaxRowErrors {
		content += fmt.Sprintf("NOR%05d;U-Bl\xe5 \n", i)
	}
	path := filepath.Join(t.TempDir(), "nlk.csv")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	done, err := run(t, options(data), codesystem.Options{}, path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := catalog.ReadManifest(catalog.Dir(data, done[0].Release))
	if err != nil {
		t.Fatal(err)
	}
	if m.Repaired != 1+2*importer.MaxRowErrors || len(m.Repairs) != importer.MaxRowErrors {
		t.Errorf("%d rows repaired and %d named, want %d and %d", m.Repaired, len(m.Repairs), 1+2*importer.MaxRowErrors, importer.MaxRowErrors)
	}
	want := []string{"nlk.csv: the text is not UTF-8 and was read as Windows-1252", `nlk.csv:2:Kode: "NPU90001 " is taken as "NPU90001"`}
	if diff := cmp.Diff(want, m.Repairs[:2]); diff != "" {
		t.Error(diff)
	}
	whole, err := run(t, options(t.TempDir()), codesystem.Options{}, testdata("icd10", "icd10-fat.json"))
	if err != nil || whole[0].Repaired != 0 || len(whole[0].Repairs) != 0 {
		t.Errorf("a release without faults: %v, %d repairs: %s", err, whole[0].Repaired, strings.Join(whole[0].Repairs, ", "))
	}
}
