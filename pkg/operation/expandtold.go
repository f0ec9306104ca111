package operation

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// tell notes what an answer about the set rests on, once for all its pages. Composed says
// whether expressions may stand in the place of codes.
func (set *evaluatedSet) tell(snap *snapshot, composed bool) {
	told, definition := &set.told, set.definition
	told.URL = definition.URL
	if set.source != nil {
		told.Definition = set.source.Raw
	}
	for _, r := range snap.usedSystems {
		told.Used = append(told.Used, r.CodeSystem.Release())
	}
	told.Title = implicitTitle(definition.URL)
	told.Rules = snap.usedRules
	seen := map[string]bool{}
	for _, c := range snap.usedValueSets {
		if name := definitionName(c); !seen[name] {
			seen[name] = true
			told.UsedValueSets = append(told.UsedValueSets, name)
		}
	}
	for _, s := range snap.usedSupplements {
		told.UsedSupplements = appendNew(told.UsedSupplements, terminology.Canonical(s.URL, s.Version))
	}
	told.Warnings = snap.warnings(definition)
	for i, a := range told.Used {
		told.SeveralVersions = told.SeveralVersions || slices.ContainsFunc(told.Used[:i], func(b terminology.Release) bool { return a.System == b.System })
		if a.Content != "" {
			told.Fragments = appendNew(told.Fragments, terminology.Canonical(a.System, a.Version))
			told.Unclosed = true
		}
	}
	told.SeveralVersions = told.SeveralVersions || namesSeveralVersions(definition)
	set.refs = snap.conceptReferences(definition)
	set.basis, told.Published = snap.basisOf(set)
	if composed {
		set.closed(snap)
	}
}

// response returns an answer that has what there is to tell whatever the page. It is the
// caller's.
func (set *evaluatedSet) response() *ExpandResponse {
	out := set.told
	out.Basis = set.basis
	out.Used, out.Rules, out.UsedValueSets = slices.Clone(out.Used), slices.Clone(out.Rules), slices.Clone(out.UsedValueSets)
	out.UsedSupplements, out.Warnings, out.Fragments = slices.Clone(out.UsedSupplements), slices.Clone(out.Warnings), slices.Clone(out.Fragments)
	return &out
}

// namesSeveralVersions reports whether a definition names a code system in versions that
// differ.
func namesSeveralVersions(definition *valueset.Compose) bool {
	named := map[string]string{}
	for _, sets := range [][]valueset.ConceptSet{definition.Include, definition.Exclude} {
		for i := range sets {
			s := &sets[i]
			if s.System == "" {
				continue
			}
			if v, ok := named[s.System]; ok && v != s.Version {
				return true
			}
			named[s.System] = s.Version
		}
	}
	return false
}

// implicitTitle is what an implicit value set of SNOMED CT is called.
func implicitTitle(url string) string {
	v, ok, err := snomed.ParseImplicitValueSet(url)
	if !ok || err != nil {
		return ""
	}
	what := ""
	switch v.Kind {
	case snomed.AllConcepts:
		what = "All of SNOMED CT"
	case snomed.AllRefsets:
		what = "All reference sets"
	case snomed.IsAConcept:
		what = "Concept " + v.ID.String() + " and descendants"
	case snomed.InRefset:
		what = v.ID.String()
	default:
		what = v.ECL
	}
	return "SNOMED CT Reference Set (" + what + ")"
}

// closed tells whether there are members that no list can name: expressions in the place
// of codes.
func (set *evaluatedSet) closed(snap *snapshot) {
	for i := range set.definition.Include {
		s := &set.definition.Include[i]
		if s.System == "" || len(s.Concepts) > 0 {
			continue
		}
		cs, err := resolver{snap}.CodeSystem(s.System, s.Version)
		if err != nil {
			continue
		}
		if _, ok := baseOf(cs).(terminology.Composable); !ok {
			continue
		}
		if len(s.Filters) == 0 && len(s.ValueSets) == 0 && !s.Refsets {
			set.told.Unclosed, set.told.Infinite = true, s.System
		}
		for _, f := range s.Filters {
			if f.Property == "constraint" || f.Property == "expressions" && f.Value == "true" {
				set.told.Unclosed = true
			}
		}
	}
}
