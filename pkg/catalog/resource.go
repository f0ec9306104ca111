package catalog

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Resource is a FHIR resource that an installed release holds, or that a client wrote.
type Resource struct {
	terminology.ResourceInfo
	Release *Installed // that holds it; nil: a client wrote it
	place   int

	// Stored is the version of a resource that a client wrote, without its text.
	Stored  terminology.StoredResource
	store   terminology.ResourceStore
	answers *Installed          // for the codes or the maps of it; nil: nothing does
	alias   terminology.Release // what it calls a code system, of a NamingSystem

	once   sync.Once
	parsed *resource.Resource
	err    error
}

// Raw returns the resource as it was given.
func (r *Resource) Raw() ([]byte, error) {
	if r.Release == nil {
		v, err := r.store.Version(r.Type, r.ID, r.Stored.Version)
		return v.Raw, err
	}
	if r.Release.Resources == nil {
		return r.parsed.Raw, nil
	}
	return r.Release.Resources.Resource(r.place)
}

// Parsed returns the resource, which must not be changed. It is read once.
func (r *Resource) Parsed() (*resource.Resource, error) {
	r.once.Do(func() {
		raw, err := r.Raw()
		if err == nil {
			r.parsed, err = resource.Parse(raw)
		}
		r.err = err
	})
	return r.parsed, r.err
}

// readResources lists the resources of a release that was opened, and reads what its
// naming systems say.
func (r *Installed) readResources() error {
	if r.Resources == nil {
		return nil
	}
	for i, info := range r.Resources.Resources() {
		res := &Resource{ResourceInfo: info, Release: r, place: i}
		r.resources = append(r.resources, res)
		if info.Type != resource.TypeNamingSystem {
			continue
		}
		n, err := res.Parsed()
		if err != nil {
			return err
		}
		if n.NamingSystem == nil || n.NamingSystem.Kind != "codesystem" {
			continue
		}
		if uri, aliases := n.NamingSystem.Identity(); uri != "" {
			r.names = append(r.names, terminology.Release{System: uri, Aliases: aliases})
		}
	}
	return nil
}

// putResources makes the resources of all releases known, those of the newest version
// first.
func (s *Snapshot) putResources() {
	s.resources = map[resourceKey][]*Resource{}
	put := func(resources []*Resource) {
		for _, res := range resources {
			key := resourceKey{res.Type, res.URL}
			s.resources[key] = append(s.resources[key], res)
		}
	}
	// Of the same version, those of a request go first, then those that clients wrote.
	for _, r := range s.over {
		put(r.resources)
	}
	put(s.written)
	for _, r := range s.Releases[len(s.over):] {
		put(r.resources)
	}
	for _, list := range s.resources {
		slices.SortStableFunc(list, func(a, b *Resource) int { return terminology.CompareVersions(b.Version, a.Version) })
	}
}

type resourceKey struct{ typ, url string }

// Resource returns the FHIR resource of a type and canonical URL in a version, or in its
// newest one when version is empty. The error is NotFound.
func (s *Snapshot) Resource(typ, url, version string) (*Resource, error) {
	for _, r := range s.resources[resourceKey{typ, url}] {
		if version == "" || r.Version == version {
			return r, nil
		}
	}
	return nil, &terminology.Error{Op: "catalog.Resource", Kind: terminology.NotFound, Coding: terminology.Coding{System: url, Version: version}, Err: fmt.Errorf("%s %s is not installed", typ, canonical(url, version))}
}

// Resources returns all FHIR resources of a type, in the order of their URLs, the newest
// version of each first.
func (s *Snapshot) Resources(typ string) []*Resource {
	var out []*Resource
	for key, list := range s.resources {
		if key.typ == typ {
			out = append(out, list...)
		}
	}
	slices.SortStableFunc(out, func(a, b *Resource) int { return strings.Compare(a.URL, b.URL) })
	return out
}

// Supplements returns the supplements of a version of a code system, newest first.
func (s *Snapshot) Supplements(system, version string) []*Resource {
	var out []*Resource
	for _, r := range s.Resources(resource.TypeCodeSystem) {
		url, want, _ := strings.Cut(r.Supplements, "|")
		if url == system && (want == "" || want == version) {
			out = append(out, r)
		}
	}
	return out
}

// AllCodes returns the release whose value set of all codes has a canonical URL (FHIR
// CodeSystem.valueSet): the default one of its code system, or the one of a version.
func (s *Snapshot) AllCodes(url, version string) (*Installed, bool) {
	if url == "" {
		return nil, false
	}
	for _, list := range s.bySystem {
		for _, r := range list {
			if r.HasCodeSystem() && r.Release.ValueSet == url && (version == "" || r.Release.Version == version) {
				return r, true
			}
		}
	}
	return nil, false
}

func canonical(url, version string) string {
	if version == "" {
		return url
	}
	return url + "|" + version
}
