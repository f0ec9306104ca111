package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// reindexCmd is kodeks reindex.
type reindexCmd struct {
	All     bool     `help:"Also releases whose text index this kodeks reads as it is."`
	Words   []string `placeholder:"FILE" help:"File of Norwegian words, one a line, that compounds may be made of beside the words of the release; may be repeated."`
	NoWords bool     `help:"Forget the words that a release was given with --words."`
	Names   []string `arg:"" optional:"" name:"release" help:"Releases, NAME or NAME|VERSION, as in kodeks list (default: all)."`
}

// Help is the end of kodeks reindex --help.
func (*reindexCmd) Help() string {
	return `For a kodeks that reads terms otherwise than the one that imported them, and for a list of words that compounds may be made of. The files of the publisher are not needed. The release is replaced in one step; running servers take the new index into use by themselves, and a command that is stopped leaves what is installed as it was. Words that were given with --words are kept, unless others are given or --no-words.

Examples:

    kodeks reindex
    kodeks reindex --all --words norske-ord.txt
    kodeks reindex "icd-10-no|2026" --all`
}

// Run builds the indexes.
func (c *reindexCmd) Run(ctx context.Context, a *app) error {
	if err := a.local("reindex"); err != nil {
		return err
	}
	if c.NoWords && len(c.Words) > 0 {
		return &usageError{text: "give --words or --no-words, not both"}
	}
	words, err := readWords(c.Words)
	if err != nil {
		return badInput(err)
	}
	dirs, err := releaseDirs(a.Data, c.Names)
	if err != nil {
		return badInput(err)
	}
	var done []catalog.Manifest
	var failed []error // the others are done all the same
	for _, dir := range dirs {
		m, err := catalog.ReadManifest(dir)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if m.Release.Kind != terminology.KindCodeSystem || !c.All && !c.NoWords && len(words) == 0 && wiring.Readable(m) == nil {
			continue
		}
		own := words
		if len(own) == 0 && !c.NoWords {
			if own, err = wiring.KeptWords(dir); err != nil {
				failed = append(failed, err)
				continue
			}
		}
		version, _ := built()
		o := wiring.ImportOptions(a.Data, "kodeks "+version, own...)
		p := newImportProgress(a.stderr, m.Release.Title)
		o.Report = p.report
		m, err = importer.Reindex(ctx, m.Release, o)
		p.end()
		if err != nil {
			failed = append(failed, err)
			if ctx.Err() != nil {
				break
			}
			continue
		}
		done = append(done, m)
	}
	if err := a.showReindexed(done, len(failed) > 0); err != nil {
		return err
	}
	return errors.Join(failed...)
}

func (a *app) showReindexed(done []catalog.Manifest, failed bool) error {
	t := table{columns: []column{{name: "name"}, {name: "version"}, {name: "terms"}}}
	for _, m := range done {
		t.add(m.Release.Name, m.Release.Date, fmt.Sprint(m.Terms))
	}
	switch a.Format {
	case "json":
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		return e.Encode(map[string]any{"reindexed": append([]catalog.Manifest{}, done...)})
	case "tsv":
		t.writeTSV(a.out)
	default:
		for _, m := range done {
			fmt.Fprintf(a.out, "Reindexed %s %s\n", m.Release.Name, m.Release.Date)
		}
		if len(done) == 0 && !failed {
			a.out.WriteString("Nothing to do: this kodeks reads every text index as it is. With --all they are built anew.\n")
		}
	}
	return nil
}
