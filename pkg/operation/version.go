package operation

import (
	"errors"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// VersionRules are what a request says of the versions of code systems and value sets:
// canonical URLs with |version, which may have wildcards such as 1.x.
type VersionRules struct {
	Default   []string // system-version: where nothing else names a version
	Check     []string // check-system-version: the same, and any other version is an error
	Force     []string // force-system-version: whatever else names a version
	ValueSets []string // default-valueset-version: where nothing else names a version
}

func (v *VersionRules) empty() bool {
	return len(v.Default) == 0 && len(v.Check) == 0 && len(v.Force) == 0 && len(v.ValueSets) == 0
}

// The names of the rules, as parameters of an expansion.
const (
	ruleDefault  = "system-version"
	ruleCheck    = "check-system-version"
	ruleForce    = "force-system-version"
	ruleValueSet = "default-valueset-version"
)

// wanted returns the version of a code system that is to answer where an include names
// a version or none, and notes which rule said so.
func (s *snapshot) wanted(system, include string) string {
	rules := &s.with.Versions
	if v, rule := s.systemVersionFor(rules.Force, ruleForce, system); v != "" {
		s.useRule(ruleForce, rule)
		return v
	}
	if include != "" {
		return include
	}
	if v, rule := s.systemVersionFor(rules.Default, ruleDefault, system); v != "" {
		s.useRule(ruleDefault, rule)
		return v
	}
	if v, rule := s.systemVersionFor(rules.Check, ruleCheck, system); v != "" {
		s.useRule(ruleCheck, rule)
		return v
	}
	return ""
}

// fhirOwn is what the URLs of FHIR's own code systems and value sets begin with.
const fhirOwn = "http://hl7.org/fhir/"

// IsFHIR reports whether a URL is one of FHIR's own: of those, the version of FHIR that a
// client speaks answers where it is installed (With.FHIR).
func IsFHIR(url string) bool { return strings.HasPrefix(url, fhirOwn) }

// own returns the version of one of FHIR's own resources that goes with the client, "" when
// it is not installed or is none of them.
func (s *snapshot) own(typ, url string) string {
	if s.with.FHIR == "" || !IsFHIR(url) {
		return ""
	}
	if typ == resource.TypeValueSet {
		if _, err := s.Resource(typ, url, s.with.FHIR); err != nil {
			return ""
		}
		return s.with.FHIR
	}
	for _, r := range s.VersionsOf(url) {
		if r.Release.Version == s.with.FHIR {
			return s.with.FHIR
		}
	}
	return ""
}

// checkVersion returns the version that the request allows when it is not the one given,
// else "".
func (s *snapshot) checkVersion(system, version string) string {
	want, _ := s.systemVersionFor(s.with.Versions.Check, ruleCheck, system)
	if want == "" || versionMatches(want, version) {
		return ""
	}
	return want
}

// release returns the release that answers for a version, which may have wildcards, on
// the day of the snapshot. When the day is before the oldest version that may answer, that
// one is returned and inForce is false. It is the one way from a version to a release, of
// look-ups, validations and expansions alike.
func (s *snapshot) release(system, version string) (r *catalog.Installed, inForce bool, err error) {
	if version == "" {
		version = s.own(resource.TypeCodeSystem, system)
	}
	if !hasWildcard(version) {
		return s.CodeSystemOn(system, version, s.day)
	}
	var best, oldest *catalog.Installed
	for _, r := range s.VersionsOf(system) {
		if !versionMatches(version, r.Release.Version) {
			continue
		}
		if oldest == nil || terminology.CompareVersions(r.Release.Version, oldest.Release.Version) < 0 {
			oldest = r
		}
		if p, dated := s.InForce(r); s.day != 0 && dated && s.day < p.From {
			continue // still to come on that day
		}
		if best == nil || terminology.CompareVersions(r.Release.Version, best.Release.Version) > 0 {
			best = r
		}
	}
	switch {
	case best != nil:
		return best, true, best.Ready()
	case oldest != nil:
		return oldest, false, oldest.Ready()
	}
	return nil, false, &terminology.Error{Op: "operation.CodeSystem", Kind: terminology.NotFound, Coding: terminology.Coding{System: system, Version: version}, Err: errors.New("no version matches")}
}

// knownVersions returns the versions of a code system, oldest first.
func (s *snapshot) knownVersions(system string) []string {
	var out []string
	for _, r := range s.VersionsOf(system) {
		if v := r.Release.Version; v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, terminology.CompareVersions)
	return out
}

func hasWildcard(version string) bool {
	if strings.Contains(version, "/") {
		return false // a URI
	}
	return strings.Contains(version, "*") || slices.ContainsFunc(strings.Split(version, "."), func(part string) bool { return part == "x" || part == "X" })
}

// versionMatches reports whether a version is what a pattern asks for: the same, or part
// by part with x and * for any. A wildcard at the end stands for all that follows.
func versionMatches(pattern, version string) bool {
	if pattern == version {
		return true
	}
	if !hasWildcard(pattern) {
		return strings.HasPrefix(pattern, "http") && strings.HasPrefix(version, pattern+"/")
	}
	want, have := strings.Split(pattern, "."), strings.Split(version, ".")
	for i, w := range want {
		wild := w == "x" || w == "X" || w == "*"
		switch {
		case i >= len(have):
			return false
		case wild && i == len(want)-1:
			return true
		case !wild && w != have[i]:
			return false
		}
	}
	return len(want) == len(have)
}

// splitCanonical parts a canonical URL from its version.
func splitCanonical(c string) (url, version string) {
	url, version, _ = strings.Cut(c, "|")
	return url, version
}
