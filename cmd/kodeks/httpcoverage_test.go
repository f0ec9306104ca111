package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/httpscript"
	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
)

// TestHTTPCoverage holds the scripts to what the server says that it can do: in R4 and in
// R5 there is a good and a bad request for each parameter of each operation, for each
// search parameter, each interaction and each way to ask for a format. A parameter that is
// new fails it until testdata/http has both.
func TestHTTPCoverage(t *testing.T) {
	shown := map[string]bool{}
	for _, s := range readScripts(t) {
		for i := range s.Cases {
			for _, c := range s.Cases[i].Each() {
				if c.Unwritten() {
					t.Errorf("%s:%d: the answer has no body: run go test -update, and read it", s.Path, c.Line)
				}
				if len(c.Bad) > 0 && !unhappy(&c) {
					t.Errorf("%s:%d: the case says that %v is bad, and the answer that all is well", s.Path, c.Line, c.Bad)
				}
				if c.Owed != "" {
					continue // it shows what should be
				}
				for _, what := range shows(&c) {
					shown[what] = true
				}
			}
		}
	}
	for _, what := range owed() {
		if !shown[what] {
			t.Errorf("testdata/http has no case of %s", what)
		}
	}
}

var failing = regexp.MustCompile(`"name": "result", "valueBoolean": false|"severity": "(?:fatal|error|warning)"|name value="result"/>\s*<valueBoolean value="false"`)

// unhappy reports whether an answer tells that something is wrong.
func unhappy(c *httpscript.Case) bool {
	return c.Want.Status >= 400 || failing.MatchString(c.Want.Body)
}

var endpoints = map[string]string{"/fhir": "R4", "/fhir/r4": "R4", "/fhir/r5": "R5"}

// operations are the operations of the server, by their address.
func operations() map[string]*fhir.Operation {
	out := map[string]*fhir.Operation{}
	for _, op := range append(slices.Clone(fhir.Operations), fhir.Metadata) {
		for _, path := range op.Paths() {
			out[path] = op
		}
	}
	return out
}

// split parts the address of a request into the version of FHIR, what follows, and the query.
func split(c *httpscript.Case) (version, path string, query url.Values) {
	target := c.Target()
	address, raw, _ := strings.Cut(target, "?")
	query, _ = url.ParseQuery(raw) // what cannot be read shows nothing
	base := "/fhir"
	for _, longer := range []string{"/fhir/r4", "/fhir/r5"} {
		if address == longer || strings.HasPrefix(address, longer+"/") {
			base = longer
		}
	}
	return endpoints[base], strings.Trim(strings.TrimPrefix(address, base), "/"), query
}

// shows lists what a case shows, in the words of owed.
func shows(c *httpscript.Case) []string {
	version, path, query := split(c)
	word := "good"
	if unhappy(c) {
		word = "bad"
	}
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	names := given(c, query)
	if op := operations()[path]; op != nil {
		for _, name := range names {
			if !slices.Contains(c.Bad, name) && c.Want.Status < 300 {
				add("good %s of %s in %s", name, op.Path(), version)
				add("good %s of any operation in %s", name, version)
			}
		}
		for _, name := range c.Bad {
			add("bad %s of %s in %s", name, op.Path(), version)
			add("bad %s of any operation in %s", name, version)
		}
		if len(op.Parameters) == 0 {
			add("%s %s in %s", word, op.Path(), version)
		}
	} else if parts := strings.Split(path, "/"); strings.HasPrefix(parts[len(parts)-1], "$") {
		add("%s %s/%s of one resource in %s", word, parts[0], parts[len(parts)-1], version)
	} else {
		typ, _, _ := strings.Cut(path, "/")
		for _, name := range names {
			base, _, _ := strings.Cut(name, ":")
			for _, of := range []string{typ, "resources"} {
				if slices.Contains(c.Bad, base) {
					add("bad %s of %s", base, of)
				} else if c.Want.Status < 300 {
					add("good %s of %s", base, of)
				}
			}
		}
		add("%s %s", word, interactionOf(c, path))
	}
	for _, h := range c.Request.Header {
		if c.Want.Status == 406 || c.Want.Status == 415 || c.Want.Status == 412 || c.Want.Status == 403 {
			add("bad %s", h[0])
		} else if c.Want.Status < 400 {
			add("good %s", h[0])
			if h[0] == "Accept" || h[0] == "Content-Type" {
				media, _, _ := strings.Cut(h[1], ";")
				add("good %s: %s", h[0], media)
			}
		}
	}
	add("status %d", c.Want.Status)
	return out
}

