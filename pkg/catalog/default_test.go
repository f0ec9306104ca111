package catalog_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestNotYetInForce installs a version before its first day: it does not answer until
// then unless it is asked for, and does from then on in a catalog that stays open.
func TestNotYetInForce(t *testing.T) {
	data := t.TempDir()
	for _, version := range []string{"2025", "2026", "2027"} {
		publish(t, data, icd10(version), version, false)
	}
	publish(t, data, mapRelease("2027"), "map", false)
	publish(t, data, sct(norway, "20270315", "nb"), "snomed 2027", false)
	day := terminology.Date(20261231)
	c, _ := open(t, data, catalog.Options{Language: "nb", Today: func() terminology.Date { return day }})
	ask := func(system, version, want string) {
		t.Helper()
		s := c.Acquire()
		defer s.LetGo()
		if got := content(s, system, version); got != want {
			t.Errorf("on %s: CodeSystem(%s, %q) = %s, want %s", day, system, version, got, want)
		}
	}
	fingerprint := func() string {
		s := c.Acquire()
		defer s.LetGo()
		return s.Fingerprint()
	}
	ask("icd-10", "", "2026")
	ask("icd-10", "2027", "2027")
	ask("snomed", "", "snomed 2027") // there is no other
	s := c.Acquire()
	if r, inForce, err := s.CodeSystemOn("icd-10", "", 20270601); err != nil || !inForce || r.Release.Version != "2027" {
		t.Errorf("asked about a day to come: %v, %v, %v, want 2027", r, inForce, err)
	}
	s.LetGo()

	before, generation := fingerprint(), c.Generation()
	day = 20261130
	if changes, err := c.Refresh(); err != nil || len(changes) != 0 || c.Generation() != generation {
		t.Errorf("a day on which nothing begins changes %v, %v", changes, err)
	}
	day = 20270101
	changes, err := c.Refresh()
	if err != nil || len(changes) != 2 || changes[0].Release.Version != "2027" || c.Generation() == generation || fingerprint() == before {
		t.Errorf("the first day of 2027 changes %v, %v, want ICD-10 and a map", changes, err)
	}
	ask("icd-10", "", "2027")
	ask("icd-10", "2026", "2026")
	if changes, err := c.Refresh(); err != nil || len(changes) != 0 {
		t.Errorf("the same day again changes %v, %v", changes, err)
	}
	day = 20261231
	if _, err := c.Refresh(); err != nil {
		t.Fatal(err)
	}
	ask("icd-10", "", "2026") // a clock that is set back
}

// TestNotYetInForceGivesWay: what ranks before the day, and what after.
func TestNotYetInForceGivesWay(t *testing.T) {
	data := t.TempDir()
	for _, r := range []terminology.Release{sct(norway, "20270315", "nb"), sct(norway, "20250915", "nb"), sct(international, "20260801", "en"), xsct(norway, "20260601", "nb")} {
		publish(t, data, r, r.Name+" "+r.Date, false)
	}
	norwegian := "http://snomed.info/sct/" + norway
	for _, tt := range []struct {
		name, pinned, version, want string
		today                       terminology.Date
	}{
		{"the newest of the language that is in force", "", "", "snomed-" + norway + " 20250915", 20261122},
		{"without a day the newest", "", "", "snomed-" + norway + " 20270315", 0},
		{"what is experimental is no better", "", "", "snomed-" + norway + " 20270315", 20250101},
		{"an edition", "", norwegian, "snomed-" + norway + " 20250915", 20261122},
		{"a pinned edition", norwegian, "", "snomed-" + norway + " 20250915", 20261122},
		{"a pinned version", norwegian + "/version/20270315", "", "snomed-" + norway + " 20270315", 20261122},
	} {
		c, _ := open(t, data, catalog.Options{Language: "nb", Today: func() terminology.Date { return tt.today }, Default: map[string]string{codesystem.SNOMED: tt.pinned}})
		s := c.Acquire()
		if got := content(s, "snomed", tt.version); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		s.LetGo()
	}
}

