package main

import (
	"bytes"
	"context"
	"github.com/kodeks/kodeks/internal/golden"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

// serveSample serves the sample until the test ends.
func serveSample(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- grpcserver.New(sample{}, grpcserver.Options{}).Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return l.Addr().String()
}

func kodeks(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = run(context.Background(), args, &out, &errs)
	return status, out.String(), errs.String()
}

// TestCommands pins what commands print, byte for byte, in each format. Scripts
// read tsv and json: a change of those files is a change of a promise.
func TestCommands(t *testing.T) {
	address := serveSample(t)
	valueSet := filepath.Join(t.TempDir(), "hjerte.json")
	if err := os.WriteFile(valueSet, []byte(`{"resourceType":"ValueSet","url":"http://example.org/ValueSet/hjerte","status":"draft",
		"compose":{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"22298006"}]}]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"lookup":                   {"lookup", "22298006"},
		"lookup-limit":             {"lookup", "22298006", "--limit", "1"},
		"lookup-guessed-system":    {"lookup", "i21.9"},
		"lookup-chapter":           {"lookup", "--system", "icd-10", "I20-I25"},
		"lookup-unknown":           {"lookup", "--system", "icd-10", "I21.X", "I21.9"},
		"lookup-nowhere":           {"lookup", "-30"},
		"search":                   {"search", "hjerte", "inf", "--limit", "3"},
		"search-one-system":        {"search", "-s", "snomed", "hjerteinf"},
		"search-nothing":           {"search", "brekkbønne"},
		"search-explain":           {"search", "--explain", "--ecl", "< 64572001", "--terms", "nb,nn", "hjerte", "inf", "--limit", "3"},
		"search-facets":            {"search", "--facets", "--whole-words", "--fuzzy", "hjerte", "--limit", "2"},
		"search-page":              {"search", "--refset", "447562003", "--offset", "1", "hjerteinf"},
		"search-page-behind":       {"search", "--offset", "40", "hjerteinf"},
		"subsumes":                 {"subsumes", "22298006", "57054005"},
		"subsumes-unknown":         {"subsumes", "22298006", "22298007"},
		"translate":                {"translate", "22298006", "--to", "icd-10"},
		"translate-no-map":         {"translate", "--from", "icd-10", "I21.9"},
		"validate-code":            {"validate-code", "-s", "snomed", "22298006", "22298007"},
		"validate-code-display":    {"validate-code", "--display", "hjarteinfarkt", "22298006"},
		"expand":                   {"expand", "http://snomed.info/sct?fhir_vs=isa/22298006"},
		"expand-page":              {"expand", valueSet, "--limit", "2", "--offset", "1"},
		"expand-total":             {"expand", "http://snomed.info/sct?fhir_vs", "--count", "0"},
		"list":                     {"list"},
		"maps":                     {"maps"},
		"list-aliases":             {"list", "--aliases"},
		"lookup-nowhere-validated": {"validate-code", "A00.ZZ"},
		"ecl-eval":                 {"ecl", "eval", "<< 22298006"},
		"ecl-eval-page":            {"ecl", "eval", "<<", "22298006", "--limit", "1", "--offset", "0"},
		"ecl-eval-columns":         {"ecl", "eval", "^ [referencedComponentId, mapTarget] 447562003"},
		"ecl-count":                {"ecl", "count", "<< 22298006"},
		"ecl-validate":             {"ecl", "validate", "descendantOrSelfOf 22298006 |Myocardial infarction|"},
		"ecl-explain":              {"ecl", "explain", "< 404684003 : 363698007 = << 74281007"},
		"ecl-explain-code":         {"ecl", "explain", "< 404684003 : 363698007 = << 74281007", "22298006"},
		"ecl-explain-unknown":      {"ecl", "explain", "< 404684003 : 363698007 = << 74281007", "22298007"},
		"expression-check":         {"expression", "check", "22298006 : 363698007 = 80891009"},
		"expression-format":        {"expression", "format", "--terms", "22298006 : 363698007 = 80891009"},
		"expression-normalize":     {"expression", "normalize", "--terms", "22298006 : 363698007 = 80891009"},
		"expression-compare":       {"expression", "compare", "22298006", "57054005"},
		"expression-test":          {"expression", "test", "22298006", "< 404684003 : 363698007 = << 74281007"},
		"lookup-inactive":          {"lookup", "155728006"},
		"lookup-replaced":          {"lookup", "--system", "icd-10", "R50.0"},
		"lookup-on-a-day":          {"lookup", "--date", "2026-06-30", "r50.0", "U07.1"},
		"validate-on-a-day":        {"validate-code", "--system", "icd-10", "--date", "2026", "R50.0", "I21.9"},
		"expand-on-a-day":          {"expand", "http://snomed.info/sct?fhir_vs=isa/22298006", "--date", "2025-06"},
		"lookup-expression":        {"lookup", "-s", "snomed", "22298006:{263502005=424124008}"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range []string{"table", "tsv", "json"} {
				status, stdout, stderr := kodeks(append(args, "--format", format, "--server", address)...)
				if status != exitAnswered || stderr != "" {
					t.Errorf("kodeks %q: status %d, stderr %q, want an answer", args, status, stderr)
				}
				golden.Equal(t, name+map[string]string{"table": ".txt", "tsv": ".tsv", "json": ".json"}[format], []byte(stdout))
			}
		})
	}
}

// TestTSV states the promise for every tsv: the header and each row have the same
// number of cells, and no cell is lost to a tab in a term.
func TestTSV(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
		cells := strings.Count(lines[0], "\t")
		for _, line := range lines[1:] {
			if strings.Count(line, "\t") != cells {
				t.Errorf("%s: %q has not the %d cells of the header", name, line, cells+1)
			}
		}
	}
}

func TestExitStatus(t *testing.T) {
	address := serveSample(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	data := t.TempDir()
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		stderr string // is part of it
	}{
		{"help is an answer", []string{"lookup", "--help"}, exitAnswered, ""},
		{"version", []string{"version"}, exitAnswered, ""},
		{"version as a flag", []string{"--version"}, exitAnswered, ""},
		{"help as a command", []string{"help"}, exitAnswered, ""},
		{"help on what is no command", []string{"help", "imprt"}, exitUsage, `did you mean "import"?`},
		{"no command", nil, exitUsage, "Usage: kodeks"},
		{"mistyped command", []string{"lokup", "22298006"}, exitUsage, `did you mean "lookup"?`},
		{"mistyped flag", []string{"lookup", "--sytem", "icd-10", "I21"}, exitUsage, `did you mean "--system"?`},
		{"no code", []string{"lookup"}, exitUsage, `"kodeks lookup --help"`},
		{"unknown format", []string{"list", "--format", "xml"}, exitUsage, `"table","json","tsv"`},
		{"negative limit", []string{"search", "hjerte", "--limit=-1"}, exitUsage, "--limit is -1"},
		{"negative limit as a word", []string{"search", "hjerte", "--limit", "-1"}, exitUsage, `got "-1"`},
		{"not a language", []string{"lookup", "22298006", "--lang", "bokmål", "--server", address}, exitUsage, "bokmål"},
		{"not a file", []string{"expand", "none.json"}, exitUsage, "none.json"},
		{"code system that is not installed", []string{"lookup", "--system", "loinc", "718-7", "--server", address}, exitFailed, "kodeks list"},
		{"a constraint that is none", []string{"ecl", "eval", "< 404684003 AND < 64572001 OR *", "--server", address}, exitUsage, "line 1, column 28: found \"OR\""},
		{"the place in a constraint", []string{"ecl", "count", "< 404684003\nAND < hjerte", "--server", address}, exitUsage, "\n  AND < hjerte\n        ^\n"},
		{"the place in what is validated", []string{"ecl", "validate", "<< hjerte", "--server", address}, exitUsage, "\n  << hjerte\n     ^\n"},
		{"the place in an expression", []string{"expression", "format", "22298006 : 363698007"}, exitUsage, "\n  22298006 : 363698007\n                      ^\n"},
		{"the place in a long line", []string{"ecl", "format", strings.Repeat("<< 22298006 OR ", 50) + "hjerte"}, exitUsage, "\n  …"},
		{"negative offset of a constraint", []string{"ecl", "eval", "*", "--offset=-1"}, exitUsage, "--offset"},
		{"no edition", []string{"ecl", "count", "*", "--edition", "icd-10"}, exitUsage, "--edition icd-10"},
		{"an edition and a whole version", []string{"ecl", "count", "*", "--edition", "51000202101", "--version", "http://snomed.info/sct/51000202101/version/20250915"}, exitUsage, "leave --edition out"},
		{"two forms of an expression", []string{"expression", "format", "--terms", "--canonical", "22298006"}, exitUsage, "--canonical"},
		{"too costly", []string{"expand", "http://snomed.info/sct?fhir_vs", "--server", address}, exitFailed, "--limit"},
		{"no server", []string{"list", "--server", closed.Addr().String()}, exitFailed, closed.Addr().String()},
		{"a file in the place of the data folder", []string{"list", "--data", "main.go"}, exitUsage, "main.go is a file: --data, or KODEKS_DATA, takes the folder"},
		{"a file to import into", []string{"import", "../../testdata/icd10/icd10-fat.json", "--data", "main.go"}, exitUsage, "main.go is a file"},
		{"a file to serve", []string{"serve", "--data", "main.go", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"}, exitUsage, "main.go is a file"},
		{"address in use", []string{"serve", "--data", data, "--http", taken.Addr().String()}, exitFailed, "another address with --http"},
		{"gRPC address in use", []string{"serve", "--data", data, "--http", "127.0.0.1:0", "--grpc", taken.Addr().String()}, exitFailed, "another address with --grpc"},
		{"not an address", []string{"serve", "--data", data, "--http", "8080"}, exitUsage, "--http"},
		{"an origin with a path", []string{"serve", "--data", data, "--cors-origin", "https://journal.example.org/"}, exitUsage, "--cors-origin https://journal.example.org/ is not an origin"},
		{"an origin without a scheme", []string{"serve", "--data", data, "--cors-origin", "journal.example.org"}, exitUsage, "SCHEME://HOST"},
		{"no origin and one", []string{"serve", "--data", data, "--cors-origin", "https://journal.example.org", "--cors-origin", "none"}, exitUsage, "none stands alone"},
		{"negative offset of a search", []string{"search", "hjerte", "--offset=-1"}, exitUsage, "--offset is -1"},
		{"two sets to search", []string{"search", "hjerte", "--ecl", "*", "--refset", "447562003"}, exitUsage, "--ecl and --refset"},
		{"terms in no language", []string{"search", "hjerte", "--terms", "bokmål", "--server", address}, exitUsage, "bokmål"},
		{"verify of a server", []string{"verify", "--server", address}, exitUsage, "--data"},
		{"remove of no version", []string{"remove", "icd-10-no"}, exitUsage, "--all-but-latest"},
		{"remove of a version and all", []string{"remove", "icd-10-no", "2025", "--all-but-latest"}, exitUsage, "--all-but-latest"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, stdout, stderr := kodeks(tt.args...)
			if status != tt.status || !strings.Contains(stderr, tt.stderr) {
				t.Errorf("kodeks %q: status %d, want %d; stderr %q, want %q in it", tt.args, status, tt.status, stderr, tt.stderr)
			}
			if status != exitAnswered && stdout != "" {
				t.Errorf("kodeks %q fails and writes %q to standard output", tt.args, stdout)
			}
		})
	}
}

// TestHelp wants examples in the help of every command, since they are what people
// read.
func TestHelp(t *testing.T) {
	for _, command := range []string{"lookup", "search", "subsumes", "translate", "validate-code", "expand", "list", "import", "serve", "verify", "remove", "reindex", "maps check",
		"ecl eval", "ecl count", "ecl explain", "ecl validate", "ecl format",
		"expression check", "expression format", "expression normalize", "expression compare", "expression test"} {
		status, stdout, _ := kodeks(append(strings.Fields(command), "--help")...)
		if status != exitAnswered || !strings.Contains(stdout, "Examples:\n\n    kodeks "+command) || strings.Count(stdout, "--data") == 0 {
			t.Errorf("kodeks %s --help: status %d and no example:\n%s", command, status, stdout)
		}
	}
	for name, args := range map[string][]string{"help": nil, "help-search": {"search"}, "help-serve": {"serve"}, "help-ecl-eval": {"ecl", "eval"}, "help-ecl-explain": {"ecl", "explain"}, "help-ecl-validate": {"ecl", "validate"}, "help-expression-check": {"expression", "check"}} {
		_, stdout, _ := kodeks(append(args, "--help")...)
		golden.Equal(t, name+".txt", []byte(stdout))
	}
}

// TestFullDisk wants an error that comes only when output is flushed to be told.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here:", err)
	}
	defer full.Close()
	var stderr bytes.Buffer
	if status := run(context.Background(), []string{"version"}, full, &stderr); status != exitFailed || stderr.Len() == 0 {
		t.Errorf("kodeks version to a full disk: status %d, stderr %q, want %d and the reason", status, stderr.String(), exitFailed)
	}
}

// TestHabits: help and the version can be asked for as of other commands.
func TestHabits(t *testing.T) {
	for _, tt := range [][2][]string{
		{{"help"}, {"--help"}},
		{{"help", "maps", "check"}, {"maps", "check", "--help"}},
		{{"--version"}, {"version"}},
		{{"--version", "--format", "json"}, {"version", "--format", "json"}},
	} {
		_, got, _ := kodeks(tt[0]...)
		if status, want, _ := kodeks(tt[1]...); status != exitAnswered || got != want || want == "" {
			t.Errorf("kodeks %q prints\n%s\nwant, as kodeks %q,\n%s", tt[0], got, tt[1], want)
		}
	}
}
