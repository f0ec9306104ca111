package rest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/golden"
)

// browse asks for a page as a browser does.
func browse(h http.Handler, target, languages string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	r.Header.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	r.Header.Set("Accept-Language", languages)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// imported is when the sample was, which differs from run to run.
var imported = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d UTC`)

// samplePages are pages of the sample, one of each kind.
var samplePages = []struct{ name, target, languages string }{
	{"page-codesystem", "/fhir/CodeSystem/icd-10-no-2026", "nb"},
	{"page-search", "/fhir/CodeSystem/icd-10-no-2026?q=hjarteinfarkt", "nn"},
	{"page-concept", "/fhir/r5/CodeSystem/snomed-51000202101-20250915?under=57054005", "nn-NO, nb;q=0.8"},
	{"page-valueset", "/fhir/ValueSet/icd-10-no-2026?offset=100", "en"},
	{"page-conceptmap", "/fhir/ConceptMap/snomed-51000202101-20250915-447562003", "de"},
	{"page-namingsystem", "/fhir/NamingSystem/icd-10-no", "nb"},
	{"page-list", "/fhir/CodeSystem?_count=1", "nb"},
}

// TestPages pins pages, byte for byte but for the style and the moment of the import, and
// holds that they are pages that a screen reader can read.
func TestPages(t *testing.T) {
	for _, tt := range samplePages {
		t.Run(tt.name, func(t *testing.T) {
			rec := browse(sample.Handler(), tt.target, tt.languages)
			body := rec.Body.String()
			checkPage(t, body)
			body = styleOf.ReplaceAllString(imported.ReplaceAllString(body, "…"), "<style>…</style>")
			golden.Equal(t, tt.name+".txt", []byte(rec.Result().Status+"\nContent-Language: "+rec.Header().Get("Content-Language")+"\n"+body))
		})
	}
}

var styleOf = regexp.MustCompile(`(?s)<style>(.*)</style>`)

// TestPagePolicy holds that the policy of a page lets its own style be used, byte for byte,
// and no other, and that no part of the page needs more than that.
func TestPagePolicy(t *testing.T) {
	rec := browse(sample.Handler(), "/fhir/CodeSystem/icd-10-no-2026", "nb")
	style := styleOf.FindStringSubmatch(rec.Body.String())
	if style == nil {
		t.Fatal("the page has no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	if got := rec.Header()["Content-Security-Policy"]; len(got) != 1 || !strings.HasPrefix(got[0], "default-src 'none'; "+want) || strings.Contains(got[0], "unsafe") {
		t.Errorf("policy %q, want one with %s", got, want)
	}
}

// elements are all that a page has.
var elements = map[string]bool{"html": true, "head": true, "meta": true, "title": true, "style": true, "body": true, "a": true, "header": true, "nav": true, "main": true,
	"h1": true, "h2": true, "form": true, "label": true, "input": true, "button": true, "section": true, "p": true, "span": true, "div": true, "table": true,
	"thead": true, "tbody": true, "tr": true, "th": true, "td": true, "code": true, "mark": true}

// checkPage reads a page as a tree, and fails for what no page has: an element or an address
// that could run or load something, a table head without scope, a control without label, an id
// twice, a heading out of order.
func checkPage(t *testing.T, body string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	ids, labels, inputs, heads := map[string]bool{}, map[string]bool{}, []string{}, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the page is no tree: %v", err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		name := e.Name.Local
		attr := map[string]string{}
		for _, a := range e.Attr {
			attr[a.Name.Local] = a.Value
			if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" || a.Name.Local == "src" {
				t.Errorf("<%s> has %s=%q", name, a.Name.Local, a.Value)
			}
		}
		if !elements[name] {
			t.Errorf("the page has <%s>", name)
		}
		if at, ok := attr["href"]; ok && !strings.HasPrefix(at, "https://example.org/fhir") && at[0] != '?' && at != "#content" {
			t.Errorf("the page refers to %q", at)
		}
		if id := attr["id"]; id != "" {
			if ids[id] {
				t.Errorf("id %s twice", id)
			}
			ids[id] = true
		}
		switch name {
		case "html":
			if attr["lang"] == "" {
				t.Error("the page has no language")
			}
		case "th":
			if attr["scope"] == "" {
				t.Error("a th without scope")
			}
		case "label":
			labels[attr["for"]] = true
		case "input":
			if attr["type"] != "hidden" {
				inputs = append(inputs, attr["id"])
			}
		case "h1":
			heads++
		case "h2":
			if heads != 1 {
				t.Errorf("%d h1 before an h2, want one", heads)
			}
		}
	}
	for _, id := range inputs {
		if !labels[id] {
			t.Errorf("the control %q has no label", id)
		}
	}
}

// TestHostilePages holds that nothing of a resource or a request is more than text on a page.
func TestHostilePages(t *testing.T) {
	const bad = `\u003c/title>\u003c/style>\u003cscript>alert(1)\u003c/script>\"'>\u003cimg src=x onerror=alert(1)>`
	h := writable(t)
	resources := []string{
		`{"resourceType":"CodeSystem","id":"cs","url":"javascript:alert(1)","version":"` + bad + `","name":"` + bad + `","title":"` + bad + `","status":"active","language":"nb","content":"complete","description":"` + bad + `","valueSet":"javascript:alert(2)",
			"property":[{"code":"p","description":"` + bad + `","type":"string"}],"concept":[{"code":"` + strings.ReplaceAll(bad, " ", "") + `","display":"` + bad + `","designation":[{"language":"nn","value":"` + bad + `"}],"property":[{"code":"p","valueString":"` + bad + `"}]},{"code":"a&b=c#d","display":"\u003cb>fet"}]}`,
		`{"resourceType":"ValueSet","id":"vs","url":"javascript:alert(3)","title":"` + bad + `","status":"active","compose":{"include":[{"system":"javascript:alert(1)"}],"exclude":[{"valueSet":["javascript:alert(4)"]},{"system":"javascript:alert(5)","version":"` + bad + `","filter":[{"property":"concept","op":"=","value":"` + bad + `"}]}]}}`,
		`{"resourceType":"ConceptMap","id":"cm","url":"javascript:alert(6)","title":"` + bad + `","status":"active","group":[{"source":"javascript:alert(1)","target":"javascript:alert(1)","element":[{"code":"a&b=c#d","display":"` + bad + `","target":[{"code":"a&b=c#d","display":"` + bad + `","equivalence":"equivalent","comment":"` + bad + `"}]}]}]}`,
	}
	for _, r := range resources {
		typ := r[len(`{"resourceType":"`):strings.Index(r, `","id"`)]
		id := strings.ToLower(typ[:1]) + map[string]string{"CodeSystem": "s", "ValueSet": "s", "ConceptMap": "m"}[typ]
		if rec := send(h, "PUT", "/"+typ+"/"+id, r); rec.Code != http.StatusCreated {
			t.Fatalf("%s: %d %s", typ, rec.Code, rec.Body)
		}
	}
	for _, target := range []string{"/CodeSystem/cs", "/CodeSystem/cs?under=a%26b%3Dc%23d", `/CodeSystem/cs?q=%3Cscript%3E%22`, "/CodeSystem/cs?q=fet", `/CodeSystem/cs?under=%22%3E%3Cscript%3E&_format=html`,
		"/ValueSet/vs", "/ValueSet/vs?q=fet", "/ConceptMap/cm", "/CodeSystem", "/ValueSet?title:contains=script"} {
		rec := browse(h, "/fhir"+target, "nb")
		if rec.Code != 200 || !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", target, rec.Code, rec.Body)
			continue
		}
		t.Run(target, func(t *testing.T) { checkPage(t, rec.Body.String()) })
		if strings.Contains(target, "vs") && !strings.Contains(target, "q=") && !strings.Contains(rec.Body.String(), "&lt;/title&gt;") {
			t.Errorf("%s does not show the title: %s", target, rec.Body)
		}
	}
	if body := browse(h, "/fhir/CodeSystem/cs", "nb").Body.String(); !strings.Contains(body, `href="?under=a%26b%3Dc%23d"`) {
		t.Errorf("the page has no link to the code a&b=c#d: %s", body)
	}
}

