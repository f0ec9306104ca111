package catalog_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestOpenEmpty(t *testing.T) {
	_, err := catalog.Open(filepath.Join(t.TempDir(), "none"), newOpener(t).Open, catalog.Options{})
	if terminology.KindOf(err) != terminology.NotFound || !strings.Contains(err.Error(), "kodeks import") {
		t.Errorf("Open of no folder: %v, want NotFound and what to do", err)
	}
	data := t.TempDir()
	stage, err := catalog.Stage(data)
	if err != nil {
		t.Fatal(err)
	}
	stage.Close()
	c, _ := open(t, data, catalog.Options{})
	s := c.Acquire()
	defer s.LetGo()
	if _, err := s.CodeSystem("icd-10", ""); terminology.KindOf(err) != terminology.NotFound || !strings.Contains(err.Error(), "installed: nothing") {
		t.Errorf("CodeSystem of nothing: %v, want NotFound and what is installed", err)
	}
}

// TestCodeSystem is about the choice among what is installed.
func TestCodeSystem(t *testing.T) {
	data := t.TempDir()
	for content, r := range map[string]terminology.Release{
		"int-2024": sct(international, "20240901", "en"), "int-2025": sct(international, "20250901", "en"),
		"no-2024": sct(norway, "20240915", "nb"), "no-2025": sct(norway, "20250315", "nb"),
		"icd-2025": icd10("2025"), "icd-2026": icd10("2026"), "map-2025": mapRelease("2025"), "map-2026": mapRelease("2026"),
	} {
		publish(t, data, r, content, false)
	}
	const edition = "http://snomed.info/sct/" + norway
	for _, tt := range []struct {
		name, system, version string
		options               catalog.Options
		want                  string
	}{
		{"the newest of the edition in the language of the server", codesystem.SNOMED, "", catalog.Options{Language: "nb"}, "no-2025"},
		{"of another language", codesystem.SNOMED, "", catalog.Options{Language: "en"}, "int-2025"},
		{"of no language: the newest", codesystem.SNOMED, "", catalog.Options{}, "int-2025"},
		{"a default edition", codesystem.SNOMED, "", catalog.Options{Language: "nb", Default: map[string]string{codesystem.SNOMED: "http://snomed.info/sct/" + international}}, "int-2025"},
		{"a default version", codesystem.SNOMED, "", catalog.Options{Language: "nb", Default: map[string]string{codesystem.SNOMED: edition + "/version/20240915"}}, "no-2024"},
		{"a default date", codesystem.ICD10NO, "", catalog.Options{Default: map[string]string{codesystem.ICD10NO: "2025"}}, "icd-2025"},
		{"a default that is not installed", codesystem.ICD10NO, "", catalog.Options{Default: map[string]string{codesystem.ICD10NO: "1999"}}, "icd-2026"},
		{"a version URI", codesystem.SNOMED, edition + "/version/20240915", catalog.Options{Language: "nb"}, "no-2024"},
		{"a date", codesystem.SNOMED, "20240901", catalog.Options{Language: "nb"}, "int-2024"},
		{"an edition is its newest", codesystem.SNOMED, edition, catalog.Options{}, "no-2025"},
		{"an edition whose default is older", codesystem.SNOMED, edition, catalog.Options{Default: map[string]string{codesystem.SNOMED: "20240915"}}, "no-2024"},
		{"a version that is not installed", codesystem.SNOMED, edition + "/version/20190915", catalog.Options{}, "not found"},
		{"an edition that is not installed", codesystem.SNOMED, "http://snomed.info/sct/731000124108", catalog.Options{}, "not found"},
		{"a bare module is no version", codesystem.SNOMED, norway, catalog.Options{}, "not found"},
		{"the beginning of a version", codesystem.ICD10NO, "202", catalog.Options{}, "not found"},
		{"the newest of another system", codesystem.ICD10NO, "", catalog.Options{Language: "nb"}, "icd-2026"},
		{"by OID", "urn:oid:2.16.578.1.12.4.1.1.7110", "", catalog.Options{}, "icd-2026"},
		{"by short name", "ICD-10", "2025", catalog.Options{}, "icd-2025"},
		{"by the name of its folder", "snomed-" + norway, "", catalog.Options{Language: "nb"}, "no-2025"},
		{"known, not installed", "loinc", "", catalog.Options{}, "not found"},
		{"not known", "http://example.org/none", "", catalog.Options{}, "not found"},
		{"a map is no code system", "map-icpc-2b-icd-10-no", "", catalog.Options{}, "not found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := open(t, data, tt.options)
			s := c.Acquire()
			defer s.LetGo()
			if got := content(s, tt.system, tt.version); got != tt.want {
				t.Errorf("CodeSystem(%q, %q) = %q, want %q", tt.system, tt.version, got, tt.want)
			}
		})
	}
	c, _ := open(t, data, catalog.Options{Language: "nb"})
	s := c.Acquire()
	defer s.LetGo()
	if _, err := s.CodeSystem(codesystem.ICD10NO, "1999"); err == nil || !strings.Contains(err.Error(), "installed: 2026, 2025") {
		t.Errorf("unknown version: %v, want those that are installed", err)
	}
	var defaults, releases []string
	for _, r := range s.Defaults() {
		defaults = append(defaults, r.Release.Name+" "+r.Release.Date)
	}
	for _, r := range s.Releases {
		releases = append(releases, r.Release.Name+" "+r.Release.Date)
		if want := r.Release.Date == "2026" || r.Release.Date == "20250315"; s.Default(r) != want {
			t.Errorf("Default(%s %s) = %v, want %v", r.Release.Name, r.Release.Date, !want, want)
		}
	}
	if diff := cmp.Diff([]string{"icd-10-no 2026", "snomed-51000202101 20250315"}, defaults); diff != "" {
		t.Errorf("Defaults (-want +got):\n%s", diff)
	}
	if want := "icd-10-no 2025,icd-10-no 2026,map-icpc-2b-icd-10-no 2025,map-icpc-2b-icd-10-no 2026,snomed-51000202101 20240915,snomed-51000202101 20250315,snomed-900000000000207008 20240901,snomed-900000000000207008 20250901"; strings.Join(releases, ",") != want {
		t.Errorf("Releases = %v, want %v", releases, want)
	}
}

