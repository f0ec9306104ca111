package ecl_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestUnmarshalJSON(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a concept", `{"conceptId":"22298006"}`, "22298006"},
		{"a compound operand without brackets", `{"conjunctionExpressionConstraints":[{"wildcard":true},
			{"disjunctionExpressionConstraints":[{"conceptId":"22298006"},{"conceptId":"57054005"}]}]}`, "* AND (22298006 OR 57054005)"},
		{"brackets without an effect", `{"nestedExpressionConstraint":{"nestedExpressionConstraint":{"operator":"childOf","conceptId":"22298006"}}}`, "<! 22298006"},
		{"exact decimals", `{"subExpressionConstraint":{"wildcard":true},"eclRefinement":{"disjunctionSubRefinements":[{"attribute":
			{"attributeName":{"conceptId":"1142135004"},"comparisonOperator":">=","numericValue":"0.10000000000000000001"}}]}}`, "*: 1142135004 >= #0.10000000000000000001"},
		{"reference set fields", `{"memberOf":{"fields":["mapTarget"]},"conceptId":"447562003"}`, "^ [mapTarget] 447562003"},

		{"no JSON", `{`, ""},
		{"null", `null`, ""},
		{"nothing", `{}`, ""},
		{"unknown key", `{"conceptId":"22298006","descendants":true}`, ""},
		{"two foci", `{"conceptId":"22298006","wildcard":true}`, ""},
		{"two kinds", `{"wildcard":true,"conjunctionExpressionConstraints":[{"wildcard":true},{"wildcard":true}]}`, ""},
		{"an identifier that is none", `{"conceptId":"22298006 OR 57054005"}`, ""},
		{"an operator that is none", `{"operator":"<<","conceptId":"22298006"}`, ""},
		{"one operand", `{"conjunctionExpressionConstraints":[{"wildcard":true}]}`, ""},
		{"a term that ends itself", `{"conceptId":"22298006","term":"a| OR 57054005 |b"}`, ""},
		{"a field that ends itself", `{"memberOf":{"fields":["a] 447562003 OR ^ [b"]},"conceptId":"447562003"}`, ""},
		{"a number that is none", `{"subExpressionConstraint":{"wildcard":true},"eclRefinement":{"conjunctionSubRefinements":[{"attribute":
			{"attributeName":{"wildcard":true},"comparisonOperator":"=","numericValue":"1 OR * = #2"}}]}}`, ""},
		{"no value", `{"subExpressionConstraint":{"wildcard":true},"eclRefinement":{"conjunctionSubRefinements":[{"attribute":
			{"attributeName":{"wildcard":true},"comparisonOperator":"="}}]}}`, ""},
		{"two values of a filter", `{"wildcard":true,"filterConstraints":[{"domain":"concept","filters":[
			{"filter":"active","comparisonOperator":"=","tokens":["true"],"booleanValue":true}]}]}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var e ecl.Expression
			err := json.Unmarshal([]byte(tt.in), &e)
			if tt.want == "" {
				if err == nil {
					err = e.UnmarshalJSON([]byte(tt.in))
				}
				if err == nil {
					t.Errorf("Unmarshal(%s) = %s, want an error", tt.in, &e)
				}
				return
			}
			if err != nil || e.String() != tt.want {
				t.Errorf("Unmarshal(%s) = %v, %v, want %s", tt.in, &e, err, tt.want)
			}
		})
	}
}

// TestUnmarshalJSONLimit holds JSON to the depth that texts are held to.
func TestUnmarshalJSONLimit(t *testing.T) {
	deep := strings.Repeat(`{"operator":"childOf","nestedExpressionConstraint":`, 2*ecl.MaxDepth) +
		`{"operator":"childOf","wildcard":true}` + strings.Repeat("}", 2*ecl.MaxDepth)
	var e ecl.Expression
	if err := e.UnmarshalJSON([]byte(deep)); terminology.KindOf(err) != terminology.TooCostly {
		t.Errorf("UnmarshalJSON of %d levels: %v, want kind TooCostly", 2*ecl.MaxDepth, err)
	}
}
