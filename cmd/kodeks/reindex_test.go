package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReindexKeepsWords gives an import words that compounds are made of: they outlive
// indexes that are built anew, until others are given or none is wanted.
func TestReindexKeepsWords(t *testing.T) {
	dir := t.TempDir()
	data, codes, words, others := filepath.Join(dir, "data"), filepath.Join(dir, "icd10.csv"), filepath.Join(dir, "words.txt"), filepath.Join(dir, "others.txt")
	for file, text := range map[string]string{codes: "ICD10;Tekst\nA00;Pinnsvinkaktus\n", words: "pinnsvin\nkaktus\n", others: "trekkfugl\nmangrove\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		args   []string
		status int
		finds  bool // the compound by its second word
	}{
		{[]string{"import", codes, "--release-version", "2026", "--words", words}, exitAnswered, true},
		{[]string{"reindex", "--all"}, exitAnswered, true},
		{[]string{"reindex", "--all"}, exitAnswered, true},
		{[]string{"reindex", "--words", others}, exitAnswered, false},
		{[]string{"reindex", "--words", words, "--no-words"}, exitUsage, false},
		{[]string{"reindex", "--words", words, "icd-10-no"}, exitAnswered, true},
		{[]string{"reindex", "--no-words"}, exitAnswered, false},
	} {
		args := append(step.args, "--data", data)
		if status, _, stderr := kodeks(args...); status != step.status {
			t.Fatalf("kodeks %q: status %d, want %d: %s", args, status, step.status, stderr)
		}
		_, stdout, _ := kodeks("search", "--data", data, "--whole-words", "kaktus")
		if got := strings.Contains(stdout, "A00"); got != step.finds {
			t.Errorf("after %q: search kaktus finds it: %t, want %t: %s", args, got, step.finds, stdout)
		}
	}
}