// TestSameFirstDay: versions that begin on one day are both in force until a later one
// is, and one of them answers.
func TestSameFirstDay(t *testing.T) {
	data := t.TempDir()
	for _, version := range []string{"2025", "2026", "2026-01-01", "2027"} {
		publish(t, data, icd10(version), version, false)
	}
	c, _ := open(t, data, catalog.Options{Language: "nb"})
	s := c.Acquire()
	defer s.LetGo()
	for _, r := range s.Releases {
		want := map[string]terminology.Period{"2025": {From: 20250101, To: 20251231}, "2026": {From: 20260101, To: 20261231}, "2026-01-01": {From: 20260101, To: 20261231}, "2027": {From: 20270101}}[r.Release.Version]
		if got, ok := s.InForce(r); !ok || got != want {
			t.Errorf("%s is in force %v, want %v", r.Release.Version, got, want)
		}
	}
	r, inForce, err := s.CodeSystemOn("icd-10", "", 20260601)
	if err != nil || !inForce || begins(r) != 20260101 {
		t.Errorf("in 2026 answers %v, %v, %v", r, inForce, err)
	}
}

// begins is the first day of an installed release.
func begins(r *catalog.Installed) terminology.Date { return catalog.Begins(r.Release) }

// TestSameFirstDayDamaged: of two versions that begin on one day, one that cannot be
// opened gives way to the other.
func TestSameFirstDayDamaged(t *testing.T) {
	for _, bad := range []string{"2026", "2026-01-01"} {
		data := t.TempDir()
		for _, version := range []string{"2025", "2026", "2026-01-01"} {
			what := version
			if version == bad {
				what = "bad"
			}
			publish(t, data, icd10(version), what, false)
		}
		c, _ := open(t, data, putOff)
		s := c.Acquire()
		r, inForce, err := s.CodeSystemOn("icd-10", "", 20260601)
		if err != nil || !inForce || begins(r) != 20260101 || r.Release.Version == bad {
			t.Errorf("%s is damaged: %v, %v, %v", bad, r, inForce, err)
		}
		s.LetGo()
	}
}

// fhir is a release of a CodeSystem resource.
func fhir(url, version, content string) terminology.Release {
	return terminology.Release{Kind: terminology.KindCodeSystem, Name: "cs-x-0123456789abcdef", System: url, Version: version, Date: version, Content: content}
}

// TestResourceGivesWay: a FHIR resource takes neither a name of a code system of the list
// nor the place of the release of its publisher, and some of the codes not that of all.
func TestResourceGivesWay(t *testing.T) {
	const oid = "urn:oid:2.16.840.1.113883.6.96"
	loinc := terminology.Release{Kind: terminology.KindCodeSystem, Name: "loinc", System: "http://loinc.org", Version: "2.80", Date: "2.80"}
	data := t.TempDir()
	publish(t, data, sct(norway, "20250915", "nb"), "snomed", false)
	publish(t, data, fhir(oid, "2026", ""), "resource of snomed", false)
	publish(t, data, loinc, "loinc", false)
	few := fhir(loinc.System, "2024-01", "fragment")
	few.Name = "cs-loinc-0123456789abcdef"
	publish(t, data, few, "few of loinc", false)
	all := few
	all.Version, all.Date, all.Content = "2025-01", "2025-01", "complete"
	publish(t, data, all, "all of loinc", false)
	for version, content := range map[string]string{"1": "complete", "2": "fragment", "3": "example"} {
		other := fhir("http://example.org/cs", version, content)
		other.Name = "cs-cs-0123456789abcdef"
		publish(t, data, other, content, false)
	}
	c, _ := open(t, data, catalog.Options{Language: "nb"})
	s := c.Acquire()
	defer s.LetGo()
	for _, tt := range []struct{ system, version, want string }{
		{oid, "", "snomed"}, {oid[len("urn:oid:"):], "", "snomed"}, {codesystem.SNOMED, "", "snomed"},
		{loinc.System, "", "loinc"}, {loinc.System, "2024-01", "few of loinc"}, {"loinc", "2025-01", "all of loinc"},
		{"http://example.org/cs", "", "complete"}, {"http://example.org/cs", "3", "example"},
	} {
		if got := content(s, tt.system, tt.version); got != tt.want {
			t.Errorf("CodeSystem(%s, %q) = %s, want %s", tt.system, tt.version, got, tt.want)
		}
	}
}

