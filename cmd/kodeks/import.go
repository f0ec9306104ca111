package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	codetable "github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// importMemory is the soft limit of memory of an import: the collector works
// harder before it is reached.
const importMemory = 2 << 30

// runImport imports every release that the paths hold, one after the other. One
// that fails does not undo those before it; each is whole or not there. Where
// several versions are asked for, those that are installed are passed over, so that
// the command can be given again.
func runImport(ctx context.Context, cmd importCmd) (err error) {
	debug.SetMemoryLimit(importMemory)
	mapping, err := readMapping(cmd.Mapping)
	if err != nil {
		return badInput(err)
	}
	words, err := readWords(cmd.Words)
	if err != nil {
		return badInput(err)
	}
	inputs, err := importer.OpenInputs(cmd.Paths)
	if err != nil {
		return badInput(err)
	}
	defer func() { err = errors.Join(err, inputs.Close()) }()
	day := time.Now().Format(time.DateOnly)
	sources, err := codesystem.Detect(inputs.List, codesystem.Options{
		System: cmd.System, Version: cmd.ReleaseVersion, VersionURI: cmd.VersionURI, Versions: cmd.Versions, Today: day, Mapping: mapping,
		Note: func(text string) { fmt.Fprintln(cmd.report, text) },
	})
	if err != nil {
		return badInput(err)
	}
	var done []catalog.Manifest
	for i, src := range sources {
		if cmd.Versions != "" {
			fmt.Fprintf(cmd.report, "%d of %d: %s\n", i+1, len(sources), src.Release().Version)
			if !cmd.Replace && isInstalled(cmd.data, src.Release()) {
				fmt.Fprintln(cmd.report, "  is installed already: --replace imports it again")
				continue
			}
		}
		version, _ := built()
		o := wiring.ImportOptions(cmd.data, "kodeks "+version, words...)
		o.Replace, o.Definitions = cmd.Replace, cmd.Definitions
		p := newImportProgress(cmd.report, src.Release().Title)
		o.Report = p.report
		m, err := importer.Run(ctx, src, o)
		p.end()
		if err != nil {
			return errors.Join(err, showImported(cmd, done))
		}
		done = append(done, m)
		if m.Release.Version == day && cmd.ReleaseVersion == "" {
			fmt.Fprintf(cmd.report, "kodeks: warning: %s has the day of the import as its version, %s: --release-version gives it the publisher's\n", m.Release.Name, day)
		}
		if first := catalog.Begins(m.Release); first > today() {
			fmt.Fprintf(cmd.report, "kodeks: warning: %s %s is in force from %s: until then it answers only when its version is asked for, or when no other is installed\n", m.Release.Name, m.Release.Date, first)
		}
	}
	return showImported(cmd, done)
}

// readMapping reads the YAML of --mapping; nil when there is none.
func readMapping(name string) (*codetable.Mapping, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, &terminology.Error{Op: "kodeks import", Kind: terminology.Invalid, Err: err}
	}
	return codetable.Parse(name, text)
}

// readWords reads the files of --words.
func readWords(files []string) ([]string, error) {
	var all []string
	for _, file := range files {
		words, err := wiring.ReadWords(file)
		if err != nil {
			return nil, err
		}
		all = append(all, words...)
	}
	return all, nil
}

// isInstalled reports whether a version of SNOMED CT is installed whole, in a format that
// this program reads.
func isInstalled(data string, r terminology.Release) bool {
	m, err := catalog.ReadManifest(catalog.Dir(data, r))
	return r.System == codesystem.SNOMED && err == nil && wiring.Readable(m) == nil
}

// maxRepairs is how many repairs of a release an import shows.
const maxRepairs = 5

