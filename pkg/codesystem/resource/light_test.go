package resource_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
)

func TestLight(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`{"resourceType":"CodeSystem","url":"u","concept": [ {"code":"a","concept":[{"code":"b"}]} ] ,"title":"T","content":"complete"}`,
			`{"resourceType":"CodeSystem","url":"u","concept": [] ,"title":"T","content":"complete"}`},
		{`{"resourceType":"ValueSet","compose":{"include":[{"system":"s"}]},"status":"active","expansion":{"total":1,"contains":[{"code":"]}"}]}}`,
			`{"resourceType":"ValueSet","compose":{},"status":"active","expansion":{}}`},
		{`{"resourceType":"ConceptMap","group":[{"source":"s","element":[{"code":"a"}]}],"id":"g"}`, `{"resourceType":"ConceptMap","group":[],"id":"g"}`},
		{`{"resourceType":"NamingSystem","name":"concept","group":[1]}`, `{"resourceType":"NamingSystem","name":"concept","group":[1]}`},
		{`{"resourceType":"ValueSet","contained":[{"resourceType":"ValueSet","id":"c","compose":{"include":[]}}]}`, `{"resourceType":"ValueSet","contained":[{"resourceType":"ValueSet","id":"c","compose":{"include":[]}}]}`},
	} {
		r, err := resource.Parse([]byte(tt.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(r.Light()); got != tt.want {
			t.Errorf("of %s\nLight = %s\nwant    %s", tt.text, got, tt.want)
		}
	}
}

// FuzzLight holds that what is left of a resource is the resource but for its long members.
func FuzzLight(f *testing.F) {
	f.Add([]byte(`{"resourceType":"CodeSystem","concept":[{"code":"a"}],"url":"u"}`))
	f.Add([]byte(`{"resourceType":"ValueSet","compose":{"include":[{"system":"s"}]},"expansion":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := resource.Parse(data)
		if err != nil || r.Type == "Bundle" {
			return
		}
		var whole, light map[string]any
		if json.Unmarshal(r.Raw, &whole) != nil {
			return
		}
		if err := json.Unmarshal(r.Light(), &light); err != nil {
			t.Fatalf("%s: %v", r.Light(), err)
		}
		if len(whole) != len(light) {
			t.Fatalf("%s has %d members, want %d", r.Light(), len(light), len(whole))
		}
		for key, value := range whole {
			switch key {
			case "concept", "compose", "expansion", "group":
				continue
			}
			if !reflect.DeepEqual(light[key], value) {
				t.Errorf("%s is %v, want %v", key, light[key], value)
			}
		}
	})
}
