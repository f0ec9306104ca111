package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/internal/releasetest"
)

// asKodeks in the environment makes the test binary be kodeks.
const asKodeks = "KODEKS_TEST_IS_KODEKS"

func TestMain(m *testing.M) {
	if os.Getenv(asKodeks) != "" {
		main()
	}
	os.Exit(m.Run())
}

// command is kodeks as a process of its own.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Env = append(os.Environ(), asKodeks+"=1")
	return cmd
}

// runs wants a kodeks that answers, and returns what it prints.
func runs(t *testing.T, args ...string) string {
	t.Helper()
	cmd := command(t, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("kodeks %q: %v\n%s%s", args, err, out, stderr.Bytes())
	}
	return string(out)
}

// TestKill kills an import without warning at moments spread over its time, of a new
// version and of a replacement in turn: every release that is there is undamaged,
// the old one answers, and the next import sweeps up and succeeds.
func TestKill(t *testing.T) {
	const (
		versionA = "http://snomed.info/sct/51000202101/version/20250915"
		versionB = "http://snomed.info/sct/51000202101/version/20260315"
		heart    = "138875005" // stands in every release
	)
	concepts, kills := 1500, 10
	if testing.Short() {
		concepts, kills = 300, 3
	}
	releases := map[string][]string{}
	for seed, version := range []string{versionA, versionB} {
		dir := t.TempDir()
		s, err := releasetest.WriteSNOMED(dir, releasetest.Options{Seed: uint64(seed + 1), Concepts: concepts})
		if err != nil {
			t.Fatal(err)
		}
		releases[version] = s.Packages[:]
	}
	data := t.TempDir()
	start := time.Now()
	runs(t, append([]string{"import", "--data", data, "--version-uri", versionA}, releases[versionA]...)...)
	usual := time.Since(start)
	if usual > 2*time.Second && kills > 4 { // the race detector, or a slow machine
		kills = 4
		t.Logf("an import takes %v here: %d are killed, not 10", usual, kills)
	}

	seed := uint64(time.Now().UnixNano())
	d := rand.New(rand.NewPCG(seed, 0))
	killed := 0
	for i := range kills {
		version := versionB // a new one
		if i%2 == 1 {
			version = versionA // a replacement
		}
		cmd := command(t, append([]string{"import", "--data", data, "--replace", "--version-uri", version}, releases[versionB]...)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		after := usual * time.Duration(i*100+d.IntN(100)) / time.Duration(kills*100)
		time.Sleep(after)
		if err := cmd.Process.Kill(); err != nil {
			t.Logf("kill after %v: %v", after, err)
		}
		if err := cmd.Wait(); err != nil {
			killed++
		}
		if out := runs(t, "verify", "--data", data); strings.Contains(out, "DAMAGED") {
			t.Fatalf("killed after %v (seed %d): %s", after, seed, out)
		}
		if out := runs(t, "lookup", "--data", data, "-s", "snomed", "--version", versionA, "--format", "tsv", heart); !strings.Contains(out, "\n"+heart+"\t") {
			t.Fatalf("killed after %v (seed %d): the old release answers %q", after, seed, out)
		}
	}
	if killed < kills/2 {
		t.Errorf("only %d of %d imports were killed before they ended", killed, kills)
	}
	runs(t, append([]string{"import", "--data", data, "--replace", "--version-uri", versionB}, releases[versionB]...)...)
	runs(t, "verify", "--data", data)
	left, err := filepath.Glob(filepath.Join(data, ".staging", "*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != "lock" {
		t.Errorf("the staging place holds %v, %v, want its lock only", left, err)
	}
	if out := runs(t, "list", "--data", data, "--format", "tsv"); strings.Count(out, "\n") != 3 {
		t.Errorf("installed at the end:\n%s\nwant two versions", out)
	}
}

// TestTwoImports starts a second import while one is under way: it is told to wait.
func TestTwoImports(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	s, err := releasetest.WriteSNOMED(dir, releasetest.Options{Seed: 1, Concepts: 2000})
	if err != nil {
		t.Fatal(err)
	}
	first := command(t, "import", "--data", data, s.Packages[0], s.Packages[1])
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		if built, _ := filepath.Glob(filepath.Join(data, ".staging", "build-*")); len(built) > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the first import does not begin to write")
		}
	}
	status, _, stderr := kodeks("import", "--data", data, "../../testdata/icd10/icd10-fat.json")
	if status != exitFailed || !strings.Contains(stderr, "another kodeks import") {
		t.Errorf("the second import: status %d, %q, want to be told to wait", status, stderr)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("the first import: %v", err)
	}
}
