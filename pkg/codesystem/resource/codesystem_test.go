package resource_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// parsed reads a file of testdata.
func parsed(t testing.TB, name string) *resource.Resource {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	r, err := resource.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func hand(t testing.TB) *resource.Provider {
	t.Helper()
	p, err := resource.NewProvider(parsed(t, "CodeSystem-hand.json"), basic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func find(t testing.TB, cs terminology.CodeSystem, code string) terminology.Ordinal {
	t.Helper()
	o, ok := cs.Find(code)
	if !ok {
		t.Fatalf("code %s is not found", code)
	}
	return o
}

func TestRelease(t *testing.T) {
	got := hand(t).Release()
	want := terminology.Release{
		Kind: terminology.KindCodeSystem, Name: "cs-hand-" + got.Name[len(got.Name)-16:], System: "http://example.org/fhir/CodeSystem/hand", Version: "2.0.0", Date: "2.0.0",
		Title: "Skader i hånden", Language: "nb", CaseSens: true, Aliases: []string{"2.16.578.1.12.4.1.1.99901"}, Ordered: true, ValueSet: "http://example.org/fhir/ValueSet/hand",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Release (-want +got):\n%s", diff)
	}
}

func TestProvider(t *testing.T) {
	p := hand(t)
	h, h1, h2, f := find(t, p, "H"), find(t, p, "H1"), find(t, p, "H2"), find(t, p, "F")
	if h1 == find(t, p, "h1") {
		t.Error("H1 and h1 are one concept, in a code system where case matters")
	}
	if !p.Info(h).Abstract || p.Info(h1).Abstract {
		t.Error("the property with the URI of notSelectable does not tell what is abstract")
	}
	if !p.Info(h2).Inactive || p.Info(h1).Inactive {
		t.Error("status retired does not tell what is inactive")
	}
	if got := p.Info(f).From; got != 20260115 {
		t.Errorf("F is valid from %s", got)
	}
	for _, below := range []terminology.Ordinal{h1, h2, f} {
		if !p.Subsumes(h, below) {
			t.Errorf("H does not subsume %s", p.Code(below))
		}
	}
	if got := p.Display(h1); got != "Brudd i hånden" {
		t.Errorf("Display = %q", got)
	}
	var columns []string
	for i, c := range p.Columns() {
		term, _ := p.Preferred(h1, i)
		columns = append(columns, c.Language+" "+term)
	}
	if want := []string{"en Fracture of hand", "nb Brudd i hånden", "nn Brot i handa"}; !slices.Equal(columns, want) {
		t.Errorf("columns are %q, want %q", columns, want)
	}
	if got, want := properties(p, f), []string{`over "H"`, `side "venstre"`, `kode "http://snomed.info/sct#7569003"`, `valid-from "2026-01-15"`}; !same(got, want) {
		t.Errorf("properties of F are %q, want %q", got, want)
	}
	if got, want := properties(p, h1), []string{`http://hl7.org/fhir/StructureDefinition/itemWeight "1.50"`}; !same(got, want) {
		t.Errorf("properties of H1 are %q, want %q", got, want)
	}
	if got := p.Concept(h1).Extensions[0].Value; got != "1.50" {
		t.Errorf("the weight is %s", got)
	}
	if !strings.Contains(string(p.Resource().Raw), `"somethingNew": {"kept": ["as", "it", "is"]}`) {
		t.Error("what we do not read is not kept")
	}
}

func properties(cs terminology.CodeSystem, o terminology.Ordinal) []string {
	var out []string
	for p := range cs.Properties(o) {
		out = append(out, p.Code+` "`+p.Value+`"`)
	}
	return out
}

func same(got, want []string) bool {
	slices.Sort(got)
	slices.Sort(want)
	return slices.Equal(got, want)
}

func TestSupplement(t *testing.T) {
	base, r := hand(t), parsed(t, "supplement-hand.json")
	s, err := resource.Apply(base, r)
	if err != nil {
		t.Fatal(err)
	}
	h1, h2 := find(t, s, "H1"), find(t, s, "H2")
	sv := len(base.Columns())
	if c := s.Columns(); len(c) != sv+1 || c[sv] != (terminology.DisplayColumn{Language: "sv", Count: 1}) {
		t.Fatalf("columns are %+v", c)
	}
	if term, ok := s.Preferred(h1, sv); term != "Handfraktur" || !ok {
		t.Errorf("Preferred = %q, %v", term, ok)
	}
	into := make([]terminology.Shown, 2)
	s.Show([]terminology.Ordinal{h1, h2}, []int{sv, 1}, false, into)
	if into[0].Display != "Handfraktur" || into[0].Column != sv || into[1].Display != "Kutt i hånden" || into[1].Column != 1 || !into[1].Inactive {
		t.Errorf("Show = %+v", into)
	}
	if got := properties(s, h1); !slices.Contains(got, `farge "blå"`) {
		t.Errorf("properties are %q", got)
	}
	terms := 0
	for d := range s.Designations(h1) {
		terms++
		if (d.Term == "Handfraktur") != d.Preferred(sv) {
			t.Errorf("%q is preferred in the supplement's language: %v", d.Term, d.Preferred(sv))
		}
	}
	if terms != 6 {
		t.Errorf("%d designations, want 6", terms)
	}
	if _, ok := s.Find("unknown"); ok {
		t.Error("a supplement adds a code")
	}
	other := *r
	other.CodeSystem = &resource.CodeSystem{Content: resource.Supplement, Supplements: "http://example.org/fhir/CodeSystem/hand|1.0.0"}
	if _, err := resource.Apply(base, &other); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("a supplement of another version: %v", err)
	}
}

func TestNewProviderRefuses(t *testing.T) {
	head := `{"resourceType":"CodeSystem","url":"http://example.org/x","status":"active",`
	tests := []struct{ name, text, want string }{
		{"a supplement", head + `"content":"supplement","supplements":"http://example.org/y","concept":[{"code":"a"}]}`, "is a supplement of http://example.org/y"},
		{"no codes", head + `"content":"not-present"}`, "holds none of its codes"},
		{"a value set", `{"resourceType":"ValueSet","url":"http://example.org/x"}`, "want a CodeSystem, not a ValueSet"},
		{"a mode that is none", head + `"content":"whole","concept":[{"code":"a"}]}`, `content "whole"`},
		{"a code twice", head + `"content":"complete","concept":[{"code":"a"},{"code":"b","concept":[{"code":"c"},{"code":"a"}]}]}`, "1:CodeSystem.concept[1].concept[1].code: basic.Concept: invalid input: code a is given twice"},
		{"a parent that is missing", head + `"content":"complete","concept":[{"code":"a","property":[{"code":"parent","valueCode":"b"}]}]}`, "CodeSystem.concept[0].property[0]: basic.Parent: invalid input: concept b is not in this release"},
		{"a circle", head + `"content":"complete","concept":[{"code":"a","property":[{"code":"parent","valueCode":"b"}]},{"code":"b","property":[{"code":"parent","valueCode":"a"}]}]}`, "a is a b"},
		{"its own parent", head + `"content":"complete","concept":[{"code":"a","property":[{"code":"parent","valueCode":"a"}]}]}`, "a is its own parent"},
	}
	for _, tt := range tests {
		r, err := resource.Parse([]byte(tt.text))
		if err == nil {
			_, err = resource.NewProvider(r, basic.Options{})
		}
		if err == nil || terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want kind Invalid and %q", tt.name, err, tt.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no type", `{"id": "x"}`, "the object has no resourceType"},
		{"a code that is a number", "{\"resourceType\":\"CodeSystem\",\n\"concept\":[{\"code\":\"a\",\n\"concept\":[{\"code\":7}]}]}", "3:CodeSystem.concept[0].concept[0].code: want a string, not a number"},
		{"a concept without code", `{"resourceType":"CodeSystem","concept":[{"display":"a"}]}`, "CodeSystem.concept[0]: the concept has no code"},
		{"a property with two values", `{"resourceType":"CodeSystem","concept":[{"code":"a","property":[{"code":"p","valueCode":"b","valueString":"c"}]}]}`, "property[0].valueString: the property has several values"},
		{"a relationship that is none", `{"resourceType":"ConceptMap","group":[{"element":[{"code":"a","target":[{"code":"b","relationship":"like"}]}]}]}`, `ConceptMap.group[0].element[0].target[0].relationship: found "like"`},
		{"deep nesting", `{"resourceType":"CodeSystem","concept":` + strings.Repeat(`[{"code":"a","concept":`, 1000), "nested more than 1000 deep"},
	}
	for _, tt := range tests {
		if _, err := resource.Parse([]byte(tt.text)); err == nil || terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// TestFragment keeps a fragment apart from a complete system: it may name what it lacks.
func TestFragment(t *testing.T) {
	data, err := os.ReadFile("testdata/bundle.json")
	if err != nil {
		t.Fatal(err)
	}
	err = resource.Each(data, func(r *resource.Resource) error {
		if r.URL != "http://example.org/fhir/CodeSystem/side" {
			return nil
		}
		p, err := resource.NewProvider(r, basic.Options{})
		if err != nil {
			return err
		}
		if got := p.Release().Content; got != resource.Fragment {
			t.Errorf("the release does not say that it is a fragment, but %q", got)
		}
		if o, ok := p.Find("r"); !ok || p.Code(o) != "R" {
			t.Error("r does not find R where case does not matter")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
