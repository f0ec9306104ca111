package fhir_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// texts are resources with everything that XML writes otherwise than JSON.
var texts = []string{
	`{"resourceType":"ValueSet","id":"a","language":"nb","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Å &amp; ø</p></div>"},"status":"active","_status":{"id":"s1","extension":[{"url":"http://example.org/e","valueCode":"x"}]},"compose":{"inactive":false,"include":[{"system":"http://example.org","concept":[{"code":"1","display":"\"<&>'\n\tå"}]}]}}`,
	`{"resourceType":"CodeSystem","content":"complete","count":12,"concept":[{"id":"c1","code":"a","property":[{"code":"w","valueDecimal":1.50},{"code":"b","valueBoolean":true},{"code":"c","valueCoding":{"system":"http://example.org","code":"k"}}],"concept":[{"code":"b"}]}]}`,
	`{"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":{"resourceType":"ValueSet","status":"draft"}},{"name":"m","part":[{"name":"n","valueInteger":-3},{"name":"d","valueDateTime":"2026-11-22"}]}]}`,
	`{"resourceType":"ValueSet","compose":{"include":[{"valueSet":["http://example.org/a",null],"_valueSet":[null,{"extension":[{"url":"http://example.org/u","extension":[{"url":"v","valueString":"w"}]}]}]}]}}`,
	`{"resourceType":"Bundle","type":"searchset","total":1,"entry":[{"fullUrl":"http://example.org","resource":{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","location":["x"]}]},"search":{"mode":"match"}}]}`,
	`{"resourceType":"NamingSystem","name":"A","status":"active","kind":"codesystem","date":"2026","uniqueId":[{"type":"oid","value":"1.2","preferred":true}]}`,
	`{"resourceType":"ValueSet","contained":[{"resourceType":"ValueSet","id":"x","status":"active"}],"status":"active"}`,
}

// roundTrip wants the same resource after it was written in XML.
func roundTrip(t *testing.T, v fhir.Version, text []byte) {
	t.Helper()
	inXML, err := fhir.AppendXML(nil, text)
	if err != nil {
		t.Fatalf("AppendXML(%.300s): %v", text, err)
	}
	back, err := fhir.ReadXML(v, inXML)
	if err != nil {
		t.Fatalf("ReadXML(%.300s): %v", inXML, err)
	}
	if diff := cmp.Diff(tree(t, text), tree(t, back)); diff != "" {
		t.Errorf("%.300s\ncomes back otherwise (-want +got):\n%s", inXML, diff)
	}
}

func tree(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	return v
}

func TestXMLRoundTrip(t *testing.T) {
	for _, text := range texts {
		roundTrip(t, fhir.R5, []byte(text))
	}
	for v, text := range map[fhir.Version]string{
		fhir.R4: `{"resourceType":"ConceptMap","identifier":{"value":"1"},"status":"active","sourceUri":"http://example.org","group":[{"source":"a","target":"b","element":[{"code":"1","target":[{"code":"2","equivalence":"wider","dependsOn":[{"property":"p","value":"v"}]}]}],"unmapped":{"mode":"fixed","code":"x"}}]}`,
		fhir.R5: `{"resourceType":"ConceptMap","identifier":[{"value":"1"}],"status":"active","sourceScopeUri":"http://example.org","group":[{"source":"a","target":"b","element":[{"code":"1","noMap":true}],"unmapped":{"mode":"fixed","code":"x","relationship":"equivalent"}}]}`,
	} {
		roundTrip(t, v, []byte(text))
	}
}

