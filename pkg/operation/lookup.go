package operation

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Lookup tells what a release says of a concept. An unknown code is an answer, an
// unknown code system or version an error of kind NotFound.
func (s *Service) Lookup(_ context.Context, req LookupRequest) (*LookupResponse, error) {
	snap, err := s.snapshotOf(req.Languages, req.Date, req.With)
	if err != nil {
		return nil, err
	}
	defer snap.LetGo()
	r, inForce, err := snap.findOn(req.Coding)
	if err != nil {
		return nil, err
	}
	cs := r.cs()
	resp := &LookupResponse{Release: r.installed.Release}
	if req.Date != 0 {
		resp.InForce, _ = snap.InForce(r.installed)
	}
	wanted := wantedProperties(req.Properties)
	t, ok, why := r.meaning(req.Coding.Code)
	if !ok {
		resp.NotExpression = why
		resp.Coding = terminology.Coding{System: resp.Release.System, Version: resp.Release.Version, Code: req.Coding.Code}
		v, err := snap.elsewhere(r, req.Coding.Code, req.Coding.Version, inForce)
		resp.stands(v)
		return resp, err
	}
	v, err := snap.validity(r, t, inForce)
	if err != nil {
		return nil, err
	}
	if t.composed != nil {
		code := r.canonical(req.Coding.Code, t.composed)
		r.lookupComposed(resp, code, t.composed, wanted)
		resp.form(req.Coding.Code)
		resp.stands(v)
		resp.Properties = append(resp.Properties, r.normalForms(t, wanted)...)
		if req.Details {
			r.detailComposed(resp, t.composed, wanted)
		}
		return resp, nil
	}
	o := t.o
	resp.Found, resp.Info = true, cs.Info(o)
	resp.Coding, resp.Language, resp.Fallback = r.concept(o)
	resp.form(req.Coding.Code)
	resp.stands(v)
	resp.Designations = r.designations(o)
	resp.Properties = append(r.properties(cs.Properties(o), wanted), r.normalForms(t, wanted)...)
	if req.Details {
		r.detailLookup(resp, o)
	}
	if resp.Info.Inactive {
		if err := r.history(resp, o); err != nil {
			return nil, err
		}
	}
	if wanted.has("parent") {
		resp.Parents = r.codings(cs.Parents(o))
	}
	children := cs.Children(o)
	resp.ChildCount = len(children)
	if wanted.has("child") {
		resp.Children = r.codings(children[:min(len(children), MaxChildren)])
	}
	return resp, nil
}

// form says that a code was typed in another form than its publisher's.
func (resp *LookupResponse) form(typed string) {
	if typed != resp.Coding.Code {
		resp.Given = typed
		resp.Issues = append(resp.Issues, issueForm(typed, resp.Coding))
	}
}

// stands takes over how a code stands on a day.
func (resp *LookupResponse) stands(v validity) {
	resp.Validity, resp.Replacements = v.validity, v.replacements
	for _, i := range v.issues { // a look-up has answered, whatever it tells
		i.Severity = max(i.Severity, SeverityWarning)
		resp.Issues = append(resp.Issues, i)
	}
}

// wanted is the property names of a request; nil wants all.
type wanted []string

func wantedProperties(names []string) wanted {
	if slices.Contains(names, "*") {
		return nil
	}
	return names
}

func (w wanted) has(name string) bool { return len(w) == 0 || slices.Contains(w, name) }

