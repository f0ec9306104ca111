package resource_test

import (
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// bare is a code system without an index of its properties.
type bare struct{ terminology.CodeSystem }

// TestSupplementedPropertyValues holds the values that a supplemented code system finds
// against those of its concepts, with and without an index below.
func TestSupplementedPropertyValues(t *testing.T) {
	parse := func(text string) *resource.Resource {
		r, err := resource.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	p, err := resource.NewProvider(parse(`{"resourceType":"CodeSystem","url":"http://example.org/fruit","version":"1","status":"active","content":"complete","caseSensitive":true,
		"property":[{"code":"colour","type":"string"}],"concept":[{"code":"pome","concept":[{"code":"pear","property":[{"code":"colour","valueString":"green"}]},
		{"code":"apple","property":[{"code":"colour","valueString":"Red"}]}]},{"code":"cherry","property":[{"code":"colour","valueString":"red"}]}]}`), basic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	more := parse(`{"resourceType":"CodeSystem","url":"http://example.org/more","status":"active","content":"supplement","supplements":"http://example.org/fruit",
		"concept":[{"code":"pear","property":[{"code":"colour","valueString":"red"},{"code":"season","valueString":"autumn"}]},{"code":"pome","property":[{"code":"season","valueString":"Autumn"}]}]}`)
	for name, base := range map[string]terminology.CodeSystem{"indexed": p, "bare": bare{p}} {
		s, err := resource.Apply(base, more)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"colour", "season", "none"} {
			want, concepts := map[string][]terminology.Ordinal{}, []terminology.Ordinal(nil)
			for o := range terminology.Ordinal(s.Len()) {
				for v := range s.Properties(o) {
					if v.Code == code {
						want[v.Value] = append(want[v.Value], o)
						concepts = append(concepts, o)
					}
				}
			}
			got := map[string][]terminology.Ordinal{}
			for v, list := range s.PropertyValues(code, "") {
				got[v] = append(got[v], list...)
			}
			for v, list := range want {
				slices.Sort(got[v])
				if !slices.Equal(got[v], list) {
					t.Errorf("%s: %s of %s: %v, want %v", name, v, code, got[v], list)
				}
			}
			if concepts = slices.Compact(concepts); len(got) != len(want) || !slices.Equal(s.PropertyConcepts(code).ToArray(), concepts) {
				t.Errorf("%s: %s has %d values of %v, want %d of %v", name, code, len(got), s.PropertyConcepts(code), len(want), concepts)
			}
		}
		reds := 0
		for _, list := range s.PropertyValues("colour", "RED") {
			reds += len(list)
		}
		if reds != 3 {
			t.Errorf("%s: %d are red, want 3", name, reds)
		}
		if parents := s.PropertyConcepts("parent").ToArray(); len(parents) != 2 {
			t.Errorf("%s: %v have a parent, want pear and apple", name, parents)
		}
	}
}
