package operation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestTwoDoors states that a CodeSystem says the same of its codes whether it was imported
// or comes with a request, as what a client wrote does: its name, the terms with their uses,
// the properties and what is around them. What only the text of a resource has is left
// out: that a term has no language of its own, and what its use is called.
func TestTwoDoors(t *testing.T) {
	const systems = 24
	r := rand.New(rand.NewPCG(22, 11))
	var written [][]byte
	for n := range systems {
		text, err := json.Marshal(randomCodeSystem(r, n))
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, text)
	}
	data := t.TempDir()
	for i, text := range written { // each a release of its own
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.json", i))
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := importList(data, path); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
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
	imported := operation.New(c, operation.Options{Languages: language.Of(language.Bokmal)})
	bare := operation.New(installed, operation.Options{Languages: language.Of(language.Bokmal)})
	for n := range systems {
		system := twoDoorsSystem(n)
		for _, code := range []string{"a0", "a1", "a2", "a3", "b"} {
			req := operation.LookupRequest{Coding: terminology.Coding{System: system, Code: code}, Languages: language.Of(language.Bokmal), Details: true}
			want := toldOf(t, imported, req)
			req.With.Resources = written[n : n+1]
			if diff := cmp.Diff(want, toldOf(t, bare, req)); diff != "" {
				t.Fatalf("%s %s (-imported +written):\n%s\n%s", system, code, diff, written[n])
			}
		}
	}
}

func twoDoorsSystem(n int) string { return fmt.Sprintf("http://example.org/two-doors/%d", n) }

// toldOf is what a look-up tells, with lists whose order means nothing in order.
func toldOf(t *testing.T, s *operation.Service, req operation.LookupRequest) []string {
	t.Helper()
	resp, err := s.Lookup(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	told := []string{fmt.Sprint(resp.Found, " ", resp.Coding, " ", resp.Info.Inactive, resp.Info.Abstract)}
	if resp.Found {
		told = append(told, "name "+resp.Name)
	}
	for _, d := range resp.Designations {
		told = append(told, "term "+strings.Join([]string{d.Language, d.Use.System, d.Use.Code, d.Term}, "|"))
	}
	for _, p := range resp.Properties {
		told = append(told, fmt.Sprint("property ", p.Code, p.Kind, p.Value))
	}
	for _, p := range resp.Parents {
		told = append(told, "parent "+p.String()+" "+p.Display)
	}
	for _, p := range resp.Children {
		told = append(told, "child "+p.String()+" "+p.Display)
	}
	slices.Sort(told)
	return told
}

// randomCodeSystem makes a CodeSystem of the codes a0 to a3, some below others.
func randomCodeSystem(r *rand.Rand, n int) map[string]any {
	uses := []map[string]any{
		nil,
		{"system": "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra", "code": "preferredForLanguage"},
		{"system": "http://terminology.hl7.org/CodeSystem/designation-usage", "code": "display", "display": "Display"},
		{"system": "http://snomed.info/sct", "code": "900000000000013009", "display": "Synonym"},
		{"system": "http://example.org/use", "code": "slang"},
		{"system": "http://snomed.info/sct", "code": "900000000000550004"},
		{"code": "short"},
	}
	concepts := make([]map[string]any, 4)
	for i := range concepts {
		c := map[string]any{"code": fmt.Sprintf("a%d", i), "display": fmt.Sprintf("Term %d", i)}
		if r.IntN(3) == 0 {
			c["definition"] = fmt.Sprintf("What %d is", i)
		}
		if r.IntN(3) == 0 {
			c["_display"] = map[string]any{"extension": []any{map[string]any{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": []any{
				map[string]any{"url": "lang", "valueCode": "fr"}, map[string]any{"url": "content", "valueString": fmt.Sprintf("Terme %d", i)}}}}}
		}
		var terms []any
		for k := range r.IntN(4) {
			d := map[string]any{"language": []string{"nb", "nn", "en", "de"}[r.IntN(4)], "value": fmt.Sprintf("Annet %d %d", i, k)}
			if use := uses[r.IntN(len(uses))]; use != nil {
				d["use"] = use
			}
			terms = append(terms, d)
		}
		if terms != nil {
			c["designation"] = terms
		}
		if r.IntN(2) == 0 {
			c["property"] = []any{map[string]any{"code": "colour", "valueCode": "red"}, map[string]any{"code": "notSelectable", "valueBoolean": r.IntN(2) == 0}}
		}
		if r.IntN(4) == 0 {
			c["extension"] = []any{map[string]any{"url": "http://hl7.org/fhir/StructureDefinition/codesystem-conceptOrder", "valueInteger": i}}
		}
		concepts[i] = c
	}
	concepts[1]["concept"] = concepts[2:3]
	cs := map[string]any{"resourceType": "CodeSystem", "url": twoDoorsSystem(n), "version": "1", "status": "active", "language": "nb", "content": "complete", "caseSensitive": r.IntN(2) == 0,
		"concept": []any{concepts[0], concepts[1], concepts[3]}}
	for member, value := range map[string]any{"name": fmt.Sprintf("Two%d", n), "title": fmt.Sprintf("Two doors %d", n)} {
		if n%5 != len(member)%5 { // one in five lacks it
			cs[member] = value
		}
	}
	return cs
}
