package rest_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestInstanceIsTheOne asks operations of one resource of several that have one URL: it
// answers for itself, or says that it cannot.
func TestInstanceIsTheOne(t *testing.T) {
	h := writable(t)
	body := func(typ, id, version, rest string) string {
		if version != "" {
			version = `"version":"` + version + `",`
		}
		return `{"resourceType":"` + typ + `","id":"` + id + `","url":"http://example.org/` + typ + `",` + version + `"status":"active",` + rest + `}`
	}
	system := func(id, version, code string) string {
		return body("CodeSystem", id, version, `"content":"complete","concept":[{"code":"`+code+`","display":"eple"}]`)
	}
	set := func(id, version, code string) string {
		return body("ValueSet", id, version, `"compose":{"include":[{"system":"http://example.org/CodeSystem","version":"1","concept":[{"code":"`+code+`"}]}]}`)
	}
	table := func(id, version, target string) string {
		return body("ConceptMap", id, version, `"group":[{"source":"http://example.org/CodeSystem","target":"http://example.org/t","element":[{"code":"a1","target":[{"code":"`+target+`","equivalence":"equal"}]}]}]`)
	}
	for _, r := range []struct{ path, body string }{
		{"CodeSystem/one", system("one", "1", "a1")}, {"CodeSystem/two", system("two", "2", "a2")},
		{"ConceptMap/one", table("one", "1", "t1")}, {"ConceptMap/two", table("two", "2", "t2")},
		{"ValueSet/one", set("one", "1", "a1")}, {"ValueSet/bare", set("bare", "", "a1")}, {"ValueSet/two", set("two", "2", "a2")},
		{"ValueSet/alone", strings.ReplaceAll(set("alone", "", "a1"), "/ValueSet", "/alone")},
	} {
		if w := send(h, "PUT", "/"+r.path, r.body); w.Code != http.StatusCreated {
			t.Fatalf("PUT %s: %d %s", r.path, w.Code, w.Body)
		}
	}
	for _, tt := range []struct {
		target, want string
		status       int
	}{
		{"/CodeSystem/one/$validate-code?code=a1", `"result","valueBoolean":true`, 200},
		{"/CodeSystem/two/$validate-code?code=a1", `"result","valueBoolean":false`, 200},
		{"/ValueSet/one/$expand", `"code":"a1"`, 200},
		{"/ValueSet/alone/$expand", `"code":"a1"`, 200},
		{"/ValueSet/bare/$expand", "ValueSet/bare has no version", 422},
		{"/ValueSet/bare/$validate-code?system=http://example.org/CodeSystem&code=a1", "ValueSet/bare has no version", 422},
		{"/ConceptMap/one/$translate?system=http://example.org/CodeSystem&code=a1", `"code":"t1"`, 200},
		{"/ConceptMap/two/$translate?system=http://example.org/CodeSystem&code=a1", `"code":"t2"`, 200},
	} {
		if w := send(h, "GET", tt.target, ""); w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
			t.Errorf("%s: %d %s, want %d with %s", tt.target, w.Code, w.Body, tt.status, tt.want)
		}
	}
}
