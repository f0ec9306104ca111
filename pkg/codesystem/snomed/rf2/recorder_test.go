package rf2_test

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// recorder is a sink that writes down what it is told, a line a call. It answers
// a concept given twice and a parent of itself as an importer does.
type recorder struct {
	said     []string
	bad      []string
	bytes    map[string]int
	counts   map[string]int
	concepts map[string]bool
	badMax   int // 0: no limit
}

func newRecorder() *recorder {
	return &recorder{bytes: map[string]int{}, counts: map[string]int{}, concepts: map[string]bool{}}
}

func (r *recorder) say(format string, args ...any) error {
	r.said = append(r.said, fmt.Sprintf(format, args...))
	return nil
}

func invalid(format string, args ...any) error {
	return &terminology.Error{Op: "recorder", Kind: terminology.Invalid, Err: fmt.Errorf(format, args...)}
}

func state(inactive bool) string {
	if inactive {
		return " inactive"
	}
	return ""
}

func (r *recorder) Concept(c terminology.Concept) error {
	code := strings.Clone(c.Code)
	if r.concepts[code] {
		return invalid("found concept %s twice", code)
	}
	r.concepts[code] = true
	return r.say("concept %s %s%s defined=%v module %s", c.Code, c.Effective, state(c.Inactive), c.Defined, c.Module)
}
func (r *recorder) Designation(d terminology.Designation) error {
	return r.say("designation %d of %s%s [%s] use %s case %d: %s", d.ID, d.Concept, state(d.Inactive), d.Language, d.Use, d.CaseSig, d.Term)
}
func (r *recorder) Acceptable(a terminology.Acceptability) error {
	return r.say("acceptable %d in %s preferred=%v", a.Designation, a.Refset, a.Preferred)
}
func (r *recorder) Parent(child, parent string) error {
	if child == parent {
		return invalid("found %s as its own parent", strings.Clone(child))
	}
	return r.say("parent %s -> %s", child, parent)
}
func (r *recorder) Property(p terminology.Property) error {
	return r.say("property %s {%d} %s = %d:%s", p.Concept, p.Group, p.Code, p.Kind, p.Value)
}
func (r *recorder) Table(name string, columns []string) error {
	return r.say("table %s %v", name, columns)
}
func (r *recorder) Row(row terminology.Row) error {
	return r.say("row %s of %s%s id %s %s module %s %q", row.Table, row.Component, state(row.Inactive), row.ID, row.Effective, row.Module, row.Fields)
}
func (r *recorder) Map(m terminology.MapInfo) error {
	return r.say("map %s %q -> %s (%d sources, %d rows)", m.ID, m.Title, m.Target, m.Sources, m.Rows)
}
func (r *recorder) Mapping(m terminology.Mapping) error {
	return r.say("mapping %s %s -> %q %d/%d %s rule %q advice %q %s layer %d, %s:%d %s", m.Map, m.Source, m.Target, m.Group, m.Priority, m.Relationship, m.Rule, m.Advice, m.Module,
		m.Layer, path.Base(m.File), m.Line, m.ID[len(m.ID)-12:])
}
func (r *recorder) Bad(e *terminology.RowError) error {
	r.bad = append(r.bad, e.Error())
	if r.badMax > 0 && len(r.bad) >= r.badMax {
		return errors.New("too many bad rows")
	}
	return nil
}
func (r *recorder) Read(file string, n int)        { r.bytes[file] += n }
func (r *recorder) Repaired(*terminology.RowError) {}

func (r *recorder) Count(file string, rows int) { r.counts[file] += rows }

// with returns the lines that begin with a word.
func (r *recorder) with(words ...string) []string {
	var list []string
	for _, line := range r.said {
		if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(line, w+" ") }) {
			list = append(list, line)
		}
	}
	return list
}

// source detects packages and returns their source.
func source(t testing.TB, o rf2.Options, packages ...fstest.MapFS) *rf2.Source {
	t.Helper()
	var list []*rf2.Package
	for i, fsys := range packages {
		p, err := rf2.Detect(fsys, fmt.Sprintf("package-%d", i+1))
		if err != nil || p == nil {
			t.Fatalf("Detect(package-%d) = %v, %v, want a package", i+1, p, err)
		}
		list = append(list, p)
	}
	s, err := rf2.NewSource(list, o)
	if err != nil {
		t.Fatalf("NewSource: %v", err)
	}
	return s
}

// read reads packages into a recorder.
func read(t testing.TB, o rf2.Options, packages ...fstest.MapFS) (*recorder, terminology.Release) {
	t.Helper()
	r := newRecorder()
	release, err := source(t, o, packages...).Read(context.Background(), r)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return r, release
}
