package loinc

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// variant returns the reader of the rows of a linguistic variant. The display is the
// name that the translators gave, else the long name, else the parts of the name with
// colons between them, as LOINC writes fully specified names.
func (e *emitter) variant(language string) func(*tabular.Record) error {
	return func(rec *tabular.Record) error {
		code := rec.Cell("LOINC_NUM")
		if !e.known[code] {
			return rec.Bad("LOINC_NUM", "%q is not a code of Loinc.csv", code)
		}
		long, name := strings.TrimSpace(rec.Cell("LONG_COMMON_NAME")), strings.TrimSpace(rec.Cell("LinguisticVariantDisplayName"))
		display := name
		for _, other := range []string{long, fullName(rec)} {
			if display == "" {
				display = other
			}
		}
		if display == "" {
			return nil // not translated
		}
		err := e.to.Designation(terminology.Designation{Concept: code, Language: language, Use: terminology.UseDisplay, Term: display, Preferred: true})
		if err == nil {
			err = e.synonyms(code, language, terminology.UseShort, []string{display}, rec.Cell("SHORTNAME"))
		}
		if err == nil {
			err = e.synonyms(code, language, terminology.UseSynonym, []string{display}, append([]string{long}, strings.Split(rec.Cell("RELATEDNAMES2"), ";")...)...)
		}
		return err
	}
}

// fullName returns the fully specified name of a row.
func fullName(rec *tabular.Record) string {
	if strings.TrimSpace(rec.Cell("COMPONENT")) == "" {
		return ""
	}
	var names []string
	for _, column := range termProperties[:6] {
		names = append(names, strings.TrimSpace(rec.Cell(column)))
	}
	return strings.TrimRight(strings.Join(names, ":"), ":")
}
