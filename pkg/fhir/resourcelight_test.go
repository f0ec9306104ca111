package fhir_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestLightPages: a page in a view that wants nothing of the long members of a resource
// shows the same of it whether they were read or not.
func TestLightPages(t *testing.T) {
	texts := []string{
		`{"resourceType":"CodeSystem","id":"x","url":"http://example.org/x","text":{"status":"empty"},"status":"active","content":"complete","concept":[{"code":"a","concept":[{"code":"b"}]}],"title":"T"}`,
		`{"resourceType":"ValueSet","id":"x","url":"http://example.org/x","status":"active","compose":{"include":[{"system":"s"}]},"expansion":{"contains":[]},"name":"N"}`,
		`{"resourceType":"ConceptMap","id":"x","url":"http://example.org/x","status":"active","sourceScopeUri":"http://example.org/s","group":[{"source":"a","target":"b","element":[{"code":"c","target":[{"code":"d","relationship":"equivalent"}]}]}]}`,
	}
	views := map[string]struct {
		view  fhir.View
		light bool
	}{
		"summary":  {fhir.View{Summary: "true"}, true},
		"text":     {fhir.View{Summary: "text"}, true},
		"data":     {fhir.View{Summary: "data"}, false},
		"whole":    {fhir.View{}, false},
		"elements": {fhir.View{Elements: []string{"url", "title"}}, true},
		"concept":  {fhir.View{Elements: []string{"url", "concept"}}, false},
	}
	for name, v := range views {
		for _, version := range []fhir.Version{fhir.R4, fhir.R5} {
			limit := fhir.Limit(version, fhir.Server{}, v.view)
			if limit.Light != v.light {
				t.Errorf("%s: light is %v", name, limit.Light)
			}
			if !v.light {
				continue
			}
			for _, text := range texts {
				p, err := resource.Parse([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				of := func(raw []byte) string {
					return string(limit.Write(&operation.Resource{ResourceInfo: terminology.ResourceInfo{Type: p.Type, ID: "x"}, Versions: 1, Raw: raw}))
				}
				if whole, light := of(p.Raw), of(p.Light()); whole != light || len(light) == 0 {
					t.Errorf("%s of a %s: %s\nwant %s", name, p.Type, light, whole)
				}
			}
		}
	}
}
