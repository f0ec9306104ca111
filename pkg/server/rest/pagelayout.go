package rest

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"strings"

	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// shownPage is what a page shows: facts and tables, in the order of Sections.
type shownPage struct {
	Lang             language.Tag // of the words of the page
	Title, TitleLang string
	Base, Type       string
	JSON, XML        string
	Form             *searchForm
	Sections         []section
}

// searchForm is the form that searches in what a page shows.
type searchForm struct{ Text, Format string }

// section is a part of a page under a heading. What is empty is not shown.
type section struct {
	Heading, HeadingLang string
	Trail                []cell // links to what is above
	Notes                []cell
	Problem              []cell
	Columns              []string // of Rows; none: each row is a name and a value
	Rows                 [][]cell
	Pager                pager
}

// cell is a text of a table, which is escaped whatever it holds.
type cell struct {
	Text, Lang, Link string
	Code             bool // a code or an address
	Depth            int  // in a hierarchy
	Parts            []part
}

// part is a piece of a text, marked where it was searched for.
type part struct {
	Text   string
	Marked bool
}

// pager tells which part of a list is shown.
type pager struct{ Text, Previous, Next string }

func plain(s string) cell        { return cell{Text: s} }
func code(s string) cell         { return cell{Text: s, Code: true} }
func linked(s, link string) cell { return cell{Text: s, Link: link} }
func codeAt(s, link string) cell { return cell{Text: s, Link: link, Code: true} }
func said(lang, s string) cell   { return cell{Text: s, Lang: lang} }

// row adds a row to a table.
func (s *section) row(cells ...cell) { s.Rows = append(s.Rows, cells) }

// fact adds a row of a name and a value where there is one.
func (s *section) fact(name string, value cell) {
	if value.Text != "" {
		s.row(plain(name), value)
	}
}

// add adds a section that has something to show.
func (p *shownPage) add(s section) {
	if len(s.Rows) > 0 || len(s.Notes) > 0 || len(s.Problem) > 0 || s.Pager != (pager{}) {
		p.Sections = append(p.Sections, s)
	}
}

// head returns the words of the head of a table.
func (p *shownPage) head(keys ...string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = p.Say(k)
	}
	return out
}

// marked returns a text in parts, those that were found marked.
func marked(s string, spans []terminology.TextSpan) []part {
	var out []part
	at := 0
	for _, span := range spans {
		if span.Start < at || span.End > len(s) || span.End <= span.Start {
			continue
		}
		if span.Start > at {
			out = append(out, part{s[at:span.Start], false})
		}
		out = append(out, part{s[span.Start:span.End], true})
		at = span.End
	}
	return append(out, part{s[at:], false})
}

// pagePolicy lets a page have its own style and send its own form, and nothing else.
var pagePolicy = func() []string {
	sum := sha256.Sum256([]byte(pageStyle))
	return []string{"default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"}
}()

// pageStyle is the style of every page. Its colours have a contrast of 4.5 or more (WCAG 2.1,
// 1.4.3), in the light and in the dark.
const pageStyle = `
:root{color-scheme:light dark;--text:#1b1b1b;--quiet:#555;--back:#fff;--band:#f3f5f7;--line:#d0d4d9;--link:#0b50a0;--mark:#ffe58a;--bad:#8f1d1d}
@media (prefers-color-scheme:dark){:root{--text:#e8e8e8;--quiet:#b4b4b4;--back:#15181c;--band:#20252b;--line:#3b424b;--link:#8fc0ff;--mark:#665200;--bad:#ff9c9c}}
*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:0 1rem 3rem;color:var(--text);background:var(--back)}
a{color:var(--link)}
a:focus-visible,input:focus-visible,button:focus-visible,.wide:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;padding:.5rem;background:var(--back)}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:.8rem 0;border-bottom:1px solid var(--line)}
header nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
header .forms{margin-left:auto}
h1{font-size:1.6rem;line-height:1.25;margin:1.2rem 0 .8rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;line-height:1.3;margin:1.8rem 0 .5rem;overflow-wrap:anywhere}
form{display:flex;flex-wrap:wrap;align-items:end;gap:.5rem;margin:1rem 0;padding:.8rem;background:var(--band);border-radius:.4rem}
form label{flex:1 0 100%;font-weight:600}
input[type=search]{flex:1 1 14rem;min-width:0;font:inherit;padding:.45rem .6rem;color:var(--text);background:var(--back);border:1px solid var(--quiet);border-radius:.3rem}
button{font:inherit;padding:.45rem 1.1rem;color:var(--back);background:var(--link);border:1px solid var(--link);border-radius:.3rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
thead th{color:var(--quiet);font-weight:600}
tbody th{font-weight:inherit}
.facts tbody th{width:13rem;color:var(--quiet)}
td{min-width:6rem}
td code,.facts td{overflow-wrap:anywhere}
code{font:.95em ui-monospace,monospace}
mark{color:inherit;background:var(--mark)}
.problem{color:var(--bad);border-left:.25rem solid var(--bad);padding-left:.7rem}
.quiet,.pager{color:var(--quiet)}
.pager{display:flex;margin-top:.5rem;flex-wrap:wrap;gap:.25rem 1.25rem}
.d1{padding-left:1.2em}.d2{padding-left:2.4em}.d3{padding-left:3.6em}.d4{padding-left:4.8em}.d5{padding-left:6em}.d6{padding-left:7.2em}
@media (max-width:40rem){.facts th,.facts td{display:block;width:auto!important;padding-right:0}.facts tbody th{border:0;padding-bottom:0}header .forms{margin-left:0}}
`

