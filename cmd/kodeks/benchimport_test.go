package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/kodeks/kodeks/internal/releasetest"
	"github.com/kodeks/kodeks/pkg/catalog"
)

// The budgets of an import and of a server at rest and at work.
const (
	importBudget   = 4 * time.Minute
	importMemoryOf = 3 << 30
	serveMemory    = 3 << 29
)

// writeRelease writes a synthetic release of so many concepts, 0 for full size,
// with the classifications that it maps to, and returns what to import.
func writeRelease(b *testing.B, concepts int) []string {
	b.Helper()
	dir, o := b.TempDir(), releasetest.Options{Seed: 1, Concepts: concepts}
	paths := []string{filepath.Join(dir, "snomed"), filepath.Join(dir, "icd-10.json"), filepath.Join(dir, "icpc-2.json")}
	_, err := releasetest.WriteSNOMED(paths[0], o)
	if err := errors.Join(err, releasetest.WriteICD10(paths[1], o), releasetest.WriteICPC2(paths[2], o)); err != nil {
		b.Fatal(err)
	}
	return paths
}

// releasePaths returns what to import: what the environment names, or a synthetic
// release.
func releasePaths(b *testing.B) []string {
	if list := os.Getenv("BENCH_RELEASE"); list != "" {
		return filepath.SplitList(list)
	}
	return writeRelease(b, benchConcepts(b))
}

// buildKodeks builds the command and returns where it is.
func buildKodeks(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "kodeks.exe") // .exe is needed on one system and harmless on others
	child(b, ".", "go", "build", "-o", binary, ".")
	return binary
}

// child runs a program to its end.
func child(b *testing.B, dir, name string, args ...string) *os.ProcessState {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return cmd.ProcessState
}

// measureImport imports in a process of its own.
func measureImport(b *testing.B, t *benchTable, binary, data string, paths []string) {
	start := time.Now()
	ended := child(b, ".", binary, append([]string{"import", "--data", data}, paths...)...)
	took := time.Since(start)
	t.add(benchRow{what: "import, wall", figure: short(took), budget: "4 min", missed: took > importBudget})
	t.add(benchRow{what: "import, CPU (user + system)", figure: short(ended.UserTime() + ended.SystemTime())})
	if peak, ok := peakMemory(ended); ok {
		t.add(benchRow{what: "import, peak memory", figure: size(peak), budget: "3 GiB", missed: peak > importMemoryOf})
	}
}

// measureDisk sums up what the releases take on disk.
func measureDisk(b *testing.B, t *benchTable, data string) {
	for _, part := range []string{catalog.TablesDir, catalog.TextDir} {
		dirs, err := filepath.Glob(filepath.Join(data, catalog.ReleasesDir, "*", "*", part))
		if err != nil || len(dirs) == 0 {
			b.Fatalf("%s holds no releases: %v", data, err)
		}
		total := int64(0)
		for _, dir := range dirs {
			err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
				if err != nil || entry.IsDir() {
					return err
				}
				info, err := entry.Info()
				if err == nil {
					total += info.Size()
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		t.add(benchRow{what: "on disk, " + part, figure: size(total)})
	}
}
