package catalog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// openResource opens code systems only.
func openResource(r *resource.Resource) (*catalog.Opened, error) {
	if !r.AnswersItself() || r.Type != resource.TypeCodeSystem {
		return nil, nil
	}
	p, err := resource.NewProvider(r, basic.Options{})
	if err != nil {
		return nil, err
	}
	return &catalog.Opened{CodeSystem: p, Text: p.Text(), Maps: &conceptmap.Reader{}}, nil
}

func change(t *testing.T, id, text string) catalog.ResourceChange {
	t.Helper()
	parsed, err := resource.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return catalog.ResourceChange{Type: parsed.Type, ID: id, Method: "PUT", Parsed: parsed}
}

const hand = `{"resourceType":"CodeSystem","url":"http://example.org/hand","version":"%d","status":"active","content":"complete","concept":[{"code":"H%d"}]}`

func TestWrite(t *testing.T) {
	data, _, begin := kept(t)
	has := func(c *catalog.Catalog, version, code string) bool {
		s := c.Acquire()
		defer s.LetGo()
		r, err := s.CodeSystem("http://example.org/hand", version)
		if err != nil {
			return false
		}
		_, ok := r.CodeSystem.Find(code)
		return ok
	}
	c, end := begin()
	before := c.Acquire()
	v, err := c.Write(change(t, "hand", fmt.Sprintf(hand, 1, 1)))
	if err != nil || v.Version != 1 {
		t.Fatalf("Write = version %d, %v", v.Version, err)
	}
	if !has(c, "", "H1") {
		t.Error("what was written does not answer")
	}
	if _, err := before.CodeSystem("http://example.org/hand", ""); err == nil {
		t.Error("an older snapshot sees it")
	}
	before.LetGo()
	if _, err := c.Write(change(t, "other", fmt.Sprintf(hand, 1, 2))); terminology.KindOf(err) != terminology.Conflict {
		t.Errorf("a second resource of the URL and version: %v, want Conflict", err)
	}
	if _, err := c.Write(change(t, "sct", `{"resourceType":"CodeSystem","url":"http://snomed.info/sct","content":"complete","concept":[{"code":"1"}]}`)); terminology.KindOf(err) != terminology.Conflict {
		t.Errorf("a resource in the place of SNOMED CT: %v, want Conflict", err)
	}
	refused := change(t, "hand", fmt.Sprintf(hand, 1, 3))
	refused.Check = func(n catalog.Now) error {
		if v, deleted := n.Version("CodeSystem", "hand"); v != 1 || deleted {
			t.Errorf("Check sees version %d, %v", v, deleted)
		}
		return fmt.Errorf("no")
	}
	if _, err := c.Write(refused); err == nil || err.Error() != "no" {
		t.Errorf("a refused write: %v", err)
	}
	var writers sync.WaitGroup
	for i := range 40 {
		writers.Go(func() {
			if _, err := c.Write(change(t, fmt.Sprintf("v%d", i), fmt.Sprintf(hand, i+10, i+10))); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	if !has(c, "", "H49") || !has(c, "10", "H10") {
		t.Error("versions that were written together do not all answer")
	}
	if v, err := c.Write(catalog.ResourceChange{Type: "CodeSystem", ID: "v39", Method: "DELETE"}); err != nil || v.Version != 2 {
		t.Errorf("delete: version %d, %v", v.Version, err)
	}
	if v, err := c.Write(catalog.ResourceChange{Type: "CodeSystem", ID: "v39", Method: "DELETE"}); err != nil || v.Version != 0 {
		t.Errorf("delete again: version %d, %v", v.Version, err)
	}
	print := func(c *catalog.Catalog) string {
		s := c.Acquire()
		defer s.LetGo()
		return s.Fingerprint()
	}
	old := print(c)
	end()

	c, end = begin() // after a restart
	defer end()
	if !has(c, "", "H48") || has(c, "", "H49") || !has(c, "1", "H1") {
		t.Error("after a restart other code systems answer")
	}
	if got := print(c); got != old {
		t.Errorf("fingerprint after a restart %s, want %s", got, old)
	}
	if v, err := c.Write(change(t, "v39", fmt.Sprintf(hand, 49, 49))); err != nil || v.Version != 3 {
		t.Errorf("written again after its deletion: version %d, %v", v.Version, err)
	}
	publish(t, data, icd10("2026"), "icd-10", false)
	if _, err := c.Refresh(); err != nil || !has(c, "", "H49") {
		t.Errorf("a new release takes what was written away: %v", err)
	}
}

// kept returns the resources folder of a new data folder without releases, and what opens
// its catalog; the other function that it gives closes it.
func kept(t *testing.T) (data, dir string, begin func() (*catalog.Catalog, func())) {
	t.Helper()
	data = t.TempDir()
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(data, catalog.ResourcesDir)
	return data, dir, func() (*catalog.Catalog, func()) {
		s, err := store.OpenResources(dir, false)
		if err != nil {
			t.Fatal(err)
		}
		c, err := catalog.Open(data, newOpener(t).Open, catalog.Options{Stored: s, OpenResource: openResource})
		if err != nil {
			t.Fatal(err)
		}
		return c, func() {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
