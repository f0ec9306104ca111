package operation

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// NamingSystem is what a code system is called (FHIR NamingSystem).
type NamingSystem struct {
	ID    string // name of its releases, such as icd-10-no
	Title string
	// IDs are all names of the code system, those of one kind together, the preferred
	// one first: URIs, OIDs, then names that are only for people to type.
	IDs       []UniqueID
	Installed []string // versions, oldest first
}

// UniqueID is one name of a code system (FHIR NamingSystem.uniqueId).
type UniqueID struct {
	Type      string // http://hl7.org/fhir/namingsystem-identifier-type: uri, oid, other
	Value     string // an OID is written bare
	Preferred bool   // of those of its type
}

// Means reports whether a name means the code system: one of its own, in any case, or
// an OID as a URI.
func (n *NamingSystem) Means(name string) bool {
	name = strings.TrimSpace(name)
	bare, _ := strings.CutPrefix(name, oidPrefix)
	return slices.ContainsFunc(n.IDs, func(id UniqueID) bool {
		return strings.EqualFold(id.Value, name) || id.Type == "oid" && id.Value == bare
	})
}

const oidPrefix = "urn:oid:"

// NamingSystems tells what each code system is called that is known or installed, in the
// order of their ids.
func (s *Service) NamingSystems(context.Context) ([]NamingSystem, error) {
	snap := s.acquire(language.Preference{})
	defer snap.LetGo()
	return s.namingSystems(snap)
}

// knownNaming are the naming systems of what is installed and written.
type knownNaming struct {
	written uint64 // catalog.Snapshot.WrittenSystemsNumber
	*knownResources
}

// naming lists the naming systems that tell of code systems: none that is a resource
// itself. The list is kept until other code systems come.
func (s *Service) naming(snap *catalog.Snapshot, of *knownResources) (*knownNaming, error) {
	if n := s.named.Load(); n != nil && n.of == of.of && n.written == snap.WrittenSystemsNumber() {
		return n, nil
	}
	names, err := s.namingSystems(&snapshot{Snapshot: snap, service: s})
	if err != nil {
		return nil, err
	}
	n := &knownNaming{snap.WrittenSystemsNumber(), newKnown(snap)}
	for i := range names {
		one := &names[i]
		r := &Resource{ResourceInfo: terminology.ResourceInfo{Type: resource.TypeNamingSystem, Name: one.ID, Title: one.Title, Status: "active"}, Made: &MadeOf{Naming: one}}
		if id := [2]string{resource.TypeNamingSystem, one.ID}; of.byID[id] != nil {
			n.byID[id] = of.byID[id] // add gives this one another id
		}
		n.add(r, one.ID)
	}
	n.taken = nil
	s.named.Store(n)
	return n, nil
}

func (s *Service) namingSystems(snap *snapshot) ([]NamingSystem, error) {
	var out []NamingSystem
	place := map[string]int{} // by URI
	for _, known := range codesystem.Systems() {
		place[known.URI] = len(out)
		n := NamingSystem{ID: known.Name, Title: known.Title}
		n.name(known.URI, known.Aliases, known.Short)
		out = append(out, n)
	}
	for _, r := range snap.Releases {
		if r.Release.Kind != terminology.KindCodeSystem {
			continue
		}
		i, ok := place[r.Release.System]
		if !ok {
			i = len(out)
			place[r.Release.System] = i
			out = append(out, NamingSystem{ID: r.Release.Name, Title: r.Release.Title})
		}
		out[i].name(r.Release.System, r.Release.Aliases, r.Release.Short)
		out[i].Installed = append(out[i].Installed, r.Release.Version)
	}
	slices.SortStableFunc(out, func(a, b NamingSystem) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// name adds names, each once: first is the preferred URI.
func (n *NamingSystem) name(uri string, aliases, short []string) {
	for _, name := range append([]string{uri}, aliases...) {
		bare, isOID := strings.CutPrefix(name, oidPrefix)
		if isOID = isOID || name[0] >= '0' && name[0] <= '9'; isOID {
			n.add("oid", bare)
		}
		if !isOID || name == uri {
			n.add("uri", name)
		}
	}
	for _, name := range short {
		n.add("other", name)
	}
	rank := map[string]int{"uri": 0, "oid": 1, "other": 2}
	slices.SortStableFunc(n.IDs, func(a, b UniqueID) int { return cmp.Compare(rank[a.Type], rank[b.Type]) })
}

func (n *NamingSystem) add(kind, value string) {
	first := true
	for _, id := range n.IDs {
		if id.Type == kind && id.Value == value {
			return
		}
		first = first && id.Type != kind
	}
	n.IDs = append(n.IDs, UniqueID{kind, value, first})
}
