package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestICPC2BTargetsExist checks the map from ICPC-2B in its own file: targets
// without dots, in the case of the code.
func TestICPC2BTargetsExist(t *testing.T) {
	column := func(name, separator string, n int) []string {
		data, err := os.ReadFile(filepath.Join(testdata, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for line := range strings.Lines(string(data)) {
			out = append(out, strings.Split(strings.TrimSpace(line), separator)[n])
		}
		return out[1:]
	}
	codes := map[string]bool{}
	for _, code := range column("icd10/icd10.csv", "#", 1) {
		codes[strings.ReplaceAll(code, ".", "")] = true
	}
	for _, code := range column("icd10/icd10-without-dots.csv", ";", 0) {
		if !codes[code] {
			t.Errorf("icd10-without-dots.csv: %s is not in icd10.csv", code)
		}
	}
	for _, code := range column("icpc2/icpc2.csv", "#", 1) {
		codes[code] = true
	}
	for n, what := range []string{"ICD-10", "ICPC-2"} {
		for _, code := range column("icpc2/icpc2b-to-icd10.csv", ";", n) {
			if !codes[code] {
				t.Errorf("icpc2b-to-icd10.csv: no %s code %s", what, code)
			}
		}
	}
}

// TestFaultsDifferFromControl checks that every faulty file is there, and is not
// the control by mistake.
func TestFaultsDifferFromControl(t *testing.T) {
	read := func(folder string) map[string]string {
		out := map[string]string{}
		files, err := Generate(filepath.Join(testdata, "source"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if rest, ok := strings.CutPrefix(f.Name, folder+"/"); ok {
				fault, name, _ := strings.Cut(rest, "/")
				out[fault] += name + "\n" + string(f.Data)
			}
		}
		return out
	}
	for folder, want := range map[string]int{"rf2-bad": 9, "icd10/bad": 8} {
		faults := read(folder)
		if len(faults) != want {
			t.Errorf("%s has %d folders, want %d", folder, len(faults), want)
		}
		control := faults["control"] + faults["control.json"]
		for name, data := range faults {
			if !strings.HasPrefix(name, "control") && data == control {
				t.Errorf("%s/%s does not differ from the control", folder, name)
			}
		}
	}
}

func TestValidSCTID(t *testing.T) {
	tests := []struct {
		name, in string
		want     bool
	}{
		{"short format concept", "22298006", true},
		{"Norwegian reference set", "61000202103", true},
		{"longest concept", "882784691000119100", true},
		{"two digits swapped", "22289006", false},
		{"last digit changed", "22298007", false},
		{"ICD-10 code", "I21.9", false},
		{"leading zero", "022298006", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := validSCTID(tt.in); got != tt.want {
				t.Errorf("validSCTID(%q) = %v, want %v", tt.in, got, tt.want)
			}
		})
	}
}

// TestTablesRefuseMistakes shows that a slip in a table is found with its line.
func TestTablesRefuseMistakes(t *testing.T) {
	const head = "@module 138875005\n@since 20020131\n<<< 138875005 | SNOMED CT Concept (SNOMED RT+CTV3) |\n"
	tests := []struct{ name, in, want string }{
		{"check digit", "<<< 404684004 | Clinical finding (finding) | 138875005", "t.txt:4: "},
		{"unknown key", "bn: hjerte", `unknown key "bn"`},
		{"unknown parent", "<<< 404684003 | Clinical finding (finding) | 64572001", "no concept 64572001"},
		{"same concept twice", "<<< 138875005 | Again (finding) |", "is also in t.txt:3"},
		{"attribute without value", "role: 363698007", "want type=value"},
		{"map without group", "icd10: IFA => I21.9", "want group/priority"},
		{"concept model that the tables lack", "", "concept model: no concept 363698007"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "t.txt"), []byte(head+tt.in+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			tables, err := readTables(dir)
			if err == nil {
				_, err = compile(tables)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want one with %q", err, tt.want)
			}
		})
	}
}
