package operation

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// reshape takes away the systems that a request leaves out, makes versions one where the
// value set says so, and puts them in order.
func (set *evaluatedSet) reshape(snap *snapshot, without []string) {
	set.parts = slices.DeleteFunc(set.parts, func(p valueset.Part) bool {
		r := p.CodeSystem.Release()
		return slices.ContainsFunc(without, func(c string) bool {
			system, version := splitCanonical(c)
			return snap.sameSystem(system, r.System) && (version == "" || versionMatches(version, r.Version))
		})
	})
	set.told.Merged = slices.ContainsFunc(set.parts, func(p valueset.Part) bool { return p.Merged })
	if set.source != nil && expansionParameter(set.source, "versionsMatch") == "true" {
		set.merge()
	}
	set.order()
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
	names := map[terminology.CodeSystem]string{}
	if len(set.parts) > 1 {
		for _, p := range set.parts {
			names[p.CodeSystem] = named(p.CodeSystem.Release())
		}
	}
	slices.SortStableFunc(set.parts, func(a, b valueset.Part) int {
		if a.CodeSystem.Release().System != b.CodeSystem.Release().System {
			return 0
		}
		return terminology.CompareVersions(names[b.CodeSystem], names[a.CodeSystem])
	})
}

// merge leaves each code in the newest version only that has it.
func (set *evaluatedSet) merge() {
	parts := set.parts
	set.told.Merged = true
	for i := range parts {
		for k := range parts {
			a, b := parts[i].CodeSystem.Release(), parts[k].CodeSystem.Release()
			if i != k && a.System == b.System && terminology.CompareVersions(a.Version, b.Version) > 0 {
				parts[k].Set.AndNot(valueset.Across(parts[i].CodeSystem, parts[i].Set, parts[k].CodeSystem, parts[k].Set))
			}
		}
	}
}
