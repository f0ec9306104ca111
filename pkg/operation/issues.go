package operation

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// The wording of everything that an operation remarks is here and in the files named
// issue*.go. Where the HL7 terminology ecosystem prescribes a text, it is that one.

var errNoSystem = errors.New("a code system is needed: its canonical URI, OID or short name, such as http://snomed.info/sct or icd-10")

var errNoValueSet = errors.New("a value set is needed: its canonical URL or its definition")

var errOffset = errors.New("an offset is the number of codes to leave out, 0 or more")

// textError is an error whose text is prescribed, capital letter and all.
type textError string

func (e textError) Error() string { return string(e) }

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

// The ids of issues that more than their text hangs on.
const (
	unfinishedFilterID = "UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE"
	unknownCodePrefix  = "Unknown_Code_in" // and of a version of the code system
)

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
