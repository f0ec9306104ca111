package operation

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strings"
	"sync"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
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

// What is kept of resources of requests, those that came last, so that clients that send
// the same ones with each request have them read once.
const (
	maxOverlays     = 32       // sets of resources, and resources by themselves
	maxKeptBytes    = 32 << 20 // of JSON of all of them
	maxOverlayBytes = 8 << 20  // of JSON of one set; more is read anew each time
	maxParsedBytes  = 1 << 20  // of one resource by itself
)

type contentKey [sha256.Size]byte

// overlays keeps what the resources of requests are, by their content. It knows nothing of
// what is installed, and so keeps no release: how they lie over a snapshot is kept by the
// snapshot, and goes with it. It is safe for concurrent use.
type overlays struct {
	mu     sync.Mutex
	sets   kept[*catalog.Overlay]
	parsed kept[*resource.Resource]
}

// kept is values by their content in two generations: once the young one has half of what
// may be kept, it becomes the old one. What is asked for is young again.
type kept[T any] struct {
	young, old map[contentKey]sized[T]
	bytes      int // of the young ones
}

type sized[T any] struct {
	value T
	bytes int
}

func (k *kept[T]) get(key contentKey) (T, bool) {
	v, ok := k.young[key]
	if !ok {
		if v, ok = k.old[key]; ok {
			k.put(key, v.value, v.bytes)
		}
	}
	return v.value, ok
}

func (k *kept[T]) put(key contentKey, value T, bytes int) {
	if _, ok := k.young[key]; ok {
		return
	}
	if k.young == nil || len(k.young) >= maxOverlays/2 || k.bytes+bytes > maxKeptBytes/2 {
		k.young, k.old, k.bytes = map[contentKey]sized[T]{}, k.young, 0
	}
	k.young[key] = sized[T]{value, bytes}
	k.bytes += bytes
}

// BroughtError says which of the resources that a request brings is wrong.
type BroughtError struct {
	Raw []byte // the resource, as it was given
	Err error
}

// Error returns the cause.
func (e *BroughtError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *BroughtError) Unwrap() error { return e.Err }

func brought(kind terminology.Kind, raw []byte, err error) error {
	return &terminology.Error{Op: "operation.With", Kind: kind, Err: &BroughtError{raw, err}}
}

