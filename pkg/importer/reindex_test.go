package importer_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/search"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// setFormat writes a release off as one of another format.
func setFormat(t *testing.T, dir, part string, version int) catalog.Manifest {
	t.Helper()
	m, err := catalog.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	m.Formats[part] = version
	if err := os.Remove(filepath.Join(dir, "manifest.json")); err != nil {
		t.Fatal(err)
	}
	if err := catalog.WriteManifest(dir, m); err != nil {
		t.Fatal(err)
	}
	return m
}

// sample imports the sample of SNOMED CT.
func sample(t *testing.T, o importer.Options) catalog.Manifest {
	t.Helper()
	done, err := run(t, o, codesystem.Options{}, testdata("snomed"))
	if err != nil || len(done) != 1 {
		t.Fatal(done, err)
	}
	return done[0]
}

// TestReindex makes the index of a release one of another mapping version: it is refused
// with the command to run, and after that it is as it was imported.
func TestReindex(t *testing.T) {
	data := t.TempDir()
	o := options(data)
	m := sample(t, o)
	dir := catalog.Dir(data, m.Release)
	before := hits(t, dir, m)

	old := setFormat(t, dir, "text", search.MappingVersion-1)
	_, err := wiring.Open(dir, old)
	if want := "kodeks reindex '" + m.Release.Name + "|" + m.Release.Date + "'"; err == nil || !strings.Contains(err.Error(), want) || terminology.KindOf(err) != terminology.Conflict {
		t.Fatalf("Open of another mapping version: %v, want %s in it", err, want)
	}
	again, err := importer.Reindex(t.Context(), m.Release, o)
	if err != nil {
		t.Fatal(err)
	}
	if again.Formats["text"] != search.MappingVersion || again.Imported != m.Imported || len(again.Files) != len(m.Files) {
		t.Errorf("manifest has formats %v, imported %v, %d files, want mapping version %d and what it had: %v, %d", again.Formats, again.Imported, len(again.Files), search.MappingVersion, m.Imported, len(m.Files))
	}
	if err := wiring.Verify(t.Context(), dir, again); err != nil {
		t.Errorf("after Reindex: %v", err)
	}
	if after := hits(t, dir, again); after != before {
		t.Errorf("after Reindex the search answers\n%s\nbefore\n%s", after, before)
	}
}

// hits is what a search in the release answers.
func hits(t *testing.T, dir string, m catalog.Manifest) string {
	t.Helper()
	opened, err := wiring.Open(dir, m)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	var all strings.Builder
	for _, text := range []string{"hjerteinf", "infarkt hjarte", "brudd", "e", "åreknutene"} {
		r, err := opened.Text.Search(t.Context(), terminology.TextQuery{Text: text, Limit: 50, Inactive: true}, opened.CodeSystem)
		if err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(append(line, '\n'))
	}
	return all.String()
}

func TestReindexRefuses(t *testing.T) {
	data := t.TempDir()
	o := options(data)
	m := sample(t, o)
	dir := catalog.Dir(data, m.Release)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, tt := range []struct {
		name string
		do   func() error
		kind terminology.Kind
	}{
		{"no such release", func() error {
			other := m.Release
			other.Date = "1900"
			_, err := importer.Reindex(t.Context(), other, o)
			return err
		}, terminology.NotFound},
		{"stopped", func() error {
			_, err := importer.Reindex(stopped, m.Release, o)
			return err
		}, terminology.Unavailable},
		{"columns of another format", func() error {
			setFormat(t, dir, "columns", -1)
			_, err := importer.Reindex(t.Context(), m.Release, o)
			setFormat(t, dir, "columns", m.Formats["columns"])
			return err
		}, terminology.Conflict},
		{"damaged columns", func() error {
			name := filepath.Join(dir, filepath.FromSlash(m.Files[0].Name))
			whole, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, append(whole[:len(whole)-1:len(whole)-1], whole[len(whole)-1]^1), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err = importer.Reindex(t.Context(), m.Release, o)
			if err := os.WriteFile(name, whole, 0o644); err != nil {
				t.Fatal(err)
			}
			return err
		}, terminology.Corrupt},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.do(); terminology.KindOf(err) != tt.kind {
				t.Errorf("Reindex: %v, want kind %v", err, tt.kind)
			}
			if err := wiring.Verify(t.Context(), dir, m); err != nil {
				t.Errorf("the release is not as it was: %v", err)
			}
			if left, _ := filepath.Glob(filepath.Join(data, ".staging", "build*")); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

// TestDefinitions imports with text definitions among what is searched, and without.
func TestDefinitions(t *testing.T) {
	count := func(definitions bool) (documents, found int) {
		o := options(t.TempDir())
		o.Definitions = definitions
		m := sample(t, o)
		opened, err := wiring.Open(catalog.Dir(o.Data, m.Release), m)
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		r, err := opened.Text.Search(t.Context(), terminology.TextQuery{Text: "muscle supply clot", Limit: 10, Plain: true}, opened.CodeSystem)
		if err != nil {
			t.Fatal(err)
		}
		return opened.Text.Len(), r.Total
	}
	documents, found := count(false)
	more, foundToo := count(true)
	if more <= documents || found != 0 || foundToo == 0 {
		t.Errorf("%d documents and %d hits in definitions, with them %d and %d", documents, found, more, foundToo)
	}
}
