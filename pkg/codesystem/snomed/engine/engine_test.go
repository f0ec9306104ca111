package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// sample is the sample of the project, imported and opened once for all tests.
var sample *engine.Release

func TestMain(m *testing.M) {
	os.Exit(func() int {
		data, err := os.MkdirTemp("", "engine")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(data)
		c, err := open(data)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer c.Close()
		snap := c.Acquire()
		defer snap.LetGo()
		sample = snap.Releases[0].CodeSystem.(*engine.Release)
		return m.Run()
	}())
}

func open(data string) (*catalog.Catalog, error) {
	in, err := importer.OpenInputs([]string{filepath.Join("..", "..", "..", "..", "testdata", "snomed")})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	sources, err := codesystem.Detect(in.List, codesystem.Options{Today: "2026-11-22"})
	if err != nil {
		return nil, err
	}
	for _, src := range sources {
		if _, err := importer.Run(context.Background(), src, wiring.ImportOptions(data, "test")); err != nil {
			return nil, err
		}
	}
	return catalog.Open(data, wiring.Open, catalog.Options{})
}

func codes(r *engine.Release, ordinals []terminology.Ordinal) []string {
	out := make([]string, len(ordinals))
	for i, o := range ordinals {
		out[i] = r.Code(o)
	}
	return out
}

func must(t testing.TB, code string) terminology.Ordinal {
	t.Helper()
	o, ok := sample.Find(code)
	if !ok {
		t.Fatalf("the sample has no %s", code)
	}
	return o
}

// TestSelectAgreesWithSelects asks of every concept what the set says.
func TestSelectAgreesWithSelects(t *testing.T) {
	for _, constraint := range []string{
		"<< 22298006", "< 64572001 : 363698007 = *", "(<< 64572001 MINUS << 22298006) AND < 404684003", "*", `<< 404684003 {{ term = "hjerte" }}`,
		"<< 22298006 {{ +HISTORY-MAX }}", "> 22298006", "^ *",
	} {
		set, err := sample.Select(t.Context(), constraint)
		if err != nil {
			t.Fatalf("%s: %v", constraint, err)
		}
		if set.IsEmpty() {
			t.Errorf("%s selects nothing", constraint)
		}
		for o := range terminology.Ordinal(sample.Len()) {
			if in, err := sample.Selects(t.Context(), constraint, o); err != nil || in != set.Contains(o) {
				t.Errorf("%s: %s %v, %v, want %v", constraint, sample.Code(o), in, err, set.Contains(o))
			}
		}
	}
	if _, err := sample.Select(t.Context(), "<< 22298006 AND"); terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), "line 1, column 16") {
		t.Errorf("a constraint cut short: %v", err)
	}
}

// TestExpressions composes what concepts say of themselves and compares.
func TestExpressions(t *testing.T) {
	infarction := must(t, "22298006") // defined in the sample by site and morphology, or primitive
	x, err := sample.Expression("22298006 |hjerteinfarkt| : 363698007 = 74281007")
	if err != nil {
		t.Fatal(err)
	}
	if !x.IsA(infarction) || !x.IsA(must(t, "64572001")) || x.IsA(must(t, "73211009")) {
		t.Errorf("IsA: below %v", codes(sample, x.Parents()))
	}
	if got := x.Code(); got != "22298006:363698007=74281007" {
		t.Errorf("Code = %s", got)
	}
	display := x.Display(sample.Display)
	if !strings.HasPrefix(display, "22298006|") || !strings.Contains(display, "363698007|") {
		t.Errorf("Display = %s", display)
	}
	for constraint, want := range map[string]bool{
		"<< 22298006": true, "< 22298006 OR 22298006": true, "<< 73211009": false, "<< 64572001 : 363698007 = << 74281007": true, "^ 723264001": false,
	} {
		if got, err := x.Selected(t.Context(), constraint); err != nil || got != want {
			t.Errorf("Selected(%s) = %v, %v, want %v", constraint, got, err, want)
		}
	}
	if y, err := sample.Expression("  22298006:{363698007=74281007}"); err != nil || !x.Equals(y) || !x.SubsumesComposed(y) {
		t.Errorf("the same in a group: %v", err)
	}
	alone, err := sample.Expression("22298006")
	if err != nil || !alone.Subsumes(infarction) || !alone.IsA(infarction) || !alone.SubsumesComposed(x) {
		t.Errorf("a concept alone: %v", err)
	}
	for text, kind := range map[string]terminology.Kind{"22298006 :": terminology.Invalid, "22298006 : 363698007 = 22298007": terminology.NotFound, "": terminology.Invalid} {
		if c, err := sample.Compose(text); terminology.KindOf(err) != kind || err == nil || c != nil {
			t.Errorf("Compose(%q) = %v, %v, want kind %v", text, c, err, kind)
		}
	}
}

