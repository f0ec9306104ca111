package fhir_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestConceptMapVersions gives a map as the other version of FHIR writes it, and as its
// own, in which it is what was written.
func TestConceptMapVersions(t *testing.T) {
	const (
		r4 = `{"resourceType":"ConceptMap","id":"m","identifier":{"value":"1"},"status":"active","sourceUri":"http://example.org/a","group":[{"source":"a","sourceVersion":"1","target":"b","element":[{"code":"1","target":[{"code":"2","equivalence":"wider"}]},{"code":"3","target":[{"equivalence":"unmatched"}]}],"unmapped":{"mode":"provided"}}]}`
		r5 = `{"resourceType":"ConceptMap","id":"m","identifier":[{"value":"1"}],"status":"active","sourceScopeUri":"http://example.org/a","group":[{"source":"a|1","target":"b","element":[{"code":"1","target":[{"code":"2","relationship":"source-is-narrower-than-target"}]},{"code":"3","noMap":true}],"unmapped":{"mode":"use-source-code"}}]}`
	)
	for _, tt := range []struct {
		v        fhir.Version
		in, want string
	}{{fhir.R4, r4, r4}, {fhir.R5, r4, r5}, {fhir.R4, r5, r4}, {fhir.R5, r5, r5}} {
		r := operation.Resource{ResourceInfo: terminology.ResourceInfo{Type: "ConceptMap", ID: "m"}, Versions: 1, Raw: []byte(tt.in)}
		var got, want map[string]any
		if err := json.Unmarshal(fhir.AppendResource(nil, tt.v, fhir.Server{}, &r, fhir.View{}), &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
			t.Fatal(err)
		}
		delete(got, "meta")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("in %s (-want +got):\n%s", tt.v, diff)
		}
	}
}
