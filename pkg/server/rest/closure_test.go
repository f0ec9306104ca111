package rest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/golden"
	"github.com/kodeks/kodeks/pkg/server/rest"
)

// parameters is a Parameters resource.
func parameters(items ...string) string {
	return `{"resourceType":"Parameters","parameter":[` + strings.Join(items, ",") + `]}`
}

func valued(name, typ, value string) string {
	return `{"name":"` + name + `","value` + typ + `":` + value + `}`
}

func conceptOf(system, code string) string {
	return valued("concept", "Coding", `{"system":"`+system+`","code":"`+code+`"}`)
}

// TestClosureSession pins a whole session of a client with a closure table, of R4 and R5,
// byte for byte but for times.
func TestClosureSession(t *testing.T) {
	const sct, icd10 = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-no"
	s := whole(t, false)
	name := valued("name", "String", `"problems"`)
	var out strings.Builder
	for _, step := range []struct{ target, body string }{
		{"/fhir/r4/$closure", parameters(name, conceptOf(sct, "22298006"))},
		{"/fhir/r4/$closure", parameters(name)},
		{"/fhir/r4/ConceptMap/$closure", parameters(name, conceptOf(sct, "22298006"), conceptOf(icd10, "I21.9"))},
		{"/fhir/r4/$closure", parameters(name, conceptOf(sct, "64572001"), conceptOf(sct, "64572001:363698007=74281007"), conceptOf("urn:oid:2.16.578.1.12.4.1.1.7110", "i21"))},
		{"/fhir/r5/$closure", parameters(name, conceptOf(icd10, "I219"))},
		{"/fhir/r5/$closure", parameters(name, valued("version", "String", `"0"`))},
		{"/fhir/r5/$closure", parameters(name, valued("version", "String", `"99"`))},
		{"/fhir/r5/$closure", parameters(name, conceptOf(sct, "64572001"), valued("version", "String", `"0"`))},
		{"/fhir/r4/$closure", parameters(name, conceptOf(sct, "22298007"), conceptOf("http://example.org/none", "1"))},
		{"/fhir/r4/$closure", parameters(valued("name", "String", `"pasientens problemer"`))},
		{"/fhir/r4/$closure", parameters(conceptOf(sct, "22298006"))},
		{"/fhir/r4/$closure", parameters(name, `{"name":"tx-resource","resource":`+handSystem+`}`)},
		{"/fhir/r4/$closure?_format=xml", parameters(name, valued("version", "String", `"0"`))},
		{"/fhir/r4", `{"resourceType":"Bundle","type":"batch","entry":[{"resource":` + parameters(name, conceptOf(sct, "57054005")) + `,"request":{"method":"POST","url":"ConceptMap/$closure"}},{"request":{"method":"GET","url":"$closure?name=problems"}}]}`},
	} {
		w := sendTo(s, "POST", step.target, step.body)
		answer(&out, "POST "+step.target+" "+step.body, w)
	}
	answer(&out, "GET /fhir/$closure?name=problems", sendTo(s, "GET", "/fhir/$closure?name=problems", ""))
	answer(&out, "POST /fhir/$closure, of a page of another site", sendTo(s, "POST", "/fhir/$closure", parameters(name), "Origin: https://elsewhere.example.org", "Sec-Fetch-Site: cross-site"))
	answer(&out, "POST /fhir/$closure, read-only", sendTo(whole(t, true), "POST", "/fhir/$closure", parameters(name)))
	golden.Equal(t, "session-closure.txt", []byte(moments.ReplaceAllString(out.String(), "MOMENT")))
}

// answer writes a question and its answer.
func answer(out *strings.Builder, question string, w *httptest.ResponseRecorder) {
	out.WriteString("> " + question + "\n" + w.Result().Status + "\n" + w.Body.String() + "\n\n")
}

