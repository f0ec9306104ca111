package scg_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
)

func ExampleParse() {
	e, err := scg.Parse("=== 80891009 |Heart| + 39607008 : { 272741003 = 7771000 }")
	fmt.Println(e, err)
	fmt.Println(scg.Canonical(e))

	_, err = scg.Parse("80891009 : 272741003 7771000")
	fmt.Println(err)
	// Output:
	// ===80891009|Heart|+39607008:{272741003=7771000} <nil>
	// ===39607008+80891009:{272741003=7771000}
	// scg.Parse: invalid input: line 1, column 22: found "7771000", want "|" or "="
}

func ExampleFormat() {
	e, _ := scg.Parse("10200004|lever|:272741003=24028007")
	fmt.Println(scg.Format(e, scg.FormatOptions{Blanks: true}))
	fmt.Println(scg.Format(e, scg.FormatOptions{DropTerms: true}))
	fmt.Println(scg.Display(e, func(id snomed.ID) string {
		return map[snomed.ID]string{10200004: "struktur i lever", 272741003: "lateralitet", 24028007: "høyre"}[id]
	}))
	// Output:
	// 10200004 |lever| : 272741003 = 24028007
	// 10200004:272741003=24028007
	// 10200004|struktur i lever|:272741003|lateralitet|=24028007|høyre|
}

func ExampleNormalize() {
	p := open(&testing.T{}, liverAndHeart)
	e, _ := scg.Parse("128241005 : { 363698007 = 181268008, 116676008 = 4532008 }")
	f, problems, err := scg.Normalize(p, e)
	fmt.Println(f.Expression(p), problems, err)

	hepatitis, _ := p.Find("197271008")
	fmt.Println(scg.ConceptSubsumes(p, hepatitis, f), scg.SubsumesConcept(p, f, hepatitis))

	constraint, _ := ecl.Parse("< 128241005 : 363698007 = << 10200004")
	fmt.Println(scg.Satisfies(context.Background(), p, f, constraint.Constraint))

	e, _ = scg.Parse("128241005 : 363698007 = 10200005")
	_, _, err = scg.Normalize(p, e)
	fmt.Println(err)
	// Output:
	// ===64572001:{116676008=4532008,363698007=181268008} [] <nil>
	// true false
	// true <nil>
	// scg.Normalize: http://snomed.info/sct|test#10200005: not found: line 1, column 25: concept 10200005 is no identifier, its check digit is wrong
}
