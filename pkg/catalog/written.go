package catalog

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ErrReadOnly is the cause of errors of a catalog that nothing can be written to.
var ErrReadOnly = errors.New("this server is read-only: no resource can be written")

// byClients is the collection that what clients wrote is part of.
var byClients = &Installed{Manifest: Manifest{Release: terminology.Release{Kind: terminology.KindResources, Name: "written", Title: "Resources that clients wrote"}}}

// written is what clients wrote.
type written struct {
	newest   shared[writtenKey, *Resource] // also those that are deleted
	sequence uint64
	time     time.Time
	broken   error                // why nothing can be written any more
	bad      map[writtenKey]error // why resources could not be read at the start
	saved    map[string]int       // how many of newest have a name under which they are saved
}

// loadWritten reads what clients wrote before. What is known of a resource without its text
// is enough: what answers for it is opened when it is first asked. A resource that cannot
// be read keeps no other from answering: Unreadable tells.
func (c *Catalog) loadWritten() (*view, error) {
	v := newView()
	if c.options.Stored == nil {
		return v, nil
	}
	c.written.bad = map[writtenKey]error{}
	for stored, err := range c.options.Stored.Current() {
		if stored.Type == "" && err != nil {
			return nil, err
		}
		c.written.sequence, c.written.time = max(c.written.sequence, stored.Sequence), latest(c.written.time, stored.Time)
		var h *head
		if err == nil && !stored.Deleted {
			h, err = readHead(&stored, func() ([]byte, error) { return stored.Raw, nil }, func(p *resource.Resource) (*Installed, error) {
				if !p.AnswersItself() {
					return nil, nil
				}
				return c.answersNow(p, stored.Time)
			})
		}
		r := c.resource(stored, h)
		if err != nil {
			r.Bad = err
			c.written.bad[r.key()] = err
		}
		c.written.newest = c.written.newest.with(r.key(), r)
		c.written.keep(r.saved)
		v = v.with(nil, r)
	}
	c.forget()
	return v, nil
}

// Unreadable returns why resources that clients wrote could not be read at the start.
func (c *Catalog) Unreadable() []error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []error
	for _, key := range slices.SortedFunc(maps.Keys(c.written.bad), writtenKey.compare) {
		out = append(out, c.written.bad[key])
	}
	return out
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// answersLater returns what answers for a resource, once it is asked. It may have been
// saved under a name.
func (c *Catalog) answersLater(release terminology.Release, v terminology.StoredResource, saved string) *Installed {
	in := &Installed{Manifest: Manifest{Release: release, Imported: v.Time}, Of: byClients}
	in.later = &later{counts: true, open: func() (*Opened, error) {
		opened, bytes := c.openSaved(saved)
		if opened == nil {
			var err error
			if opened, bytes, err = c.openText(&v, saved); err != nil {
				return nil, err
			}
		}
		c.opened.add(c, writtenKey{v.Type, v.ID}, in, bytes)
		return opened, nil
	}}
	return in
}

// openText makes what answers for a resource of its text, and tells how many bytes it
// takes. It saves it under the name that it may have.
func (c *Catalog) openText(v *terminology.StoredResource, saved string) (*Opened, int, error) {
	again, err := c.options.Stored.Version(v.Type, v.ID, v.Version)
	if err != nil {
		return nil, 0, err
	}
	parsed, err := resource.Parse(again.Raw)
	if err != nil {
		return nil, 0, unreadable(v, err)
	}
	opened, err := c.options.OpenResource(parsed)
	if err == nil && opened == nil {
		err = unreadable(v, errors.New("nothing answers for it any more"))
	}
	if err != nil {
		return nil, 0, err
	}
	if saved != "" {
		c.save(saved, opened)
	}
	if p, ok := opened.CodeSystem.(*resource.Provider); ok {
		return opened, p.Bytes(), nil
	}
	return opened, opensTo * len(again.Raw), nil
}

// opensTo is about how many times its text a map takes that is open.
const opensTo = 7

// answersNow opens what answers for a resource; nil when nothing does.
func (c *Catalog) answersNow(parsed *resource.Resource, at time.Time) (*Installed, error) {
	opened, err := c.options.OpenResource(parsed)
	if opened == nil || err != nil {
		return nil, err
	}
	in := &Installed{Manifest: Manifest{Release: parsed.Release(), Imported: at}, Opened: *opened, Of: byClients}
	if cs := opened.CodeSystem; cs != nil {
		in.Manifest.Release = cs.Release()
	}
	if opened.Maps != nil {
		in.Manifest.Release.Maps = opened.Maps.Maps()
	}
	return in, nil
}

// resource is one that a client wrote, of which a head is known unless it was deleted or
// cannot be read. Its text is read from the store.
func (c *Catalog) resource(v terminology.StoredResource, h *head) *Resource {
	r := &Resource{Stored: v, store: c.options.Stored, kept: &c.parsed}
	r.Stored.Raw, r.Stored.Head, r.Stored.Index = nil, nil, nil
	if h != nil {
		r.ResourceInfo, r.facts, r.light = h.Info, &h.Facts, h.Light
		r.FoldedName, r.FoldedTitle = language.Fold(r.Name), language.Fold(r.Title)
		if n := (resource.NamingSystem{Kind: h.Facts.Kind, UniqueIDs: h.Facts.UniqueIDs}); n.Kind == "codesystem" {
			r.alias.System, r.alias.Aliases = n.Identity()
		}
		if h.Release != nil {
			r.saved = h.Saved
			r.answers = c.answersLater(*h.Release, r.Stored, r.saved)
		}
		r.Served = r.answers != nil
	}
	r.Type, r.ID = v.Type, v.ID
	return r
}
