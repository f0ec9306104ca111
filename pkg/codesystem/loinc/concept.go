package loinc

import (
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// emitter says the rows of the tables to a sink.
type emitter struct {
	to     terminology.Sink
	known  map[string]bool // codes that have been said
	linked bool            // a table gives the parts of the terms

	edges  map[[2]string]bool // child and parent, of those that have been said
	placed []placed           // rows of the hierarchy
}

// concept says a concept with its display, in English.
func (e *emitter) concept(rec *tabular.Record, c terminology.Concept, column, display string) error {
	if c.Code == "" {
		return rec.Bad("", "the row has no code")
	}
	if strings.TrimSpace(display) == "" {
		return rec.Bad(column, "code %s has no text", c.Code)
	}
	if err := e.to.Concept(c); err != nil {
		return err
	}
	e.known[strings.Clone(c.Code)] = true // not the row that it is a part of
	return e.to.Designation(terminology.Designation{Concept: c.Code, Language: "en", Use: terminology.UseDisplay, Term: display, Preferred: true})
}

// synonyms says terms that are not the display, each once.
func (e *emitter) synonyms(code, language, use string, said []string, list ...string) error {
	for _, t := range list {
		if t = strings.TrimSpace(t); t == "" || contains(said, t) {
			continue
		}
		said = append(said, t)
		if err := e.to.Designation(terminology.Designation{Concept: code, Language: language, Use: use, Term: t}); err != nil {
			return err
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, t := range list {
		if strings.EqualFold(t, s) {
			return true
		}
	}
	return false
}

func (e *emitter) property(concept, code, value string, kind terminology.ValueKind) error {
	if value == "" {
		return nil
	}
	return e.to.Property(terminology.Property{Concept: concept, Code: code, Value: value, Kind: kind})
}

// others says the columns of a row that are not in said, as properties of their names.
func (e *emitter) others(rec *tabular.Record, code string, said ...string) error {
	for column, cell := range rec.Cells() {
		if cell == "" || contains(said, column) {
			continue
		}
		if err := e.property(code, column, cell, terminology.ValueString); err != nil {
			return err
		}
	}
	return nil
}

// part says a row of Part.csv.
func (e *emitter) part(rec *tabular.Record) error {
	code, status := rec.Cell("PartNumber"), rec.Cell("Status")
	display := rec.Cell("PartDisplayName")
	if display == "" {
		display = rec.Cell("PartName")
	}
	err := e.concept(rec, terminology.Concept{Code: code, Inactive: status == "DEPRECATED" || status == "INACTIVE"}, "PartName", display)
	if err != nil {
		return err
	}
	if err := e.synonyms(code, "en", terminology.UseSynonym, []string{display}, rec.Cell("PartName")); err != nil {
		return err
	}
	if err := e.property(code, "STATUS", status, terminology.ValueString); err != nil {
		return err
	}
	return e.others(rec, code, "PartNumber", "PartName", "PartDisplayName", "Status")
}

// answer says a row of AnswerList.csv: an answer of a list, and the list when it is its
// first. An answer may be in several lists.
func (e *emitter) answer(rec *tabular.Record) error {
	list, code := rec.Cell("AnswerListId"), rec.Cell("AnswerStringId")
	if !e.known[list] {
		if err := e.concept(rec, terminology.Concept{Code: list}, "AnswerListName", rec.Cell("AnswerListName")); err != nil {
			return err
		}
		if err := e.property(list, "AnswerListOID", rec.Cell("AnswerListOID"), terminology.ValueString); err != nil {
			return err
		}
	}
	if code == "" { // of a list that is defined elsewhere
		return nil
	}
	if !e.known[code] {
		if err := e.concept(rec, terminology.Concept{Code: code}, "DisplayText", rec.Cell("DisplayText")); err != nil {
			return err
		}
		if err := e.property(code, "Score", rec.Cell("Score"), terminology.ValueString); err != nil {
			return err
		}
	}
	return e.edge(code, list)
}

// term says a row of Loinc.csv.
func (e *emitter) term(rec *tabular.Record) error {
	code, status, display := rec.Cell("LOINC_NUM"), rec.Cell("STATUS"), rec.Cell("LONG_COMMON_NAME")
	if err := e.concept(rec, terminology.Concept{Code: code, Inactive: status == "DEPRECATED"}, "LONG_COMMON_NAME", display); err != nil {
		return err
	}
	short, name, consumer := rec.Cell("SHORTNAME"), rec.Cell("DisplayName"), rec.Cell("CONSUMER_NAME")
	if err := e.synonyms(code, "en", terminology.UseShort, nil, short); err != nil {
		return err
	}
	related := strings.Split(rec.Cell("RELATEDNAMES2"), ";")
	if err := e.synonyms(code, "en", terminology.UseSynonym, []string{display, short}, append([]string{name, consumer}, related...)...); err != nil {
		return err
	}
	if err := e.synonyms(code, "en", terminology.UseDefinition, nil, rec.Cell("DefinitionDescription")); err != nil {
		return err
	}
	said := []string{"LOINC_NUM", "LONG_COMMON_NAME", "SHORTNAME", "DisplayName", "CONSUMER_NAME", "RELATEDNAMES2", "DefinitionDescription"}
	if e.linked { // which names the parts
		said = append(said, termProperties...)
	}
	return e.others(rec, code, said...)
}
