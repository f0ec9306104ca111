package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDamagedNewest: when the newest release cannot be used and the one before it
// answers, every command that answers says so, and what to do.
func TestDamagedNewest(t *testing.T) {
	for name, tt := range map[string]struct {
		damage func(dir string) error
		says   string
	}{
		"a byte is missing": {func(dir string) error {
			tables, err := filepath.Glob(filepath.Join(dir, "kv", "*.sst"))
			if err != nil {
				return err
			}
			info, err := os.Stat(tables[0])
			if err != nil {
				return err
			}
			return os.Truncate(tables[0], info.Size()-1)
		}, "kodeks import --replace"},
		"another format": {func(dir string) error {
			manifest := filepath.Join(dir, "manifest.json")
			text, err := os.ReadFile(manifest)
			if err != nil {
				return err
			}
			return os.WriteFile(manifest, bytes.Replace(text, []byte(`"store": `), []byte(`"store": 9`), 1), 0o600)
		}, "kodeks import --replace"},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			for _, version := range []string{"2025", "2026"} {
				runs(t, "import", "--data", data, "../../testdata/icd10/icd10-fat.json", "--release-version", version)
			}
			if err := tt.damage(filepath.Join(data, "releases", "icd-10-no", "2026")); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{
				{"lookup", "--system", "icd-10", "I21.0"}, {"lookup", "I21.0"}, {"search", "infarkt"}, {"validate-code", "--system", "icd-10", "I21.0"},
				{"subsumes", "--system", "icd-10", "I21", "I21.0"}, {"list"},
			} {
				status, stdout, stderr := kodeks(append(args, "--data", data)...)
				if status != exitAnswered || stdout == "" || !strings.Contains(stderr, "warning: ") || !strings.Contains(stderr, "2026") || !strings.Contains(stderr, tt.says) {
					t.Errorf("kodeks %q: status %d, %q, want a warning of 2026 with %q", args, status, stderr, tt.says)
				}
			}
		})
	}
}

// TestNotYetInForce: a version of a year to come is told as such, and answers when it is
// asked for.
func TestNotYetInForce(t *testing.T) {
	data := t.TempDir()
	const file = "../../testdata/icd10/icd10-fat.json"
	runs(t, "import", "--data", data, file, "--release-version", "2026")
	status, _, stderr := kodeks("import", "--data", data, file, "--release-version", "2999-01-01")
	if status != exitAnswered || !strings.Contains(stderr, "icd-10-no 2999-01-01 is in force from 2999-01-01") {
		t.Errorf("import: status %d, %s, want a warning", status, stderr)
	}
	for args, want := range map[string]string{"": `"2026"`, " --version 2999-01-01": `"2999-01-01"`} {
		all := append([]string{"lookup", "--data", data, "--format", "json", "--system", "icd-10", "I21.0"}, strings.Fields(args)...)
		if _, stdout, stderr := kodeks(all...); !strings.Contains(stdout, want) {
			t.Errorf("kodeks %q: want %s\n%s%s", all, want, stdout, stderr)
		}
	}
	_, stdout, _ := kodeks("list", "--data", data)
	for line := range strings.Lines(stdout) {
		if strings.HasPrefix(line, "icd-10-no") && strings.Contains(line, "not yet") != strings.Contains(line, "from 2999-01-01") {
			t.Errorf("list does not tell what is not yet in force:\n%s", stdout)
		}
	}
	if strings.Count(stdout, "not yet") != 1 {
		t.Errorf("list tells %d times that a release is not yet in force:\n%s", strings.Count(stdout, "not yet"), stdout)
	}
}

// TestRemoveKeepsInForce: all but the latest leaves what is in force today beside what is
// to come.
func TestRemoveKeepsInForce(t *testing.T) {
	data := t.TempDir()
	for _, version := range []string{"2025", "2026", "2998", "2999"} {
		runs(t, "import", "--data", data, "../../testdata/icd10/icd10-fat.json", "--release-version", version)
	}
	runs(t, "remove", "--data", data, "icd-10-no", "--all-but-latest")
	if got, want := installedNames(t, data), []string{"icd-10-no/2026", "icd-10-no/2998", "icd-10-no/2999"}; !slices.Equal(got, want) {
		t.Errorf("left are %q, want %q", got, want)
	}
}

// TestDataInAnyFolder: the name of the data folder is no pattern.
func TestDataInAnyFolder(t *testing.T) {
	data := filepath.Join(t.TempDir(), "[kodeks")
	runs(t, "import", "--data", data, "../../testdata/icd10/icd10-fat.json", "--release-version", "2026")
	for _, args := range [][]string{{"lookup", "--system", "icd-10", "I21.0"}, {"list"}, {"verify"}, {"verify", "icd-10|2026"}, {"remove", "icd-10-no", "2026"}} {
		if status, stdout, stderr := kodeks(append(args, "--data", data)...); status != exitAnswered || !strings.Contains(stdout+stderr, "I21.0") && !strings.Contains(stdout, "icd-10-no") {
			t.Errorf("kodeks %q: status %d, %s%s", args, status, stdout, stderr)
		}
	}
}
