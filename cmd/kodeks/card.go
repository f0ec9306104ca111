package main

import (
	"bufio"
	"slices"
	"strconv"
	"strings"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// shownApart are the properties that other lines of a card tell.
var shownApart = []string{"parent", "child", "inactive", "effectiveTime", "moduleId", "sufficientlyDefined", "notSelectable"}

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

// history writes what became of an inactive concept, best replacement first.
func (c card) history(list []*kodeksv1.Association) {
	if len(list) == 0 {
		return
	}
	c.section("what became of it", len(list), len(list))
	t := table{columns: []column{{name: "association"}, {name: "code", style: strong}, {name: "display", flex: true}, {name: "status", show: filled}}}
	for _, a := range list {
		status := ""
		if a.GetInactive() {
			status = "inactive"
		}
		t.add(associationName(a.GetKind()), a.GetTarget().GetCode(), a.GetTarget().GetDisplay(), status)
	}
	t.writeRows(c.w, c.s, "    ")
}

// associationName returns the name of a historical association.
func associationName(kind *kodeksv1.Coding) string {
	if id, err := snomed.ParseID(kind.GetCode()); err == nil {
		if name := snomed.MapOf(id, 0).Title; !strings.HasPrefix(name, "SNOMED CT") {
			return name
		}
	}
	return kind.GetDisplay()
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

// codings writes parents or children.
func (c card) codings(name string, list []*kodeksv1.Coding, total int) {
	if total == 0 {
		return
	}
	shown := list[:min(len(list), c.limit)]
	c.section(name, len(shown), total)
	t := table{columns: []column{{name: "code", style: strong}, {name: "display", flex: true}}}
	for _, p := range shown {
		t.add(p.GetCode(), p.GetDisplay())
	}
	t.writeRows(c.w, c.s, "    ")
}

// properties writes attributes by relationship group, then other properties.
func (c card) properties(list []*kodeksv1.Property) {
	var attributes, others []*kodeksv1.Property
	for _, p := range list {
		switch {
		case looksLikeSCTID(p.GetCode()):
			attributes = append(attributes, p)
		case !slices.Contains(shownApart, p.GetCode()):
			others = append(others, p)
		}
	}
	slices.SortStableFunc(attributes, func(a, b *kodeksv1.Property) int { return int(a.GetGroup()) - int(b.GetGroup()) })
	if len(attributes) > 0 {
		c.section("attributes", len(attributes), len(attributes))
		t := table{columns: []column{{name: "group", style: dim}, {name: "attribute"}, {name: "value", style: strong}, {name: "term", flex: true}}}
		last := int32(-1)
		for _, p := range attributes {
			group := ""
			if p.GetGroup() != last && p.GetGroup() > 0 {
				group = "group " + strconv.Itoa(int(p.GetGroup()))
			}
			last = p.GetGroup()
			t.add(group, propertyName(p), p.GetValue(), p.GetDisplay())
		}
		t.writeRows(c.w, c.s, "    ")
	}
	c.values(others)
}

// values writes properties: those of several words are texts, and wrapped.
func (c card) values(list []*kodeksv1.Property) {
	if len(list) == 0 {
		return
	}
	const indent, widest = 4, 30
	c.section("properties", len(list), len(list))
	names, codes := 0, 0
	for _, p := range list {
		names = max(names, min(width(clean(propertyName(p))), widest))
		if p.GetDisplay() != "" {
			codes = max(codes, min(width(clean(p.GetValue())), widest))
		}
	}
	for _, p := range list {
		name, value := clean(propertyName(p)), clean(p.GetValue())
		writeSpaces(c.w, indent)
		c.w.WriteString(name)
		column := max(names, width(name)) + gap
		writeSpaces(c.w, column-width(name))
		if display := clean(p.GetDisplay()); display != "" {
			value += strings.Repeat(" ", max(0, codes-width(value))+gap) + display
		}
		for i, line := range wrap(value, c.s.width-indent-column) {
			if i > 0 {
				writeSpaces(c.w, indent+column)
			}
			c.w.WriteString(line + "\n")
		}
	}
}

func propertyName(p *kodeksv1.Property) string {
	if p.GetDescription() != "" {
		return p.GetDescription()
	}
	return p.GetCode()
}
