package valueset

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Contains reports whether a definition holds concept o of a release. It looks at
// this concept only and never makes the whole set; a value set that several paths lead
// to is asked once. Errors are those of Evaluate, as far as the answer needs what they
// are about.
func Contains(ctx context.Context, c *Compose, r Resolver, cs terminology.CodeSystem, o terminology.Ordinal) (bool, error) {
	return newMembership(terminology.WithBudget(ctx, 0), r, member{cs: cs, o: o}).in(c, nil)
}

// Enumerated keeps lists of codes as sets, so that a membership does not walk a long
// list. A Resolver that is one is asked.
type Enumerated interface {
	// Listed returns the concepts that the list of an include names in a release, and
	// whether the set has been made; it must not be changed. Make makes it.
	Listed(list []ConceptReference, cs terminology.CodeSystem, make func() *Set) (*Set, bool)
}

// member is a concept, or an expression in the place of one, that may be in a set.
type member struct {
	cs       terminology.CodeSystem
	o        terminology.Ordinal
	composed terminology.Composed // nil: the concept o
}

// question is what is asked of one code, in whatever versions of its code system.
type question struct {
	ctx      context.Context
	r        Resolver
	others   map[terminology.CodeSystem]*membership // of the code in other versions; nil: they lack it
	imported map[string][]terminology.CodeSystem    // that value sets have, by the URL that names them
}

// membership is the question whether definitions hold one member.
type membership struct {
	member
	*question
	imports map[string]bool // of value sets that were asked, by the URL that names them
}

func newMembership(ctx context.Context, r Resolver, m member) *membership {
	return &membership{member: m, question: &question{ctx: ctx, r: r}}
}

func (a *membership) in(c *Compose, path []string) (bool, error) {
	path, err := enter("valueset.Contains", c, path)
	if err != nil {
		return false, err
	}
	if c.Inactive != nil && !*c.Inactive && a.composed == nil && a.cs.Info(a.o).Inactive {
		return false, nil
	}
	var named func() ([]terminology.CodeSystem, error)
	if len(c.Exclude) > 0 {
		named = sync.OnceValues(func() ([]terminology.CodeSystem, error) { return a.named(c, path) })
	}
	for i := range c.Exclude {
		if out, err := a.excluded(&c.Exclude[i], c.Apart, named, path); out || err != nil {
			return false, c.Placed(err, "exclude", i)
		}
	}
	for i := range c.Include {
		if in, err := a.holds(&c.Include[i], path); in || err != nil {
			return in, c.Placed(err, "include", i)
		}
	}
	return false, nil
}

// holds reports whether one include or exclude holds the member.
func (a *membership) holds(s *ConceptSet, path []string) (bool, error) {
	if err := spend(a.ctx, "valueset.Contains", workHolds); err != nil {
		return false, err
	}
	if err := s.check(); err != nil {
		return false, err
	}
	if s.System != "" {
		answering, err := a.r.CodeSystem(s.System, s.Version)
		if err != nil {
			return false, err
		}
		if answering != a.cs {
			return false, nil
		}
		lists, _ := a.r.(Enumerated)
		if in, err := s.holdsMember(a.ctx, lists, a.member); !in || err != nil {
			return false, err
		}
	}
	for _, url := range s.ValueSets {
		if in, err := a.inImported(url, path); !in || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (a *membership) inImported(url string, path []string) (bool, error) {
	if in, ok := a.imports[url]; ok {
		return in, nil
	}
	definition, err := a.r.ValueSet(url)
	if err != nil {
		return false, err
	}
	in, err := a.in(definition, path)
	if err != nil {
		return false, err
	}
	if a.imports == nil {
		a.imports = map[string]bool{}
	}
	a.imports[url] = in
	return in, nil
}

// minListed is how long a list is that is worth a set.
const minListed = 64

// Holds reports whether one include or exclude holds a concept of a release, or an
// expression in the place of one, when x is not nil. It asks only what it says of codes:
// neither its code system and version, nor the value sets that it imports. Lists keeps
// long lists as sets, and may be nil.
func (s *ConceptSet) Holds(ctx context.Context, lists Enumerated, cs terminology.CodeSystem, o terminology.Ordinal, x terminology.Composed) (bool, error) {
	if err := s.check(); err != nil {
		return false, err
	}
	return s.holdsMember(ctx, lists, member{cs, o, x})
}

func (s *ConceptSet) holdsMember(ctx context.Context, lists Enumerated, m member) (bool, error) {
	if s.Long != nil && m.composed == nil {
		set, err := s.Long.Set(m.cs)
		return err == nil && set.Contains(m.o), err
	}
	s, err := s.Whole()
	if err != nil {
		return false, err
	}
	if len(s.Concepts) > 0 {
		if lists != nil && m.composed == nil && len(s.Concepts) >= minListed {
			work := int64(workFind)
			set, ok := lists.Listed(s.Concepts, m.cs, func() *Set {
				work *= int64(len(s.Concepts))
				return s.listed(m.cs)
			})
			if ok {
				return set.Contains(m.o), spend(ctx, "valueset.Contains", work)
			}
		}
		return s.names(ctx, m)
	}
	if s.Refsets && (m.composed != nil || !m.cs.Refsets().Contains(m.o)) {
		return false, nil
	}
	for i, f := range s.Filters {
		if in, err := f.holds(ctx, m); !in || err != nil {
			if err != nil {
				terminology.PlaceBudget(err, fmt.Sprintf("filter[%d]", i), false)
			}
			return false, err
		}
	}
	return true, nil
}

// names reports whether the list of an include names the member.
func (s *ConceptSet) names(ctx context.Context, m member) (bool, error) {
	for i := range s.Concepts {
		steps := int64(workFind)
		if m.composed != nil {
			steps = composing(s.Concepts[i].Code)
		}
		if i&0xf == 0 || m.composed != nil {
			if m.composed == nil {
				steps *= 16
			}
			if err := spend(ctx, "valueset.Contains", steps); err != nil {
				return false, err
			}
		}
		if m.named(s.Concepts[i].Code) {
			return true, nil
		}
	}
	return false, nil
}

// named reports whether a code of an enumeration means the member.
func (m member) named(code string) bool {
	if m.composed == nil {
		found, ok := m.cs.Find(code)
		return ok && found == m.o
	}
	composable, ok := terminology.As[terminology.Composable](m.cs)
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
	cs, ok := terminology.As[terminology.Constrained](m.cs)
	if !ok { // onConstraint has asked
		return false, nil
	}
	return cs.Selects(ctx, constraint, m.o)
}