// TestEditions is about the URIs by which editions and versions of SNOMED CT are
// asked for.
func TestEditions(t *testing.T) {
	data := t.TempDir()
	for content, r := range map[string]terminology.Release{
		"int-2024": sct(international, "20240901", "en-US"), "int-2025": sct(international, "20250901", "en-US"),
		"no-2024": sct(norway, "20240915", "nb"), "no-2025": sct(norway, "20250315", "nb"),
		"x-2024": xsct(subset, "20240909", "en-US"), "x-2026": xsct(subset, "20260909", "en-US"), "x-no": xsct(norway, "20261115", "nb"),
	} {
		publish(t, data, r, content, false)
	}
	const sctURI, xsctURI = "http://snomed.info/sct", "http://snomed.info/xsct"
	pin := func(version string) catalog.Options {
		return catalog.Options{Language: "nb", Default: map[string]string{codesystem.SNOMED: version}}
	}
	nb := catalog.Options{Language: "nb"}
	for _, tt := range []struct {
		name, version string
		options       catalog.Options
		want          string
	}{
		{"nothing: the edition in the language of the server, and no experimental one", "", nb, "no-2025"},
		{"nothing, no language: the newest for production", "", catalog.Options{}, "int-2025"},
		{"the code system", sctURI, nb, "no-2025"},
		{"the code system, another default", sctURI, pin(sctURI + "/" + international), "int-2025"},
		{"an edition is its newest version", sctURI + "/" + international, nb, "int-2025"},
		{"an edition that is not the default", sctURI + "/" + norway, pin(sctURI + "/" + international), "no-2025"},
		{"an edition of which the default is an older version", sctURI + "/" + norway, pin(sctURI + "/" + norway + "/version/20240915"), "no-2024"},
		{"a version", sctURI + "/" + norway + "/version/20240915", nb, "no-2024"},
		{"a version of another edition on the day of this one", sctURI + "/" + international + "/version/20240915", nb, "not found"},
		{"a version that is not installed", sctURI + "/" + norway + "/version/20190915", nb, "not found"},
		{"an edition that is not installed", sctURI + "/731000124108", nb, "not found"},
		{"an edition that is installed only as experimental", sctURI + "/" + subset, nb, "not found"},
		{"a version that is installed only as experimental", sctURI + "/" + subset + "/version/20260909", nb, "not found"},
		{"an experimental version that is installed for production", xsctURI + "/" + norway + "/version/20250315", nb, "not found"},
		{"an experimental edition that is installed for production", xsctURI + "/" + international, nb, "not found"},
		{"experimental, any", xsctURI, nb, "x-no"},
		{"experimental, any, without a language", xsctURI, catalog.Options{}, "x-no"},
		{"an experimental edition", xsctURI + "/" + subset, nb, "x-2026"},
		{"an experimental version", xsctURI + "/" + subset + "/version/20240909", nb, "x-2024"},
		{"an experimental default", "", pin(xsctURI + "/" + subset), "x-2026"},
		{"an experimental default does not answer for production", sctURI, pin(xsctURI + "/" + subset), "no-2025"},
		{"a default that is not installed", "", pin(sctURI + "/731000124108"), "no-2025"},
		{"a module with a wrong check digit", sctURI + "/51000202102", nb, "not found"},
		{"a date of no calendar", sctURI + "/" + norway + "/version/20250230", nb, "not found"},
		{"a trailing slash", sctURI + "/" + norway + "/", nb, "not found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := open(t, data, tt.options)
			s := c.Acquire()
			defer s.LetGo()
			if got := content(s, codesystem.SNOMED, tt.version); got != tt.want {
				t.Errorf("CodeSystem(%q) = %q, want %q", tt.version, got, tt.want)
			}
		})
	}
	c, _ := open(t, data, nb)
	s := c.Acquire()
	defer s.LetGo()
	_, err := s.CodeSystem(codesystem.SNOMED, sctURI+"/731000124108")
	for _, part := range []string{"version http://snomed.info/sct/731000124108 of code system http://snomed.info/sct is not installed; installed: ",
		sctURI + "/" + norway + "/version/20250315", xsctURI + "/" + subset + "/version/20260909"} {
		if !strings.Contains(terminology.Message(err), part) {
			t.Errorf("edition that is not installed: %v, want %q in it", err, part)
		}
	}
}

