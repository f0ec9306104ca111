package operation

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// displayTerm is a text that may stand as the display of a code.
type displayTerm struct {
	shownTerm
	retired string // why it may no longer: the word of the code system
}

// displayTerms returns the texts that may stand as the display of a concept, that of the
// concept first.
func (d *verdict) displayTerms() []displayTerm {
	var out []displayTerm
	var seen map[shownTerm]bool // once there are so many that looking at each takes long
	known := func(t shownTerm) bool {
		if len(out) < 32 {
			return slices.ContainsFunc(out, func(x displayTerm) bool { return x.shownTerm == t })
		}
		if seen == nil {
			seen = map[shownTerm]bool{}
			for _, x := range out {
				seen[x.shownTerm] = true
			}
		}
		was := seen[t]
		seen[t] = true
		return was
	}
	add := func(text, lang, retired string) {
		if t := (shownTerm{text, lang}); text != "" && !known(t) {
			out = append(out, displayTerm{t, retired})
		}
	}
	r, o := d.reader, d.thing.o
	if d.ref != nil {
		add(d.ref.Display, r.installed.Release.Language, "")
		for _, x := range d.ref.Designations {
			add(x.Value, x.Language, "")
		}
	}
	retired := map[string]string{}
	if p := providerOf(r.cs()); p != nil {
		if c := p.Concept(o); c != nil {
			add(c.Display, p.Resource().Language, "")
			for _, x := range c.Designations {
				if s, ok := extension(x.Extensions, resource.ExtStandardsStatus); ok && (s.Value == "deprecated" || s.Value == "withdrawn") {
					retired[x.Value] = s.Value
				}
			}
		}
	}
	columns := r.cs().Columns()
	for t := range r.cs().Designations(o) {
		if isDefinition(t.Use) {
			continue
		}
		why := retired[t.Term]
		if t.Inactive && why == "" {
			why = "inactive"
		}
		add(t.Term, designationLanguage(t, columns), why)
	}
	return out
}

// displaysHere reports whether a display that was given is one of the code in the release of
// the verdict, as its code system or the value set has it, or none was.
func (v *validation) displaysHere(d *verdict) bool {
	if d.given.Display == "" || d.thing.composed != nil {
		return true
	}
	d = d.copied()
	if v.references(d) != nil {
		return true // what ended it ends the whole validation, next
	}
	return slices.ContainsFunc(d.displayTerms(), func(t displayTerm) bool { return strings.EqualFold(t.text, d.given.Display) })
}

// display judges the display that was given, in the languages of the client.
func (v *validation) display(d *verdict, coding terminology.Coding) {
	given := d.given.Display
	terms := d.displayTerms()
	own := d.reader.installed.Release.Language
	var valid, inOwn []shownTerm
	for _, t := range terms {
		if t.retired != "" {
			continue
		}
		if wantsLanguage(v.req.Languages, t.language) {
			valid = append(valid, t.shownTerm)
		}
		if t.language == own || t.language == "" || own == "" {
			inOwn = append(inOwn, t.shownTerm)
		}
	}
	is := func(t shownTerm) bool { return strings.EqualFold(t.text, given) }
	if slices.ContainsFunc(valid, is) {
		return
	}
	for _, t := range terms {
		if t.retired != "" && strings.EqualFold(t.text, given) {
			var active []string
			for _, x := range terms {
				if x.retired == "" {
					active = append(active, x.text)
				}
			}
			slices.Sort(active)
			d.add(issueInactiveDisplay(given, coding.Code, slices.Compact(active), t.retired))
			return
		}
	}
	if len(valid) == 0 {
		d.add(v.lenient(issueNoDisplayFor(given, coding, d.reader.standard(d.thing.o), v.req.LanguageList, slices.ContainsFunc(inOwn, is))))
		return
	}
	v.wrongDisplay(d, coding, valid)
}

// wrongDisplay tells that the display that was given is none of those that are valid.
func (v *validation) wrongDisplay(d *verdict, coding terminology.Coding, valid []shownTerm) {
	given := d.given.Display
	squeezed := strings.Join(strings.Fields(given), " ")
	spaces := slices.ContainsFunc(valid, func(t shownTerm) bool { return strings.EqualFold(strings.Join(strings.Fields(t.text), " "), squeezed) })
	d.add(v.lenient(issueWrongDisplay(given, coding, valid, v.req.LanguageList, spaces)))
}

// lenient makes a warning of an error about a display where the client wants it so.
func (v *validation) lenient(i Issue) Issue {
	if v.req.Lenient && i.Severity == SeverityError {
		i.Severity = SeverityWarning
	}
	return i
}

// standard returns the display of a concept in the language of its code system.
func (r reader) standard(o terminology.Ordinal) string {
	if p := providerOf(r.cs()); p != nil {
		if c := p.Concept(o); c != nil && c.Display != "" {
			return c.Display
		}
	}
	return r.cs().Display(o)
}

// wantsLanguage reports whether a client that asks for some languages takes a text of one,
// which may be unknown.
func wantsLanguage(p language.Preference, lang string) bool {
	tag, ok := language.ParseTag(lang)
	return !ok || p.Accepts(tag)
}

// languagesOfValueSet are the languages that a value set wants its displays in.
type languagesOfValueSet struct {
	list string // as it says them; "": it says none
	pref language.Preference
	firm bool // it says so for expansions; else they are its own
}

// languagesOf returns the languages that a value set wants its displays in: as it says for
// expansions, else its own. What is no list of languages says nothing.
func languagesOf(r *resource.Resource) languagesOfValueSet {
	for i, list := range []string{expansionParameter(r, "displayLanguage"), r.Language} {
		if list == "" {
			continue
		}
		if p, err := language.Parse(list); err == nil {
			return languagesOfValueSet{list: list, pref: p, firm: i == 0}
		}
	}
	return languagesOfValueSet{}
}

// before reports whether the languages go before those of a client: list and p are what it
// asks for, by a header when negotiated.
func (w *languagesOfValueSet) before(list string, p language.Preference, negotiated bool) bool {
	return w.list != "" && (list == "" && p.IsZero() || negotiated && w.firm)
}

// showIn makes the snapshot one that is read in other languages than the client asked for.
func (s *snapshot) showIn(p language.Preference) {
	s.languages, s.unasked = p.Or(s.service.options.Languages), p.IsZero()
}
