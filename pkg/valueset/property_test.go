package valueset_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/valueset"
)

// TestPropertyFilters holds both ways of asking to the same answer, and to how many
// concepts satisfy a filter: all of them, none, or some.
func TestPropertyFilters(t *testing.T) {
	lib := sample(t)
	const all, none, some = "all", "none", "some"
	for _, tt := range []struct {
		filter valueset.Filter
		want   string
	}{
		{valueset.Filter{Property: "code", Op: "regex", Value: "[0-9]+"}, all},
		{valueset.Filter{Property: "code", Op: "regex", Value: "[0-9]"}, none}, // of the whole code
		{valueset.Filter{Property: "concept", Op: "regex", Value: "222.*|22298006"}, some},
		{valueset.Filter{Property: "display", Op: "regex", Value: ".*"}, all},
		{valueset.Filter{Property: "parent", Op: "exists", Value: "true"}, some},
		{valueset.Filter{Property: "child", Op: "exists", Value: "false"}, some},
		{valueset.Filter{Property: "parent", Op: "in", Value: "22298006,1"}, some},
		{valueset.Filter{Property: "parent", Op: "not-in", Value: "1"}, all},
		{valueset.Filter{Property: "concept", Op: "not-in", Value: "22298006"}, some},
		{valueset.Filter{Property: "concept", Op: "descendent-leaf", Value: "138875005"}, some},
		{valueset.Filter{Property: "inactive", Op: "=", Value: "FALSE"}, some},
	} {
		c := &valueset.Compose{Include: only(tt.filter)}
		parts, err := valueset.Evaluate(t.Context(), c, lib)
		if err != nil {
			t.Fatalf("%+v: %v", tt.filter, err)
		}
		n, of := int(parts[0].Set.GetCardinality()), parts[0].CodeSystem.Len()
		if got := map[bool]string{n == of: all, n == 0: none, n > 0 && n < of: some}[true]; got != tt.want {
			t.Errorf("%+v: %d of %d concepts, want %s", tt.filter, n, of, tt.want)
		}
		agrees(t, c, lib)
	}
}
