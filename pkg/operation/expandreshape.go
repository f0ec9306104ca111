package operation

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// reshape takes away the systems that a request leaves out, and what excludes of other
// versions take away, and puts versions in order.
func (set *evaluatedSet) reshape(ctx context.Context, snap *snapshot, without []string) error {
	set.parts = slices.DeleteFunc(set.parts, func(p valueset.Part) bool {
		r := p.CodeSystem.Release()
		return slices.ContainsFunc(without, func(c string) bool {
			system, version := splitCanonical(c)
			return snap.sameSystem(system, r.System) && (version == "" || versionMatches(version, r.Version))
		})
	})
	versionsMatch := "" // whether codes of several versions are one; "" where nothing says
	if set.source != nil {
		versionsMatch = expansionParameter(set.source, "versionsMatch")
	}
	if versionsMatch != "false" {
		if err := set.excludeOthers(ctx, snap); err != nil {
			return err
		}
	}
	if versionsMatch == "true" {
		set.merge()
	}
	set.order()
	return nil
}

// order puts versions of a code system in order: those that the value set names, newest
// first, and then the one that it leaves open.
func (set *evaluatedSet) order() {
	named := func(r terminology.Release) string {
		for i := range set.definition.Include {
			if s := &set.definition.Include[i]; s.System == r.System && s.Version != "" && versionMatches(s.Version, r.Version) {
				return r.Version
			}
		}
		return ""
	}
	slices.SortStableFunc(set.parts, func(a, b valueset.Part) int {
		x, y := a.CodeSystem.Release(), b.CodeSystem.Release()
		if x.System != y.System {
			return 0
		}
		return terminology.CompareVersions(named(y), named(x))
	})
}

// excludeOthers takes away codes that an exclude holds in a version of their code system
// that no include has: it would else do nothing.
func (set *evaluatedSet) excludeOthers(ctx context.Context, snap *snapshot) error {
	for i := range set.definition.Exclude {
		x := set.definition.Exclude[i]
		if x.System == "" {
			continue
		}
		parts, err := valueset.Evaluate(ctx, &valueset.Compose{Include: []valueset.ConceptSet{x}}, resolver{snap})
		if err != nil {
			return err
		}
		for _, out := range parts {
			if slices.ContainsFunc(set.parts, func(p valueset.Part) bool { return p.CodeSystem == out.CodeSystem }) {
				continue
			}
			for _, p := range set.parts {
				if p.CodeSystem.Release().System == out.CodeSystem.Release().System {
					set.told.Merged = true
					removeCodes(p, out)
				}
			}
		}
	}
	return nil
}

// merge leaves each code in the newest version only that has it.
func (set *evaluatedSet) merge() {
	parts := set.parts
	set.told.Merged = true
	for i := range parts {
		for k := range parts {
			a, b := parts[i].CodeSystem.Release(), parts[k].CodeSystem.Release()
			if i != k && a.System == b.System && terminology.CompareVersions(a.Version, b.Version) > 0 {
				removeCodes(parts[k], parts[i])
			}
		}
	}
}

// removeCodes takes the codes of one part away from a part of another version.
func removeCodes(from, what valueset.Part) {
	gone := roaring.New()
	for it := what.Set.Iterator(); it.HasNext(); {
		if o, ok := from.CodeSystem.Find(what.CodeSystem.Code(it.Next())); ok {
			gone.Add(o)
		}
	}
	from.Set.AndNot(gone)
}