// TestPageRequests holds what a page is asked besides its resource.
func TestPageRequests(t *testing.T) {
	const cs = "/fhir/CodeSystem/icd-10-no-2026"
	for _, tt := range []struct {
		name, target string
		headers      []string
		status       int
		want, not    string
	}{
		{name: "narrower concepts", target: cs + "?under=IX", status: 200, want: "I20-I25"},
		{name: "typed in another form", target: cs + "?under=i219", status: 200, want: `I21.9 Akutt hjerteinfarkt`},
		{name: "unknown code", target: cs + "?under=X99.9", status: 200, want: "Kodeverket har ingen kode «X99.9»."},
		{name: "behind the end", target: cs + "?offset=5000", status: 200, want: `<span>21 i alt</span> <a rel="prev" href="?">`},
		{name: "search behind the most hits", target: cs + "?q=sykdom&offset=99999", status: 200, want: "Treff på"},
		{name: "nothing found", target: cs + "?q=qqqqqqqq", status: 200, want: "Ingen treff."},
		{name: "second page", target: "/fhir/ValueSet/icd-10-no-2026?offset=100", status: 200, want: `<a rel="prev" href="?">`},
		{name: "format kept in links", target: cs + "?_format=html&under=IX", status: 200, want: `<input type="hidden" name="_format" value="html">`},
		{name: "known to the client", target: cs, headers: []string{"If-None-Match", "*"}, status: 200, want: "<h1"},
		{name: "offset in words", target: cs + "?offset=ti", status: 400, want: "expected a whole number"},
		{name: "unknown parameter", target: cs + "?navn=x", status: 422, want: "navn"},
		{name: "page parameter of a read", target: cs + "?under=IX&_format=json", status: 422, want: "under"},
		{name: "inactive", target: "/fhir/CodeSystem/snomed-51000202101-20250915?q=hjerteinfarkt", status: 200, want: "<mark>hjerteinfarkt</mark>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := browse(sample.Handler(), tt.target, "nb", tt.headers...)
			if body := rec.Body.String(); rec.Code != tt.status || !strings.Contains(body, tt.want) || tt.not != "" && strings.Contains(body, tt.not) {
				t.Errorf("GET %s = %d %s, want %d with %q", tt.target, rec.Code, body, tt.status, tt.want)
			}
		})
	}
}

