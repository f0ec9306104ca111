package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// realData is a folder beside the project with real files of code systems, which are
// not ours to pass on.
var realData = filepath.Join("..", "..", "..", "shared")

// TestRealData imports real files when they are there.
func TestRealData(t *testing.T) {
	if _, err := os.Stat(realData); err != nil {
		t.Skip("skipped: there is no folder with real data here:", err)
	}
	real := func(names ...string) string {
		t.Helper()
		path := filepath.Join(append([]string{realData}, names...)...)
		if _, err := os.Stat(path); err != nil {
			t.Skip("skipped: there is no such real data here:", err)
		}
		return path
	}
	imports := func(t *testing.T, data, want string, args ...string) {
		t.Helper()
		status, stdout, stderr := kodeks(append([]string{"import", "--data", data, "--format", "tsv"}, args...)...)
		if status != exitAnswered || !strings.Contains(stdout, want) {
			t.Fatalf("kodeks import %q: status %d, %q, %s, want %q", args, status, stdout, stderr, want)
		}
		if status, stdout, _ := kodeks("verify", "--data", data); status != exitAnswered {
			t.Errorf("kodeks verify: status %d, %s", status, stdout)
		}
	}
	answers := func(t *testing.T, data, want string, args ...string) {
		t.Helper()
		status, stdout, stderr := kodeks(append(args, "--data", data, "--format", "tsv")...)
		if status != exitAnswered || !strings.Contains(stdout, want) {
			t.Errorf("kodeks %q: status %d, %s%s\nwant %q", args, status, stdout, stderr, want)
		}
	}

	t.Run("subset of SNOMED CT", func(t *testing.T) {
		const version = "http://snomed.info/xsct/31000003106/version/20250909"
		path := real("tx-ecosystem", "tx-source", "snomed")
		for _, args := range [][]string{{path}, {path, "--version-uri", version}} {
			data := t.TempDir()
			imports(t, data, version+"\t2258\t2254\t", args...)
			answers(t, data, "\n138875005\tSNOMED CT Concept\t", "lookup", "138875005", "--lang", "en")
			answers(t, data, "\n128241005\tInflammatory disease of liver\t", "lookup", "128241005", "--lang", "en-US")
		}
	})
	t.Run("ICD-10", func(t *testing.T) {
		for _, file := range []string{"tsm-icd10.json", "tsm-icd10.csv", "navikt-ICD10.json"} {
			data := t.TempDir()
			imports(t, data, "\nicd-10-no\tICD-10 (norsk utgave)\t2026\t19896\t19896\t19896\t", "--release-version", "2026", real("data", "icd10-no", file))
			status, stdout, _ := kodeks("search", "--data", data, "--system", "icd-10", "hjerteinf", "--format", "tsv", "--limit", "10")
			lines := strings.Split(strings.TrimSpace(stdout), "\n")
			if status != exitAnswered || len(lines) < 3 || !strings.HasPrefix(lines[1], "I21") {
				t.Errorf("%s: search hjerteinf: status %d,\n%s\nwant codes of I21 first", file, status, stdout)
			}
			for _, code := range []string{"I21.0a", "i21.0a", "I21.0A", "I210a", "i210A"} {
				answers(t, data, "\nI21.0a\t", "lookup", "-s", "icd-10", code)
			}
			answers(t, data, "subsumes", "subsumes", "-s", "icd-10", "I20-I25", "i210a")
		}
	})
	t.Run("ICPC-2", func(t *testing.T) {
		for _, file := range []string{"tsm-icpc2.csv", "tsm-icpc2.json", "navikt-ICPC2.json"} {
			data := t.TempDir()
			imports(t, data, "\nicpc-2\tICPC-2 (norsk utgave)\t2026\t725\t725\t725\t", "--release-version", "2026", real("data", "icpc2", file))
			answers(t, data, "\nK75\t", "lookup", "-s", "icpc-2", "k75")
		}
	})
	t.Run("ICPC-2B", func(t *testing.T) {
		for _, file := range []string{"tsm-icpc2b.csv", "tsm-icpc2b.json"} {
			data := t.TempDir()
			imports(t, data, "\nicpc-2b\tICPC-2B (norsk utgave)\t2026\t17017\t17017\t17017\t", "--release-version", "2026", real("data", "icpc2", file))
			answers(t, data, "\nK75.0000\t", "lookup", "-s", "icpc-2b", "K750000")
		}
	})
}
