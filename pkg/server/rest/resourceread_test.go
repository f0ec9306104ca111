package rest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
)

// TestSecurityHeaders: no answer is taken for what it is not said to be.
func TestSecurityHeaders(t *testing.T) {
	h := writable(t)
	send(h, "PUT", "/CodeSystem/hand", handSystem)
	for _, target := range []string{"/CodeSystem/hand", "/CodeSystem/none", "/metadata", "/CodeSystem/$lookup?system=http://example.org/hand&code=H", "/../search?q=x", "/../healthz", "/../nothing", "/CodeSystem"} {
		for _, accept := range []string{"application/fhir+json", "text/html"} {
			head := send(h, "GET", target, "", "Accept: "+accept).Header()
			if head.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(head.Get("Content-Security-Policy"), "default-src 'none'") || len(head["Content-Security-Policy"]) != 1 {
				t.Errorf("%s as %s has %v", target, accept, head)
			}
		}
	}
}

// bundle reads the answer of a search or a history.
type bundle struct {
	Total *int
	Link  []struct{ Relation, URL string }
	Entry []struct {
		Resource struct {
			ResourceType, ID string
			Issue            []struct{ Details struct{ Text string } }
		}
		Search struct{ Mode string }
	}
}

func readBundle(t *testing.T, body []byte) bundle {
	t.Helper()
	var b bundle
	if err := json.Unmarshal(body, &b); err != nil {
		t.Fatalf("%v: %.300s", err, body)
	}
	return b
}

func (b bundle) link(relation string) string {
	for _, l := range b.Link {
		if l.Relation == relation {
			return strings.TrimPrefix(l.URL, "https://example.org/fhir")
		}
	}
	return ""
}

// TestPageBytes: a page of a search or a history ends at a number of bytes, and the pages
// together have everything once.
func TestPageBytes(t *testing.T) {
	h := writable(t)
	long := strings.Repeat("x", 6<<20)
	var want []string
	for i := range 6 {
		id := fmt.Sprintf("v%d", i)
		body := fmt.Sprintf(`{"resourceType":"ValueSet","id":"%s","url":"http://example.org/%s","status":"active","description":"%s"}`, id, id, long)
		if rec := send(h, "PUT", "/ValueSet/"+id, body); rec.Code != 201 {
			t.Fatalf("PUT = %d %s", rec.Code, rec.Body)
		}
		want = append(want, id)
	}
	for _, tt := range []struct {
		target string
		pages  int
	}{{"/ValueSet", 3}, {"/ValueSet/_history", 3}, {"/ValueSet?_elements=url", 1}, {"/ValueSet?_count=5&_sort=-_id", 3}, {"/ValueSet?_summary=true&_count=4", 2}} {
		var got []string
		pages := 0
		for target := tt.target; target != ""; pages++ {
			rec := send(h, "GET", target, "")
			if rec.Code != 200 || rec.Body.Len() > fhir.PageBytes+1<<20 {
				t.Fatalf("%s: %d, %d bytes", target, rec.Code, rec.Body.Len())
			}
			b := readBundle(t, rec.Body.Bytes())
			if b.Total == nil || *b.Total != 6 {
				t.Errorf("%s: total %v, want 6", target, b.Total)
			}
			for _, e := range b.Entry {
				got = append(got, e.Resource.ID)
			}
			target = b.link("next")
		}
		slices.Sort(got)
		if !slices.Equal(got, want) || pages != tt.pages {
			t.Errorf("%s: %v in %d pages, want %v in %d", tt.target, got, pages, want, tt.pages)
		}
	}
}

