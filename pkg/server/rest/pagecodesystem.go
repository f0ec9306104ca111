package rest

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// codeSystem shows a code system: what was searched for or asked about first, then what it is.
func (sh *shower) codeSystem() {
	p := sh.page
	b := sh.browse()
	sh.browsed = b
	if b == nil {
		p.add(sh.facts())
		if text(sh.object, "supplements") == "" && !sh.past() {
			p.add(section{Heading: p.Say("concepts"), Notes: []cell{plain(p.Say("codesNotHere"))}})
		}
		sh.concepts()
	} else {
		p.Form = &searchForm{sh.asked.text, sh.asked.format}
		switch {
		case sh.asked.text != "":
			sh.hits(operation.SearchRequest{Systems: []string{terminology.Canonical(b.Release.System, b.Release.Version)}})
		case sh.asked.under != "":
			sh.concept(b)
			return
		}
		p.add(sh.facts())
		if sh.asked.text == "" {
			p.add(sh.narrower(p.Say("top"), b))
		}
	}
	sh.describe(b)
	sh.versions()
}

// browse asks for the concepts that the page shows; nil where no code system that is
// installed is the one of the page.
func (sh *shower) browse() *operation.BrowseResponse {
	if sh.canonicalURL() == "" || sh.past() {
		return nil
	}
	version := text(sh.object, "version")
	req := operation.BrowseRequest{System: sh.canonicalURL(), Version: version, Under: sh.asked.under, Count: pageRows, Languages: sh.wants}
	if sh.asked.text == "" {
		req.Offset = sh.asked.offset
	}
	b, err := sh.server.ops.Browse(sh.ctx, req)
	switch {
	case terminology.KindOf(err) == terminology.NotFound:
		return nil
	case err != nil:
		sh.page.add(section{Heading: sh.page.Say("concepts"), Problem: []cell{sh.problem(err)}})
		return nil
	case b.Release.Version != version:
		return nil
	}
	return b
}

// at returns the address of the page of a code.
func (sh *shower) at(code string) string { return sh.link("under", code) }

// narrower lists concepts.
func (sh *shower) narrower(heading string, b *operation.BrowseResponse) section {
	p := sh.page
	s := section{Heading: heading, Columns: p.head("code", "display", "narrower"), Pager: sh.pager(len(b.Concepts), b.Total, pageRows, true, "under", sh.asked.under)}
	remarks := slices.ContainsFunc(b.Concepts, func(c operation.BrowsedConcept) bool { return c.Inactive || c.Abstract })
	if remarks {
		s.Columns = append(s.Columns, p.Say("remark"))
	}
	for _, c := range b.Concepts {
		count := ""
		if c.Narrower > 0 {
			count = p.number(c.Narrower)
		}
		row := []cell{codeAt(c.Coding.Code, sh.at(c.Coding.Code)), said(sh.foreign(c.Language), c.Coding.Display), plain(count)}
		if remarks {
			row = append(row, plain(sh.remark(c.Inactive, c.Abstract)))
		}
		s.row(row...)
	}
	return s
}

func (sh *shower) remark(inactive, abstract bool) string {
	var list []string
	if inactive {
		list = append(list, sh.page.Say("inactive"))
	}
	if abstract {
		list = append(list, sh.page.Say("abstract"))
	}
	return strings.Join(list, ", ")
}

// hits shows what a search finds, as GET /search does.
func (sh *shower) hits(req operation.SearchRequest) {
	p := sh.page
	s := section{Heading: p.say("hits", sh.asked.text)}
	req.Text, req.Languages, req.Limit = sh.asked.text, sh.wants, pageHits
	req.Offset = min(sh.asked.offset, operation.MaxHits-pageHits)
	sh.asked.offset = req.Offset
	found, err := sh.server.ops.Search(sh.ctx, req)
	if err != nil {
		s.Problem = []cell{sh.problem(err)}
		p.add(s)
		return
	}
	s.Columns = p.head("code", "display")
	others := slices.ContainsFunc(found.Hits, func(h operation.SearchHit) bool { return h.Term != h.Coding.Display })
	if others {
		s.Columns = append(s.Columns, p.Say("term"))
	}
	s.Pager = sh.pager(len(found.Hits), found.Total, pageHits, found.Exact, "q", sh.asked.text)
	if req.Offset == operation.MaxHits-pageHits {
		s.Pager.Next = "" // no search gives more
	}
	for i := range found.Hits {
		h := &found.Hits[i]
		shown, term := said(sh.foreign(h.Language), h.Coding.Display), cell{}
		if h.Term == h.Coding.Display {
			shown.Parts = marked(h.Term, h.Marked)
		} else {
			term = cell{Text: h.Term, Parts: marked(h.Term, h.Marked)}
		}
		at := sh.at(h.Coding.Code)
		if p.Type != "CodeSystem" {
			at = sh.codeIn(h.Coding)
		}
		row := []cell{codeAt(h.Coding.Code, at), shown}
		if others {
			row = append(row, term)
		}
		s.row(row...)
	}
	if len(found.Hits) == 0 {
		s.Notes = []cell{plain(p.Say("noHits"))}
	}
	p.add(s)
}

