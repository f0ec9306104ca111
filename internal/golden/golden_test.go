package golden_test

import (
	"os"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/golden"
)

// watched is a test whose failures are kept.
type watched struct {
	testing.TB
	failures []string
}

func (w *watched) Helper() {}
func (w *watched) Errorf(format string, args ...any) {
	w.failures = append(w.failures, format)
}
func (w *watched) Fatalf(format string, args ...any) { w.Errorf(format, args...); panic(w) }

func TestEqual(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("testdata/golden", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/golden/term.txt", []byte("22298006\thjerteinfarkt\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		"22298006\thjerteinfarkt\n":    "",
		"22298006\thjarteinfarkt\n":    "line %d differs",
		"22298006\thjerteinfarkt":      "line %d differs",
		"22298006\thjerteinfarkt\n\nx": "line %d differs",
	} {
		w := &watched{TB: t}
		golden.Equal(w, "term.txt", []byte(got))
		if text := strings.Join(w.failures, "\n"); (want == "") != (text == "") || !strings.Contains(text, want) {
			t.Errorf("Equal of %q fails with %q, want %q", got, text, want)
		}
	}
	w := &watched{TB: t}
	func() {
		defer func() { recover() }()
		golden.Equal(w, "none.txt", nil)
	}()
	if len(w.failures) != 1 || !strings.Contains(w.failures[0], "does not exist") {
		t.Errorf("Equal without a file fails with %q", w.failures)
	}
}
