package rest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/kodeks/kodeks/internal/golden"
	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
)

type restOptions = rest.Options

// writable is a server without releases that resources can be written to.
func writable(t *testing.T, origins ...string) http.Handler {
	t.Helper()
	return writableWith(t, func(o *restOptions) { o.Origins = origins })
}

// writableWith is writable with other options.
func writableWith(t *testing.T, change func(*restOptions)) http.Handler {
	t.Helper()
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	resources, err := wiring.OpenResources(data, false)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{Language: "nb", Stored: resources, OpenResource: wiring.OpenResource})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := resources.Close(); err != nil {
			t.Error(err)
		}
	})
	o := rest.Options{Version: "0.1.0", Released: "2026-11-22", BaseURL: "https://example.org", Writable: true, Generation: c.Generation}
	change(&o)
	return rest.New(operation.New(c, operation.Options{Languages: language.Of(language.Bokmal)}), o).Handler()
}

// moments are what differs from run to run.
var moments = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d UTC|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

const (
	handSystem = `{"resourceType":"CodeSystem","id":"hand","url":"http://example.org/hand","version":"1","title":"Hånd","status":"active","content":"complete","concept":[{"code":"H","display":"Hånd","concept":[{"code":"H1","display":"Brudd <b>"}]}]}`
	handSet    = `{"resourceType":"ValueSet","url":"http://example.org/vs/hand","status":"active","compose":{"include":[{"system":"http://example.org/hand"}]}}`
	handMap    = `<ConceptMap xmlns="http://hl7.org/fhir"><id value="m"/><url value="http://example.org/map"/><status value="draft"/><group><source value="http://example.org/hand"/><target value="http://example.org/foot"/><element><code value="H1"/><target><code value="F1"/><equivalence value="equivalent"/></target></element></group></ConceptMap>`
)

