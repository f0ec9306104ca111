package catalog_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestLettingGoOfLargeIsNoChange opens more large releases than may be open: the catalog has
// not changed for that. What was asked of others is answered as it was; a release that is
// opened again has the content and the resources that it had.
func TestLettingGoOfLargeIsNoChange(t *testing.T) {
	data := t.TempDir()
	const n = 6
	system := func(i int) string { return fmt.Sprintf("http://example.org/large/%d", i) }
	for i := range n {
		publishLarge(t, data, largeRelease(i, "1"), fmt.Sprint("large", i), false)
	}
	publish(t, data, icd10("2026-06-01"), "old", false)
	publish(t, data, icd10("2027-01-01"), "new", false)
	var today atomic.Int64
	today.Store(20261231)
	o := server(neverChecked, 3*(5<<20)+1000)
	o.Today = func() terminology.Date { return terminology.Date(today.Load()) }
	c, _ := open(t, data, o)
	get := func(i int) *catalog.Installed {
		s := c.Acquire()
		defer s.LetGo()
		r, err := s.CodeSystem(system(i), "")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := c.Acquire()
	reads := map[string]*catalog.Reads{}
	for name, ask := range map[string]func(*catalog.Snapshot) error{
		"what is let go of": func(s *catalog.Snapshot) error { _, err := s.CodeSystem(system(0), ""); return err },
		"its resource":      func(s *catalog.Snapshot) error { _, err := s.Resource("CodeSystem", system(0), ""); return err },
		"another":           func(s *catalog.Snapshot) error { _, err := s.CodeSystem("icd-10", ""); return err },
		"what was written":  func(s *catalog.Snapshot) error { s.WrittenSystems(); return nil },
	} {
		reading, r := before.Reading()
		if err := ask(reading); err != nil {
			t.Fatal(err)
		}
		reads[name] = r
	}
	generation, left, print := c.Generation(), c.Left(), before.Fingerprint()
	first, resource := get(0), before.InstalledResources("CodeSystem")[0].Number()
	content := first.Content()
	today.Store(20270101)
	for i, begin := 0, time.Now(); !first.Gone() || c.Left() == left; i++ {
		if get(1 + i%(n-1)); time.Since(begin) > 10*time.Second {
			t.Fatal("it is not let go of")
		}
		time.Sleep(time.Millisecond)
	}
	after := c.Acquire()
	if c.Generation() != generation || after.Fingerprint() != print {
		t.Errorf("generation %d after %d, fingerprint %s after %s", c.Generation(), generation, after.Fingerprint(), print)
	}
	for name, r := range reads {
		if got, want := after.Answers(r), name != "what is let go of"; got != want || !r.IsOf(after) {
			t.Errorf("%s answers as it did: %v, want %v", name, got, want)
		}
		if !before.Answers(r) {
			t.Errorf("%s: the snapshot that was asked does not answer as it did", name)
		}
	}
	if after.Installation() == before.Installation() {
		t.Error("who keeps releases is not told that they are others")
	}
	if again := get(0); again == first || again.Content() != content || again.Content() == get(1).Content() || after.InstalledResources("CodeSystem")[0].Number() != resource {
		t.Error("it has another content, or other resources, when it is opened again")
	}
	if first.CodeSystem.Code(0) != "large0" {
		t.Error("it is closed while a snapshot has it")
	}
	before.LetGo()
	if first.CodeSystem != nil {
		t.Error("it is open when no snapshot has it any more")
	}
	after.LetGo()
	if changes, err := c.Refresh(); err != nil || len(changes) != 1 || changes[0].Release.Version != "2027-01-01" {
		t.Errorf("on the next day %v, %v, want the release that has begun", changes, err)
	}
}
