package resource_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// inBoth imports a resource in JSON and the same in XML, and wants the same releases. It
// reports whether the resource can be written in XML at all.
func inBoth(t *testing.T, name string, asJSON []byte) bool {
	t.Helper()
	asXML, err := fhir.AppendXML(nil, asJSON)
	if terminology.KindOf(err) == terminology.NotSupported {
		t.Logf("%s: %v", name, err)
		return false // an element that FHIR does not have
	}
	if err != nil {
		t.Errorf("%s in XML: %v", name, err)
		return false
	}
	want, got := readLeniently(t, text("x.json", string(asJSON))), readLeniently(t, text("x.xml", string(asXML)))
	if len(got) != len(want) {
		t.Errorf("%s: %d releases of XML, want %d", name, len(got), len(want))
	}
	for release, w := range want {
		g := got[release]
		if g == nil {
			t.Errorf("%s: XML gives no %s", name, release)
			continue
		}
		same := cmp.Options{cmpopts.IgnoreFields(terminology.Mapping{}, "File", "Line")}
		for what, pair := range map[string][2]any{"concepts": {w.Concepts, g.Concepts}, "designations": {w.Designations, g.Designations}, "properties": {w.Properties, g.Properties},
			"parents": {w.Parents, g.Parents}, "mappings": {w.Mappings, g.Mappings}, "rows": {w.Rows["x.json"], g.Rows["x.xml"]}, "maps": {w.Maps, g.Maps}, "bad rows": {faults(w), faults(g)}} {
			if diff := cmp.Diff(pair[0], pair[1], same); diff != "" {
				t.Errorf("%s: %s of %s (-JSON +XML):\n%s", name, what, release, diff)
			}
		}
		if diff := cmp.Diff(keptOf(t, w), keptOf(t, g)); diff != "" {
			t.Errorf("%s: resources of %s (-JSON +XML):\n%s", name, release, diff)
		}
	}
	return true
}

// readLeniently reads the sources of a file, with their bad rows.
func readLeniently(t *testing.T, f terminology.SourceFile) map[string]*sink {
	t.Helper()
	sources, err := resource.NewSources([]terminology.SourceFile{f}, options)
	if err != nil {
		return nil
	}
	out := map[string]*sink{}
	for _, s := range sources {
		to := newSink()
		release, err := s.Read(t.Context(), to)
		if err != nil {
			continue
		}
		out[string(release.Kind)+" "+release.System+" "+release.Date+" "+release.Title+" "+release.Language] = to
	}
	return out
}

// faults returns what is wrong with rows, wherever they stand.
func faults(s *sink) []string {
	var out []string
	for _, row := range s.BadRows {
		out = append(out, row.Column+": "+row.Err.Error())
	}
	return out
}

// keptOf returns the resources that a sink keeps, as trees, by type, URL and id, without what
// XML and JSON may say otherwise: a narrative, which is not taken from XML, and an identifier
// that R4 has one of and R5 several.
func keptOf(t *testing.T, s *sink) map[string]any {
	t.Helper()
	out := map[string]any{}
	for name, raw := range s.texts {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		var tree map[string]any
		if err := d.Decode(&tree); err != nil {
			t.Fatalf("%v: %.300s", err, raw)
		}
		delete(tree, "text")
		if one, ok := tree["identifier"].(map[string]any); ok {
			tree["identifier"] = []any{one}
		}
		for _, c := range contained(tree) {
			delete(c, "text")
		}
		out[name] = tree
	}
	return out
}

func contained(tree map[string]any) []map[string]any {
	list, _ := tree["contained"].([]any)
	var out []map[string]any
	for _, v := range list {
		if c, ok := v.(map[string]any); ok {
			out = append(out, c)
		}
	}
	return out
}

