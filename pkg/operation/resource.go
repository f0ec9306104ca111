package operation

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ResourceTypes are the types of resources that can be read and written.
var ResourceTypes = []string{resource.TypeCodeSystem, resource.TypeValueSet, resource.TypeConceptMap, resource.TypeNamingSystem}

// Resource is a FHIR resource: one that a client wrote, one that a release holds, or one
// that tells of a release, which has no text and is Made of what is installed.
type Resource struct {
	terminology.ResourceInfo                    // ID is unique among the resources of its type
	Versions                 uint64             // number of this version (meta.versionId); 0: it comes with a release
	Modified                 time.Time          // when it was written, or its release installed
	Meta                     string             // JSON of meta as it was given, "" for none or within Raw
	Raw                      []byte             // text; of one that a client wrote, without meta
	Made                     *MadeOf            // nil: it has a text
	Method                   string             // of a version in a history: POST, PUT or DELETE
	Deleted                  bool               // of a version: the resource was deleted
	Err                      error              // in a page: why it cannot be read; Raw is nil then
	held                     *catalog.Resource  // the text of it, and what is read of it
	of                       *catalog.Installed // that it tells of
}

// Written reports whether a client wrote the resource.
func (r *Resource) Written() bool { return r.Versions > 0 }

// MadeOf is what a resource tells that has no text.
type MadeOf struct {
	Release InstalledRelease
	Map     *terminology.MapInfo // of a ConceptMap
	Naming  *NamingSystem        // of a NamingSystem
}

// knownResources are the resources that come with what is installed. They are not changed.
type knownResources struct {
	of     any                    // catalog.Snapshot.Installation
	byType map[string][]*Resource // in the order of URL and version, the newest first
	byID   map[[2]string]*Resource
	byURL  map[[2]string][]*Resource
	taken  func(typ, id string) bool // by what a client wrote; only while it is made
}

// resources lists the resources of what is installed in a snapshot: what clients write does
// not change it, but for naming systems, which naming lists.
func (s *Service) resources(snap *catalog.Snapshot) *knownResources {
	if k := s.known.Load(); k != nil && k.of == snap.Installation() {
		return k
	}
	k := newKnown(snap)
	told := map[terminology.ResourceInfo]bool{} // what resources with a text tell of
	for _, typ := range ResourceTypes {
		for _, r := range snap.InstalledResources(typ) {
			told[terminology.ResourceInfo{Type: typ, URL: r.URL, Version: r.Version}] = true
			k.add(&Resource{ResourceInfo: r.ResourceInfo, held: r, Modified: r.Release.Imported}, r.ID)
		}
	}
	for _, r := range snap.Releases {
		if r.Of == nil && r.Release.Kind != terminology.KindResources {
			k.tell(snap, r, told)
		}
	}
	for typ := range k.byType {
		slices.SortStableFunc(k.byType[typ], byAddress)
	}
	k.taken = nil
	s.known.Store(k)
	return k
}

// newKnown returns no resources yet.
func newKnown(snap *catalog.Snapshot) *knownResources {
	return &knownResources{of: snap.Installation(), byType: map[string][]*Resource{}, byID: map[[2]string]*Resource{}, byURL: map[[2]string][]*Resource{},
		taken: func(typ, id string) bool { return snap.WrittenResource(typ, id) != nil }}
}

// byAddress is the order of lists: by URL, the newest version first.
func byAddress(a, b *Resource) int {
	return cmp.Or(strings.Compare(a.URL, b.URL), terminology.CompareVersions(b.Version, a.Version))
}

// ofWritten returns a resource that a client wrote.
func ofWritten(r *catalog.Resource) *Resource {
	return &Resource{ResourceInfo: r.ResourceInfo, held: r, Versions: r.Stored.Version, Modified: r.Stored.Time, Meta: r.Stored.Meta}
}

// installedResource returns a resource of what is installed by its id, nil when there is
// none.
func (s *Service) installedResource(snap *catalog.Snapshot, typ, id string) (*Resource, error) {
	k := s.resources(snap)
	if r := k.byID[[2]string{typ, id}]; r != nil || typ != resource.TypeNamingSystem {
		return r, nil
	}
	names, err := s.naming(snap, k)
	if err != nil {
		return nil, err
	}
	return names.byID[[2]string{typ, id}], nil
}

// tell adds resources that tell of a release: its code system, the value set of all of
// its codes, and its maps, as far as no resource with a text does.
func (k *knownResources) tell(s *catalog.Snapshot, r *catalog.Installed, told map[terminology.ResourceInfo]bool) {
	rel := r.Release
	add := func(typ, url, title, id string, m *terminology.MapInfo) {
		info := terminology.ResourceInfo{Type: typ, URL: url, Version: rel.Version}
		if url == "" || told[info] {
			return
		}
		info.Title, info.Status, info.Name = title, "active", computableName(title)
		if d := rel.Date; len(d) == len("2026-11-22") && d[4] == '-' {
			info.Date = d
		} else if len(d) == len("20261122") {
			info.Date = d[:4] + "-" + d[4:6] + "-" + d[6:]
		}
		if typ == resource.TypeCodeSystem {
			info.Content = resource.NotPresent // the codes are not in the resource
		}
		k.add(&Resource{ResourceInfo: info, Modified: r.Imported, Made: &MadeOf{Release: installed(s, r), Map: m}, of: r}, id)
	}
	base := rel.Name + "-" + rel.Date
	if rel.Kind == terminology.KindCodeSystem {
		add(resource.TypeCodeSystem, rel.System, rel.Title, base, nil)
		all := rel.ValueSet
		if all == "" {
			all = allCodesURL(rel.System)
		}
		add(resource.TypeValueSet, all, "All codes of "+rel.Title, base, nil)
	}
	for i := range rel.Maps {
		m := &rel.Maps[i]
		url := m.URL
		add(resource.TypeConceptMap, url, cmp.Or(m.Title, m.ID), base+"-"+m.ID[strings.LastIndexAny(m.ID, "/:")+1:], m)
	}
}

