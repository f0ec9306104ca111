package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"io"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// saving returns what keeps the code systems of large resources as they are made, nil when
// nothing does. What cannot be saved, or read again, is made of the text: no error of it is
// told.
func (c *Catalog) saving() terminology.SavedStore {
	s, _ := c.options.Stored.(terminology.SavedStore)
	return s
}

// saveNew saves the code system that was made of a resource, when it is worth it, and
// returns the name: the hash of the text, which is all that it was made of.
func (c *Catalog) saveNew(parsed *resource.Resource, opened *Opened) string {
	if p, ok := opened.CodeSystem.(*resource.Provider); !ok || !p.Savable() || c.saving() == nil {
		return ""
	}
	sum := sha256.Sum256(parsed.Raw)
	name := hex.EncodeToString(sum[:])
	c.save(name, opened)
	return name
}

func (c *Catalog) save(name string, opened *Opened) {
	store := c.saving()
	if p, ok := opened.CodeSystem.(*resource.Provider); ok && store != nil && p.Savable() {
		_ = store.Save(name, func(w io.Writer) error { return p.Save(w) })
	}
}

// openSaved opens what was saved under a name, and tells how many bytes it takes; nil when
// it must be made of the text.
func (c *Catalog) openSaved(name string) (*Opened, int) {
	store := c.saving()
	if name == "" || store == nil {
		return nil, 0
	}
	data, err := store.Saved(name)
	if err != nil {
		return nil, 0
	}
	p, err := resource.OpenSaved(data)
	if err != nil {
		return nil, 0
	}
	return &Opened{CodeSystem: p, Text: p.Text(), Maps: conceptmap.Memory{}}, p.Bytes()
}

// forget removes what was saved of resources that are no more, before anything is written.
func (c *Catalog) forget() {
	if store := c.saving(); store != nil && !c.options.ReadOnly {
		_ = store.Forget(func(name string) bool { return c.written.saved[name] > 0 })
	}
}

// keep notes that one more resource has a name under which it is saved.
func (w *written) keep(name string) {
	if name == "" {
		return
	}
	if w.saved == nil {
		w.saved = map[string]int{}
	}
	w.saved[name]++
}

// letGo notes that a resource with a name is no more.
func (c *Catalog) letGo(name string) {
	if c.written.saved[name] > 1 {
		c.written.saved[name]--
		return
	}
	delete(c.written.saved, name)
	c.unsave(name)
}

// unsave removes what was saved under a name that no resource has.
func (c *Catalog) unsave(name string) {
	if store := c.saving(); name != "" && store != nil && c.written.saved[name] == 0 {
		_ = store.Unsave(name)
	}
}
