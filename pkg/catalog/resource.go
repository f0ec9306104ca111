package catalog

import (
	"fmt"
	"slices"
	"sync"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Resource is a FHIR resource that an installed release holds, or that a client wrote.
type Resource struct {
	terminology.ResourceInfo
	Release *Installed // that holds it; nil: a client wrote it

	// Stored is the version of a resource that a client wrote, without its text.
	Stored terminology.StoredResource
	// Bad is why a resource that a client wrote cannot be read; nil: nothing is known
	// against it.
	Bad error
	// FoldedName and FoldedTitle are name and title as searches compare them.
	FoldedName, FoldedTitle string

	number  numbered
	light   string // what lists show of a long text; "": all of it
	place   int    // in its release
	store   terminology.ResourceStore
	answers *Installed          // for the codes or the maps of it; nil: nothing does
	saved   string              // name under which answers may be saved; "": it is not
	alias   terminology.Release // what it calls a code system, of a NamingSystem

	kept     *parsedKept // nil: parsed is all there is
	reading  sync.Mutex  // of parsed and facts
	parsed   *resource.Resource
	facts    *Facts
	factsErr error
}

// Raw returns the resource as it was given.
func (r *Resource) Raw() ([]byte, error) {
	switch {
	case r.Bad != nil:
		return nil, r.Bad
	case r.Release == nil:
		v, err := r.store.Version(r.Type, r.ID, r.Stored.Version)
		return v.Raw, err
	case r.parsed != nil:
		return r.parsed.Raw, nil
	}
	if err := r.Release.Ready(); err != nil {
		return nil, err
	}
	if r.Release.Resources == nil {
		return nil, &terminology.Error{Op: "catalog.Raw", Kind: terminology.Unavailable, Err: fmt.Errorf("%s/%s is of a release that was let go", r.Type, r.ID)}
	}
	return r.Release.Resources.Resource(r.place)
}

// Light returns what a list may show of the resource: its text, of a long one without
// resource.LongMembers.
func (r *Resource) Light() ([]byte, error) {
	if r.light != "" && r.Bad == nil {
		return []byte(r.light), nil
	}
	return r.Raw()
}

// Parsed returns the resource, which must not be changed. Those that were asked for last
// are kept.
func (r *Resource) Parsed() (*resource.Resource, error) {
	if r.kept == nil {
		return r.parsed, nil
	}
	if p := r.kept.get(r); p != nil {
		return p, nil
	}
	r.reading.Lock() // so that it is read once by all who ask at once
	defer r.reading.Unlock()
	if p := r.kept.get(r); p != nil {
		return p, nil
	}
	return r.read()
}

// read reads the text, and keeps what it says.
func (r *Resource) read() (*resource.Resource, error) {
	raw, err := r.Raw()
	if err != nil {
		return nil, err
	}
	p, err := resource.Parse(raw)
	if err != nil {
		return nil, &terminology.Error{Op: "catalog.Parsed", Kind: terminology.Corrupt, Err: fmt.Errorf("%s/%s cannot be read: %w", r.Type, r.ID, err)}
	}
	r.kept.put(r, p)
	return p, nil
}

// Facts returns what searches ask of the resource. They are read once, and of one that a
// client wrote before that.
func (r *Resource) Facts() (*Facts, error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	if r.facts != nil || r.factsErr != nil {
		return r.facts, r.factsErr
	}
	p := r.parsed
	if p == nil {
		if p = r.kept.get(r); p == nil {
			if p, r.factsErr = r.read(); r.factsErr != nil {
				return nil, r.factsErr
			}
		}
	}
	f, codes := factsOf(p)
	if f.Indexed { // in no store
		f.Indexed, f.Codes = false, codes
	}
	r.facts = &f
	return r.facts, nil
}

// Names reports whether a CodeSystem has a concept with a code, or a ValueSet names the
// code, of a system unless that is "".
func (r *Resource) Names(system, code string) (bool, error) {
	f, err := r.Facts()
	if err != nil {
		return false, err
	}
	hash := codeHash(system, code)
	if !f.Indexed {
		_, ok := slices.BinarySearch(f.Codes, hash)
		return ok, nil
	}
	packed, err := r.store.Index(r.Type, r.ID, r.Stored.Version)
	return inPacked(packed, hash), err
}

// newResource returns a resource that a release holds.
func newResource(r *Installed, place int, info terminology.ResourceInfo, kept *parsedKept) *Resource {
	return &Resource{ResourceInfo: info, Release: r, place: place, kept: kept, FoldedName: language.Fold(info.Name), FoldedTitle: language.Fold(info.Title)}
}

// ResourceName returns the name of the CodeSystem resource that the release was read from,
// "" when it has none or was read from another form.
func (r *Installed) ResourceName() string {
	if r.Resources == nil {
		return ""
	}
	for _, x := range r.Resources.Resources() {
		if x.Type == resource.TypeCodeSystem && x.URL == r.Release.System && x.Content != resource.Supplement {
			return x.Name
		}
	}
	return ""
}

// readResources lists the resources of a release that was opened, and reads what its
// naming systems say.
func (r *Installed) readResources(kept *parsedKept) error {
	if r.Resources == nil {
		return nil
	}
	for i, info := range r.Resources.Resources() {
		res := newResource(r, i, info, kept)
		if i < len(r.Kept) {
			res.light = r.Kept[i].Light
		}
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
