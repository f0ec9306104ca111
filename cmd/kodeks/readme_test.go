package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
)

// TestReadme runs the commands that README shows for the code systems, over the files
// that it says they are of, and finds every code system in its table.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## Code systems\n")
	if !ok {
		t.Fatal("README has no section Code systems")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for _, s := range codesystem.Systems() {
		if !s.Import {
			continue
		}
		for _, name := range append(s.Aliases, "`"+s.Short[0]+"`", "`"+s.URI+"`") {
			if !strings.Contains(section, name) && !strings.HasPrefix(name, "http") { // older URIs are told by kodeks list
				t.Errorf("the table lacks %s of %s", name, s.Title)
			}
		}
	}

	data := t.TempDir()
	systems := func(names ...string) string {
		return filepath.Join(append([]string{"..", "..", "pkg", "codesystem"}, names...)...)
	}
	for _, args := range [][]string{
		{filepath.Join("..", "..", "testdata", "icd10", "icd10-fat.json"), filepath.Join("..", "..", "testdata", "icpc2", "icpc2-fat.json"), filepath.Join("..", "..", "testdata", "systems")},
		{systems("nkpk", "testdata", "nkpk.csv"), "--system", "nkpk"},
		{systems("claml", "testdata", "icd10-who.xml")},
		{systems("orpha", "testdata")},
	} {
		if status, _, stderr := kodeks(append(append([]string{"import"}, args...), "--data", data, "--release-version", "2026")...); status != exitAnswered {
			t.Fatalf("import %q: status %d, %s", args, status, stderr)
		}
	}
	screens := strings.Split(section, "    $ kodeks ")[1:]
	if len(screens) < 6 {
		t.Errorf("README shows %d screens, want one of six code systems or more", len(screens))
	}
	for _, shown := range screens {
		line, screen, _ := strings.Cut(shown, "\n")
		var want strings.Builder
		for l := range strings.Lines(screen) {
			if !strings.HasPrefix(l, "    ") && l != "\n" {
				break
			}
			want.WriteString(strings.TrimPrefix(l, "    "))
		}
		status, stdout, stderr := kodeks(append(arguments(line), "--data", data)...)
		if status != exitAnswered || strings.TrimSpace(stdout) != strings.TrimSpace(want.String()) {
			t.Errorf("kodeks %s: status %d, %s\n%s\nREADME has\n%s", line, status, stderr, stdout, want.String())
		}
	}
}

// arguments splits a command line, in which " quotes.
func arguments(line string) []string {
	var out []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

// TestImportTells: an import of a folder says what it took each file for, how much of what
// kind it holds, what was repaired, and what was left out.
func TestImportTells(t *testing.T) {
	dir, data := t.TempDir(), t.TempDir()
	for name, content := range map[string]string{
		"LESMEG.txt": "Kjære leser,\nher er kodene.\n",
		"icd10.csv":  "system#code#text\nICD10#A00.0#Kolera\n",
		"nlk.csv":    "Kode;Norsk bruksnavn;Gyldig til\nNPU00001 ;P-Prøve;2020-01-01\nNPU00002;P-Annen;\n",
		"cs.json":    `{"resourceType":"CodeSystem","url":"http://example.org/cs","version":"1","status":"active","content":"complete","concept":[{"code":"a","display":"A"}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	status, stdout, stderr := kodeks("import", dir, "--data", data, "--release-version", "2026")
	if status != exitAnswered {
		t.Fatalf("import: status %d, %s", status, stderr)
	}
	for _, want := range []string{
		"Imported ICD-10 (norsk utgave), 2026\n  from icd10.csv, 1 row\n  3 concepts (3 active), 3 terms, ",
		"Imported Norsk laboratoriekodeverk (NLK), 2026\n  from nlk.csv, 2 rows\n  2 concepts (1 active), ",
		"  repaired 1 row:\n    nlk.csv:2:Kode: \"NPU00001 \" is taken as \"NPU00001\"\n",
		"Imported http://example.org/cs, 1\n  from cs.json, 1 row\n  1 concept (1 active), 1 term, ",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the import does not tell %q:\n%s", want, stdout)
		}
	}
	if !strings.Contains(stderr, ": left out, as no code system: LESMEG.txt\n") {
		t.Errorf("the import does not tell what it left out:\n%s", stderr)
	}
	if err := os.WriteFile(filepath.Join(dir, "icd10.csv"), []byte("system#code#text\nICD10#A00.0#Kolera\nICD10#kolera#x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, stderr = kodeks("import", filepath.Join(dir, "icd10.csv"), "--data", data, "--release-version", "2027")
	if status != exitFailed || !strings.Contains(stderr, `icd10.csv:3:code: "kolera" is not an ICD-10 code`) || !strings.Contains(stderr, "nothing was imported") {
		t.Errorf("a row that is refused: status %d, %s", status, stderr)
	}
}
