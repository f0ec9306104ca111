package operation

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
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
	id := "Unknown_Code_in_Version"
	if c.Version == "" {
		id = "Unknown_Code_in"
	}
	return Issue{ID: id, Severity: SeverityError, Type: "code-invalid", Code: "invalid-code", Text: unknownCode(c), Expression: "code"}
}

func issueUnknownSystem(system string) Issue {
	return Issue{ID: "UNKNOWN_CODESYSTEM", Severity: SeverityError, Type: "not-found", Code: "not-found", Expression: "system",
		Text: fmt.Sprintf("A definition for CodeSystem '%s' could not be found, so the code cannot be validated", system)}
}

// issueUnknownVersion names the versions that are known, when there are any.
func issueUnknownVersion(system, version string, known []string) Issue {
	i := Issue{ID: "UNKNOWN_CODESYSTEM_VERSION", Severity: SeverityError, Type: "not-found", Code: "not-found", Expression: "system"}
	i.Text = fmt.Sprintf("A definition for CodeSystem '%s' version '%s' could not be found, so the code cannot be validated. ", system, version)
	if len(known) == 0 {
		i.ID = "UNKNOWN_CODESYSTEM_VERSION_NONE"
		i.Text += "No versions of this code system are known"
		return i
	}
	i.Text += "Valid versions: " + alternatives(known)
	return i
}

// issueNoExpansion is about a version of a code system that a value set needs.
func issueNoExpansion(system, version string, known []string) Issue {
	i := Issue{ID: "UNKNOWN_CODESYSTEM_EXP", Severity: SeverityError, Type: "not-found", Code: "not-found"}
	switch {
	case version == "":
		i.Text = fmt.Sprintf("A definition for CodeSystem '%s' could not be found, so the value set cannot be expanded", system)
	case len(known) == 0:
		i.ID = "UNKNOWN_CODESYSTEM_VERSION_EXP_NONE"
		i.Text = fmt.Sprintf("A definition for CodeSystem '%s' version '%s' could not be found, so the value set cannot be expanded. No versions of this code system are known", system, version)
	default:
		i.ID = "UNKNOWN_CODESYSTEM_VERSION_EXP"
		i.Text = fmt.Sprintf("A definition for CodeSystem '%s' version '%s' could not be found, so the value set cannot be expanded. Valid versions: %s", system, version, alternatives(known))
	}
	return i
}

// How much a message names of what could stand there, where that is not bounded by itself:
// a concept may have 20,000 terms, and each code of a request a message of its own.
const (
	maxNamed      = 100
	maxNamedBytes = 8 << 10
)

// named parts texts into those that a message names, one at least, and how many more there
// are.
func named(texts []string) (told []string, more int) {
	size := 0
	for i, t := range texts {
		if size += len(t); i > 0 && (i == maxNamed || size > maxNamedBytes) {
			return texts[:i], len(texts) - i
		}
	}
	return texts, 0
}

// alternatives joins texts as a choice: a, b or c; of many the first: a, b or 98 more.
func alternatives(texts []string) string {
	texts, more := named(texts)
	n := len(texts) - 1
	switch {
	case more > 0:
		return strings.Join(texts, ", ") + fmt.Sprintf(" or %d more", more)
	case n < 1:
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:n], ", ") + " or " + texts[n]
}

