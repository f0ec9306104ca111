package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// mapsCheckCmd is kodeks maps check.
type mapsCheckCmd struct {
	Date    string   `placeholder:"DAY" help:"Day on which codes are to be valid, and by which versions are chosen, such as 2026-01-01 (default: today)."`
	Details bool     `help:"Also list every finding, with the file and line that it is from; what is wrong before remarks; --limit sets how many of each map."`
	Maps    []string `arg:"" optional:"" name:"map" help:"Maps to check, by id, URL or name of the release, with |VERSION or without (default: all that answer)."`
}

// Help is the end of kodeks maps check --help.
func (*mapsCheckCmd) Help() string {
	return `Looks up both codes of every row in the releases that are installed, reads its rule, and looks for codes that are replaced by themselves:

    target-unknown     the code system has no such code
    target-inactive    it is inactive
    target-not-valid   it is not valid on the day
    source-unknown     and so on, of the source; not of maps that replace codes, whose sources are meant to be inactive
    bad-rule           the rule cannot be read
    cycle              a code is replaced by itself, by way of others or at once
    undecided          several targets, and no rule tells which: a remark, since a person may be meant to choose

Of rows that stand for others, as Norwegian ones do for International ones, only these are checked. A code system that is not installed is told, and is nothing wrong. The exit status is 0 when nothing is wrong, remarks or not, 1 when something is, and 2 for wrong use.

Examples:

    kodeks maps check
    kodeks maps check 447562003 --details --limit 20
    kodeks maps check urn:kodeks:map:icpc-2b:icd-10-no --date 2025-12-31
    kodeks maps check --details --format tsv > findings.tsv`
}

// checkedMap is what kodeks maps check tells of a map.
type checkedMap struct {
	ID            string         `json:"id"`
	URL           string         `json:"url"`
	Title         string         `json:"title"`
	Release       string         `json:"release"`
	Version       string         `json:"version"`
	Source        string         `json:"source"`
	SourceVersion string         `json:"sourceVersion"` // in which sources were looked up; "": not installed
	Target        string         `json:"target"`
	TargetVersion string         `json:"targetVersion"`
	Rows          int            `json:"rows"`
	Sources       int            `json:"sources"`
	Overridden    int            `json:"overridden"`
	Faults        int            `json:"faults"`
	Counts        map[string]int `json:"counts"`
	Findings      []finding      `json:"findings,omitempty"`

	check *operation.MapCheck
}

// finding is one of the rows that something is wrong with.
type finding struct {
	Fault  string `json:"fault"`
	Source string `json:"source"`
	Target string `json:"target"`
	Text   string `json:"text"`
	File   string `json:"file"`
	Line   uint32 `json:"line"`
	ID     string `json:"id"`
}

// errMapFaults makes the exit status that of a failure.
var errMapFaults = errors.New("something is wrong in maps")

// Run checks maps.
func (c *mapsCheckCmd) Run(ctx context.Context, a *app) error {
	if err := a.local("maps check"); err != nil {
		return err
	}
	day := today()
	if c.Date != "" {
		p, ok := terminology.ParseDateTime(c.Date)
		if !ok {
			return usage("--date %s is no day, want one such as 2026-01-01", c.Date)
		}
		day = p.To
	}
	in, err := openLater(ctx, a.Data, a.DefaultEdition)
	if err != nil {
		return err
	}
	checked, err := c.check(ctx, a, in.Service, day)
	for _, warning := range in.warnings(err) {
		fmt.Fprintln(a.stderr, "kodeks: warning:", warning)
	}
	if err := errors.Join(err, in.Close()); err != nil {
		return err
	}
	if err := c.show(a, checked); err != nil {
		return err
	}
	wrong, faults := 0, 0
	for _, m := range checked {
		if m.Faults > 0 {
			wrong, faults = wrong+1, faults+m.Faults
		}
	}
	if faults == 0 {
		return nil
	}
	return &terminology.Error{Op: "kodeks maps check", Err: fmt.Errorf("%w: %s %s in %s of %s; --details lists them", errMapFaults, count(faults), plural(faults, "fault", "faults"), count(wrong), count(len(checked)))}
}

