package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// constraintHead answers for two constraints: << 22298006, and ^ [mapTarget] 447562003.
func constraintHead(text string) (*operation.ConstraintHead, error) {
	x, err := ecl.Parse(text)
	if err != nil {
		return nil, err
	}
	head := &operation.ConstraintHead{Release: sctRelease, Canonical: ecl.Format(x, ecl.FormatOptions{DropTerms: true}), Total: 27}
	if strings.HasPrefix(head.Canonical, "^ [") {
		head.Columns, head.Total = []string{"referencedComponentId", "mapTarget"}, 2
	}
	if strings.Contains(head.Canonical, "155728006") {
		head.Warnings = []operation.ConstraintWarning{{Kind: "inactive-concept", Line: 1, Column: 4, Subject: "155728006", Text: "concept 155728006 |Appendicitis| is inactive"}}
	}
	return head, nil
}

func (sample) EvaluateConstraint(_ context.Context, req operation.ConstraintRequest, yield func(*operation.ConstraintPart) error) error {
	head, err := constraintHead(req.Expression)
	if err != nil {
		return err
	}
	rows := []operation.ConstraintRow{
		{Code: "22298006", Display: "hjerteinfarkt"}, {Code: "57054005", Display: "akutt hjerteinfarkt"}, {Code: "161502000", Display: "tidligere hjerteinfarkt", Inactive: true},
	}
	if head.Columns != nil {
		rows = []operation.ConstraintRow{
			{Values: []string{"22298006", "I21.9"}, Displays: []string{"hjerteinfarkt", ""}},
			{Values: []string{"57054005", "I21.9"}, Displays: []string{"akutt hjerteinfarkt", ""}},
		}
	}
	if req.Limit > 0 {
		rows = rows[:min(len(rows), req.Limit)]
	}
	return errors.Join(yield(&operation.ConstraintPart{Head: head}), yield(&operation.ConstraintPart{Rows: rows}))
}

func (sample) CountConstraint(_ context.Context, req operation.ConstraintRequest) (*operation.ConstraintHead, error) {
	return constraintHead(req.Expression)
}

func (sample) ValidateConstraint(_ context.Context, req operation.ConstraintRequest) (*operation.ValidateConstraintResponse, error) {
	head, err := constraintHead(req.Expression)
	resp := &operation.ValidateConstraintResponse{Valid: err == nil, Release: sctRelease}
	if e := (*ecl.SyntaxError)(nil); errors.As(err, &e) {
		resp.Fault = operation.SyntaxFault{Text: e.Error(), Line: e.Line, Column: e.Column, Found: e.Found, Expected: e.Expected, Hint: e.Hint}
		return resp, nil
	}
	resp.Canonical, resp.Warnings = head.Canonical, head.Warnings
	return resp, nil
}

func (sample) ExplainConstraint(_ context.Context, req operation.ExplainConstraintRequest) (*operation.ExplainConstraintResponse, error) {
	head, err := constraintHead(req.Expression)
	if err != nil {
		return nil, err
	}
	resp := &operation.ExplainConstraintResponse{ConstraintHead: *head}
	if req.Code == "" {
		resp.Elapsed = 1234 * time.Microsecond
		resp.Plan = []operation.PlanPart{
			{Operation: "refinement", Text: "< 404684003: 363698007 = << 74281007", Display: "< 404684003 |klinisk funn|: 363698007 |funnsted| = << 74281007 |myokard|", Estimate: 30, Made: true, Size: 27, Elapsed: 1230 * time.Microsecond},
			{Depth: 1, Operation: "descendantOf", Text: "< 404684003", Display: "< 404684003 |klinisk funn|", Estimate: 120_000, Tested: 1200, Kept: 27, Elapsed: 40 * time.Microsecond},
			{Depth: 1, Operation: "attribute", Text: "363698007 = << 74281007", Display: "363698007 |funnsted| = << 74281007 |myokard|", Estimate: 28, Made: true, Size: 27, Cached: true},
		}
		return resp, nil
	}
	found, ok := concepts[req.Code]
	if !ok {
		resp.Coding = terminology.Coding{System: sctRelease.System, Version: sctVersion, Code: req.Code}
		return resp, nil
	}
	resp.Found, resp.Coding, resp.Total = true, found.Coding, 0
	resp.Reasons = []operation.ReasonPart{
		{Operation: "refinement", Text: "< 404684003: 363698007 = << 74281007", Display: "< 404684003 |klinisk funn|: 363698007 |funnsted| = << 74281007 |myokard|"},
		{Depth: 1, Operation: "descendantOf", Text: "< 404684003", Display: "< 404684003 |klinisk funn|", Holds: true},
		{Depth: 1, Operation: "attribute", Text: "363698007 = << 74281007", Display: "363698007 |funnsted| = << 74281007 |myokard|", Note: "it has 0 such attributes, want [1..*]"},
	}
	return resp, nil
}

func (sample) ValidateExpression(_ context.Context, req operation.ValidateExpressionRequest) (*operation.ValidateExpressionResponse, error) {
	return &operation.ValidateExpressionResponse{
		Release: sctRelease, ModelChecked: true, Canonical: "22298006:363698007=80891009", Display: "22298006|hjerteinfarkt|:363698007|funnsted|=80891009|hjerte|",
		NormalForm: "===64572001:{363698007=74281007}", NormalFormDisplay: "===64572001|sykdom|:{363698007|funnsted|=74281007|myokard|}",
		Attributes: []operation.Property{{Code: "363698007", Description: "funnsted", Group: 1, Value: "74281007", Display: "myokard"}},
		Parents:    []terminology.Coding{sct("22298006", "hjerteinfarkt")},
		Problems: []operation.ExpressionProblem{{Severity: operation.SeverityError, Kind: "not-grouped", Line: 1, Column: 10, Text: "attribute 363698007 |funnsted| has to be in a group",
			Attribute: sct("363698007", "funnsted"), Refset: sct("723561005", "MRCM attribute domain international reference set"), Rule: "grouped"}},
	}, nil
}
