package resource

import (
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxLanguages is how many languages of a code system get a column of displays.
const maxLanguages = 24

// Rules returns what a code system given as a resource says of its terms. They hold for
// code systems of other readers too: a designation without use is of a resource only,
// and may be shown in its language.
func Rules() basic.Rules {
	rules := basic.DefaultRules()
	rules.Display = func(use string) bool {
		return use == terminology.UseDisplay || use == "" || strings.HasSuffix(use, preferredForLanguage)
	}
	return rules
}

// The uses of designations that mean the display in a language.
const (
	preferredForLanguage = "|preferredForLanguage"
	usageDisplay         = "http://terminology.hl7.org/CodeSystem/designation-usage|display"
	ownUses              = "urn:kodeks:designation-use"
	snomedSystem         = "http://snomed.info/sct"
)

// terms says the texts of a concept: its display, its definition, and the others. The
// first designation of a language that is a display there is the preferred one.
func (e *emitter) terms(c *Concept) error {
	var shown []string // languages that have a display
	say := func(member, lang, use, text string, id uint64) error {
		if text == "" {
			return nil
		}
		d := terminology.Designation{Concept: c.Code, ID: id, Language: lang, Use: use, Term: text}
		if isDisplay(use) && !contains(shown, lang) && e.column(lang) {
			d.Preferred = true
			shown = append(shown, lang)
		}
		return e.kept(c, member, e.to.Designation(d))
	}
	if err := say("display", e.r.Language, terminology.UseDisplay, c.Display, 0); err != nil {
		return err
	}
	for _, d := range c.Displays {
		if err := say("_display", d.Language, "", d.Value, 0); err != nil {
			return err
		}
	}
	for i := range c.Designations {
		d := &c.Designations[i]
		if d.Value == "" {
			if err := e.to.Bad(e.r.bad(c.at, e.path("designation["+itoa(i)+"]"), "the designation has no value")); err != nil {
				return err
			}
		}
		if err := say("designation["+itoa(i)+"]", e.r.languageOf(d), UseOf(d.Use), d.Value, e.id(d)); err != nil {
			return err
		}
	}
	if err := say("definition", e.r.Language, terminology.UseDefinition, c.Definition, 0); err != nil {
		return err
	}
	for _, d := range c.Definitions {
		if err := say("_definition", d.Language, terminology.UseDefinition, d.Value, 0); err != nil {
			return err
		}
	}
	return nil
}

// languageOf is the language of a designation: that of the resource when it has none.
func (r *Resource) languageOf(d *Designation) string {
	if d.Language != "" {
		return d.Language
	}
	return r.Language
}

func isDisplay(use string) bool {
	return use == "" || use == terminology.UseDisplay || strings.HasSuffix(use, preferredForLanguage)
}

// column reports whether displays of a language have a column.
func (e *emitter) column(lang string) bool {
	if e.languages[lang] {
		return true
	}
	if len(e.languages) >= maxLanguages {
		return false
	}
	e.languages[lang] = true
	return true
}

// id is the SNOMED CT description id that a designation says it has, 0 for none and for
// one that another designation has.
func (e *emitter) id(d *Designation) uint64 {
	x, ok := find(d.Extensions, ExtDescriptionID)
	if !ok {
		return 0
	}
	id, err := strconv.ParseUint(x.Value, 10, 64)
	if err != nil || e.ids[id] {
		return 0
	}
	e.ids[id] = true
	return id
}

// UseOf returns the use of a designation in the words of terminology: one of its own,
// the id of a SNOMED CT description type, "" for none, else system|code.
func UseOf(use terminology.Coding) string {
	switch {
	case use.Code == "":
		return ""
	case use.System == snomedSystem || use.System == ownUses || use.System == "":
		return use.Code
	case use.System+"|"+use.Code == usageDisplay:
		return terminology.UseDisplay
	}
	return use.System + "|" + use.Code
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
