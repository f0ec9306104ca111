package rf2_test

import (
	"context"
	"os"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// counter is a sink that only counts.
type counter struct {
	concepts, designations, acceptable, parents, properties, rows, mappings, bad, bytes, counted int
	maps                                                                                         []terminology.MapInfo
	tables                                                                                       map[string][]string
	errors                                                                                       []string
}

func (c *counter) Concept(terminology.Concept) error          { c.concepts++; return nil }
func (c *counter) Designation(terminology.Designation) error  { c.designations++; return nil }
func (c *counter) Acceptable(terminology.Acceptability) error { c.acceptable++; return nil }
func (c *counter) Parent(string, string) error                { c.parents++; return nil }
func (c *counter) Property(terminology.Property) error        { c.properties++; return nil }
func (c *counter) Row(terminology.Row) error                  { c.rows++; return nil }
func (c *counter) Mapping(terminology.Mapping) error          { c.mappings++; return nil }
func (c *counter) Map(m terminology.MapInfo) error            { c.maps = append(c.maps, m); return nil }
func (c *counter) Read(_ string, n int)                       { c.bytes += n }
func (c *counter) Repaired(*terminology.RowError)             {}
func (c *counter) Count(_ string, rows int)                   { c.counted += rows }
func (c *counter) Table(name string, columns []string) error {
	if c.tables == nil {
		c.tables = map[string][]string{}
	}
	c.tables[name] = columns
	return nil
}
func (c *counter) Bad(e *terminology.RowError) error {
	if c.bad++; c.bad <= 20 {
		c.errors = append(c.errors, e.Error())
	}
	return nil
}

// BenchmarkRead reads a release into a sink that only counts. It takes the folder
// of a release from BENCH_RELEASE, and a small one of its own otherwise.
func BenchmarkRead(b *testing.B) {
	fsys := manyRows(20_000)
	if dir := os.Getenv("BENCH_RELEASE"); dir != "" {
		fsys = os.DirFS(dir)
	}
	p, err := rf2.Detect(fsys, "bench")
	if err != nil || p == nil {
		b.Fatal(p, err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s, err := rf2.NewSource([]*rf2.Package{p}, rf2.Options{})
		if err != nil {
			b.Fatal(err)
		}
		var c counter
		if _, err := s.Read(context.Background(), &c); err != nil || c.bad > 0 {
			b.Fatal(err, c.errors)
		}
		b.SetBytes(int64(c.bytes))
	}
}
