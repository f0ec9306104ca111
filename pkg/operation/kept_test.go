package operation_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
)

// put writes a resource, whose id is its first member after its type.
func (w *writing) put(text string) {
	w.t.Helper()
	typ, rest, _ := strings.Cut(strings.TrimPrefix(text, `{"resourceType":"`), `"`)
	id, _, _ := strings.Cut(strings.TrimPrefix(rest, `,"id":"`), `"`)
	if _, err := w.service.WriteResource(w.t.Context(), operation.WriteRequest{Type: typ, ID: id, Method: "PUT", Text: func(string) []byte { return []byte(text) }}); err != nil {
		w.t.Fatalf("%s: %v", text, err)
	}
}

func (w *writing) remove(typ, id string) {
	w.t.Helper()
	if _, err := w.service.WriteResource(w.t.Context(), operation.WriteRequest{Type: typ, ID: id, Method: "DELETE"}); err != nil {
		w.t.Fatal(err)
	}
}

func codeSystem(id, url, version string, codes ...string) string {
	return fmt.Sprintf(`{"resourceType":"CodeSystem","id":%q,"url":%q,"version":%q,"status":"active","content":"complete","concept":[{"code":%q}]}`, id, url, version, strings.Join(codes, `"},{"code":"`))
}

func valueSet(id, url, version, include string) string {
	return fmt.Sprintf(`{"resourceType":"ValueSet","id":%q,"url":%q,"version":%q,"status":"active","compose":{"include":[%s]}}`, id, url, version, include)
}

func supplement(id, version, of, term string) string {
	return fmt.Sprintf(`{"resourceType":"CodeSystem","id":%q,"url":"http://example.org/more","version":%q,"status":"active","content":"supplement","supplements":%q,"concept":[{"code":"a","designation":[{"language":"nn","value":%q}]}]}`, id, version, of, term)
}