// check asks the service, and tells how far it is.
func (c *mapsCheckCmd) check(ctx context.Context, a *app, s *operation.Service, day terminology.Date) ([]checkedMap, error) {
	found, remarks := map[*operation.MapCheck][]finding{}, map[*operation.MapCheck][]finding{}
	next := time.Now().Add(2 * time.Second)
	req := operation.MapCheckRequest{Maps: c.Maps, Date: day,
		Progress: func(m *operation.MapCheck, done, total int) {
			if now := time.Now(); now.After(next) {
				next = now.Add(2 * time.Second)
				fmt.Fprintf(a.stderr, "checking %s: %s of %s rows\n", m.Map.Title, count(done), count(total))
			}
		}}
	if c.Details {
		req.Finding = func(m *operation.MapCheck, f operation.MapFinding) error {
			list := found
			if f.Fault.IsRemark() {
				list = remarks
			}
			if a.Limit == 0 || len(list[m]) < a.Limit {
				list[m] = append(list[m], finding{f.Fault.String(), f.Row.Source, f.Row.Target, f.Text, f.Row.File, f.Row.Line, f.Row.ID})
			}
			return nil
		}
	}
	list, err := s.CheckMaps(ctx, req)
	out := []checkedMap{}
	for _, m := range list {
		findings := append(found[m], remarks[m]...) // what is wrong first
		if a.Limit > 0 && len(findings) > a.Limit {
			findings = findings[:a.Limit]
		}
		one := checkedMap{ID: m.Map.ID, URL: m.Map.URL, Title: m.Map.Title, Release: m.Release.Name, Version: m.Release.Version, Source: m.Map.Source, Target: m.Map.Target,
			Rows: m.Map.Rows, Sources: m.Map.Sources, Overridden: m.Overridden, Faults: m.Faults(), Counts: map[string]int{}, Findings: findings, check: m}
		if m.Source != nil {
			one.SourceVersion = m.Source.Version
		}
		if m.Target != nil {
			one.TargetVersion = m.Target.Version
		}
		for _, f := range operation.MapFaults() {
			one.Counts[f.String()] = m.Counts[f]
		}
		out = append(out, one)
	}
	return out, err
}

// show writes what was found.
func (c *mapsCheckCmd) show(a *app, list []checkedMap) error {
	switch {
	case a.Format == "json":
		return a.writeObject(map[string]any{"maps": list})
	case a.Format == "tsv" && c.Details:
		t := findings(list)
		t.writeTSV(a.out)
		return nil
	}
	t := table{columns: []column{
		{name: "title", flex: true}, {name: "id", style: strong, flex: true}, {name: "release", show: differs}, {name: "version", show: inTSV},
		{name: "from", flex: true}, {name: "to", flex: true}, {name: "source", show: inTSV}, {name: "source_version", show: inTSV}, {name: "target", show: inTSV}, {name: "target_version", show: inTSV},
		{name: "rows", right: true}, {name: "sources", right: true, show: inTSV}, {name: "overridden", right: true, show: filledUp}, {name: "faults", right: true},
	}}
	for _, f := range operation.MapFaults() {
		t.columns = append(t.columns, column{name: strings.ReplaceAll(f.String(), "-", "_"), right: true, show: filledUp})
	}
	for _, m := range list {
		cells := []string{m.Title, m.ID, m.Release, m.Version, lookedUp(m.Source, m.check.Source), lookedUp(m.Target, m.check.Target), m.Source, m.SourceVersion, m.Target, m.TargetVersion,
			strconv.Itoa(m.Rows), strconv.Itoa(m.Sources), strconv.Itoa(m.Overridden), strconv.Itoa(m.Faults)}
		for _, f := range operation.MapFaults() {
			cells = append(cells, strconv.Itoa(m.check.Counts[f]))
		}
		t.add(cells...)
	}
	if a.Format == "tsv" {
		t.writeTSV(a.out)
		return nil
	}
	t.write(a.out, a.screen)
	if len(list) == 0 {
		a.out.WriteString("No map is installed.\n")
	}
	for _, m := range list {
		if len(m.Findings) == 0 {
			continue
		}
		fmt.Fprintf(a.out, "\n%s (%s)\n", a.screen.set(bold, clean(m.Title)), clean(m.ID))
		t := findings([]checkedMap{m})
		t.writeRows(a.out, a.screen, "  ")
		if more := m.total() - len(m.Findings); more > 0 {
			fmt.Fprintf(a.out, "  and %s more\n", count(more))
		}
	}
	return nil
}

// total is how many findings there are, remarks too.
func (m *checkedMap) total() int {
	n := 0
	for _, c := range m.check.Counts {
		n += c
	}
	return n
}

// lookedUp is the code system at an end of a map, with the version in which its codes were
// looked up.
func lookedUp(system string, r *terminology.Release) string {
	if r == nil {
		return endOf(system) + " (not installed)"
	}
	return endOf(system) + " " + r.Date
}

// findings is a table of what was found in maps.
func findings(list []checkedMap) table {
	t := table{columns: []column{
		{name: "fault"}, {name: "text", flex: true}, {name: "place", flex: true, notes: true}, {name: "source", show: inTSV}, {name: "target", show: inTSV},
		{name: "file", show: inTSV}, {name: "line", show: inTSV}, {name: "id", show: inTSV}, {name: "map", show: inTSV}, {name: "release", show: inTSV}, {name: "version", show: inTSV},
	}}
	for _, m := range list {
		for _, f := range m.Findings {
			t.add(f.Fault, f.Text, f.place(), f.Source, f.Target, f.File, strconv.Itoa(int(f.Line)), f.ID, m.ID, m.Release, m.Version)
		}
	}
	return t
}

// place is where a row is from: the file and line, else its identifier.
func (f *finding) place() string {
	switch {
	case f.Line > 0:
		return f.File + ":" + strconv.Itoa(int(f.Line))
	case f.File != "" && f.ID != "":
		return f.File + ": " + f.ID
	}
	return cmp.Or(f.File, f.ID)
}
