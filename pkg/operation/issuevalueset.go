package operation

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
	"github.com/kodeks/kodeks/pkg/valueset"
)

func valueSetUnknown(url string) error {
	return textError(fmt.Sprintf("A definition for the value Set '%s' could not be found", url))
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

// issueReference is about a resource that an answer rests on and that is not for use as
// it is: word is its standing, such as withdrawn.
func issueReference(word, typ, canonical string) Issue {
	return Issue{ID: "MSG_" + strings.ToUpper(word), Severity: SeverityInformation, Type: "business-rule", Code: "status-check",
		Text: fmt.Sprintf("Reference to %s %s %s", word, typ, canonical)}
}
