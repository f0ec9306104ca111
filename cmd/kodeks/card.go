package main

import (
	"bufio"
	"slices"
	"strings"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// cardLimit is how many designations, children and parents a card names unless
// --limit says otherwise.
const cardLimit = 20

// card writes what a release says of one concept.
type card struct {
	w     *bufio.Writer
	s     screen
	limit int
}

func writeCard(w *bufio.Writer, s screen, r *kodeksv1.LookupResponse, limit int) {
	if limit == 0 {
		limit = cardLimit
	}
	c := card{w, s, limit}
	code := r.GetCoding().GetCode()
	if !r.GetFound() {
		text := nowhere(code)
		if system := r.GetCoding().GetSystem(); system != "" {
			text = code + " is not a code of " + releaseTitle(r.GetRelease(), system)
		}
		w.WriteString(s.set(bad, clean(text)) + "\n")
		if r.GetNotExpression() != "" {
			w.WriteString("  " + clean(r.GetNotExpression()) + "\n")
		}
		for _, i := range r.GetIssues() {
			for _, line := range wrap(clean(i.GetText()), c.s.width-2) {
				w.WriteString("  " + line + "\n")
			}
		}
		return
	}
	if r.GetComposed() && r.GetCoding().GetSystem() == snomed.System { // its display has the codes in it
		w.WriteString(s.set(bold, clean(r.GetCoding().GetDisplay())))
	} else {
		w.WriteString(s.set(strong, clean(code)) + "  " + s.set(bold, clean(r.GetCoding().GetDisplay())))
	}
	if r.GetLanguage() != "" {
		mark := " (" + r.GetLanguage()
		if r.GetFallback() {
			mark += ", not a language that was asked for"
		}
		w.WriteString(s.set(dim, mark+")"))
	}
	w.WriteByte('\n')
	c.field("full name", fullName(r))
	c.field("typed", r.GetGiven())
	c.field("status", statusLine(r))
	c.field("valid", between(r.GetValidFrom(), r.GetValidTo()))
	c.field("reason", r.GetInactivation().GetDisplay())
	for _, i := range r.GetIssues() {
		if i.GetExpression() == "system" {
			c.field("note", i.GetText())
		}
	}
	for _, remark := range r.GetRemarks() {
		c.field("remark", remark)
	}
	for _, d := range r.GetDesignations() {
		if isDefinition(d) && !d.GetInactive() {
			c.field("definition", d.GetTerm())
		}
	}
	c.field("release", r.GetRelease().GetTitle())
	c.field("system", r.GetCoding().GetSystem())
	version := r.GetCoding().GetVersion()
	if days := between(r.GetInForceFrom(), r.GetInForceTo()); days != "" {
		version += ", in force " + days
	}
	c.field("version", version)
	c.field("module", r.GetModule())
	c.history(r.GetAssociations())
	c.designations(r.GetDesignations())
	c.codings("parents", r.GetParents(), len(r.GetParents()))
	c.codings("children", r.GetChildren(), int(r.GetChildCount()))
	c.properties(slices.DeleteFunc(slices.Clone(r.GetProperties()), func(p *kodeksv1.Property) bool { // told above
		return p.GetCode() == "valid-from" && p.GetValue() == r.GetValidFrom() || p.GetCode() == "valid-to" && p.GetValue() == r.GetValidTo()
	}))
}

// releaseTitle returns what the code system of a release is called.
func releaseTitle(r *kodeksv1.Release, system string) string {
	if title := systemTitle(system); title != system || r.GetTitle() == "" {
		return title
	}
	return r.GetTitle()
}

// between returns the days from one to another, of which either may be open.
func between(from, to string) string {
	first, _ := terminology.ParseDateTime(from)
	last, _ := terminology.ParseDateTime(to)
	return terminology.Period{From: first.From, To: last.To}.String()
}

func statusLine(r *kodeksv1.LookupResponse) string {
	words := []string{stands(r)}
	if r.GetComposed() {
		return "expression of several concepts"
	}
	if r.GetDefined() {
		words = append(words, "sufficiently defined")
	}
	if r.GetAbstract() {
		words = append(words, "not for recording")
	}
	if r.GetEffective() != "" {
		words = append(words, "changed "+r.GetEffective())
	}
	return strings.Join(words, ", ")
}

// stands tells whether a code is active or, of a day, how it stood then, and what
// replaces it.
func stands(r *kodeksv1.LookupResponse) string {
	status := strings.ReplaceAll(conceptStatus(r), "-", " ")
	var why []string
	switch r.GetValidity() {
	case terminology.NotYetValid.Code():
		why = append(why, "from "+r.GetValidFrom())
	case terminology.NoLongerValid.Code():
		if to := lastDay(r); to != "" {
			why = append(why, "until "+to)
		}
	case terminology.NotInForce.Code():
		why = append(why, "before the oldest version that is installed")
	}
	if by := codesOf(r.GetReplacements(), " or "); by != "" {
		why = append(why, "replaced by "+by)
	}
	if len(why) > 0 {
		status += " (" + strings.Join(why, ", ") + ")"
	}
	return status
}

// lastDay returns the last day on which a code is valid: that of an inactive concept of
// SNOMED CT is the one before its last change.
func lastDay(r *kodeksv1.LookupResponse) string {
	if r.GetValidTo() != "" || !r.GetInactive() {
		return r.GetValidTo()
	}
	day, _ := terminology.ParseDateTime(r.GetEffective())
	return day.From.DayBefore().String()
}

// field writes a named line, wrapped to the screen.
func (c card) field(name, text string) {
	if text == "" {
		return
	}
	const column = 14
	for i, line := range wrap(clean(text), c.s.width-column) {
		label := ""
		if i == 0 {
			label = c.s.set(dim, name)
			c.w.WriteString("  " + label)
			writeSpaces(c.w, column-2-width(name))
		} else {
			writeSpaces(c.w, column)
		}
		c.w.WriteString(line + "\n")
	}
}

// section writes the heading of a part of a card.
func (c card) section(name string, shown, total int) {
	c.w.WriteString("\n  " + c.s.set(bold, heading(name)))
	if total > shown {
		c.w.WriteString(c.s.set(dim, " ("+count(shown)+" of "+count(total)+")"))
	} else {
		c.w.WriteString(c.s.set(dim, " ("+count(total)+")"))
	}
	c.w.WriteByte('\n')
}
