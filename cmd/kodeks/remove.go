package main

import (
	"context"
	"encoding/json"
)

// removeCmd is kodeks remove.
type removeCmd struct {
	Name         string `arg:"" help:"Name of the release, as in kodeks list."`
	Version      string `arg:"" optional:"" help:"Its version or date."`
	AllButLatest bool   `help:"Remove all versions but the latest in force, and any that are to come."`
}

// Help is the end of kodeks remove --help.
func (*removeCmd) Help() string {
	return `Running servers stop using the release before its files are gone. It cannot be undone: import the release again to have it back.

Examples:

    kodeks remove icd-10-no 2025
    kodeks remove snomed-51000202101 --all-but-latest`
}

// Run removes the release.
func (c *removeCmd) Run(ctx context.Context, a *app) error {
	if err := a.local("remove"); err != nil {
		return err
	}
	if (c.Version == "") != c.AllButLatest {
		return usage("say which version of %s to remove, or --all-but-latest", c.Name)
	}
	removed, err := removeRelease(ctx, a.Data, c.Name, c.Version, c.AllButLatest)
	if err != nil {
		return badInput(err)
	}
	t := table{columns: []column{{name: "name"}, {name: "version"}}}
	for _, version := range removed {
		t.add(c.Name, version)
	}
	switch a.Format {
	case "json":
		if removed == nil {
			removed = []string{}
		}
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		return e.Encode(map[string]any{"name": c.Name, "removed": removed})
	case "tsv":
		t.writeTSV(a.out)
	default:
		for _, version := range removed {
			a.out.WriteString("Removed " + c.Name + " " + version + "\n")
		}
		if len(removed) == 0 {
			a.out.WriteString("Nothing to remove: only the latest version of " + c.Name + " is installed.\n")
		}
	}
	return nil
}
