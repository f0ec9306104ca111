package catalog

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Snapshot is what was installed at one moment, in the order of name and date, and what
// clients had written then. It never changes. Whoever acquired it must let it go.
//
// It is in layers, so that a write and a request with resources of its own cost what they
// bring and not what is there: what is installed, what clients wrote, and what a request
// laid over both. Of a code system that more than one layer has, merged and over know the
// releases of all layers.
type Snapshot struct {
	Releases []*Installed // what a request laid over it first, what clients wrote last

	base   *base
	view   *view
	merged shared[string, *merged] // by system: those that the view has
	over   *over                   // nil: none
	below  *Snapshot               // that this one is laid over; nil: none
	laid   laidOver                // others, over this one
	reads  *Reads                  // that note what is asked; nil: nobody wants to know
	refs   atomic.Int64
}

// merged are the releases of a code system of several layers.
type merged struct {
	list    []*Installed // newest and most fitting first
	inForce map[*Installed]terminology.Period
}

// newSnapshot returns the snapshot of an installation and what clients wrote. It holds
// the releases.
func newSnapshot(b *base, v *view) *Snapshot {
	s := &Snapshot{}
	for _, w := range v.answers {
		s.merged = s.merged.with(w.answers.Release.System, nil)
	}
	for system := range s.merged.all {
		s.merged = s.merged.with(system, b.merge(nil, v.ofSystem(system)))
	}
	return s.on(b, v).hold()
}

// on completes a snapshot of which merged is known.
func (s *Snapshot) on(b *base, v *view) *Snapshot {
	s.base, s.view = b, v
	s.Releases = slices.Concat(b.releases, v.installed)
	return s
}

// after returns the snapshot of the same installation when clients have written more, of
// systems. Nothing holds it yet.
func (s *Snapshot) after(v *view, systems []string) *Snapshot {
	next := &Snapshot{merged: s.merged}
	for _, system := range systems {
		if mine := v.ofSystem(system); len(mine) > 0 {
			next.merged = next.merged.with(system, s.base.merge(nil, mine))
		} else {
			next.merged = next.merged.without(system)
		}
	}
	return next.on(s.base, v)
}

// hold makes the caller of newSnapshot, or of after, the first who has acquired it.
func (s *Snapshot) hold() *Snapshot {
	s.refs.Store(1)
	for _, r := range s.base.releases {
		r.refs.Add(1)
	}
	return s
}

// LetGo gives the snapshot back. Releases that no snapshot has any more are closed.
func (s *Snapshot) LetGo() {
	if s.below != nil {
		s.below.LetGo()
		return
	}
	if s.refs.Add(-1) > 0 {
		return
	}
	for _, r := range s.base.releases { // what clients wrote, and requests bring, has nothing to close
		if r.refs.Add(-1) == 0 && r.Close != nil {
			// Read-only databases have nothing to lose on closing, and there is
			// nobody left to tell.
			_ = r.Close()
			if r.later != nil && r.later.counts {
				r.Opened = Opened{} // what knows the release need not keep its columns
			}
		}
	}
}

// ofSystem returns the releases of a code system, newest and most fitting first.
func (s *Snapshot) ofSystem(system string) []*Installed {
	s.note(readSystem, resourceKey{url: system})
	return s.releasesOf(system)
}

func (s *Snapshot) releasesOf(system string) []*Installed {
	if s.over != nil {
		if m := s.over.merged[system]; m != nil {
			return m.list
		}
	}
	if m, ok := s.merged.get(system); ok {
		return m.list
	}
	return s.base.bySystem[system]
}

// period returns the days on which a release is in force.
func (s *Snapshot) period(r *Installed) (p terminology.Period, ok bool) {
	s.note(readSystem, resourceKey{url: r.Release.System}) // by which its days are found
	if s.over != nil {
		if m := s.over.merged[r.Release.System]; m != nil {
			p, ok = m.inForce[r]
			return p, ok
		}
	}
	if m, found := s.merged.get(r.Release.System); found {
		p, ok = m.inForce[r]
		return p, ok
	}
	p, ok = s.base.inForce[r]
	return p, ok
}

// alias returns the system that has a name, in lower case, by what releases and naming
// systems tell.
func (s *Snapshot) alias(name string) (string, bool) {
	s.note(readName, resourceKey{url: name})
	return s.meaningOf(name)
}

func (s *Snapshot) meaningOf(name string) (string, bool) {
	if s.over != nil {
		if uri, ok := s.over.aliases[name]; ok {
			return uri, true
		}
	}
	if uri, ok := s.base.aliases[name]; ok {
		return uri, true
	}
	if claims, ok := s.view.names.get(name); ok {
		return claims[0].system, true
	}
	return "", false
}