// TestResourceOfEarlierName: a resource that an earlier Kodeks imported under a shorter
// name gives way to the same version imported anew.
func TestResourceOfEarlierName(t *testing.T) {
	for _, first := range []string{"cs-x-01234567", "cs-x-0123456789abcdef"} {
		data := t.TempDir()
		stage, err := catalog.Stage(data)
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"cs-x-01234567", "cs-x-0123456789abcdef"} {
			r := fhir("http://example.org/x", "1", "")
			r.Name = name
			what, imported := "new", time.Date(2026, 11, 22, 0, 0, i, 0, time.UTC)
			if name == first {
				what, imported = "old", imported.AddDate(-1, 0, 0)
			}
			dir := write(t, stage, r, what)
			m, err := catalog.ReadManifest(dir)
			if err != nil {
				t.Fatal(err)
			}
			m.Imported = imported
			if err := errors.Join(os.Remove(filepath.Join(dir, "manifest.json")), catalog.WriteManifest(dir, m), stage.Publish(dir, r, false)); err != nil {
				t.Fatal(err)
			}
		}
		c, _ := open(t, data, catalog.Options{})
		s := c.Acquire()
		if got := content(s, "http://example.org/x", ""); got != "new" {
			t.Errorf("%s was imported first: the %s one answers", first, got)
		}
		s.LetGo()
		if err := stage.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestServedByAliasGivesWay: neither does one of a collection.
func TestServedByAliasGivesWay(t *testing.T) {
	data := t.TempDir()
	collection := terminology.Release{Kind: terminology.KindResources, Name: "fhir-a", System: "urn:kodeks:resources:a", Version: "1", Date: "1"}
	publish(t, data, collection, "collection", false)
	c, err := catalog.Open(data, func(string, catalog.Manifest) (*catalog.Opened, error) {
		return &catalog.Opened{Served: []catalog.Served{
			{CodeSystem: provider(t, fhir("urn:oid:2.16.840.1.113883.6.1", "1", ""), "alias")}, {CodeSystem: provider(t, fhir("http://example.org/cs", "1", ""), "own")},
		}}, nil
	}, catalog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := c.Acquire()
	defer s.LetGo()
	if got := content(s, "http://example.org/cs", ""); got != "own" {
		t.Errorf("the code system of a collection: %s", got)
	}
	if _, err := s.CodeSystem("loinc", ""); terminology.KindOf(err) != terminology.NotFound || len(s.Releases) != 2 {
		t.Errorf("LOINC, which is not installed: %v; %d releases, want the collection and one of its code systems", err, len(s.Releases))
	}
}

// TestPublishAnotherSystem: --replace takes a release of another code system for no
// earlier one of this, damaged or not.
func TestPublishAnotherSystem(t *testing.T) {
	data := t.TempDir()
	mine := fhir("http://example.org/a", "1", "")
	other := fhir("http://example.org/b", "1", "")
	publish(t, data, mine, "mine", false)
	stage, err := catalog.Stage(data)
	if err != nil {
		t.Fatal(err)
	}
	defer stage.Close()
	for _, replace := range []bool{false, true} {
		if err := stage.Publish(write(t, stage, other, "other"), other, replace); terminology.KindOf(err) != terminology.Conflict || replace && err == nil {
			t.Errorf("replace %v: %v, want Conflict", replace, err)
		}
	}
	if err := catalog.Replaces(catalog.Dir(data, mine), other); terminology.KindOf(err) != terminology.Conflict {
		t.Errorf("Replaces: %v, want Conflict", err)
	}
	if err := stage.Publish(write(t, stage, mine, "mine anew"), mine, true); err != nil {
		t.Error(err)
	}
}
