package catalog

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// System returns the preferred URI of a code system by any of its names: URI, OID,
// short name, folder of an installed release. The list of code systems goes before
// what releases tell, and before what they are called. The error is NotFound and names what is installed.
func (s *Snapshot) System(name string) (string, error) {
	if uri, ok := s.preferredOf(name); ok {
		return uri, nil
	}
	if uri, ok := codesystem.Resolve(name); ok {
		return uri, nil
	}
	if uri, ok := s.alias(strings.ToLower(strings.TrimSpace(name))); ok {
		return uri, nil
	}
	for _, r := range s.base.releases { // of a map
		if strings.EqualFold(r.Release.Name, name) {
			return r.Release.System, nil
		}
	}
	return "", &terminology.Error{Op: "catalog.System", Kind: terminology.NotFound, Coding: terminology.Coding{System: name}, Err: fmt.Errorf("code system %s is not known here; installed: %s", name, s.names())}
}

// CodeSystem returns the release of a code system that answers for a version: the
// version as its publisher writes it, its date, or "" for the default. Of SNOMED CT
// it may be the URI of an edition, which stands for its newest version or for one
// that Options.Default pins, http://snomed.info/sct for the default of production,
// and http://snomed.info/xsct for the newest experimental version; what is
// experimental answers for sct no more than the reverse. The name of releases, such as
// icpc-2e, means these among all of their code system. The error is NotFound and names
// what is installed.
func (s *Snapshot) CodeSystem(name, version string) (*Installed, error) {
	const op = "catalog.CodeSystem"
	system, err := s.System(name)
	if err != nil {
		return nil, err
	}
	var versions []string
	var damaged error // of the first that would have answered
	asked := ask(system, version)
	only := s.releasesCalled(name, system)
	for _, r := range s.ofSystem(system) {
		if !r.HasCodeSystem() || only != "" && r.Release.Name != only {
			continue
		}
		if version == "" || r.answers(asked) {
			err := r.Ready()
			if err == nil {
				return r, nil
			}
			damaged = cmp.Or(damaged, err)
			continue
		}
		versions = append(versions, r.Release.Version)
	}
	if damaged != nil {
		return nil, damaged
	}
	coding := terminology.Coding{System: system, Version: version}
	if len(versions) > 0 {
		return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Coding: coding, Err: fmt.Errorf("version %s of code system %s is not installed; installed: %s", version, system, strings.Join(versions, ", "))}
	}
	return nil, &terminology.Error{Op: op, Kind: terminology.NotFound, Coding: coding, Err: fmt.Errorf("code system %s is not installed; installed: %s", system, s.names())}
}

// releasesCalled returns the name of releases that stand beside others of one code system,
// such as icpc-2e, the English one of ICPC-2, when it is what a client calls the system
// by; else "".
func (s *Snapshot) releasesCalled(name, system string) string {
	if name == system {
		return ""
	}
	if _, listed := codesystem.Resolve(name); listed {
		return ""
	}
	for _, r := range s.ofSystem(system) {
		if strings.EqualFold(r.Release.Name, strings.TrimSpace(name)) {
			return r.Release.Name
		}
	}
	return ""
}

// asked is a version that a client asks for.
type asked struct {
	version string
	edition snomed.Edition
	sct     bool // version is a URI of SNOMED CT, that of edition
}

// ask reads a version of a code system.
func ask(system, version string) asked {
	a := asked{version: version}
	if system == codesystem.SNOMED && strings.HasPrefix(version, "http") { // not a date
		e, err := snomed.ParseEdition(version)
		a.edition, a.sct = e, err == nil
	}
	return a
}

// answers reports whether the release is meant by a version.
func (r *Installed) answers(a asked) bool {
	if a.sct {
		return a.edition.Experimental == r.edition.Experimental && a.edition.Matches(r.edition)
	}
	return a.version == r.Release.Version || a.version == r.Release.Date
}

// Default reports whether a release answers when no version is asked for.
func (s *Snapshot) Default(r *Installed) bool {
	for _, other := range s.ofSystem(r.Release.System) {
		if other == r || !other.isBroken() {
			return other == r
		}
	}
	return false
}

// Missed returns why a release that would answer for a version of its system, or with ""
// when none is asked for, does not: the error of Damage. It is nil of one that is not known
// to be damaged, and of one in whose place another would answer anyhow.
func (s *Snapshot) Missed(r *Installed, version string) error {
	asked := ask(r.Release.System, version)
	if !r.isBroken() || version != "" && !r.answers(asked) {
		return nil
	}
	for _, other := range s.ofSystem(r.Release.System) {
		if other == r {
			break
		}
		if !other.isBroken() && other.HasCodeSystem() == r.HasCodeSystem() && (version == "" || other.answers(asked)) {
			return nil
		}
	}
	return r.Damage()
}

// Defaults returns the default release of every code system that has a folder of its own.
func (s *Snapshot) Defaults() []*Installed {
	for system := range s.base.bySystem {
		for _, r := range s.ofSystem(system) {
			if r.HasCodeSystem() && r.Ready() == nil { // one that cannot be opened gives way to the next
				break
			}
		}
	}
	var out []*Installed
	for _, r := range s.base.releases {
		if r.Of == nil && !r.isBroken() && r.HasCodeSystem() && s.Default(r) {
			out = append(out, r)
		}
	}
	return out
}

// names lists the installed systems for a message.
func (s *Snapshot) names() string {
	var names []string
	seen := map[string]bool{}
	for _, r := range s.base.releases {
		if r.HasCodeSystem() && r.Of == nil && !seen[r.Release.System] {
			seen[r.Release.System] = true
			names = append(names, r.Release.System)
		}
	}
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}