// TestPagesOfChanges holds that a browser reads the changes of what clients write as pages:
// each of them as it was, and not what answers today.
func TestPagesOfChanges(t *testing.T) {
	h := writable(t)
	write := func(target, body string) {
		t.Helper()
		method := "PUT"
		if body == "" {
			method = "DELETE"
		}
		if rec := send(h, method, target, body); rec.Code >= 300 {
			t.Fatalf("%s: %d %s", target, rec.Code, rec.Body)
		}
	}
	write("/CodeSystem/hand", handSystem)
	write("/CodeSystem/hand", strings.NewReplacer("Hånd", "Neve", `"H1"`, `"H2"`).Replace(handSystem))
	write("/ValueSet/hand", strings.Replace(handSet, `"url"`, `"id":"hand","url"`, 1))
	write("/ValueSet/hand", "")
	write("/ValueSet/hand", strings.Replace(handSet, `"url"`, `"id":"hand","title":"\u003cscript>","url"`, 1))
	for _, tt := range []struct {
		target    string
		want, not []string
	}{
		{target: "/CodeSystem/hand/_history/1", want: []string{"<h1>Hånd</h1>", ">Endring 1<", "Slik var ressursen fra", `<a href="https://example.org/fhir/CodeSystem/hand">Slik den er nå</a>`, "<code>H1</code>"}, not: []string{"H2", "Neve", `name="q"`, "ikke installert", `href="?under`}},
		{target: "/CodeSystem/hand/_history/2", want: []string{"<h1>Neve</h1>", "<code>H2</code>"}, not: []string{"H1"}},
		{target: "/CodeSystem/hand/_history", want: []string{"Endringer: CodeSystem/hand", `<a href="https://example.org/fhir/CodeSystem/hand/_history/1">1</a>`, "Hånd", "Neve", "skrevet", "2 i alt"}},
		{target: "/CodeSystem/_history?_count=1", want: []string{"Endringer: Kodeverk", "Neve", `rel="next"`}, not: []string{"Hånd"}},
		{target: "/ValueSet/hand/_history", want: []string{"slettet", "&lt;script&gt;", `_history/3">3</a>`}, not: []string{`_history/2"`}},
		{target: "/ValueSet/hand/_history/3", want: []string{"&lt;script&gt;", "http://example.org/hand"}, not: []string{"Kodene i kodesettet", `name="q"`}},
		{target: "/CodeSystem/hand", want: []string{`<a href="https://example.org/fhir/CodeSystem/hand/_history">2</a>`, ">Antall begreper</th><td>2<"}, not: []string{"Antall termer"}},
	} {
		t.Run(tt.target, func(t *testing.T) {
			rec := browse(h, "/fhir"+tt.target, "nb")
			body := rec.Body.String()
			if rec.Code != 200 || !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
				t.Fatalf("%d %s", rec.Code, body)
			}
			checkPage(t, body)
			for _, want := range tt.want {
				if !strings.Contains(body, want) {
					t.Errorf("the page does not say %q: %s", want, body)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(body, not) {
					t.Errorf("the page says %q: %s", not, body)
				}
			}
		})
	}
	for target, status := range map[string]int{"/ValueSet/hand/_history/2": 410, "/CodeSystem/hand/_history/9": 404, "/CodeSystem/none/_history": 404} {
		if rec := browse(h, "/fhir"+target, "nb"); rec.Code != status {
			t.Errorf("%s: %d, want %d", target, rec.Code, status)
		}
	}
}

