package operation

import (
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func unknownCode(c terminology.Coding) string {
	if c.Version == "" {
		return fmt.Sprintf("Unknown code '%s' in the CodeSystem '%s'", c.Code, c.System)
	}
	return fmt.Sprintf("Unknown code '%s' in the CodeSystem '%s' version '%s'", c.Code, c.System, c.Version)
}

// UnknownCode is the text that says that a release has no such code.
func UnknownCode(c terminology.Coding) string { return unknownCode(c) }

func issueUnknownCode(c terminology.Coding) Issue {
	id := "Unknown_Code_in_Version"
	if c.Version == "" {
		id = "Unknown_Code_in"
	}
	return Issue{ID: id, Severity: SeverityError, Type: "code-invalid", Code: "invalid-code", Text: unknownCode(c), Expression: "code"}
}

// issueProvided says that a code, as it was given, is not in a value set.
func issueProvided(given terminology.Coding, valueSet string) Issue {
	code := terminology.Canonical(given.System, given.Version) + "#" + given.Code
	if given.Display != "" {
		code += " ('" + given.Display + "')"
	}
	return Issue{ID: "None_of_the_provided_codes_are_in_the_value_set_one", Severity: SeverityError, Type: "code-invalid", Code: "not-in-vs", Expression: "code",
		Text: fmt.Sprintf("The provided code '%s' was not found in the value set '%s'", code, valueSet)}
}

// issueCodingNoCode is about a coding among others, of which the suite of the ecosystem has
// no test; it is no worse than one without a code system.
func issueCodingNoCode() Issue {
	return Issue{Severity: SeverityWarning, Type: "invalid", Code: "invalid-data", told: true, Text: "Coding has no code, so there is nothing to validate. A code should be provided"}
}

func issueNoneValid(valueSet string) Issue {
	return Issue{ID: "TX_GENERAL_CC_ERROR_MESSAGE", Severity: SeverityError, Type: "code-invalid", Code: "not-in-vs",
		Text: fmt.Sprintf("No valid coding was found for the value set '%s'", valueSet)}
}

func issueFragment(c terminology.Coding) Issue {
	text := fmt.Sprintf("Unknown Code '%s' in the CodeSystem '%s'", c.Code, c.System)
	if c.Version != "" {
		text += fmt.Sprintf(" version '%s'", c.Version)
	}
	return Issue{ID: "UNKNOWN_CODE_IN_FRAGMENT", Severity: SeverityWarning, Type: "code-invalid", Code: "invalid-code", Expression: "code",
		Text: text + " - note that the code system is labeled as a fragment, so the code may be valid in some other fragment"}
}

func issueNotInferred(code, valueSet string) Issue {
	return Issue{ID: "UNABLE_TO_INFER_CODESYSTEM", Severity: SeverityError, Type: "not-found", Code: "cannot-infer", Expression: "code",
		Text: fmt.Sprintf("The System URI could not be determined for the code '%s' in the ValueSet '%s'", code, valueSet)}
}

func issueInferredTwice(code, valueSet string, systems []string) Issue {
	return Issue{ID: "Unable_to_resolve_system__value_set_has_multiple_matches", Severity: SeverityError, Type: "not-found", Code: "cannot-infer", Expression: "code",
		Text: fmt.Sprintf("The System URI could not be determined for the code '%s' in the ValueSet '%s': value set expansion has multiple matches: [%s]", code, valueSet, joined(systems, ", "))}
}

func issueNotActive(code string) Issue {
	return Issue{ID: "STATUS_CODE_WARNING_CODE", Severity: SeverityError, Type: "business-rule", Code: "code-rule", Expression: "code",
		Text: fmt.Sprintf("The concept '%s' is valid but is not active", code)}
}

// issueStatus is about a concept that is not active, whatever the word for it.
func issueStatus(code, status string) Issue {
	if status == "" {
		status = "inactive"
	}
	if status != "inactive" {
		status += " and inactive"
	}
	return Issue{ID: "INACTIVE_CONCEPT_FOUND", Severity: SeverityWarning, Type: "business-rule", Code: "code-comment", told: true,
		Text: fmt.Sprintf("The concept '%s' has a status of %s and its use should be reviewed", code, status)}
}

func issueDeprecated(code string) Issue {
	return Issue{ID: "DEPRECATED_CONCEPT_FOUND", Severity: SeverityWarning, Type: "business-rule", Code: "code-comment", Expression: "code", told: true,
		Text: fmt.Sprintf("The concept '%s' is deprecated and its use should be reviewed", code)}
}

func issueDeprecatedInValueSet(c terminology.Coding, valueSet string) Issue {
	return Issue{ID: "CONCEPT_DEPRECATED_IN_VALUESET", Severity: SeverityWarning, Type: "business-rule", Code: "code-comment", Expression: "code",
		Text: fmt.Sprintf("The presence of the concept '%s' in the system '%s' in the value set %s is marked with a status of deprecated and its use should be reviewed", c.Code, c.System, valueSet)}
}

func issueAbstractNotAllowed(c terminology.Coding) Issue {
	return Issue{ID: "ABSTRACT_CODE_NOT_ALLOWED", Severity: SeverityError, Type: "business-rule", Code: "code-rule", Expression: "code",
		Text: fmt.Sprintf("Code '%s#%s' is abstract, and not allowed in this context", c.System, c.Code)}
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

// issueForm says that a code was typed in another form than its publisher's: in other
// case, in the words of the ecosystem, or otherwise.
func issueForm(given string, c terminology.Coding) Issue {
	system := c.System
	if c.Version != "" {
		system += "|" + c.Version
	}
	id := ""
	text := fmt.Sprintf("The code '%s' was read as '%s', which is how the code system '%s' writes it", given, c.Code, system)
	if strings.EqualFold(given, c.Code) {
		id = "CODE_CASE_DIFFERENCE"
		text = fmt.Sprintf("The code '%s' differs from the correct code '%s' by case. Although the code system '%s' is case insensitive, implementers are strongly encouraged to use the correct case anyway", given, c.Code, system)
	}
	return Issue{ID: id, Severity: SeverityInformation, Type: "business-rule", Code: "code-rule", Text: text, Expression: "code"}
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
