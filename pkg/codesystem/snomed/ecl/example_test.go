package ecl_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func ExampleParse() {
	e, err := ecl.Parse("descendantOf 19829001 |Disorder of lung|: 116676008=<<79654002 |Edema|")
	fmt.Println(e, err)

	_, err = ecl.Parse("< 19829001 AND < 301867009 OR *") // what belongs together?
	fmt.Println(terminology.KindOf(err))
	fmt.Println(terminology.Message(err))

	var se *ecl.SyntaxError
	fmt.Println(errors.As(err, &se), se.Line, se.Column, se.Found)
	// Output:
	// < 19829001 |Disorder of lung|: 116676008 = << 79654002 |Edema| <nil>
	// invalid input
	// line 1, column 28: found "OR", want "|", "{{", "AND" or end of expression (without brackets one operator joins all operands, and MINUS two)
	// true 1 28 OR
}

func ExampleFormat() {
	e, err := ecl.Parse("(<404684003|Clinical finding|:{363698007|Finding site|=<<39057004,116676008=<<415582006})" +
		"MINUS ^700043003|Example problem list|{{C active=1}}")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ecl.Format(e, ecl.FormatOptions{DropTerms: true}))
	fmt.Println(ecl.Format(e, ecl.FormatOptions{Multiline: true, Width: 60}))
	// Output:
	// (< 404684003: { 363698007 = << 39057004, 116676008 = << 415582006 }) MINUS ^ 700043003 {{ C active = true }}
	// (
	//     < 404684003 |Clinical finding|:
	//         {
	//             363698007 |Finding site| = << 39057004,
	//             116676008 = << 415582006
	//         }
	// )
	// MINUS ^ 700043003 |Example problem list| {{ C active = true }}
}

func ExampleExpression_MarshalJSON() {
	e, err := ecl.Parse("<< 404684003: [0..0] 363698007 = *")
	if err != nil {
		fmt.Println(err)
		return
	}
	data, err := json.MarshalIndent(e, "", "  ")
	fmt.Println(string(data), err)

	var back ecl.Expression
	fmt.Println(json.Unmarshal(data, &back), &back)
	// Output:
	// {
	//   "subExpressionConstraint": {
	//     "operator": "descendantOrSelfOf",
	//     "conceptId": "404684003"
	//   },
	//   "eclRefinement": {
	//     "conjunctionSubRefinements": [
	//       {
	//         "attribute": {
	//           "cardinality": {
	//             "min": 0,
	//             "max": 0
	//           },
	//           "attributeName": {
	//             "conceptId": "363698007"
	//           },
	//           "comparisonOperator": "=",
	//           "value": {
	//             "wildcard": true
	//           }
	//         }
	//       }
	//     ]
	//   }
	// } <nil>
	// <nil> << 404684003: [0..0] 363698007 = *
}

func ExampleExpression_ConceptReferences() {
	e, err := ecl.Parse("<< 22298006 |Myocardial infarction| OR\n(*: 363698007 = 80891009)")
	if err != nil {
		fmt.Println(err)
		return
	}
	for r := range e.ConceptReferences() {
		fmt.Printf("%d:%d %v %q\n", r.Position.Line, r.Position.Column, r.ID, r.Term)
	}
	// Output:
	// 1:4 22298006 "Myocardial infarction"
	// 2:5 363698007 ""
	// 2:17 80891009 ""
}
