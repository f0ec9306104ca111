package importer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestBadReleases imports every faulty release of the sample: the fault is named by
// file, line and column, and nothing is left.
func TestBadReleases(t *testing.T) {
	want := map[string]string{
		"rf2-bad/active-flag":            `sct2_Concept_Snapshot_INT_20250901.txt:10:active: found "2", want 0 or 1`,
		"rf2-bad/check-digit":            `sct2_Concept_Snapshot_INT_20250901.txt:11:id: found "22298007" with a wrong check digit, want a concept id`,
		"rf2-bad/cycle":                  `the hierarchy has a cycle of 2 concepts: 22298006 is a 56265001`,
		"rf2-bad/date":                   `sct2_Concept_Snapshot_INT_20250901.txt:10:effectiveTime: found "20021331", want a date as yyyymmdd`,
		"rf2-bad/delta-only":             `found only Delta files`,
		"rf2-bad/not-utf8":               `sct2_Description_Snapshot-en_INT_20250901.txt:19:term: found "Hjertesvikt p\xe5vist", want UTF-8`,
		"rf2-bad/too-few-columns":        `sct2_Description_Snapshot-en_INT_20250901.txt:19: found 8 columns, want 9`,
		"rf2-bad/without-base":           `an extension without its base: 1 rows refer to concepts that it does not have`,
		"icd10/bad/date.json":            `date.json:6:Gyldig_fra: "1999-13-01T00:00:00" is not a date`,
		"icd10/bad/duplicate-code.json":  `duplicate-code.json:7: code I20.9 is given twice: I20.9 on line 6`,
		"icd10/bad/git-lfs-pointer.json": `run git lfs pull`,
		"icd10/bad/missing-code.json":    `missing-code.json:6:Kode: "" is not an ICD-10 code, block or chapter`,
		"icd10/bad/npr-value.json":       `npr-value.json:6:Rapporteres_til_NPR: "Kanskje", want "Ja", "" or null`,
		"icd10/bad/truncated.json":       `truncated.json:5: the file ends inside its JSON array: it is truncated, fetch it again`,
		"icd10/bad/unknown-parent.json":  `unknown-parent.json:6:Foreldrekode: the parent I29 of I20.9 is not in the file`,
	}
	for _, folder := range []string{"rf2-bad", "icd10/bad"} {
		entries, err := os.ReadDir(testdata(filepath.FromSlash(folder)))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			name := folder + "/" + e.Name()
			t.Run(name, func(t *testing.T) {
				data := t.TempDir()
				done, err := run(t, options(data), codesystem.Options{}, testdata(filepath.FromSlash(name)))
				if strings.HasPrefix(e.Name(), "control") {
					if err != nil || len(done) != 1 {
						t.Errorf("the release without a fault: %v", err)
					}
					return
				}
				text, ok := want[name]
				if !ok {
					t.Fatalf("there is no wanted message for this fault; it says: %v", err)
				}
				if terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), text) {
					t.Errorf("import: %v\nwant kind Invalid and %q", err, text)
				}
				nothingLeft(t, data)
			})
		}
	}
}

// TestManyBadRows: the first MaxRowErrors are named, then reading ends.
func TestManyBadRows(t *testing.T) {
	dir, data := t.TempDir(), t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(testdata("rf2-bad", "control"))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "Snapshot", "Terminology", "sct2_Concept_Snapshot_INT_20250901.txt")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		text = fmt.Appendf(text, "%d\t20020131\t1\t900000000000207008\t900000000000074008\r\n", 1000+i)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = run(t, options(data), codesystem.Options{}, dir)
	if err == nil || strings.Count(err.Error(), "sct2_Concept_Snapshot_INT_20250901.txt:") != importer.MaxRowErrors || !strings.Contains(err.Error(), "the first 20 bad rows of") {
		t.Errorf("100 bad rows: %v, want the first %d", err, importer.MaxRowErrors)
	}
	nothingLeft(t, data)
}

