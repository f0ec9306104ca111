package loinc

import (
	"context"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// placed is a row of the hierarchy.
type placed struct {
	line         int
	code, parent string
}

// place keeps a row of the hierarchy, and says its code when no other table has it.
func (e *emitter) place(rec *tabular.Record) error {
	code, parent := rec.Cell("CODE"), rec.Cell("IMMEDIATE_PARENT")
	if !e.known[code] {
		if err := e.concept(rec, terminology.Concept{Code: code}, "CODE_TEXT", rec.Cell("CODE_TEXT")); err != nil {
			return err
		}
	}
	if parent != "" && parent != code {
		e.placed = append(e.placed, placed{rec.Line, strings.Clone(code), strings.Clone(parent)})
	}
	return nil
}

// sayEdges says the rows of the hierarchy, whose parents may come after their children. A
// code stands in as many places as it has paths.
func (e *emitter) sayEdges(ctx context.Context, file string) error {
	for i, p := range e.placed {
		if i&0xff == 0 && ctx.Err() != nil {
			return &terminology.Error{Op: "loinc.Read", Kind: terminology.Unavailable, Err: context.Cause(ctx)}
		}
		if err := tabular.Kept(e.to, file, p.line, e.edge(p.code, p.parent)); err != nil {
			return err
		}
	}
	e.placed = nil
	return nil
}

// edge says that a code stands below another, once.
func (e *emitter) edge(code, parent string) error {
	if e.edges[[2]string{code, parent}] {
		return nil
	}
	e.edges[[2]string{strings.Clone(code), strings.Clone(parent)}] = true
	return e.to.Parent(code, parent)
}

// partLink says a row of LoincPartLink: that a part is the value of a property.
func (e *emitter) partLink(rec *tabular.Record) error {
	code, part, link := rec.Cell("LoincNumber"), rec.Cell("PartNumber"), rec.Cell("LinkTypeName")
	if !e.known[code] {
		return rec.Bad("LoincNumber", "%q is not a code of Loinc.csv", code)
	}
	name, ok := strings.CutPrefix(rec.Cell("Property"), propertyURI)
	if !ok {
		name = partProperties[rec.Cell("PartTypeName")]
	}
	if !ok && (link != "Primary" || name == "") {
		name = link
	}
	if name == "" || part == "" {
		return rec.Bad("", "the link of %s has no type or no part", code)
	}
	return e.property(code, name, part, terminology.ValueCode)
}

// listLink says a row of LoincAnswerListLink: which answers a term has.
func (e *emitter) listLink(rec *tabular.Record) error {
	code, list := rec.Cell("LoincNumber"), rec.Cell("AnswerListId")
	if !e.known[code] {
		return rec.Bad("LoincNumber", "%q is not a code of Loinc.csv", code)
	}
	return e.property(code, "answer-list", list, terminology.ValueCode)
}