// interactionOf is the name of a request about resources (FHIR, "RESTful API").
func interactionOf(c *httpscript.Case, path string) string {
	parts := strings.Split(path, "/")
	_, _, query := split(c)
	switch last := parts[len(parts)-1]; {
	case path == "":
		return "batch"
	case last == "_search":
		return "search by POST"
	case len(parts) == 2 && last == "_history":
		return "history of a type"
	case last == "_history":
		return "history"
	case len(parts) > 2:
		return "vread"
	case c.Method == "GET" && len(parts) == 2:
		return "read"
	case c.Method == "GET":
		return "search"
	case c.Method == "POST" && c.Request.Get("If-None-Exist") != "":
		return "conditional create"
	case c.Method == "POST":
		return "create"
	case c.Method == "PUT" && len(parts) == 1 && len(query) > 0:
		return "conditional update"
	case c.Method == "PUT":
		return "update"
	case c.Method == "DELETE" && len(parts) == 1:
		return "conditional delete"
	case c.Method == "DELETE":
		return "delete"
	}
	return c.Method
}

var nameInXML = regexp.MustCompile(`<name value="([^"]+)"/>`)

// given lists the names of the parameters of a request.
func given(c *httpscript.Case, query url.Values) []string {
	var out []string
	for name := range query {
		out = append(out, name)
	}
	switch kind := c.Request.Get("Content-Type"); {
	case strings.HasPrefix(kind, "application/x-www-form-urlencoded"):
		form, _ := url.ParseQuery(c.Body)
		for name := range form {
			out = append(out, name)
		}
	case strings.Contains(kind, "xml"):
		for _, m := range nameInXML.FindAllStringSubmatch(c.Body, -1) {
			out = append(out, m[1])
		}
	case c.Body != "":
		var body struct {
			ResourceType string
			Parameter    []struct{ Name string }
		}
		_ = json.Unmarshal([]byte(c.Body), &body) // what is no JSON shows nothing
		for _, p := range body.Parameter {
			out = append(out, p.Name)
		}
		if body.ResourceType == "ValueSet" {
			out = append(out, "valueSet")
		}
	}
	return out
}

// owed lists all that the scripts must have a case of.
func owed() []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	parameter := func(d *fhir.Definition, of, version string) {
		if d.Use != fhir.Refused {
			add("good %s of %s in %s", d.Name, of, version)
		}
		if d.Use != fhir.Ignored || d.Type == fhir.Boolean || d.Type == fhir.Integer || d.Type == fhir.DateTime {
			add("bad %s of %s in %s", d.Name, of, version)
		}
	}
	for _, version := range []string{"R4", "R5"} {
		for _, op := range operations() {
			for i := range op.Parameters {
				if op == fhir.BatchValidateCode && op.Parameters[i].Name != "validation" {
					continue // they are those of $validate-code, and passed on to it
				}
				parameter(&op.Parameters[i], op.Path(), version)
			}
			if len(op.Parameters) == 0 {
				add("good %s in %s", op.Path(), version)
				add("bad %s in %s", op.Path(), version)
			}
		}
		for _, d := range fhir.GeneralParameters() {
			parameter(&d, "any operation", version)
		}
	}
	for _, p := range operation.SearchParameters {
		of := p.Only
		if of == "" {
			of = "resources"
		}
		add("good %s of %s", p.Name, of)
		add("bad %s of %s", p.Name, of)
	}
	for _, name := range []string{"_count", "_offset", "_summary", "_elements", "_total", "_sort", "_since", "_format"} {
		add("good %s of resources", name)
		add("bad %s of resources", name)
	}
	for _, name := range []string{"read", "vread", "history", "history of a type", "search", "search by POST", "create", "conditional create", "update", "conditional update", "delete", "conditional delete", "batch"} {
		add("good %s", name)
		add("bad %s", name)
	}
	for _, version := range []string{"R4", "R5"} {
		for _, path := range []string{"CodeSystem/$validate-code", "CodeSystem/$subsumes", "ValueSet/$expand", "ValueSet/$validate-code", "ConceptMap/$translate"} {
			add("good %s of one resource in %s", path, version)
			add("bad %s of one resource in %s", path, version)
		}
	}
	for _, name := range []string{"Accept", "Content-Type", "If-Match"} {
		add("good %s", name)
		add("bad %s", name)
	}
	for _, name := range []string{"Accept-Language", "If-None-Match", "If-Modified-Since", "If-None-Exist", "Prefer", "X-Cache-Id", "Accept: text/html", "Accept: application/fhir+xml", "Accept: application/fhir+json",
		"Content-Type: application/fhir+json", "Content-Type: application/fhir+xml", "Content-Type: application/x-www-form-urlencoded"} {
		add("good %s", name)
	}
	for _, status := range []int{200, 201, 204, 304, 400, 404, 405, 406, 410, 412, 413, 415, 422} {
		add("status %d", status)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
