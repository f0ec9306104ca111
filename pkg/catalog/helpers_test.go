package catalog_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// sct is a release of a SNOMED CT edition.
func sct(module, date, language string) terminology.Release {
	edition := "http://snomed.info/sct/" + module
	return terminology.Release{Kind: terminology.KindCodeSystem, Name: "snomed-" + module, System: codesystem.SNOMED, Edition: edition,
		Version: edition + "/version/" + date, Date: date, Title: "SNOMED CT " + module, Language: language, CaseSens: true}
}

// xsct is a release of an experimental edition.
func xsct(module, date, language string) terminology.Release {
	r := sct(module, date, language)
	r.Name = "x" + r.Name
	r.Edition = strings.Replace(r.Edition, "/sct", "/xsct", 1)
	r.Version = strings.Replace(r.Version, "/sct", "/xsct", 1)
	return r
}

func icd10(version string) terminology.Release {
	return terminology.Release{Kind: terminology.KindCodeSystem, Name: "icd-10-no", System: codesystem.ICD10NO, Version: version, Date: version, Title: "ICD-10", Language: "nb"}
}

func mapRelease(date string) terminology.Release {
	return terminology.Release{Kind: terminology.KindConceptMap, Name: "map-icpc-2b-icd-10-no", System: "urn:kodeks:map:icpc-2b:icd-10-no", Version: date, Date: date}
}

const (
	norway        = "51000202101"
	international = "900000000000207008"
	subset        = "31000003106"
)

// publish puts a release with one file into a data folder, as an importer does.
func publish(t testing.TB, data string, r terminology.Release, content string, replace bool) {
	t.Helper()
	stage, err := catalog.Stage(data)
	if err != nil {
		t.Fatal(err)
	}
	defer stage.Close()
	if err := stage.Publish(write(t, stage, r, content), r, replace); err != nil {
		t.Fatal(err)
	}
}

// write builds a release in the staging place.
func write(t testing.TB, stage *catalog.Staging, r terminology.Release, content string) (dir string) {
	t.Helper()
	dir, err := stage.Build()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, catalog.TablesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	name := catalog.TablesDir + "/" + "rows"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	m := catalog.Manifest{Release: r, Concepts: 1, Files: []catalog.File{{Name: name, Bytes: int64(len(content))}}}
	if err := catalog.WriteManifest(dir, m); err != nil {
		t.Fatal(err)
	}
	return dir
}

// opener opens releases and counts. A release holds one concept: what is written in
// its file.
type opener struct {
	t            testing.TB
	mu           sync.Mutex
	open, closed map[string]int // by content
	live         int
}

func newOpener(t testing.TB) *opener {
	return &opener{t: t, open: map[string]int{}, closed: map[string]int{}}
}

func (p *opener) Open(dir string, m catalog.Manifest) (*catalog.Opened, error) {
	content, err := os.ReadFile(filepath.Join(dir, catalog.TablesDir, "rows"))
	if err != nil {
		return nil, err
	}
	code := string(content)
	if strings.HasPrefix(code, "bad") {
		return nil, &terminology.Error{Op: "store.Open", Kind: terminology.Corrupt}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[code]++
	p.live++
	o := &catalog.Opened{Close: func() error {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.closed[code]++
		p.live--
		return nil
	}}
	if m.Release.Kind == terminology.KindCodeSystem {
		o.CodeSystem = provider(p.t, m.Release, code)
	}
	return o, nil
}

func (p *opener) counts(code string) (open, closed int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open[code], p.closed[code]
}

// provider is a code system with one concept.
func provider(t testing.TB, r terminology.Release, code string) terminology.CodeSystem {
	b := basic.NewBuilder()
	if err := b.Concept(terminology.Concept{Code: code}); err != nil {
		t.Error(err)
	}
	image, err := b.Build(r, basic.DefaultRules())
	if err != nil {
		t.Error(err)
		return nil
	}
	memory := store.NewMemory()
	if err := image.Write(memory); err != nil {
		t.Error(err)
	}
	cs, err := basic.Open(memory, basic.Options{})
	if err != nil {
		t.Error(err)
	}
	return cs
}

// open opens a data folder, and closes it when the test ends.
func open(t testing.TB, data string, o catalog.Options) (*catalog.Catalog, *opener) {
	t.Helper()
	p := newOpener(t)
	c, err := catalog.Open(data, p.Open, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		for code, n := range p.open {
			if p.closed[code] != n {
				t.Errorf("release %q was opened %d times and closed %d times", code, n, p.closed[code])
			}
		}
	})
	return c, p
}

// content returns what the release holds that answers for a version, or the kind
// of the error.
func content(s *catalog.Snapshot, system, version string) string {
	r, err := s.CodeSystem(system, version)
	if err != nil {
		return terminology.KindOf(err).String()
	}
	return r.CodeSystem.Code(0)
}

// staged lists the staging place, without its lock.
func staged(t testing.TB, data string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(data, ".staging"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		if e.Name() != "lock" {
			out = append(out, e.Name())
		}
	}
	return out
}
