package resource_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
)

func TestValueSet(t *testing.T) {
	r, err := resource.Parse([]byte(`{"resourceType":"ValueSet","url":"http://example.org/vs","compose":{"inactive":false,
		"include":[{"system":"http://example.org/a|1.0","filter":[{"property":"concept","_op":{"extension":[{"url":"http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.compose.include.filter.op","valueCode":"child-of"}]},"value":"x"}]},
			{"valueSet":["#one"]}],
		"exclude":[{"system":"http://example.org/a","concept":[{"code":"y","display":"Y"}]}]},
		"contained":[{"resourceType":"ValueSet","id":"one","compose":{"include":[{"system":"http://example.org/b"}]}},{"resourceType":"Patient","id":"two"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	v := r.ValueSet
	got, err := v.Inlined(v.Include)
	if err != nil {
		t.Fatal(err)
	}
	want := []resource.ConceptSet{
		{System: "http://example.org/a", Version: "1.0", Filters: []resource.Filter{{Property: "concept", Op: "child-of", Value: "x"}}},
		{System: "http://example.org/b"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Inlined (-want +got):\n%s", diff)
	}
	if v.Inactive == nil || *v.Inactive || len(v.Exclude) != 1 || v.Exclude[0].Concepts[0].Display != "Y" {
		t.Errorf("the definition is %+v", v)
	}
	circle, err := resource.Parse([]byte(`{"resourceType":"ValueSet","compose":{"include":[{"valueSet":["#one"]}]},"contained":[{"resourceType":"ValueSet","id":"one","compose":{"include":[{"valueSet":["#one"]}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := circle.ValueSet.Inlined(circle.ValueSet.Include); err == nil || !strings.Contains(err.Error(), "'#one' includes itself") {
		t.Errorf("a circle: %v", err)
	}
}

func TestExpanded(t *testing.T) {
	r, err := resource.Parse([]byte(`{"resourceType":"ValueSet","expansion":{"timestamp":"2026-01-01","contains":[
		{"abstract":true,"display":"Heading","contains":[{"system":"http://example.org/a","code":"x","display":"X","contains":[{"system":"http://example.org/a","code":"y"}]}]},
		{"system":"http://example.org/b","version":"2","code":"z"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.ValueSet.Expanded()
	want := []resource.ConceptSet{
		{System: "http://example.org/a", Concepts: []resource.ConceptReference{{Code: "x", Display: "X"}, {Code: "y"}}},
		{System: "http://example.org/b", Version: "2", Concepts: []resource.ConceptReference{{Code: "z"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Expanded (-want +got):\n%s%v", diff, err)
	}
}

func TestIdentity(t *testing.T) {
	r, err := resource.Parse([]byte(`{"resourceType":"NamingSystem","kind":"codesystem","uniqueId":[
		{"type":"uri","value":"http://old.example.org"},{"type":"oid","value":"urn:oid:1.2.3"},{"type":"uri","value":"http://example.org","preferred":true},{"type":"other","value":"x"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	uri, aliases := r.NamingSystem.Identity()
	if want := []string{"http://old.example.org", "1.2.3"}; uri != "http://example.org" || cmp.Diff(want, aliases) != "" {
		t.Errorf("Identity = %s, %q", uri, aliases)
	}
}
