package httpscript_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/httpscript"
)

const script = `# A code.

$ kodeks serve --read-only

### a code of ICPC-2
# In: code and system.
GET /fhir/{r4,r5}/CodeSystem/$lookup
  ?system=http://hl7.org/fhir/sid/icpc-2
  &code=K75 & K74
Accept: application/fhir+json

HTTP/1.1 200 OK

{"id": "{id:first}"}

### what is wrong
# Bad: code, system
# Owed: not yet
# It is told.
POST /fhir/r4/CodeSystem/{id:first}
Content-Type: application/fhir+json

{"code": «3 × 7»}

HTTP/1.1 400 Bad Request
`

func Example() {
	s, err := httpscript.Parse(script)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Serve, len(s.Cases))
	for _, c := range s.Cases[0].Each() {
		fmt.Println(c.Name, c.Target())
	}
	bad := s.Cases[1]
	fmt.Println(bad.Bad, bad.Owed, bad.Want.Status, bad.Unwritten())

	known := httpscript.Known{}
	got := httpscript.Answer{Status: 200, Header: [][2]string{{"Content-Type", "application/fhir+json; charset=utf-8"}}, Body: `{"id": "a1", "extra": true}`}
	fmt.Println(httpscript.Compare(s.Cases[0].Want, got, known))
	fmt.Println(known.FillRequest(bad.Request).Path)
	// Output:
	// [--read-only] 2
	// a code of ICPC-2 (r4) /fhir/r4/CodeSystem/$lookup?system=http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Ficpc-2&code=K75+%26+K74
	// a code of ICPC-2 (r5) /fhir/r5/CodeSystem/$lookup?system=http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Ficpc-2&code=K75+%26+K74
	// [code system] not yet 400 true
	// [extra: not wanted: true]
	// /fhir/r4/CodeSystem/a1
}

