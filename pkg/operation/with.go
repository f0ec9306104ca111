package operation

import (
	"bytes"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// With is what a request brings with it beside its question.
type With struct {
	// Resources are FHIR resources as JSON that stand beside the installed ones, and go
	// before them, for this request (tx-resource). The bytes are not kept.
	Resources [][]byte
	// Supplements are canonical URLs of supplements whose designations and properties
	// are to be used; one that is not known is an error.
	Supplements []string
	Versions    VersionRules
	// Cache is the id of a cache whose resources stand beside the installed ones too, ""
	// for none. CacheNamed: the client has chosen the id (the parameter cache-id), and the
	// cache begins with the first resources under it.
	Cache      string
	CacheNamed bool
	Client     string // who asks, as CacheRequest.Client
	// Given are resources that the request asks about itself, which a cache may take in.
	Given [][]byte
	// FHIR is the version of FHIR that the client speaks, such as 5.0.0: of FHIR's own
	// code systems and value sets, that version answers where it is installed.
	FHIR string
}

// plain reports whether the request brings nothing, so that answers to it may be kept.
func (w *With) plain() bool {
	return len(w.Resources) == 0 && w.Cache == "" && len(w.Supplements) == 0 && w.Versions.empty()
}

// snapshotOf returns the snapshot of this moment as a request sees it.
func (s *Service) snapshotOf(p language.Preference, day terminology.Date, w With) (*snapshot, error) {
	s.caches.sweepInTime()
	snap := s.acquireOn(p, day)
	if err := snap.bring(w, s.lay); err != nil {
		snap.LetGo()
		return nil, err
	}
	return snap, nil
}

// bring makes what a request brings part of the snapshot that it sees. Lay lays that over
// what is installed.
func (s *snapshot) bring(w With, lay func(*catalog.Snapshot, *With) (*catalog.Snapshot, error)) error {
	s.with = w
	if len(w.Resources) > 0 || w.Cache != "" {
		laid, err := lay(s.Snapshot, &w)
		if err != nil {
			return err
		}
		s.Snapshot = laid
	}
	return s.supplement(w.Supplements)
}

// lay returns the snapshot with what a request brings laid over it, in the place of the
// one given.
func (s *Service) lay(base *catalog.Snapshot, w *With) (*catalog.Snapshot, error) {
	if w.Cache == "" {
		return s.overlays.lay(base, w.Resources)
	}
	return s.layCache(base, w)
}

// lay returns the snapshot with resources laid over it, in the place of the one given.
func (o *overlays) lay(base *catalog.Snapshot, resources [][]byte) (*catalog.Snapshot, error) {
	key, size := contentOf(resources)
	o.mu.Lock()
	over, ok := o.sets.get(key)
	o.mu.Unlock()
	if !ok {
		var list []*resource.Resource
		for _, raw := range resources {
			r, err := resource.Parse(bytes.Clone(raw))
			if err != nil {
				return nil, brought(terminology.Invalid, raw, err)
			}
			list = append(list, r)
		}
		var err error
		if over, err = overlayOf(list, resources); err != nil {
			return nil, err
		}
		if size <= maxOverlayBytes {
			o.mu.Lock()
			o.sets.put(key, over, size)
			o.mu.Unlock()
		}
	}
	return base.With(over), nil
}
