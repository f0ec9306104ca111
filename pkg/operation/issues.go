package operation

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The wording of everything that an operation remarks, in one place. Where the HL7
// terminology ecosystem prescribes a text, it is that one.

var errNoSystem = errors.New("a code system is needed: its canonical URI, OID or short name, such as http://snomed.info/sct or icd-10")

var errNoValueSet = errors.New("a value set is needed: its canonical URL or its definition")

var errOffset = errors.New("an offset is the number of codes to leave out, 0 or more")

func unknownCode(c terminology.Coding) string {
	if c.Version == "" {
		return fmt.Sprintf("Unknown code '%s' in the CodeSystem '%s'", c.Code, c.System)
	}
	return fmt.Sprintf("Unknown code '%s' in the CodeSystem '%s' version '%s'", c.Code, c.System, c.Version)
}

// UnknownCode is the text that says that a release has no such code.
func UnknownCode(c terminology.Coding) string { return unknownCode(c) }

// textError is an error whose text is prescribed, capital letter and all.
type textError string

func (e textError) Error() string { return string(e) }

func valueSetUnknown(url string) error {
	return textError(fmt.Sprintf("A definition for the value Set '%s' could not be found", url))
}

func issueUnknownCode(c terminology.Coding) Issue {
	return Issue{Severity: SeverityError, Type: "code-invalid", Code: "invalid-code", Text: unknownCode(c), Expression: "code"}
}

func issueUnknownSystem(system string) Issue {
	return Issue{Severity: SeverityError, Type: "not-found", Code: "not-found", Expression: "system",
		Text: fmt.Sprintf("A definition for CodeSystem '%s' could not be found, so the code cannot be validated", system)}
}

func issueUnknownVersion(system, version string, known []string) Issue {
	text := fmt.Sprintf("A definition for CodeSystem '%s' version '%s' could not be found, so the code cannot be validated. Valid versions: %s", system, version, strings.Join(known, " or "))
	return Issue{Severity: SeverityError, Type: "not-found", Code: "not-found", Text: text, Expression: "system"}
}

func issueNotInValueSet(c terminology.Coding, url string) Issue {
	text := fmt.Sprintf("The provided code '%s#%s' was not found in the value set '%s'", c.System, c.Code, url)
	return Issue{Severity: SeverityError, Type: "code-invalid", Code: "not-in-vs", Text: text, Expression: "code"}
}

func issueInactive(code string) Issue {
	return Issue{Severity: SeverityWarning, Type: "business-rule", Code: "code-comment", Expression: "code",
		Text: fmt.Sprintf("The concept '%s' has a status of inactive and its use should be reviewed", code)}
}

func issueAbstract(c terminology.Coding) Issue {
	return Issue{Severity: SeverityWarning, Type: "business-rule", Code: "code-rule", Expression: "code",
		Text: fmt.Sprintf("Code '%s#%s' is abstract: it groups other codes and is not itself recorded", c.System, c.Code)}
}

// NotExpression is the text that says what is wrong with a code that is meant to be an
// expression.
func NotExpression(why string) string { return "Not a valid expression: " + why }

func issueNotExpression(why string) Issue {
	return Issue{Severity: SeverityInformation, Type: "code-invalid", Code: "invalid-code", Text: NotExpression(why), Expression: "code"}
}

func issueNotChecked() Issue {
	return Issue{Severity: SeverityInformation, Type: "informational", Code: "process-note", Expression: "code",
		Text: "The expression is grammatically correct and the concepts are valid, but the expression has not been checked against the SNOMED CT concept model (MRCM)"}
}

func issueExpressionRemark(remark string) Issue {
	return Issue{Severity: SeverityWarning, Type: "business-rule", Code: "code-comment", Text: "The expression should be reviewed: " + remark, Expression: "code"}
}

// issueViolation makes a warning of an optional rule, and of an attribute that stands in
// no group where it should: it is read as a group of its own, so nothing is lost.
func issueViolation(v mrcm.Violation) Issue {
	i := Issue{Severity: SeverityError, Type: "business-rule", Code: "code-rule", Text: "The expression breaks the concept model: " + v.String(), Expression: "code"}
	if v.Warning || v.Kind == mrcm.NotGrouped {
		i.Severity = SeverityWarning
	}
	return i
}

// issueInactiveDisplay is about a term that the code has had: those that it has now are
// quoted where they have a blank.
func issueInactiveDisplay(given, code string, terms []string) Issue {
	quoted := make([]string, len(terms))
	for i, term := range terms {
		if quoted[i] = term; strings.Contains(term, " ") {
			quoted[i] = `"` + term + `"`
		}
	}
	return Issue{Severity: SeverityWarning, Type: "invalid", Code: "display-comment", Expression: "display",
		Text: fmt.Sprintf("'%s' is no longer considered a correct display for code '%s' (status = inactive). The correct display is one of %s.", given, code, strings.Join(quoted, ","))}
}

