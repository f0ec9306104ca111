package operation

import (
	"crypto/sha256"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
)

// laidOver lets go of what caches keep over snapshots that are gone, or keep for longest.
func (a *caches) laidOver(base *catalog.Snapshot) {
	a.mu.Lock()
	defer a.mu.Unlock()
	moved := a.base != base
	a.base = base
	if !moved && len(a.byID) <= maxLaid {
		return
	}
	kept := 0
	var oldest *cache
	for _, c := range a.byID {
		if !c.mu.TryLock() { // it is being asked with
			continue
		}
		if moved && c.base != base {
			c.base, c.laid = nil, nil
		}
		if c.laid != nil {
			kept++
			if oldest == nil || c.used.Before(oldest.used) {
				oldest = c
			}
		}
		c.mu.Unlock()
	}
	if kept > maxLaid && oldest.mu.TryLock() {
		oldest.base, oldest.laid, oldest.beside = nil, nil, nil
		oldest.mu.Unlock()
	}
}

// layCache returns the snapshot with the resources of a cache, and over them those that the
// request brings itself, in the place of the one given.
func (s *Service) layCache(base *catalog.Snapshot, w *With) (*catalog.Snapshot, error) {
	k := cacheKey{w.FHIR, w.Cache}
	var c *cache
	var err error
	if w.CacheNamed {
		c, err = s.caches.named(k, w.Client, len(w.Resources)+len(w.Given) > 0)
	} else {
		c, err = s.caches.find(k)
	}
	if err != nil {
		return nil, err
	}
	if c == nil {
		return base, nil
	}
	s.caches.laidOver(base)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.sealed {
		if err := s.growCache(k, c, w); err != nil {
			return nil, err
		}
	}
	if c.base != base {
		c.base, c.laid = base, base
		if c.over != nil {
			c.laid = base.With(c.over)
		}
	}
	if !c.sealed || len(w.Resources) == 0 {
		return c.laid, nil
	}
	key, _ := contentOf(w.Resources)
	if over := c.beside[key]; over != nil {
		return base.With(over), nil
	}
	var list []*resource.Resource
	for _, raw := range w.Resources {
		r, err := s.overlays.parse(raw)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	over, err := overlayOf(list, w.Resources)
	if err != nil {
		return nil, err
	}
	if len(c.beside) >= maxBeside || c.beside == nil {
		c.beside = map[contentKey]*catalog.Overlay{}
	}
	c.beside[key] = over.Over(c.over)
	return base.With(c.beside[key]), nil
}

// growCache takes in what a request brings, and the value set that it asks about.
func (s *Service) growCache(k cacheKey, c *cache, w *With) error {
	bring := w.Resources
	for _, raw := range w.Given {
		if r, err := s.overlays.parse(raw); err == nil && r.URL != "" {
			bring = append(bring[:len(bring):len(bring)], raw)
		}
	}
	fresh := 0
	for _, raw := range bring {
		if !c.have[contentKey(sha256.Sum256(raw))] {
			fresh += len(raw)
		}
	}
	if fresh == 0 {
		return nil
	}
	if err := s.caches.grow(k, c, fresh); err != nil {
		return err
	}
	_, err := c.add(bring)
	if err != nil {
		_ = s.caches.grow(k, c, -fresh) // back: it takes no room
	}
	return err
}