// TestKeptIsAnswered asks for an expansion and a validation, writes, and asks again: what is
// kept is given when nothing that it was found by is written, and only then.
func TestKeptIsAnswered(t *testing.T) {
	const s, vs = "http://example.org/s", "http://example.org/vs/v"
	ofS, some := `{"system":"`+s+`"}`, valueSet("v", vs, "1", `{"system":"`+s+`"}`)
	one := codeSystem("s1", s, "1", "a")
	for _, tt := range []struct {
		name   string
		before []string
		write  func(*writing)
		req    operation.ExpandRequest
		kept   bool
	}{
		{name: "another value set", write: func(w *writing) { w.put(valueSet("o", "http://example.org/vs/other", "1", ofS)) }, kept: true},
		{name: "another code system", write: func(w *writing) { w.put(codeSystem("o", "http://example.org/other", "1", "a")) }, kept: true},
		{name: "a code system that another value set has, anew", before: []string{codeSystem("o", "http://example.org/other", "1", "a")},
			write: func(w *writing) { w.put(codeSystem("o", "http://example.org/other", "1", "a", "b")) }, kept: true},
		{name: "a naming system of another one", write: func(w *writing) {
			w.put(`{"resourceType":"NamingSystem","id":"n","name":"N","status":"active","kind":"codesystem","uniqueId":[{"type":"uri","value":"http://example.org/other"},{"type":"oid","value":"1.2.3"}]}`)
		}, kept: true},
		{name: "the value set anew", write: func(w *writing) { w.put(valueSet("v", vs, "1", `{"system":"`+s+`","concept":[{"code":"b"}]}`)) }},
		{name: "a newer version of it", write: func(w *writing) { w.put(valueSet("v2", vs, "2", `{"system":"`+s+`","concept":[{"code":"b"}]}`)) }},
		{name: "an older version of it, which answers not", before: []string{valueSet("v2", vs, "2", ofS)}, write: func(w *writing) { w.put(valueSet("v0", vs, "0", `{"system":"`+s+`","concept":[{"code":"b"}]}`)) }},
		{name: "its newest version goes", before: []string{valueSet("v2", vs, "2", `{"system":"`+s+`","concept":[{"code":"b"}]}`)}, write: func(w *writing) { w.remove("ValueSet", "v2") }},
		{name: "the code system anew", write: func(w *writing) { w.put(codeSystem("s1", s, "1", "a", "b", "c")) }},
		{name: "a newer version of the code system", write: func(w *writing) { w.put(codeSystem("s2", s, "2", "a", "b", "c")) }},
		{name: "the newest version of the code system goes", before: []string{codeSystem("s2", s, "2", "b")}, write: func(w *writing) { w.remove("CodeSystem", "s2") }},
		{name: "a version that a wildcard means", before: []string{codeSystem("s11", s, "1.1", "b"), valueSet("v", vs, "1", `{"system":"`+s+`","version":"1.x"}`)},
			write: func(w *writing) { w.put(codeSystem("s12", s, "1.2", "c")) }},
		{name: "a version that a rule of the request means", before: []string{codeSystem("s11", s, "1.1", "b")}, req: operation.ExpandRequest{With: operation.With{Versions: operation.VersionRules{Force: []string{s + "|1.x"}}}},
			write: func(w *writing) { w.put(codeSystem("s12", s, "1.2", "c")) }},
		{name: "an import anew", before: []string{valueSet("i", "http://example.org/vs/i", "1", ofS), valueSet("v", vs, "1", `{"valueSet":["http://example.org/vs/i"]}`)},
			write: func(w *writing) {
				w.put(valueSet("i", "http://example.org/vs/i", "1", `{"system":"`+s+`","concept":[{"code":"b"}]}`))
			}},
		{name: "a newer version of an import", before: []string{valueSet("i", "http://example.org/vs/i", "1", ofS), valueSet("v", vs, "1", `{"valueSet":["http://example.org/vs/i"]}`)},
			write: func(w *writing) {
				w.put(valueSet("i2", "http://example.org/vs/i", "2", `{"system":"`+s+`","concept":[{"code":"b"}]}`))
			}},
		{name: "another version of an import that is named", before: []string{valueSet("i", "http://example.org/vs/i", "1", ofS), valueSet("v", vs, "1", `{"valueSet":["http://example.org/vs/i|1"]}`)},
			write: func(w *writing) {
				w.put(valueSet("i2", "http://example.org/vs/i", "2", `{"system":"`+s+`","concept":[{"code":"b"}]}`))
			}},
		{name: "a supplement of the request anew", before: []string{supplement("m", "1", s, "Eple")}, req: operation.ExpandRequest{With: operation.With{Supplements: []string{"http://example.org/more"}}},
			write: func(w *writing) { w.put(supplement("m", "1", s, "Pære")) }},
		{name: "a newer version of a supplement of the request", before: []string{supplement("m", "1", s, "Eple")}, req: operation.ExpandRequest{With: operation.With{Supplements: []string{"http://example.org/more"}}},
			write: func(w *writing) { w.put(supplement("m2", "2", s, "Pære")) }},
		{name: "a supplement that is not asked for", write: func(w *writing) { w.put(supplement("m", "1", s, "Eple")) }, kept: true},
		{name: "a resource of the request, and another value set", req: operation.ExpandRequest{With: operation.With{Resources: [][]byte{[]byte(codeSystem("x", s, "3", "a", "c"))}}},
			write: func(w *writing) { w.put(valueSet("o", "http://example.org/vs/other", "1", ofS)) }, kept: true},
		{name: "a resource of the request, and a newer one", req: operation.ExpandRequest{With: operation.With{Resources: [][]byte{[]byte(codeSystem("x", s, "3", "a", "c"))}}},
			write: func(w *writing) { w.put(codeSystem("s4", s, "4", "b")) }},
		{name: "all codes of a system that claims the URL first", before: []string{strings.Replace(one, `"content"`, `"valueSet":"http://example.org/all","content"`, 1)}, req: operation.ExpandRequest{URL: "http://example.org/all"},
			write: func(w *writing) {
				w.put(strings.Replace(codeSystem("r", "http://example.org/r", "1", "b"), `"content"`, `"valueSet":"http://example.org/all","content"`, 1))
			}},
		{name: "a value set in the place of all codes", before: []string{strings.Replace(one, `"content"`, `"valueSet":"http://example.org/all","content"`, 1)}, req: operation.ExpandRequest{URL: "http://example.org/all"},
			write: func(w *writing) {
				w.put(valueSet("all", "http://example.org/all", "1", `{"system":"`+s+`","concept":[{"code":"b"}]}`))
			}},
		{name: "a name of the system", before: []string{
			`{"resourceType":"NamingSystem","id":"n","name":"N","status":"active","kind":"codesystem","uniqueId":[{"type":"uri","value":"` + s + `"},{"type":"oid","value":"1.2.3"}]}`,
			valueSet("v", vs, "1", `{"system":"urn:oid:1.2.3"}`), codeSystem("r", "http://example.org/r", "1", "b")},
			write: func(w *writing) {
				w.put(`{"resourceType":"NamingSystem","id":"n","name":"N","status":"active","kind":"codesystem","uniqueId":[{"type":"uri","value":"http://example.org/r"},{"type":"oid","value":"1.2.3"}]}`)
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWriting(t, 1, 0, "")
			for _, text := range append([]string{one, some}, tt.before...) {
				w.put(text)
			}
			req := tt.req
			if req.URL == "" {
				req.URL = vs
			}
			req.Count, req.Details, req.Designations = -1, true, true
			expand := func(s *operation.Service) *operation.ExpandResponse {
				t.Helper()
				resp, err := s.Expand(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				return resp
			}
			expand(w.service)
			before := operation.KeptSet(w.service, req.URL)
			if before == nil {
				t.Fatal("nothing is kept")
			}
			tt.write(w)
			got := expand(w.service)
			if kept := operation.KeptSet(w.service, req.URL) == before; kept != tt.kept {
				t.Errorf("kept is %v, want %v", kept, tt.kept)
			}
			fresh := w.open(true, 0)
			defer fresh.Close()
			if want := expand(operation.New(fresh, operation.Options{Languages: language.Of(language.Bokmal)})); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v\nwant %+v", got, want)
			}
		})
	}
}