// Resource returns the FHIR resource of a type and canonical URL in a version, or in its
// newest one when version is empty. Of the same version, that of a request goes first,
// then that of a release. The error is NotFound.
func (s *Snapshot) Resource(typ, url, version string) (*Resource, error) {
	var found *Resource
	for _, list := range s.named(resourceKey{typ, url}) {
		for _, r := range list {
			if version != "" && r.Version != version {
				continue
			}
			if version != "" {
				return r, nil
			}
			if found == nil || terminology.CompareVersions(r.Version, found.Version) > 0 {
				found = r
			}
			break // they are in order
		}
	}
	if found != nil {
		return found, nil
	}
	return nil, &terminology.Error{Op: "catalog.Resource", Kind: terminology.NotFound, Coding: terminology.Coding{System: url, Version: version}, Err: fmt.Errorf("%s %s is not installed", typ, terminology.Canonical(url, version))}
}

// named returns the resources of a type and URL, of each layer the newest version first.
func (s *Snapshot) named(key resourceKey) (lists [3][]*Resource) {
	s.note(readNamed, key)
	return s.resourcesOf(key)
}

func (s *Snapshot) resourcesOf(key resourceKey) (lists [3][]*Resource) {
	if s.over != nil {
		lists[0] = s.over.resources[key]
	}
	lists[1] = s.base.resources[key]
	lists[2], _ = s.view.byURL.get(key)
	return lists
}

// InstalledResources returns the FHIR resources of a type that releases hold, in the order
// of their URLs, the newest version of each first. They are not to be changed.
func (s *Snapshot) InstalledResources(typ string) []*Resource { return s.base.byType[typ] }

// WrittenResources returns the resources of a type that clients wrote, in the same order.
// They are not to be changed.
func (s *Snapshot) WrittenResources(typ string) []*Resource {
	s.noteAll()
	return s.view.byType[typ]
}

// WrittenResource returns the resource of an id that a client wrote, nil when there is
// none.
func (s *Snapshot) WrittenResource(typ, id string) *Resource {
	s.noteAll()
	r, _ := s.view.byID.get(writtenKey{typ, id})
	return r
}

// WrittenAs returns the resources of a type that clients wrote under a URL, newest version
// first, and WrittenIdentified those that have an identifier of a value, in no order.
// They are not to be changed.
func (s *Snapshot) WrittenAs(typ, url string) []*Resource {
	s.noteAll()
	list, _ := s.view.byURL.get(resourceKey{typ, url})
	return list
}

// WrittenIdentified: see WrittenAs.
func (s *Snapshot) WrittenIdentified(typ, value string) []*Resource {
	s.noteAll()
	list, _ := s.view.identified.get(resourceKey{typ, value})
	return list
}

// VersionsWritten returns how many versions of resources of a type clients have written,
// deletions among them.
func (s *Snapshot) VersionsWritten(typ string) int {
	s.noteAll()
	return s.view.versions[typ]
}

// Installation stands for the releases that are installed: it is equal in snapshots that
// differ at most in what clients wrote. It holds nothing open.
func (s *Snapshot) Installation() any { return s.base.id }

// WrittenSystemsNumber is equal in snapshots that have the same WrittenSystems.
func (s *Snapshot) WrittenSystemsNumber() uint64 {
	s.noteAll()
	return s.view.answering
}

// WrittenSystems returns the code systems and maps that clients wrote, in the order of the
// types and ids of their resources.
func (s *Snapshot) WrittenSystems() []*Installed {
	s.noteAll()
	return s.Releases[len(s.Releases)-len(s.view.answers):]
}

// AllCodes returns the release whose value set of all codes has a canonical URL (FHIR
// CodeSystem.valueSet): the default one of its code system, or the one of a version. Of
// several code systems that claim the URL it is the first by its own.
func (s *Snapshot) AllCodes(url, version string) (*Installed, bool) {
	if url == "" {
		return nil, false
	}
	s.note(readAllCodes, resourceKey{url: url})
	for _, system := range s.claimsOf(url) {
		for _, r := range s.ofSystem(system) {
			if r.HasCodeSystem() && r.Release.ValueSet == url && (version == "" || r.Release.Version == version) {
				return r, true
			}
		}
	}
	return nil, false
}

// claimsOf returns the code systems whose value set of all codes has a URL, by their own.
func (s *Snapshot) claimsOf(url string) []string {
	var systems []string
	if s.over != nil {
		systems = append(systems, s.over.allCodes[url]...)
	}
	systems = append(systems, s.base.allCodes[url]...)
	if claims, ok := s.view.allCodes.get(url); ok {
		for _, c := range claims {
			systems = append(systems, c.system)
		}
	}
	if len(systems) > 1 {
		slices.Sort(systems)
	}
	return systems
}

// preferredOf returns the URI that the list of code systems prefers for a system that is
// installed, which is nearly always the same; false when it is not installed.
func (s *Snapshot) preferredOf(system string) (string, bool) {
	if len(s.ofSystem(system)) == 0 {
		return "", false
	}
	if uri, ok := codesystem.Resolve(system); ok {
		return uri, true
	}
	return system, true
}
