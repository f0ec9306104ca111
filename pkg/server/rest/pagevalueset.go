package rest

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// shownCodes is how many codes of an include that lists them are shown in the definition; the
// expansion has them all.
const shownCodes = 20

// valueSet shows a value set: what it is, its definition, and its codes.
func (sh *shower) valueSet() {
	p := sh.page
	if sh.canonicalURL() != "" && !sh.past() {
		p.Form = &searchForm{sh.asked.text, sh.asked.format}
		if sh.asked.text != "" {
			sh.hits(operation.SearchRequest{ValueSet: terminology.Canonical(sh.canonicalURL(), text(sh.object, "version"))})
		}
	}
	p.add(sh.facts())
	d := section{Heading: p.Say("definition"), Columns: p.head("rule", "system", "version", "what"), Notes: sh.leftOut()}
	compose, _ := sh.object["compose"].(map[string]any)
	for _, rule := range []string{"include", "exclude"} {
		for _, set := range objects(compose, rule) {
			sh.set(&d, p.Say(rule), set)
		}
	}
	if more := len(d.Rows) - 2*pageRows; more > 0 {
		d.Rows = d.Rows[:2*pageRows]
		d.Notes = []cell{plain(p.say("more", p.number(more)))}
	}
	p.add(d)
	if sh.asked.text == "" && !sh.past() {
		sh.expansion()
	}
	sh.versions()
}

// set shows an include or an exclude.
func (sh *shower) set(s *section, rule string, set map[string]any) {
	p := sh.page
	system, version := text(set, "system"), text(set, "version")
	before := len(s.Rows)
	add := func(what cell) {
		s.row(plain(rule), codeAt(system, sh.place("CodeSystem", system, version)), code(version), what)
	}
	for _, v := range texts(set, "valueSet") {
		url, version, _ := strings.Cut(v, "|")
		add(linked(p.say("importedSet", v), sh.place("ValueSet", url, version)))
	}
	for _, f := range objects(set, "filter") {
		add(code(text(f, "property") + " " + text(f, "op") + " " + text(f, "value")))
	}
	concepts := objects(set, "concept")
	for _, c := range concepts[:min(len(concepts), shownCodes)] {
		add(plain(strings.TrimSpace(text(c, "code") + " " + text(c, "display"))))
	}
	if more := len(concepts) - shownCodes; more > 0 {
		add(plain(p.say("moreCodes", p.number(more))))
	}
	if len(s.Rows) == before {
		add(plain(p.Say("allCodes")))
	}
}

// expansion shows a page of the codes.
func (sh *shower) expansion() {
	p := sh.page
	s := section{Heading: p.Say("expansion")}
	req := operation.ExpandRequest{Offset: sh.asked.offset, Count: pageRows, Languages: sh.wants}
	if sh.canonicalURL() != "" {
		req.URL = terminology.Canonical(sh.canonicalURL(), text(sh.object, "version"))
	} else if sh.known != nil {
		req.Definition = sh.known.Raw
	}
	resp, err := sh.server.ops.Expand(sh.ctx, req)
	if err != nil {
		key := "noExpansion"
		if terminology.KindOf(err) == terminology.TooCostly {
			key = "tooCostly"
		}
		s.Problem = []cell{plain(p.Say(key)), sh.problem(err)}
		p.add(s)
		return
	}
	if resp.Unclosed {
		s.Notes = append(s.Notes, plain(p.Say("unclosed")))
	}
	if resp.Total == 0 {
		s.Notes = append(s.Notes, plain(p.Say("empty")))
	}
	s.Pager = sh.pager(len(resp.Codes), resp.Total, pageRows, resp.Exact)
	sh.codes(&s, resp)
	p.add(s)
}

// codes lists the codes of an expansion; their systems where there are several.
func (sh *shower) codes(s *section, resp *operation.ExpandResponse) {
	p := sh.page
	s.Columns = p.head("code", "display")
	systems := len(resp.Used) > 1
	if systems {
		s.Columns = append(s.Columns, p.Say("system"))
	}
	remarks := slices.ContainsFunc(resp.Codes, func(c operation.ExpandedCode) bool { return c.Inactive || c.Abstract })
	if remarks {
		s.Columns = append(s.Columns, p.Say("remark"))
	}
	for i := range resp.Codes {
		c := &resp.Codes[i]
		row := []cell{codeAt(c.Coding.Code, sh.codeIn(c.Coding)), plain(c.Coding.Display)}
		if systems {
			row = append(row, code(c.Coding.System))
		}
		if remarks {
			row = append(row, plain(sh.remark(c.Inactive, c.Abstract)))
		}
		s.row(row...)
	}
}