// showImported tells what was imported.
func showImported(cmd importCmd, done []catalog.Manifest) error {
	t := table{columns: []column{{name: "name"}, {name: "title", flex: true}, {name: "version"}, {name: "concepts"}, {name: "active"}, {name: "terms"}, {name: "maps"}, {name: "bytes"}}}
	for _, m := range done {
		t.add(m.Release.Name, m.Release.Title, m.Release.Version, fmt.Sprint(m.Concepts), fmt.Sprint(m.Active), fmt.Sprint(m.Terms), fmt.Sprint(len(m.Release.Maps)), fmt.Sprint(m.Size()))
	}
	switch cmd.format {
	case "json":
		e := json.NewEncoder(cmd.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(map[string]any{"releases": append([]catalog.Manifest{}, done...)})
	case "tsv":
		w := bufio.NewWriter(cmd.out)
		t.writeTSV(w)
		return w.Flush()
	}
	for _, m := range done {
		rows := 0
		for _, f := range m.Sources {
			rows += f.Rows
		}
		fmt.Fprintf(cmd.out, "Imported %s, %s\n", m.Release.Title, m.Release.Version)
		showSources(cmd.out, m)
		if m.Release.Kind == terminology.KindResources {
			fmt.Fprintf(cmd.out, "  %s FHIR %s of %d %s, %s on disk\n", count(m.ResourceCount), plural(m.ResourceCount, "resource", "resources"), len(m.Sources), plural(len(m.Sources), "file", "files"), size(m.Size()))
			continue
		}
		of := ""
		if len(m.Sources) > maxSources {
			of = fmt.Sprintf(", %s rows of %d files", count(rows), len(m.Sources))
		}
		if m.Release.Kind != terminology.KindConceptMap {
			fmt.Fprintf(cmd.out, "  %s %s (%s active), %s %s%s, %s on disk\n", count(m.Concepts), plural(m.Concepts, "concept", "concepts"), count(m.Active),
				count(m.Terms), plural(m.Terms, "term", "terms"), of, size(m.Size()))
		}
		if m.Repaired > 0 {
			fmt.Fprintf(cmd.out, "  repaired %s %s:\n", count(m.Repaired), plural(m.Repaired, "row", "rows"))
		}
		for _, repair := range m.Repairs[:min(len(m.Repairs), maxRepairs)] {
			fmt.Fprintf(cmd.out, "    %s\n", repair)
		}
		if more := m.Repaired - maxRepairs; more > 0 {
			fmt.Fprintf(cmd.out, "    and %s more: the manifest of the release names the first %d\n", count(more), len(m.Repairs))
		}
		for _, mp := range m.Release.Maps {
			if mp.Rows > 0 {
				fmt.Fprintf(cmd.out, "  map %s: %s %s of %s %s (%s)\n", mp.Title, count(mp.Rows), plural(mp.Rows, "row", "rows"), count(mp.Sources), plural(mp.Sources, "code", "codes"), mp.ID)
			}
		}
	}
	return nil
}

// maxSources is how many files of a release an import names.
const maxSources = 8

// showSources names the files that a release was made of, when they are not too many:
// what they were taken for is the line above.
func showSources(w io.Writer, m catalog.Manifest) {
	if len(m.Sources) > maxSources {
		return
	}
	for _, f := range m.Sources {
		if f.Rows > 0 {
			fmt.Fprintf(w, "  from %s, %s %s\n", f.Name, count(f.Rows), plural(f.Rows, "row", "rows"))
		} else {
			fmt.Fprintf(w, "  from %s\n", f.Name)
		}
	}
}

// importProgress shows how far an import is: a bar on a terminal, else a line every
// few seconds.
type importProgress struct {
	w        io.Writer
	title    string
	terminal bool
	bar      *progressbar.ProgressBar
	stage    importer.Stage
	started  bool
	next     time.Duration
}

const lineEvery = 5 * time.Second

func newImportProgress(w io.Writer, title string) *importProgress {
	f, ok := w.(*os.File)
	return &importProgress{w: w, title: title, terminal: ok && term.IsTerminal(int(f.Fd()))}
}

func (p *importProgress) report(now importer.Progress) {
	if !p.terminal {
		p.line(now)
		return
	}
	if !p.started || now.Stage != p.stage {
		p.end()
		p.started, p.stage = true, now.Stage
		if now.Stage == importer.Published {
			return
		}
		options := []progressbar.Option{
			progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(p.describe(now)), progressbar.OptionThrottle(100 * time.Millisecond),
			progressbar.OptionOnCompletion(func() { fmt.Fprintln(p.w) }),
		}
		total := int64(-1)
		if now.Total > 0 {
			total = now.Total
			options = append(options, progressbar.OptionFullWidth(), progressbar.OptionShowCount(), progressbar.OptionShowIts(),
				progressbar.OptionShowBytes(now.Stage == importer.Reading), progressbar.OptionSetPredictTime(true), progressbar.OptionSetElapsedTime(true))
		}
		p.bar = progressbar.NewOptions64(total, options...)
	}
	if p.bar != nil {
		p.bar.Describe(p.describe(now))
		_ = p.bar.Set64(now.Done) // an error of the terminal is not one of the import
	}
}

func (p *importProgress) describe(now importer.Progress) string {
	s := fmt.Sprintf("%-9s %s", now.Stage, now.Name)
	if now.Rows > 0 && now.Stage == importer.Reading {
		s += fmt.Sprintf(" %s rows", count(now.Rows))
	}
	return s
}

// line prints the beginning of a stage, and how far it is every few seconds.
func (p *importProgress) line(now importer.Progress) {
	fresh := !p.started || now.Stage != p.stage
	if !fresh && now.Elapsed < p.next {
		return
	}
	p.started, p.stage, p.next = true, now.Stage, now.Elapsed+lineEvery
	var b strings.Builder
	fmt.Fprintf(&b, "%5.1fs %-9s %s", now.Elapsed.Seconds(), now.Stage, now.Name)
	if !fresh && now.Total > 0 {
		fmt.Fprintf(&b, " %d %%", now.Done*100/now.Total)
	}
	if now.Rows > 0 {
		fmt.Fprintf(&b, ", %s rows read", count(now.Rows))
	}
	if now.BadRows > 0 {
		fmt.Fprintf(&b, ", %d bad", now.BadRows)
	}
	fmt.Fprintln(p.w, b.String())
}

// end finishes the bar of a stage.
func (p *importProgress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
