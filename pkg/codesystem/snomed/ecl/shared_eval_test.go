package ecl_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/rf2"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// evalCase is one case of the collections: the codes, or their number.
type evalCase struct {
	ID, ECL string
	Expect  []string
	Count   *int
}

// fixture is a small release as JSON.
type fixture struct {
	Concepts []struct {
		ID, ModuleID, EffectiveTime, DefinitionStatusID string
		Active                                          *bool
	}
	Descriptions []struct {
		ID                                    string
		ConceptID, LanguageCode, TypeID, Term string
		Active                                bool
	}
	Relationships []struct {
		Source, Type, Destination string
		Group                     uint16
		Active                    *bool
	}
	Members []struct {
		RefsetID, Ref string
		Active        *bool
		Fields        map[string]string
	}
}

func (f *fixture) release() *release {
	r := &release{}
	on := func(b *bool) bool { return b == nil || *b }
	for _, c := range f.Concepts {
		r.concepts = append(r.concepts, terminology.Concept{Code: c.ID, Inactive: !on(c.Active), Module: c.ModuleID, Defined: c.DefinitionStatusID == snomed.Defined.String()})
	}
	for i, d := range f.Descriptions {
		r.designations = append(r.designations, terminology.Designation{Concept: d.ConceptID, ID: uint64(i + 1), Language: d.LanguageCode, Use: d.TypeID, Term: d.Term, Inactive: !d.Active})
	}
	known := func(code string) bool {
		return slices.ContainsFunc(r.concepts, func(c terminology.Concept) bool { return c.Code == code })
	}
	for _, x := range f.Relationships {
		switch {
		case !on(x.Active) || !known(x.Source) || !known(x.Destination):
		case x.Type == snomed.IsA.String():
			r.parents = append(r.parents, [2]string{x.Source, x.Destination})
		default:
			r.properties = append(r.properties, terminology.Property{Concept: x.Source, Code: x.Type, Group: x.Group, Value: x.Destination})
		}
	}
	for _, m := range f.Members {
		row := terminology.Row{Table: m.RefsetID, Component: m.Ref, Inactive: !on(m.Active)}
		table := []string{m.RefsetID}
		for k, v := range m.Fields {
			table, row.Fields = append(table, k), append(row.Fields, v)
		}
		_ = r.Table(table[0], table[1:])
		r.rows = append(r.rows, row)
	}
	return r
}

func TestSharedEvaluation(t *testing.T) {
	needShared(t)
	for _, name := range []string{"snowstorm-core", "snowstorm-lite"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(shared, "eval", name, "fixture.json"))
			if err != nil {
				t.Fatal(err)
			}
			var f fixture
			if err := json.Unmarshal(data, &f); err != nil {
				t.Fatal(err)
			}
			evaluateCases(t, f.release(), name)
		})
	}
	t.Run("snowstorm-core as release files", func(t *testing.T) {
		r := readRF2(t, filepath.Join(shared, "eval", "snowstorm-core", "rf2"), false)
		evaluateCases(t, r, "snowstorm-core")
	})
}

// readRF2 reads release files.
func readRF2(t testing.TB, dir string, lenient bool) *release {
	t.Helper()
	p, err := rf2.Detect(os.DirFS(dir), dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := rf2.NewSource([]*rf2.Package{p}, rf2.Options{LenientIDs: lenient})
	if err != nil {
		t.Fatal(err)
	}
	r := &release{}
	if _, err := s.Read(context.Background(), r); err != nil || len(r.bad) > 0 {
		t.Fatalf("%d bad rows, %v", len(r.bad), err)
	}
	return r
}

func evaluateCases(t *testing.T, r *release, name string) {
	t.Helper()
	p := r.open(t)
	e := ecl.NewEngine(p, nil, ecl.Options{})
	file, err := os.Open(filepath.Join(shared, "eval", name, "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n := 0
	for lines := bufio.NewScanner(file); lines.Scan(); n++ {
		var c evalCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		got := selected(t, e, p, c.ECL)
		if c.Count != nil && len(got) != *c.Count {
			t.Errorf("%s: %s has %d concepts, want %d", c.ID, c.ECL, len(got), *c.Count)
		}
		slices.Sort(c.Expect)
		if diff := cmp.Diff(c.Expect, got); c.Count == nil && diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", c.ID, c.ECL, diff)
		}
	}
	t.Logf("%d cases", n)
}

// TestSharedSubset holds the engine to counts of the test set of HL7's server network.
func TestSharedSubset(t *testing.T) {
	dir := filepath.Join(shared, "..", "tx-ecosystem", "tx-source", "snomed")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the package is not there")
	}
	p := readRF2(t, dir, false).open(t)
	e := ecl.NewEngine(p, nil, ecl.Options{Substrate: ecl.HierarchyOnly})
	for text, want := range map[string]int{
		"<< 10200004": 310, "< 10200004": 309, ">> 10200004": 20, "<! 10200004": 4, ">! 10200004": 2, ">>! 10200004": 3,
		"*": 2251, "* MINUS << 10200004": 1941, "<< 64572001 MINUS << 128045006": 798, "<< 64572001 MINUS << 64572001": 0,
		"(<< 10200004 OR << 128045006) AND << 64572001": 1, "^ 10200004": 0, "< 64572001 . 363698007": 105,
		"< 64572001 : 363698007 = *": 708, "< 64572001 : 363698007 = << 10200004": 661,
		"< 64572001 : [1..1] 363698007 = << 10200004": 573, "< 64572001 : { [1..1] 363698007 = << 10200004 }": 661,
		"< 64572001 : [1..1] { [1..1] 363698007 = << 10200004 }":         573,
		"< 64572001 : { 363698007 = << 10200004, 116676008 = 20946005 }": 0,
		"10200004 |Lever structure|":                                     1,
	} {
		if got := selected(t, e, p, text); len(got) != want {
			t.Errorf("%s has %d concepts, want %d", text, len(got), want)
		}
	}
}