// issueForm says that a code was typed in another form than its publisher's: in other
// case, in the words of the ecosystem, or otherwise.
func issueForm(given string, c terminology.Coding) Issue {
	system := c.System
	if c.Version != "" {
		system += "|" + c.Version
	}
	text := fmt.Sprintf("The code '%s' was read as '%s', which is how the code system '%s' writes it", given, c.Code, system)
	if strings.EqualFold(given, c.Code) {
		text = fmt.Sprintf("The code '%s' differs from the correct code '%s' by case. Although the code system '%s' is case insensitive, implementers are strongly encouraged to use the correct case anyway", given, c.Code, system)
	}
	return Issue{Severity: SeverityInformation, Type: "business-rule", Code: "code-rule", Text: text, Expression: "code"}
}

// issueNotValid is about a code that is not valid on a day.
func issueNotValid(c terminology.Coding, day terminology.Date, v terminology.Validity, p terminology.Period, replacements []terminology.Coding) Issue {
	text := fmt.Sprintf("The code '%s#%s' is %s on %s: ", c.System, c.Code, v, day)
	switch {
	case v == terminology.NotYetValid:
		text += "it is valid " + p.String()
	case p.To != 0:
		text += "it was valid " + p.String()
	default:
		text += fmt.Sprintf("it is inactive in version '%s'", c.Version)
	}
	for i, r := range replacements {
		joint := ", or by"
		if i == 0 {
			joint = "; it is replaced by"
		}
		text += fmt.Sprintf("%s '%s'", joint, r.Code)
		if r.Display != "" {
			text += " (" + r.Display + ")"
		}
	}
	return Issue{Severity: SeverityError, Type: "business-rule", Code: "code-rule", Text: text, Expression: "code"}
}

// issueOtherVersion is about a code that the version in force on a day does not have, and
// another one, that of the coding, does.
func issueOtherVersion(c terminology.Coding, day terminology.Date, v terminology.Validity, p terminology.Period) Issue {
	text := fmt.Sprintf("The code '%s#%s' is %s on %s: version '%s' has it", c.System, c.Code, v, day, c.Version)
	switch {
	case p.From != 0:
		text += ", which is in force " + p.String()
	case p.To != 0:
		text += ", and no version that is in force after " + p.To.String()
	}
	return Issue{Severity: SeverityError, Type: "business-rule", Code: "code-rule", Text: text, Expression: "code"}
}

// issueNotInForce is about a day before the oldest version of a code system. It is only
// a warning when the code itself tells that it was valid.
func issueNotInForce(oldest terminology.Release, day, begins terminology.Date, tells bool) Issue {
	text := fmt.Sprintf("No version of the CodeSystem '%s' that was in force on %s is installed: the oldest, '%s', is in force from %s", oldest.System, day, oldest.Version, begins)
	if tells {
		return Issue{Severity: SeverityWarning, Type: "not-found", Code: "not-found", Expression: "system",
			Text: text + ", and tells that the code was valid on that day"}
	}
	return Issue{Severity: SeverityError, Type: "not-found", Code: "not-found", Text: text, Expression: "system"}
}

func issueDisplay(given string, c terminology.Coding, lang string) Issue {
	if lang == "" {
		lang = "--"
	}
	return Issue{Severity: SeverityError, Type: "invalid", Code: "invalid-display", Expression: "display",
		Text: fmt.Sprintf("Wrong Display Name '%s' for %s#%s. Valid display is '%s' (%s)", given, c.System, c.Code, c.Display, lang)}
}

func noMap(c terminology.Coding, target string) string {
	text := fmt.Sprintf("No map of '%s#%s'", c.System, c.Code)
	if target != "" {
		text += fmt.Sprintf(" to '%s'", target)
	}
	return text + " gives a code"
}

func noMapInstalled(system, target string) string {
	if target == "" {
		return fmt.Sprintf("No map from '%s' is installed", system)
	}
	return fmt.Sprintf("No map from '%s' to '%s' is installed", system, target)
}

// message joins the texts of errors, as the HL7 terminology ecosystem does.
func message(issues []Issue) string {
	var texts []string
	for _, i := range issues {
		if i.Severity == SeverityError {
			texts = append(texts, i.Text)
		}
	}
	return strings.Join(texts, "; ")
}

func errUnknownMap(url string) error {
	return fmt.Errorf("map %s is not installed: kodeks list shows what is", url)
}

func errTooCostly(total, limit int) error {
	return fmt.Errorf("the value set has %d codes, more than the %d of one answer: ask for pages with count and offset, or narrow it with a filter", total, limit)
}
