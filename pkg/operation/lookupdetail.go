package operation

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// detailLookup tells of a concept what only FHIR asks for: extensions are no properties,
// and the terms of a code system that answers from its resource are as that has them. Such
// a term without language stays one, and its use has a display; a release has neither.
func (r reader) detailLookup(resp *LookupResponse, o terminology.Ordinal) {
	resp.Name = r.installed.ResourceName()
	resp.Properties = slices.DeleteFunc(resp.Properties, func(q Property) bool { return strings.Contains(q.Code, "/StructureDefinition/") })
	p := providerOf(r.cs())
	if p == nil {
		return
	}
	concept := p.Concept(o)
	if concept == nil {
		return
	}
	resp.Name = p.Resource().Name
	var definitions []Designation
	for _, d := range resp.Designations {
		if d.Use.Code == terminology.UseDefinition || isDefinition(d.Use.Code) {
			definitions = append(definitions, d)
		}
	}
	resp.Designations = definitions
	add := func(source *resource.Resource, c *resource.Concept) {
		if c.Display != "" {
			resp.Designations = append(resp.Designations, Designation{Language: source.Language, Use: preferredForLanguage, Term: c.Display})
		}
		for _, x := range c.Displays {
			resp.Designations = append(resp.Designations, Designation{Language: x.Language, Term: x.Value})
		}
		for _, x := range c.Designations {
			if isDefinition(resource.UseOf(x.Use)) {
				continue // told already
			}
			resp.Designations = append(resp.Designations, Designation{Language: x.Language, Use: usedFor(x.Use), Term: x.Value})
		}
	}
	add(p.Resource(), concept)
	if s, ok := r.cs().(*resource.Supplemented); ok {
		for _, a := range s.Additions(o) {
			add(a.Supplement, a.Concept)
		}
	}
}

// detailComposed tells of an expression what the ecosystem does: its display as a term,
// and how its first focus concept stands, with the concepts around that.
func (r reader) detailComposed(resp *LookupResponse, x terminology.Composed, w wanted) {
	e, ok := x.(*engine.Expression)
	if !ok {
		return
	}
	resp.Designations = []Designation{{Language: r.installed.Release.Language, Use: preferredForLanguage, Term: resp.Coding.Display}}
	for c := range e.Tree().References() {
		o, ok := r.cs().Find(c.ID.String())
		if !ok {
			return
		}
		info := r.cs().Info(o)
		resp.Info.Inactive, resp.Info.Effective, resp.Info.Module = info.Inactive, info.Effective, ""
		if w.has("parent") {
			resp.Parents = r.codings(r.cs().Parents(o))
		}
		children := r.cs().Children(o)
		resp.ChildCount = len(children)
		if w.has("child") {
			resp.Children = r.codings(children[:min(len(children), MaxChildren)])
		}
		return
	}
}

// usedFor is the use of a designation of a resource, as a release of the same has it.
func usedFor(use terminology.Coding) terminology.Coding {
	out := useCoding(resource.UseOf(use))
	if out.Display == "" {
		out.Display = use.Display
	}
	return out
}

// preferredForLanguage is the use of the display of a code system among its terms (FHIR,
// value set designation-use).
var preferredForLanguage = terminology.Coding{System: "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra", Code: "preferredForLanguage", Display: "Preferred For Language"}

// otherTerms leaves out definitions, retired terms and the one that is the display.
func otherTerms(list []Designation, display string) []Designation {
	shown := false
	return slices.DeleteFunc(list, func(d Designation) bool {
		is := d.Term == display && len(d.PreferredIn) > 0 && !shown
		shown = shown || is
		return d.Inactive || is
	})
}
