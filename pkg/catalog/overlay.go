package catalog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Overlay is FHIR resources that stand beside what is installed for as long as a request
// takes. It never changes and may be laid over any snapshot.
type Overlay struct {
	releases []*Installed
}

// NewOverlay makes the overlay of resources: a code system answers for itself, a map
// translates, and value sets and supplements are found by their URL. The error is Invalid
// and names the resource that cannot be read.
func NewOverlay(resources []*resource.Resource) (*Overlay, error) {
	o := &Overlay{}
	all := &Installed{Manifest: Manifest{Release: terminology.Release{Kind: terminology.KindResources}}}
	for _, r := range resources {
		res := &Resource{ResourceInfo: r.Info(), Release: all, parsed: r}
		res.once.Do(func() {})
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
	return &Overlay{slices.Concat(o.releases, below.releases)}
}

// IsOverlay reports whether the release came with a request.
func (r *Installed) IsOverlay() bool { return r.Of != nil && r.Of != byClients && r.Of.Dir == "" }

// With returns the snapshot with an overlay, whose resources go before installed ones of
// the same URL and version. It is let go of in the place of s.
func (s *Snapshot) With(o *Overlay) *Snapshot {
	over := slices.Clone(o.releases)
	slices.SortStableFunc(over, func(a, b *Installed) int {
		return cmp.Or(strings.Compare(a.Release.Name, b.Release.Name), terminology.CompareVersions(a.Release.Date, b.Release.Date))
	})
	var releases []*Installed
	for _, r := range s.Releases {
		if r.Of == nil {
			releases = append(releases, r)
		}
	}
	out := assemble(over, releases, s.written, s.options)
	out.below = s
	return out
}

// VersionsOf returns the releases of a code system, newest and most fitting first.
// They need not be open.
func (s *Snapshot) VersionsOf(system string) []*Installed {
	uri, err := s.System(system)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.bySystem[uri]), func(r *Installed) bool { return !r.HasCodeSystem() })
}
