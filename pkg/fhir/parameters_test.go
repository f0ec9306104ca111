package fhir_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func ExampleParameters() {
	var p fhir.Parameters
	p.Reset(fhir.Lookup)
	err := p.ReadQuery("system=http%3A%2F%2Fsnomed.info%2Fsct&code=22298006&displayLanguage=nn")
	req, _ := fhir.LookupRequest(&p)
	fmt.Println(req.Coding, req.Languages, err)

	p.Reset(fhir.Lookup)
	err = p.ReadQuery("system=http://snomed.info/sct&code=22298006&subsumes=true")
	fmt.Println(err)
	// Output:
	// http://snomed.info/sct#22298006 nn <nil>
	// fhir.Read: not supported: subsumes: CodeSystem/$lookup has no parameter 'subsumes', but code, system, version, coding, date, displayLanguage, property, system-version, check-system-version, force-system-version, default-valueset-version, useSupplement
}

func parameters(op *fhir.Operation, query, body string) (*fhir.Parameters, error) {
	p := new(fhir.Parameters)
	p.Reset(op)
	if body != "" {
		return p, p.ReadBody([]byte(body))
	}
	return p, p.ReadQuery(query)
}

// TestReadErrors pins kind, place and words of what a client can send wrong.
func TestReadErrors(t *testing.T) {
	params := func(items string) string { return `{"resourceType":"Parameters","parameter":[` + items + `]}` }
	tests := []struct {
		name, query, body string
		op                *fhir.Operation
		kind              terminology.Kind
		want              string
	}{
		{name: "unknown parameter", op: fhir.Lookup, query: "kode=T90", kind: terminology.NotSupported, want: "kode: CodeSystem/$lookup has no parameter 'kode'"},
		{name: "refused parameter", op: fhir.Expand, query: "context=http://example.org/profile", kind: terminology.NotSupported, want: "'context' is not supported"},
		{name: "given twice", op: fhir.Lookup, query: "code=T90&code=T89", kind: terminology.Invalid, want: "parameter 'code' is given twice"},
		{name: "given twice in two spellings", op: fhir.Translate, query: "code=T90&sourceCode=T89", kind: terminology.Invalid, want: "given twice"},
		{name: "no date", op: fhir.Lookup, query: "date=30.06.2025", kind: terminology.Invalid, want: "date: want a date such as 2025, 2025-06"},
		{name: "a day that there is not", op: fhir.Expand, query: "date=2025-02-30", kind: terminology.Invalid, want: "date: want a date"},
		{name: "no boolean", op: fhir.Expand, query: "activeOnly=ja", kind: terminology.Invalid, want: "activeOnly: want true or false"},
		{name: "negative count", op: fhir.Expand, query: "count=-1", kind: terminology.Invalid, want: "count: want a whole number"},
		{name: "Coding in a query", op: fhir.Lookup, query: "coding=http://snomed.info/sct%7C22298006", kind: terminology.Invalid, want: "'coding' is a Coding, which a query cannot carry"},
		{name: "broken percent-encoding", op: fhir.Lookup, query: "code=%zz", kind: terminology.Invalid, want: "code: invalid URL escape"},
		{name: "abstract codes to leave out", op: fhir.Expand, query: "excludeNotForUI=true", kind: terminology.NotSupported, want: "only supported with the value false"},
		{name: "broken JSON", op: fhir.Lookup, body: "{\n  \"resourceType\": \"Parameters\",\n  parameter: []\n}", kind: terminology.Invalid, want: "line 3, column 3: invalid character 'p'"},
		{name: "cut JSON", op: fhir.Lookup, body: `{"resourceType":"Parameters"`, kind: terminology.Invalid, want: "line 1, column 29: the JSON ends too early"},
		{name: "two JSON values", op: fhir.Lookup, body: `{"resourceType":"Parameters"} {}`, kind: terminology.Invalid, want: "more text after the JSON"},
		{name: "Latin-1 body", op: fhir.Lookup, body: "{\"resourceType\":\"Parameters\",\"x\":\"hj\xE6rte\"}", kind: terminology.Invalid, want: "line 1, column 37: the body is not UTF-8"},
		{name: "array", op: fhir.Lookup, body: `[]`, kind: terminology.Invalid, want: "want a JSON object, not an array"},
		{name: "other resource", op: fhir.Lookup, body: `{"resourceType":"Patient"}`, kind: terminology.Invalid, want: `want a Parameters resource, not "Patient"`},
		{name: "code as number", op: fhir.Lookup, body: params(`{"name":"code","valueCode":22298006}`), kind: terminology.Invalid, want: "Parameters.parameter[0].valueCode: parameter 'code' is a code"},
		{name: "number inside a Coding", op: fhir.Lookup, body: params(`{"name":"version","valueString":"x"},{"name":"coding","valueCoding":{"code":1}}`), kind: terminology.Invalid, want: "Parameters.parameter[1].valueCoding.code: want a string, not a number"},
		{name: "boolean as text", op: fhir.Expand, body: params(`{"name":"activeOnly","valueBoolean":"true"}`), kind: terminology.Invalid, want: "parameter[0].valueBoolean: parameter 'activeOnly' is a boolean"},
		{name: "no value", op: fhir.Lookup, body: params(`{"name":"code"}`), kind: terminology.Invalid, want: "parameter 'code' has no value"},
		{name: "two values", op: fhir.Lookup, body: params(`{"name":"code","valueCode":"a","valueString":"b"}`), kind: terminology.Invalid, want: "two values: valueCode and valueString"},
		{name: "no name", op: fhir.Lookup, body: params(`{"valueCode":"a"}`), kind: terminology.Invalid, want: "Parameters.parameter[0]: the parameter has no name"},
		{name: "resource without a resource", op: fhir.Expand, body: params(`{"name":"tx-resource","valueString":"x"}`), kind: terminology.Invalid, want: "parameter 'tx-resource' has no resource"},
		{name: "bad filter in a value set", op: fhir.Expand, body: params(`{"name":"valueSet","resource":{"resourceType":"ValueSet","compose":{"include":[{"filter":[{"property":"concept","op":"is-a","value":138875005}]}]}}}`), kind: terminology.Invalid, want: "Parameters.parameter[0].resource.compose.include[0].filter[0].value: want a string, not a number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parameters(tt.op, tt.query, tt.body)
			if terminology.KindOf(err) != tt.kind || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want kind %v and %q", err, tt.kind, tt.want)
			}
		})
	}
}