// codeIn returns the address of a code on the page of its code system, "" where it has none.
func (sh *shower) codeIn(c terminology.Coding) string {
	at := sh.place("CodeSystem", c.System, c.Version)
	if at == "" || strings.Contains(at, "?") {
		return ""
	}
	return at + sh.link("under", c.Code)
}

// describe shows what is known of a code system besides its concepts.
func (sh *shower) describe(b *operation.BrowseResponse) {
	p := sh.page
	properties := section{Heading: p.Say("properties"), Columns: p.head("code", "type", "description")}
	for _, o := range objects(sh.object, "property") {
		properties.row(code(text(o, "code")), plain(text(o, "type")), plain(text(o, "description")))
	}
	filters := section{Heading: p.Say("filters"), Columns: p.head("property", "operators", "value", "description")}
	for _, o := range objects(sh.object, "filter") {
		filters.row(code(text(o, "code")), code(strings.Join(texts(o, "operator"), ", ")), plain(text(o, "value")), plain(text(o, "description")))
	}
	if b == nil {
		p.add(properties)
		p.add(filters)
		return
	}
	if len(properties.Rows) == 0 {
		for _, k := range b.Properties {
			properties.row(code(k.Code), plain(kindNames[k.Kind]), plain(k.Description))
		}
	}
	if len(filters.Rows) == 0 {
		filters.Columns = p.head("property", "operators")
		for _, f := range b.Filters {
			if f.Property == "" && len(b.Properties) == 0 {
				continue
			}
			name := code(f.Property)
			if f.Property == "" {
				name = plain(p.Say("anyProperty"))
			}
			filters.row(name, code(strings.Join(f.Ops, ", ")))
		}
	}
	p.add(properties)
	p.add(filters)
	languages := section{Heading: p.Say("languages"), Columns: p.head("language", "refset", "count")}
	for _, c := range b.Release.Columns {
		languages.row(code(c.Language), code(c.Refset), plain(p.number(c.Count)))
	}
	p.add(languages)
}

// kindNames are the types of properties as FHIR calls them.
var kindNames = [...]string{"code", "string", "integer", "decimal", "boolean", "dateTime"}

// versions lists the versions that are installed or written.
func (sh *shower) versions() {
	p := sh.page
	url := sh.canonicalURL()
	if url == "" || sh.past() {
		return
	}
	none := func(*operation.Resource) []byte { return nil }
	found, err := sh.server.ops.SearchResources(sh.ctx, operation.ResourceSearchRequest{Type: p.Type, Count: pageRows, Page: operation.PageLimit{Write: none},
		Criteria: []operation.Criterion{{Name: "url", Values: []string{url}}}})
	if err != nil || found.Total < 2 {
		return
	}
	s := section{Heading: p.Say("versions"), Columns: p.head("version", "date", "status", "remark")}
	for i := range found.Entries {
		r := &found.Entries[i]
		remark := ""
		switch {
		case r.ID == sh.in.id:
			remark = p.Say("thisVersion")
		case r.Made != nil && r.Made.Release.Default:
			remark = p.Say("isDefault")
		}
		version := r.Version
		if version == "" {
			version = r.ID
		}
		s.row(codeAt(version, p.Base+"/"+p.Type+"/"+r.ID), plain(r.Date), plain(r.Status), plain(remark))
	}
	if more := found.Total - len(found.Entries); more > 0 {
		s.Notes = []cell{plain(p.say("more", p.number(more)))}
	}
	p.add(s)
}

// concepts lists the concepts that the resource itself holds, where no code system answers.
func (sh *shower) concepts() {
	p := sh.page
	s := section{Heading: p.Say("concepts"), Columns: p.head("code", "display", "definition"), Notes: sh.leftOut()}
	more := 0
	var walk func(list []map[string]any, depth int)
	walk = func(list []map[string]any, depth int) {
		for _, c := range list {
			if len(s.Rows) == pageRows {
				more++
			} else {
				name := code(text(c, "code"))
				name.Depth = min(depth, 6)
				s.row(name, plain(text(c, "display")), plain(text(c, "definition")))
			}
			walk(objects(c, "concept"), depth+1)
		}
	}
	walk(objects(sh.object, "concept"), 0)
	if more > 0 {
		s.Notes = []cell{plain(p.say("more", p.number(more)))}
	}
	p.add(s)
}

// leftOut tells that a part of the resource is too long for its page.
func (sh *shower) leftOut() []cell {
	if !sh.in.long {
		return nil
	}
	return []cell{plain(sh.page.Say("tooLong"))}
}
