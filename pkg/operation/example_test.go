package operation_test

import (
	"context"
	"fmt"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ExampleService_Lookup asks for a concept, for a code that is none, and in a code
// system that is not installed.
func ExampleService_Lookup() {
	ctx := context.Background()
	resp, err := service.Lookup(ctx, operation.LookupRequest{Coding: terminology.Coding{System: "icd-10", Code: "i210a"}})
	fmt.Println(resp.Found, resp.Coding.Code, resp.Coding.Display, err)

	resp, err = service.Lookup(ctx, operation.LookupRequest{Coding: terminology.Coding{System: "icd-10", Code: "I21.X"}})
	fmt.Println(resp.Found, err)

	_, err = service.Lookup(ctx, operation.LookupRequest{Coding: terminology.Coding{System: "loinc", Code: "718-7"}})
	fmt.Println(terminology.KindOf(err))
	// Output:
	// true I21.0a Akutt hjerteinfarkt gjennom hele veggen, foran, type 4a <nil>
	// false <nil>
	// not found
}

// ExampleService_EvaluateConstraint lists what a constraint selects, and asks with one
// that is none.
func ExampleService_EvaluateConstraint() {
	ctx := context.Background()
	show := func(p *operation.ConstraintPart) error {
		if p.Head != nil {
			fmt.Println(p.Head.Total, p.Head.Canonical)
		}
		for _, row := range p.Rows {
			fmt.Println(row.Code, row.Display)
		}
		return nil
	}
	err := service.EvaluateConstraint(ctx, operation.ConstraintRequest{Expression: "descendantOf 57054005 |Acute myocardial infarction|", Limit: 2}, show)
	fmt.Println(err)

	err = service.EvaluateConstraint(ctx, operation.ConstraintRequest{Expression: "descendantOf AMI"}, show)
	fmt.Println(terminology.Message(err))
	// Output:
	// 4 < 57054005
	// 401303003 akutt hjerteinfarkt med ST-elevasjon
	// 401314000 akutt hjerteinfarkt uten ST-elevasjon
	// <nil>
	// line 1, column 14: found "AMI", want "^", a concept id, "*" or "("
}

// ExampleService_ValidateExpression asks what a release makes of an expression that
// breaks the concept model.
func ExampleService_ValidateExpression() {
	resp, err := service.ValidateExpression(context.Background(), operation.ValidateExpressionRequest{Expression: "22298006 : { 363698007 = 73211009 }"})
	fmt.Println(resp.Valid, err)
	fmt.Println(resp.Display)
	for _, p := range resp.Problems {
		fmt.Println(p.Severity, p.Kind, p.Line, p.Column, p.Rule)
	}
	// Output:
	// false <nil>
	// 22298006|hjerteinfarkt|:{363698007|funnsted|=73211009|diabetes mellitus|}
	// error out-of-range 1 26 << 442083009 |Anatomical or acquired body structure (body structure)|
}
