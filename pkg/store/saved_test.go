package store_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestSaved(t *testing.T) {
	dir := t.TempDir()
	r, err := store.OpenResources(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	}
	if _, err := r.Saved("ab"); terminology.KindOf(err) != terminology.NotFound {
		t.Errorf("nothing was saved: %v", err)
	}
	for name, text := range map[string]string{"ab": "first", "cd": "second", "ef": ""} {
		if err := r.Save(name, write(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := r.Saved(name); err != nil || string(got) != text {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	full := errors.New("no space left on device")
	if err := r.Save("ab", func(w io.Writer) error { _, _ = io.WriteString(w, "half"); return full }); !errors.Is(err, full) {
		t.Errorf("what cannot be written: %v", err)
	}
	if got, err := r.Saved("ab"); err != nil || string(got) != "first" {
		t.Errorf("what could not be written took the place of %q, %v", got, err)
	}
	for _, name := range []string{"", "../ab", "x", "AB/cd"} {
		if err := r.Save(name, write("")); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("the name %q: %v", name, err)
		}
		if _, err := r.Saved(name); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("the name %q: %v", name, err)
		}
	}
	for range 2 {
		if err := r.Unsave("ef"); err != nil {
			t.Error(err)
		}
	}
	if _, err := r.Saved("ef"); terminology.KindOf(err) != terminology.NotFound {
		t.Errorf("what was removed: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "saved", "cd.123"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Forget(func(name string) bool { return name == "cd" }); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "saved")); len(left) != 1 || left[0].Name() != "cd" {
		t.Errorf("left are %v", left)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if r, err = store.OpenResources(dir, true); err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := r.Saved("cd"); err != nil || string(got) != "second" {
		t.Errorf("after a restart cd is %q, %v", got, err)
	}
	if err := r.Save("ab", write("x")); terminology.KindOf(err) != terminology.NotSupported {
		t.Errorf("saving in what is read only: %v", err)
	}
}
