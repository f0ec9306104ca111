package main

import (
	"slices"
	"strings"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// fullName returns the fully specified name of a concept of SNOMED CT, or "".
func fullName(r *kodeksv1.LookupResponse) string {
	for _, d := range r.GetDesignations() {
		if d.GetUse().GetCode() == snomed.UseFSN && !d.GetInactive() {
			return d.GetTerm()
		}
	}
	return ""
}

func isDefinition(d *kodeksv1.Designation) bool {
	use := d.GetUse().GetCode()
	return use == snomed.UseDefinition || use == terminology.UseDefinition
}

// designations writes the terms in use, those of one language together, in the
// order of the answer.
func (c card) designations(list []*kodeksv1.Designation) {
	var use []*kodeksv1.Designation
	var languages []string
	for _, d := range list {
		if d.GetInactive() || isDefinition(d) {
			continue
		}
		use = append(use, d)
		if !slices.Contains(languages, d.GetLanguage()) {
			languages = append(languages, d.GetLanguage())
		}
	}
	if len(use) == 0 {
		return
	}
	slices.SortStableFunc(use, func(a, b *kodeksv1.Designation) int {
		if n := slices.Index(languages, a.GetLanguage()) - slices.Index(languages, b.GetLanguage()); n != 0 {
			return n
		}
		return rank(a) - rank(b)
	})
	shown := use[:min(len(use), c.limit)]
	c.section("designations", len(shown), len(use))
	t := table{columns: []column{{name: "language", style: dim}, {name: "term", flex: true}, {name: "use", show: filled}, {name: "standing", show: filled}}}
	for _, d := range shown {
		t.add(d.GetLanguage(), d.GetTerm(), useName(d), standing(d))
	}
	t.writeRows(c.w, c.s, "    ")
}

// rank puts preferred terms before acceptable ones, and full names last.
func rank(d *kodeksv1.Designation) int {
	switch {
	case d.GetUse().GetCode() == snomed.UseFSN:
		return 3
	case len(d.GetPreferredIn()) > 0:
		return 0
	case len(d.GetAcceptableIn()) > 0:
		return 1
	}
	return 2
}

func useName(d *kodeksv1.Designation) string {
	switch code, display := d.GetUse().GetCode(), d.GetUse().GetDisplay(); {
	case code == snomed.UseFSN:
		return "full name"
	case display != "":
		return strings.ToLower(display)
	default:
		return code
	}
}

// standing tells where a term is preferred and where acceptable.
func standing(d *kodeksv1.Designation) string {
	var parts []string
	for _, p := range []struct {
		word string
		in   []string
	}{{"preferred", d.GetPreferredIn()}, {"acceptable", d.GetAcceptableIn()}} {
		switch {
		case len(p.in) == 0:
		case len(p.in) == 1 && p.in[0] == d.GetLanguage():
			parts = append(parts, p.word)
		default:
			parts = append(parts, p.word+" "+strings.Join(p.in, " "))
		}
	}
	return strings.Join(parts, ", ")
}
