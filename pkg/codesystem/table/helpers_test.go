package table_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Today: "2026-11-22"}

// parse reads a mapping that the test holds to be right.
func parse(tb testing.TB, text string) *table.Mapping {
	tb.Helper()
	m, err := table.Parse("columns.yaml", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// read reads the only source of a table.
func read(tb testing.TB, m *table.Mapping, content string) *tabulartest.Sink {
	tb.Helper()
	sources, err := table.NewSources(tabulartest.File("codes.csv", content), m, options)
	if err != nil || len(sources) != 1 {
		tb.Fatalf("NewSources = %d sources, %v", len(sources), err)
	}
	sink := tabulartest.NewSink()
	if _, err := sources[0].Read(context.Background(), sink); err != nil {
		tb.Fatal(err)
	}
	return sink
}

// bad returns the bad rows, a line each.
func bad(s *tabulartest.Sink) string {
	var lines []string
	for _, row := range s.BadRows {
		lines = append(lines, row.Error())
	}
	return strings.Join(lines, "\n")
}

func fixture(tb testing.TB, name string) string {
	tb.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

// built builds the columns of what a sink has.
func built(s *tabulartest.Sink) error {
	b := basic.NewBuilder()
	for _, code := range s.Order {
		if err := b.Concept(s.Concepts[code]); err != nil {
			return err
		}
	}
	for _, code := range s.Order {
		for _, d := range s.Designations[code] {
			if err := b.Designation(d); err != nil {
				return err
			}
		}
		for _, p := range s.Properties[code] {
			if err := b.Property(p); err != nil {
				return err
			}
		}
		for _, parent := range s.Parents[code] {
			if err := b.Parent(code, parent); err != nil {
				return err
			}
		}
	}
	_, err := b.Build(terminology.Release{System: "urn:oid:1.2.3", Version: "1"}, basic.DefaultRules())
	return err
}

// plain is the shortest mapping, with what a test adds to its columns.
func plain(columns string) string {
	return "system: {uri: 'urn:oid:1.2.3', name: x}\ncolumns:\n  code: Kode\n  display: Tekst\n" + columns
}
