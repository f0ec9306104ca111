package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMapsCheck: what is wrong in maps is counted, listed, and the exit status tells.
func TestMapsCheck(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	add := func(name, mapping, content string) {
		file, yaml := filepath.Join(dir, name), filepath.Join(dir, name+".yaml")
		for path, text := range map[string]string{file: content, yaml: mapping} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if status, _, stderr := kodeks("import", file, "--mapping", yaml, "--data", data, "--release-version", "2026"); status != exitAnswered {
			t.Fatalf("import %s: status %d, %s", name, status, stderr)
		}
	}
	const ends = "source: 'urn:a', target: 'urn:b', columns: {source: Fra, target: Til}"
	add("a.csv", "system: {uri: 'urn:a', name: a, title: A}\ncolumns: {code: Kode, display: Tekst}", "Kode;Tekst\nA1;en\nA2;to\n")
	add("b.csv", "system: {uri: 'urn:b', name: b, title: B}\ncolumns: {code: Kode, display: Tekst, valid-to: Til}", "Kode;Tekst;Til\nB1;en;\nB2;to;2026-06-30\n")
	add("right.csv", "map: {url: 'urn:right', name: map-right, title: Riktig, "+ends+"}", "Fra;Til\nA1;B1\nA2;\n")
	add("wrong.csv", "map: {url: 'urn:wrong', name: map-wrong, title: Feil, "+ends+"}", "Fra;Til\nA1;B1\nA1;B2\nA2;B9\nA9;B1\n")
	add("far.csv", "map: {url: 'urn:far', name: map-far, title: Langt, source: 'urn:a', target: 'urn:c', columns: {source: Fra, target: Til}}", "Fra;Til\nA1;C1\n")

	for _, tt := range []struct {
		name   string
		args   []string
		status int
		want   []string // parts of the output, in order
		wrong  string   // part of standard error
	}{
		{"one that is right", []string{"urn:right"}, exitAnswered, []string{"Title", "Faults", "Riktig", "a 2026", "b 2026", "2", "0"}, ""},
		{"remarks are nothing wrong, nor is what is not installed", []string{"urn:far", "urn:right"}, exitAnswered, []string{"urn:c (not installed)"}, ""},
		{"all, on a day on which more is valid", []string{"--date", "2026-01"}, exitFailed, []string{"Target unknown", "Source unknown", "Undecided"}, "2 faults in 1 of 3; --details lists them"},
		{"details", []string{"--details", "--date", "2026-12-31"}, exitFailed, []string{"Feil (urn:wrong)\n",
			"  target-not-valid  B2 is no longer valid on 2026-12-31 in B 2026: it is until 2026-06-30", "  target-unknown ", "  source-unknown ", "  undecided "}, "3 faults in 1 of 3"},
		{"some of the details", []string{"--details", "--date", "2026-12-31", "--limit", "1"}, exitFailed, []string{"target-not-valid", "and 3 more\n"}, "3 faults"},
		{"details for programs", []string{"map-wrong|2026", "--details", "--format", "tsv", "--date", "2026-12-31"}, exitFailed, []string{
			"fault\ttext\tsource\ttarget\tfile\tline\tid\tmap\trelease\tversion\n", "target-not-valid\tB2 is ", "\tA1\tB2\t", "\turn:wrong\tmap-wrong\t2026\n"}, "3 faults"},
		{"figures for programs", []string{"urn:wrong", "--format", "tsv", "--date", "2026-12-31"}, exitFailed, []string{"\tfaults\ttarget_unknown\t", "Feil\turn:wrong\tmap-wrong\t2026\turn:a 2026\turn:b 2026\turn:a\t2026\turn:b\t2026\t4\t3\t0\t3\t1\t0\t1\t1\t0\t0\t0\t0\t1\n"}, "3 faults"},
		{"no such map", []string{"urn:none"}, exitFailed, nil, "no map urn:none is installed"},
		{"no day", []string{"--date", "i morgen"}, exitUsage, nil, "--date i morgen is no day"},
		{"of a server", []string{"--server", "127.0.0.1:1"}, exitUsage, nil, "maps check works on a data folder"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, stdout, stderr := kodeks(append([]string{"maps", "check", "--data", data}, tt.args...)...)
			if status != tt.status || !strings.Contains(stderr, tt.wrong) || tt.wrong == "" && stderr != "" {
				t.Errorf("status %d, %q; want %d and %q", status, stderr, tt.status, tt.wrong)
			}
			rest, ok := stdout, true
			for _, want := range tt.want {
				if _, rest, ok = strings.Cut(rest, want); !ok {
					t.Errorf("no %q in its place in\n%s", want, stdout)
				}
			}
		})
	}
	status, stdout, _ := kodeks("maps", "check", "urn:wrong", "--details", "--format", "json", "--data", data, "--date", "2026-12-31")
	var out struct{ Maps []checkedMap }
	if err := json.Unmarshal([]byte(stdout), &out); err != nil || status != exitFailed || len(out.Maps) != 1 || out.Maps[0].Faults != 3 || out.Maps[0].Counts["target-unknown"] != 1 || len(out.Maps[0].Findings) != 4 {
		t.Errorf("JSON: status %d, %v, %+v", status, err, out)
	}
}
