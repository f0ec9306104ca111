package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestReadmeMaps runs the commands of README's section on maps over the bundled sample, and
// compares what they print with what it shows.
func TestReadmeMaps(t *testing.T) {
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## Maps\n")
	if !ok {
		t.Fatal("README has no section Maps")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	data := t.TempDir()
	args := []string{"import", "--data", data, "--release-version", "2026"}
	for _, name := range []string{"snomed", "icd10/icd10-fat.json", "icpc2/icpc2-fat.json", "icpc2/icpc2b-to-icd10.csv"} {
		args = append(args, filepath.Join(root, "testdata", filepath.FromSlash(name)))
	}
	if status, _, stderr := kodeks(args...); status != exitAnswered {
		t.Fatalf("import: status %d\n%s", status, stderr)
	}
	ran := 0
	for _, example := range strings.Split(section, "\n    $ kodeks ")[1:] {
		line, shown, _ := strings.Cut(example, "\n")
		shown, _, _ = strings.Cut(shown, "\n\n")
		command, columns, ok := strings.Cut(line, " | cut -f ")
		if !ok {
			t.Errorf("%s: want columns cut of it", line)
			continue
		}
		_, stdout, stderr := kodeks(append(strings.Fields(command), "--data", data)...)
		var got []string
		for row := range strings.Lines(stdout) {
			cells := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
			var cut []string
			for column := range strings.SplitSeq(columns, ",") {
				n, err := strconv.Atoi(column)
				if err != nil || n < 1 || n > len(cells) {
					t.Fatalf("%s: column %s of %d: %v", line, column, len(cells), err)
				}
				cut = append(cut, cells[n-1])
			}
			got = append(got, "    "+strings.Join(cut, "\t"))
		}
		if answer := strings.Join(got, "\n"); answer != shown {
			t.Errorf("kodeks %s\n%s\n%s\nREADME shows\n%s", command, answer, stderr, shown)
		}
		ran++
	}
	if ran < 3 {
		t.Errorf("%d examples ran", ran)
	}
}