// designations returns the terms of a concept in the order of the release.
func (r reader) designations(o terminology.Ordinal) []Designation {
	cs := r.cs()
	columns := cs.Columns()
	out := make([]Designation, 0, 16)
	names := make([]string, 0, 32) // backs PreferredIn and AcceptableIn of all
	for d := range cs.Designations(o) {
		start := len(names)
		for c := range columns {
			if d.Preferred(c) {
				names = append(names, columnName(columns, c))
			}
		}
		middle := len(names)
		for c := range columns {
			if d.Acceptable(c) {
				names = append(names, columnName(columns, c))
			}
		}
		designation := Designation{
			Language: designationLanguage(d, columns), Use: useCoding(d.Use), Term: d.Term,
			Inactive: d.Inactive, Effective: d.Effective, CaseSensitive: d.CaseSig == terminology.CaseSensitive,
			PreferredIn: names[start:middle:middle], AcceptableIn: names[middle:len(names):len(names)],
		}
		if d.ID != 0 {
			designation.ID = strconv.FormatUint(d.ID, 10)
		}
		out = append(out, designation)
	}
	return out
}

// columnName names a display column: its language, with the reference set where
// two columns have the same language.
func columnName(columns []terminology.DisplayColumn, c int) string {
	for i, other := range columns {
		if i != c && other.Language == columns[c].Language && columns[c].Refset != "" {
			return columns[c].Language + "-x-" + columns[c].Refset
		}
	}
	return columns[c].Language
}

// designationLanguage is the language of a term. SNOMED CT writes no for both forms
// of Norwegian; the language reference sets tell them apart.
func designationLanguage(d terminology.DesignationInfo, columns []terminology.DisplayColumn) string {
	if d.Language != "no" {
		return d.Language
	}
	bokmal, nynorsk := false, false
	for c, col := range columns {
		if d.Preferred(c) || d.Acceptable(c) {
			bokmal = bokmal || strings.HasPrefix(col.Language, string(language.Bokmal))
			nynorsk = nynorsk || strings.HasPrefix(col.Language, string(language.Nynorsk))
		}
	}
	switch {
	case bokmal && !nynorsk:
		return string(language.Bokmal)
	case nynorsk && !bokmal:
		return string(language.Nynorsk)
	}
	return "no" // in both or neither
}

// ownUses has the uses that no standard has a code for, such as short and definition. FHIR
// has one for displays (preferredForLanguage), and SNOMED CT's description type serves all
// code systems for synonyms (value set designation-use); definitions are none of its uses.
const ownUses = "urn:kodeks:designation-use"

var snomedUses = map[string]terminology.Coding{
	snomed.UseFSN:        {System: snomed.System, Code: snomed.UseFSN, Display: "Fully specified name"},
	snomed.UseSynonym:    {System: snomed.System, Code: snomed.UseSynonym, Display: "Synonym"},
	snomed.UseDefinition: {System: snomed.System, Code: snomed.UseDefinition, Display: "Definition"},
}

func useCoding(use string) terminology.Coding {
	if c, ok := snomedUses[use]; ok {
		return c
	}
	switch use {
	case terminology.UseDisplay:
		return preferredForLanguage
	case terminology.UseSynonym:
		return snomedUses[snomed.UseSynonym]
	case terminology.UseDefinition:
		return terminology.Coding{System: ownUses, Code: use, Display: "Definition"}
	}
	if use == "" {
		return terminology.Coding{} // a designation of a FHIR resource may have no use
	}
	if system, code, ok := strings.Cut(use, "|"); ok {
		if system == preferredForLanguage.System && code == preferredForLanguage.Code {
			return preferredForLanguage
		}
		return terminology.Coding{System: system, Code: code}
	}
	return terminology.Coding{System: ownUses, Code: use}
}

// properties returns the wanted properties and attributes, with the terms of
// attributes and of the concepts that are values.
func (r reader) properties(all iter.Seq[terminology.PropertyInfo], w wanted) []Property {
	cs := r.cs()
	out := make([]Property, 0, 12)
	for p := range all {
		if !w.has(p.Code) {
			continue
		}
		property := Property{Code: p.Code, Group: int(p.Group), Kind: p.Kind, Value: p.Value}
		if attribute, ok := cs.Find(p.Code); ok {
			property.Description, _ = r.columns.Display(cs, attribute)
		}
		if p.Target != terminology.NoOrdinal {
			property.Display, _ = r.columns.Display(cs, p.Target)
		}
		out = append(out, property)
	}
	return out
}
