package valueset

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// exclude takes away what one exclude holds, from the releases that it holds it in and,
// unless versions are apart, from other versions of a code system that it names in a
// version that no include has.
func (e *evaluation) exclude(parts []Part, s *ConceptSet, apart bool, path []string) error {
	found, err := e.include(s, path)
	if err != nil {
		return err
	}
	for _, f := range found {
		if i := partOf(parts, f.CodeSystem); i >= 0 {
			if err := e.spend(workOf(f.CodeSystem)); err != nil {
				return err
			}
			parts[i].Set.AndNot(f.Set)
		} else if s.System != "" && !apart {
			for k := range parts {
				if sameSystem(parts[k].CodeSystem, f.CodeSystem) {
					parts[k].Merged = true
					if err := e.spend(workFind * int64(min(f.Set.GetCardinality(), parts[k].Set.GetCardinality()))); err != nil {
						return err
					}
					parts[k].Set.AndNot(Across(f.CodeSystem, f.Set, parts[k].CodeSystem, parts[k].Set))
				}
			}
		}
	}
	for k := range parts {
		a := func(m member) (bool, error) {
			out, err := e.membership(m).excluded(s, apart, func() ([]terminology.CodeSystem, error) { return releasesOf(parts), nil }, path)
			return !out, err
		}
		if err := parts[k].keepComposed(a); err != nil {
			return err
		}
	}
	return nil
}

func partOf(parts []Part, cs terminology.CodeSystem) int {
	return slices.IndexFunc(parts, func(p Part) bool { return p.CodeSystem == cs })
}

func releasesOf(parts []Part) []terminology.CodeSystem {
	out := make([]terminology.CodeSystem, len(parts))
	for i, p := range parts {
		out[i] = p.CodeSystem
	}
	return out
}

// sameSystem reports whether two releases are versions of one code system.
func sameSystem(a, b terminology.CodeSystem) bool { return a.Release().System == b.Release().System }

// Across returns those concepts of a set of one version of a code system whose code is that
// of a concept in a set of another version. The bitmap is the caller's.
func Across(from terminology.CodeSystem, set *Set, to terminology.CodeSystem, among *Set) *Set {
	out := roaring.New()
	if set.GetCardinality() < among.GetCardinality() {
		for it := set.Iterator(); it.HasNext(); {
			if o, ok := to.Find(from.Code(it.Next())); ok && among.Contains(o) {
				out.Add(o)
			}
		}
		return out
	}
	for it := among.Iterator(); it.HasNext(); {
		o := it.Next()
		if x, ok := from.Find(to.Code(o)); ok && set.Contains(x) {
			out.Add(o)
		}
	}
	return out
}

// excluded reports whether one exclude of a definition takes the member away. Named returns
// the releases that its includes have.
func (a *membership) excluded(s *ConceptSet, apart bool, named func() ([]terminology.CodeSystem, error), path []string) (bool, error) {
	if in, err := a.holds(s, path); in || err != nil || apart || s.System == "" {
		return in, err
	}
	answering, err := a.r.CodeSystem(s.System, s.Version)
	if err != nil || answering == a.cs || !sameSystem(answering, a.cs) {
		return false, err
	}
	releases, err := named()
	if err != nil || slices.Contains(releases, answering) {
		return false, err
	}
	other, ok := a.of(answering)
	if !ok {
		return false, nil
	}
	return other.holds(s, path)
}

// of returns the question about the same code in another version of its code system; false
// when that has no such code.
func (a *membership) of(cs terminology.CodeSystem) (*membership, bool) {
	if other, ok := a.others[cs]; ok {
		return other, other != nil
	}
	if a.others == nil {
		a.others = map[terminology.CodeSystem]*membership{a.cs: a}
	}
	other := &membership{question: a.question, member: member{cs: cs, o: terminology.NoOrdinal}}
	found := false
	if a.composed == nil {
		other.o, found = cs.Find(a.cs.Code(a.o))
	} else if composable, ok := terminology.As[terminology.Composable](cs); ok {
		x, err := composable.Compose(a.composed.Code())
		other.composed, found = x, err == nil
	}
	if !found {
		other = nil
	}
	a.others[cs] = other
	return other, found
}

// named returns the releases that the includes of a definition have, whether they hold
// anything of them or not.
func (a *membership) named(c *Compose, path []string) ([]terminology.CodeSystem, error) {
	var out []terminology.CodeSystem
	for i := range c.Include {
		list, err := a.namedBy(&c.Include[i], path)
		if err != nil {
			return nil, err
		}
		for _, cs := range list {
			if !slices.Contains(out, cs) {
				out = append(out, cs)
			}
		}
	}
	return out, nil
}

// namedBy is named for one include: the releases that all have that it names.
func (a *membership) namedBy(s *ConceptSet, path []string) ([]terminology.CodeSystem, error) {
	var out []terminology.CodeSystem
	if s.System != "" {
		cs, err := a.r.CodeSystem(s.System, s.Version)
		if err != nil {
			return nil, err
		}
		out = []terminology.CodeSystem{cs}
	}
	for i, url := range s.ValueSets {
		list, ok := a.imported[url]
		if !ok {
			definition, err := a.r.ValueSet(url)
			if err != nil {
				return nil, err
			}
			inner, err := enter("valueset.Contains", definition, path)
			if err != nil {
				return nil, err
			}
			if list, err = a.named(definition, inner); err != nil {
				return nil, err
			}
			if a.imported == nil {
				a.imported = map[string][]terminology.CodeSystem{}
			}
			a.imported[url] = list
		}
		if i == 0 && s.System == "" {
			out = slices.Clone(list)
		} else {
			out = slices.DeleteFunc(out, func(cs terminology.CodeSystem) bool { return !slices.Contains(list, cs) })
		}
	}
	return out, nil
}