// TestInputs is about what people give by mistake.
func TestInputs(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pointer := []byte("version https://git-lfs.github.com/spec/v1\noid sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\nsize 512345678\n")
	good := zipped(t, testdata("snomed"))
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		options    codesystem.Options
		text       []string // are parts of the error
	}{
		{"a file that does not exist", filepath.Join(dir, "none.zip"), codesystem.Options{}, []string{"none.zip does not exist"}},
		{"an empty folder", filepath.Join(dir, "empty"), codesystem.Options{}, []string{"empty is empty"}},
		{"the wrong folder", testdata("source"), codesystem.Options{}, []string{"found nothing to import in README.md"}},
		{"a zip within a zip", file("outer.zip", zipOf(t, map[string][]byte{"SnomedCT_NO.zip": good})), codesystem.Options{}, []string{"outer.zip", "SnomedCT_NO.zip"}},
		{"a zip that is cut short", file("short.zip", good[:len(good)/2]), codesystem.Options{}, []string{"short.zip is not a zip file that can be read"}},
		{"an empty zip", file("nothing.zip", zipOf(t, nil)), codesystem.Options{}, []string{"nothing.zip is empty"}},
		{"a Git LFS pointer in the place of a zip", file("pointer.zip", pointer), codesystem.Options{}, []string{"pointer.zip is a Git LFS pointer", "git lfs pull"}},
		{"a Git LFS pointer in the place of an RF2 file", filepath.Dir(file("lfs/sct2_Concept_Snapshot_INT_20250901.txt", pointer)), codesystem.Options{}, []string{"sct2_Concept_Snapshot_INT_20250901.txt", "git lfs pull"}},
		{"an extension without its base", testdata("snomed", "SnomedCT_ManagedServiceNO_Sample_NO1000202_20250915"), codesystem.Options{}, []string{"an extension without its base", "give both in one import command"}},
		{"two of one code system", testdata("icpc2"), codesystem.Options{}, []string{"both hold ICPC-2", "give one of them"}},
		{"another code system than was asked for", testdata("icd10", "icd10-fat.json"), codesystem.Options{System: "icpc-2"}, []string{"icd10-fat.json"}},
		{"a code system without an importer", testdata("icd10", "icd10-fat.json"), codesystem.Options{System: "icpc-1"}, []string{"ICPC-1 cannot be imported yet"}},
		{"a version that is a path", testdata("icd10", "icd10-fat.json"), codesystem.Options{Version: "../../etc"}, []string{`version "../../etc"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			_, err := run(t, options(data), tt.options, tt.path)
			kind := terminology.KindOf(err)
			if kind != terminology.Invalid && kind != terminology.NotSupported {
				t.Errorf("import: %v, want kind Invalid", err)
			}
			for _, text := range tt.text {
				if err == nil || !strings.Contains(err.Error(), text) {
					t.Errorf("import: %v\nwant %q in it", err, text)
				}
			}
			nothingLeft(t, data)
		})
	}
}

// TestZip imports the sample from a zip: the same counts as from its folder.
func TestZip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "SnomedCT_NO.ZIP")
	if err := os.WriteFile(path, zipped(t, testdata("snomed")), 0o644); err != nil {
		t.Fatal(err)
	}
	done, err := run(t, options(t.TempDir()), codesystem.Options{}, path)
	if err != nil || len(done) != 1 || done[0].Concepts != 439 || len(done[0].Sources) != 30 {
		t.Errorf("import of a zip: %v, %d releases", err, len(done))
	}
}

// TestCanceled stops an import at the beginning of each stage, and when a stage has
// made some way: nothing is left, and the reason is told.
func TestCanceled(t *testing.T) {
	why := errors.New("stopped by the operator")
	for stage := importer.Reading; stage < importer.Published; stage++ {
		t.Run(stage.String(), func(t *testing.T) {
			data := t.TempDir()
			o := options(data)
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			o.Report = func(p importer.Progress) {
				if p.Stage == stage {
					cancel(why)
				}
			}
			in, err := importer.OpenInputs([]string{testdata("snomed")})
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			sources, err := codesystem.Detect(in.List, codesystem.Options{Today: "2026-11-22"})
			if err != nil {
				t.Fatal(err)
			}
			_, err = importer.Run(ctx, sources[0], o)
			if terminology.KindOf(err) != terminology.Unavailable || !errors.Is(err, why) {
				t.Errorf("Run: %v, want Unavailable and why", err)
			}
			nothingLeft(t, data)
			if _, err := importer.Run(t.Context(), sources[0], options(data)); err != nil {
				t.Errorf("the import after it: %v", err)
			}
		})
	}
}

// TestFailingStores: an error of tables or text index ends the import, and nothing
// is left.
func TestFailingStores(t *testing.T) {
	broken := errors.New("no space left on device")
	for name, breakIt := range map[string]func(*importer.Options){
		"create tables": func(o *importer.Options) {
			o.CreateTables = func(string) (terminology.TableWriter, error) { return nil, broken }
		},
		"open tables": func(o *importer.Options) {
			o.OpenTables = func(string) (terminology.Tables, error) { return nil, broken }
		},
		"create text": func(o *importer.Options) {
			o.CreateText = func(string) (terminology.TextIndexWriter, error) { return nil, broken }
		},
		"open text": func(o *importer.Options) {
			o.OpenText = func(string) (terminology.TextIndex, error) { return nil, broken }
		},
		"write a row": func(o *importer.Options) {
			create := o.CreateTables
			o.CreateTables = func(dir string) (terminology.TableWriter, error) {
				w, err := create(dir)
				return &fullDisk{w, broken}, err
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			o := options(data)
			breakIt(&o)
			if _, err := run(t, o, codesystem.Options{}, testdata("snomed")); !errors.Is(err, broken) {
				t.Errorf("import: %v, want %v", err, broken)
			}
			nothingLeft(t, data)
		})
	}
}

// TestFullDisk: of a disk without room is told once what became of the release, and not in
// which of our files it was met.
func TestFullDisk(t *testing.T) {
	full := func(file string) error {
		return &terminology.Error{Op: "search.Close", Err: &fs.PathError{Op: "write", Path: "data/.staging/new-1/terms/" + file, Err: syscall.ENOSPC}}
	}
	data := t.TempDir()
	o := options(data)
	create := o.CreateText
	o.CreateText = func(dir string) (terminology.TextIndexWriter, error) {
		w, err := create(dir)
		return &fullIndex{w, errors.Join(full("segment.zap"), full("manifest.json"))}, err
	}
	_, err := run(t, o, codesystem.Options{}, testdata("snomed"))
	want := "the disk of the data folder " + data + " is full: nothing of this release is kept, make room and try again (no space left on device)"
	if got := terminology.Message(err); got != want || terminology.KindOf(err) != terminology.Unavailable || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("import: %v %s, want %s", terminology.KindOf(err), got, want)
	}
	nothingLeft(t, data)
}

// fullIndex is a text index whose disk is full when it is closed.
type fullIndex struct {
	terminology.TextIndexWriter
	err error
}

func (w *fullIndex) Close() error {
	w.Abort()
	return w.err
}

// fullDisk is a disk that is full when the first row comes.
type fullDisk struct {
	terminology.TableWriter
	err error
}

func (w *fullDisk) PutRow(byte, []byte, []byte) error { return w.err }

// zipped returns a folder as a zip.
func zipped(t testing.TB, dir string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if err := errors.Join(w.AddFS(os.DirFS(dir)), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipOf(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
