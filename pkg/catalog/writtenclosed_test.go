package catalog_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestWriteAfterClose: a request that outlasts the time to shut down is refused, and takes
// no process with it.
func TestWriteAfterClose(t *testing.T) {
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	s, err := store.OpenResources(filepath.Join(data, catalog.ResourcesDir), false)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data, newOpener(t).Open, catalog.Options{Stored: s, OpenResource: openResource})
	if err != nil {
		t.Fatal(err)
	}
	const text = `{"resourceType":"ValueSet","url":"http://example.org/v","status":"active"}`
	if _, err := c.Write(change(t, "v", text)); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if v, err := c.Write(change(t, "v", text)); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("after Close: %+v, %v; want kind Unavailable", v, err)
	}
	if n, err := s.Version("ValueSet", "v", 2); terminology.KindOf(err) != terminology.NotFound {
		t.Errorf("what was refused is there: %+v, %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
