package codesystem_test

import (
	archive "archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
)

// TestWorkbookBesideText: a workbook beside a text of the same name is left out, and told;
// one that stands alone, or has another name, is read.
func TestWorkbookBesideText(t *testing.T) {
	sheet := tabulartest.Sheet{Name: "Codes", Rows: [][]string{{"ICD10", "Tekst"}, {"A000", "Kolera"}}}
	workbook := tabulartest.Workbook(sheet)
	several := tabulartest.Workbook(tabulartest.Sheet{Name: "Nlk", Rows: [][]string{{"Kode", "Norsk bruksnavn"}, {"NOR90001", "x"}}},
		tabulartest.Sheet{Name: "Om", Rows: [][]string{{"a", "b"}}}, tabulartest.Sheet{Name: "ICPC", Rows: [][]string{{"Kode", "Tekst"}, {"A01", "x"}}})
	wider := tabulartest.Workbook(tabulartest.Sheet{Name: "Codes", Rows: [][]string{{"ICD10", "Tekst", "Notat"}, {"A000", "Kolera", "x"}}})
	const icd10CSV = "ICD10;Tekst;Mer\nA000;Kolera;x\n"
	for _, tt := range []struct {
		name  string
		files []string
		want  string // names of the releases, or part of the error
		note  string
	}{
		{"beside a text", []string{"a/list.csv", icd10CSV, "a/list.xlsx", workbook}, "icd-10-no", "x: a/list.xlsx is left out: a/list.csv has all its columns, as text"},
		{"beside a text that lacks a column", []string{"a/list.csv", icd10CSV, "a/list.xlsx", wider}, "both hold ICD-10", ""},
		{"alone", []string{"a/list.xlsx", workbook}, "icd-10-no", ""},
		{"with more sheets", []string{"a/list.xlsx", several}, "nlk",
			"x: of a/list.xlsx only the sheet Nlk is read: left out, though they have a column of codes: ICPC; save each as a file of its own to import it"},
		{"under another name", []string{"a/list.csv", icd10CSV, "a/codes.xlsx", workbook}, "both hold ICD-10", ""},
		{"in another folder", []string{"a/list.csv", icd10CSV, "b/list.xlsx", workbook}, "both hold ICD-10", ""},
		{"beside a text of another code system", []string{"a/list.json", icpc2JSON, "a/list.xlsx", workbook}, "icpc-2 icd-10-no", ""},
		{"beside a text that nobody knows", []string{"a/list.txt", "hello\n", "a/list.xlsx", workbook}, "icd-10-no", "x: left out, as no code system: a/list.txt"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var notes []string
			sources, err := codesystem.Detect([]codesystem.Input{folder("x", tt.files...)},
				codesystem.Options{Today: today, Note: func(s string) { notes = append(notes, s) }})
			if got := names(sources); err == nil && got != tt.want || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Detect = %q, %v, want %q", got, err, tt.want)
			}
			if got := strings.Join(notes, "; "); got != tt.note {
				t.Errorf("notes %q, want %q", got, tt.note)
			}
		})
	}
}

// zipOf is a zip of files, given by name and content.
func zipOf(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := archive.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestZipInFolder: a zip beside which all that it holds lies unpacked is left out, and told;
// any other is an error that says what to do, for it may hold what was meant.
func TestZipInFolder(t *testing.T) {
	const list, readme = "ICD10;Tekst;Mer\nA000;Kolera;x\n", "Read me first.\n"
	packed := zipOf(t, "list.csv", list, "readme.txt", readme)
	for _, tt := range []struct {
		name  string
		files []string
		want  string // names of the releases, or part of the error
		note  string
	}{
		{"unpacked where it was put", []string{"a/list.csv", list, "a/readme.txt", readme, "a/list.zip", packed}, "icd-10-no", "x: a/list.zip is left out: all that it holds lies beside it, unpacked"},
		{"with a workbook of the same name", []string{"list.csv", list, "list.zip", zipOf(t, "list.csv", list, "list.xlsx", "PK")}, "icd-10-no", "x: list.zip is left out: all that it holds lies beside it, unpacked"},
		{"with another workbook", []string{"list.csv", list, "list.zip", zipOf(t, "list.csv", list, "more.xlsx", "PK")}, "list.zip: this is a zip inside the folder or zip: unpack it first", ""},
		{"of which one file is not there", []string{"a/list.csv", list, "a/list.zip", packed}, "list.zip: this is a zip inside", ""},
		{"of which one file is another", []string{"list.csv", list + "A001;Kolera;x\n", "readme.txt", readme, "list.zip", packed}, "list.zip: this is a zip inside", ""},
		{"in another folder", []string{"a/list.csv", list, "a/readme.txt", readme, "b/list.zip", packed}, "b/list.zip: this is a zip inside", ""},
		{"alone", []string{"a/list.zip", packed}, "a/list.zip: this is a zip inside", ""},
		{"with names that lead out of it", []string{"list.csv", list, "list.zip", zipOf(t, "../list.csv", list)}, "list.zip: this is a zip inside", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var notes []string
			sources, err := codesystem.Detect([]codesystem.Input{folder("x", tt.files...)},
				codesystem.Options{Today: today, Note: func(s string) { notes = append(notes, s) }})
			if got := names(sources); err == nil && got != tt.want || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Detect = %q, %v, want %q", got, err, tt.want)
			}
			if got := strings.Join(notes, "; "); tt.note != "" && !strings.Contains(got, tt.note) || tt.note == "" && strings.Contains(got, ".zip") {
				t.Errorf("notes %q, want %q", got, tt.note)
			}
		})
	}
}
