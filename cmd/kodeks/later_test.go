package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamagedBeside damages one release in a way that its manifest does not tell: what
// does not ask it answers as if nothing were wrong, what needs it says so, and list and
// verify always do.
func TestDamagedBeside(t *testing.T) {
	data := t.TempDir()
	sample := filepath.Join("..", "..", "testdata")
	status, _, stderr := kodeks("import", "--data", data, "--release-version", "2026", filepath.Join(sample, "snomed"),
		filepath.Join(sample, "icd10", "icd10-fat.json"), filepath.Join(sample, "icpc2", "icpc2-fat.json"))
	if status != exitAnswered {
		t.Fatalf("import: %s", stderr)
	}
	ask := func(args ...string) (int, string, string) {
		return kodeks(append(args, "--data", data, "--format", "tsv")...)
	}
	_, _, without := ask("lookup", "22298006")
	if without != "" {
		t.Fatalf("lookup in a whole release says %s", without)
	}
	tables, err := filepath.Glob(filepath.Join(data, "releases", "snomed-*", "*", "kv", "*.sst"))
	if err != nil || len(tables) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	for _, name := range tables {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, make([]byte, info.Size()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		args   []string
		status int
		out    string // in what it prints
		says   string // in what it complains of; "": it does not
	}{
		{[]string{"lookup", "--system", "icd-10", "I21.0"}, exitAnswered, "\nI21.0\t", ""},
		{[]string{"lookup", "I21.0"}, exitAnswered, "\nI21.0\t", ""},
		{[]string{"search", "--system", "icpc-2", "hjerteinf"}, exitAnswered, "\nK75\t", ""},
		{[]string{"translate", "K75", "--system", "icpc-2", "--to", "icd-10", "--no-chain"}, exitAnswered, "", ""},
		{[]string{"lookup", "22298006"}, exitFailed, "", "snomed-"},
		{[]string{"lookup", "--system", "snomed", "22298006"}, exitFailed, "", "snomed-"},
		{[]string{"search", "hjerteinf"}, exitAnswered, "\nK75\t", "snomed-"},
		{[]string{"list"}, exitAnswered, "\nicpc-2\t", "import --replace"},
		{[]string{"verify"}, exitFailed, "snomed-", "damaged"},
	} {
		status, stdout, stderr := ask(tt.args...)
		if status != tt.status || !strings.Contains(stdout, tt.out) || (tt.says == "") != (stderr == "") || !strings.Contains(stderr, tt.says) {
			t.Errorf("kodeks %q: status %d, want %d\n%s%s\nwant %q, and complaints with %q", tt.args, status, tt.status, stdout, stderr, tt.out, tt.says)
		}
		if tt.args[0] == "list" && strings.Contains(stdout, "snomed") {
			t.Errorf("list shows the damaged release:\n%s", stdout)
		}
	}
}
