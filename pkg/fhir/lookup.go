package fhir

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// Lookup is the parameter table of CodeSystem/$lookup.
var Lookup = &Operation{Resource: "CodeSystem", Name: "lookup", Parameters: append([]Definition{
	{Name: "code", Type: Code},
	{Name: "system", Type: URI},
	{Name: "version", Type: String},
	{Name: "coding", Type: CodingType},
	{Name: "date", Type: DateTime},
	{Name: "displayLanguage", Type: Code},
	{Name: "property", Type: Code, Many: true},
}, versionRules...)}

// LookupRequest reads the parameters of CodeSystem/$lookup.
func LookupRequest(p *Parameters) (operation.LookupRequest, error) {
	coding, err := p.coding("coding", "code", "system", "version")
	if err != nil {
		return operation.LookupRequest{}, err
	}
	pref, err := p.Languages()
	if err != nil {
		return operation.LookupRequest{}, err
	}
	req := operation.LookupRequest{With: p.with(), Details: true, Coding: coding, Languages: pref, Date: p.Day("date")}
	for i := range p.list {
		if n := &p.list[i]; n.Definition.Name == "property" {
			req.Properties = append(req.Properties, n.Text)
		}
	}
	return req, nil
}

// coding reads a code with its system, from a Coding or from parameters of its own.
func (p *Parameters) coding(coding, code, system, version string) (terminology.Coding, error) {
	n, c := p.find(coding), p.find(code)
	switch {
	case n != nil && c != nil:
		return terminology.Coding{}, elementError(terminology.Invalid, c.where(), "give either '%s' or '%s', not both", code, coding)
	case n != nil:
		out := n.Coding.Terminology()
		if err := p.complete(&out.System, system, n.where()+".system"); err != nil {
			return out, err
		}
		if err := p.complete(&out.Version, version, n.where()+".version"); err != nil {
			return out, err
		}
		return checkCoding(out, n.where())
	case c != nil:
		out := terminology.Coding{System: p.Text(system), Version: p.Text(version), Code: c.Text}
		if out.System == "" {
			return out, p.missing(system)
		}
		return out, nil
	}
	return terminology.Coding{}, p.missing(code + " or " + coding)
}

// complete gives a part of a coding that is not there the value of the parameter beside
// it; the error is that the two differ.
func (p *Parameters) complete(part *string, name, where string) error {
	beside := p.Text(name)
	switch {
	case *part == "":
		*part = beside
	case beside != "" && beside != *part:
		return elementError(terminology.Invalid, where, "'%s' is %s, but the coding has %s", name, beside, *part)
	}
	return nil
}

// checkCoding returns the error that a coding is no complete reference to a code.
func checkCoding(c terminology.Coding, where string) (terminology.Coding, error) {
	switch {
	case c.Code == "":
		return c, elementError(terminology.Invalid, where+".code", "the coding has no code")
	case c.System == "":
		return c, elementError(terminology.Invalid, where+".system", "the coding has no system, and a code has no meaning without one")
	}
	return c, nil
}

const snomedSystem = "http://snomed.info/sct"

// snomedDefinition is the SNOMED CT description type of a text definition.
const snomedDefinition = "900000000000550004"

// findDefinition returns the place of the text definition, in the language of the
// display if there is one, and -1 when the concept has none.
func findDefinition(a *operation.LookupResponse) int {
	found := -1
	for i := range a.Designations {
		d := &a.Designations[i]
		if d.Inactive || d.Use.Code != snomedDefinition && d.Use.Code != terminology.UseDefinition {
			continue
		}
		if d.Language == a.Language {
			return i
		}
		if found < 0 {
			found = i
		}
	}
	return found
}