// TestXMLOfVersions writes every answer that the tests of a version of FHIR pin.
func TestXMLOfVersions(t *testing.T) {
	for dir, v := range map[string]fhir.Version{"r4": fhir.R4, "r5": fhir.R5} {
		files, err := filepath.Glob(filepath.Join("testdata", "golden", dir, "*.json"))
		if err != nil || len(files) < 10 {
			t.Fatalf("%s: %d answers, %v, want more", dir, len(files), err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(path, func(t *testing.T) { roundTrip(t, v, text) })
		}
	}
}

// TestXMLOfGoldens writes every answer that the tests of the server pin.
func TestXMLOfGoldens(t *testing.T) {
	n := 0
	err := filepath.WalkDir("../server/rest/testdata/golden", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, body, _ := strings.Cut(string(text), "\n")
		if body = strings.TrimSpace(body); strings.Contains(body, `"resourceType"`) && body[0] == '{' {
			n++
			roundTrip(t, fhir.R4, []byte(body))
		}
		return nil
	})
	if err != nil || n < 10 {
		t.Errorf("%d answers, %v, want more", n, err)
	}
}

func TestReadXMLRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                                       "no element",
		`<ValueSet/>`:                            "namespace ''",
		`<Patient xmlns="http://hl7.org/fhir"/>`: "found element 'Patient'",
		`<ValueSet xmlns="http://hl7.org/fhir"><navn value="x"/></ValueSet>`:                  "ValueSet has no element 'navn'",
		`<ValueSet xmlns="http://hl7.org/fhir"><name value="x"/><name value="y"/></ValueSet>`: "ValueSet.name: line 1",
		`<ValueSet xmlns="http://hl7.org/fhir"><experimental value="ja"/></ValueSet>`:         "want true or false",
		`<ValueSet xmlns="http://hl7.org/fhir">text</ValueSet>`:                               "found text",
		`<ValueSet xmlns="http://hl7.org/fhir"><name/></ValueSet>`:                            "neither value nor extension",
		`<!DOCTYPE x [<!ENTITY a "b">]><ValueSet xmlns="http://hl7.org/fhir"/>`:               "DOCTYPE",
		`<CodeSystem xmlns="http://hl7.org/fhir">` + strings.Repeat("<concept>", 300):         "more than 200 deep",
		`<CodeSystem xmlns="http://hl7.org/fhir"><count value="+1"/></CodeSystem>`:            "want a number",
		`<?xml version="1.0" encoding="latin1"?><CodeSystem xmlns="http://hl7.org/fhir"/>`:    "FHIR is in UTF-8",
	} {
		_, err := fhir.ReadXML(fhir.R4, []byte(text))
		if terminology.KindOf(err) != terminology.Invalid || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("ReadXML(%.80s) = %v, want Invalid with %q", text, err, want)
		}
	}
}

// FuzzReadXML states what holds for every input: what is accepted is JSON that is
// written as XML, and read back as the same.
func FuzzReadXML(f *testing.F) {
	for _, text := range texts {
		x, err := fhir.AppendXML(nil, []byte(text))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := fhir.ReadXML(fhir.R5, data)
		if err != nil {
			return
		}
		if !json.Valid(text) {
			t.Fatalf("ReadXML(%q) = %q, which is no JSON", data, text)
		}
		again, err := fhir.AppendXML(nil, text)
		if terminology.KindOf(err) == terminology.NotSupported && strings.Contains(err.Error(), "narrative") {
			return
		}
		if err != nil {
			t.Fatalf("AppendXML(%q): %v", text, err)
		}
		back, err := fhir.ReadXML(fhir.R5, again)
		if err != nil || string(back) != string(text) {
			t.Fatalf("%q comes back as %q, %v", text, back, err)
		}
	})
}

// FuzzReadResource states what holds for every input: an accepted resource is JSON under
// its new id, is accepted again as itself, and keeps no meta of ours.
func FuzzReadResource(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := fhir.ReadResource(fhir.R4, "", data)
		if err != nil {
			return
		}
		text := in.Text("new")
		again, err := fhir.ReadResource(fhir.R4, in.Type, text)
		if err != nil || again.ID != "new" || again.Meta != "" || string(again.Text("new")) != string(text) {
			t.Fatalf("%q becomes %q, %v", data, text, err)
		}
		if in.Meta != "" && !json.Valid([]byte(in.Meta)) {
			t.Fatalf("meta %q", in.Meta)
		}
	})
}