// TestLongPages holds that a page does not cost more the longer the text of its resource is.
func TestLongPages(t *testing.T) {
	h := writable(t)
	write := func(typ, head, item, tail string, n int) {
		t.Helper()
		items := make([]string, n)
		for i := range items {
			items[i] = strings.ReplaceAll(item, "#", fmt.Sprintf("%06d", i))
		}
		id := "long"
		if n < 100 {
			id = "short"
		}
		body := strings.ReplaceAll(`{"resourceType":"`+typ+`","id":"?","url":"http://example.org/`+typ+`/?","version":"1","title":"Lang liste","status":"active",`+head, "?", id) + strings.Join(items, ",") + tail
		if rec := send(h, "PUT", "/"+typ+"/"+id, body); rec.Code != 201 {
			t.Fatalf("%s: %d %.300s", typ, rec.Code, rec.Body)
		}
	}
	for _, n := range []int{10, 30_000} {
		write("CodeSystem", `"description":"Om ?","content":"complete","concept":[`, `{"code":"C#","display":"Begrep nummer # i en lang liste"}`, `]}`, n)
		write("ValueSet", `"description":"Om ?","compose":{"include":[{"system":"http://example.org/CodeSystem/?","concept":[`, `{"code":"C#","display":"Begrep nummer # i en lang liste"}`, `]}]}}`, n)
		write("ConceptMap", `"description":"Om ?","group":[{"source":"http://example.org/CodeSystem/?","target":"http://example.org/CodeSystem/?","element":[`, `{"code":"C#","target":[{"code":"C000000","equivalence":"wider"}]}`, `]}]}`, n)
	}
	for _, target := range []string{"/CodeSystem/?", "/CodeSystem/?/_history/1", "/CodeSystem/?/_history", "/CodeSystem", "/CodeSystem/_history", "/ValueSet/?", "/ValueSet/?/_history/1", "/ConceptMap/?", "/ConceptMap"} {
		t.Run(target, func(t *testing.T) {
			cost := map[string]uint64{}
			for _, id := range []string{"short", "long"} {
				at := "/fhir" + strings.ReplaceAll(target, "?", id)
				rec := browse(h, at, "nb") // it is opened
				body := rec.Body.String()
				if rec.Code != 200 || !strings.Contains(body, "Lang liste") {
					t.Fatalf("%s: %d %.300s", at, rec.Code, body)
				}
				checkPage(t, body)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				browse(h, at, "nb")
				runtime.ReadMemStats(&after)
				cost[id] = after.TotalAlloc - before.TotalAlloc
				left := strings.Contains(body, "for langt til å vises her")
				if answers := target == "/CodeSystem/?" || !strings.Contains(target, "?") || strings.HasSuffix(target, "_history"); left != (id == "long" && !answers) {
					t.Errorf("%s tells that something is too long: %v", at, left)
				}
				if strings.Contains(target, "?") && !strings.HasSuffix(target, "_history") && !strings.Contains(body, "Om "+id) {
					t.Errorf("%s does not tell what it is: %.300s", at, body)
				}
			}
			if cost["long"] > cost["short"]+24<<20 {
				t.Errorf("a page of what is long allocates %d KiB, of what is short %d KiB", cost["long"]>>10, cost["short"]>>10)
			}
		})
	}
}

