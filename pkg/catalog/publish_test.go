package catalog_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestPublishReplaceRemove(t *testing.T) {
	data := t.TempDir()
	r := icd10("2026")
	publish(t, data, r, "first", false)
	c, _ := open(t, data, catalog.Options{})
	answer := func(want string) {
		t.Helper()
		if _, err := c.Refresh(); err != nil {
			t.Fatal(err)
		}
		s := c.Acquire()
		defer s.LetGo()
		if got := content(s, "icd-10", ""); got != want {
			t.Errorf("icd-10 answers %q, want %q", got, want)
		}
	}
	answer("first")

	stage, err := catalog.Stage(data)
	if err != nil {
		t.Fatal(err)
	}
	defer stage.Close()
	dir := write(t, stage, r, "second")
	if err := stage.Publish(dir, r, false); terminology.KindOf(err) != terminology.Conflict || !strings.Contains(err.Error(), "--replace") {
		t.Errorf("publish twice: %v, want Conflict and how to replace", err)
	}
	answer("first")
	if err := stage.Publish(dir, r, true); err != nil {
		t.Fatal(err)
	}
	answer("second")
	if left := staged(t, data); len(left) > 0 {
		t.Errorf("replacing leaves %v in the staging place", left)
	}
	if err := stage.Remove(r); err != nil {
		t.Fatal(err)
	}
	answer("not found")
	if left := staged(t, data); len(left) > 0 {
		t.Errorf("removing leaves %v in the staging place", left)
	}
	if _, err := os.Stat(filepath.Dir(catalog.Dir(data, r))); !os.IsNotExist(err) {
		t.Errorf("removing the last version leaves the folder of the code system: %v", err)
	}
	if err := stage.Remove(r); err == nil {
		t.Error("removing what is not there succeeds")
	}
	if left := staged(t, data); len(left) > 0 {
		t.Errorf("removing what is not there leaves %v in the staging place", left)
	}
}

// TestOneImporter: the second of two gets Unavailable until the first has ended.
func TestOneImporter(t *testing.T) {
	data := t.TempDir()
	first, err := catalog.Stage(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := catalog.Stage(data); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Stage beside another: %v, want Unavailable", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := catalog.Stage(data)
	if err != nil {
		t.Fatalf("Stage after the other has ended: %v", err)
	}
	second.Close()
}

// TestSweep lays out what an importer leaves that is killed at each of its steps.
func TestSweep(t *testing.T) {
	r := icd10("2026")
	// move makes a folder of the staging place out of the installed release.
	move := func(t *testing.T, data, name string) {
		if err := os.Rename(catalog.Dir(data, r), filepath.Join(data, ".staging", name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name  string
		leave func(t *testing.T, data string)
		want  string // what answers after the sweep
	}{
		{"nothing", func(*testing.T, string) {}, "first"},
		{"killed while it wrote", func(t *testing.T, data string) {
			dir := filepath.Join(data, ".staging", "build-1", "kv")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "000001.sst"), make([]byte, 1<<16), 0o644); err != nil {
				t.Fatal(err)
			}
		}, "first"},
		{"killed when all was written", func(t *testing.T, data string) {
			stage, err := catalog.Stage(data)
			if err != nil {
				t.Fatal(err)
			}
			write(t, stage, r, "second")
			stage.Close()
		}, "first"},
		{"killed between the two renames of a replacement", func(t *testing.T, data string) { move(t, data, "old-1") }, "first"},
		{"killed after both", func(t *testing.T, data string) {
			move(t, data, "old-1")
			publishBeside(t, data, r, "second")
		}, "second"},
		{"killed while it deleted what was replaced", func(t *testing.T, data string) {
			move(t, data, "old-1")
			if err := os.Remove(filepath.Join(data, ".staging", "old-1", "kv", "rows")); err != nil {
				t.Fatal(err)
			}
			publishBeside(t, data, r, "second")
		}, "second"},
		{"killed while it removed", func(t *testing.T, data string) { move(t, data, "gone-1") }, "not found"},
		{"moved aside and damaged", func(t *testing.T, data string) {
			move(t, data, "old-1")
			if err := os.Remove(filepath.Join(data, ".staging", "old-1", "kv", "rows")); err != nil {
				t.Fatal(err)
			}
		}, "not found"},
		{"a file of somebody else", func(t *testing.T, data string) {
			if err := os.WriteFile(filepath.Join(data, ".staging", "note.txt"), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}, "first"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := t.TempDir()
			publish(t, data, r, "first", false)
			tt.leave(t, data)
			stage, err := catalog.Stage(data)
			if err != nil {
				t.Fatal(err)
			}
			defer stage.Close()
			if left := staged(t, data); len(left) > 0 {
				t.Errorf("the sweep leaves %v", left)
			}
			c, _ := open(t, data, catalog.Options{})
			s := c.Acquire()
			defer s.LetGo()
			if got := content(s, "icd-10", ""); got != tt.want || len(c.Problems()) > 0 {
				t.Errorf("after the sweep %q answers, want %q; problems %v", got, tt.want, c.Problems())
			}
		})
	}
}

// publishBeside puts a release into its place without the sweep of Stage.
func publishBeside(t *testing.T, data string, r terminology.Release, content string) {
	t.Helper()
	other := t.TempDir()
	publish(t, other, r, content, false)
	home := catalog.Dir(data, r)
	if err := os.MkdirAll(filepath.Dir(home), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(catalog.Dir(other, r), home); err != nil {
		t.Fatal(err)
	}
}

// TestFolderWithoutManifest: it is no release, so it does not stand in the way of one.
func TestFolderWithoutManifest(t *testing.T) {
	data := t.TempDir()
	r := icd10("2026")
	publish(t, data, r, "first", false)
	if err := os.Remove(filepath.Join(catalog.Dir(data, r), "manifest.json")); err != nil {
		t.Fatal(err)
	}
	publish(t, data, r, "second", false)
	c, _ := open(t, data, catalog.Options{})
	s := c.Acquire()
	defer s.LetGo()
	if got := content(s, "icd-10", ""); got != "second" {
		t.Errorf("%q answers, want the second", got)
	}
}

// TestReplacementHasNoGap asks for a release all the while that it is replaced.
func TestReplacementHasNoGap(t *testing.T) {
	data := t.TempDir()
	r := icd10("2026")
	publish(t, data, r, "0", false)
	done, gaps := make(chan struct{}), 0
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			default:
				if _, err := os.Stat(filepath.Join(catalog.Dir(data, r), "manifest.json")); err != nil {
					gaps++
				}
			}
		}
	}()
	for range 50 {
		publish(t, data, r, "1", true)
	}
	close(done)
	<-ended
	if gaps > 0 {
		t.Errorf("the release was gone %d times while it was replaced", gaps)
	}
}
