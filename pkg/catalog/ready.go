package catalog

import "github.com/kodeks/kodeks/pkg/terminology"

// Ready returns why a release cannot answer; every release is open as soon as it is seen.
func (r *Installed) Ready() error { return nil }

// HasCodeSystem reports whether the release answers for a code system.
func (r *Installed) HasCodeSystem() bool { return r.CodeSystem != nil }

// InstalledOf returns the release that a code system is of, nil when it is of none.
func (s *Snapshot) InstalledOf(cs terminology.CodeSystem) *Installed {
	for _, r := range s.Releases {
		if r.CodeSystem == cs {
			return r
		}
	}
	return nil
}