// TestPageOfFailingValueSet holds that a value set that cannot be expanded has a page that
// says so.
func TestPageOfFailingValueSet(t *testing.T) {
	h := writable(t)
	for id, include := range map[string]string{"none": `{"system":"http://example.org/none"}`, "circle": `{"valueSet":["http://example.org/vs/circle"]}`} {
		send(h, "PUT", "/ValueSet/"+id, `{"resourceType":"ValueSet","id":"`+id+`","url":"http://example.org/vs/`+id+`","status":"active","compose":{"include":[`+include+`]}}`)
		rec := browse(h, "/fhir/ValueSet/"+id, "nn")
		if rec.Code != 200 || !strings.Contains(rec.Body.String(), "Kodane kan ikkje listast opp:") {
			t.Errorf("%s: %d %s", id, rec.Code, rec.Body)
		}
		checkPage(t, rec.Body.String())
	}
}

// TestPageWords holds that the words that pages say are known, in every language, and that
// there are no others.
func TestPageWords(t *testing.T) {
	files, err := filepath.Glob("page*.go")
	if err != nil {
		t.Fatal(err)
	}
	table, source := "", ""
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "pagewords.go" {
			table = string(data)
		}
		if !strings.HasSuffix(name, "_test.go") {
			source += string(data)
		}
	}
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t"([\w-]+)": +\{"(.+)", "(.+)", "(.+)"\},$`).FindAllStringSubmatch(table, -1) {
		known[m[1]] = true
		if strings.Count(source, `"`+m[1]+`"`) < 2 && !strings.Contains(m[1], "-") && m[1] != "equivalent" {
			t.Errorf("no page says %q", m[1])
		}
	}
	said := regexp.MustCompile(`(?:[sS]ay\(|Say )"([\w-]+)"`).FindAllStringSubmatch(source, -1)
	for _, m := range regexp.MustCompile(`p\.head\(([^)]*)\)`).FindAllStringSubmatch(source, -1) {
		said = append(said, regexp.MustCompile(`"([\w-]+)"`).FindAllStringSubmatch(m[1], -1)...)
	}
	for _, m := range said {
		if !known[m[1]] {
			t.Errorf("a page says %q, which has no words", m[1])
		}
	}
	if len(known) < 50 || len(said) < 50 {
		t.Errorf("found %d words, said %d times", len(known), len(said))
	}
}
