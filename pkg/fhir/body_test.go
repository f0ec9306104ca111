package fhir_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestBodyMembers is about the names of members: they are those of FHIR letter by letter,
// and another one is told.
func TestBodyMembers(t *testing.T) {
	const code = `{"name":"code","valueCode":"22298006"}`
	for _, tt := range []struct{ name, body, text string }{
		{"a second list in capitals", `{"resourceType":"Parameters","parameter":[` + code + `],"Parameter":[]}`, "no member 'Parameter'"},
		{"an empty list in capitals first", `{"resourceType":"Parameters","Parameter":[],"parameter":[` + code + `]}`, "no member 'Parameter'"},
		{"a type in capitals", `{"ResourceType":"Parameters","parameter":[]}`, "want a Parameters resource"},
		{"a list that comes twice", `{"resourceType":"Parameters","parameter":[` + code + `],"parameter":[]}`, "parameter: the member comes twice"},
		{"a name that comes twice", `{"resourceType":"Parameters","parameter":[{"name":"code","name":"url","valueCode":"1"}]}`, "parameter[0].name: the member comes twice"},
		{"a name in capitals", `{"resourceType":"Parameters","parameter":[{"Name":"code","valueCode":"1"}]}`, "has no name"},
		{"a value in capitals", `{"resourceType":"Parameters","parameter":[{"name":"code","ValueCode":"1"}]}`, "no member 'ValueCode'"},
		{"a value of no type", `{"resourceType":"Parameters","parameter":[{"name":"code","valuecode":"1"}]}`, "is a code"},
		{"a resource in capitals", `{"resourceType":"Parameters","parameter":[{"name":"tx-resource","Resource":{}}]}`, "no member 'Resource'"},
		{"a resource that is none", `{"resourceType":"Parameters","parameter":[{"name":"tx-resource","resource":[]}]}`, "want an object"},
		{"a value set that is none", `{"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":null}]}`, "want an object"},
		{"a list that is none", `{"resourceType":"Parameters","parameter":{}}`, "want an array, not an object"},
		{"an item that is none", `{"resourceType":"Parameters","parameter":[1]}`, "want an object, not a number"},
		{"a member that Parameters has not", `{"resourceType":"Parameters","entry":[]}`, "no member 'entry'"},
		{"an end too early", `{"resourceType":"Parameters","parameter":[` + code, "line 1, column 81: the JSON ends too early"},
		{"a comma too much", "{\n\"resourceType\":\"Parameters\",\n\"parameter\":[" + code + ",]}", "line 3"},
		{"more after it", `{"resourceType":"Parameters","parameter":[]} {}`, "more text after the JSON"},
		{"no object", `[]`, "want a JSON object, not an array"},
		{"a byte that is no text", "{\"resourceType\":\"Parameters\",\"parameter\":[\"\xff\"]}", "not UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var p fhir.Parameters
			p.Reset(fhir.ValueSetValidateCode)
			err := p.ReadBody([]byte(tt.body))
			if err == nil || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("ReadBody: %v, want %q", err, tt.text)
			}
			if kind := terminology.KindOf(err); kind != terminology.Invalid && kind != terminology.NotSupported {
				t.Errorf("ReadBody: kind %v, want one of the client's", kind)
			}
		})
	}
}

// TestBodyOrder reads members in any order, and resources as they came.
func TestBodyOrder(t *testing.T) {
	const resource = `{ "resourceType" : "CodeSystem", "url":"http://example.org/x" }`
	var p fhir.Parameters
	p.Reset(fhir.ValueSetValidateCode)
	err := p.ReadBody([]byte("\xEF\xBB\xBF" + `{"parameter":[{"resource":` + resource + `,"name":"tx-resource"},{"valueCode":"1","name":"code","id":"a"},{"name":"abstract","valueBoolean":true}],"id":"b","resourceType":"Parameters"}`))
	if err != nil || len(p.All()) != 3 || string(p.All()[0].Raw) != resource || p.Text("code") != "1" || !p.Bool("abstract") {
		t.Errorf("ReadBody: %+v, %v", p.All(), err)
	}
}

