package catalog_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// putOff are the options of a process that asks little.
var putOff = catalog.Options{Language: "nb", Later: func(catalog.Manifest) error { return nil }}

// opened counts the releases that were opened.
func (p *opener) opened() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, times := range p.open {
		n += times
	}
	return n
}

// TestLater opens what is asked for, once, and nothing else.
func TestLater(t *testing.T) {
	data := t.TempDir()
	publish(t, data, icd10("2025"), "old", false)
	publish(t, data, icd10("2026"), "new", false)
	publish(t, data, sct(norway, "20250915", "nb"), "norway", false)
	publish(t, data, mapRelease("2026"), "map", false)
	c, p := open(t, data, putOff)
	s := c.Acquire()
	defer s.LetGo()
	if len(s.Releases) != 4 || p.opened() != 0 {
		t.Fatalf("%d releases, of which %d were opened at once, want 4 and none", len(s.Releases), p.opened())
	}
	for _, r := range s.Releases {
		if want := r.Release.Kind == terminology.KindCodeSystem; r.HasCodeSystem() != want {
			t.Errorf("HasCodeSystem of %s = %v before it is open", r.Release.Name, !want)
		}
	}
	if _, err := s.CodeSystem("icpc-2", ""); err == nil || !strings.Contains(err.Error(), "installed: "+codesystem.ICD10NO) || p.opened() != 0 {
		t.Errorf("CodeSystem of what is not installed: %v, and opened %d", err, p.opened())
	}
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() {
			if got := content(s, "icd-10", ""); got != "new" {
				t.Errorf("%q answers for ICD-10", got)
			}
			r, err := s.CodeSystem("icd-10", "2026")
			if err != nil || s.InstalledOf(r.CodeSystem) != r {
				t.Errorf("InstalledOf does not find the release of its code system: %v", err)
			}
		})
	}
	asking.Wait()
	if n, _ := p.counts("new"); n != 1 || p.opened() != 1 {
		t.Errorf("the release that answers was opened %d times, and %d in all", n, p.opened())
	}
	if defaults := s.Defaults(); len(defaults) != 2 || p.opened() != 2 {
		t.Errorf("%d defaults and %d opened, want those of ICD-10 and of SNOMED CT", len(defaults), p.opened())
	}
	if list := s.Versions(s.Defaults()[0]); len(list) != 2 || list[0].CodeSystem.Code(0) != "old" || p.opened() != 3 {
		t.Errorf("%d versions and %d opened", len(list), p.opened())
	}
}

// TestLaterAnswersAsAtOnce damages releases in every combination and asks both a catalog
// that opens releases at once and one that opens them later.
func TestLaterAnswersAsAtOnce(t *testing.T) {
	releases := []terminology.Release{icd10("2024"), icd10("2025"), icd10("2026"), sct(norway, "20250915", "nb")}
	for broken := range 1 << len(releases) {
		data := t.TempDir()
		for i, r := range releases {
			content := r.Date
			if broken>>i&1 != 0 {
				content = "bad" + content
			}
			publish(t, data, r, content, false)
		}
		now, _ := open(t, data, catalog.Options{Language: "nb"})
		later, _ := open(t, data, putOff)
		a, b := now.Acquire(), later.Acquire()
		for _, day := range []terminology.Date{0, 20230601, 20240601, 20250601, 20260601} {
			for _, version := range []string{"", "2024", "2025", "2026"} {
				want, wantIn, errA := a.CodeSystemOn("icd-10", version, day)
				got, in, errB := b.CodeSystemOn("icd-10", version, day)
				if (errA == nil) != (errB == nil) || wantIn != in || errA == nil && want.CodeSystem.Code(0) != got.CodeSystem.Code(0) {
					t.Errorf("broken %04b: version %q on %v: later %v %v, at once %v %v", broken, version, day, in, errB, wantIn, errA)
				}
				if errB != nil && terminology.KindOf(errB) != terminology.Corrupt && terminology.KindOf(errB) != terminology.KindOf(errA) {
					t.Errorf("broken %04b: version %q: %v, at once %v", broken, version, errB, errA)
				}
			}
		}
		if got, want := names(b.Defaults()), names(a.Defaults()); got != want {
			t.Errorf("broken %04b: defaults %s, at once %s", broken, got, want)
		}
		for _, r := range b.Releases {
			if err, damaged := r.Ready(), broken>>place(releases, r)&1 != 0; (err != nil) != damaged {
				t.Errorf("broken %04b: Ready of %s %s = %v", broken, r.Release.Name, r.Release.Date, err)
			}
		}
		if got, want := len(later.Problems()), len(now.Problems()); got != want {
			t.Errorf("broken %04b: %d problems, at once %d", broken, got, want)
		}
		if _, err := later.Refresh(); err != nil || len(later.Problems()) != len(now.Problems()) {
			t.Errorf("broken %04b: after Refresh %v, problems %v", broken, err, later.Problems())
		}
		b.LetGo()
		a.LetGo()
	}
}

func place(releases []terminology.Release, r *catalog.Installed) int {
	for i := range releases {
		if releases[i].Name == r.Release.Name && releases[i].Date == r.Release.Date {
			return i
		}
	}
	return -1
}

func names(list []*catalog.Installed) string {
	var all []string
	for _, r := range list {
		all = append(all, r.Release.Name+" "+r.Release.Date)
	}
	return strings.Join(all, ", ")
}

// TestLaterLooksAtManifests: what the manifest tells is found at once.
func TestLaterLooksAtManifests(t *testing.T) {
	data := t.TempDir()
	publish(t, data, icd10("2025"), "short", false)
	publish(t, data, icd10("2026"), "old format", false)
	if err := os.Truncate(filepath.Join(catalog.Dir(data, icd10("2025")), catalog.TablesDir, "rows"), 1); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	c, p := open(t, data, catalog.Options{Later: func(m catalog.Manifest) error {
		if m.Release.Date == "2026" {
			return refused
		}
		return nil
	}})
	s := c.Acquire()
	defer s.LetGo()
	if len(s.Releases) != 0 || len(c.Problems()) != 2 || p.opened() != 0 {
		t.Errorf("%d releases, problems %v, %d opened; want none, two, none", len(s.Releases), c.Problems(), p.opened())
	}
}
