package importer_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestSample pins the counts of every release of the sample.
func TestSample(t *testing.T) {
	data := t.TempDir()
	o := options(data)
	var stages []string
	o.Report = func(p importer.Progress) {
		if p.Total > 0 && p.Done > p.Total {
			t.Errorf("%s %s: %d done of %d", p.Name, p.Stage, p.Done, p.Total)
		}
		if s := p.Name + " " + p.Stage.String(); len(stages) == 0 || stages[len(stages)-1] != s {
			stages = append(stages, s)
		}
	}
	done, err := run(t, o, codesystem.Options{}, testdata("snomed"), testdata("icd10", "icd10-fat.json"), testdata("icpc2", "icpc2-fat.json"), testdata("icpc2", "icpc2b-to-icd10.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range done {
		rows := 0
		for _, f := range m.Sources {
			rows += f.Rows
		}
		got = append(got, fmt.Sprintf("%s %s: %d concepts, %d active, %d terms, %d files, %d rows, %d maps, %d columns", m.Release.Name, m.Release.Date, m.Concepts, m.Active, m.Terms, len(m.Sources), rows, len(m.Release.Maps), len(m.Columns)))
	}
	want := []string{
		"snomed-51000202101 20250915: 439 concepts, 432 active, 1827 terms, 30 files, 6825 rows, 6 maps, 6 columns",
		"icd-10-no 2026: 386 concepts, 385 active, 563 terms, 1 files, 386 rows, 0 maps, 1 columns",
		"icpc-2 2026: 142 concepts, 142 active, 244 terms, 1 files, 301 rows, 0 maps, 1 columns",
		"icpc-2b 2026: 301 concepts, 301 active, 562 terms, 1 files, 301 rows, 0 maps, 1 columns",
		"map-icpc-2b-icd-10-no 2026: 0 concepts, 0 active, 0 terms, 1 files, 154 rows, 1 maps, 0 columns",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if got, want := strings.Join(stages[:6], ","), "reading,computing,writing,indexing,checking,published"; strings.ReplaceAll(got, "snomed-51000202101 ", "") != want {
		t.Errorf("stages %s, want %s", got, want)
	}
	for _, m := range done {
		dir := catalog.Dir(data, m.Release)
		read, err := catalog.ReadManifest(dir)
		if err != nil {
			t.Fatal(err)
		}
		m.Format = catalog.ManifestFormat
		if diff := cmp.Diff(m, read); diff != "" {
			t.Errorf("%s: the manifest on disk (-returned +read):\n%s", m.Release.Name, diff)
		}
		if err := importer.VerifyFiles(t.Context(), dir, read); err != nil {
			t.Error(err)
		}
		if time.Since(m.Imported) > time.Hour || m.Imported.Location() != time.UTC || m.Software != "kodeks test" {
			t.Errorf("%s: imported %v by %q", m.Release.Name, m.Imported, m.Software)
		}
	}
}

// TestSourceHashes compares the hashes of the manifest with those of the files as
// they lie on disk.
func TestSourceHashes(t *testing.T) {
	done, err := run(t, options(t.TempDir()), codesystem.Options{}, testdata("snomed"))
	if err != nil {
		t.Fatal(err)
	}
	onDisk := map[string]string{}
	for _, path := range files(t, testdata("snomed")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		onDisk[filepath.Base(path)] = fmt.Sprint(hex.EncodeToString(sum[:]), " ", len(text), " ", bytes.Count(bytes.TrimRight(text, "\r\n"), []byte("\n")))
	}
	for _, f := range done[0].Sources {
		if got := fmt.Sprint(f.SHA256, " ", f.Bytes, " ", f.Rows); got != onDisk[filepath.Base(f.Name)] {
			t.Errorf("%s: %s, want %s", f.Name, got, onDisk[filepath.Base(f.Name)])
		}
	}
	if len(done[0].Sources) != len(onDisk) {
		t.Errorf("%d sources, but there are %d files", len(done[0].Sources), len(onDisk))
	}
}

// TestOtherForms imports the forms in which ICD-10 and ICPC-2 are met: those of one
// code system have the same concepts.
func TestOtherForms(t *testing.T) {
	for _, tt := range []struct {
		path string
		want string
	}{
		{"icd10/icd10.csv", "icd-10-no 276/276"},
		{"icd10/icd10-without-dots.csv", "icd-10-no 276/276"},
		{"icd10/icd10-without-dots.json", "icd-10-no 276/276"},
		{"icpc2/icpc2.csv", "icpc-2 118/118"},
		{"icpc2/icpc2-with-process-codes.csv", "icpc-2 131/131"},
		{"icpc2/icpc2b.csv", "icpc-2b 277/277"},
		{"icpc2/icpc2-fat-underscore.json", "icpc-2 142/142 icpc-2b 301/301"},
	} {
		t.Run(tt.path, func(t *testing.T) {
			done, err := run(t, options(t.TempDir()), codesystem.Options{}, testdata(filepath.FromSlash(tt.path)))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range done {
				got = append(got, fmt.Sprintf("%s %d/%d", m.Release.Name, m.Concepts, m.Active))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("imported %v, want %s", got, tt.want)
			}
		})
	}
}

// TestInstalledAlready: the second import is refused before it reads anything, and
// with Replace it takes the place of the first.
func TestInstalledAlready(t *testing.T) {
	data := t.TempDir()
	o := options(data)
	if _, err := run(t, o, codesystem.Options{}, testdata("icd10", "icd10-fat.json")); err != nil {
		t.Fatal(err)
	}
	before := files(t, data)
	read := false
	o.Report = func(importer.Progress) { read = true }
	_, err := run(t, o, codesystem.Options{}, testdata("icd10", "icd10-fat.json"))
	if terminology.KindOf(err) != terminology.Conflict || !strings.Contains(err.Error(), "--replace") {
		t.Errorf("import again: %v, want Conflict and how to replace", err)
	}
	if read {
		t.Error("the import was refused after it had begun to read")
	}
	if diff := cmp.Diff(before, files(t, data)); diff != "" {
		t.Errorf("what is installed changed (-before +after):\n%s", diff)
	}
	o.Replace = true
	if _, err := run(t, o, codesystem.Options{}, testdata("icd10", "bad", "control.json")); err != nil {
		t.Fatal(err)
	}
	m, err := catalog.ReadManifest(filepath.Join(data, "releases", "icd-10-no", "2026"))
	if err != nil || m.Concepts != 5 {
		t.Errorf("after Replace: %d concepts, %v, want the 5 of the new release", m.Concepts, err)
	}
	if err := os.Remove(filepath.Join(data, "releases", "icd-10-no", "2026", "kv", "MANIFEST")); err != nil {
		t.Fatal(err)
	}
	o.Replace = false
	if _, err := run(t, o, codesystem.Options{}, testdata("icd10", "icd10-fat.json")); terminology.KindOf(err) != terminology.Conflict || !strings.Contains(err.Error(), "damaged: use --replace") {
		t.Errorf("import over a damaged release: %v, want Conflict and how to replace", err)
	}
	o.Replace = true
	if _, err := run(t, o, codesystem.Options{}, testdata("icd10", "icd10-fat.json")); err != nil {
		t.Errorf("a damaged release cannot be replaced: %v", err)
	}
}

// TestTwiceGivesTheSame imports the sample into two folders: the same release must
// not depend on the order of maps in memory or on the time of the day.
func TestTwiceGivesTheSame(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	paths := []string{testdata("snomed"), testdata("icpc2", "icpc2-fat.json"), testdata("icpc2", "icpc2b-to-icd10.csv")}
	done, err := run(t, options(first), codesystem.Options{}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, options(second), codesystem.Options{}, paths...); err != nil {
		t.Fatal(err)
	}
	for _, m := range done {
		a, b := catalog.Dir(first, m.Release), catalog.Dir(second, m.Release)
		sameTables(t, filepath.Join(a, catalog.TablesDir), filepath.Join(b, catalog.TablesDir))
		for _, f := range m.Files {
			x, err := os.ReadFile(filepath.Join(a, f.Name))
			if err != nil {
				t.Fatal(err)
			}
			y, err := os.ReadFile(filepath.Join(b, f.Name))
			if err != nil {
				t.Fatal(err)
			}
			// Badger gives its key registry and its empty value log random numbers, Bleve
			// its segment and Bolt its pages the order of a Go map. What they hold must be
			// as long at least.
			varies := slices.Contains([]string{"kv/KEYREGISTRY", "kv/000001.vlog", "terms/root.bolt"}, f.Name) || path.Ext(f.Name) == ".zap"
			if len(x) != len(y) || !varies && !bytes.Equal(x, y) {
				t.Errorf("%s: %s differs between two imports: %d and %d bytes", m.Release.Name, f.Name, len(x), len(y))
			}
		}
	}
}

// sameTables compares every row of two stores, columns among them.
func sameTables(t *testing.T, a, b string) {
	t.Helper()
	x, err := store.Open(a)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	y, err := store.Open(b)
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	rows := 0
	for table := range 256 {
		var want [][2]string
		for kv, err := range x.Rows(byte(table), nil) {
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, [2]string{string(kv.Key), string(kv.Value)})
		}
		i := 0
		for kv, err := range y.Rows(byte(table), nil) {
			if err != nil {
				t.Fatal(err)
			}
			if i >= len(want) || want[i][0] != string(kv.Key) || want[i][1] != string(kv.Value) {
				t.Fatalf("table %d, row %d: key %q differs between two imports", table, i, kv.Key)
			}
			i++
		}
		if i != len(want) {
			t.Fatalf("table %d has %d rows, then %d", table, len(want), i)
		}
		rows += i
	}
	if rows == 0 {
		t.Error("no rows were compared")
	}
}

// TestVerifyFiles turns one bit of one file at a time.
func TestVerifyFiles(t *testing.T) {
	data := t.TempDir()
	done, err := run(t, options(data), codesystem.Options{}, testdata("icd10", "bad", "control.json"))
	if err != nil {
		t.Fatal(err)
	}
	dir := catalog.Dir(data, done[0].Release)
	for _, f := range done[0].Files {
		path := filepath.Join(dir, f.Name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		flipped := bytes.Clone(text)
		flipped[len(flipped)/2] ^= 1
		if err := os.WriteFile(path, flipped, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := importer.VerifyFiles(t.Context(), dir, done[0]); terminology.KindOf(err) != terminology.Corrupt || !strings.Contains(err.Error(), f.Name) {
			t.Errorf("one bit of %s is turned: %v, want Corrupt and its name", f.Name, err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := importer.VerifyFiles(t.Context(), dir, done[0]); err != nil {
		t.Error(err)
	}
}
