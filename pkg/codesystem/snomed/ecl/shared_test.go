package ecl_test

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// shared is where constraints of other projects lie, beside the module.
var shared = filepath.Join("..", "..", "..", "..", "..", "shared", "ecl")

// disagreements are what the collections take for valid and we do not, with the
// reason. An entry that is not needed any more fails the test.
var disagreements = map[string]string{
	`<< 64572001 {{ definitionStatus = primitive }}`: "a concept filter without C; another collection lists the same as invalid",
}

// record is one line of a collection.
type record struct {
	ECL, A, B, Source string
}

func TestOfficialExamplesParse(t *testing.T) {
	needShared(t)
	n := 0
	err := filepath.WalkDir(filepath.Join(shared, "official", "examples"), func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		n++
		laws(t, string(text))
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d files, %v", n, err)
	}
	t.Logf("%d official examples parse", n)
}

func TestSharedValid(t *testing.T) {
	needShared(t)
	records, used := read(t, "syntax/valid.jsonl"), 0
	for _, r := range records {
		if reason, ok := disagreements[r.ECL]; ok {
			used++
			if _, err := ecl.Parse(r.ECL); err == nil {
				t.Errorf("Parse(%q) is accepted now, but: %s", r.ECL, reason)
			} else {
				t.Logf("%s\n  refused: %s\n  %v", r.ECL, reason, err)
			}
			continue
		}
		laws(t, r.ECL)
	}
	if used != len(disagreements) {
		t.Errorf("%d of %d disagreements were met", used, len(disagreements))
	}
	t.Logf("%d of %d valid expressions parse", len(records)-used, len(records))
}

func TestSharedInvalid(t *testing.T) {
	needShared(t)
	records := read(t, "syntax/invalid.jsonl")
	for _, r := range records {
		e, err := ecl.Parse(r.ECL)
		if terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("Parse(%q) = %v, %v, want kind Invalid", r.ECL, e, err)
			continue
		}
		t.Logf("%s\n  %v", r.ECL, err)
	}
	t.Logf("%d invalid expressions are refused", len(records))
}

func TestSharedEquivalent(t *testing.T) {
	needShared(t)
	records := read(t, "syntax/equivalent.jsonl")
	for _, r := range records {
		a, errA := ecl.Parse(r.A)
		b, errB := ecl.Parse(r.B)
		if errA != nil || errB != nil {
			t.Errorf("Parse(%q), Parse(%q): %v, %v", r.A, r.B, errA, errB)
			continue
		}
		without := ecl.FormatOptions{DropTerms: true}
		if a, b := ecl.Format(a, without), ecl.Format(b, without); a != b {
			t.Errorf("%q is %s, but %q is %s", r.A, a, r.B, b)
		}
		laws(t, r.B)
	}
	t.Logf("%d pairs are equal", len(records))
}

func TestSharedEvaluationCasesParse(t *testing.T) {
	needShared(t)
	for _, file := range []string{"eval/snowstorm-core/cases.jsonl", "eval/snowstorm-lite/cases.jsonl"} {
		records := read(t, file)
		for _, r := range records {
			laws(t, r.ECL)
		}
		t.Logf("%d expressions of %s parse", len(records), file)
	}
}

func needShared(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("no collections of constraints beside the module: %v", err)
	}
}

func read(t *testing.T, file string) []record {
	t.Helper()
	f, err := os.Open(filepath.Join(shared, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []record
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		// The evaluation cases have more keys than these.
		var r record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		t.Fatalf("%s is empty", file)
	}
	return out
}
