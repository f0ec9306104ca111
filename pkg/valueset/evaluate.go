package valueset

import (
	"context"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Set is a set of ordinals of one release.
type Set = roaring.Bitmap

// maxDepth is how deep value sets may refer to value sets.
const maxDepth = 30

// Evaluate returns what a definition holds, a part for each release, in the order in
// which the definition names them. The error is NotFound when it refers to what is
// not installed, NotSupported for a filter that is not known here, Invalid for a
// definition that contradicts itself or refers to itself.
func Evaluate(ctx context.Context, c *Compose, r Resolver) ([]Part, error) {
	return evaluate(ctx, c, r, nil)
}

func evaluate(ctx context.Context, c *Compose, r Resolver, path []string) ([]Part, error) {
	const op = "valueset.Evaluate"
	if c.URL != "" {
		name := c.canonical()
		if slices.Contains(path, name) || len(path) > maxDepth {
			return nil, circular(op, path, name)
		}
		path = append(slices.Clone(path), name)
	}
	if len(c.Include) == 0 {
		return nil, invalid(op, "value set %s includes nothing", c.URL)
	}
	var parts []Part
	for i := range c.Include {
		found, err := include(ctx, &c.Include[i], r, path)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			parts = union(parts, f)
		}
	}
	for i := range c.Exclude {
		found, err := include(ctx, &c.Exclude[i], r, path)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			for _, p := range parts {
				if p.CodeSystem == f.CodeSystem {
					p.Set.AndNot(f.Set)
				}
			}
		}
		for k := range parts {
			if err := parts[k].keepComposed(func(m member) (bool, error) {
				out, err := holds(ctx, &c.Exclude[i], r, m, path)
				return !out, err
			}); err != nil {
				return nil, err
			}
		}
	}
	if c.Inactive != nil && !*c.Inactive {
		for _, p := range parts {
			p.Set.And(p.CodeSystem.Active())
		}
	}
	return parts, nil
}

func union(parts []Part, f Part) []Part {
	for i := range parts {
		p := &parts[i]
		if p.CodeSystem != f.CodeSystem {
			continue
		}
		p.Set.Or(f.Set)
		for _, x := range f.Composed {
			if !slices.ContainsFunc(p.Composed, func(y terminology.Composed) bool { return x.Code() == y.Code() }) {
				p.Composed = append(p.Composed, x)
			}
		}
		return parts
	}
	return append(parts, f)
}

// keepComposed keeps the expressions that keep says.
func (p *Part) keepComposed(keep func(member) (bool, error)) error {
	var kept []terminology.Composed
	for _, x := range p.Composed {
		ok, err := keep(member{cs: p.CodeSystem, o: terminology.NoOrdinal, composed: x})
		if err != nil {
			return err
		}
		if ok {
			kept = append(kept, x)
		}
	}
	p.Composed = kept
	return nil
}

// include returns what one include or exclude holds: concepts of its code system
// that satisfy its list or its filters, and that are in all of its value sets.
func include(ctx context.Context, s *ConceptSet, r Resolver, path []string) ([]Part, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, &terminology.Error{Op: "valueset.Evaluate", Kind: terminology.Unavailable, Err: err}
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	var parts []Part
	if s.System != "" {
		cs, err := r.CodeSystem(s.System, s.Version)
		if err != nil {
			return nil, err
		}
		set, err := s.set(ctx, cs)
		if err != nil {
			return nil, err
		}
		parts = []Part{{cs, set, s.composed(cs)}}
	}
	for i, url := range s.ValueSets {
		definition, err := r.ValueSet(url)
		if err != nil {
			return nil, err
		}
		imported, err := evaluate(ctx, definition, r, path)
		if err != nil {
			return nil, err
		}
		if i == 0 && s.System == "" {
			parts = imported
		} else {
			parts = intersect(parts, imported)
			for k := range parts {
				if err := parts[k].keepComposed(func(m member) (bool, error) { return contains(ctx, definition, r, m, path) }); err != nil {
					return nil, err
				}
			}
		}
	}
	return parts, nil
}

func intersect(a, b []Part) []Part {
	var out []Part
	for _, x := range a {
		for _, y := range b {
			if x.CodeSystem == y.CodeSystem {
				x.Set.And(y.Set)
				out = append(out, x)
			}
		}
	}
	return out
}

// check refuses an include that the standard does not allow (FHIR vsd-1 to vsd-3).
func (s *ConceptSet) check() error {
	const op = "valueset.Evaluate"
	switch {
	case s.System == "" && len(s.ValueSets) == 0:
		return invalid(op, "an include has neither a system nor a value set (vsd-1)")
	case s.System == "" && (len(s.Concepts) > 0 || len(s.Filters) > 0):
		return invalid(op, "an include with concepts or filters has no system (vsd-2)")
	case len(s.Concepts) > 0 && len(s.Filters) > 0:
		return invalid(op, "an include of %s has both concepts and filters (vsd-3)", s.System)
	}
	for _, f := range s.Filters {
		if f.Property == "" || f.Op == "" || f.Value == "" {
			return invalid(op, "a filter of %s lacks its property, op or value: %+v", s.System, f)
		}
	}
	return nil
}

// set returns the concepts of one code system; the bitmap is the caller's.
func (s *ConceptSet) set(ctx context.Context, cs terminology.CodeSystem) (*Set, error) {
	if len(s.Concepts) > 0 {
		set := roaring.New()
		for _, c := range s.Concepts {
			if o, ok := cs.Find(c.Code); ok {
				set.Add(o)
			}
		}
		return set, nil
	}
	set := roaring.New()
	if len(s.Filters) == 0 || s.Refsets {
		if s.Refsets {
			set.Or(cs.Refsets())
		} else {
			set.AddRange(0, uint64(cs.Len()))
		}
	}
	for i, f := range s.Filters {
		found, err := f.set(ctx, cs)
		if err != nil {
			return nil, err
		}
		if i == 0 && !s.Refsets {
			set.Or(found)
		} else {
			set.And(found)
		}
	}
	return set, nil
}

// composed returns the expressions among the codes of an enumeration.
func (s *ConceptSet) composed(cs terminology.CodeSystem) []terminology.Composed {
	composable, ok := cs.(terminology.Composable)
	if !ok {
		return nil
	}
	var out []terminology.Composed
	for _, c := range s.Concepts {
		if _, found := cs.Find(c.Code); found {
			continue
		}
		if x, err := composable.Compose(c.Code); err == nil {
			out = append(out, x)
		}
	}
	return out
}

func invalid(op, format string, args ...any) error {
	return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: fmt.Errorf(format, args...)}
}