// TestParseRefuses: a script that is not understood is refused with its line.
func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"text before the first case", "hello\n", "1: want a comment"},
		{"a case without a name", "###\n# c\nGET /a\n\nHTTP/1.1 200 OK\n", "1: the case has no name"},
		{"a case without a comment", "### a\nGET /a\n\nHTTP/1.1 200 OK\n", `2: case "a" has no comment`},
		{"no request", "### a\n# c\n", "want a request"},
		{"no method", "### a\n# c\n/fhir\n", "3: want a request such as GET /fhir/metadata"},
		{"a parameter without a value", "### a\n# c\nGET /a\n  ?code\n\nHTTP/1.1 200 OK\n", "4: want ?name=value"},
		{"a header without a colon", "### a\n# c\nGET /a\nAccept\n\nHTTP/1.1 200 OK\n", "4: want a header"},
		{"no answer", "### a\n# c\nGET /a\n", `case "a" has no answer`},
		{"no status", "### a\n# c\nGET /a\n\nHTTP/1.1 OK\n", "5: want a status"},
		{"two answers", "### a\n# c\nGET /a\n\nHTTP/1.1 200 OK\n\nHTTP/1.1 200 OK\n", "two answers"},
		{"the same name twice", strings.Repeat("### a\n# c\nGET /a\n\nHTTP/1.1 200 OK\n\n", 2), `7: there are two cases "a"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := httpscript.Parse(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Parse = %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestCompare(t *testing.T) {
	const (
		asJSON = "application/fhir+json; charset=utf-8"
		asXML  = "application/fhir+xml; charset=utf-8"
	)
	for _, tt := range []struct {
		name, kind, want, got string
		differ                string // is part of the differences; "" for none
	}{
		{"the order of members does not count", asJSON, `{"a": 1, "b": [2]}`, `{"b":[2],"a":1}`, ""},
		{"the order of a list does", asJSON, `[1, 2]`, `[2, 1]`, "[0]: got 2, want 1"},
		{"nothing may be missing", asJSON, `{"a": {"b": 1}}`, `{"a": {}}`, "a.b: missing, want 1"},
		{"nothing more may be there", asJSON, `{"a": {}}`, `{"a": {"b": 1}}`, "a.b: not wanted: 1"},
		{"a list may not be longer", asJSON, `[1]`, `[1, 2]`, "[1]: not wanted: 2"},
		{"a list may not be shorter", asJSON, `[1, 2]`, `[1]`, "[1]: missing, want 2"},
		{"a number is as it is written", asJSON, `{"a": 1.0}`, `{"a": 1}`, "a: got 1, want 1.0"},
		{"a string is no number", asJSON, `{"a": "1"}`, `{"a": 1}`, `a: got 1, want "1"`},
		{"a time may be any time", asJSON, `{"a": "at {time}"}`, `{"a": "at 2026-11-22T08:00:00Z"}`, ""},
		{"but a time", asJSON, `{"a": "{time}"}`, `{"a": "today"}`, `got "today"`},
		{"a name is one value", asJSON, `["{id:x}", "{id:x}"]`, `["a", "b"]`, `[1]: got "b"`},
		{"no other brackets are markers", asJSON, `{"a": "{363698007=74281007}"}`, `{"a": "{363698007=74281007}"}`, ""},
		{"what is no JSON", asJSON, `{}`, `{`, "the body is no JSON"},
		{"blanks between elements do not count", asXML, "<a xmlns='u'>\n <b v='1'/></a>", `<a xmlns="u"><b v="1"/></a>`, ""},
		{"the namespace does", asXML, `<a xmlns="u"/>`, `<a/>`, "xmlns"},
		{"the order of elements does", asXML, `<a><b/><c/></a>`, `<a><c/><b/></a>`, `children[0].<: got "c", want "b"`},
		{"an attribute more", asXML, `<a/>`, `<a b="1"/>`, `@b: not wanted`},
		{"text without regard to lines", "text/plain", "a\n  b", "a b", ""},
		{"another text", "text/plain", "a", "b", `body: got "b", want "a"`},
		{"no body where there is one", asJSON, `{}`, "", "body: got 0 bytes, want 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := [][2]string{{"Content-Type", tt.kind}}
			got := httpscript.Compare(httpscript.Answer{Status: 200, Header: header, Body: tt.want}, httpscript.Answer{Status: 200, Header: header, Body: tt.got}, httpscript.Known{})
			if tt.differ == "" && len(got) > 0 || tt.differ != "" && !strings.Contains(strings.Join(got, "\n"), tt.differ) {
				t.Errorf("Compare = %q, want %q", got, tt.differ)
			}
		})
	}
}

// TestCompareHeaders: the headers that tell of a resource are there just when the script
// has them, others when it asks.
func TestCompareHeaders(t *testing.T) {
	want := httpscript.Answer{Status: 201, Header: [][2]string{{"ETag", `W/"1"`}, {"Allow", "GET"}}}
	got := httpscript.Answer{Status: 200, Header: [][2]string{{"Etag", `W/"2"`}, {"Location", "/a"}, {"Vary", "Accept"}}}
	all := strings.Join(httpscript.Compare(want, got, httpscript.Known{}), "\n")
	for _, part := range []string{"status: got 200", `Etag: got "W/\"2\""`, `Location: got "/a"`, `Allow: got ""`} {
		if !strings.Contains(all, part) {
			t.Errorf("Compare = %q, want %q in it", all, part)
		}
	}
	if strings.Contains(all, "Vary") {
		t.Errorf("Compare = %q: nobody asks for Vary", all)
	}
}

// TestSend sends what the script says, as the host of the examples.
func TestSend(t *testing.T) {
	s, err := httpscript.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s %s %s", r.Method, r.Host, r.URL.Path, r.URL.Query().Get("code"), body)
	}))
	defer server.Close()
	for i, want := range []string{"GET 127.0.0.1:8080 /fhir/r4/CodeSystem/$lookup K75 & K74 ", `POST 127.0.0.1:8080 /fhir/r4/CodeSystem/{id:first}  {"code": 777}`} {
		c := s.Cases[i].Each()[0]
		got, err := c.Send(server.Client(), server.Listener.Addr().String())
		if err != nil || got.Body != want {
			t.Errorf("%s: sent %q, %v, want %q", c.Name, got.Body, err, want)
		}
		if curl := c.Curl(); !strings.HasPrefix(curl, "curl -i -X "+c.Method+" 'http://127.0.0.1:8080/") {
			t.Errorf("Curl = %s", curl)
		}
	}
}

// TestWrite fills in the bodies that are missing, and changes no other.
func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.http")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := httpscript.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	answer := httpscript.Answer{Header: [][2]string{{"Content-Type", "application/fhir+xml"}}, Body: `<a xmlns="u"><at value="2026-11-22T08:00:00.123Z"/><id value="a1"/></a>`}
	if err := s.Write(map[int]httpscript.Answer{0: answer, 1: answer}, httpscript.Known{"{id:first}": "a1"}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	want := script + "Content-Type: application/fhir+xml\n\n<a xmlns=\"u\"><at value=\"{time}\"/><id value=\"{id:first}\"/></a>\n"
	if err != nil || string(got) != want {
		t.Errorf("Write = %s, %v, want %s", got, err, want)
	}
	if s, err = httpscript.Read(path); err != nil || s.Cases[1].Unwritten() {
		t.Errorf("the script is not read again: %v", err)
	}
}

// TestLayout: a body laid out is the same body.
func TestLayout(t *testing.T) {
	long := strings.Repeat("å", 200)
	for kind, body := range map[string]string{
		"application/fhir+json": `{"a":[{"b":"` + long + `"},{"c":"<&>"},{"d":1.50,"e":null,"f":[],"g":{}}]}`,
		"application/fhir+xml":  `<a xmlns="u" b="&lt;&quot;"><c v="` + long + `"/><d v="1">x &amp; y</d><div xmlns="w"><p>t</p></div></a>`,
	} {
		laid := httpscript.Layout(body, kind)
		header := [][2]string{{"Content-Type", kind}}
		if differences := httpscript.Compare(httpscript.Answer{Header: header, Body: body}, httpscript.Answer{Header: header, Body: laid}, httpscript.Known{}); len(differences) > 0 {
			t.Errorf("Layout(%s) = %s, differs: %q", body, laid, differences)
		}
		if strings.Count(laid, "\n") < 3 {
			t.Errorf("Layout(%s) = %s, want lines", body, laid)
		}
	}
}