// AppendLookup writes the answer to CodeSystem/$lookup. An unknown code is an
// error: the operation has no answer for it. Inactive terms are left out, since a
// designation has no place to say that it is inactive.
func AppendLookup(dst []byte, _ Version, p *Parameters, a *operation.LookupResponse) ([]byte, error) {
	if !a.Found {
		return dst, unknownCode("fhir.AppendLookup", a.Coding, notFoundBecause(a)...)
	}
	want := selection{p}
	dst = append(dst, openParameters...)
	if a.Release.System == snomedSystem { // as the ecosystem has it: its title says no version
		a.Name = terminology.Canonical(a.Release.System, a.Release.Version)
	}
	dst = appendParameter(dst, "name", "valueString", firstOf(a.Name, a.Release.Title, a.Release.Name, a.Coding.System))
	dst = appendParameter(dst, "code", "valueCode", a.Coding.Code)
	dst = appendParameter(dst, "system", "valueUri", a.Coding.System)
	dst = appendParameter(dst, "version", "valueString", a.Coding.Version)
	dst = appendDisplay(dst, a)
	definition := findDefinition(a)
	if definition >= 0 {
		dst = appendParameter(dst, "definition", "valueString", a.Designations[definition].Term)
	}
	if !a.Composed {
		dst = appendBoolParameter(dst, "abstract", a.Info.Abstract)
	}
	if want.has("designation") {
		for i := range a.Designations {
			if d := &a.Designations[i]; !d.Inactive && i != definition {
				dst = append(openParameter(dst, "designation"), `,"part":[`...)
				dst = append(appendDesignationParts(dst, d), `]}`...)
			}
		}
	}
	dst = appendInfo(dst, a, want)
	for i := range a.Properties {
		if q := &a.Properties[i]; want.has(q.Code) {
			dst = appendProperty(dst, q)
		}
	}
	dst = appendRelatives(dst, "parent", a.Parents, want)
	dst = appendRelatives(dst, "child", a.Children, want)
	dst = appendHistory(dst, a, want)
	if len(a.Issues) > 0 {
		dst = appendKey(openParameter(dst, "issues"), "resource")
		dst = append(appendIssues(dst, a.Issues, ""), '}')
	}
	return append(dst, closeParameters...), nil
}

// notFoundBecause returns what there is to say of a code that is not found.
func notFoundBecause(a *operation.LookupResponse) []string {
	var texts []string
	if a.NotExpression != "" {
		texts = append(texts, operation.NotExpression(a.NotExpression))
	}
	for i := range a.Issues {
		texts = append(texts, a.Issues[i].Text)
	}
	return texts
}

// selection is the choice of properties by the parameter of that name.
type selection struct{ p *Parameters }

// has reports whether a property is wanted: by name, or as all are.
func (s selection) has(name string) bool {
	any := false
	for i := range s.p.list {
		n := &s.p.list[i]
		if n.Definition.Name != "property" {
			continue
		}
		if n.Text == name || n.Text == "*" {
			return true
		}
		any = true
	}
	return !any
}

// appendDisplay writes the display, and its language when the client asked for
// another that the concept lacks.
func appendDisplay(dst []byte, a *operation.LookupResponse) []byte {
	if a.Coding.Display == "" {
		return dst
	}
	dst = AppendString(appendKey(openParameter(dst, "display"), "valueString"), a.Coding.Display)
	if a.Fallback && a.Language != "" {
		dst = append(dst, `,"_valueString":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/language","valueCode":`...)
		dst = append(AppendString(dst, a.Language), `}]}`...)
	}
	return append(dst, '}')
}

func appendDesignationParts(dst []byte, d *operation.Designation) []byte {
	dst = appendParameter(dst, "language", "valueCode", d.Language)
	if d.Use.Code != "" {
		dst = appendKey(openParameter(dst, "use"), "valueCoding")
		dst = append(appendCoding(dst, d.Use), '}')
	}
	return appendParameter(dst, "value", "valueString", d.Term)
}

// appendInfo writes what a concept says of itself as properties, under the names
// of "Using SNOMED CT with FHIR".
func appendInfo(dst []byte, a *operation.LookupResponse, want selection) []byte {
	if want.has("inactive") {
		inactive := a.Info.Inactive
		if a.Validity == terminology.Valid || a.Validity == terminology.NoLongerValid { // on the day
			inactive = a.Validity == terminology.NoLongerValid
		}
		dst = appendBoolProperty(dst, "inactive", inactive)
	}
	if a.Info.Module != "" {
		if want.has("sufficientlyDefined") {
			dst = appendBoolProperty(dst, "sufficientlyDefined", a.Info.Defined)
		}
		if want.has("moduleId") {
			dst = appendPropertyText(dst, "moduleId", "", "valueCode", a.Info.Module, "")
		}
	}
	if a.Info.Effective != 0 && want.has("effectiveTime") {
		dst = appendPropertyText(dst, "effectiveTime", "", "valueDateTime", a.Info.Effective.String(), "")
	}
	return dst
}

