package catalog_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestDamageFoundByAWrite: what the check of a write asks may be what finds that a large
// release is damaged, while others ask for it as well: nobody waits for anybody for ever.
func TestDamageFoundByAWrite(t *testing.T) {
	data := t.TempDir()
	publishLarge(t, data, largeRelease(1, "1"), "bad", false)
	stored, err := store.OpenResources(filepath.Join(data, catalog.ResourcesDir), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stored.Close() })
	o := server(neverChecked, 0)
	o.Stored, o.OpenResource, o.Retry = stored, openResource, time.Hour
	c, _ := open(t, data, o)
	done := make(chan string)
	go func() {
		ch := change(t, "hand", fmt.Sprintf(hand, 1, 1))
		found := ""
		ch.Check = func(now catalog.Now) error {
			found = content(now.Snapshot(), "http://example.org/large/1", "")
			return nil
		}
		if _, err := c.Write(ch); err != nil {
			t.Error(err)
		}
		done <- found
	}()
	select {
	case found := <-done:
		if problems := c.Problems(); found != terminology.Corrupt.String() || len(problems) != 1 {
			t.Errorf("the check found %q, problems %v", found, problems)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the write waits for itself")
	}
	for range 2 {
		if _, err := c.Refresh(); err != nil || len(c.Problems()) != 1 || c.Problems()[0] == nil {
			t.Errorf("after Refresh: %v, problems %v", err, c.Problems())
		}
	}
}
