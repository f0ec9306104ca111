package operation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/operation"
)

func TestNamingSystems(t *testing.T) {
	list, err := service.NamingSystems(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	find := func(id string) *operation.NamingSystem {
		i := slices.IndexFunc(list, func(n operation.NamingSystem) bool { return n.ID == id })
		if i < 0 {
			t.Fatalf("there is no naming system %s", id)
		}
		return &list[i]
	}
	for _, tt := range []struct{ id, name string }{
		{"icd-10-no", "http://hl7.org/fhir/sid/icd-10-no"}, {"icd-10-no", "2.16.578.1.12.4.1.1.7110"}, {"icd-10-no", "urn:oid:2.16.578.1.12.4.1.1.7110"},
		{"icd-10-no", "ICD10"}, {"snomed", "http://snomed.info/sct"}, {"icpc-2b", "urn:oid:2.16.578.1.12.4.1.1.7171"}, {"icpc-2b", "2.16.578.1.12.4.1.1.7171"},
	} {
		if n := find(tt.id); !n.Means(tt.name) || n.Means("http://example.org/none") {
			t.Errorf("%s does not mean %s: %v", tt.id, tt.name, n.IDs)
		}
	}
	if got := strings.Join(find("snomed").Installed, " "); got != older+" http://snomed.info/sct/51000202101/version/20250915" {
		t.Errorf("installed of SNOMED CT: %s", got)
	}
	// Every name of a code system leads to it alone, and one of each type is preferred.
	for _, known := range codesystem.Systems() {
		for _, name := range append([]string{known.URI}, known.Aliases...) {
			var means []string
			for i := range list {
				if list[i].Means(name) {
					means = append(means, list[i].ID)
				}
			}
			if !slices.Equal(means, []string{known.Name}) {
				t.Errorf("%s means %v, want %s", name, means, known.Name)
			}
		}
	}
	for _, n := range list {
		preferred := map[string]int{}
		for _, id := range n.IDs {
			if id.Preferred {
				preferred[id.Type]++
			}
		}
		for _, id := range n.IDs {
			if preferred[id.Type] != 1 || id.Value == "" {
				t.Errorf("%s: %d preferred of type %s: %v", n.ID, preferred[id.Type], id.Type, n.IDs)
			}
		}
	}
	if !slices.IsSortedFunc(list, func(a, b operation.NamingSystem) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the naming systems are not in the order of their ids")
	}
}