// FuzzReadBody states that whatever is accepted is JSON, and says the same once its members
// are in another order and its blanks are gone.
func FuzzReadBody(f *testing.F) {
	for _, body := range []string{
		`{"resourceType":"Parameters","parameter":[{"name":"code","valueCode":"22298006"},{"name":"Parameter","valueString":"x"}],"Parameter":[]}`,
		`{"resourceType":"Parameters","parameter":[{"name":"coding","valueCoding":{"system":"http://snomed.info/sct","code":"22298006"}},{"name":"abstract","valueBoolean":false}]}`,
		`{"parameter":[{"name":"tx-resource","resource":{"resourceType":"ValueSet"}}],"resourceType":"Parameters"}`,
		`{"resourceType":"ValueSet","url":"http://example.org/vs","compose":{"include":[{"system":"http://snomed.info/sct","concept":[{"code":"22298006"}]}]}}`,
		`{"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":{"resourceType":"ValueSet","compose":{"include":[{"valueSet":["#a"]}]}}}]}`,
		`{"resourceType":"Parameters","parameter":[{"name":"code","valueCode":"1"}`, "\xEF\xBB\xBF{}", `{"":[{"a":1,"a":2}]}`,
	} {
		f.Add([]byte(body))
	}
	read := func(body []byte) (*fhir.Parameters, error) {
		var p fhir.Parameters
		p.Reset(fhir.ValueSetValidateCode)
		return &p, p.ReadBody(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := read(body)
		if err != nil {
			if terminology.KindOf(err) == terminology.Other {
				t.Fatalf("ReadBody(%q) = %v, which has no kind", body, err)
			}
			return
		}
		body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		var v any
		if !json.Valid(body) || dec.Decode(&v) != nil {
			t.Fatalf("ReadBody accepts %q, which is no JSON", body)
		}
		sorted, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		q, err := read(sorted)
		if err != nil || len(q.All()) != len(p.All()) {
			t.Fatalf("ReadBody(%q) has %d parameters, and of %q %d, %v", body, len(p.All()), sorted, len(q.All()), err)
		}
		for i, a := range p.All() {
			if b := q.All()[i]; a.Definition != b.Definition || a.Text != b.Text {
				t.Fatalf("ReadBody(%q) has %+v, and of %q %+v", body, a, sorted, b)
			}
		}
	})
}

// TestReadBatch reads the entries of a Bundle, and tells where one cannot be read.
func TestReadBatch(t *testing.T) {
	const get = `{"request":{"method":"GET","url":"metadata"}}`
	for _, tt := range []struct{ name, body, text string }{
		{"a transaction", `{"resourceType":"Bundle","type":"transaction"}`, "transactions are not supported"},
		{"a collection", `{"resourceType":"Bundle","type":"collection"}`, "want batch"},
		{"another resource", `{"resourceType":"ValueSet"}`, "want a Bundle"},
		{"a type that is none", `{"resourceType":"Bundle","type":1}`, "Bundle.type"},
		{"entries that are none", `{"resourceType":"Bundle","type":"batch","entry":{}}`, "Bundle.entry"},
		{"an entry that is none", `{"resourceType":"Bundle","type":"batch","entry":[` + get + `,1]}`, "Bundle.entry[1]"},
		{"a request that is none", `{"resourceType":"Bundle","type":"batch","entry":[{"request":[]}]}`, "Bundle.entry[0].request"},
		{"an address that is none", `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"url":1}}]}`, "Bundle.entry[0].request.url"},
		{"entries in capitals", `{"resourceType":"Bundle","type":"batch","Entry":[]}`, "no member 'Entry'"},
		{"a resource in capitals", `{"resourceType":"Bundle","type":"batch","entry":[{"Resource":{}}]}`, "no member 'Resource'"},
		{"entries twice", `{"resourceType":"Bundle","type":"batch","entry":[],"entry":[]}`, "comes twice"},
		{"an end too early", `{"resourceType":"Bundle"`, "ends too early"},
	} {
		if _, err := fhir.ReadBatch([]byte(tt.body)); err == nil || !strings.Contains(err.Error(), tt.text) {
			t.Errorf("ReadBatch of %s: %v, want %q", tt.name, err, tt.text)
		}
	}
	entries, err := fhir.ReadBatch([]byte(`{"entry":[` + get + `,{"fullUrl":"urn:x","resource": {"b":2},"request":{"method":"PUT","url":"x","URL":"y","ifMatch":"z"}}],"id":"a","type":"batch","resourceType":"Bundle"}`))
	if err != nil || len(entries) != 2 || entries[0].Resource != nil || entries[0].Request.URL != "metadata" || string(entries[1].Resource) != `{"b":2}` || entries[1].Request.URL != "x" || entries[1].Request.IfMatch != "z" {
		t.Errorf("ReadBatch: %+v, %v", entries, err)
	}
}