// cacheOf starts a cache and returns its id.
func cacheOf(t *testing.T, s *rest.Server, base string, items ...string) string {
	t.Helper()
	w := sendTo(s, "POST", base+"/$cache-control?mode=start", parameters(items...))
	var p struct {
		Parameter []struct{ Name, ValueID string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusOK || len(p.Parameter) == 0 || p.Parameter[0].Name != "cache-id" {
		t.Fatalf("$cache-control: %d %s", w.Code, w.Body)
	}
	return p.Parameter[0].ValueID
}

// TestCacheControl sends resources once and asks with them by GET and POST, in a batch,
// and with all operations that have a use for them.
func TestCacheControl(t *testing.T) {
	s := sample
	resource := func(body string) string { return `{"name":"tx-resource","resource":` + body + `}` }
	footMap := `{"resourceType":"ConceptMap","url":"http://example.org/map","status":"active","group":[{"source":"http://example.org/hand","target":"http://example.org/foot","element":[{"code":"H1","target":[{"code":"F1","equivalence":"equivalent","relationship":"equivalent"}]}]}]}`
	for _, base := range []string{"/fhir/r4", "/fhir/r5"} {
		id := cacheOf(t, s, base, resource(handSystem), resource(handSet), resource(footMap))
		asks := map[string]string{ // to what is in the answer
			"/ValueSet/$expand?url=http://example.org/vs/hand":                                                                    `"code":"H1"`,
			"/ValueSet/$validate-code?url=http://example.org/vs/hand&system=http://example.org/hand&code=H1":                      `"result","valueBoolean":true`,
			"/CodeSystem/$validate-code?url=http://example.org/hand&code=H1":                                                      `"result","valueBoolean":true`,
			"/CodeSystem/$lookup?system=http://example.org/hand&code=H1":                                                          `Brudd`,
			"/CodeSystem/$subsumes?system=http://example.org/hand&codeA=H&codeB=H1":                                               `"valueCode":"subsumes"`,
			"/ConceptMap/$translate?url=http://example.org/map&system=http://example.org/hand&code=H1&sourceSystem=http://a.test": `"code":"F1"`,
		}
		for target, want := range asks {
			for range 2 {
				if w := sendTo(s, "GET", base+target, "", "X-Cache-Id: "+id); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
					t.Errorf("GET %s with the cache: %d %s, want %s", base+target, w.Code, w.Body, want)
				}
				if w := sendTo(s, "GET", base+target, ""); strings.Contains(w.Body.String(), want) {
					t.Errorf("GET %s without the cache: %s", base+target, w.Body)
				}
			}
			if w := sendTo(s, "GET", base+target, "", "X-Cache-Id: other"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), `"code":"cache-id-unknown"`) {
				t.Errorf("GET %s with no such cache: %d %s", base+target, w.Code, w.Body)
			}
		}
		bundle := `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"CodeSystem/$lookup?system=http://example.org/hand&code=H1"}}]}`
		if w := sendTo(s, "POST", base, bundle, "X-Cache-Id: "+id); !strings.Contains(w.Body.String(), "Brudd") {
			t.Errorf("a batch with the cache: %s", w.Body)
		}
		if w := sendTo(s, "POST", base+"/ValueSet/$batch-validate-code", parameters(`{"name":"validation","resource":`+parameters(valued("url", "Uri", `"http://example.org/vs/hand"`), valued("coding", "Coding", `{"system":"http://example.org/hand","code":"H1"}`))+`}`), "X-Cache-Id: "+id); !strings.Contains(w.Body.String(), `"result","valueBoolean":true`) {
			t.Errorf("$batch-validate-code with the cache: %s", w.Body)
		}
		otherBase := map[string]string{"/fhir/r4": "/fhir/r5", "/fhir/r5": "/fhir/r4"}[base]
		if w := sendTo(s, "GET", otherBase+"/ValueSet/$expand?url=http://example.org/vs/hand", "", "X-Cache-Id: "+id); w.Code != http.StatusNotFound {
			t.Errorf("a cache of another version of FHIR: %d", w.Code)
		}
		if w := sendTo(s, "POST", base+"/$cache-control?mode=check", parameters(), "X-Cache-Id: "+id); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"resources","valueInteger":3`) {
			t.Errorf("check: %d %s", w.Code, w.Body)
		}
		for range 2 {
			if w := sendTo(s, "POST", base+"/$cache-control?mode=end", parameters(), "X-Cache-Id: "+id); w.Code != http.StatusOK {
				t.Errorf("end: %d %s", w.Code, w.Body)
			}
		}
		if w := sendTo(s, "GET", base+"/ValueSet/$expand?url=http://example.org/vs/hand", "", "X-Cache-Id: "+id); w.Code != http.StatusNotFound {
			t.Errorf("a cache that has ended: %d %s", w.Code, w.Body)
		}
		// The older form: the client chooses the id.
		named := valued("cache-id", "Id", `"of-the-client"`)
		url := valued("url", "Uri", `"http://example.org/vs/hand"`)
		for _, body := range []string{parameters(url, named, resource(handSystem), resource(handSet)), parameters(url, named)} {
			if w := sendTo(s, "POST", base+"/ValueSet/$expand", body); !strings.Contains(w.Body.String(), `"code":"H1"`) {
				t.Errorf("with cache-id: %d %s", w.Code, w.Body)
			}
		}
		if w := sendTo(s, "GET", base+"/ValueSet/$expand?url=http://example.org/vs/hand&cache-id=of-the-client", ""); !strings.Contains(w.Body.String(), `"code":"H1"`) {
			t.Errorf("with cache-id in the query: %d %s", w.Code, w.Body)
		}
	}
	for target, want := range map[string]string{"": "mode", "?mode=stop": "start, end or check", "?mode=end": "X-Cache-Id", "?mode=check": "X-Cache-Id"} {
		if w := sendTo(s, "POST", "/fhir/$cache-control"+target, parameters()); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), want) {
			t.Errorf("$cache-control%s: %d %s, want 400 and %q", target, w.Code, w.Body, want)
		}
	}
	if w := sendTo(s, "GET", "/fhir/$cache-control?mode=start", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET $cache-control: %d, want 405", w.Code)
	}
}

// TestCacheIsNotKept asks the same by GET with and without a cache of a server that keeps
// its answers.
func TestCacheIsNotKept(t *testing.T) {
	s := whole(t, false)
	const target = "/fhir/r5/ValueSet/$expand?url=http://example.org/vs/hand"
	id := cacheOf(t, s, "/fhir/r5", `{"name":"tx-resource","resource":`+strings.ReplaceAll(handSystem, `"H1"`, `"H9"`)+`}`)
	for range 3 {
		if w := sendTo(s, "GET", target, ""); !strings.Contains(w.Body.String(), `"H1"`) {
			t.Errorf("without the cache: %s", w.Body)
		}
		if w := sendTo(s, "GET", target, "", "X-Cache-Id: "+id); !strings.Contains(w.Body.String(), `"H9"`) {
			t.Errorf("with the cache: %s", w.Body)
		}
	}
	named := target + "&cache-id=mine"
	sendTo(s, "GET", named, "")
	sendTo(s, "POST", "/fhir/r5/ValueSet/$expand", parameters(valued("url", "Uri", `"http://example.org/vs/hand"`), valued("cache-id", "Id", `"mine"`), `{"name":"tx-resource","resource":`+strings.ReplaceAll(handSystem, `"H1"`, `"H8"`)+`}`))
	if w := sendTo(s, "GET", named, ""); !strings.Contains(w.Body.String(), `"H8"`) {
		t.Errorf("with cache-id: %s", w.Body)
	}
}