// overlayOf returns resources, read, as an overlay. The error says which one is wrong.
func overlayOf(list []*resource.Resource, given [][]byte) (*catalog.Overlay, error) {
	over, err := catalog.NewOverlay(list)
	if err == nil {
		return over, nil
	}
	for i := range list {
		if _, one := catalog.NewOverlay(list[i : i+1]); one != nil {
			return nil, brought(terminology.KindOf(one), given[i], one)
		}
	}
	return nil, err
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

// parse returns one resource, which is read once for as long as it comes again.
func (o *overlays) parse(raw []byte) (*resource.Resource, error) {
	key := contentKey(sha256.Sum256(raw))
	o.mu.Lock()
	r, ok := o.parsed.get(key)
	o.mu.Unlock()
	if ok {
		return r, nil
	}
	r, err := resource.Parse(bytes.Clone(raw))
	if err != nil {
		return nil, brought(terminology.Invalid, raw, err)
	}
	if len(raw) <= maxParsedBytes {
		o.mu.Lock()
		o.parsed.put(key, r, len(raw))
		o.mu.Unlock()
	}
	return r, nil
}

func contentOf(resources [][]byte) (key contentKey, size int) {
	h := sha256.New()
	for _, raw := range resources {
		sum := sha256.Sum256(raw)
		h.Write(sum[:])
		size += len(raw)
	}
	h.Sum(key[:0])
	return key, size
}

// supplement makes supplements part of the code systems that they are of, each once
// however often, and by whichever names, it is asked for. The error is NotFound for one
// that is not known.
func (s *snapshot) supplement(urls []string) error {
	for _, url := range urls {
		canonical, version := splitCanonical(url)
		found, err := s.Resource(resource.TypeCodeSystem, canonical, version)
		if err != nil || found.Supplements == "" {
			return issueError("operation.Supplement", terminology.NotFound, issueNoSupplement(url))
		}
		parsed, err := found.Parsed()
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(s.supplements, func(have *resource.Resource) bool { return have.URL == parsed.URL && have.Version == parsed.Version }) {
			s.supplements = append(s.supplements, parsed)
		}
	}
	return nil
}

// supplemented returns a release with the supplements of the request.
func (s *snapshot) supplemented(r *catalog.Installed) *catalog.Installed {
	if len(s.supplements) == 0 || r.CodeSystem == nil {
		return r
	}
	if known, ok := s.changed[r]; ok {
		return known
	}
	var fitting []*resource.Resource
	for _, sup := range s.supplements {
		if sup.SupplementOf(r.Release.System, r.Release.Version) {
			fitting = append(fitting, sup)
		}
	}
	out := r
	if len(fitting) > 0 {
		if cs, err := resource.Apply(r.CodeSystem, fitting...); err == nil {
			out = &catalog.Installed{Manifest: r.Manifest, Opened: r.Opened, Dir: r.Dir, Of: r.Of}
			out.Opened.CodeSystem = cs
			s.usedSupplements = append(s.usedSupplements, fitting...)
		}
	}
	if s.changed == nil {
		s.changed = map[*catalog.Installed]*catalog.Installed{}
	}
	s.changed[r] = out
	return out
}

// extensionSupplements are the supplements that a value set says it needs.
func extensionSupplements(r *resource.Resource) []string {
	var out []string
	for _, x := range r.Extensions {
		if x.URL == resource.ExtSupplement && x.Value != "" {
			out = append(out, x.Value)
		}
	}
	return out
}

// gather makes the supplements that the imports of a definition need part of the code systems
// that they are of, before any of those answers: one that answered before would else be
// another one than afterwards. What is wrong with an import is told when it is asked.
func (s *snapshot) gather(c *valueset.Compose) { s.gatherFrom(c, map[string]bool{}, 0) }

func (s *snapshot) gatherFrom(c *valueset.Compose, seen map[string]bool, depth int) {
	if depth > maxImports {
		return
	}
	for _, sets := range [][]valueset.ConceptSet{c.Include, c.Exclude} {
		for i := range sets {
			for _, url := range sets[i].ValueSets {
				if seen[url] {
					continue
				}
				seen[url] = true
				if imported, err := (resolver{s}).ValueSet(url); err == nil {
					s.gatherFrom(imported, seen, depth+1)
				}
			}
		}
	}
}

// sourceOf returns the resource that a definition was read from, nil when it was not.
func (s *snapshot) sourceOf(c *valueset.Compose) *resource.Resource { return s.sources[c] }

func (s *snapshot) keepSource(c *valueset.Compose, r *resource.Resource) {
	if s.sources == nil {
		s.sources = map[*valueset.Compose]*resource.Resource{}
	}
	s.sources[c] = r
}

// define returns the definition of a value set, which is not to be changed, with the value
// sets that it contains known as its imports.
func (s *snapshot) define(r *resource.Resource) (*valueset.Compose, error) {
	d, err := s.service.definitions.of(r)
	if terminology.KindOf(err) == terminology.NotSupported {
		c, err := s.withContained(r)
		if err == nil {
			s.keepSource(c, r)
		}
		return c, err
	}
	if err != nil {
		return nil, err
	}
	s.keepSource(d.compose, r)
	return d.compose, nil
}

// withContained returns the definition of a value set that refers to those it contains
// together with other conditions: they are imports that only it knows.
func (s *snapshot) withContained(r *resource.Resource) (*valueset.Compose, error) {
	out := &valueset.Compose{URL: r.URL, Version: r.Version, Name: r.Name}
	return out, s.defineIn(out, r, r)
}

// defineIn fills in what a value set defines that is r, or that r contains.
func (s *snapshot) defineIn(out *valueset.Compose, inner, r *resource.Resource) error {
	v := inner.ValueSet
	out.Inactive, out.Apart = v.Inactive, versionsApart(inner)
	out.Include, out.Exclude = conceptSets(v.Include), conceptSets(v.Exclude)
	for _, sets := range [][]valueset.ConceptSet{out.Include, out.Exclude} {
		for i := range sets {
			for k, url := range sets[i].ValueSets {
				if !strings.HasPrefix(url, "#") {
					continue
				}
				name, err := s.contain(r, url)
				if err != nil {
					return err
				}
				sets[i].ValueSets[k] = name
			}
		}
	}
	return nil
}

// contain makes a contained value set known, as those are that it refers to and that stand
// beside it, and returns the name.
func (s *snapshot) contain(r *resource.Resource, ref string) (name string, err error) {
	name = canonicalOf(r.URL, r.Version) + ref
	if s.imports[name] != nil {
		return name, nil
	}
	at := slices.IndexFunc(r.ValueSet.Contained, func(c *resource.Resource) bool { return c.ID == ref[1:] && c.ValueSet != nil })
	if at < 0 {
		return "", &terminology.Error{Op: "operation.ValueSet", Kind: terminology.Invalid, Coding: terminology.Coding{System: r.URL}, Err: textError("the value set has no contained value set '" + ref + "'")}
	}
	inner, out := r.ValueSet.Contained[at], &valueset.Compose{URL: name}
	if s.imports == nil {
		s.imports = map[string]*valueset.Compose{}
	}
	s.imports[name] = out // before what it refers to, which may be itself
	if inner.ValueSet.Composed {
		return name, s.defineIn(out, inner, r)
	}
	stored, err := definitionOf(inner)
	if err == nil {
		out.Include = stored.Include
	}
	return name, err
}

// given returns the definition of a value set that a request carries as a resource.
func (s *snapshot) given(raw []byte) (*valueset.Compose, error) {
	r, err := s.service.overlays.parse(raw)
	if err != nil {
		return nil, err
	}
	if r.Type != resource.TypeValueSet {
		return nil, &terminology.Error{Op: "operation.ValueSet", Kind: terminology.Invalid, Err: textError("want a ValueSet, not a " + r.Type)}
	}
	return s.define(r)
}