// TestOnlyExperimental: where nothing else is installed, what is experimental answers
// when no version is asked for, and only then.
func TestOnlyExperimental(t *testing.T) {
	data := t.TempDir()
	publish(t, data, xsct(subset, "20260909", "en-US"), "x-2026", false)
	c, _ := open(t, data, catalog.Options{Language: "nb"})
	s := c.Acquire()
	defer s.LetGo()
	for version, want := range map[string]string{"": "x-2026", "http://snomed.info/xsct": "x-2026", "20260909": "x-2026", "http://snomed.info/sct": "not found"} {
		if got := content(s, codesystem.SNOMED, version); got != want {
			t.Errorf("CodeSystem(%q) = %q, want %q", version, got, want)
		}
	}
}

// TestDamaged: a release that is not what its manifest says is told, and the others
// answer.
func TestDamaged(t *testing.T) {
	manifest := func(edit func(string) string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, "manifest.json")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(edit(string(text))), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, tt := range []struct {
		name   string
		damage func(t *testing.T, dir string)
		kind   terminology.Kind
		text   string
	}{
		{"missing file", func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "kv", "rows")) }, terminology.Corrupt, "kv/rows"},
		{"file cut short", func(t *testing.T, dir string) { os.Truncate(filepath.Join(dir, "kv", "rows"), 2) }, terminology.Corrupt, "kv/rows has 2 bytes, want 3"},
		{"manifest cut short", manifest(func(s string) string { return s[:len(s)/2] }), terminology.Corrupt, "unexpected EOF"},
		{"manifest of zeros", manifest(func(s string) string { return strings.Repeat("\x00", len(s)) }), terminology.Corrupt, "invalid character"},
		{"empty manifest", manifest(func(string) string { return "" }), terminology.Corrupt, "EOF"},
		{"manifest of a later version", manifest(func(s string) string { return strings.Replace(s, `"format": 1`, `"format": 2`, 1) }), terminology.Conflict, "import the release again"},
		{"tables that cannot be opened", func(t *testing.T, dir string) {
			os.WriteFile(filepath.Join(dir, "kv", "rows"), []byte("bad"), 0o644)
		}, terminology.Corrupt, "store.Open"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := t.TempDir()
			publish(t, data, icd10("2025"), "old", false)
			publish(t, data, icd10("2026"), "new", false)
			tt.damage(t, catalog.Dir(data, icd10("2026")))
			c, _ := open(t, data, catalog.Options{})
			s := c.Acquire()
			defer s.LetGo()
			if got := content(s, "icd-10", ""); got != "old" {
				t.Errorf("%q answers, want the release that is whole", got)
			}
			problems := c.Problems()
			if len(problems) != 1 || terminology.KindOf(problems[0]) != tt.kind || !strings.Contains(problems[0].Error(), tt.text) {
				t.Errorf("Problems = %v, want one of kind %v with %q", problems, tt.kind, tt.text)
			}
			if changes, err := c.Refresh(); len(changes) > 0 || err != nil {
				t.Errorf("Refresh tells %v, %v again", changes, err)
			}
			publish(t, data, icd10("2026"), "mended", true)
			if changes, err := c.Refresh(); len(changes) != 1 || changes[0].Err != nil || err != nil || len(c.Problems()) > 0 {
				t.Errorf("Refresh after it was replaced: %v, %v, problems %v", changes, err, c.Problems())
			}
		})
	}
}

