package operation

import (
	"context"
	"errors"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// thing is what a code means in a release: a concept, or an expression in the place of
// one.
type thing struct {
	o        terminology.Ordinal
	composed terminology.Composed // nil: the concept o
}

// meaning returns what a code means. When it means nothing, why tells what is wrong
// with it, if it was meant to be an expression.
func (r reader) meaning(code string) (t thing, ok bool, why string) {
	cs := r.cs()
	if o, ok := cs.Find(code); ok {
		return thing{o: o}, true, ""
	}
	composable, ok := terminology.As[terminology.Composable](cs)
	if !ok || !strings.ContainsAny(code, expressionSigns) {
		return thing{}, false, ""
	}
	x, err := composable.Compose(code)
	if err != nil {
		return thing{}, false, expressionFault(err)
	}
	return thing{terminology.NoOrdinal, x}, true, ""
}

// expressionSigns are the signs of which expressions have one at least, and codes none
// in the code systems that have expressions.
const expressionSigns = ":+|{=<&/"

// expressionFault is what a client is told of an expression that cannot be read. Of an
// unknown concept of SNOMED CT it is the text that the HL7 terminology ecosystem prescribes.
func expressionFault(err error) string {
	var e *terminology.Error
	if errors.As(err, &e) && e.Kind == terminology.NotFound && e.Coding.System == snomed.System && e.Coding.Code != "" {
		return "Concept " + e.Coding.Code + " not found"
	}
	return terminology.Message(err)
}

// subsumes reports whether a is b or more general.
func (t thing) subsumes(b thing, cs terminology.CodeSystem) bool {
	switch {
	case t.composed == nil && b.composed == nil:
		return cs.Subsumes(t.o, b.o)
	case t.composed == nil:
		return b.composed.IsA(t.o)
	case b.composed == nil:
		return t.composed.Subsumes(b.o)
	}
	return t.composed.SubsumesComposed(b.composed)
}

// expression returns an expression as a coding with its display in the languages of the
// client.
func (r reader) expression(code string, x terminology.Composed) terminology.Coding {
	release := r.installed.Release
	return terminology.Coding{System: release.System, Version: release.Version, Code: code, Display: x.Display(func(o terminology.Ordinal) string {
		term, _ := r.columns.Display(r.cs(), o)
		return term
	})}
}

// lookupComposed tells what a release makes of an expression.
func (r reader) lookupComposed(resp *LookupResponse, code string, x terminology.Composed, wanted wanted) {
	resp.Found, resp.Composed = true, true
	resp.Coding = r.expression(code, x)
	resp.Info.Defined = true
	resp.Properties = r.properties(x.Attributes(), wanted)
	if wanted.has("parent") {
		resp.Parents = r.codings(x.Parents())
	}
	resp.Remarks = x.Remarks()
}

// sameExpression reports whether a display is the expression itself, in other spelling and
// with terms that its concepts have.
func (r reader) sameExpression(display string, x terminology.Composed) bool {
	composable, ok := terminology.As[terminology.Composable](r.cs())
	if !ok {
		return false
	}
	y, err := composable.Compose(display)
	if err != nil || y.Code() != x.Code() {
		return false
	}
	written, ok := y.(*engine.Expression)
	if !ok {
		return false
	}
	for c := range written.Tree().References() {
		o, ok := r.cs().Find(c.ID.String())
		if !ok {
			return false
		}
		if active, inactive := r.hasTerm(o, c.Term); c.Term != "" && !active && !inactive {
			return false
		}
	}
	return true
}

// normalForms returns the properties normalForm and normalFormTerse of "Using SNOMED CT
// with FHIR", when they are asked for by name.
func (r reader) normalForms(t thing, w wanted) []Property {
	release, ok := terminology.As[*engine.Release](r.cs())
	if !ok || len(w) == 0 || !w.has("normalForm") && !w.has("normalFormTerse") {
		return nil
	}
	terse, withTerms := release.NormalForm(t.o, t.composed, func(o terminology.Ordinal) string {
		term, _ := r.columns.Display(r.cs(), o)
		return term
	})
	var out []Property
	if w.has("normalForm") {
		out = append(out, Property{Code: "normalForm", Kind: terminology.ValueString, Value: withTerms})
	}
	if w.has("normalFormTerse") {
		out = append(out, Property{Code: "normalFormTerse", Kind: terminology.ValueString, Value: terse})
	}
	return out
}

// displayComposed judges the display that was given of an expression: one of its own, with
// other terms or other concepts, is none of it.
func (v *validation) displayComposed(d *verdict, coding terminology.Coding) {
	given, x := d.given.Display, d.thing.composed
	if given == "" || strings.EqualFold(given, coding.Display) || d.reader.sameExpression(given, x) {
		return
	}
	v.wrongDisplay(d, coding, []shownTerm{{coding.Display, d.reader.composedLanguage(x)}})
}

// composedLanguage returns the language that the display of an expression is in, "" when its
// terms are not of one.
func (r reader) composedLanguage(x terminology.Composed) string {
	columns := r.cs().Columns()
	lang, first := "", true
	x.Display(func(o terminology.Ordinal) string {
		term, column := r.columns.Display(r.cs(), o)
		is := ""
		if column >= 0 {
			is = columns[column].Language
		}
		if first || lang == is {
			lang, first = is, false
		} else {
			lang = ""
		}
		return term
	})
	return lang
}

// remarkComposed adds what there is to say of an expression that can be read: inactive
// concepts, and where it breaks the concept model of the release.
func (r reader) remarkComposed(ctx context.Context, resp *ValidateCodeResponse, inValueSet bool, x terminology.Composed) error {
	for _, remark := range x.Remarks() {
		resp.Issues = append(resp.Issues, issueExpressionRemark(remark))
	}
	expression, ok := x.(*engine.Expression)
	if !ok {
		return nil
	}
	if e, err := snomed.ParseEdition(r.installed.Release.Version); err == nil && snomed.KnownExperimental(e.Module) {
		// A part of an edition has not all that its concept model speaks of. What is
		// experimental otherwise is whole, and is checked as what is not.
		if !inValueSet {
			resp.Issues = append(resp.Issues, issueNotChecked())
		}
		return nil
	}
	violations, checked, err := expression.Check(ctx, func(id snomed.ID) string {
		if o, ok := r.cs().Find(id.String()); ok {
			term, _ := r.columns.Display(r.cs(), o)
			return term
		}
		return ""
	})
	if err != nil {
		return err
	}
	for _, v := range violations {
		if v.Kind != mrcm.UnknownConcept && v.Kind != mrcm.InactiveConcept { // those have been told
			resp.Issues = append(resp.Issues, issueViolation(v))
		}
	}
	if !checked && !inValueSet {
		resp.Issues = append(resp.Issues, issueNotChecked())
	}
	return nil
}
