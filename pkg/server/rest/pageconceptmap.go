package rest

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// conceptMap shows a map: its ends, how large it is, and its first rows.
func (sh *shower) conceptMap() {
	p := sh.page
	about := sh.facts()
	rows := section{Heading: p.Say("firstRows"), Columns: p.head("source", "display", "relationship", "target", "display", "rule")}
	if sh.made() {
		sh.installedMap(&about, &rows)
	} else {
		sh.writtenMap(&about, &rows)
	}
	p.add(about)
	p.add(rows)
	sh.versions()
}

// installedMap shows a map that a release holds.
func (sh *shower) installedMap(about, rows *section) {
	p, m := sh.page, sh.known.Made.Map
	for _, end := range [][3]string{{"source", m.Source, m.SourceVersion}, {"target", m.Target, m.TargetVersion}} {
		about.fact(p.Say(end[0]), codeAt(terminology.Canonical(end[1], end[2]), sh.place("CodeSystem", end[1], end[2])))
	}
	about.fact(p.Say("sourceCodes"), plain(p.number(m.Sources)))
	about.fact(p.Say("rows"), plain(p.number(m.Rows)))
	resp, err := sh.server.ops.MapRows(sh.ctx, operation.MapRowsRequest{URL: m.URL, Version: sh.known.Made.Release.Version, Count: pageRows, Languages: sh.wants})
	if err != nil {
		rows.Problem = []cell{sh.problem(err)}
		return
	}
	for i := range resp.Rows {
		r := &resp.Rows[i]
		target := sh.end(r.Target)
		if r.Target.Code == "" {
			target = plain(p.Say("noTarget"))
		}
		rule := strings.TrimSpace(r.Rule + " " + r.Advice)
		rows.row(sh.end(r.Source), plain(r.Source.Display), plain(p.Say(r.Relationship.String())), target, plain(r.Target.Display), plain(rule))
	}
	if resp.More {
		rows.Notes = []cell{plain(p.Say("moreRows"))}
	}
}

// end is a code at an end of a map.
func (sh *shower) end(c terminology.Coding) cell { return codeAt(c.Code, sh.codeIn(c)) }

// writtenMap shows a map that is a resource.
func (sh *shower) writtenMap(about, rows *section) {
	p := sh.page
	if rows.Notes = sh.leftOut(); rows.Notes != nil {
		return
	}
	sources, total := 0, 0
	for _, g := range objects(sh.object, "group") {
		for _, end := range []string{"source", "target"} {
			url, version, _ := strings.Cut(text(g, end), "|")
			about.fact(p.Say(end), codeAt(text(g, end), sh.place("CodeSystem", url, version)))
		}
		for _, e := range objects(g, "element") {
			sources++
			targets := objects(e, "target")
			if len(targets) == 0 {
				targets = []map[string]any{{}}
			}
			for _, t := range targets {
				if total++; total > pageRows {
					continue
				}
				target := code(text(t, "code"))
				if target.Text == "" {
					target = plain(p.Say("noTarget"))
				}
				rows.row(code(text(e, "code")), plain(text(e, "display")), plain(sh.relationship(t)), target, plain(text(t, "display")), plain(text(t, "comment")))
			}
		}
	}
	about.fact(p.Say("sourceCodes"), plain(p.number(sources)))
	about.fact(p.Say("rows"), plain(p.number(total)))
	if more := total - pageRows; more > 0 {
		rows.Notes = []cell{plain(p.say("more", p.number(more)))}
	}
}

// relationship returns the relationship of a target in words, where it is one of R5.
func (sh *shower) relationship(t map[string]any) string {
	code := text(t, "relationship") + text(t, "equivalence")
	if words := sh.page.Say(code); words != "" {
		return words
	}
	return code
}