// TestDamagedWhileServed: what answers goes on answering when its folder cannot be
// read, or its replacement cannot be opened.
func TestDamagedWhileServed(t *testing.T) {
	data := t.TempDir()
	publish(t, data, icd10("2026"), "good", false)
	c, p := open(t, data, catalog.Options{})
	answers := func() string {
		s := c.Acquire()
		defer s.LetGo()
		return content(s, "icd-10", "")
	}
	publish(t, data, icd10("2026"), "bad", true)
	changes, err := c.Refresh()
	if err != nil || len(changes) != 1 || terminology.KindOf(changes[0].Err) != terminology.Corrupt || answers() != "good" {
		t.Errorf("a replacement that cannot be opened: changes %v, %v, %q answers, want it told and the good one to answer", changes, err, answers())
	}
	if changes, err := c.Refresh(); len(changes) > 0 || err != nil || answers() != "good" {
		t.Errorf("the second look tells %v, %v; %q answers", changes, err, answers())
	}
	releases := filepath.Join(data, catalog.ReleasesDir)
	if err := os.Rename(releases, releases+"-away"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Refresh(); err == nil || answers() != "good" {
		t.Errorf("releases that cannot be listed: %v, %q answers, want an error and the good one to answer", err, answers())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	told := 0
	c.Watch(ctx, time.Millisecond, func(catalog.Change) { told++ })
	if told != 1 {
		t.Errorf("Watch tells an error that lasts %d times, want once", told)
	}
	if err := os.Rename(releases+"-away", releases); err != nil {
		t.Fatal(err)
	}
	publish(t, data, icd10("2026"), "mended", true)
	if _, err := c.Refresh(); err != nil || answers() != "mended" {
		t.Errorf("after it was mended: %v, %q answers", err, answers())
	}
	if open, closed := p.counts("good"); open != 1 || closed != 1 {
		t.Errorf("the good release was opened %d times and closed %d times, want once", open, closed)
	}
}

// TestHeldRelease: a release that is removed stays usable for who has it, and is
// closed once, by the last to let go.
func TestHeldRelease(t *testing.T) {
	data := t.TempDir()
	publish(t, data, icd10("2025"), "old", false)
	publish(t, data, icd10("2026"), "new", false)
	c, p := open(t, data, catalog.Options{})
	first, second := c.Acquire(), c.Acquire()

	stage, err := catalog.Stage(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := stage.Remove(icd10("2026")); err != nil {
		t.Fatal(err)
	}
	stage.Close()
	changes, err := c.Refresh()
	if err != nil || len(changes) != 1 || !changes[0].Removed || changes[0].Release.Version != "2026" {
		t.Fatalf("Refresh = %+v, %v, want that 2026 was removed", changes, err)
	}
	third := c.Acquire()
	for _, step := range []struct {
		name   string
		s      *catalog.Snapshot
		want   string
		closed int
	}{{"first", first, "new", 0}, {"second", second, "new", 1}, {"third", third, "old", 1}} {
		if got := content(step.s, "icd-10", ""); got != step.want {
			t.Errorf("%s: %q answers, want %q", step.name, got, step.want)
		}
		step.s.LetGo()
		if _, closed := p.counts("new"); closed != step.closed {
			t.Errorf("the removed release is closed %d times after %s let go, want %d", closed, step.name, step.closed)
		}
	}
	if _, closed := p.counts("old"); closed != 0 {
		t.Error("a release that is installed is closed")
	}
	s := c.Acquire()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if got := content(s, "icd-10", ""); got != "old" {
		t.Errorf("after Close, %q answers who still has the snapshot, want the old one", got)
	}
	s.LetGo()
}

// TestRefreshWhileServing asks from several goroutines while releases are replaced,
// removed and imported: nobody ever gets a release that is closed, or none.
func TestRefreshWhileServing(t *testing.T) {
	data := t.TempDir()
	publish(t, data, icd10("2025"), "always", false)
	publish(t, data, sct(norway, "20250315", "nb"), "0", false)
	c, p := open(t, data, catalog.Options{Language: "nb"})
	ctx, stop := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for ctx.Err() == nil {
				s := c.Acquire()
				r, err := s.CodeSystem("snomed", "")
				if err != nil {
					t.Errorf("CodeSystem: %v", err)
					s.LetGo()
					return
				}
				code := r.CodeSystem.Code(0)
				p.mu.Lock()
				if p.closed[code] > 0 {
					t.Errorf("release %s is closed while it is held", code)
				}
				p.mu.Unlock()
				if content(s, "icd-10", "2025") != "always" {
					t.Error("a release that never changes does not answer")
				}
				s.LetGo()
			}
		})
	}
	asking.Go(func() { c.Watch(ctx, time.Millisecond, func(catalog.Change) {}) })
	rounds := 25
	if testing.Short() {
		rounds = 10
	}
	for i := range rounds {
		publish(t, data, sct(norway, "20250315", "nb"), strconv.Itoa(i+1), true)
		publish(t, data, icd10("2026"), "new"+strconv.Itoa(i), true)
		if _, err := c.Refresh(); err != nil {
			t.Error(err)
		}
		stage, err := catalog.Stage(data)
		if err != nil {
			t.Fatal(err)
		}
		if err := stage.Remove(icd10("2026")); err != nil {
			t.Error(err)
		}
		stage.Close()
	}
	stop()
	asking.Wait()
	if _, err := c.Refresh(); err != nil || len(c.Problems()) > 0 {
		t.Errorf("at the end: %v, problems %v", err, c.Problems())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live != 2 {
		t.Errorf("%d releases are open, want the 2 that are installed", p.live)
	}
}
