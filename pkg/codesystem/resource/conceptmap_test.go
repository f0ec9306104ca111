package resource_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestTargets: what R4 and R5 say of a target becomes the row of a map.
func TestTargets(t *testing.T) {
	coding := func(system, code, display string) terminology.Coding {
		return terminology.Coding{System: system, Code: code, Display: display}
	}
	row := func(change func(*terminology.Mapping)) []terminology.Mapping {
		m := terminology.Mapping{Map: "u", Source: "a", Target: "b", Group: 1, Priority: 1, ID: "group[0].element[0].target[0]"}
		change(&m)
		return []terminology.Mapping{m}
	}
	related := func(r terminology.Relationship) []terminology.Mapping {
		return row(func(m *terminology.Mapping) { m.Relationship = r })
	}
	for name, tt := range map[string]struct {
		element string
		want    []terminology.Mapping
	}{
		"R5, equivalent":   {`"target":[{"code":"b","relationship":"equivalent"}]`, related(terminology.Equivalent)},
		"R5, narrower":     {`"target":[{"code":"b","relationship":"source-is-narrower-than-target"}]`, related(terminology.SourceIsNarrower)},
		"R5, not related":  {`"target":[{"code":"b","relationship":"not-related-to"}]`, related(terminology.NotRelatedTo)},
		"R4, equal":        {`"target":[{"code":"b","equivalence":"equal"}]`, related(terminology.Equivalent)},
		"R4, wider":        {`"target":[{"code":"b","equivalence":"wider"}]`, related(terminology.SourceIsNarrower)},
		"R4, subsumes":     {`"target":[{"code":"b","equivalence":"subsumes"}]`, related(terminology.SourceIsNarrower)},
		"R4, narrower":     {`"target":[{"code":"b","equivalence":"narrower"}]`, related(terminology.SourceIsBroader)},
		"R4, specializes":  {`"target":[{"code":"b","equivalence":"specializes"}]`, related(terminology.SourceIsBroader)},
		"R4, inexact":      {`"target":[{"code":"b","equivalence":"inexact"}]`, related(terminology.RelatedTo)},
		"R4, disjoint":     {`"target":[{"code":"b","equivalence":"disjoint"}]`, related(terminology.NotRelatedTo)},
		"nothing said":     {`"target":[{"code":"b"}]`, related(terminology.RelatedTo)},
		"display, comment": {`"target":[{"code":"b","display":"Be","comment":"c"}]`, row(func(m *terminology.Mapping) { m.Display, m.Advice = "Be", "c" })},
		"R4, unmatched":    {`"target":[{"code":"b","display":"Be","equivalence":"unmatched"}]`, row(func(m *terminology.Mapping) { m.Target, m.Relationship = "", terminology.NotRelatedTo })},
		"R5, no map":       {`"noMap":true`, row(func(m *terminology.Mapping) { m.Target, m.ID = "", "group[0].element[0]" })},
		"R5, a value set":  {`"target":[{"valueSet":"http://example.org/vs","relationship":"equivalent"}]`, nil},
		"no target":        {`"display":"A"`, nil},
		"R4, a coded value": {`"target":[{"code":"b","dependsOn":[{"property":"p","system":"s","value":"v","display":"Ve"}]}]`, row(func(m *terminology.Mapping) {
			m.DependsOn = []terminology.MapTerm{{Property: "p", Value: coding("s", "v", "Ve")}}
		})},
		"R4, a text": {`"target":[{"code":"b","product":[{"property":"p","value":"left hand"}]}]`, row(func(m *terminology.Mapping) {
			m.Products = []terminology.MapTerm{{Property: "p", Value: coding("", "", "left hand")}}
		})},
		"R5, values of all kinds": {`"target":[{"code":"b","dependsOn":[{"attribute":"c","valueCoding":{"system":"s","code":"v","display":"Ve"}},{"attribute":"k","valueCode":"v"},
			{"attribute":"t","valueString":"text"},{"attribute":"f","valueBoolean":true},{"attribute":"q","valueQuantity":{"value": 5}},{"attribute":"w","valueSet":"http://example.org/vs"}]}]`,
			row(func(m *terminology.Mapping) {
				m.DependsOn = []terminology.MapTerm{{Property: "c", Value: coding("s", "v", "Ve")}, {Property: "k", Value: coding("", "v", "")},
					{Property: "t", Value: coding("", "", "text")}, {Property: "f", Value: coding("", "true", "")}, {Property: "q", Value: coding("", "", `{"value": 5}`)}}
			})},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := resource.Parse([]byte(`{"resourceType":"ConceptMap","url":"u","group":[{"source":"s","target":"t","element":[{"code":"a",` + tt.element + `}]}]}`))
			if err != nil {
				t.Fatal(err)
			}
			infos, rows, err := r.Mappings()
			if err != nil || len(infos) != 1 {
				t.Fatalf("Mappings: %v, %v", infos, err)
			}
			if diff := cmp.Diff(tt.want, rows); diff != "" {
				t.Error("rows (-want +got):\n", diff)
			}
		})
	}
}