// allCodesURL is the canonical URL of the implicit value set of all codes.
func allCodesURL(system string) string {
	if system == "http://snomed.info/sct" {
		return system + "?fhir_vs"
	}
	return system + "?vs"
}

// add gives a resource an id that nothing else of its type has: the wanted one when it
// can be one and is free, else one that ends in a hash of what the resource is.
func (k *knownResources) add(r *Resource, want string) {
	clean := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' {
			return c
		}
		return '-'
	}, want)
	const most, hashed = 64, 55
	taken := k.byID[[2]string{r.Type, clean}] != nil || k.taken(r.Type, clean) // an id that a client chose is its own
	if clean != want || len(clean) > most || clean == "" || taken {
		sum := sha256.Sum256([]byte(want + "|" + r.URL + "|" + r.Version))
		clean = strings.Trim(clean[:min(len(clean), hashed)]+"-"+hex.EncodeToString(sum[:4]), "-")
	}
	if k.byID[[2]string{r.Type, clean}] != nil {
		return // the same resource twice
	}
	r.ID = clean
	k.byURL[[2]string{r.Type, r.URL}] = append(k.byURL[[2]string{r.Type, r.URL}], r)
	k.byID[[2]string{r.Type, clean}] = r
	k.byType[r.Type] = append(k.byType[r.Type], r)
}

// computableName makes a name that a program may use of a title.
func computableName(title string) string {
	var b strings.Builder
	up := true
	for _, c := range title {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			if up {
				c = []rune(strings.ToUpper(string(c)))[0]
			}
			b.WriteRune(c)
			up = false
			continue
		}
		up = true
	}
	if name := b.String(); name != "" && (name[0] < '0' || name[0] > '9') {
		return name
	}
	return "N" + b.String()
}

// withText returns a copy of a resource with its text; with light it may be without the
// long parts of it.
func (r *Resource) withText(light bool) (Resource, error) {
	out := *r
	if r.held == nil {
		return out, nil
	}
	var err error
	if light {
		out.Raw, err = r.held.Light()
	} else {
		out.Raw, err = r.held.Raw()
	}
	return out, err
}

// ErrNoResource is the cause of the error for a resource that is not there.
func errNoResource(typ, id string) error {
	return &terminology.Error{Op: "operation.ReadResource", Kind: terminology.NotFound, Err: fmt.Errorf("there is no %s/%s: %s without an id lists what is there", typ, id, typ)}
}

// ReadResource returns a resource in its newest version. One that was deleted is an
// answer, with Deleted set. The error is NotFound when there never was one.
func (s *Service) ReadResource(ctx context.Context, typ, id string) (Resource, error) {
	snap := s.acquire(language.Preference{})
	defer snap.LetGo()
	if r := snap.WrittenResource(typ, id); r != nil {
		return ofWritten(r).withText(false)
	}
	r, err := s.installedResource(snap.Snapshot, typ, id)
	if err != nil {
		return Resource{}, err
	}
	if r != nil {
		return r.withText(false)
	}
	for v, err := range s.versions(typ, id, 0) {
		if err != nil {
			return Resource{}, err
		}
		if v.Deleted {
			return v, nil
		}
		break // it was written since the snapshot
	}
	return Resource{}, errNoResource(typ, id)
}

// versions walks the versions of what clients wrote, newest first, but for the first skip.
func (s *Service) versions(typ, id string, skip int) func(func(Resource, error) bool) {
	return func(yield func(Resource, error) bool) {
		store := s.catalog.Stored()
		if store == nil {
			return
		}
		for v, err := range store.History(typ, id, skip) {
			if !yield(versionOf(v), err) {
				return
			}
		}
	}
}

func versionOf(v terminology.StoredResource) Resource {
	return Resource{ResourceInfo: terminology.ResourceInfo{Type: v.Type, ID: v.ID}, Versions: v.Version, Modified: v.Time, Meta: v.Meta, Raw: v.Raw, Method: v.Method, Deleted: v.Deleted}
}

// ReadResourceVersion returns a version of a resource that a client wrote; one that is a
// deletion has Deleted set. The error is NotFound.
func (s *Service) ReadResourceVersion(ctx context.Context, typ, id string, version uint64) (Resource, error) {
	if store := s.catalog.Stored(); store != nil {
		v, err := store.Version(typ, id, version)
		if err == nil {
			return versionOf(v), nil
		}
		if terminology.KindOf(err) != terminology.NotFound {
			return Resource{}, err
		}
	}
	return Resource{}, &terminology.Error{Op: "operation.ReadResourceVersion", Kind: terminology.NotFound, Err: fmt.Errorf("there is no version %d of %s/%s", version, typ, id)}
}
