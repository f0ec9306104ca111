package operation

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

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
	name = terminology.Canonical(r.URL, r.Version) + ref
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
