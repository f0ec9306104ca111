package operation

import (
	"context"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/engine"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/mrcm"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ValidateExpressionRequest asks for all that a release makes of a postcoordinated
// expression of SNOMED CT.
type ValidateExpressionRequest struct {
	System, Version string // of the release, any alias; no System: SNOMED CT
	Expression      string
	Languages       language.Preference
}

// ValidateExpressionResponse is what a release makes of an expression. Of a text that is
// none only Fault is known; of one with unknown concepts what its text says.
type ValidateExpressionResponse struct {
	Valid    bool // it can be read, its concepts are known, and it keeps the concept model
	Release  terminology.Release
	Fault    SyntaxFault
	Problems []ExpressionProblem // unknown and inactive concepts first
	// ModelChecked tells that the expression was compared with the concept model: a
	// release may come without one.
	ModelChecked bool

	Canonical string // the text that all ways to write the expression share
	Display   string // as it was written, with the term of each concept

	Concept           terminology.Coding // when the expression says no more than one concept
	NormalForm        string             // necessary normal form
	NormalFormDisplay string
	Attributes        []Property // of the normal form
	Parents           []terminology.Coding
}

// ExpressionProblem is one thing that is wrong with an expression, or to be reviewed.
type ExpressionProblem struct {
	Severity     Severity
	Kind         string // unknown-concept, inactive-concept, outside-domain, out-of-range ...
	Line, Column int    // in the text, from 1
	Text         string
	// The rule of the concept model that is broken; all are zero where there is none.
	Attribute terminology.Coding
	Domain    terminology.Coding
	Refset    terminology.Coding
	Member    string // the row of the reference set
	Rule      string // a constraint or a cardinality
}

// ValidateExpression tells what a release makes of an expression. A text that is none,
// or that names unknown concepts, is an answer.
func (s *Service) ValidateExpression(ctx context.Context, req ValidateExpressionRequest) (*ValidateExpressionResponse, error) {
	snap := s.acquire(req.Languages)
	defer snap.LetGo()
	r, release, err := snap.snomed("operation.ValidateExpression", req.System, req.Version)
	if err != nil {
		return nil, err
	}
	resp := &ValidateExpressionResponse{Release: r.installed.Release}
	tree, err := scg.Parse(req.Expression)
	if terminology.KindOf(err) == terminology.Invalid {
		resp.Fault = syntaxFault(err)
		return resp, nil
	}
	if err != nil {
		return nil, err
	}
	term := func(o terminology.Ordinal) string {
		display, _ := r.columns.Display(release, o)
		return display
	}
	termOf := func(id snomed.ID) string {
		if o, ok := release.Find(id.String()); ok {
			return term(o)
		}
		return ""
	}
	resp.Canonical = scg.Format(scg.Canonical(tree), scg.FormatOptions{DropTerms: true})
	resp.Display = scg.Display(tree, termOf)
	known := true
	for _, p := range scg.Check(release.Provider, &tree.SubExpression) {
		resp.Problems = append(resp.Problems, conceptProblem(p))
		known = known && p.Inactive
	}
	if !known {
		return resp, nil
	}
	x, err := release.Expression(req.Expression)
	if err != nil {
		return nil, err
	}
	if o, ok := x.Form().Concept(); ok {
		resp.Concept = r.coding(o)
	}
	resp.NormalForm, resp.NormalFormDisplay = release.NormalForm(terminology.NoOrdinal, x, term)
	resp.Attributes = r.properties(x.Attributes(), nil)
	resp.Parents = r.codings(x.Parents())
	return resp, r.checkModel(ctx, resp, x, termOf)
}

// checkModel compares an expression with the concept model, and gives the verdict.
func (r reader) checkModel(ctx context.Context, resp *ValidateExpressionResponse, x *engine.Expression, term func(snomed.ID) string) error {
	violations, checked, err := x.Check(ctx, term)
	if err != nil {
		return err
	}
	resp.ModelChecked, resp.Valid = checked, true
	for _, v := range violations {
		if v.Kind == mrcm.UnknownConcept || v.Kind == mrcm.InactiveConcept {
			continue // told
		}
		p := ExpressionProblem{
			Severity: SeverityError, Kind: v.Kind.String(), Line: v.Position.Line, Column: v.Position.Column, Text: v.Message, Member: v.Member, Rule: v.Constraint,
			Attribute: r.idCoding(v.Attribute), Domain: r.idCoding(v.Domain), Refset: r.idCoding(v.Refset),
		}
		if v.Warning {
			p.Severity = SeverityWarning
		} else {
			resp.Valid = false
		}
		resp.Problems = append(resp.Problems, p)
	}
	return nil
}

// conceptProblem is a concept of an expression that is unknown or inactive.
func conceptProblem(p scg.Problem) ExpressionProblem {
	out := ExpressionProblem{Severity: SeverityError, Kind: mrcm.UnknownConcept.String(), Line: p.Position.Line, Column: p.Position.Column}
	if p.Inactive {
		out.Severity, out.Kind = SeverityWarning, mrcm.InactiveConcept.String()
	}
	p.Position = scg.Position{} // said by itself
	out.Text = p.String()
	return out
}

// idCoding is ownCoding of an identifier, nothing of none.
func (r reader) idCoding(id snomed.ID) terminology.Coding {
	if id == 0 {
		return terminology.Coding{}
	}
	return r.ownCoding(id.String())
}
