package operation

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

// references are how the value sets of an answer name codes one by one, as far as they say
// more than the code: a display, designations, extensions.
type references struct {
	of     map[refKey]*resource.ConceptReference
	wanted map[string][]string // by code system: the versions that its includes ask for, in their order
}

// refKey names a code that a value set names one by one, in the version that the include
// asks for.
type refKey struct{ system, wanted, code string }

// conceptReferences collects the references of a definition and of the value sets that it
// imports. The first of a code and version stays.
func (s *snapshot) conceptReferences(definition *valueset.Compose) references {
	refs := references{of: map[refKey]*resource.ConceptReference{}, wanted: map[string][]string{}}
	for _, c := range append([]*valueset.Compose{definition}, s.usedValueSets...) {
		if source := s.sourceOf(c); source != nil && source.ValueSet != nil {
			for i := range source.ValueSet.Include {
				set := &source.ValueSet.Include[i]
				add := refs.include(s, set.System, set.Version)
				for k := range set.Concepts {
					if ref := &set.Concepts[k]; ref.Display != "" || len(ref.Designations) > 0 || len(ref.Extensions) > 0 {
						add(ref)
					}
				}
			}
			continue
		}
		for i := range c.Include {
			add := refs.include(s, c.Include[i].System, c.Include[i].Version)
			for _, ref := range c.Include[i].Concepts {
				if ref.Display != "" {
					add(&resource.ConceptReference{Code: ref.Code, Display: ref.Display})
				}
			}
		}
	}
	return refs
}

// include returns the function that adds what an include of a code system, by any of its
// names, says of a code.
func (refs *references) include(s *snapshot, system, version string) func(*resource.ConceptReference) {
	if uri, err := s.System(system); err == nil {
		system = uri
	}
	key := refKey{system: system}
	if system != "" {
		key.wanted = s.wanted(system, version)
	}
	return func(ref *resource.ConceptReference) {
		if !slices.Contains(refs.wanted[system], key.wanted) {
			refs.wanted[system] = append(refs.wanted[system], key.wanted)
		}
		if key.code = ref.Code; refs.of[key] == nil {
			refs.of[key] = ref
		}
	}
}

// in returns the references to codes of a release.
func (refs *references) in(s *snapshot, release terminology.Release) func(code string) *resource.ConceptReference {
	system := release.System
	if uri, err := s.System(system); err == nil {
		system = uri
	}
	var wanted []string
	for _, want := range refs.wanted[system] {
		if s.answersFor(system, want, release) {
			wanted = append(wanted, want)
		}
	}
	return func(code string) *resource.ConceptReference {
		for _, want := range wanted {
			if ref := refs.of[refKey{system, want, code}]; ref != nil {
				return ref
			}
		}
		return nil
	}
}

// answersFor reports whether a release may answer for a version of its code system that is
// wanted; any does for none.
func (s *snapshot) answersFor(system, want string, release terminology.Release) bool {
	if want == "" || versionMatches(want, release.Version) {
		return true
	}
	found, _, err := s.release(system, want)
	return err == nil && found.Release.Version == release.Version
}

// references finds how the value sets of the request name a code.
func (v *validation) references(d *verdict) error {
	release := d.reader.installed.Release
	for _, c := range append([]*Compose{v.set}, v.snap.usedValueSets...) {
		source := v.snap.sourceOf(c)
		if source == nil || source.ValueSet == nil {
			continue
		}
		if err := v.spend(workOther * int64(len(source.ValueSet.Include))); err != nil {
			return err
		}
		for i := range source.ValueSet.Include {
			set := &source.ValueSet.Include[i]
			if !v.snap.sameSystem(set.System, d.given.System) {
				continue
			}
			ref := v.snap.referenceTo(source, i, d.reader.cs(), d.thing.o)
			if ref != nil && v.snap.answersFor(d.given.System, v.snap.wanted(d.given.System, set.Version), release) {
				d.ref = ref
				return nil
			}
		}
	}
	return nil
}
