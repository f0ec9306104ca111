package codesystem

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// mapped finds the sources of all inputs by a mapping of their columns. Files that are
// no tables are passed over, unless nothing else is there.
func (d *detector) mapped(inputs []Input) error {
	if err := complete(d.o.Mapping); err != nil {
		return err
	}
	asked, err := d.mappedSystem()
	if err != nil {
		return err
	}
	for _, in := range inputs {
		files, err := regular(in)
		if err != nil {
			return err
		}
		before := len(d.sources)
		var passed []string
		for _, name := range files {
			table, err := d.mappedFile(in, name, asked, len(files) == 1)
			if err != nil {
				return err
			}
			if !table {
				passed = append(passed, name)
			}
		}
		if len(d.sources) == before {
			return fmt.Errorf("%s: found no table in %s", in.Name, several(files))
		}
		if len(passed) > 0 {
			d.note("%s: left out, as no table: %s", in.Name, several(passed))
		}
	}
	return nil
}

// complete fills in what the list knows of the code systems of a mapping, and refuses
// names that are those of another one.
func complete(m *table.Mapping) error {
	if m.IsMap() {
		return completeMap(m)
	}
	for _, s := range m.List() {
		known, listed := Known(s.URI)
		if listed {
			s.URI = known.URI
			if s.Name == "" {
				s.Name = known.Name
			}
			if s.Title == "" {
				s.Title = known.Title
			}
		}
		for _, name := range append(append([]string{s.Name}, s.Short...), s.Aliases...) {
			if other, ok := Known(name); ok && other.URI != s.URI {
				return fmt.Errorf("the mapping calls %s %q, which is a name of %s (%s)", s.URI, name, other.Title, other.URI)
			}
		}
		for _, other := range list {
			if other.Name == s.Name && other.URI != s.URI {
				return fmt.Errorf("the mapping names the releases of %s %q, as those of %s are", s.URI, s.Name, other.Title)
			}
		}
	}
	return m.Check()
}

// completeMap is complete for the mapping of a map: its code systems may be called by any
// name that the list knows, and their codes written in any form.
func completeMap(m *table.Mapping) error {
	for _, side := range []struct {
		system *string
		codes  *func(string) []string
	}{{&m.Map.Source, &m.Map.SourceCodes}, {&m.Map.Target, &m.Map.TargetCodes}} {
		if known, ok := Known(*side.system); ok {
			*side.system, *side.codes = known.URI, known.Normalize
		}
	}
	return m.Check()
}

// mappedSystem returns the URI of the system of the mapping that Options.System means,
// "" for all of them.
func (d *detector) mappedSystem() (string, error) {
	if d.o.System == "" {
		return "", nil
	}
	if d.o.Mapping.IsMap() {
		return "", fmt.Errorf("system %s: the mapping is of a map, which is of no one code system: leave it out", d.o.System)
	}
	var have []string
	for _, s := range d.o.Mapping.List() {
		for _, name := range append(Names(terminology.Release{System: s.URI, Short: s.Short, Aliases: s.Aliases}), s.Name) {
			if strings.EqualFold(name, d.o.System) {
				return s.URI, nil
			}
		}
		have = append(have, s.Name)
	}
	return "", fmt.Errorf("the mapping has no code system that is known as %q, only %s", d.o.System, strings.Join(have, ", "))
}

// mappedFile adds the sources of one file, and reports whether it is a table. The only
// file is held to be one.
func (d *detector) mappedFile(in Input, name, asked string, only bool) (bool, error) {
	info, err := fs.Stat(in.FS, name)
	if err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	open := func() (io.ReadCloser, error) { return in.FS.Open(name) }
	head, err := tabular.SniffFile(terminology.SourceFile{Name: path.Join(in.Name, name), Open: open})
	if err != nil {
		return false, err
	}
	if head.Format == (tabular.Format{}) && !only {
		return false, nil
	}
	file, o := terminology.SourceFile{Name: name, Size: info.Size(), Open: open}, terminology.SourceOptions{Version: d.o.Version, Today: d.today, Asked: asked}
	var sources []terminology.Source
	if d.o.Mapping.IsMap() {
		sources, err = asSources(table.NewMapSource(file, d.o.Mapping, o))
	} else {
		sources, err = allSources(table.NewSources(file, d.o.Mapping, o))
	}
	if err != nil {
		return false, err
	}
	if d.o.Mapping.File.Sheet == "" {
		d.noteSheets(in, name, head)
	}
	for _, s := range sources {
		if asked != "" && s.Release().System != asked {
			continue
		}
		if err := d.add(in, name, s); err != nil {
			return true, err
		}
	}
	return true, nil
}
