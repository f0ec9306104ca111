package operation

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/conceptmap"
)

// agree adds what the terms of a target tell to the evidence for it.
func agree(e *conceptmap.Evidence, said, terms []saidTerm) {
	for i := range terms {
		term := &terms[i]
		e.Whole = e.Whole || term.preferred && term.Whole
		e.Other = e.Other || term.preferred && term.Other
		for j := range said {
			if s := &said[j]; s.language == term.language {
				e.Words = max(e.Words, conceptmap.Agreement(s.Words, term.Words)*s.weight/1000*term.weight/1000)
			}
		}
	}
	e.Other = e.Other && !e.Whole
}

// saidTerm is a term of a code, word by word.
type saidTerm struct {
	conceptmap.Words
	language  string // its first part; bokmål and nynorsk are one
	preferred bool
	weight    int // thousandths
}

// secondTerm is what a term counts that is not the preferred one, in thousandths.
const secondTerm = 500

// termsOf returns what the terms of a code say in some releases of its code system.
func termsOf(releases []*catalog.Installed, code string) []saidTerm {
	var out []saidTerm
	for _, r := range releases {
		cs := r.CodeSystem
		o, ok := cs.Find(code)
		if !ok {
			continue
		}
		for d := range cs.Designations(o) {
			if d.Inactive {
				continue
			}
			term := saidTerm{language: baseLanguage(cmp.Or(d.Language, r.Release.Language)), weight: secondTerm}
			if d.Use == "" || d.Use == "display" || d.Term == cs.Display(o) {
				term.weight, term.preferred = 1000, true
			}
			if term.Words = conceptmap.WordsOf(d.Term, term.language == norwegianLanguage); !term.Empty() {
				out = append(out, term)
			}
		}
	}
	return out
}

// norwegianLanguage stands for bokmål and nynorsk.
const norwegianLanguage = "no"

// baseLanguage returns the language of a tag, without its region or script.
func baseLanguage(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	if base == "nb" || base == "nn" {
		return norwegianLanguage
	}
	return base
}

// endsOf returns the releases in which the codes of an end of a map are read: that of the
// source, else those that answer for the code system, here and as the map calls it; and the
// one that the map was made for.
func (t *translation) endsOf(system, version string) []*catalog.Installed {
	var out []*catalog.Installed
	add := func(system, version string) {
		if r, err := t.snap.CodeSystem(system, version); err == nil && r.CodeSystem != nil && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	if t.source != nil && sameEnd(t.source.Release.System, system) {
		out = append(out, t.source)
	} else {
		add(place(system), "")
		add(system, "")
	}
	if version != "" {
		add(system, version)
	}
	return out
}
