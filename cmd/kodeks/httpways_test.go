package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/httpscript"
	"github.com/kodeks/kodeks/pkg/fhir"
)

// TestHTTPWays is a law over the scripts: an operation gives the same answer however it is
// asked and told. A request by GET is asked again by POST, as a form and as Parameters in
// JSON and in XML; a request by POST in the other format; and each answer again in XML. Not
// so operations that change what the server keeps: asked again, they find it changed.
func TestHTTPWays(t *testing.T) {
	address := serveCopy(t, importScriptSources(t))
	asked := 0
	for _, s := range readScripts(t) {
		if len(s.Serve) > 0 {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(s.Path), ".http"), func(t *testing.T) {
			for i := range s.Cases {
				for _, c := range s.Cases[i].Each() {
					_, path, query := split(&c)
					if op := operations()[path]; op == nil || op.Changes || path == "metadata" || c.Owed != "" || query.Has("_format") || c.Request.Get("Accept") != "" {
						continue
					}
					asked += sameInEveryWay(t, s.Path, &c, address)
				}
			}
		})
	}
	if asked < 1000 {
		t.Errorf("%d requests were sent: this test looks in the wrong place", asked)
	}
}

// sameInEveryWay sends a case in every way, and returns how many there were.
func sameInEveryWay(t *testing.T, file string, c *httpscript.Case, address string) (asked int) {
	first := send(t, &c.Request, address)
	ways := append(byPost(c), inXML(c)...)
	for _, way := range ways {
		got := send(t, &way, address)
		if strings.Contains(got.Get("Content-Type"), "xml") {
			version, _, _ := split(c)
			read, err := fhir.ReadXML(map[string]fhir.Version{"R4": fhir.R4, "R5": fhir.R5}[version], []byte(got.Body))
			if err != nil {
				t.Errorf("%s:%d: %s: the XML cannot be read: %v\n%s", file, c.Line, c.Name, err, got.Body)
				continue
			}
			got.Body = string(read)
		}
		want, have := told(first, c.Body != ""), told(got, c.Body != "")
		if first.Status != got.Status || want != have {
			t.Errorf("%s:%d: %s\n%s\n  %d %s\n%s\n  %d %s", file, c.Line, c.Name, c.Request.Curl(), first.Status, want, way.Curl(), got.Status, have)
		}
	}
	return len(ways)
}

func send(t *testing.T, r *httpscript.Request, address string) httpscript.Answer {
	t.Helper()
	a, err := r.Send(http.DefaultClient, address)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var (
	moments = regexp.MustCompile(`"timestamp":\s*"[^"]*"`)
	hashes  = regexp.MustCompile(`"identifier":\s*"urn:uuid:[^"]*"`)
	issues  = regexp.MustCompile(`"(?:severity|code)":"[^"]*"`)
)

// told is what an answer says, but for the time; of an error only which issues it has: a
// place in a body is named otherwise than a parameter of a query, and so is what it should
// be. With a body that has a definition, an expansion is named by the bytes of that.
func told(a httpscript.Answer, body bool) string {
	var v any
	if json.Unmarshal([]byte(a.Body), &v) != nil {
		return a.Body
	}
	ordered, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	text := moments.ReplaceAllString(string(ordered), "")
	if body {
		text = hashes.ReplaceAllString(text, "")
	}
	if a.Status >= 400 {
		text = strings.Join(issues.FindAllString(text, -1), " ")
	}
	return text
}

// byPost returns a request by GET in the three ways of POST; none of what only a query
// can say wrongly.
func byPost(c *httpscript.Case) []httpscript.Request {
	version, path, query := split(c)
	if c.Method != "GET" || version == "" {
		return nil
	}
	op := operations()[path]
	kept, items := url.Values{}, []string(nil)
	form := ""
	for _, pair := range strings.Split(rawQuery(c), "&") {
		key, value, _ := strings.Cut(pair, "=")
		name, _ := url.QueryUnescape(key) // what cannot be read is kept as it is
		text, _ := url.QueryUnescape(value)
		if strings.HasPrefix(name, "_") {
			kept[name] = query[name]
			continue
		}
		typ, simple := typeOf(op, name)
		if !simple {
			return nil
		}
		form += "&" + pair
		if name != "" {
			items = append(items, `{"name":`+quote(name)+`,"`+typ+`":`+literal(typ, text)+`}`)
		}
	}
	body := `{"resourceType":"Parameters"}`
	if len(items) > 0 {
		body = `{"resourceType":"Parameters","parameter":[` + strings.Join(items, ",") + `]}`
	}
	post := func(kind, body string) httpscript.Request {
		address, _, _ := strings.Cut(c.Path, "?")
		r := httpscript.Request{Method: "POST", Path: address, Body: body, Header: append(slices.Clone(c.Request.Header), [2]string{"Content-Type", kind})}
		if len(kept) > 0 {
			r.Path += "?" + kept.Encode()
		}
		return r
	}
	out := []httpscript.Request{post("application/fhir+json", body), post("application/x-www-form-urlencoded", strings.TrimPrefix(form, "&"))}
	if xml, err := fhir.AppendXML(nil, []byte(body)); err == nil && !strings.Contains(body, `Boolean":"`) && !strings.Contains(body, `Integer":"`) {
		out = append(out, post("application/fhir+xml", string(xml)))
	}
	return out
}

func rawQuery(c *httpscript.Case) string {
	_, raw, _ := strings.Cut(c.Target(), "?")
	return raw
}

// inXML returns a request with its body in XML, and one for an answer in XML.
func inXML(c *httpscript.Case) []httpscript.Request {
	answer := c.Request
	answer.Header = append(slices.Clone(answer.Header), [2]string{"Accept", "application/fhir+xml"})
	out := []httpscript.Request{answer}
	if c.Request.Get("Content-Type") != "application/fhir+json" || c.Want.Status >= 400 {
		return out
	}
	if xml, err := fhir.AppendXML(nil, []byte(c.Body)); err == nil {
		body := c.Request
		body.Header, body.Body = slices.Clone(body.Header), string(xml)
		for i := range body.Header {
			if body.Header[i][0] == "Content-Type" {
				body.Header[i][1] = "application/fhir+xml"
			}
		}
		out = append(out, body)
	}
	return out
}

// typeOf returns the member of a parameter that has its value, and whether a query can
// carry it. Every operation of the scripts has the parameter, or it is wrong anyhow.
func typeOf(op *fhir.Operation, name string) (member string, simple bool) {
	for _, list := range [][]fhir.Definition{op.Parameters, fhir.GeneralParameters()} {
		for _, d := range list {
			if d.Name != name {
				continue
			}
			switch d.Type {
			case fhir.Boolean:
				return "valueBoolean", true
			case fhir.Integer:
				return "valueInteger", true
			case fhir.Code:
				return "valueCode", true
			case fhir.URI:
				return "valueUri", true
			case fhir.DateTime:
				return "valueDateTime", true
			case fhir.String:
				return "valueString", true
			}
			return "", false
		}
	}
	return "valueString", true
}

func literal(typ, text string) string {
	if typ == "valueBoolean" && (text == "true" || text == "false") || typ == "valueInteger" && regexp.MustCompile(`^-?[0-9]+$`).MatchString(text) {
		return text
	}
	return quote(text)
}

func quote(text string) string {
	b, _ := json.Marshal(text) // a string always is
	return string(b)
}
