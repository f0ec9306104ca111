package operation

import (
	"fmt"

	"github.com/kodeks/kodeks/pkg/terminology"
)

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