// known returns a fixture without the element that FHIR does not have, which is there to be
// passed over and cannot be written in XML.
func known(t *testing.T, data []byte) []byte {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var tree map[string]any
	if err := d.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	delete(tree, "somethingNew")
	out, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestMarkupIsJSON states the law of the two forms: a resource in XML is imported as the same
// in JSON.
func TestMarkupIsJSON(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d fixtures, %v", len(files), err)
	}
	for _, name := range append(files, "../../../testdata/http/resources.json") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !inBoth(t, name, known(t, data)) {
			t.Errorf("%s cannot be written in XML", name)
		}
	}
	for name, one := range map[string]string{
		"one of each list":      `{"resourceType":"CodeSystem","url":"http://example.org/a","version":"1","status":"active","content":"complete","author":[{"name":"a"}],"relatedArtifact":[{"type":"citation"}],"filter":[{"code":"f","operator":["="],"value":"v"}],"concept":[{"code":"a","designation":[{"language":"nb","value":"A","additionalUse":[{"code":"x"}]}]}]}`,
		"values of every type":  `{"resourceType":"CodeSystem","url":"http://example.org/b","version":"1","status":"active","content":"complete","caseSensitive":true,"experimental":false,"count":1,"property":[{"code":"d","type":"decimal"},{"code":"s","type":"string"},{"code":"b","type":"boolean"},{"code":"i","type":"integer"}],"concept":[{"code":"a","property":[{"code":"d","valueDecimal":1.50},{"code":"s","valueString":"true"},{"code":"s","valueString":"12"},{"code":"b","valueBoolean":false},{"code":"i","valueInteger":-3}]}]}`,
		"numbers in words":      `{"resourceType":"CodeSystem","url":"http://example.org/c","version":"1.0","name":"true","title":"12","status":"active","content":"complete","concept":[{"code":"1","display":"true"},{"code":"2.0","display":"3"}]}`,
		"a primitive without":   `{"resourceType":"CodeSystem","url":"http://example.org/d","version":"1","status":"active","content":"complete","_publisher":{"extension":[{"url":"http://example.org/e","valueCode":"x"}]},"concept":[{"code":"a","_display":{"id":"i"},"display":"A"}]}`,
		"gaps in a list":        `{"resourceType":"ValueSet","url":"http://example.org/e","version":"1","status":"active","compose":{"include":[{"valueSet":["http://example.org/a",null],"_valueSet":[null,{"extension":[{"url":"http://example.org/u","valueCode":"v"}]}]}]}}`,
		"attributes of a map":   `{"resourceType":"ConceptMap","url":"http://example.org/f","version":"1","status":"active","group":[{"source":"http://example.org/a","target":"http://example.org/b","element":[{"code":"a","noMap":false,"target":[{"code":"b","relationship":"equivalent","product":[{"attribute":"p","valueCode":"v"}]}]}]}]}`,
		"one name of a system":  `{"resourceType":"NamingSystem","name":"N","status":"active","kind":"codesystem","date":"2026","uniqueId":[{"type":"oid","value":"1.2.3","preferred":true}]}`,
		"scopes of a value set": `{"resourceType":"ValueSet","url":"http://example.org/g","version":"1","status":"active","immutable":true,"expansion":{"timestamp":"2026-11-22","total":1,"offset":0,"parameter":[{"name":"count","valueInteger":1}],"contains":[{"system":"http://example.org/a","code":"a","abstract":true}]}}`,
	} {
		if !inBoth(t, name, []byte(one)) {
			t.Errorf("%s cannot be written in XML", name)
		}
	}
}

// TestMarkupOfSuite holds the law for the resources of the HL7 terminology ecosystem suite.
func TestMarkupOfSuite(t *testing.T) {
	if _, err := os.Stat(suite); err != nil {
		t.Skip("the suite is not here")
	}
	tried := 0
	err := filepath.WalkDir(suite, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !slices.ContainsFunc([]string{"codesystem-", "valueset-", "conceptmap-"}, func(kind string) bool { return strings.HasPrefix(e.Name(), kind) }) || filepath.Ext(path) != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if inBoth(t, path, data) {
			tried++
		}
		return nil
	})
	if err != nil || tried < 50 {
		t.Errorf("tried %d resources, %v, want more", tried, err)
	}
}
