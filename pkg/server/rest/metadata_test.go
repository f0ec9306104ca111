package rest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/server/rest"
)

// whole is a server over the sample with all that a server has; read-only, it has what
// was written before.
func whole(t *testing.T, readOnly bool) *rest.Server {
	t.Helper()
	dir := t.TempDir()
	open := func(readOnly bool) (*rest.Server, func() error) {
		resources, err := wiring.OpenResources(dir, readOnly)
		if err != nil {
			t.Fatal(err)
		}
		c, err := catalog.Open(sampleData, wiring.Open, catalog.Options{Language: "nb", Stored: resources, ReadOnly: readOnly, OpenResource: wiring.OpenResource})
		if err != nil {
			t.Fatal(err)
		}
		return rest.New(operation.New(c, operation.Options{Languages: language.Of(language.Bokmal), Closures: resources}),
			rest.Options{Version: "0.1.0", Released: "2026-11-22", BaseURL: "https://example.org", Writable: !readOnly, Generation: c.Generation}), func() error { return errors.Join(c.Close(), resources.Close()) }
	}
	s, end := open(false)
	for typ, body := range map[string]string{"CodeSystem": handSystem, "ValueSet": strings.Replace(handSet, `{`, `{"id":"hand",`, 1), "ConceptMap": `{"resourceType":"ConceptMap","id":"hand","url":"http://example.org/map","status":"draft"}`,
		"NamingSystem": `{"resourceType":"NamingSystem","id":"hand","name":"Hand","status":"draft","kind":"codesystem","date":"2026","uniqueId":[{"type":"uri","value":"http://example.org/hand"}]}`} {
		if w := sendTo(s, "PUT", "/fhir/"+typ+"/hand", body); w.Code != http.StatusCreated {
			t.Fatalf("PUT %s: %d %s", typ, w.Code, w.Body)
		}
	}
	if readOnly {
		if err := end(); err != nil {
			t.Fatal(err)
		}
		s, end = open(true)
	}
	t.Cleanup(func() {
		if err := end(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// sendTo asks a server, with headers given as "Name: value".
func sendTo(s *rest.Server, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, strings.ReplaceAll(target, " ", "%20"), strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/fhir+json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

type capability struct {
	Format []string
	Rest   []struct {
		Resource []struct {
			Type                                               string
			Interaction                                        []struct{ Code string }
			SearchParam                                        []struct{ Name, Type string }
			Operation                                          []struct{ Name, Definition string }
			UpdateCreate, ConditionalCreate, ConditionalUpdate bool
			ConditionalDelete                                  string
		}
		Interaction []struct{ Code string }
		Operation   []struct{ Name, Definition string }
	}
}

// instanceLevel are the operations that the standard defines for one resource as well. A
// CapabilityStatement lists an operation for a type, and its definition says the levels.
var instanceLevel = []string{"/CodeSystem/$validate-code", "/CodeSystem/$subsumes", "/ValueSet/$expand", "/ValueSet/$validate-code", "/ConceptMap/$translate"}

// searchValues are values for the types of search parameters.
var searchValues = map[string]string{"token": "active", "uri": "http://example.org/hand", "string": "h", "date": "2026", "number": "1", "reference": "http://example.org/hand"}

// TestMetadataIsTrue asks the server for all that it says it does, and for whatever else
// it has an address of, on all endpoints, writable and read-only.
func TestMetadataIsTrue(t *testing.T) {
	for _, readOnly := range []bool{false, true} {
		s := whole(t, readOnly)
		for _, base := range []string{"/fhir", "/fhir/r4", "/fhir/r5"} {
			t.Run(fmt.Sprint(base, " read-only ", readOnly), func(t *testing.T) {
				var c capability
				read(t, s, base+"/metadata", &c)
				told := map[[2]string]bool{{"GET", base + "/metadata"}: true}
				there := func(method, path, target, body string, want ...int) {
					t.Helper()
					told[[2]string{method, base + path}] = true
					w := sendTo(s, method, base+target, body)
					if len(want) > 0 && !slices.Contains(want, w.Code) || len(want) == 0 && (w.Code == http.StatusMethodNotAllowed || strings.Contains(w.Body.String(), "there is nothing at")) {
						t.Errorf("metadata tells of %s %s, which answers %d %s", method, base+target, w.Code, w.Body)
					}
				}
				for _, i := range c.Rest[0].Interaction {
					if i.Code != "batch" {
						t.Errorf("interaction %s is not known to this test", i.Code)
					}
					for _, path := range []string{"", "/"} {
						there("POST", path, path, `{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"metadata"}}]}`, http.StatusOK)
					}
				}
				operations := func(typ string, list []struct{ Name, Definition string }) {
					for _, o := range list {
						path := typ + "/$" + o.Name
						i := slices.IndexFunc(fhir.Operations, func(known *fhir.Operation) bool { return known.URL() == o.Definition })
						if i < 0 {
							t.Errorf("operation %s has the definition %s, which none has", path, o.Definition)
							continue
						}
						there("POST", path, path, `{"resourceType":"Parameters"}`)
						if !fhir.Operations[i].Changes {
							there("GET", path, path, "")
						}
						if slices.Contains(instanceLevel, path) {
							there("POST", typ+"/:id/$"+o.Name, typ+"/hand/$"+o.Name, `{"resourceType":"Parameters"}`)
							there("GET", typ+"/:id/$"+o.Name, typ+"/hand/$"+o.Name, "")
						}
					}
				}
				operations("", c.Rest[0].Operation)
				for _, r := range c.Rest[0].Resource {
					operations("/"+r.Type, r.Operation)
					typ, hand := "/"+r.Type, "/"+r.Type+"/hand"
					body := sendTo(s, "GET", base+hand, "").Body.String()
					writes := 0
					for _, i := range r.Interaction {
						switch i.Code {
						case "read":
							there("GET", typ+"/:id", hand, "", http.StatusOK)
						case "vread":
							there("GET", typ+"/:id/_history/:version", hand+"/_history/1", "", http.StatusOK)
						case "history-instance":
							there("GET", typ+"/:id/_history", hand+"/_history", "", http.StatusOK)
						case "history-type":
							there("GET", typ+"/_history", typ+"/_history", "", http.StatusOK)
						case "search-type":
							there("GET", typ, typ, "", http.StatusOK)
							told[[2]string{"POST", base + typ + "/_search"}] = true
							if w := sendTo(s, "POST", base+typ+"/_search", "_id=hand", "Content-Type: application/x-www-form-urlencoded"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"total":1`) {
								t.Errorf("search by POST: %d %s", w.Code, w.Body)
							}
						case "create":
							writes++
							there("POST", typ, typ, strings.Replace(body, "example.org/", "example.org/x"+strings.ReplaceAll(base, "/", "-")+"/", 1), http.StatusCreated)
						case "update":
							writes++
							there("PUT", typ+"/:id", hand, body, http.StatusOK)
							if r.ConditionalUpdate {
								there("PUT", typ, typ+"?_id=hand", body, http.StatusOK)
							}
						case "delete":
							writes++
							there("DELETE", typ+"/:id", typ+"/nobody", "", http.StatusNoContent)
							if r.ConditionalDelete == "single" {
								there("DELETE", typ, typ+"?_id=nobody", "", http.StatusNoContent)
							}
						default:
							t.Errorf("interaction %s is not known to this test", i.Code)
						}
					}
					if want := map[bool]string{false: "single", true: "not-supported"}[readOnly]; r.ConditionalDelete != want {
						t.Errorf("%s: conditionalDelete %s, want %s", r.Type, r.ConditionalDelete, want)
					}
					if (writes > 0) == readOnly || r.UpdateCreate == readOnly || r.ConditionalCreate == readOnly || r.ConditionalUpdate == readOnly {
						t.Errorf("%s: %d interactions write, of a server that is read-only: %v", r.Type, writes, readOnly)
					}
					for _, p := range r.SearchParam {
						value, ok := searchValues[p.Type]
						if p.Name == "_lastUpdated" {
							value = "2026"
						}
						if w := sendTo(s, "GET", base+typ+"?"+p.Name+"="+url.QueryEscape(value), ""); !ok || w.Code != http.StatusOK {
							t.Errorf("search by %s (%s): %d %s", p.Name, p.Type, w.Code, w.Body)
						}
					}
				}
				for _, media := range c.Format {
					for _, w := range []*httptest.ResponseRecorder{sendTo(s, "GET", base+"/CodeSystem/hand", "", "Accept: "+media), sendTo(s, "GET", base+"/CodeSystem/hand?_format="+url.QueryEscape(media), "")} {
						if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || !strings.HasPrefix(got, media) {
							t.Errorf("format %s: %d, %s", media, w.Code, got)
						}
					}
				}
				if w := sendTo(s, "GET", base+"/CodeSystem/hand", "", "Accept: text/turtle"); w.Code != http.StatusNotAcceptable {
					t.Errorf("a format that is not announced: %d", w.Code)
				}
				for _, r := range s.Routes() {
					rest, ours := strings.CutPrefix(r[1], base)
					if r[0] == "HEAD" { // GET without the body
						r[0] = "GET"
					}
					if !ours || base == "/fhir" && (strings.HasPrefix(rest, "/r4") || strings.HasPrefix(rest, "/r5")) || told[r] {
						continue
					}
					// What a read-only server refuses has an address that says so.
					w := sendTo(s, r[0], strings.ReplaceAll(r[1], ":id", "hand"), `{"resourceType":"Parameters","parameter":[{"name":"name","valueString":"x"}]}`)
					if !readOnly || r[0] == "GET" || w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusBadRequest {
						t.Errorf("%s %s is not in metadata, and answers %d %s", r[0], r[1], w.Code, w.Body)
					}
				}
			})
		}
	}
}

func read(t *testing.T, s *rest.Server, target string, into any) {
	t.Helper()
	w := sendTo(s, "GET", target, "")
	if err := json.NewDecoder(bytes.NewReader(w.Body.Bytes())).Decode(into); err != nil || w.Code != http.StatusOK {
		t.Fatalf("GET %s: %d, %v", target, w.Code, err)
	}
}

// TestTerminologyCapabilitiesAreTrue asks for each version of each code system, and with
// each parameter of expansions.
func TestTerminologyCapabilitiesAreTrue(t *testing.T) {
	s := whole(t, false)
	for _, base := range []string{"/fhir/r4", "/fhir/r5"} {
		var c struct {
			CodeSystem []struct {
				URI, Content string
				Version      []struct {
					Code                     string
					IsDefault, Compositional bool
				}
			}
			Expansion struct {
				Hierarchical bool
				Parameter    []struct{ Name string }
			}
			Closure, Translation *struct{}
		}
		read(t, s, base+"/metadata?mode=terminology", &c)
		found := map[string]bool{}
		for _, cs := range c.CodeSystem {
			found[cs.URI] = true
			defaults := 0
			for _, v := range cs.Version {
				ask := func(code, version string) string {
					return sendTo(s, "GET", base+"/CodeSystem/$validate-code?url="+url.QueryEscape(cs.URI)+"&code="+url.QueryEscape(code)+"&version="+url.QueryEscape(version), "").Body.String()
				}
				if got := ask("zzz", v.Code); !strings.Contains(got, "Unknown code 'zzz' in the CodeSystem '"+cs.URI+"' version '"+v.Code+"'") {
					t.Errorf("%s|%s: %s", cs.URI, v.Code, got)
				}
				if v.IsDefault {
					defaults++
					if got := ask("zzz", ""); !strings.Contains(got, "version '"+v.Code+"'") {
						t.Errorf("%s|%s is the default, but %s", cs.URI, v.Code, got)
					}
				}
				if got := ask("22298006:363698007=74281007", v.Code); v.Compositional != strings.Contains(got, `"result","valueBoolean":true`) {
					t.Errorf("%s|%s: compositional %v, but %s", cs.URI, v.Code, v.Compositional, got)
				}
			}
			if defaults != 1 {
				t.Errorf("%s has %d defaults, want one", cs.URI, defaults)
			}
		}
		for _, system := range []string{"http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-no", "http://example.org/hand"} {
			if !found[system] {
				t.Errorf("%s is missing", system)
			}
		}
		expand := base + "/ValueSet/$expand"
		announced := map[string]bool{}
		for _, p := range c.Expansion.Parameter {
			announced[p.Name] = true
			target := expand + "?" + p.Name + "=true"
			if w := sendTo(s, "GET", target, ""); strings.Contains(w.Body.String(), "no parameter") || strings.Contains(w.Body.String(), "not supported") && p.Name != "excludeNotForUI" {
				t.Errorf("GET %s: %s", target, w.Body)
			}
		}
		for _, d := range fhir.Expand.Parameters {
			if announced[d.Name] != (d.Use == fhir.Supported) {
				t.Errorf("parameter %s: announced %v", d.Name, announced[d.Name])
			}
		}
		for _, name := range []string{"tx-resource", "cache-id"} {
			if !announced[name] {
				t.Errorf("parameter %s is not announced", name)
			}
		}
		w := sendTo(s, "GET", expand+"?url=http://example.org/vs/hand&excludeNested=false", "")
		if nested := strings.Count(w.Body.String(), `"contains"`) > 1; nested != c.Expansion.Hierarchical {
			t.Errorf("hierarchical %v, but %s", c.Expansion.Hierarchical, w.Body)
		}
		if c.Closure == nil || c.Translation == nil {
			t.Error("closure or translation is missing")
		}
	}
	var c struct{ Closure *struct{} }
	if read(t, whole(t, true), "/fhir/metadata?mode=terminology", &c); c.Closure != nil {
		t.Error("a read-only server says that it keeps closure tables")
	}
}
