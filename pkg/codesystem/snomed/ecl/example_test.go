package ecl_test

import (
	"context"
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

func ExampleEngine_Compile() {
	p := exampleRelease() // of importer or a store
	e := ecl.NewEngine(p, nil, ecl.Options{})
	q, err := e.Compile("<< 56265001 |Heart disease|: { 363698007 |Finding site| = << 80891009 |Heart| }")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	r, err := q.Select(ctx)
	for _, o := range r.Set.ToArray() {
		fmt.Println(p.Code(o), err)
	}
	o, _ := p.Find("56265001")
	fmt.Println(q.Contains(ctx, o))

	q, err = e.Compile("<< 233843009") // a digit is wrong: not an error, and not silence
	fmt.Println(q.Warnings()[0], err)

	_, err = e.Compile("^ 447562003 {{ M mapRule = \"TRUE\" }}") // it has no such column here
	fmt.Println(terminology.KindOf(err))
	// Output:
	// 22298006 <nil>
	// 57054005 <nil>
	// false <nil>
	// line 1, column 4: concept 233843009 is not in this release <nil>
	// invalid input
}

func ExampleQuery_Why() {
	p := exampleRelease()
	q, err := ecl.NewEngine(p, nil, ecl.Options{}).Compile("<< 56265001: { 363698007 = 80891009, 116676008 = 6574001 }")
	if err != nil {
		fmt.Println(err)
		return
	}
	o, _ := p.Find("22298006")
	fmt.Print(q.Why(context.Background(), o))
	// Output:
	// - refinement  << 56265001: { 363698007 = 80891009, 116676008 = 6574001 }
	//   + descendantOrSelfOf  << 56265001
	//   - group  { 363698007 = 80891009, 116676008 = 6574001 }  (0 groups meet all of it, want [1..*])
	//     - group 1: conjunction
	//       + attribute  363698007 = 80891009  (it has 1, want [1..*])
	//       - attribute  116676008 = 6574001  (it has 0, want [1..*])
	//  <nil>
}