// pageTemplate escapes all that it is given.
var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"style": func() template.CSS { return pageStyle },
}).Parse(strings.ReplaceAll(`{{define "cell"}}{{if .Link}}<a href="{{.Link}}">{{template "text" .}}</a>{{else}}{{template "text" .}}{{end}}{{end}}
{{define "text"}}{{if .Code}}{{with .Text}}<code>{{.}}</code>{{end}}{{else if .Parts}}{{range .Parts}}{{if .Marked}}<mark>{{.Text}}</mark>{{else}}{{.Text}}{{end}}{{end}}{{else}}{{.Text}}{{end}}{{end}}
{{define "attributes"}}{{with .Lang}} lang="{{.}}"{{end}}{{with .Depth}} class="d{{.}}"{{end}}{{end}}
{{define "note"}}<span{{template "attributes" .}}>{{template "cell" .}}</span>{{end}}
`, "}}\n", "}}") + `<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}} – Kodeks</title>
<style>{{style}}</style>
</head>
<body>
<a class="skip" href="#content">{{.Say "skip"}}</a>
<header>
<nav aria-label="{{.Say "lists"}}"><a href="{{.Base}}/CodeSystem">{{.Say "CodeSystem"}}</a> <a href="{{.Base}}/ValueSet">{{.Say "ValueSet"}}</a> <a href="{{.Base}}/ConceptMap">{{.Say "ConceptMap"}}</a> <a href="{{.Base}}/NamingSystem">{{.Say "NamingSystem"}}</a></nav>
<nav class="forms" aria-label="{{.Say "formats"}}"><a href="{{.JSON}}" type="application/fhir+json">JSON</a> <a href="{{.XML}}" type="application/fhir+xml">XML</a></nav>
</header>
<main id="content">
<h1{{with .TitleLang}} lang="{{.}}"{{end}}>{{.Title}}</h1>
{{- with .Form}}
<form method="get" role="search" accept-charset="utf-8">
<label for="q">{{$.Say "searchIn"}}</label>
<input type="search" id="q" name="q" value="{{.Text}}" maxlength="200" autocomplete="off" spellcheck="false">
{{- with .Format}}
<input type="hidden" name="_format" value="{{.}}">
{{- end}}
<button type="submit">{{$.Say "search"}}</button>
</form>
{{- end}}
{{- range $i, $s := .Sections}}
<section aria-labelledby="s{{$i}}">
<h2 id="s{{$i}}"{{with .HeadingLang}} lang="{{.}}"{{end}}>{{.Heading}}</h2>
{{- with .Trail}}
<p>{{range $j, $c := .}}{{if $j}} › {{end}}{{template "note" $c}}{{end}}</p>
{{- end}}
{{- range .Problem}}
<p class="problem">{{template "note" .}}</p>
{{- end}}
{{- range .Notes}}
<p>{{template "note" .}}</p>
{{- end}}
{{- if .Rows}}
<div class="wide" tabindex="0" role="region" aria-labelledby="s{{$i}}">
<table{{if not .Columns}} class="facts"{{end}}>
{{- with .Columns}}
<thead><tr>{{range .}}<th scope="col">{{.}}</th>{{end}}</tr></thead>
{{- end}}
<tbody>
{{- range .Rows}}
<tr>{{range $j, $c := .}}{{if $j}}<td{{template "attributes" $c}}>{{template "cell" $c}}</td>{{else}}<th scope="row"{{template "attributes" $c}}>{{template "cell" $c}}</th>{{end}}{{end}}</tr>
{{- end}}
</tbody>
</table>
</div>
{{- end}}
{{- with .Pager}}{{if .Text}}
<nav class="pager" aria-label="{{$.Say "pages"}} – {{$s.Heading}}"><span>{{.Text}}</span>{{with .Previous}} <a rel="prev" href="{{.}}">{{$.Say "previous"}}</a>{{end}}{{with .Next}} <a rel="next" href="{{.}}">{{$.Say "next"}}</a>{{end}}</nav>
{{- end}}{{end}}
</section>
{{- end}}
</main>
</body>
</html>
`))
