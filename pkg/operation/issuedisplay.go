package operation

import (
	"fmt"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

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
