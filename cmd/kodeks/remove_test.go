package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
)

// installedNames are the releases of a data folder as NAME/DATE.
func installedNames(t *testing.T, data string) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(data, catalog.ReleasesDir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i, dir := range dirs {
		dirs[i] = filepath.Base(filepath.Dir(dir)) + "/" + filepath.Base(dir)
	}
	return dirs
}

// TestRemove has two editions of SNOMED CT, two versions of one: a name that means both
// removes neither, and all but the latest leaves the latest that can be read.
func TestRemove(t *testing.T) {
	data, sample := t.TempDir(), filepath.Join("..", "..", "testdata", "snomed")
	international := filepath.Join(sample, "SnomedCT_International_Sample_20250901")
	for _, args := range [][]string{
		{sample}, {sample, "--version-uri", "http://snomed.info/sct/51000202101/version/20250315"}, {international},
	} {
		if status, _, stderr := kodeks(append([]string{"import", "--data", data}, args...)...); status != exitAnswered {
			t.Fatalf("kodeks import %q: status %d, %s", args, status, stderr)
		}
	}
	all := []string{"snomed-51000202101/20250315", "snomed-51000202101/20250915", "snomed-900000000000207008/20250901"}
	if got := installedNames(t, data); !slices.Equal(got, all) {
		t.Fatalf("installed are %q, want %q", got, all)
	}
	for _, args := range [][]string{{"snomed", "--all-but-latest"}, {"http://snomed.info/sct", "--all-but-latest"}} {
		status, _, stderr := kodeks(append([]string{"remove", "--data", data}, args...)...)
		if status != exitUsage || !strings.Contains(stderr, "snomed-900000000000207008") {
			t.Errorf("kodeks remove %q: status %d, want %d, %s", args, status, exitUsage, stderr)
		}
	}
	if got := installedNames(t, data); !slices.Equal(got, all) {
		t.Fatalf("installed are %q, want %q", got, all)
	}
	// A release that cannot be read is not the one that is kept.
	damaged := filepath.Join(data, catalog.ReleasesDir, "snomed-51000202101", "20260101")
	if err := os.MkdirAll(damaged, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := butLatest([]string{filepath.Join(filepath.Dir(damaged), "20250315"), filepath.Join(filepath.Dir(damaged), "20250915"), damaged}); len(got) != 2 || slices.ContainsFunc(got, func(d string) bool { return strings.HasSuffix(d, "20250915") }) {
		t.Errorf("all but the latest are %q", got)
	}
	if err := os.Remove(damaged); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := kodeks("remove", "--data", data, "snomed-51000202101", "--all-but-latest"); status != exitAnswered {
		t.Errorf("status %d, %s", status, stderr)
	}
	if got := installedNames(t, data); !slices.Equal(got, all[1:]) {
		t.Errorf("left are %q, want %q", got, all[1:])
	}
}