// TestExpressionOfConceptsIsTheirPlace states for all active concepts of the sample that
// the expression of a concept alone has its place in the hierarchy.
func TestExpressionOfConceptsIsTheirPlace(t *testing.T) {
	for it := sample.Active().Iterator(); it.HasNext(); {
		o := it.Next()
		x, err := sample.Expression(sample.Code(o))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sample.Parents(o), x.Parents()); diff != "" && len(sample.Parents(o)) > 0 {
			t.Errorf("parents of %s (-concept +expression):\n%s", sample.Code(o), diff)
		}
		n := 0
		for range x.Attributes() {
			n++
		}
		if len(sample.Attributes(o)) == 0 && n > 0 {
			t.Errorf("%s has %d attributes as an expression, none as a concept", sample.Code(o), n)
		}
	}
}

func TestModel(t *testing.T) {
	good, err := sample.Expression("22298006 : {363698007 = 74281007}")
	if err != nil {
		t.Fatal(err)
	}
	if violations, checked, err := good.Check(t.Context(), nil); err != nil || !checked || len(violations) > 0 {
		t.Errorf("%v, checked %v, %v", violations, checked, err)
	}
	bad, err := sample.Expression("22298006 : {363698007 = 22298006}") // a finding is no site
	if err != nil {
		t.Fatal(err)
	}
	violations, checked, err := bad.Check(t.Context(), nil)
	if err != nil || !checked || len(violations) != 1 || violations[0].Constraint == "" {
		t.Errorf("%v, checked %v, %v", violations, checked, err)
	}
}

// TestAssociations looks at every inactive concept: what it says must be in the rows,
// and the best come first.
func TestAssociations(t *testing.T) {
	found := 0
	for o := range terminology.Ordinal(sample.Len()) {
		list, err := sample.Associations(o)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) > 0 && !sample.Info(o).Inactive {
			t.Logf("%s is active and has associations", sample.Code(o))
		}
		found += len(list)
		if !slices.IsSortedFunc(list, func(a, b engine.Association) int {
			switch {
			case a.Suggest == b.Suggest:
				return 0
			case a.Suggest:
				return -1
			}
			return 1
		}) {
			t.Errorf("%s: %v", sample.Code(o), list)
		}
		for _, a := range list {
			rows, err := sample.Rows(a.Refset.String(), sample.Code(o))
			if err != nil || !slices.ContainsFunc(rows, func(r terminology.Row) bool { return !r.Inactive && r.Fields[0] == a.Code }) {
				t.Errorf("%s: %v is in no row, %v", sample.Code(o), a, err)
			}
		}
	}
	if found == 0 {
		t.Error("the sample has no associations")
	}
}

func ExampleRelease_Select() {
	set, err := sample.Select(context.Background(), "<! 22298006 |Myocardial infarction|")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.GetCardinality())
	_, err = sample.Select(context.Background(), "<! 22298006 AND OR")
	fmt.Println(terminology.KindOf(err))
	// Output:
	// 2
	// invalid input
}
