package rest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

const (
	sctSet   = "url=http%3A%2F%2Fsnomed.info%2Fsct%3Ffhir_vs%3Disa%2F22298006"
	icd10Set = "url=http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Ficd-10-no%3Fvs"
)

// fruit are a code system in two versions, a supplement and value sets, as requests bring
// them.
var fruit = func() string {
	cs := func(version, pear string) string {
		return `{"name":"tx-resource","resource":{"resourceType":"CodeSystem","url":"http://example.org/fruit","version":"` + version + `","status":"active","language":"en","caseSensitive":true,"content":"complete","property":[{"code":"colour","type":"string"}],
			"concept":[{"code":"pome","display":"Pome","concept":[{"code":"pear","display":"` + pear + `","designation":[{"language":"nb","value":"Pære"},{"language":"de","value":"Birne"}]},{"code":"apple","display":"Apple","property":[{"code":"colour","valueString":"red"}]}]}]}}`
	}
	return cs("1.0.0", "Pear") + "," + cs("1.1.0", "Garden pear") +
		`,{"name":"tx-resource","resource":{"resourceType":"CodeSystem","url":"http://example.org/more","version":"1","status":"active","content":"supplement","supplements":"http://example.org/fruit","concept":[{"code":"pear","designation":[{"language":"nn","value":"Pere"}]}]}}` +
		`,{"name":"tx-resource","resource":{"resourceType":"ValueSet","url":"http://example.org/vs/fruit","version":"1","status":"active","publisher":"Frukthagen","compose":{"include":[{"system":"http://example.org/fruit"}]}}}` +
		`,{"name":"tx-resource","resource":{"resourceType":"ValueSet","url":"http://example.org/vs/fruit","version":"2","status":"active","compose":{"include":[{"system":"http://example.org/fruit","concept":[{"code":"pear"}]}]}}}` +
		`,{"name":"tx-resource","resource":{"resourceType":"ValueSet","url":"http://example.org/vs/imports","status":"active","compose":{"include":[{"valueSet":["http://example.org/vs/fruit"]}]}}}`
}()

func uriItem(name, value string) string {
	return `{"name":"` + name + `","valueUri":"` + value + `"}`
}

func boolItem(name, value string) string {
	return `{"name":"` + name + `","valueBoolean":` + value + `}`
}

func textItem(name, value string) string {
	return `{"name":"` + name + `","valueString":"` + value + `"}`
}