// joined joins texts by a separator, of many the first and how many more there are.
func joined(texts []string, separator string) string {
	texts, more := named(texts)
	text := strings.Join(texts, separator)
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// located are the kinds of issue whose element is told as location too, which R5 has
// given up for expression and the HL7 terminology ecosystem has not. It is by kind: of
// those that are missing here the ecosystem wants both for one request and for another of
// the same form it does not, or there is no element.
var located = map[string]bool{
	"CODESYSTEM_CS_NO_SUPPLEMENT":                              true,
	"CODE_CASE_DIFFERENCE":                                     true,
	"CONCEPT_DEPRECATED_IN_VALUESET":                           true,
	"Coding_has_no_system__cannot_validate":                    true,
	"DEPRECATED_CONCEPT_FOUND":                                 true,
	"Display_Name_WS_for__should_be_one_of__instead_of":        true,
	"INACTIVE_CONCEPT_FOUND":                                   true,
	"INACTIVE_DISPLAY_FOUND":                                   true,
	"NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR":                 true,
	"NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK":                  true,
	"STATUS_CODE_WARNING_CODE":                                 true,
	"Terminology_TX_System_Relative":                           true,
	"Terminology_TX_System_ValueSet2":                          true,
	"UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE":             true,
	"UNABLE_TO_INFER_CODESYSTEM":                               true,
	"UNKNOWN_CODESYSTEM_VERSION":                               true,
	"UNKNOWN_CODESYSTEM_VERSION_NONE":                          true,
	"UNKNOWN_CODE_IN_FRAGMENT":                                 true,
	"Unable_to_resolve_system__value_set_has_multiple_matches": true,
	"VALUESET_VALUE_MISMATCH":                                  true,
	"VALUESET_VALUE_MISMATCH_CHANGED":                          true,
	"VALUESET_VALUE_MISMATCH_DEFAULT":                          true,
	"VALUESET_VERSION_CHECK":                                   true,
}

// Location is the element that is meant where it is told as location too, "" elsewhere.
func (i *Issue) Location() string {
	if located[i.ID] {
		return i.Expression
	}
	return ""
}

// nowhere is the issue without the element that is meant.
func (i Issue) nowhere() Issue {
	i.Expression = ""
	return i
}

// IssueError is an error that tells what is wrong in the words of issues.
type IssueError struct{ Issues []Issue }

// Error returns the texts of the issues.
func (e *IssueError) Error() string {
	var texts []string
	for _, i := range e.Issues {
		texts = append(texts, i.Text)
	}
	return strings.Join(texts, "; ")
}

func issueError(op string, kind terminology.Kind, i Issue) error {
	return &terminology.Error{Op: op, Kind: kind, Err: &IssueError{[]Issue{i}}}
}

// InvalidLanguages returns the error that a list of languages to show is none.
func InvalidLanguages(list string) error {
	return issueError("operation.InvalidLanguages", terminology.Invalid, Issue{ID: "INVALID_DISPLAY_NAME", Severity: SeverityError,
		Type: "processing", Code: "invalid-display", Text: fmt.Sprintf("Invalid displayLanguage: '%s'", list)})
}

// circularImport returns the issue of an error that a value set refers to itself.
func circularImport(err error) (Issue, bool) {
	var circle *valueset.CircularError
	if !errors.As(err, &circle) {
		return Issue{}, false
	}
	return issueCircular(circle.Path), true
}

func issueNoValueSet(url string) Issue {
	return Issue{ID: "Unable_to_resolve_value_Set_", Severity: SeverityError, Type: "not-found", Code: "not-found", Text: valueSetUnknown(url).Error()}
}

// The ids of issues that more than their text hangs on.
const (
	unfinishedFilterID = "UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE"
	unknownCodePrefix  = "Unknown_Code_in" // and of a version of the code system
)

// unfinishedFilter finds a filter of a definition that lacks its value.
func unfinishedFilter(c *Compose) (Issue, bool) {
	for at, sets := range [][]ConceptSet{c.Include, c.Exclude} {
		place := [...]string{"include", "exclude"}[at]
		for i := range sets {
			for k, f := range sets[i].Filters {
				if f.Value == "" && f.Property != "" && f.Op != "" {
					return Issue{ID: unfinishedFilterID, Severity: SeverityError, Type: "invalid", Code: "vs-invalid", whole: true,
						Expression: fmt.Sprintf("ValueSet.compose.%s[%d].filter[%d]", place, i, k),
						Text:       fmt.Sprintf("The system %s filter with property = %s, op = %s has no value", sets[i].System, f.Property, f.Op)}, true
				}
			}
		}
	}
	return Issue{}, false
}

// badConstraint returns the issue of a constraint that is none.
func badConstraint(c *Compose, err error) (Issue, bool) {
	var told *IssueError
	if c == nil || terminology.KindOf(err) != terminology.Invalid || errors.As(err, &told) {
		return Issue{}, false
	}
	for _, set := range slices.Concat(c.Include, c.Exclude) {
		for _, f := range set.Filters {
			if f.Property == "constraint" {
				return Issue{ID: "INVALID_ECL", Severity: SeverityError, Type: "invalid", Code: "vs-invalid",
					Text: fmt.Sprintf("The constraint '%s' is not valid: %s", f.Value, terminology.Message(err))}, true
			}
		}
	}
	return Issue{}, false
}

// issueCircular is about value sets that import each other.
func issueCircular(path []string) Issue {
	url, _ := splitCanonical(path[0])
	return Issue{ID: "VALUESET_CIRCULAR_REFERENCE", Severity: SeverityError, Type: "processing", Code: "vs-invalid",
		Text: fmt.Sprintf("Cyclic reference detected when including %s via %s", url, strings.Join(path, " -> "))}
}

// issueTooDeep is about value sets that import each other in a long row.
func issueTooDeep(valueSet string, depth int) Issue {
	return Issue{ID: "VALUESET_TOO_DEEP", Severity: SeverityError, Type: "too-costly",
		Text: fmt.Sprintf("The value sets that the value set '%s' imports import others more than %d deep", valueSet, depth)}
}

func issueTooCostly(valueSet string, limit int) Issue {
	return Issue{ID: "VALUESET_TOO_COSTLY", Severity: SeverityError, Type: "too-costly",
		Text: fmt.Sprintf("The value set '%s' expansion has too many codes to produce (>%d)", valueSet, limit)}
}

// issueNoImport is about a value set that another one imports.
func issueNoImport(i Issue, url, version string) Issue {
	i.ID, i.Text = "VS_EXP_IMPORT_UNK", fmt.Sprintf("Unable to find imported value set '%s'", url)
	if version != "" {
		i.ID, i.Text = "VS_EXP_IMPORT_UNK_PINNED", fmt.Sprintf("Unable to find imported value set '%s' version '%s'", url, version)
	}
	return i
}

func issueNoSupplement(url string) Issue {
	return Issue{ID: "VALUESET_SUPPLEMENT_MISSING", Severity: SeverityError, Type: "not-found", Code: "not-found", Text: "Required supplement not found: " + url}
}

func issueVersionCheck(system, version, allowed string) Issue {
	return Issue{ID: "VALUESET_VERSION_CHECK", Severity: SeverityError, Type: "exception", Code: "version-error", Expression: "version",
		Text: fmt.Sprintf("The version '%s' is not allowed for system '%s': required to be '%s' by a version-check parameter", version, system, allowed)}
}

// issueMismatch is about a version of a value that an include does not allow. Changed
// tells that a parameter of the request chose the version in the place of included.
func issueMismatch(system, want, included, given string) Issue {
	i := Issue{ID: "VALUESET_VALUE_MISMATCH", Severity: SeverityError, Type: "invalid", Code: "vs-invalid", Expression: "version"}
	if want == included {
		i.Text = fmt.Sprintf("The code system '%s' version '%s' in the ValueSet include is different to the one in the value ('%s')", system, want, given)
		return i
	}
	i.ID = "VALUESET_VALUE_MISMATCH_CHANGED"
	i.Text = fmt.Sprintf("The code system '%s' version '%s' resulting from the version '%s' in the ValueSet include is different to the one in the value ('%s')", system, want, included, given)
	return i
}

func issueMismatchDefault(system, version, given string) Issue {
	return Issue{ID: "VALUESET_VALUE_MISMATCH_DEFAULT", Severity: SeverityWarning, Type: "invalid", Code: "vs-invalid", Expression: "version",
		Text: fmt.Sprintf("The code system '%s' version '%s' for the versionless include in the ValueSet include is different to the one in the value ('%s')", system, version, given)}
}

// issueProvided says that a code, as it was given, is not in a value set.
func issueProvided(given terminology.Coding, valueSet string) Issue {
	code := canonicalOf(given.System, given.Version) + "#" + given.Code
	if given.Display != "" {
		code += " ('" + given.Display + "')"
	}
	return Issue{ID: "None_of_the_provided_codes_are_in_the_value_set_one", Severity: SeverityError, Type: "code-invalid", Code: "not-in-vs", Expression: "code",
		Text: fmt.Sprintf("The provided code '%s' was not found in the value set '%s'", code, valueSet)}
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

func issueCodingNoSystem() Issue {
	return Issue{ID: "Coding_has_no_system__cannot_validate", Severity: SeverityWarning, Type: "invalid", Code: "invalid-data", told: true,
		Text: "Coding has no system. A code with no system has no defined meaning, and it cannot be validated. A system should be provided"}
}

func issueRelativeSystem() Issue {
	return Issue{ID: "Terminology_TX_System_Relative", Severity: SeverityError, Type: "invalid", Code: "invalid-data", Expression: "system",
		Text: "Coding.system must be an absolute reference, not a local reference"}
}

func issueSystemIsValueSet(system string) Issue {
	return Issue{ID: "Terminology_TX_System_ValueSet2", Severity: SeverityError, Type: "invalid", Code: "invalid-data", Expression: "system",
		Text: fmt.Sprintf("The Coding references a value set, not a code system ('%s')", system)}
}

func issueSystemIsSupplement(canonical string) Issue {
	return Issue{ID: "CODESYSTEM_CS_NO_SUPPLEMENT", Severity: SeverityError, Type: "invalid", Code: "invalid-data", Expression: "system",
		Text: fmt.Sprintf("CodeSystem %s is a supplement, so can't be used as a value in Coding.system", canonical)}
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

// issueReference is about a resource that an answer rests on and that is not for use as
// it is: word is its standing, such as withdrawn.
func issueReference(word, typ, canonical string) Issue {
	return Issue{ID: "MSG_" + strings.ToUpper(word), Severity: SeverityInformation, Type: "business-rule", Code: "status-check",
		Text: fmt.Sprintf("Reference to %s %s %s", word, typ, canonical)}
}

// shownTerm is a term with its language.
type shownTerm struct{ text, language string }

// issueWrongDisplay is about a display that is none of the valid ones.
func issueWrongDisplay(given string, c terminology.Coding, valid []shownTerm, languages string, spaceOnly bool) Issue {
	if languages == "" {
		languages = "--"
	}
	var choices []string
	for _, v := range valid {
		text := "'" + v.text + "'"
		if v.language != "" {
			text += " (" + v.language + ")"
		}
		choices = append(choices, text)
	}
	what := "Valid display is " + alternatives(choices)
	if len(choices) > 1 {
		what = fmt.Sprintf("Valid display is one of %d choices: %s", len(choices), alternatives(choices))
	}
	i := Issue{ID: "Display_Name_for__should_be_one_of__instead_of", Severity: SeverityError, Type: "invalid", Code: "invalid-display", Expression: "display", told: true,
		Text: fmt.Sprintf("Wrong Display Name '%s' for %s#%s. %s (for the language(s) '%s')", given, c.System, c.Code, what, languages)}
	if spaceOnly {
		i.ID = "Display_Name_WS_for__should_be_one_of__instead_of"
		i.Text = fmt.Sprintf("Wrong whitespace in Display Name '%s' for %s#%s. %s (for the language(s) '%s')", given, c.System, c.Code, what, languages)
	}
	return i
}

func issueNoDisplayFor(given string, c terminology.Coding, standard, languages string, right bool) Issue {
	if right {
		return Issue{ID: "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK", Severity: SeverityInformation, Type: "invalid", Code: "invalid-display", Expression: "display", told: true,
			Text: fmt.Sprintf("There are no valid display names found for the code %s#%s for language(s) '%s'. The display is '%s' which is a valid display for the default language", c.System, c.Code, languages, given)}
	}
	return Issue{ID: "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR", Severity: SeverityError, Type: "invalid", Code: "invalid-display", Expression: "display", told: true,
		Text: fmt.Sprintf("Wrong Display Name '%s' for %s#%s. There are no valid display names found for language(s) '%s'. Default display is '%s'", given, c.System, c.Code, languages, standard)}
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
func issueInactiveDisplay(given, code string, terms []string, status string) Issue {
	quoted := make([]string, len(terms))
	for i, term := range terms {
		if quoted[i] = term; strings.Contains(term, " ") {
			quoted[i] = `"` + term + `"`
		}
	}
	return Issue{ID: "INACTIVE_DISPLAY_FOUND", Severity: SeverityWarning, Type: "invalid", Code: "display-comment", Expression: "display",
		Text: fmt.Sprintf("'%s' is no longer considered a correct display for code '%s' (status = %s). The correct display is one of %s.", given, code, status, joined(quoted, ","))}
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

func errUnknownMap(url string) error {
	return fmt.Errorf("map %s is not installed: kodeks list shows what is", url)
}

var errTooManyHits = fmt.Errorf("a filter finds at most %d codes, and more match: ask for fewer with count, or type more of the word", maxTextHits)

func errTooCostly(total, limit int) error {
	return fmt.Errorf("the value set has %d codes, more than the %d of one answer: ask for pages with count and offset, or narrow it with a filter", total, limit)
}
