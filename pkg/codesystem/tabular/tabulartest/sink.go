package tabulartest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// MaxBad is how many bad rows a Sink takes before it ends the reading.
const MaxBad = 20

// Sink keeps what a source says. Like the importer's it refuses a code given
// twice and a reference to a concept that was not said.
type Sink struct {
	Order        []string // codes in the order said
	Concepts     map[string]terminology.Concept
	Designations map[string][]terminology.Designation
	Parents      map[string][]string
	Properties   map[string][]terminology.Property
	Maps         []terminology.MapInfo
	Mappings     []terminology.Mapping
	BadRows      []*terminology.RowError
	Repairs      []*terminology.RowError
	Bytes        int
	Rows         map[string]int
}

var _ terminology.Sink = (*Sink)(nil)

// NewSink returns an empty sink.
func NewSink() *Sink {
	return &Sink{Concepts: map[string]terminology.Concept{}, Designations: map[string][]terminology.Designation{},
		Parents: map[string][]string{}, Properties: map[string][]terminology.Property{}, Rows: map[string]int{}}
}

func invalid(format string, args ...any) error {
	return &terminology.Error{Op: "tabulartest.Sink", Kind: terminology.Invalid, Err: fmt.Errorf(format, args...)}
}

func (s *Sink) known(codes ...string) error {
	for _, c := range codes {
		if _, ok := s.Concepts[c]; !ok {
			return invalid("no concept %q has been said", c)
		}
	}
	return nil
}

// Concept keeps a concept; a code given twice is Invalid.
func (s *Sink) Concept(c terminology.Concept) error {
	if _, ok := s.Concepts[c.Code]; ok {
		return invalid("concept %q twice", c.Code)
	}
	s.Concepts[c.Code] = c
	s.Order = append(s.Order, c.Code)
	return nil
}

// Designation keeps a designation of a concept said before.
func (s *Sink) Designation(d terminology.Designation) error {
	s.Designations[d.Concept] = append(s.Designations[d.Concept], d)
	return s.known(d.Concept)
}

// Parent keeps an edge between concepts said before.
func (s *Sink) Parent(child, parent string) error {
	s.Parents[child] = append(s.Parents[child], parent)
	return s.known(child, parent)
}

// Property keeps a property of a concept said before.
func (s *Sink) Property(p terminology.Property) error {
	s.Properties[p.Concept] = append(s.Properties[p.Concept], p)
	return s.known(p.Concept)
}

// Map keeps a map.
func (s *Sink) Map(m terminology.MapInfo) error { s.Maps = append(s.Maps, m); return nil }

// Mapping keeps a row of a map said before.
func (s *Sink) Mapping(m terminology.Mapping) error {
	if !slices.ContainsFunc(s.Maps, func(said terminology.MapInfo) bool { return said.ID == m.Map }) {
		return invalid("no map %q has been said", m.Map)
	}
	s.Mappings = append(s.Mappings, m)
	return nil
}

// Bad keeps a bad row, and returns an error at the MaxBad-th.
func (s *Sink) Bad(row *terminology.RowError) error {
	if s.BadRows = append(s.BadRows, row); len(s.BadRows) >= MaxBad {
		return errors.New("too many bad rows")
	}
	return nil
}

// Repaired keeps a repaired row.
func (s *Sink) Repaired(row *terminology.RowError) { s.Repairs = append(s.Repairs, row) }

// Read counts bytes.
func (s *Sink) Read(_ string, n int) { s.Bytes += n }

// Count keeps the rows of a file.
func (s *Sink) Count(file string, rows int) { s.Rows[file] += rows }

// Acceptable, Table and Row are of SNOMED CT only.
func (s *Sink) Acceptable(terminology.Acceptability) error { return errors.New("not expected") }

// Table is of SNOMED CT only.
func (s *Sink) Table(string, []string) error { return errors.New("not expected") }

// Row is of SNOMED CT only.
func (s *Sink) Row(terminology.Row) error { return errors.New("not expected") }

// Codes counts the concepts that can be recorded: those that are not abstract.
func (s *Sink) Codes() int {
	n := 0
	for _, c := range s.Concepts {
		if !c.Abstract {
			n++
		}
	}
	return n
}

// Path returns the codes above a code, nearest first. It ends at a cycle.
func (s *Sink) Path(code string) []string {
	var path []string
	for len(s.Parents[code]) > 0 && len(path) < 20 {
		code = s.Parents[code][0]
		path = append(path, code)
	}
	return path
}

// Display returns the preferred display of a concept.
func (s *Sink) Display(code string) string {
	for _, d := range s.Designations[code] {
		if d.Use == terminology.UseDisplay && d.Preferred {
			return d.Term
		}
	}
	return ""
}

// Values returns the properties of a concept as code=value, in the order said.
func (s *Sink) Values(code string) []string {
	var values []string
	for _, p := range s.Properties[code] {
		values = append(values, p.Code+"="+p.Value)
	}
	return values
}

// Whole returns the first promise of a Source that does not hold: every concept
// has one preferred display and at most one parent, and no code is its own
// ancestor.
func (s *Sink) Whole() error {
	for _, code := range s.Order {
		if s.Display(code) == "" {
			return fmt.Errorf("%s has no display", code)
		}
		if len(s.Parents[code]) > 1 || len(s.Path(code)) >= 20 {
			return fmt.Errorf("%s has the parents %v, path %v", code, s.Parents[code], s.Path(code))
		}
	}
	return nil
}

// File returns a source file with a content.
func File(name, content string) terminology.SourceFile {
	return terminology.SourceFile{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

// Real returns a published file from the folder of real data beside the
// checkout, and skips the test where it is not there.
func Real(tb testing.TB, name string) terminology.SourceFile {
	tb.Helper()
	path := filepath.Join(RealData(tb), filepath.FromSlash(name))
	info, err := os.Stat(path)
	if err != nil {
		tb.Skipf("no real data: %v", err)
	}
	return terminology.SourceFile{Name: filepath.Base(path), Size: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

// RealData returns the folder of real data beside the checkout, and skips the
// test where it is not there.
func RealData(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			tb.Skip("not inside a module")
		}
	}
	data := filepath.Join(filepath.Dir(dir), "shared", "data")
	if _, err := os.Stat(data); err != nil {
		tb.Skip("no real data beside the checkout")
	}
	return data
}