// TestListInXML: one resource that cannot be written in XML is told in its place.
func TestListInXML(t *testing.T) {
	h := writable(t)
	send(h, "PUT", "/ValueSet/a", anotherSet("a", "http://example.org/a"))
	bad := `{"resourceType":"ValueSet","id":"b","status":"active","text":{"status":"generated","div":"<p>no div</p>"}}`
	if rec := send(h, "PUT", "/ValueSet/b", bad); rec.Code != 201 {
		t.Fatalf("PUT = %d %s", rec.Code, rec.Body)
	}
	send(h, "PUT", "/ValueSet/c", anotherSet("c", "http://example.org/c"))
	for _, target := range []string{"/ValueSet?_format=xml", "/ValueSet/_history?_format=xml"} {
		rec := send(h, "GET", target, "")
		for _, want := range []string{`<id value="a"/>`, `<id value="c"/>`, "ValueSet/b cannot be given in XML", "<OperationOutcome>"} {
			if rec.Code != 200 || !strings.Contains(rec.Body.String(), want) {
				t.Errorf("%s = %d %s, want %s", target, rec.Code, rec.Body, want)
			}
		}
	}
	if rec := send(h, "GET", "/ValueSet?_format=xml", ""); !strings.Contains(rec.Body.String(), `<mode value="outcome"/>`) {
		t.Errorf("the entry is a match: %s", rec.Body)
	}
	if rec := send(h, "GET", "/ValueSet/b?_format=xml", ""); rec.Code != 406 || !strings.Contains(rec.Body.String(), "narrative") {
		t.Errorf("by itself: %d %s", rec.Code, rec.Body)
	}
}

// TestSearchParameters: what is asked is looked at, and what is not known is refused by
// name, unless the client wants it passed over.
func TestSearchParameters(t *testing.T) {
	h := writable(t)
	send(h, "PUT", "/CodeSystem/hand", handSystem)
	send(h, "PUT", "/CodeSystem/foot", `{"resourceType":"CodeSystem","id":"foot","url":"http://example.org/foot","version":"2","name":"Foot","status":"draft","publisher":"Legene","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:oid:1.2.3"}],"content":"fragment","concept":[{"code":"F1"}]}`)
	codes := make([]string, 400)
	for i := range codes {
		codes[i] = fmt.Sprintf(`{"code":"L%d"}`, i)
	}
	send(h, "PUT", "/CodeSystem/long", `{"resourceType":"CodeSystem","id":"long","url":"http://example.org/long","status":"active","content":"complete","concept":[`+strings.Join(codes, ",")+`]}`)
	send(h, "PUT", "/ValueSet/set", `{"resourceType":"ValueSet","id":"set","status":"active","compose":{"include":[{"system":"http://example.org/long","concept":[`+strings.Join(codes, ",")+`]},{"system":"http://example.org/foot"}]}}`)
	for query, want := range map[string]string{
		"/CodeSystem?_id=foot":                                                     "foot",
		"/CodeSystem?_id=foot,hand,foot":                                           "foot hand",
		"/CodeSystem?url=http://example.org/hand":                                  "hand",
		"/CodeSystem?url=http://example.org/hand&status=draft":                     "",
		"/CodeSystem?identifier=urn:oid:1.2.3":                                     "foot",
		"/CodeSystem?identifier=urn:ietf:rfc:3986|urn:oid:1.2.3":                   "foot",
		"/CodeSystem?identifier=urn:ietf:rfc:3986|":                                "foot",
		"/CodeSystem?identifier=http://other|urn:oid:1.2.3":                        "",
		"/CodeSystem?identifier:not=urn:oid:1.2.3":                                 "hand long",
		"/CodeSystem?name=fo":                                                      "foot",
		"/CodeSystem?name:exact=foot":                                              "",
		"/CodeSystem?publisher=legene":                                             "foot",
		"/CodeSystem?content=fragment":                                             "foot",
		"/CodeSystem?content=http://hl7.org/fhir/codesystem-content-mode|complete": "hand long",
		"/CodeSystem?status=http://example.org/other|draft":                        "",
		"/CodeSystem?code=H1":                                                      "hand",
		"/CodeSystem?code=http://example.org/hand|H1":                              "hand",
		"/CodeSystem?code=http://example.org/foot|H1":                              "",
		"/CodeSystem?code=L399":                                                    "long",
		"/CodeSystem?code=L400":                                                    "",
		"/ValueSet?code=L7":                                                        "set",
		"/ValueSet?code=http://example.org/long|L7":                                "set",
		"/ValueSet?code=http://example.org/foot|L7":                                "",
		"/ValueSet?reference=http://example.org/foot":                              "set",
		"/CodeSystem?_sort=-url":                                                   "long hand foot",
		"/CodeSystem?_sort=status,-_id":                                            "long hand foot",
		"/CodeSystem?_sort=url&_count=1&_offset=1":                                 "hand",
	} {
		rec := send(h, "GET", strings.ReplaceAll(query, "|", "%7C"), "")
		var got []string
		for _, e := range readBundle(t, rec.Body.Bytes()).Entry {
			got = append(got, e.Resource.ID)
		}
		if !strings.Contains(query, "_sort") {
			slices.Sort(got)
		}
		if strings.Join(got, " ") != want || rec.Code != 200 {
			t.Errorf("%s = %d %v, want %s", query, rec.Code, got, want)
		}
	}
	for query, want := range map[string]string{
		"/CodeSystem?colour=red":                       "'colour'",
		"/CodeSystem?_sort=colour":                     "_sort",
		"/CodeSystem?_count=-1":                        "_count",
		"/CodeSystem?_id=" + strings.Repeat("a,", 300): "200 at most",
		"/CodeSystem?name:phonetic=a":                  "phonetic",
		"/CodeSystem?_total=maybe":                     "_total",
		"/CodeSystem?_elements=colour":                 "colour",
	} {
		if rec := send(h, "GET", query, ""); rec.Code/100 != 4 || !strings.Contains(rec.Body.String(), want) {
			t.Errorf("%.60s = %d %s, want it refused with %s", query, rec.Code, rec.Body, want)
		}
	}
	b := readBundle(t, send(h, "GET", "/CodeSystem?colour=red&_id=hand", "", "Prefer: handling=lenient").Body.Bytes())
	if len(b.Entry) != 2 || b.Entry[0].Resource.ID != "hand" || b.Entry[1].Search.Mode != "outcome" || strings.Contains(b.link("self"), "colour") {
		t.Errorf("lenient: %+v, want the resource, what was passed over, and a link without it", b)
	}
}

