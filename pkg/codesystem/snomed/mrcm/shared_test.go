package mrcm_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// shared is where releases of other projects lie, beside the module.
var shared = filepath.Join("..", "..", "..", "..", "..", "shared")

// sink passes what a source says to a Builder, and ignores maps.
type sink struct{ *basic.Builder }

func (s sink) Map(terminology.MapInfo) error     { return nil }
func (s sink) Mapping(terminology.Mapping) error { return nil }
func (s sink) Bad(e *terminology.RowError) error { return e }
func (s sink) Read(string, int)                  {}
func (s sink) Count(string, int)                 {}
func (s sink) Repaired(*terminology.RowError)    {}

func openPublished(t testing.TB, dir string) *basic.Provider {
	t.Helper()
	folder := filepath.Join(shared, filepath.FromSlash(dir))
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the package is not there: %v", err)
	}
	pack, err := rf2.Detect(os.DirFS(folder), folder)
	if err != nil {
		t.Fatal(err)
	}
	source, err := rf2.NewSource([]*rf2.Package{pack}, rf2.Options{LenientIDs: true})
	if err != nil {
		t.Fatal(err)
	}
	s := sink{basic.NewBuilder()}
	if _, err := source.Read(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	return open(t, s.Builder)
}

// TestPublishedConceptsMeetTheModel checks the definitions of a published subset
// against the model that it comes with: its publisher has checked them as well.
func TestPublishedConceptsMeetTheModel(t *testing.T) {
	p := openPublished(t, "tx-ecosystem/tx-source/snomed")
	m, err := mrcm.Load(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range m.Bad() {
		t.Error(err)
	}
	checked, faults, warnings, cut := 0, map[mrcm.Kind]int{}, 0, 0
	for it := p.Active().Iterator(); it.HasNext(); {
		o := it.Next()
		if len(p.Attributes(o)) == 0 {
			continue
		}
		// The concept itself is the focus, since primitive supertypes may be in wider
		// domains than it.
		e := scg.ConceptForm(p, o).Expression(p)
		self, err := scg.Parse(p.Code(o))
		if err != nil {
			t.Fatal(err)
		}
		e.Focus = self.Focus
		found, err := m.Check(context.Background(), e, mrcm.Options{Content: mrcm.Precoordinated})
		if err != nil {
			t.Fatalf("Check(%s): %v", e, err)
		}
		checked++
		for _, v := range found {
			if v.Warning {
				warnings++
				continue
			}
			if !whole(t, p, v.Constraint) {
				cut++
				continue
			}
			if faults[v.Kind]++; faults[v.Kind] < 4 {
				t.Errorf("%s %s\n  %s", p.Code(o), p.Display(o), v)
			}
		}
	}
	if checked < 500 {
		t.Errorf("only %d concepts have attributes", checked)
	}
	t.Logf("%d concepts checked: faults %v, %d warnings, %d faults by concepts that the subset lacks", checked, faults, warnings, cut)
}

// whole reports whether the release has all concepts of a constraint.
func whole(t *testing.T, p *basic.Provider, s string) bool {
	t.Helper()
	e, err := ecl.Parse(s)
	if err != nil {
		return true // a cardinality, or values
	}
	for c := range e.ConceptReferences() {
		if _, ok := p.Find(c.ID.String()); !ok {
			return false
		}
	}
	return true
}
