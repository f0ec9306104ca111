package rest

import (
	"bytes"
	"encoding/json"
	"html/template"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"
)

// maxRows is how many codes a page shows.
const maxRows = 1000

// shownPage is what a page shows.
type shownPage struct {
	Title, Base, Type, JSON, XML string
	Facts                        [][2]string
	Links                        [][2]string // text and address
	Columns                      []string
	Rows                         [][]shownCell
	More                         int // rows that are not shown
	List                         []listed
	Next, Previous               string
	Total                        int
}

type shownCell struct {
	Text  string
	Depth int
}

type listed struct{ Title, Address, URL, Version, Status string }

// page shows a resource, or a list of them, to a browser. It is the same that JSON tells.
func (s *Server) page(c echo.Context, in *interaction, x *call, rep reply) error {
	var object map[string]any
	if err := json.Unmarshal(x.out, &object); err != nil {
		s.writeError(c, x, err)
		return nil
	}
	p := shownPage{Base: in.server.BaseURL, Type: in.typ}
	self := *c.Request().URL
	for name, to := range map[string]*string{"json": &p.JSON, "xml": &p.XML} {
		q := self.Query()
		q.Set("_format", name)
		*to = self.Path + "?" + q.Encode()
	}
	if object["resourceType"] == "Bundle" {
		p.list(object)
	} else {
		p.resource(object)
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		s.writeError(c, x, err)
		return nil
	}
	h := c.Response().Header()
	h["Content-Type"] = []string{"text/html; charset=utf-8"}
	h["Content-Security-Policy"] = []string{"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"}
	setVary(h, varyFHIR, varyFHIRByOrigin)
	c.Response().WriteHeader(rep.status)
	_, err := c.Response().Write(b.Bytes())
	_ = err // a client that went away
	return nil
}

