package scg_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// shared is where expressions and releases of other projects lie, beside the module.
var shared = filepath.Join("..", "..", "..", "..", "..", "shared")

func TestSharedExpressions(t *testing.T) {
	f, err := os.Open(filepath.Join(shared, "scg", "expressions.jsonl"))
	if err != nil {
		t.Skipf("no collection of expressions beside the module: %v", err)
	}
	defer f.Close()
	valid, invalid := 0, 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var r struct {
			Expression, NormalForm, Canonical, What string
			Valid                                   bool
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		text := cmp.Or(r.Expression, r.NormalForm)
		if !r.Valid {
			invalid++
			e, err := scg.Parse(text)
			if terminology.KindOf(err) != terminology.Invalid {
				t.Errorf("Parse(%q) = %v, %v, want kind Invalid", text, e, err)
			}
			t.Logf("%s\n  %v", text, err)
			continue
		}
		valid++
		laws(t, text)
		e, err := scg.Parse(text)
		if err == nil && r.Canonical != "" {
			got := scg.Format(scg.Canonical(e), scg.FormatOptions{Blanks: true})
			if got != r.Canonical {
				t.Errorf("canonical form of %q: %q, want %q", text, got, r.Canonical)
			}
		}
		if err == nil && r.NormalForm != "" && scg.Format(e, scg.FormatOptions{}) != r.NormalForm {
			t.Errorf("%q prints as %q", r.NormalForm, e)
		}
	}
	if valid == 0 {
		t.Fatal("the collection is empty")
	}
	t.Logf("%d valid expressions parse, %d invalid ones are refused", valid, invalid)
}
