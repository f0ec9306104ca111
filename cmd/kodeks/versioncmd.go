package main

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
)

// versionCmd is kodeks version.
type versionCmd struct{}

// Run prints what was built.
func (*versionCmd) Run(a *app) error {
	version, revision := built()
	switch a.Format {
	case "json":
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		return e.Encode(map[string]string{"version": version, "revision": revision, "go": runtime.Version()})
	case "tsv":
		a.out.WriteString("version\trevision\tgo\n" + version + "\t" + revision + "\t" + runtime.Version() + "\n")
	default:
		a.out.WriteString("kodeks " + version + " (" + runtime.Version() + ")\n")
	}
	return nil
}

// The version of the source, and its day. CHANGELOG.md tells what is in it.
const (
	release  = "0.1.0"
	released = "2026-11-22"
)

// built returns the version and the revision that the binary was built from.
func built() (version, revision string) {
	version = release
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version, ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	return version, revision
}
