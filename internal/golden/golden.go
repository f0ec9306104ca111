package golden

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// Updating reports whether the test was run with -update, for tests that keep what
// clients see in files of another kind.
func Updating() bool { return *update }

// Equal compares got with testdata/golden/name in the folder of the test, byte
// for byte.
func Equal(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", filepath.FromSlash(name))
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s does not exist: run go test -update, and read it. Got:\n%s", path, got)
	}
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	line, gotLine, wantLine := difference(got, want)
	t.Errorf("%s: line %d differs (run go test -update if it should)\ngot:  %s\nwant: %s\nwhole output:\n%s", path, line, gotLine, wantLine, got)
}

// difference returns the first line in which a and b differ, counted from 1.
func difference(a, b []byte) (line int, inA, inB []byte) {
	for line = 1; ; line++ {
		restA, restB := []byte(nil), []byte(nil)
		inA, restA, _ = bytes.Cut(a, []byte("\n"))
		inB, restB, _ = bytes.Cut(b, []byte("\n"))
		if !bytes.Equal(inA, inB) || len(restA) == 0 || len(restB) == 0 {
			return line, inA, inB
		}
		a, b = restA, restB
	}
}
