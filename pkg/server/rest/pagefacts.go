package rest

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
)

// factKeys are the members of a resource that are facts of it, in the order of the page.
var factKeys = []string{"url", "version", "name", "status", "experimental", "date", "publisher", "language", "content", "supplements", "caseSensitive", "valueSet", "kind", "count", "description", "purpose", "copyright"}

// facts tells what a resource says of itself, and what is known of the release behind it.
func (sh *shower) facts() section {
	p := sh.page
	s := section{Heading: p.Say("about")}
	b := (*operation.BrowseResponse)(nil)
	if p.Type == "CodeSystem" {
		b = sh.browsed
	}
	lang := sh.foreign(text(sh.object, "language"))
	for _, key := range factKeys {
		v := text(sh.object, key)
		c := plain(v)
		switch key {
		case "url", "version":
			c = code(v)
		case "experimental":
			if v == "false" {
				continue
			}
			c = plain(p.yesNo(v))
		case "content":
			if b != nil && sh.made() {
				continue
			}
		case "caseSensitive":
			c = plain(p.yesNo(v))
		case "supplements":
			url, version, _ := strings.Cut(v, "|")
			c = codeAt(v, sh.place("CodeSystem", url, version))
		case "valueSet":
			c = codeAt(v, sh.place("ValueSet", v, text(sh.object, "version")))
		case "description", "purpose", "copyright":
			if key == "description" && sh.made() {
				continue
			}
			c = said(lang, v)
		case "count":
			if b != nil {
				sh.counts(&s, b)
				continue
			}
		case "name":
			if b != nil {
				sh.names(&s, b)
			}
			if sh.made() {
				continue // made of the title
			}
		}
		s.fact(p.Say(key), c)
	}
	sh.moments(&s)
	return s
}

// names tells what else a code system is called.
func (sh *shower) names(s *section, b *operation.BrowseResponse) {
	p := sh.page
	var others []string
	for _, n := range b.Names {
		switch {
		case n.Type == "oid":
			s.fact(p.Say("oid"), code(n.Value))
		case n.Value != b.Release.System:
			others = append(others, n.Value)
		}
	}
	s.fact(p.Say("names"), plain(strings.Join(others, ", ")))
}

// counts tells how large a code system is.
func (sh *shower) counts(s *section, b *operation.BrowseResponse) {
	p := sh.page
	concepts := p.number(b.Release.Concepts)
	if b.Release.Active != b.Release.Concepts {
		concepts = p.say("ofActive", concepts, p.number(b.Release.Active))
	}
	s.fact(p.Say("concepts"), plain(concepts))
	if b.Release.Terms > 0 || b.Release.Concepts == 0 { // those of what clients write are not counted
		s.fact(p.Say("terms"), plain(p.number(b.Release.Terms)))
	}
	if sh.asked.under == "" {
		s.fact(p.Say("hierarchy"), plain(p.say("onTop", p.number(b.Total))))
	}
}

// moments tells when the resource was written or imported.
func (sh *shower) moments(s *section) {
	p := sh.page
	r := sh.known
	if r == nil {
		return
	}
	if r.Written() {
		s.fact(p.Say("versionId"), linked(p.number(int(r.Versions)), sh.changesAt(r.ID)))
	}
	if r.Modified.IsZero() {
		return
	}
	key := "lastUpdated"
	if !r.Written() {
		key = "imported"
	}
	s.fact(p.Say(key), plain(r.Modified.UTC().Format(momentForm)))
}
