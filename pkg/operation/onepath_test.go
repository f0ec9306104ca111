package operation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/operation"
)

// TestOneExpansionAtAllDoors asks for value sets as FHIR does, with all details, and as
// gRPC and the command line do: the codes, their displays and how they stand are the same.
func TestOneExpansionAtAllDoors(t *testing.T) {
	resources := append(fruit(),
		[]byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/two","status":"active","compose":{"include":[{"system":"http://example.org/fruit","version":"1.0.0"}],"exclude":[{"system":"http://example.org/fruit","version":"1.1.0","concept":[{"code":"apple"}]}]}}`),
		[]byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/named","status":"active","compose":{"include":[{"system":"http://snomed.info/sct","concept":[{"code":"57054005","display":"Brått hjarteinfarkt"},{"code":"22298006"}]},{"system":"urn:oid:2.16.578.1.12.4.1.1.7110","concept":[{"code":"I21.9","display":"Infarkt"}]}]}}`),
		[]byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/nynorsk","status":"active","language":"nn","compose":{"include":[{"system":"http://snomed.info/sct","concept":[{"code":"57054005"}]}]}}`),
		[]byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/imports","status":"active","compose":{"include":[{"valueSet":["http://example.org/vs/named"]}]}}`),
	)
	shown := func(codes []operation.ExpandedCode) (out []operation.ExpandedCode) {
		for _, c := range codes {
			out = append(out, operation.ExpandedCode{Coding: c.Coding, Inactive: c.Inactive, Abstract: c.Abstract})
		}
		return out
	}
	own := map[string]string{"57054005": "Brått hjarteinfarkt", "I21.9": "Infarkt"}
	for name, tt := range map[string]struct {
		req      operation.ExpandRequest
		total    int // 0: not looked at
		displays map[string]string
	}{
		"an exclude of another version": {operation.ExpandRequest{URL: "http://example.org/vs/two", Count: -1}, 2, nil},
		"displays of the value set":     {operation.ExpandRequest{URL: "http://example.org/vs/named", Count: -1}, 3, own},
		"in another language":           {operation.ExpandRequest{URL: "http://example.org/vs/named", Count: -1, Languages: languages(t, "en")}, 3, map[string]string{"57054005": "Acute myocardial infarction"}},
		"imported":                      {operation.ExpandRequest{URL: "http://example.org/vs/imports", Count: -1}, 3, own},
		"its language":                  {operation.ExpandRequest{URL: "http://example.org/vs/nynorsk", Count: -1}, 1, map[string]string{"57054005": "akutt hjarteinfarkt"}},
		"of an older release":           {operation.ExpandRequest{URL: older + "?fhir_vs=isa/22298006", Count: -1}, 0, nil},
		"as they were":                  {operation.ExpandRequest{URL: isa + "22298006", Count: -1, Date: 20260101}, 0, nil},
		"by a definition": {operation.ExpandRequest{Count: -1, Compose: &operation.Compose{Include: []operation.ConceptSet{
			{System: sct, Concepts: []operation.ConceptReference{{Code: "57054005", Display: "Brått hjarteinfarkt"}}}}}}, 1, own},
	} {
		req := tt.req
		req.With.Resources = resources
		plain, err := service.Expand(t.Context(), req)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		req.Details = true
		detailed, err := service.Expand(t.Context(), req)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(shown(detailed.Codes), shown(plain.Codes)); diff != "" || plain.Total != detailed.Total {
			t.Errorf("%s (-FHIR +gRPC):\n%s", name, diff)
		}
		if tt.total > 0 && plain.Total != tt.total {
			t.Errorf("%s: %d codes, want %d", name, plain.Total, tt.total)
		}
		for _, c := range plain.Codes {
			if want := tt.displays[c.Coding.Code]; want != "" && c.Coding.Display != want {
				t.Errorf("%s: %v, want %s", name, c.Coding, want)
			}
		}
	}
}
