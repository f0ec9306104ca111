package valueset

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Contains reports whether a definition holds concept o of a release. It looks at
// this concept only and never makes the whole set. Errors are those of Evaluate, as
// far as the answer needs what they are about.
func Contains(c *Compose, r Resolver, cs terminology.CodeSystem, o terminology.Ordinal) (bool, error) {
	return contains(c, r, cs, o, nil)
}

func contains(c *Compose, r Resolver, cs terminology.CodeSystem, o terminology.Ordinal, path []string) (bool, error) {
	const op = "valueset.Contains"
	if c.URL != "" {
		if slices.Contains(path, c.URL) || len(path) > maxDepth {
			return false, invalid(op, "value set %s refers to itself: %v", c.URL, append(path, c.URL))
		}
		path = append(slices.Clone(path), c.URL)
	}
	if len(c.Include) == 0 {
		return false, invalid(op, "value set %s includes nothing", c.URL)
	}
	if c.Inactive != nil && !*c.Inactive && cs.Info(o).Inactive {
		return false, nil
	}
	for i := range c.Exclude {
		if in, err := holds(&c.Exclude[i], r, cs, o, path); in || err != nil {
			return false, err
		}
	}
	for i := range c.Include {
		if in, err := holds(&c.Include[i], r, cs, o, path); in || err != nil {
			return in, err
		}
	}
	return false, nil
}

func holds(s *ConceptSet, r Resolver, cs terminology.CodeSystem, o terminology.Ordinal, path []string) (bool, error) {
	if err := s.check(); err != nil {
		return false, err
	}
	if s.System != "" {
		answering, err := r.CodeSystem(s.System, s.Version)
		if err != nil {
			return false, err
		}
		if answering != cs {
			return false, nil
		}
		if in, err := s.holdsConcept(cs, o); !in || err != nil {
			return false, err
		}
	}
	for _, url := range s.ValueSets {
		definition, err := r.ValueSet(url)
		if err != nil {
			return false, err
		}
		if in, err := contains(definition, r, cs, o, path); !in || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (s *ConceptSet) holdsConcept(cs terminology.CodeSystem, o terminology.Ordinal) (bool, error) {
	if len(s.Concepts) > 0 {
		return slices.ContainsFunc(s.Concepts, func(c ConceptReference) bool {
			found, ok := cs.Find(c.Code)
			return ok && found == o
		}), nil
	}
	if s.Refsets && !cs.Refsets().Contains(o) {
		return false, nil
	}
	for _, f := range s.Filters {
		if in, err := f.holds(cs, o); !in || err != nil {
			return false, err
		}
	}
	return true, nil
}