func text(object map[string]any, key string) string {
	switch v := object[key].(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func objects(object map[string]any, key string) []map[string]any {
	list, _ := object[key].([]any)
	var out []map[string]any
	for _, v := range list {
		if o, ok := v.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

// list shows the entries of a search.
func (p *shownPage) list(bundle map[string]any) {
	p.Title = p.Type
	if total, ok := bundle["total"].(float64); ok {
		p.Total = int(total)
	}
	for _, l := range objects(bundle, "link") {
		switch text(l, "relation") {
		case "next":
			p.Next = text(l, "url")
		case "previous":
			p.Previous = text(l, "url")
		}
	}
	for _, e := range objects(bundle, "entry") {
		r, _ := e["resource"].(map[string]any)
		l := listed{Title: text(r, "title"), Address: p.Base + "/" + p.Type + "/" + text(r, "id"), URL: text(r, "url"), Version: text(r, "version"), Status: text(r, "status")}
		if l.Title == "" {
			l.Title = text(r, "name")
		}
		if l.Title == "" {
			l.Title = text(r, "id")
		}
		p.List = append(p.List, l)
	}
}

// resource shows one resource.
func (p *shownPage) resource(r map[string]any) {
	for _, key := range []string{"title", "name", "id"} {
		if p.Title == "" {
			p.Title = text(r, key)
		}
	}
	for _, key := range []string{"url", "version", "name", "status", "date", "publisher", "language", "description", "content", "count", "caseSensitive", "supplements", "valueSet", "kind", "copyright"} {
		if v := text(r, key); v != "" {
			p.Facts = append(p.Facts, [2]string{key, v})
		}
	}
	if meta, ok := r["meta"].(map[string]any); ok {
		for _, key := range []string{"versionId", "lastUpdated"} {
			if v := text(meta, key); v != "" {
				p.Facts = append(p.Facts, [2]string{key, v})
			}
		}
	}
	at := url.Values{"url": {text(r, "url")}}
	if v := text(r, "version"); v != "" && p.Type == "ValueSet" {
		at.Set("valueSetVersion", v)
	}
	switch p.Type {
	case "CodeSystem":
		p.Columns = []string{"code", "display", "definition"}
		p.concepts(objects(r, "concept"), 0)
		if v := text(r, "valueSet"); v != "" {
			p.Links = append(p.Links, [2]string{"all codes", p.Base + "/ValueSet/$expand?" + url.Values{"url": {v}, "count": {"100"}}.Encode()})
		}
	case "ValueSet":
		p.Columns = []string{"rule", "code system", "version", "what"}
		at.Set("count", "100")
		p.Links = append(p.Links, [2]string{"expand", p.Base + "/ValueSet/$expand?" + at.Encode()})
		compose, _ := r["compose"].(map[string]any)
		for _, rule := range []string{"include", "exclude"} {
			for _, set := range objects(compose, rule) {
				p.set(rule, set)
			}
		}
	case "NamingSystem":
		p.Columns = []string{"type", "value", "preferred"}
		for _, id := range objects(r, "uniqueId") {
			p.row(0, text(id, "type"), text(id, "value"), text(id, "preferred"))
		}
	case "ConceptMap":
		p.Columns = []string{"source", "target", "relationship"}
		for _, g := range objects(r, "group") {
			p.row(0, text(g, "source"), text(g, "target"), "")
			for _, e := range objects(g, "element") {
				for _, t := range objects(e, "target") {
					p.row(1, text(e, "code")+" "+text(e, "display"), text(t, "code")+" "+text(t, "display"), text(t, "relationship")+text(t, "equivalence"))
				}
			}
		}
	}
}

func (p *shownPage) row(depth int, cells ...string) {
	if len(p.Rows) == maxRows {
		p.More++
		return
	}
	row := make([]shownCell, len(cells))
	for i, c := range cells {
		row[i] = shownCell{Text: c}
	}
	row[0].Depth = min(depth, 30)
	p.Rows = append(p.Rows, row)
}

func (p *shownPage) concepts(list []map[string]any, depth int) {
	for _, c := range list {
		p.row(depth, text(c, "code"), text(c, "display"), text(c, "definition"))
		p.concepts(objects(c, "concept"), depth+1)
	}
}

// set shows an include or an exclude.
func (p *shownPage) set(rule string, set map[string]any) {
	system, version := text(set, "system"), text(set, "version")
	before := len(p.Rows)
	if sets, ok := set["valueSet"].([]any); ok {
		for _, v := range sets {
			name, _ := v.(string)
			p.row(0, rule, system, version, "value set "+name)
		}
	}
	for _, f := range objects(set, "filter") {
		p.row(0, rule, system, version, text(f, "property")+" "+text(f, "op")+" "+text(f, "value"))
	}
	for _, c := range objects(set, "concept") {
		p.row(0, rule, system, version, text(c, "code")+" "+text(c, "display"))
	}
	if len(p.Rows) == before && p.More == 0 {
		p.row(0, rule, system, version, "all codes")
	}
}

// pageTemplate escapes all that it is given.
var pageTemplate = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Title}}</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ddd;overflow-wrap:anywhere}
.facts th{width:10rem;font-weight:600}
nav a{margin-right:1rem}
</style></head><body>
<nav><a href="{{.Base}}/CodeSystem">CodeSystem</a> <a href="{{.Base}}/ValueSet">ValueSet</a> <a href="{{.Base}}/ConceptMap">ConceptMap</a> <a href="{{.Base}}/NamingSystem">NamingSystem</a></nav>
<h1>{{.Title}}</h1>
<p><a href="{{.JSON}}">JSON</a> <a href="{{.XML}}">XML</a>{{range .Links}} <a href="{{index . 1}}">{{index . 0}}</a>{{end}}</p>
{{if .Facts}}<table class="facts">{{range .Facts}}
<tr><th scope="row">{{index . 0}}</th><td>{{index . 1}}</td></tr>{{end}}
</table>{{end}}
{{if .Rows}}<table><thead><tr>{{range .Columns}}<th scope="col">{{.}}</th>{{end}}</tr></thead><tbody>{{range .Rows}}
<tr>{{range .}}<td{{if .Depth}} style="padding-left:{{.Depth}}.6em"{{end}}>{{.Text}}</td>{{end}}</tr>{{end}}
</tbody></table>{{end}}
{{if .More}}<p>{{.More}} more are not shown here.</p>{{end}}
{{if .List}}<table><thead><tr><th scope="col">title</th><th scope="col">url</th><th scope="col">version</th><th scope="col">status</th></tr></thead><tbody>{{range .List}}
<tr><td><a href="{{.Address}}">{{.Title}}</a></td><td>{{.URL}}</td><td>{{.Version}}</td><td>{{.Status}}</td></tr>{{end}}
</tbody></table><p>{{.Total}} in all.{{if .Previous}} <a href="{{.Previous}}">previous</a>{{end}}{{if .Next}} <a href="{{.Next}}">next</a>{{end}}</p>{{end}}
</body></html>
`))