// TestExpandParameters asks with each parameter of $expand, and with what it cannot be: it
// does what the standard says, or is refused by name.
func TestExpandParameters(t *testing.T) {
	set := uriItem("url", "http://example.org/vs/fruit")
	const english = `{"name":"displayLanguage","valueCode":"en"}`
	for _, tt := range []struct {
		name, query string
		body        string // Parameters, sent by POST
		threshold   string // header X-Too-Costly-Threshold
		status      int
		want, not   []string
	}{
		{name: "url", query: sctSet, status: 200, want: []string{`"total":`, `"22298006"`}},
		{name: "url unknown", query: "url=http://example.org/none", status: 404, want: []string{"http://example.org/none"}},
		{name: "neither url nor valueSet", query: "count=1", status: 400, want: []string{"url or valueSet"}},
		{name: "url twice", query: sctSet + "&" + sctSet, status: 400, want: []string{"'url' is given twice"}},
		{name: "valueSet", body: parameters(fruit, `{"name":"valueSet","resource":{"resourceType":"ValueSet","url":"http://example.org/own","status":"draft","compose":{"include":[{"system":"http://example.org/fruit","concept":[{"code":"apple"}]}]}}}`), status: 200, want: []string{`"total":1`, `"apple"`}},
		{name: "valueSet in a query", query: "valueSet=x", status: 400, want: []string{"valueSet", "POST"}},
		{name: "valueSet and another url", body: parameters(uriItem("url", "http://example.org/a"), `{"name":"valueSet","resource":{"resourceType":"ValueSet","url":"http://example.org/b","status":"draft","compose":{"include":[{"system":"http://example.org/fruit"}]}}}`), status: 400, want: []string{"http://example.org/a"}},
		{name: "valueSetVersion", body: parameters(fruit, set, textItem("valueSetVersion", "1")), status: 200, want: []string{`"total":3`}},
		{name: "valueSetVersion, the newest without it", body: parameters(fruit, set), status: 200, want: []string{`"total":1`, `"version":"2"`}},
		{name: "valueSetVersion unknown", body: parameters(fruit, set, textItem("valueSetVersion", "9")), status: 404, want: []string{"http://example.org/vs/fruit|9"}},
		{name: "valueSetVersion as url has it", body: parameters(fruit, uriItem("url", "http://example.org/vs/fruit|1"), textItem("valueSetVersion", "1")), status: 200, want: []string{`"total":3`}},
		{name: "valueSetVersion and another in url", body: parameters(fruit, uriItem("url", "http://example.org/vs/fruit|1"), textItem("valueSetVersion", "2")), status: 400, want: []string{"'valueSetVersion' is 2"}},
		{name: "context", query: "context=http://example.org/p%23Observation.code", status: 422, want: []string{"'context' is not supported"}},
		{name: "contextDirection", query: sctSet + "&contextDirection=incoming", status: 422, want: []string{"'contextDirection' is not supported"}},
		{name: "filter", query: sctSet + "&filter=nedre", status: 200, want: []string{"nedre"}},
		{name: "filter without a match", query: sctSet + "&filter=brekkb%C3%B8nne", status: 200, want: []string{`"total":0`}, not: []string{`"contains"`}},
		{name: "date", query: icd10Set + "&date=2026-06-30&count=1", status: 200, want: []string{`"valueDateTime":"2026-06-30"`}},
		{name: "date that is none", query: icd10Set + "&date=30.06.2026", status: 400, want: []string{"'date'", "30.06.2026"}},
		{name: "count", query: sctSet + "&count=2", status: 200, want: []string{`"name":"count","valueInteger":2`, `"offset":0`}},
		{name: "count of nothing", query: sctSet + "&count=0", status: 200, want: []string{`"total":`}, not: []string{`"contains"`}},
		{name: "count below nothing", query: sctSet + "&count=-1", status: 400, want: []string{"'count'", "0 to 2147483647"}},
		{name: "count that is no number", query: sctSet + "&count=ten", status: 400, want: []string{"'count'"}},
		{name: "count of all numbers", query: sctSet + "&count=2147483647", status: 200, want: []string{`"22298006"`}},
		{name: "count beyond all numbers", query: sctSet + "&count=2147483648", status: 400, want: []string{"'count'"}},
		{name: "offset without count", query: sctSet + "&offset=1", status: 200, want: []string{`"offset":1`, `"contains"`}, not: []string{`"code":"22298006"`}},
		{name: "offset behind the end", query: sctSet + "&offset=2147483647&count=10", status: 200, want: []string{`"total":`}, not: []string{`"contains"`}},
		{name: "offset below nothing", query: sctSet + "&offset=-1", status: 400, want: []string{"'offset'"}},
		{name: "more than is wanted at most", query: sctSet, threshold: "3", status: 422, want: []string{"too-costly"}, not: []string{`"contains"`}},
		{name: "a page of no more than is wanted", query: sctSet + "&count=3", threshold: "3", status: 200, want: []string{`"contains"`}},
		{name: "a filter that finds more than is wanted", query: sctSet + "&filter=hjerteinfarkt", threshold: "1", status: 422, want: []string{"too-costly"}},
		{name: "includeDesignations", query: sctSet + "&count=1&includeDesignations=true", status: 200, want: []string{`"designation":`}},
		{name: "includeDesignations not asked for", query: sctSet + "&count=1", status: 200, not: []string{`"designation":`}},
		{name: "includeDesignations neither true nor false", query: sctSet + "&includeDesignations=yes", status: 400, want: []string{"'includeDesignations'", "true or false"}},
		{name: "designation by language", body: parameters(fruit, set, english, textItem("designation", "urn:ietf:bcp:47|nb")), status: 200, want: []string{"Pære"}, not: []string{"Birne"}},
		{name: "designation by another spelling of a language", body: parameters(fruit, set, english, textItem("designation", "urn:ietf:bcp:47|no-NO")), status: 200, want: []string{"Pære"}, not: []string{"Birne"}},
		{name: "designation by a language alone", body: parameters(fruit, set, english, textItem("designation", "de")), status: 200, want: []string{"Birne"}, not: []string{"Pære"}},
		{name: "designation of SNOMED CT by language", query: sctSet + "&count=1&designation=urn:ietf:bcp:47%7Cnn", status: 200, not: []string{`"language":"en`, `"language":"nb"`}},
		{name: "designation of SNOMED CT by use", query: sctSet + "&count=1&designation=http://snomed.info/sct%7C900000000000003001", status: 200, want: []string{`"code":"900000000000003001"`}, not: []string{`"code":"900000000000013009"`}},
		{name: "designation and no designations", body: parameters(fruit, set, english, textItem("designation", "de"), boolItem("includeDesignations", "false")), status: 200, not: []string{"Birne"}},
		{name: "includeDefinition", body: parameters(fruit, set, boolItem("includeDefinition", "true")), status: 200, want: []string{`"compose":`}},
		{name: "includeDefinition not asked for", body: parameters(fruit, set), status: 200, not: []string{`"compose":`}},
		{name: "activeOnly", query: icd10Set + "&activeOnly=true", status: 200, not: []string{`"inactive":true`}},
		{name: "all, inactive too", query: icd10Set, status: 200, want: []string{`"inactive":true`}},
		{name: "excludeNested", body: parameters(fruit, uriItem("url", "http://example.org/vs/fruit|1"), boolItem("excludeNested", "true")), status: 200, want: []string{`"total":3`}, not: []string{`"display":"Pome","contains"`}},
		{name: "nested", body: parameters(fruit, uriItem("url", "http://example.org/vs/fruit|1")), status: 200, want: []string{`"code":"pome","display":"Pome","contains":[`}},
		{name: "nested, but a page", body: parameters(fruit, uriItem("url", "http://example.org/vs/fruit|1"), `{"name":"count","valueInteger":2}`), status: 200, want: []string{`"total":3`}, not: []string{`"display":"Pome","contains"`}},
		{name: "excludeNotForUI", query: sctSet + "&excludeNotForUI=true", status: 422, want: []string{"'excludeNotForUI'", "abstract codes are marked"}},
		{name: "excludePostCoordinated", body: parameters(boolItem("excludePostCoordinated", "true"), `{"name":"valueSet","resource":{"resourceType":"ValueSet","status":"draft","compose":{"include":[{"system":"http://snomed.info/sct","concept":[{"code":"22298006"},{"code":"22298006:363698007=80891009"}]}]}}}`), status: 200, want: []string{`"total":1`}},
		{name: "postcoordinated", body: parameters(`{"name":"valueSet","resource":{"resourceType":"ValueSet","status":"draft","compose":{"include":[{"system":"http://snomed.info/sct","concept":[{"code":"22298006"},{"code":"22298006:363698007=80891009"}]}]}}}`), status: 200, want: []string{`"total":2`}},
		{name: "displayLanguage", query: sctSet + "&displayLanguage=nn&count=3", status: 200, want: []string{"hjarte"}},
		{name: "displayLanguage that is none", query: sctSet + "&displayLanguage=!", status: 400, want: []string{"Invalid displayLanguage"}},
		{name: "property", body: parameters(fruit, uriItem("url", "http://example.org/vs/fruit|1"), textItem("property", "colour")), status: 200, want: []string{`"colour"`, `"red"`}},
		{name: "useSupplement", body: parameters(fruit, set, uriItem("useSupplement", "http://example.org/more"), boolItem("includeDesignations", "true")), status: 200, want: []string{"Pere", "http://example.org/more|1"}},
		{name: "useSupplement unknown", body: parameters(fruit, set, uriItem("useSupplement", "http://example.org/none")), status: 404, want: []string{"http://example.org/none"}},
		{name: "exclude-system", query: sctSet + "&exclude-system=http://snomed.info/sct", status: 200, want: []string{`"total":0`}},
		{name: "exclude-system in another version", body: parameters(fruit, set, uriItem("exclude-system", "http://example.org/fruit|1.0.0")), status: 200, want: []string{`"total":1`}},
		{name: "system-version", body: parameters(fruit, set, english, uriItem("system-version", "http://example.org/fruit|1.0.0")), status: 200, want: []string{`"Pear"`, "system-version"}},
		{name: "system-version without version", body: parameters(fruit, set, uriItem("system-version", "http://example.org/fruit")), status: 400, want: []string{"'system-version'", "http://example.org/fruit"}},
		{name: "check-system-version", body: parameters(fruit, set, english, uriItem("check-system-version", "http://example.org/fruit|1.1.x")), status: 200, want: []string{`"Garden pear"`}},
		{name: "check-system-version of another", body: parameters(fruit, set, uriItem("check-system-version", "http://example.org/fruit|1.0.0"), uriItem("force-system-version", "http://example.org/fruit|1.1.0")), status: 400, want: []string{"1.0.0", "1.1.0"}},
		{name: "force-system-version", body: parameters(fruit, set, english, uriItem("force-system-version", "http://example.org/fruit|1.0.x")), status: 200, want: []string{`"Pear"`, "force-system-version"}},
		{name: "force-system-version that is not there", body: parameters(fruit, set, uriItem("force-system-version", "http://example.org/fruit|7")), status: 404, want: []string{"http://example.org/fruit", "7"}},
		{name: "force-system-version without version", body: parameters(fruit, set, uriItem("force-system-version", "http://example.org/fruit|")), status: 400, want: []string{"'force-system-version'"}},
		{name: "default-valueset-version", body: parameters(fruit, uriItem("url", "http://example.org/vs/imports"), uriItem("default-valueset-version", "http://example.org/vs/fruit|1")), status: 200, want: []string{`"total":3`}},
		{name: "default-valueset-version not needed", body: parameters(fruit, uriItem("url", "http://example.org/vs/imports")), status: 200, want: []string{`"total":1`}},
		{name: "tx-resource that cannot be read", body: parameters(`{"name":"tx-resource","resource":{"resourceType":"CodeSystem","url":"http://example.org/x","content":"complete","concept":[{"code":"a"},{"code":"a"}]}}`, uriItem("url", "http://example.org/x?vs")), status: 400, want: []string{"code a is given twice", "Parameters.parameter[0].resource.concept[1].code"}},
		{name: "a parameter that there is not", query: sctSet + "&manifest=x", status: 422, want: []string{"'manifest'"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/fhir/r5/ValueSet/$expand?"+tt.query, nil)
			if tt.body != "" {
				r = httptest.NewRequest(http.MethodPost, "/fhir/r5/ValueSet/$expand", strings.NewReader(tt.body))
				r.Header.Set("Content-Type", "application/fhir+json")
			}
			if tt.threshold != "" {
				r.Header.Set("X-Too-Costly-Threshold", tt.threshold)
			}
			rec := httptest.NewRecorder()
			sample.Handler().ServeHTTP(rec, r)
			body := rec.Body.String()
			if rec.Code != tt.status || !json.Valid([]byte(body)) {
				t.Errorf("status %d, want %d: %s", rec.Code, tt.status, body)
			}
			for _, s := range tt.want {
				if !strings.Contains(body, s) {
					t.Errorf("want %s in %s", s, body)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(body, s) {
					t.Errorf("want no %s in %s", s, body)
				}
			}
		})
	}
}

// TestExpandedPagesAreTheExpansion reads sets page by page, of sizes that fit and that do
// not: all pages together are the expansion, code by code, also of sets of several systems
// with expressions among their codes.
func TestExpandedPagesAreTheExpansion(t *testing.T) {
	type page struct {
		Expansion struct {
			Total    int
			Contains []struct{ System, Code string }
		}
	}
	ask := func(query, body string) page {
		r := httptest.NewRequest(http.MethodGet, "/fhir/r4/ValueSet/$expand?"+query, nil)
		if body != "" {
			r = httptest.NewRequest(http.MethodPost, "/fhir/r4/ValueSet/$expand?"+query, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/fhir+json")
		}
		rec := httptest.NewRecorder()
		sample.Handler().ServeHTTP(rec, r)
		var p page
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != http.StatusOK {
			t.Fatalf("%s: %d %s, %v", query, rec.Code, rec.Body, err)
		}
		return p
	}
	mixed := parameters(`{"name":"valueSet","resource":{"resourceType":"ValueSet","status":"draft","compose":{"include":[
		{"system":"http://snomed.info/sct","concept":[{"code":"22298006"},{"code":"22298006:363698007=80891009"},{"code":"57054005:363698007=80891009"},{"code":"73211009"}]},
		{"system":"http://hl7.org/fhir/sid/icd-10-no","filter":[{"property":"concept","op":"is-a","value":"I21"}]}]}}}`)
	for name, set := range map[string][2]string{
		"a concept and below": {sctSet, ""},
		"a whole system":      {icd10Set + "&excludeNested=true", ""},
		"two systems":         {"", mixed},
		"a filter":            {sctSet + "&filter=" + url.QueryEscape("hjerteinfarkt"), ""},
	} {
		whole := ask(set[0], set[1]).Expansion
		if len(whole.Contains) != whole.Total || whole.Total < 4 {
			t.Fatalf("%s: %d codes of %d", name, len(whole.Contains), whole.Total)
		}
		for _, size := range []int{1, 2, 3, 7, whole.Total, whole.Total + 1} {
			var got []struct{ System, Code string }
			for offset := 0; offset < whole.Total; offset += size {
				p := ask(strings.TrimPrefix(set[0]+"&offset="+strconv.Itoa(offset)+"&count="+strconv.Itoa(size), "&"), set[1]).Expansion
				if p.Total != whole.Total || len(p.Contains) != min(size, whole.Total-offset) {
					t.Errorf("%s: %d codes of %d at %d in pages of %d", name, len(p.Contains), p.Total, offset, size)
				}
				got = append(got, p.Contains...)
			}
			for i := range got {
				if i < len(whole.Contains) && got[i] != whole.Contains[i] {
					t.Fatalf("%s: in pages of %d code %d is %v, want %v", name, size, i, got[i], whole.Contains[i])
				}
			}
		}
	}
}

// TestLanguageOfOthers asks for a display in no language and in the one of the server, in
// turn: what one client asks for does not choose what another one reads.
func TestLanguageOfOthers(t *testing.T) {
	for _, first := range []string{"", "nb"} {
		h := writable(t) // which shows bokmål where a client asks for nothing
		if w := send(h, "PUT", "/CodeSystem/fruit", `{"resourceType":"CodeSystem","id":"fruit","url":"http://example.org/fruit","language":"en","status":"active","content":"complete","concept":[{"code":"a","display":"apple","designation":[{"language":"nb","value":"eple"}]}]}`); w.Code != http.StatusCreated {
			t.Fatal(w.Body)
		}
		for _, language := range []string{first, "", "nb", ""} {
			want := map[string]string{"": `"display":"apple"`, "nb": `"display":"eple"`}[language]
			if w := send(h, "GET", "/ValueSet/$expand?url=http://example.org/fruit?vs", "", "Accept-Language: "+language); !strings.Contains(w.Body.String(), want) {
				t.Errorf("in %q after %q: %s, want %s", language, first, w.Body, want)
			}
		}
	}
}
