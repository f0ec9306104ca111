package valueset

import (
	"context"
	"slices"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Contains reports whether a definition holds concept o of a release. It looks at
// this concept only and never makes the whole set. Errors are those of Evaluate, as
// far as the answer needs what they are about.
func Contains(ctx context.Context, c *Compose, r Resolver, cs terminology.CodeSystem, o terminology.Ordinal) (bool, error) {
	return contains(ctx, c, r, member{cs: cs, o: o}, nil)
}

// ContainsComposed is Contains for an expression in the place of a code.
func ContainsComposed(ctx context.Context, c *Compose, r Resolver, cs terminology.CodeSystem, x terminology.Composed) (bool, error) {
	return contains(ctx, c, r, member{cs: cs, o: terminology.NoOrdinal, composed: x}, nil)
}

// member is a concept, or an expression in the place of one, that may be in a set.
type member struct {
	cs       terminology.CodeSystem
	o        terminology.Ordinal
	composed terminology.Composed // nil: the concept o
}

func contains(ctx context.Context, c *Compose, r Resolver, m member, path []string) (bool, error) {
	const op = "valueset.Contains"
	if c.URL != "" {
		name := c.canonical()
		if slices.Contains(path, name) || len(path) > maxDepth {
			return false, circular(op, path, name)
		}
		path = append(slices.Clone(path), name)
	}
	if len(c.Include) == 0 {
		return false, invalid(op, "value set %s includes nothing", c.URL)
	}
	if c.Inactive != nil && !*c.Inactive && m.composed == nil && m.cs.Info(m.o).Inactive {
		return false, nil
	}
	for i := range c.Exclude {
		if in, err := holds(ctx, &c.Exclude[i], r, m, path); in || err != nil {
			return false, err
		}
	}
	for i := range c.Include {
		if in, err := holds(ctx, &c.Include[i], r, m, path); in || err != nil {
			return in, err
		}
	}
	return false, nil
}

func holds(ctx context.Context, s *ConceptSet, r Resolver, m member, path []string) (bool, error) {
	if err := s.check(); err != nil {
		return false, err
	}
	if s.System != "" {
		answering, err := r.CodeSystem(s.System, s.Version)
		if err != nil {
			return false, err
		}
		if answering != m.cs {
			return false, nil
		}
		if in, err := s.holdsMember(ctx, m); !in || err != nil {
			return false, err
		}
	}
	for _, url := range s.ValueSets {
		definition, err := r.ValueSet(url)
		if err != nil {
			return false, err
		}
		if in, err := contains(ctx, definition, r, m, path); !in || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (s *ConceptSet) holdsMember(ctx context.Context, m member) (bool, error) {
	if len(s.Concepts) > 0 {
		return slices.ContainsFunc(s.Concepts, func(c ConceptReference) bool { return m.named(c.Code) }), nil
	}
	if s.Refsets && (m.composed != nil || !m.cs.Refsets().Contains(m.o)) {
		return false, nil
	}
	for _, f := range s.Filters {
		if in, err := f.holds(ctx, m); !in || err != nil {
			return false, err
		}
	}
	return true, nil
}

// named reports whether a code of an enumeration means the member.
func (m member) named(code string) bool {
	if m.composed == nil {
		found, ok := m.cs.Find(code)
		return ok && found == m.o
	}
	composable, ok := m.cs.(terminology.Composable)
	if !ok {
		return false
	}
	other, err := composable.Compose(code)
	return err == nil && m.composed.Code() == other.Code()
}

// isA reports whether the member is concept o or more special.
func (m member) isA(o terminology.Ordinal) bool {
	if m.composed != nil {
		return m.composed.IsA(o)
	}
	return m.cs.Subsumes(o, m.o)
}

// generalizes reports whether the member is concept o or more general.
func (m member) generalizes(o terminology.Ordinal) bool {
	if m.composed != nil {
		return m.composed.Subsumes(o)
	}
	return m.cs.Subsumes(m.o, o)
}

// is reports whether the member is concept o, an expression when it means the same.
func (m member) is(o terminology.Ordinal) bool {
	if m.composed != nil {
		return m.composed.IsA(o) && m.composed.Subsumes(o)
	}
	return m.o == o
}

func (m member) childOf(o terminology.Ordinal) bool {
	if m.composed != nil {
		return slices.Contains(m.composed.Parents(), o)
	}
	return slices.Contains(m.cs.Children(o), m.o)
}

// selected reports whether a constraint of the code system selects the member.
func (m member) selected(ctx context.Context, constraint string) (bool, error) {
	if m.composed != nil {
		return m.composed.Selected(ctx, constraint)
	}
	return m.cs.(terminology.Constrained).Selects(ctx, constraint, m.o)
}
