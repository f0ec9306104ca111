package catalog_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestAliases: a code system that only its release knows answers to all of its names, and
// takes none from one of the list.
func TestAliases(t *testing.T) {
	data := t.TempDir()
	local := terminology.Release{Kind: terminology.KindCodeSystem, Name: "lokal", System: "urn:oid:1.2.3", Version: "2026", Date: "2026",
		Short: []string{"lok", "icd-10"}, Aliases: []string{"1.2.4", "http://example.org/Lok"}}
	other := terminology.Release{Kind: terminology.KindCodeSystem, Name: "annen", System: "urn:oid:1.2.5", Version: "1", Date: "1", Short: []string{"lok"}}
	earlier := local
	earlier.Version, earlier.Date, earlier.Aliases = "2025", "2025", []string{"1.2.9"}
	publish(t, data, local, "local", false)
	publish(t, data, earlier, "earlier", false)
	publish(t, data, icd10("2026"), "icd-10", false)
	c, _ := open(t, data, catalog.Options{})
	s := c.Acquire()
	for _, name := range []string{"urn:oid:1.2.3", "1.2.3", "URN:OID:1.2.3", "lok", " Lok ", "lokal", "LOKAL", "1.2.4", "urn:oid:1.2.4", "http://example.org/Lok", "1.2.9"} {
		if got, err := s.System(name); got != local.System || err != nil {
			t.Errorf("System(%q) = %s, %v, want %s", name, got, err, local.System)
		}
	}
	if got, err := s.System("icd-10"); got != codesystem.ICD10NO || err != nil {
		t.Errorf("a short name of the list: %s, %v, want %s", got, err, codesystem.ICD10NO)
	}
	r, err := s.CodeSystem("lok", "")
	if err != nil || r.Release.Version != "2026" {
		t.Errorf("CodeSystem(lok) = %v, %v, want 2026", r, err)
	}
	s.LetGo()

	publish(t, data, other, "other", false)
	if _, err := c.Refresh(); err != nil {
		t.Fatal(err)
	}
	s = c.Acquire()
	defer s.LetGo()
	if got, _ := s.System("lok"); got != other.System {
		t.Errorf("a name that two claim: %s, want the first by the name of its release, %s", got, other.System)
	}
}

// TestNameOfReleases: of several editions of one code system the name of the releases
// means one.
func TestNameOfReleases(t *testing.T) {
	data := t.TempDir()
	norwegian := terminology.Release{Kind: terminology.KindCodeSystem, Name: "icpc-2", System: codesystem.ICPC2, Version: "2026", Date: "2026", Language: "nb"}
	english := terminology.Release{Kind: terminology.KindCodeSystem, Name: "icpc-2e", System: codesystem.ICPC2, Version: "2026", Date: "2026", Language: "en"}
	publish(t, data, norwegian, "norwegian", false)
	publish(t, data, english, "english", false)
	c, _ := open(t, data, catalog.Options{Language: "nb"})
	s := c.Acquire()
	defer s.LetGo()
	for name, want := range map[string]string{"icpc-2": "norwegian", codesystem.ICPC2: "norwegian", "2.16.578.1.12.4.1.1.7170": "norwegian", "icpc-2e": "english", "ICPC-2E": "english"} {
		for _, version := range []string{"", "2026"} {
			if got := content(s, name, version); got != want {
				t.Errorf("CodeSystem(%s, %q) is the %s one, want the %s", name, version, got, want)
			}
		}
	}
}
