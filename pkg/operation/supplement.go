package operation

import (
	"context"
	"slices"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

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
// another one than afterwards. What is wrong with an import is told when it is asked. The
// error is that of the budget of the request, and Unavailable once nobody waits.
func (s *snapshot) gather(ctx context.Context, c *valueset.Compose) error {
	return s.gatherFrom(ctx, c, map[string]bool{}, 0)
}

// workGather is what it takes of the budget of a request to find an import.
const workGather = 1_000

func (s *snapshot) gatherFrom(ctx context.Context, c *valueset.Compose, seen map[string]bool, depth int) error {
	if depth > maxImports {
		return nil
	}
	for k, sets := range [][]valueset.ConceptSet{c.Include, c.Exclude} {
		for i := range sets {
			for _, url := range sets[i].ValueSets {
				if seen[url] {
					continue
				}
				seen[url] = true
				if err := terminology.Spend(ctx, "operation.Supplement", workGather); err != nil {
					return c.Placed(err, []string{"include", "exclude"}[k], i)
				}
				imported, err := (resolver{s}).ValueSet(url)
				if err != nil {
					continue
				}
				if err := s.gatherFrom(ctx, imported, seen, depth+1); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
