package catalog

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Overlay is FHIR resources that stand beside what is installed for as long as a request
// takes. It never changes and may be laid over any snapshot.
type Overlay struct {
	releases []*Installed
	bytes    int // of JSON
}

// NewOverlay makes the overlay of resources: a code system answers for itself, a map
// translates, and value sets and supplements are found by their URL. The error is Invalid
// and names the resource that cannot be read.
func NewOverlay(resources []*resource.Resource) (*Overlay, error) {
	o := &Overlay{}
	all := &Installed{Manifest: Manifest{Release: terminology.Release{Kind: terminology.KindResources}}}
	for _, r := range resources {
		o.bytes += len(r.Raw)
		res := &Resource{ResourceInfo: r.Info(), Release: all, parsed: r}
		all.resources = append(all.resources, res)
		switch r.Type {
		case resource.TypeCodeSystem:
			if r.Answerable() != nil {
				continue
			}
			p, err := resource.NewProvider(r, basic.Options{})
			if err != nil {
				return nil, err
			}
			o.releases = append(o.releases, &Installed{
				Manifest: Manifest{Release: p.Release(), Concepts: p.Len(), Columns: p.Columns()},
				Opened:   Opened{CodeSystem: p, Text: p.Text(), Maps: conceptmap.Memory{}}, Of: all,
			})
		case resource.TypeConceptMap:
			infos, rows, err := r.Mappings()
			if err != nil {
				return nil, err
			}
			m := conceptmap.NewMemory(infos, rows)
			release := terminology.Release{Kind: terminology.KindConceptMap, System: r.URL, Version: r.Version, Maps: m.Maps()}
			o.releases = append(o.releases, &Installed{Manifest: Manifest{Release: release}, Opened: Opened{Maps: m}, Of: all})
		}
	}
	o.releases = append(o.releases, all)
	return o, nil
}

// Over returns the overlay of both, in which the resources of o go before those of below,
// which may be nil.
func (o *Overlay) Over(below *Overlay) *Overlay {
	if below == nil {
		return o
	}
	return &Overlay{releases: slices.Concat(o.releases, below.releases), bytes: o.bytes + below.bytes}
}

// IsOverlay reports whether the release came with a request.
func (r *Installed) IsOverlay() bool { return r.Of != nil && r.Of != byClients && r.Of.Dir == "" }

// laidOver is what lies over a snapshot, that which was laid last: it is kept by the
// snapshot, and goes with it. It is safe for concurrent use.
type laidOver struct {
	mu    sync.Mutex
	list  map[*Overlay]*Snapshot
	bytes int // of JSON of the overlays
}

// What a snapshot keeps that is laid over it; more begins anew.
const (
	maxLaid      = 32
	maxLaidBytes = 32 << 20
)

// over is an overlay in a snapshot.
type over struct {
	of        *Overlay
	merged    map[string]*merged
	aliases   map[string]string
	allCodes  map[string][]string
	resources map[resourceKey][]*Resource
}

// With returns the snapshot with an overlay, whose resources go before installed ones of
// the same URL and version. It is let go of in the place of s, and is the same one for as
// long as s keeps it.
func (s *Snapshot) With(o *Overlay) *Snapshot {
	s.laid.mu.Lock()
	known := s.laid.list[o]
	s.laid.mu.Unlock()
	if known != nil {
		return known
	}
	releases := slices.Clone(o.releases)
	slices.SortStableFunc(releases, func(a, b *Installed) int {
		return cmp.Or(strings.Compare(a.Release.Name, b.Release.Name), terminology.CompareVersions(a.Release.Date, b.Release.Date))
	})
	out := &Snapshot{Releases: slices.Concat(releases, s.Releases), base: s.base, view: s.view, merged: s.merged, below: s}
	out.over = &over{of: o, merged: map[string]*merged{}, aliases: map[string]string{}, allCodes: map[string][]string{}, resources: map[resourceKey][]*Resource{}}
	systems := map[string][]*Installed{}
	for _, r := range releases {
		systems[r.Release.System] = append(systems[r.Release.System], r)
		putNames(out.over.aliases, r.Release)
		if url := r.Release.ValueSet; url != "" {
			out.over.allCodes[url] = append(out.over.allCodes[url], r.Release.System)
		}
	}
	for system, mine := range systems {
		out.over.merged[system] = s.base.merge(mine, s.view.ofSystem(system))
	}
	putResources(out.over.resources, releases)
	s.laid.keep(o, out)
	return out
}

func (l *laidOver) keep(o *Overlay, s *Snapshot) {
	if o.bytes > maxLaidBytes {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.list == nil || len(l.list) >= maxLaid || l.bytes+o.bytes > maxLaidBytes {
		l.list, l.bytes = map[*Overlay]*Snapshot{}, 0
	}
	if l.list[o] == nil {
		l.list[o] = s
		l.bytes += o.bytes
	}
}

// VersionsOf returns the releases of a code system, newest and most fitting first.
// They need not be open.
func (s *Snapshot) VersionsOf(system string) []*Installed {
	uri, err := s.System(system)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.ofSystem(uri)), func(r *Installed) bool { return !r.HasCodeSystem() })
}
