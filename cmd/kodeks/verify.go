package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// verifyCmd is kodeks verify.
type verifyCmd struct {
	Names []string `arg:"" optional:"" name:"release" help:"Releases to check, NAME or NAME|VERSION, as in kodeks list (default: all)."`
}

// Help is the end of kodeks verify --help.
func (*verifyCmd) Help() string {
	return `Reads every file of the releases and compares it with what was written when they were imported, and every resource and closure table that clients wrote, unless a server has them. The exit status is 1 when something is damaged.

Examples:

    kodeks verify
    kodeks verify icd-10-no
    kodeks verify "icd-10-no|2026" --format json`
}

// verified is what was found of one release.
type verified struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Version string `json:"version"`
	Files   int    `json:"files"`
	Bytes   int64  `json:"bytes"`

	Closures int           `json:"closures,omitempty"` // closure tables
	Took     time.Duration `json:"-"`
	Note     string        `json:"note,omitempty"` // why it was not read
	Err      error         `json:"-"`              // what is wrong with it; nil: nothing
}

// Run verifies the releases, and shows each as soon as it is done.
func (c *verifyCmd) Run(ctx context.Context, a *app) error {
	if err := a.local("verify"); err != nil {
		return err
	}
	var all []verified
	err := verifyReleases(ctx, a.Data, c.Names, func(v verified) {
		all = append(all, v)
		if a.Format == "table" {
			writeVerified(a.out, a.screen, v)
			a.out.Flush()
		}
	})
	if err != nil {
		return badInput(err)
	}
	if err := a.showVerified(all); err != nil {
		return err
	}
	for _, v := range all {
		if v.Err != nil && v.Name == catalog.ResourcesDir {
			return &terminology.Error{Op: "kodeks verify", Kind: terminology.Corrupt, Err: errors.New("resources that clients wrote are damaged: write them again, initialize closure tables anew, or put the folder back from a backup")}
		}
		if v.Err != nil {
			return &terminology.Error{Op: "kodeks verify", Kind: terminology.Corrupt, Err: fmt.Errorf("%s %s is damaged: \"kodeks import --replace\" installs it anew", v.Name, v.Version)}
		}
	}
	return nil
}

func writeVerified(w *bufio.Writer, s screen, v verified) {
	state := s.set(good, "undamaged")
	if v.Err != nil {
		state = s.set(bad, "DAMAGED")
	}
	if v.Note != "" {
		fmt.Fprintf(w, "%s  %s\n", s.set(strong, v.Name), v.Note)
		return
	}
	if v.Name == catalog.ResourcesDir {
		closures := ""
		if v.Closures > 0 {
			closures = fmt.Sprintf(", %d closure %s", v.Closures, plural(v.Closures, "table", "tables"))
		}
		fmt.Fprintf(w, "%s  %s, %d versions%s, %s in %s\n", s.set(strong, v.Name), state, v.Files, closures, size(v.Bytes), v.Took.Round(time.Millisecond))
	} else {
		fmt.Fprintf(w, "%s  %s  %s, %d files, %s in %s\n", s.set(strong, v.Name), v.Version, state, v.Files, size(v.Bytes), v.Took.Round(time.Millisecond))
	}
	if v.Err != nil {
		fmt.Fprintf(w, "    %v\n", v.Err)
	}
}

// showVerified writes the formats for programs.
func (a *app) showVerified(all []verified) error {
	t := table{columns: []column{{name: "name"}, {name: "title"}, {name: "version"}, {name: "valid"}, {name: "files"}, {name: "bytes"}, {name: "problem"}}}
	type line struct {
		verified
		Valid   bool   `json:"valid"`
		Problem string `json:"problem"`
	}
	lines := []line{}
	for _, v := range all {
		l := line{verified: v, Valid: v.Err == nil}
		if v.Err != nil {
			l.Problem = v.Err.Error()
		}
		if v.Note != "" {
			l.Valid, l.Problem = false, v.Note
		}
		lines = append(lines, l)
		t.add(v.Name, v.Title, v.Version, fmt.Sprint(l.Valid), fmt.Sprint(v.Files), fmt.Sprint(v.Bytes), l.Problem)
	}
	switch a.Format {
	case "json":
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(map[string]any{"releases": lines})
	case "tsv":
		t.writeTSV(a.out)
	default:
		if len(all) == 0 {
			a.out.WriteString("No release is installed.\n")
		}
	}
	return nil
}
