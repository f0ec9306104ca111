package ecl_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/search"
	"github.com/kodeks/kodeks/pkg/store"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// release is what a source says of one release. It is a terminology.Sink, so that
// release files can be read into it, and what the naive evaluator looks at.
type release struct {
	concepts     []terminology.Concept
	designations []terminology.Designation
	acceptable   []terminology.Acceptability
	parents      [][2]string
	properties   []terminology.Property
	tables       [][]string // name, then columns
	rows         []terminology.Row
	bad          []*terminology.RowError
}

func (r *release) Concept(c terminology.Concept) error {
	c.Code, c.Module = strings.Clone(c.Code), strings.Clone(c.Module)
	r.concepts = append(r.concepts, c)
	return nil
}

func (r *release) Designation(d terminology.Designation) error {
	d.Concept, d.Language, d.Use = strings.Clone(d.Concept), strings.Clone(d.Language), strings.Clone(d.Use)
	d.Term, d.Module = strings.Clone(d.Term), strings.Clone(d.Module)
	r.designations = append(r.designations, d)
	return nil
}

func (r *release) Acceptable(a terminology.Acceptability) error {
	a.Refset = strings.Clone(a.Refset)
	r.acceptable = append(r.acceptable, a)
	return nil
}

func (r *release) Parent(child, parent string) error {
	r.parents = append(r.parents, [2]string{strings.Clone(child), strings.Clone(parent)})
	return nil
}

func (r *release) Property(p terminology.Property) error {
	p.Concept, p.Code, p.Value = strings.Clone(p.Concept), strings.Clone(p.Code), strings.Clone(p.Value)
	r.properties = append(r.properties, p)
	return nil
}

func (r *release) Table(name string, columns []string) error {
	if !slices.ContainsFunc(r.tables, func(t []string) bool { return t[0] == name }) {
		table := []string{strings.Clone(name)}
		for _, c := range columns {
			table = append(table, strings.Clone(c))
		}
		r.tables = append(r.tables, table)
	}
	return nil
}

func (r *release) Row(row terminology.Row) error {
	row.Table, row.Component, row.ID, row.Module = strings.Clone(row.Table), strings.Clone(row.Component), strings.Clone(row.ID), strings.Clone(row.Module)
	fields := make([]string, len(row.Fields))
	for i, f := range row.Fields {
		fields[i] = strings.Clone(f)
	}
	row.Fields = fields
	r.rows = append(r.rows, row)
	return nil
}

func (r *release) Map(terminology.MapInfo) error     { return nil }
func (r *release) Mapping(terminology.Mapping) error { return nil }
func (r *release) Bad(e *terminology.RowError) error { r.bad = append(r.bad, e); return nil }
func (r *release) Read(string, int)                  {}
func (r *release) Count(string, int)                 {}
func (r *release) Repaired(*terminology.RowError)    {}

// image builds the release.
func (r *release) image(t testing.TB) *basic.Image {
	t.Helper()
	b := basic.NewBuilder()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range r.concepts {
		check(b.Concept(c))
	}
	for _, d := range r.designations {
		check(b.Designation(d))
	}
	for _, a := range r.acceptable {
		check(b.Acceptable(a))
	}
	for _, p := range r.parents {
		check(b.Parent(p[0], p[1]))
	}
	for _, p := range r.properties {
		check(b.Property(p))
	}
	for _, table := range r.tables {
		check(b.Table(table[0], table[1:]))
	}
	for _, row := range r.rows {
		check(b.Row(row))
	}
	image, err := b.Build(terminology.Release{System: snomed.System, CaseSens: true}, snomed.Rules())
	check(err)
	return image
}

// open builds and opens the release in memory.
func (r *release) open(t testing.TB) *basic.Provider {
	t.Helper()
	p, _ := r.openWith(t, false)
	return p
}

// openText opens the release with a text index.
func (r *release) openText(t testing.TB) (*basic.Provider, terminology.TextIndex) {
	t.Helper()
	return r.openWith(t, true)
}

func (r *release) openWith(t testing.TB, text bool) (*basic.Provider, terminology.TextIndex) {
	t.Helper()
	image := r.image(t)
	tables := store.NewMemory()
	if err := image.Write(tables); err != nil {
		t.Fatal(err)
	}
	var index terminology.TextIndex
	if text {
		dir := t.TempDir()
		b, err := search.NewBuilder(dir, search.BuilderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		w := b.Port()
		if err := image.Documents(w.Add); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		ix, err := search.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		index = ix.Port()
		t.Cleanup(func() { _ = index.Close() })
	}
	if err := image.WriteRows(tables); err != nil {
		t.Fatal(err)
	}
	p, err := basic.Open(tables, basic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p, index
}

// selected returns the codes that satisfy an expression, sorted.
func selected(t testing.TB, e *ecl.Engine, p *basic.Provider, text string) []string {
	t.Helper()
	q, err := e.Compile(text)
	if err != nil {
		t.Fatalf("Compile(%s): %v", text, err)
	}
	r, err := q.Select(context.Background())
	if err != nil {
		t.Fatalf("Select(%s): %v", text, err)
	}
	return codes(p, r.Set.ToArray())
}

func codes(p *basic.Provider, all []uint32) []string {
	out := []string{}
	for _, o := range all {
		out = append(out, p.Code(o))
	}
	slices.Sort(out)
	return out
}

// exampleRelease is the corner for examples.
func exampleRelease() *basic.Provider {
	var t exampleTB
	return corner().open(&t)
}

// exampleTB is a testing.TB for examples, which have none.
type exampleTB struct{ testing.TB }

func (*exampleTB) Helper()           {}
func (*exampleTB) Fatal(args ...any) { panic(fmt.Sprint(args...)) }
