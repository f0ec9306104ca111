package operation_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// resources are a code system, value sets over it, and a naming system, as one Bundle.
const resources = `{"resourceType":"Bundle","type":"collection","entry":[
{"resource":{"resourceType":"CodeSystem","url":"http://example.org/hand","version":"1.0.0","title":"Hånd","status":"active","language":"nb","content":"complete","caseSensitive":true,"valueSet":"http://example.org/hand/all",
 "concept":[{"code":"H","display":"Hånd","concept":[{"code":"H1","display":"Brudd","designation":[{"language":"en","value":"Fracture"}]},{"code":"H2","display":"Kutt","designation":[{"value":"Rift","use":{"system":"http://example.org/use","code":"slang"}}]}]}]}},
{"resource":{"resourceType":"ValueSet","url":"http://example.org/vs/below","version":"1.9","status":"active","compose":{"include":[{"system":"http://example.org/hand","filter":[{"property":"concept","op":"is-a","value":"H"}]}]}}},
{"resource":{"resourceType":"ValueSet","url":"http://example.org/vs/below","version":"1.10","status":"active","compose":{"include":[{"valueSet":["http://example.org/vs/below|1.9"]}],"exclude":[{"system":"http://example.org/hand","concept":[{"code":"H"}]}]}}},
{"resource":{"resourceType":"ValueSet","url":"http://example.org/vs/stored","status":"active","expansion":{"contains":[{"system":"http://example.org/hand","code":"H2"}]}}},
{"resource":{"resourceType":"ValueSet","url":"http://example.org/vs/circle","status":"active","compose":{"include":[{"valueSet":["http://example.org/vs/back"]}]}}},
{"resource":{"resourceType":"ValueSet","url":"http://example.org/vs/back","status":"active","compose":{"include":[{"valueSet":["http://example.org/vs/circle"]}]}}},
{"resource":{"resourceType":"NamingSystem","id":"hand","status":"active","kind":"codesystem","uniqueId":[{"type":"oid","value":"1.2.752.99"},{"type":"uri","value":"http://example.org/hand"}]}}
]}`

// resourceService answers from FHIR resources; with many, from a package that has so many code
// systems that they stay in it.
func resourceService(t *testing.T, many bool) *operation.Service {
	t.Helper()
	data := t.TempDir()
	path := filepath.Join(t.TempDir(), "resources.json")
	text := resources
	if many {
		var more strings.Builder
		for i := range 40 {
			n := string(rune('a'+i%20)) + string(rune('a'+i/20))
			more.WriteString(`,{"resource":{"resourceType":"CodeSystem","url":"http://example.org/` + n + `","content":"complete","concept":[{"code":"x"}]}}`)
		}
		text = strings.TrimSuffix(strings.TrimSpace(text), "]}") + more.String() + "]}"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := importList(data, path); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{Language: "nb"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	snap := c.Acquire()
	defer snap.LetGo()
	for _, r := range snap.Releases {
		if r.Of == nil {
			if err := wiring.Verify(context.Background(), r.Dir, r.Manifest); err != nil {
				t.Error(err)
			}
		}
	}
	return operation.New(c, operation.Options{Languages: language.Of(language.Bokmal)})
}

// TestResources asks for value sets that were imported as resources, and for code systems
// that are releases of their own or answer from the resource.
func TestResources(t *testing.T) {
	for name, many := range map[string]bool{"releases": false, "collection": true} {
		t.Run(name, func(t *testing.T) {
			s, ctx := resourceService(t, many), context.Background()
			for url, want := range map[string]string{
				"http://example.org/vs/below":     "H1 Brudd, H2 Kutt", // 1.10 is newer than 1.9
				"http://example.org/vs/below|1.9": "H Hånd, H1 Brudd, H2 Kutt",
				"http://example.org/vs/stored":    "H2 Kutt",
				"http://example.org/hand/all":     "H Hånd, H1 Brudd, H2 Kutt",
				"http://example.org/hand?vs":      "H Hånd, H1 Brudd, H2 Kutt",
				"http://example.org/vs/circle":    "invalid input",
				"http://example.org/vs/below|2":   "not found",
				"http://example.org/hand?fhir_vs": "H Hånd, H1 Brudd, H2 Kutt",
				"urn:oid:1.2.752.99?fhir_vs":      "H Hånd, H1 Brudd, H2 Kutt",
				"http://example.org/foot?fhir_vs": "not found",
			} {
				got := ""
				resp, err := s.Expand(ctx, operation.ExpandRequest{URL: url, Count: -1})
				if err != nil {
					got = terminology.KindOf(err).String()
				} else {
					var codes []string
					for _, c := range resp.Codes {
						codes = append(codes, c.Coding.Code+" "+c.Coding.Display)
					}
					got = strings.Join(codes, ", ")
				}
				if got != want {
					t.Errorf("Expand(%s) = %q, %v, want %q", url, got, err, want)
				}
			}
			filtered, err := s.Expand(ctx, operation.ExpandRequest{URL: "http://example.org/vs/below", Text: "bru", Count: -1})
			if err != nil || len(filtered.Codes) != 1 || filtered.Codes[0].Coding.Code != "H1" {
				t.Errorf("Expand with a text: %+v, %v", filtered, err)
			}
			found, err := s.Lookup(ctx, operation.LookupRequest{Coding: terminology.Coding{System: "urn:oid:1.2.752.99", Code: "H2"}})
			if err != nil {
				t.Fatal(err)
			}
			var terms []string
			for _, d := range found.Designations {
				terms = append(terms, d.Language+" "+d.Use.System+" "+d.Use.Code+" "+d.Term)
			}
			want := []string{"nb http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra preferredForLanguage Kutt", "nb http://example.org/use slang Rift"}
			if diff := cmp.Diff(want, terms); diff != "" || found.Coding.System != "http://example.org/hand" {
				t.Errorf("Lookup of %s (-want +got):\n%s", found.Coding.System, diff)
			}
		})
	}
}