// TestSession pins a whole session of a client that writes, byte for byte but for times
// and ids that the server chooses.
func TestSession(t *testing.T) {
	h := writable(t)
	var out strings.Builder
	for _, step := range []struct{ method, target, body, header string }{
		{"PUT", "/CodeSystem/hand", handSystem, ""},
		{"POST", "/ValueSet", handSet, "If-None-Exist: url=http://example.org/vs/hand; Prefer: return=OperationOutcome"},
		{"POST", "/ValueSet", handSet, "If-None-Exist: url=http://example.org/vs/hand; Prefer: return=OperationOutcome"},
		{"POST", "/ValueSet", handSet, ""},
		{"PUT", "/ConceptMap/m", handMap, "Content-Type: application/fhir+xml; Prefer: return=minimal"},
		{"GET", "/ConceptMap/m", "", ""},
		{"GET", "/ConceptMap/m?_format=xml", "", ""},
		{"GET", "/ValueSet/$expand?url=http://example.org/vs/hand&_format=xml", "", ""},
		{"GET", "/CodeSystem/$lookup?system=http://example.org/hand&code=H1&property=parent", "", ""},
		{"GET", "/ConceptMap/$translate?url=http://example.org/map&system=http://example.org/hand&code=H1", "", ""},
		{"GET", "/CodeSystem/hand", "", `If-None-Match: W/"1"`},
		{"PUT", "/CodeSystem/hand", strings.Replace(handSystem, `"H1"`, `"H2"`, 1), `If-Match: W/"1"; Prefer: return=minimal`},
		{"PUT", "/CodeSystem/hand", handSystem, `If-Match: W/"1"`},
		{"GET", "/ValueSet/$expand?url=http://example.org/vs/hand", "", ""},
		{"GET", "/CodeSystem/hand/_history/1?_summary=true", "", ""},
		{"GET", "/CodeSystem/hand/_history?_count=1", "", ""},
		{"GET", "/CodeSystem?code=H2&_elements=url&_sort=-_lastUpdated", "", ""},
		{"GET", "/CodeSystem?title:contains=ånd&status=active,draft&version:not=2&_summary=count", "", ""},
		{"GET", "/ValueSet?reference=http://example.org/hand&_total=none&_elements=url", "", ""},
		{"POST", "/CodeSystem/_search", "url=http://example.org/hand&_summary=count", "Content-Type: application/x-www-form-urlencoded"},
		{"PUT", "/CodeSystem/twice", `{"resourceType":"CodeSystem","id":"twice","url":"http://example.org/twice","status":"active","content":"complete","concept":[{"code":"a"},{"code":"a"},{"code":"b","property":[{"code":"parent","valueCode":"c"}]}]}`, ""},
		{"DELETE", "/ConceptMap/m", "", ""},
		{"DELETE", "/ConceptMap/m", "", ""},
		{"GET", "/ConceptMap/m", "", ""},
		{"GET", "/ConceptMap/_history", "", ""},
		{"GET", "/ConceptMap/$translate?url=http://example.org/map&system=http://example.org/hand&code=H1", "", ""},
		{"GET", "/CodeSystem/none", "", ""},
		{"GET", "/CodeSystem/hand", "", "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
		{"POST", "", `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"CodeSystem/hand?_elements=url"}},{"request":{"method":"PUT","url":"ValueSet/q"},"resource":{"resourceType":"ValueSet","id":"q","status":"activ"}},{"request":{"method":"GET","url":"ValueSet/$expand?url=http://example.org/vs/hand&count=1"}},{"request":{"method":"PATCH","url":"ValueSet/q"}}]}`, ""},
	} {
		r := httptest.NewRequest(step.method, "/fhir"+strings.ReplaceAll(step.target, "ånd", "%C3%A5nd"), strings.NewReader(step.body))
		r.Header.Set("Content-Type", "application/fhir+json")
		for line := range strings.SplitSeq(step.header, "; ") {
			if name, value, ok := strings.Cut(line, ": "); ok {
				r.Header.Set(name, value)
			}
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		fmt.Fprintf(&out, "%s /fhir%s %s\n%s\n", step.method, step.target, step.header, rec.Result().Status)
		for _, name := range []string{"Content-Type", "Location", "ETag"} {
			if v := rec.Header().Get(name); v != "" {
				fmt.Fprintf(&out, "%s: %s\n", name, v)
			}
		}
		fmt.Fprintf(&out, "%s\n\n", rec.Body)
	}
	golden.Equal(t, "resource-session.txt", []byte(moments.ReplaceAllString(out.String(), "…")))
}

// TestWrittenBelowRequest asks of what was written together with what a request brings, which
// goes before it, by itself and in a batch.
func TestWrittenBelowRequest(t *testing.T) {
	h := writable(t)
	ask := func(method, target, body string) string {
		t.Helper()
		r := httptest.NewRequest(method, "/fhir"+target, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/fhir+json")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code/100 != 2 {
			t.Fatalf("%s %s: %s %s", method, target, rec.Result().Status, rec.Body)
		}
		return rec.Body.String()
	}
	ask("PUT", "/CodeSystem/hand", handSystem)
	ask("POST", "/ValueSet", handSet)
	const (
		set     = `{"resourceType":"ValueSet","url":"http://example.org/vs/fingers","status":"active","compose":{"include":[{"system":"http://example.org/hand","concept":[{"code":"H1"}]}]}}`
		wanting = `{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"%s"},{"name":"tx-resource","resource":%s}]}`
	)
	other := strings.Replace(handSystem, "Brudd", "Skade", 1) // of the same version
	narrow := strings.Replace(set, "/vs/fingers", "/vs/hand", 1)
	for _, tt := range []struct{ name, url, resource, want, not string }{
		{"a value set of the request, a code system that was written", "http://example.org/vs/fingers", set, `"total":1`, `"code":"H"`},
		{"a value set of the request in the place of one that was written", "http://example.org/vs/hand", narrow, `"total":1`, `"code":"H"`},
		{"a code system of the request in the place of one that was written", "http://example.org/vs/hand", other, "Skade", "Brudd"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := fmt.Sprintf(wanting, tt.url, tt.resource)
			batch := `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"POST","url":"ValueSet/$expand"},"resource":` + body + `}]}`
			for _, got := range []string{ask("POST", "/ValueSet/$expand", body), ask("POST", "", batch)} {
				if !strings.Contains(got, tt.want) || strings.Contains(got, tt.not) {
					t.Errorf("%s, want %s and not %s", got, tt.want, tt.not)
				}
			}
		})
	}
	if got := ask("GET", "/ValueSet/$expand?url=http://example.org/vs/hand", ""); !strings.Contains(got, "Brudd") {
		t.Errorf("%s: what a request brought has stayed", got)
	}
	one := `{"resourceType":"Parameters","parameter":[{"name":"validation","resource":{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"http://example.org/vs/hand"},{"name":"system","valueUri":"http://example.org/hand"},{"name":"code","valueCode":"H1"}]}}]}`
	batch := `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"POST","url":"ValueSet/$batch-validate-code"},"resource":` + one + `},{"request":{"method":"GET","url":"$versions"}}]}`
	if got := ask("POST", "", batch); !strings.Contains(got, `"name":"result","valueBoolean":true`) || !strings.Contains(got, `"name":"default","valueString":"4.0"`) {
		t.Errorf("a batch of $batch-validate-code and $versions: %s", got)
	}
}

// TestNeverHalfVisible replaces a code system again and again while others expand it: an
// expansion has the codes of one version, and a client sees what it wrote.
func TestNeverHalfVisible(t *testing.T) {
	h := writable(t)
	ask := func(method, target, body string) string {
		r := httptest.NewRequest(method, "/fhir"+target, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/fhir+json")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Body.String()
	}
	system := func(n int) string {
		return fmt.Sprintf(`{"resourceType":"CodeSystem","id":"s","url":"http://example.org/s","version":"1","status":"active","content":"complete","concept":[{"code":"a%d"},{"code":"b%d"}]}`, n, n)
	}
	ask("PUT", "/CodeSystem/s", system(0))
	code := regexp.MustCompile(`"code":"([ab])(\d+)"`)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				text := ask("GET", "/ValueSet/$expand?url=http://example.org/s?vs", "")
				if got := code.FindAllStringSubmatch(text, -1); len(got) != 2 || got[0][2] != got[1][2] {
					t.Errorf("an expansion of two versions: %s", text)
					return
				}
			}
		})
	}
	for n := 1; n <= 40; n++ {
		ask("PUT", "/CodeSystem/s", system(n))
		if text := ask("GET", "/ValueSet/$expand?url=http://example.org/s?vs", ""); !strings.Contains(text, fmt.Sprintf(`"a%d"`, n)) {
			t.Errorf("after write %d: %s", n, text)
		}
	}
	close(stop)
	readers.Wait()
}