// panicking fails when resources are searched for.
type panicking struct{ *operation.Service }

func (panicking) SearchResources(context.Context, operation.ResourceSearchRequest) (*operation.ResourceSearchResponse, error) {
	panic("fault of ours")
}

// TestSearchPanics: a fault of ours is one answer, by each way to ask.
func TestSearchPanics(t *testing.T) {
	h := rest.New(panicking{}, rest.Options{}).Handler()
	for _, rec := range []int{
		send(h, "GET", "/ValueSet?name=a", "").Code,
		send(h, "POST", "/ValueSet/_search", "name=a", "Content-Type: application/x-www-form-urlencoded").Code,
	} {
		if rec != http.StatusInternalServerError {
			t.Errorf("status %d, want 500", rec)
		}
	}
}

// TestTranslateWritten: a map that a client wrote answers by the systems that it is
// between, as one that was imported does.
func TestTranslateWritten(t *testing.T) {
	h := writable(t)
	send(h, "PUT", "/CodeSystem/hand", handSystem)
	if rec := send(h, "PUT", "/ConceptMap/m", handMap, "Content-Type: application/fhir+xml"); rec.Code != 201 {
		t.Fatalf("PUT = %d %s", rec.Code, rec.Body)
	}
	for _, target := range []string{
		"/ConceptMap/$translate?system=http://example.org/hand&code=H1",
		"/ConceptMap/$translate?system=http://example.org/hand&code=H1&targetsystem=http://example.org/foot",
		"/r5/ConceptMap/$translate?system=http://example.org/hand&sourceCode=H1&targetSystem=http://example.org/foot",
		"/ConceptMap/$translate?url=http://example.org/map&system=http://example.org/hand&code=H1",
	} {
		if rec := send(h, "GET", target, ""); rec.Code != 200 || !strings.Contains(rec.Body.String(), `"code":"F1"`) {
			t.Errorf("%s = %d %s, want F1", target, rec.Code, rec.Body)
		}
	}
}
