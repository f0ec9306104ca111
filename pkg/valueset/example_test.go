package valueset_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/valueset"
)

// ExampleEvaluate evaluates "myocardial infarction and what is below it, but not an
// old one", and asks of one concept without evaluating.
func ExampleEvaluate() {
	lib := sample(&testing.T{})
	definition := &valueset.Compose{
		URL:     "http://example.org/ValueSet/infarction",
		Include: []valueset.ConceptSet{{System: sct, Filters: []valueset.Filter{{Property: "concept", Op: "is-a", Value: "22298006"}}}},
		Exclude: []valueset.ConceptSet{{System: sct, Concepts: []valueset.ConceptReference{{Code: "1755008"}}}},
	}
	parts, err := valueset.Evaluate(context.Background(), definition, lib)
	fmt.Println(codes(parts), err)

	cs := lib.systems[0]
	old, _ := cs.Find("1755008")
	in, err := valueset.Contains(context.Background(), definition, lib, cs, old)
	fmt.Println(in, err)

	definition.Include[0].Filters[0].Op = "sounds-like"
	_, err = valueset.Evaluate(context.Background(), definition, lib)
	fmt.Println(err)
	// Output:
	// [2025: 22298006 57054005] <nil>
	// false <nil>
	// valueset.Evaluate: not supported: the filter concept sounds-like 22298006 is not supported for code system http://snomed.info/sct
}