func appendBoolProperty(dst []byte, code string, value bool) []byte {
	dst = append(openParameter(dst, "property"), `,"part":[`...)
	dst = appendParameter(dst, "code", "valueCode", code)
	return append(appendBoolParameter(dst, "value", value), `]}`...)
}

// appendPropertyText writes a property with a value of a string type. Name is what
// the property is called, description what its value is called.
func appendPropertyText(dst []byte, code, name, valueType, value, description string) []byte {
	dst = append(openParameter(dst, "property"), `,"part":[`...)
	dst = appendParameter(dst, "code", "valueCode", code)
	dst = appendParameter(dst, "code-display", "valueString", name)
	dst = appendParameter(dst, "value", valueType, value)
	dst = appendParameter(dst, "description", "valueString", description)
	return append(dst, `]}`...)
}

var valueTypes = [...]string{
	terminology.ValueCode: "valueCode", terminology.ValueString: "valueString", terminology.ValueInteger: "valueInteger",
	terminology.ValueDecimal: "valueDecimal", terminology.ValueBoolean: "valueBoolean", terminology.ValueDateTime: "valueDateTime",
}

func appendProperty(dst []byte, q *operation.Property) []byte {
	if q.Kind < terminology.ValueInteger || q.Kind > terminology.ValueBoolean || !isLiteral(q.Kind, q.Value) {
		valueType := "valueString"
		if q.Kind <= terminology.ValueString || q.Kind == terminology.ValueDateTime {
			valueType = valueTypes[q.Kind]
		}
		return appendPropertyText(dst, q.Code, q.Description, valueType, q.Value, q.Display)
	}
	dst = append(openParameter(dst, "property"), `,"part":[`...)
	dst = appendParameter(dst, "code", "valueCode", q.Code)
	dst = appendParameter(dst, "code-display", "valueString", q.Description)
	dst = appendKey(openParameter(dst, "value"), valueTypes[q.Kind])
	dst = append(dst, q.Value...)
	return append(dst, `}]}`...)
}

// isLiteral reports whether a value can stand in JSON without quotes.
func isLiteral(kind terminology.ValueKind, s string) bool {
	if kind == terminology.ValueBoolean {
		return s == "true" || s == "false"
	}
	digits := s
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	dot := strings.IndexByte(digits, '.')
	if dot == 0 || dot == len(digits)-1 || dot > 0 && kind == terminology.ValueInteger {
		return false
	}
	for i := 0; i < len(digits); i++ {
		if i != dot && (digits[i] < '0' || digits[i] > '9') {
			return false
		}
	}
	leadingZero := len(digits) > 1 && digits[0] == '0' && dot != 1
	return len(digits) > 0 && !leadingZero
}

func appendRelatives(dst []byte, code string, concepts []terminology.Coding, want selection) []byte {
	if len(concepts) == 0 || !want.has(code) {
		return dst
	}
	for i := range concepts {
		dst = appendPropertyText(dst, code, "", "valueCode", concepts[i].Code, concepts[i].Display)
	}
	return dst
}

// inactivationIndicator is the SNOMED CT reference set that says why a concept is
// inactive; it stands for the property, as an attribute does.
const inactivationIndicator = "900000000000489007"

// appendHistory writes what became of an inactive concept as properties: the reason,
// and each association under the id of its reference set, best replacement first.
func appendHistory(dst []byte, a *operation.LookupResponse, want selection) []byte {
	if a.Inactivation.Code != "" && want.has(inactivationIndicator) {
		dst = appendPropertyText(dst, inactivationIndicator, "", "valueCode", a.Inactivation.Code, a.Inactivation.Display)
	}
	for i := range a.Associations {
		if as := &a.Associations[i]; want.has(as.Kind.Code) {
			dst = appendPropertyText(dst, as.Kind.Code, as.Kind.Display, "valueCode", as.Target.Code, as.Target.Display)
		}
	}
	return dst
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}
