package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBadInput imports what is wrong with the command that people use: exit status
// and first line tell what, and what is installed stays as it was.
func TestBadInput(t *testing.T) {
	data := importICD10(t)
	before := installedFiles(t, data)
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pointer := "version https://git-lfs.github.com/spec/v1\noid sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\nsize 512345678\n"
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		stderr string // is part of it
	}{
		{"no such file", []string{filepath.Join(dir, "none.zip")}, exitUsage, "does not exist"},
		{"no path", nil, exitUsage, "name a folder"},
		{"an empty folder", []string{t.TempDir()}, exitUsage, "is empty"},
		{"a folder of something else", []string{"."}, exitUsage, "found nothing to import"},
		{"a Git LFS pointer", []string{file("SnomedCT.zip", pointer)}, exitUsage, "git lfs pull"},
		{"a text that is called zip", []string{file("text.zip", "hello")}, exitUsage, "is not a zip file that can be read"},
		{"an extension without its base", []string{"../../testdata/rf2-bad/without-base"}, exitFailed, "an extension without its base"},
		{"a wrong check digit", []string{"../../testdata/rf2-bad/check-digit"}, exitFailed, `sct2_Concept_Snapshot_INT_20250901.txt:11:id: found "22298007" with a wrong check digit`},
		{"not UTF-8", []string{"../../testdata/rf2-bad/not-utf8"}, exitFailed, "sct2_Description_Snapshot-en_INT_20250901.txt:19:term:"},
		{"a cycle", []string{"../../testdata/rf2-bad/cycle"}, exitFailed, "22298006 is a 56265001"},
		{"a date of no calendar", []string{"../../testdata/icd10/bad/date.json", "--release-version", "2027"}, exitFailed, `date.json:6:Gyldig_fra: "1999-13-01T00:00:00" is not a date`},
		{"installed already", []string{"../../testdata/icd10/icd10-fat.json", "--release-version", "2026"}, exitFailed, "--replace"},
		{"two of one code system", []string{"../../testdata/icpc2"}, exitUsage, "both hold ICPC-2"},
		{"a code system that we do not read", []string{"../../testdata/icd10/icd10-fat.json", "--system", "icpc-1"}, exitFailed, "cannot be imported yet"},
		{"a version that is a path", []string{"../../testdata/icd10/icd10-fat.json", "--release-version", "../2027"}, exitUsage, "../2027"},
		{"a version URI that is none", []string{"../../testdata/snomed", "--version-uri", "20250915"}, exitUsage, "20250915"},
		{"a file that is cut short", []string{"../../testdata/icd10/bad/truncated.json", "--release-version", "2027"}, exitFailed, "it is truncated, fetch it again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, stdout, stderr := kodeks(append(append([]string{"import"}, tt.args...), "--data", data)...)
			if status != tt.status || !strings.Contains(stderr, tt.stderr) || !strings.Contains(stderr, "kodeks: ") {
				t.Errorf("kodeks import: status %d, want %d; stderr %q, want %q in it", status, tt.status, stderr, tt.stderr)
			}
			if strings.Contains(stdout, "Imported") {
				t.Errorf("kodeks import tells of a success: %s", stdout)
			}
			if after := installedFiles(t, data); after != before {
				t.Errorf("what is installed was:\n%s\nand is:\n%s", before, after)
			}
		})
	}
	if status, _, stderr := kodeks("verify", "--data", data); status != exitAnswered {
		t.Errorf("kodeks verify at the end: status %d, %s", status, stderr)
	}
}

// TestDataThatIsNone asks data folders that are not what they should be. (A server
// starts without a release and waits for one.)
func TestDataThatIsNone(t *testing.T) {
	empty, file := t.TempDir(), filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{empty, filepath.Join(empty, "none"), file} {
		for _, args := range [][]string{{"lookup", "22298006"}, {"search", "hjerte"}, {"verify"}, {"list"}} {
			want := exitFailed
			if data == file { // which is no folder at all
				want = exitUsage
			}
			status, stdout, stderr := kodeks(append(args, "--data", data)...)
			if status != want || stdout != "" || stderr == "" {
				t.Errorf("kodeks %q --data %s: status %d, %q, %q, want %d and the reason", args, filepath.Base(data), status, stdout, stderr, want)
			}
		}
	}
	if left, _ := os.ReadDir(empty); len(left) > 0 {
		t.Errorf("asking an empty data folder leaves %v in it", left)
	}
}

// installedFiles lists the files of a data folder with their sizes.
func installedFiles(t *testing.T, data string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == "lock" {
			return err
		}
		info, err := e.Info()
		b.WriteString(strings.TrimPrefix(path, data) + " " + size(info.Size()) + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
