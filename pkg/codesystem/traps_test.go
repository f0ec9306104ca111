package codesystem_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestTraps: every test that TRAPS.md names is there.
func TestTraps(t *testing.T) {
	text, err := os.ReadFile("TRAPS.md")
	if err != nil {
		t.Fatal(err)
	}
	folders := map[string]string{"codesystem": ".", "operation": filepath.Join("..", "operation")}
	sources := map[string]string{}
	named := regexp.MustCompile(`\b([a-z0-9]+) (Test[A-Za-z0-9]+)\b`).FindAllStringSubmatch(string(text), -1)
	if len(named) < 60 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, n := range named {
		folder, ok := folders[n[1]]
		if !ok {
			folder = n[1]
		}
		if sources[folder] == "" {
			files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				source, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				sources[folder] += string(source)
			}
		}
		if !strings.Contains(sources[folder], "func "+n[2]+"(t *testing.T)") {
			t.Errorf("there is no %s in %s", n[2], n[1])
		}
	}
}

// TestNearMiss: what is almost a file of ours is told what it lacks.
func TestNearMiss(t *testing.T) {
	for _, tt := range []struct{ name, file, content, want string }{
		{"a download without texts", "a.json", `[{"Kode":"A00","Gyldig_fra":"1999-01-01T00:00:00"}]`,
			"x/a.json: this is like the Directorate's download of ICD-10 or ICPC-2, but has no column Tekst_uten_lengdebegrensning; its columns are Kode, Gyldig_fra"},
		{"NLK without names", "a.csv", "Kode;Kodedefinisjon;Enhet\nNPU00001;x;y\n", "x/a.csv: this is like NLK, but has no column Norsk bruksnavn; its columns are Kode, Kodedefinisjon, Enhet"},
		{"a tabulation without codes", "a.txt", "Foundation URI\tLinearization URI\tTitle\tClassKind\nu\tv\tx\ty\n", "x/a.txt: this is like a SimpleTabulation of ICD-11, but has no column Code; its columns are Foundation URI, Linearization URI, Title, ClassKind"},
		{"a map of ICD-11 without titles", "a.txt", "icd10Code\ticd10Title\ticd11Code\t11ClassKind\nA00\tx\t1A00\tcategory\n", "x/a.txt: this is like WHO's map between ICD-10 and ICD-11, but has no column icd11Title; its columns are icd10Code, icd10Title, icd11Code, 11ClassKind"},
		{"a first row that cannot be read", "a.csv", "system#code#text\nICD10#A00.0\n", "x/a.csv:2: the row has 2 cells, the header 3"},
		{"another table", "a.csv", "navn;pris\nx;1\n", "x/a.csv: this table is of no code system that is known by its columns (navn, pris) and codes: say which with --system (snomed, "},
		{"a text with a comma", "a.txt", "Kjære leser, dette er ingen tabell\nVennlig hilsen, oss\n", "x: found nothing to import in a.txt: want an RF2 package"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := codesystem.Detect([]codesystem.Input{folder("x", tt.file, tt.content)}, codesystem.Options{Today: today})
			if err == nil || !strings.HasPrefix(terminology.Message(err), tt.want) {
				t.Errorf("Detect: %v\nwant %s", err, tt.want)
			}
		})
	}
}
