package rest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
)

// identifiers are the expansions that were seen, by their identifiers.
type identifiers map[string]struct{ body, asked string }

// see notes an expansion, and reports one of the same identifier that is another one.
func (seen identifiers) see(t *testing.T, asked string, body []byte) (identifier string) {
	t.Helper()
	var answer struct{ Expansion struct{ Identifier string } }
	if err := json.Unmarshal(body, &answer); err != nil || answer.Expansion.Identifier == "" {
		t.Fatalf("%s: no expansion: %v: %s", asked, err, body)
	}
	identifier = answer.Expansion.Identifier
	if other, ok := seen[identifier]; ok && other.body != string(body) {
		t.Errorf("%s is cited as %s, which is also\n%s\nof %s:\n%s", asked, identifier, other.body, other.asked, body)
	}
	seen[identifier] = struct{ body, asked string }{string(body), asked}
	return identifier
}

// TestIdentifiersAreOfOneAnswer asks for expansions that differ in a parameter, a header,
// the version of FHIR or what is written, of which each is asked again at the end: one
// identifier has one answer, and what was not written since has its identifier still.
func TestIdentifiersAreOfOneAnswer(t *testing.T) {
	h := writable(t)
	put := func(path, body string) {
		t.Helper()
		if w := send(h, "PUT", "/"+path, body); w.Code >= 300 {
			t.Fatalf("PUT %s: %d %s", path, w.Code, w.Body)
		}
	}
	system := func(id, version, pear string) {
		put("CodeSystem/"+id, `{"resourceType":"CodeSystem","id":"`+id+`","url":"http://example.org/fruit","version":"`+version+`","status":"active","language":"en","content":"complete","property":[{"code":"colour","type":"string"},{"code":"inactive","uri":"http://hl7.org/fhir/concept-properties#inactive","type":"boolean"}],
			"concept":[{"code":"pome","display":"Pome","concept":[{"code":"pear","display":"`+pear+`","designation":[{"language":"nb","value":"Pære"},{"language":"nn","value":"Pere"}]},{"code":"apple","display":"Apple","property":[{"code":"colour","valueString":"red"}]}]},{"code":"quince","display":"Quince","property":[{"code":"inactive","valueBoolean":true}]}]}`)
	}
	system("f1", "1", "Pear")
	system("f2", "2", "Garden pear")
	supplement := func(term string) {
		put("CodeSystem/more", `{"resourceType":"CodeSystem","id":"more","url":"http://example.org/more","version":"1","status":"active","content":"supplement","supplements":"http://example.org/fruit","concept":[{"code":"pear","designation":[{"language":"de","value":"`+term+`"}]}]}`)
	}
	supplement("Birne")
	set := func(id, version, rest string) {
		put("ValueSet/"+id, `{"resourceType":"ValueSet","id":"`+id+`","url":"http://example.org/vs/`+id+`",`+version+`"status":"active","compose":{"include":[`+rest+`]}}`)
	}
	set("all", "", `{"system":"http://example.org/fruit"}`)
	set("imports", "", `{"valueSet":["http://example.org/vs/part"]}`)
	set("part", `"version":"1",`, `{"system":"http://example.org/fruit","concept":[{"code":"pear"},{"code":"apple"}]}`)

	var questions []struct{ target, headers, body string }
	parameters := []string{"", "count=2", "count=1&offset=1", "offset=1", "filter=pe", "filter=ap", "activeOnly=true", "excludeNested=true", "includeDesignations=true", "includeDefinition=true", "includeDesignations=true&designation=nb",
		"designation=de&useSupplement=http://example.org/more", "includeDesignations=true&useSupplement=http://example.org/more", "displayLanguage=nb", "displayLanguage=nn", "displayLanguage=nb%3Bq%3D1", "property=colour", "property=colour&property=definition",
		"system-version=http://example.org/fruit|1", "force-system-version=http://example.org/fruit|1", "check-system-version=http://example.org/fruit|2", "exclude-system=http://example.org/fruit|1", "date=2026-01-01", "limit=100", "excludePostCoordinated=true", "default-valueset-version=http://example.org/vs/part|1"}
	for _, version := range []string{"", "/r5"} {
		for _, url := range []string{"all", "imports", "part"} {
			for _, p := range parameters {
				for _, header := range []string{"", "Accept-Language: nb", "Accept-Language: nn, nb;q=0.5", "X-Too-Costly-Threshold: 1000"} {
					questions = append(questions, struct{ target, headers, body string }{version + "/ValueSet/$expand?url=http://example.org/vs/" + url + "&" + p, header, ""})
				}
			}
		}
		for _, resource := range []string{
			`{"resourceType":"ValueSet","url":"http://example.org/vs/part","version":"2","status":"active","compose":{"include":[{"system":"http://example.org/fruit","concept":[{"code":"quince"}]}]}}`,
			`{"resourceType":"CodeSystem","url":"http://example.org/fruit","version":"3","status":"active","content":"complete","concept":[{"code":"pear"},{"code":"apple","display":"Eple"}]}`,
			`{"resourceType":"CodeSystem","url":"http://example.org/fruit","version":"3","status":"active","content":"complete","concept":[{"code":"pear"},{"code":"apple","display":"Äpple"}]}`,
			`{"resourceType":"NamingSystem","name":"n","status":"active","kind":"codesystem","date":"2026","uniqueId":[{"type":"uri","value":"http://example.org/fruit"},{"type":"oid","value":"1.2.3"}]}`,
		} {
			questions = append(questions, struct{ target, headers, body string }{version + "/ValueSet/$expand", "", `{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"http://example.org/vs/imports"},{"name":"tx-resource","resource":` + resource + `}]}`})
		}
		for _, carried := range []string{`{"code":"pear"}`, `{"code":"apple"}`, `{"code":"apple","display":"Rødt eple"}`} {
			questions = append(questions, struct{ target, headers, body string }{version + "/ValueSet/$expand", "", `{"resourceType":"ValueSet","status":"active","compose":{"include":[{"system":"http://example.org/fruit","concept":[` + carried + `]}]}}`})
		}
	}
	seen, asked := identifiers{}, map[string]string{}
	all := func(round string, same bool) {
		t.Helper()
		answered := 0
		for _, q := range questions {
			method := "GET"
			if q.body != "" {
				method = "POST"
			}
			var headers []string
			if q.headers != "" {
				headers = append(headers, q.headers)
			}
			w := send(h, method, q.target, q.body, headers...)
			if w.Code != http.StatusOK {
				continue // there is nothing to cite
			}
			answered++
			name := fmt.Sprint(q)
			id := seen.see(t, round+" "+name, w.Body.Bytes())
			if before, ok := asked[name]; ok && same && before != id {
				t.Errorf("%s: %s was cited as %s, and now is as %s", round, name, before, id)
			}
			asked[name] = id
		}
		if answered < len(questions)*3/4 {
			t.Errorf("%s: only %d of %d questions are answered", round, answered, len(questions))
		}
	}
	all("first", true)
	all("again", true)
	for name, write := range map[string]func(){
		"another display":    func() { system("f2", "2", "Tree pear") },
		"another supplement": func() { supplement("Gartenbirne") },
		"another imported set": func() {
			set("part", `"version":"1",`, `{"system":"http://example.org/fruit","concept":[{"code":"apple"}]}`)
		},
		"another version of it": func() { set("later", `"version":"2",`, `{"system":"http://example.org/fruit"}`) },
		"a newer code system":   func() { system("f3", "3", "Pear") },
		"another name": func() {
			put("NamingSystem/n", `{"resourceType":"NamingSystem","id":"n","name":"n","status":"active","kind":"codesystem","date":"2026","uniqueId":[{"type":"uri","value":"http://example.org/fruit"},{"type":"oid","value":"1.2.3"}]}`)
		},
		"one that is gone": func() {
			if w := send(h, "DELETE", "/CodeSystem/f2", ""); w.Code >= 300 {
				t.Fatal(w.Code, w.Body)
			}
		},
	} {
		write()
		all(name, false)
		all(name+", again", true)
	}
	if len(seen) < len(questions) {
		t.Errorf("%d identifiers of %d questions", len(seen), len(questions))
	}
}