// TestRequests pins what requests mean, in both ways of sending them.
func TestRequests(t *testing.T) {
	const sct, icpc = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icpc-2"
	read := func(f any, p *fhir.Parameters) (any, error) {
		switch f := f.(type) {
		case func(*fhir.Parameters) (operation.LookupRequest, error):
			return f(p)
		case func(*fhir.Parameters) (operation.SubsumesRequest, error):
			return f(p)
		case func(*fhir.Parameters) (operation.ExpandRequest, error):
			return f(p)
		case func(*fhir.Parameters) (operation.ValidateRequest, error):
			return f(p)
		case func(*fhir.Parameters) ([]operation.TranslateRequest, error):
			return f(p)
		}
		panic("no such reader")
	}
	one := func(q operation.TranslateRequest) any { return []operation.TranslateRequest{q} }
	tests := []struct {
		name, query, body string
		op                *fhir.Operation
		read              any
		want              any
		err               string
	}{
		{name: "look-up with properties", op: fhir.Lookup, read: fhir.LookupRequest, query: "system=" + sct + "&code=22298006&property=parent&property=designation",
			want: operation.LookupRequest{Details: true, Coding: terminology.Coding{System: sct, Code: "22298006"}, Properties: []string{"parent", "designation"}}},
		{name: "look-up of a Coding", op: fhir.Lookup, read: fhir.LookupRequest, body: `{"resourceType":"Parameters","parameter":[{"name":"coding","valueCoding":{"system":"` + icpc + `","code":"T90"}}]}`,
			want: operation.LookupRequest{Details: true, Coding: terminology.Coding{System: icpc, Code: "T90"}}},
		{name: "look-up without system", op: fhir.Lookup, read: fhir.LookupRequest, query: "code=T90", err: "the request has no system"},
		{name: "look-up with a bad language", op: fhir.Lookup, read: fhir.LookupRequest, query: "code=T90&system=" + icpc + "&displayLanguage=n%C3%B8", err: "Invalid displayLanguage: 'nø'"},
		{name: "subsumption", op: fhir.Subsumes, read: fhir.SubsumesRequest, query: "system=" + sct + "&codeA=64572001&codeB=22298006",
			want: operation.SubsumesRequest{System: sct, CodeA: "64572001", CodeB: "22298006"}},
		{name: "subsumption across systems", op: fhir.Subsumes, read: fhir.SubsumesRequest, body: `{"resourceType":"Parameters","parameter":[{"name":"codingA","valueCoding":{"system":"` + icpc + `","code":"T90"}},{"name":"codingB","valueCoding":{"system":"` + sct + `","code":"22298006"}}]}`,
			err: "both codes must be of one code system"},
		{name: "expansion of an implicit value set", op: fhir.Expand, read: fhir.ExpandRequest, query: "url=" + url.QueryEscape(sct+"?fhir_vs=isa/64572001") + "&filter=hjerteinf&count=10&offset=20&activeOnly=true",
			want: operation.ExpandRequest{Details: true, Nested: true, URL: sct + "?fhir_vs=isa/64572001", Text: "hjerteinf", Count: 10, Offset: 20, ActiveOnly: true}},
		{name: "expansion without count", op: fhir.Expand, read: fhir.ExpandRequest, query: "url=http://example.org/vs&valueSetVersion=2&filter=",
			want: operation.ExpandRequest{Details: true, Nested: true, URL: "http://example.org/vs|2", Count: -1}},
		{name: "expansion of a posted value set", op: fhir.Expand, read: fhir.ExpandRequest, body: `{"resourceType":"ValueSet","url":"http://example.org/vs"}`,
			want: operation.ExpandRequest{Details: true, Nested: true, Count: -1, Definition: []byte(`{"resourceType":"ValueSet","url":"http://example.org/vs"}`)}},
		{name: "expansion with resources, rules of versions and supplements", op: fhir.Expand, read: fhir.ExpandRequest,
			body: `{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"http://example.org/vs"},{"name":"tx-resource","resource":{"resourceType":"ValueSet"}},{"name":"system-version","valueUri":"` + icpc + `|2025"},{"name":"useSupplement","valueCanonical":"http://example.org/s"},{"name":"excludeNested","valueBoolean":true},{"name":"property","valueString":"p"}]}`,
			want: operation.ExpandRequest{Details: true, Count: -1, URL: "http://example.org/vs", Properties: []string{"p"}, With: operation.With{Resources: [][]byte{[]byte(`{"resourceType":"ValueSet"}`)}, Supplements: []string{"http://example.org/s"}, Versions: operation.VersionRules{Default: []string{icpc + "|2025"}}}}},
		{name: "validation against a value set", op: fhir.ValueSetValidateCode, read: fhir.ValidateRequest, query: "url=http://example.org/vs&system=" + icpc + "&code=T90&display=Diabetes",
			want: operation.ValidateRequest{Codings: []terminology.Coding{{System: icpc, Code: "T90", Display: "Diabetes"}}, ValueSet: "http://example.org/vs"}},
		{name: "validation against a code system", op: fhir.CodeSystemValidateCode, read: fhir.ValidateRequest, query: "url=" + icpc + "&version=2025&code=T90",
			want: operation.ValidateRequest{Codings: []terminology.Coding{{System: icpc, Version: "2025", Code: "T90"}}}},
		{name: "validation on a day", op: fhir.CodeSystemValidateCode, read: fhir.ValidateRequest, query: "url=" + icpc + "&code=T90&date=2025-06-30T12:00:00%2B02:00",
			want: operation.ValidateRequest{Codings: []terminology.Coding{{System: icpc, Code: "T90"}}, Date: 20250630}},
		{name: "validation on the last day of a year", op: fhir.ValueSetValidateCode, read: fhir.ValidateRequest, query: "url=http://example.org/vs&system=" + icpc + "&code=T90&date=2025",
			want: operation.ValidateRequest{Codings: []terminology.Coding{{System: icpc, Code: "T90"}}, ValueSet: "http://example.org/vs", Date: 20251231}},
		{name: "validation of a CodeableConcept", op: fhir.CodeSystemValidateCode, read: fhir.ValidateRequest, body: `{"resourceType":"Parameters","parameter":[{"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"` + icpc + `","code":"T90"},{"system":"` + sct + `","code":"44054006"}]}}]}`,
			want: operation.ValidateRequest{Form: operation.FormConcept, Codings: []terminology.Coding{{System: icpc, Code: "T90"}, {System: sct, Code: "44054006"}}}},
		{name: "validation of a coding of another system", op: fhir.CodeSystemValidateCode, read: fhir.ValidateRequest, body: `{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"` + sct + `"},{"name":"coding","valueCoding":{"system":"` + icpc + `","code":"T90"}}]}`, err: "parameter[1].valueCoding.system: 'url' is " + sct},
		{name: "translation, R4 names", op: fhir.Translate, read: fhir.TranslateRequests, query: "system=" + icpc + "&code=T90&targetsystem=http://hl7.org/fhir/sid/icd-10-no",
			want: one(operation.TranslateRequest{Coding: terminology.Coding{System: icpc, Code: "T90"}, Target: "http://hl7.org/fhir/sid/icd-10-no"})},
		{name: "translation, R5 names", op: fhir.Translate, read: fhir.TranslateRequests, query: "system=" + icpc + "&sourceCode=T90&targetSystem=http://hl7.org/fhir/sid/icd-10-no",
			want: one(operation.TranslateRequest{Coding: terminology.Coding{System: icpc, Code: "T90"}, Target: "http://hl7.org/fhir/sid/icd-10-no"})},
		{name: "translation between implicit value sets", op: fhir.Translate, read: fhir.TranslateRequests, query: "system=" + sct + "&code=22298006&source=" + sct + "?fhir_vs&target=" + icpc + "?fhir_vs",
			want: one(operation.TranslateRequest{Coding: terminology.Coding{System: sct, Code: "22298006"}, Target: icpc, SourceScope: sct + "?fhir_vs"})},
		{name: "translation from a part of a system", op: fhir.Translate, read: fhir.TranslateRequests, query: "system=" + sct + "&code=22298006&source=http://example.org/vs&target=http://example.org/other",
			want: one(operation.TranslateRequest{Coding: terminology.Coding{System: sct, Code: "22298006"}, SourceScope: "http://example.org/vs", TargetScope: "http://example.org/other"})},
		{name: "translation by a version of a map", op: fhir.Translate, read: fhir.TranslateRequests, query: "system=" + sct + "&code=22298006&url=http://example.org/map&conceptMapVersion=2",
			want: one(operation.TranslateRequest{URL: "http://example.org/map|2", Coding: terminology.Coding{System: sct, Code: "22298006"}})},
		{name: "translation by two versions of a map", op: fhir.Translate, read: fhir.TranslateRequests, query: "system=" + sct + "&code=22298006&url=http://example.org/map|1&conceptMapVersion=2", err: "conceptMapVersion: the map is asked for in version 1 and in version 2"},
		{name: "translation by a version of no map", op: fhir.Translate, read: fhir.TranslateRequests, query: "system=" + sct + "&code=22298006&conceptMapVersion=2", err: "conceptMapVersion: a version is of a map"},
		{name: "translation by a map of the request", op: fhir.Translate, read: fhir.TranslateRequests, body: `{"resourceType":"Parameters","parameter":[{"name":"conceptMap","resource":{"resourceType":"ConceptMap","url":"http://example.org/map","version":"3"}},{"name":"sourceCoding","valueCoding":{"system":"` + icpc + `","code":"T90"}}]}`,
			want: one(operation.TranslateRequest{URL: "http://example.org/map|3", Coding: terminology.Coding{System: icpc, Code: "T90"}, With: operation.With{Resources: [][]byte{[]byte(`{"resourceType":"ConceptMap","url":"http://example.org/map","version":"3"}`)}}})},
		{name: "translation by a map without URL", op: fhir.Translate, read: fhir.TranslateRequests, body: `{"resourceType":"Parameters","parameter":[{"name":"conceptMap","resource":{"resourceType":"ConceptMap"}},{"name":"sourceCoding","valueCoding":{"system":"` + icpc + `","code":"T90"}}]}`,
			want: one(operation.TranslateRequest{URL: "urn:kodeks:map:of-request", Coding: terminology.Coding{System: icpc, Code: "T90"}, With: operation.With{Resources: [][]byte{[]byte(`{"url":"urn:kodeks:map:of-request","resourceType":"ConceptMap"}`)}}})},
		{name: "translation by a map of the request and another", op: fhir.Translate, read: fhir.TranslateRequests, body: `{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"http://example.org/other"},{"name":"conceptMap","resource":{"resourceType":"ConceptMap","url":"http://example.org/map"}},{"name":"sourceCoding","valueCoding":{"system":"` + icpc + `","code":"T90"}}]}`, err: "give one of 'url' and 'conceptMap'"},
		{name: "translation for a patient", op: fhir.Translate, read: fhir.TranslateRequests, query: "system=" + sct + "&code=22298006&age=63y&ageAtOnset=2mo&sex=female&finding=73211009&finding=38341003&walk=true&chain=false",
			want: one(operation.TranslateRequest{Coding: terminology.Coding{System: sct, Code: "22298006"}, Walk: true, NoChain: true, Patient: operation.Patient{Sex: "female", Age: "63y", AgeAtOnset: "2mo", Findings: []string{"73211009", "38341003"}}})},
		{name: "translation with dependencies of R5", op: fhir.Translate, read: fhir.TranslateRequests, body: `{"resourceType":"Parameters","parameter":[{"name":"sourceCoding","valueCoding":{"system":"` + sct + `","code":"22298006"}},
			{"name":"dependency","part":[{"name":"attribute","valueUri":"http://snomed.info/id/445518008"},{"name":"value","valueQuantity":{"value":28.0,"unit":"days","code":"d"}}]},
			{"name":"dependency","part":[{"name":"attribute","valueUri":"http://example.org/route"},{"name":"value","valueString":"oral"}]},
			{"name":"dependency","part":[{"name":"attribute","valueUri":"http://example.org/new"},{"name":"value","valueBoolean":true}]}]}`,
			want: one(operation.TranslateRequest{Coding: terminology.Coding{System: sct, Code: "22298006"}, Patient: operation.Patient{AgeAtOnset: "28.0 d", Terms: []terminology.MapTerm{
				{Property: "http://snomed.info/id/445518008", Value: terminology.Coding{Display: "28.0 d"}}, {Property: "http://example.org/route", Value: terminology.Coding{Display: "oral"}}, {Property: "http://example.org/new", Value: terminology.Coding{Code: "true"}}}}})},
		{name: "translation with a dependency of R4", op: fhir.Translate, read: fhir.TranslateRequests, body: `{"resourceType":"Parameters","parameter":[{"name":"coding","valueCoding":{"system":"` + sct + `","code":"22298006"}},
			{"name":"dependency","part":[{"name":"element","valueUri":"http://example.org/any"},{"name":"concept","valueCodeableConcept":{"coding":[{"system":"` + sct + `","code":"248152002"}]}}]}]}`,
			want: one(operation.TranslateRequest{Coding: terminology.Coding{System: sct, Code: "22298006"}, Patient: operation.Patient{Sex: "248152002", Terms: []terminology.MapTerm{{Property: "http://example.org/any", Value: terminology.Coding{System: sct, Code: "248152002"}}}}})},
		{name: "reverse, R4", op: fhir.Translate, read: fhir.TranslateRequests, query: "system=http://hl7.org/fhir/sid/icd-10-no&code=E11.9&reverse=true&targetsystem=" + icpc,
			want: one(operation.TranslateRequest{Coding: terminology.Coding{System: "http://hl7.org/fhir/sid/icd-10-no", Code: "E11.9"}, Target: icpc, Reverse: true})},
		{name: "reverse, R5", op: fhir.Translate, read: fhir.TranslateRequests, query: "targetSystem=http://hl7.org/fhir/sid/icd-10-no&targetCode=E11.9&sourceSystem=" + icpc,
			want: one(operation.TranslateRequest{Coding: terminology.Coding{System: "http://hl7.org/fhir/sid/icd-10-no", Code: "E11.9"}, Target: icpc, Reverse: true})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := parameters(tt.op, tt.query, tt.body)
			if err != nil {
				t.Fatal(err)
			}
			got, err := read(tt.read, p)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error %v, want %q in it", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.Comparer(func(a, b interface{ IsZero() bool }) bool { return a.IsZero() == b.IsZero() })); diff != "" {
				t.Errorf("request differs (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTables holds what the tables promise: every refusal and every restriction
// says why, and every other spelling names a parameter that exists.
func TestTables(t *testing.T) {
	for _, op := range fhir.Operations {
		seen := map[string]bool{}
		for _, d := range op.Parameters {
			if seen[d.Name] {
				t.Errorf("%s: %s stands twice", op.Path(), d.Name)
			}
			seen[d.Name] = true
			if (d.Use != fhir.Supported || d.Only != "") && d.Note == "" {
				t.Errorf("%s: %s has no note", op.Path(), d.Name)
			}
		}
		for _, d := range op.Parameters {
			if d.Same != "" && !seen[d.Same] {
				t.Errorf("%s: %s is said to be %s, which is no parameter", op.Path(), d.Name, d.Same)
			}
		}
	}
}

// FuzzParameters states that a query and a Parameters resource that carry the same
// read the same, or fail with the same kind of error.
func FuzzParameters(f *testing.F) {
	f.Add(uint8(0), "system=http%3A%2F%2Fsnomed.info%2Fsct&code=22298006&property=parent&property=child")
	f.Add(uint8(3), "url=http://snomed.info/sct?fhir_vs&filter=hjerte+inf&count=10&activeOnly=true")
	f.Add(uint8(5), "code=T90&system=http://hl7.org/fhir/sid/icpc-2&targetsystem=x&reverse=false")
	f.Add(uint8(1), "code=I21%2E9&code=%zz&&=&x=\xff")
	f.Fuzz(func(t *testing.T, which uint8, query string) {
		op := fhir.Operations[int(which)%len(fhir.Operations)]
		get, getErr := parameters(op, query, "")
		body, ok := asBody(op, query)
		if !ok {
			return
		}
		post, postErr := parameters(op, "", body)
		if terminology.KindOf(getErr) != terminology.KindOf(postErr) || (getErr == nil) != (postErr == nil) {
			t.Fatalf("query %q: %v\nbody %s: %v", query, getErr, body, postErr)
		}
		if getErr != nil {
			return
		}
		if diff := cmp.Diff(get.All(), post.All(), cmpopts.IgnoreFields(fhir.Parameter{}, "Expression"), cmp.AllowUnexported(fhir.ValueSet{})); diff != "" {
			t.Fatalf("query %q and body %s differ:\n%s", query, body, diff)
		}
	})
}

// asBody writes a query as a Parameters resource, with the standard library only.
// It reports false for what only one of the two can say.
func asBody(op *fhir.Operation, query string) (string, bool) {
	type item map[string]any
	items := []item{}
	for _, pair := range strings.Split(query, "&") {
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		name, err1 := url.QueryUnescape(key)
		text, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil || name == "" || strings.ToValidUTF8(name+text, "") != name+text {
			return "", false
		}
		v := item{"name": name, "valueString": text}
		for _, d := range op.Parameters {
			if d.Name != name {
				continue
			}
			switch {
			case d.Type >= fhir.CodingType || text == "" && d.Use == fhir.Refused:
				return "", false
			case text == "" && d.Type != fhir.String && d.Type != fhir.Code && d.Type != fhir.URI:
				return "", false
			case d.Type == fhir.Boolean:
				b, err := strconv.ParseBool(text)
				if err != nil || strconv.FormatBool(b) != text {
					return "", false
				}
				v = item{"name": name, "valueBoolean": b}
			case d.Type == fhir.Integer:
				n := json.Number(text)
				if !json.Valid([]byte(text)) || text == "null" || strings.TrimSpace(text) != text || strings.ContainsAny(text, "\"{[tf") {
					return "", false
				}
				v = item{"name": name, "valueInteger": n}
			}
		}
		if strings.HasPrefix(name, "_") || name == "tx-resource" || name == "cache-id" {
			return "", false
		}
		items = append(items, v)
	}
	body, err := json.Marshal(item{"resourceType": "Parameters", "parameter": items})
	return string(body), err == nil
}

// TestQueryAllocations guards the hot path: a look-up by GET without escapes.
func TestQueryAllocations(t *testing.T) {
	var p fhir.Parameters
	p.Reset(fhir.Lookup)
	n := testing.AllocsPerRun(100, func() {
		p.Reset(fhir.Lookup)
		if err := p.ReadQuery("system=http://snomed.info/sct&code=22298006"); err != nil {
			t.Fatal(err)
		}
		if _, err := fhir.LookupRequest(&p); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("reading a look-up allocates %v times, want 0", n)
	}
}

func TestElementErrorIsInTheOutcome(t *testing.T) {
	_, err := parameters(fhir.Expand, "count=ti", "")
	var at *fhir.ElementError
	if !errors.As(err, &at) || at.Expression != "count" {
		t.Fatalf("error %v, want an ElementError at count", err)
	}
	if got := string(fhir.AppendOutcome(nil, err)); !strings.Contains(got, `"expression":["count"]`) {
		t.Errorf("outcome %s, want the expression count", got)
	}
}

func TestDependencyErrors(t *testing.T) {
	for parts, want := range map[string]string{
		`{"name":"value","valueCode":"male"}`:                                                          "parameter[0]: the dependency has no attribute",
		`{"name":"attribute","valueUri":"http://example.org/any"}`:                                     "parameter[0]: the dependency has no value",
		`{"name":"code","valueUri":"http://example.org/any"}`:                                          "parameter[0].part[0]: want attribute and value, or element and concept, not 'code'",
		`{"name":"attribute","valueUri":"a"},{"name":"value","valueQuantity":{"unit":"d"}}`:            "parameter[0].part[1].valueQuantity.value: want a number, not null",
		`{"name":"attribute","valueUri":"a"},{"name":"value","valuePeriod":{"start":"2025"}}`:          "parameter[0].part[1].valuePeriod: want a code",
		`{"name":"attribute","valueUri":"a"},{"name":"value","valueCode":"x","valueString":"y"}`:       "has two values",
		`{"name":"attribute","valueUri":7},{"name":"value","valueCode":"x"}`:                           "parameter[0].part[0].valueUri: want a string",
		`{"name":"attribute","valueUri":"a"},{"name":"concept","valueCodeableConcept":{"coding":"x"}}`: "parameter[0].part[1].valueCodeableConcept.coding",
		`{"name":"attribute","valueUri":"a"},{"name":"value","valueCoding":{}},{"name":"value"}`:       "has no value",
	} {
		body := `{"resourceType":"Parameters","parameter":[{"name":"dependency","part":[` + parts + `]}]}`
		if _, err := parameters(fhir.Translate, "", body); terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", parts, err, want)
		}
	}
}

// TestBadLanguageIsTold states in which issue a client reads that the languages that it
// wants are none: the one of the terminology ecosystem, which names no element.
func TestBadLanguageIsTold(t *testing.T) {
	const want = `{"resourceType":"OperationOutcome","issue":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id","valueString":"INVALID_DISPLAY_NAME"}],` +
		`"severity":"error","code":"processing","details":{"coding":[{"system":"http://hl7.org/fhir/tools/CodeSystem/tx-issue-type","code":"invalid-display"}],"text":"Invalid displayLanguage: 'norsk, nb'"}}]}`
	for _, op := range []*fhir.Operation{fhir.Lookup, fhir.Expand, fhir.ValueSetValidateCode, fhir.CodeSystemValidateCode} {
		p, err := parameters(op, "displayLanguage=norsk,+nb", "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Languages()
		if got := string(fhir.AppendOutcome(nil, err)); got != want || terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("%s of kind %v, want %s", got, terminology.KindOf(err), want)
		}
	}
}
