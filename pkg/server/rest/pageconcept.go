package rest

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// concept shows one concept of a code system, and what is narrower.
func (sh *shower) concept(b *operation.BrowseResponse) {
	p := sh.page
	s := section{Heading: sh.asked.under}
	resp, err := sh.server.ops.Lookup(sh.ctx, operation.LookupRequest{
		Coding: terminology.Coding{System: b.Release.System, Version: b.Release.Version, Code: sh.asked.under}, Languages: sh.wants})
	switch {
	case err != nil:
		s.Problem = []cell{sh.problem(err)}
	case !resp.Found || !b.Found:
		s.Problem = []cell{plain(p.say("noCode", sh.asked.under))}
	}
	if len(s.Problem) > 0 {
		p.add(s)
		return
	}
	s.Heading = strings.TrimSpace(resp.Coding.Code + " " + resp.Coding.Display)
	s.HeadingLang = sh.foreign(resp.Language)
	s.Trail = append(s.Trail, linked(p.Say("top"), sh.link()))
	for _, c := range b.Path {
		s.Trail = append(s.Trail, sh.coding(c))
	}
	s.fact(p.Say("code"), code(resp.Coding.Code))
	s.fact(p.Say("remark"), plain(sh.remark(resp.Info.Inactive, resp.Info.Abstract)))
	s.fact(p.Say("remark"), plain(resp.Inactivation.Display))
	for _, c := range resp.Replacements {
		s.fact(p.Say("replacedBy"), sh.coding(c))
	}
	for _, c := range resp.Parents {
		s.fact(p.Say("broader"), sh.coding(c))
	}
	p.add(s)
	children := sh.narrower(p.Say("narrowerOf"), b)
	if len(children.Rows) == 0 {
		children.Notes = []cell{plain(p.Say("noNarrower"))}
	}
	p.add(children)
	sh.terms(resp)
	sh.properties(resp)
}

// coding is a link to another code of the same code system.
func (sh *shower) coding(c terminology.Coding) cell {
	return linked(strings.TrimSpace(c.Code+" "+c.Display), sh.at(c.Code))
}

// terms lists the terms of a concept.
func (sh *shower) terms(resp *operation.LookupResponse) {
	p := sh.page
	s := section{Heading: p.Say("conceptTerms"), Columns: p.head("display", "language", "use", "preferredIn", "acceptableIn")}
	for i := range resp.Designations {
		d := &resp.Designations[i]
		use := d.Use.Display
		if use == "" {
			use = d.Use.Code
		}
		if d.Inactive {
			use = strings.Trim(use+", "+p.Say("inactive"), ", ")
		}
		s.row(said(sh.foreign(d.Language), d.Term), plain(d.Language), plain(use), plain(strings.Join(d.PreferredIn, ", ")), plain(strings.Join(d.AcceptableIn, ", ")))
	}
	p.add(s)
}

// properties lists the properties of a concept.
func (sh *shower) properties(resp *operation.LookupResponse) {
	p := sh.page
	s := section{Heading: p.Say("properties"), Columns: p.head("property", "value")}
	for _, v := range resp.Properties {
		name := code(v.Code)
		if v.Description != "" {
			name = plain(v.Description)
		}
		value := plain(v.Value)
		if v.Kind == terminology.ValueCode && v.Display != "" {
			value = sh.coding(terminology.Coding{Code: v.Value, Display: v.Display})
		}
		s.row(name, value)
	}
	p.add(s)
}