// TestForeignWrites lets a page of another site write, with requests that browsers send
// without asking and others, by themselves and in a batch: only a site that is named may.
func TestForeignWrites(t *testing.T) {
	batch := `{"resourceType":"Bundle","type":"batch","entry":[{"resource":` + handSystem + `,"request":{"method":"PUT","url":"CodeSystem/hand"}}]}`
	for _, tt := range []struct {
		name    string
		origins []string
		origin  string
		site    string // Sec-Fetch-Site
		may     bool
	}{
		{"a program", nil, "", "", true},
		{"our own page", nil, "http://example.com", "same-origin", true},
		{"another site where any may read", nil, "https://evil.example", "cross-site", false},
		{"a browser that tells the origin only", nil, "https://evil.example", "", false},
		{"a file", nil, "null", "cross-site", false},
		{"another site than the named one", []string{"https://epj.example"}, "https://evil.example", "cross-site", false},
		{"the named site", []string{"https://epj.example"}, "https://epj.example", "cross-site", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := writable(t, tt.origins...)
			ask := func(method, target, contentType, body string) *httptest.ResponseRecorder {
				r := httptest.NewRequest(method, "http://example.com/fhir"+target, strings.NewReader(body))
				r.Header.Set("Content-Type", contentType)
				if tt.origin != "" {
					r.Header.Set("Origin", tt.origin)
				}
				if tt.site != "" {
					r.Header.Set("Sec-Fetch-Site", tt.site)
				}
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				return w
			}
			for _, write := range []struct{ method, target, contentType, body string }{
				{"PUT", "/CodeSystem/hand", "application/fhir+json", handSystem}, {"POST", "/ValueSet", "application/json", handSet},
				{"POST", "/ValueSet", "text/plain", strings.Replace(handSet, "vs/hand", "vs/simple", 1)}, {"POST", "", "application/fhir+json", batch}, {"DELETE", "/CodeSystem/hand", "", ""},
			} {
				w := ask(write.method, write.target, write.contentType, write.body)
				refused := w.Code == http.StatusForbidden || strings.Contains(w.Body.String(), "403 Forbidden")
				if refused == tt.may {
					t.Errorf("%s %s of %s: %d %s", write.method, write.target, write.contentType, w.Code, w.Body)
				}
			}
			if w := ask("POST", "/ValueSet/$expand", "application/fhir+json", `{"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":{"resourceType":"ValueSet","status":"active","compose":{"include":[]}}}]}`); w.Code == http.StatusForbidden {
				t.Errorf("$expand, which only reads: %d %s", w.Code, w.Body)
			}
		})
	}
}
