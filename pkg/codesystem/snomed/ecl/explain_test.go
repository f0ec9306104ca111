package ecl_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kodeks/kodeks/pkg/codesystem/snomed/ecl"
)

func TestWhy(t *testing.T) {
	p := corner().open(t)
	e := ecl.NewEngine(p, nil, ecl.Options{})
	tests := []struct {
		code, in string
		want     []string
	}{
		{acuteMI, "<< 404684003: { 363698007 = 80891009, 116676008 = 55641003 }", []string{
			"- refinement  << 404684003: { 363698007 = 80891009, 116676008 = 55641003 }",
			"  + descendantOrSelfOf  << 404684003",
			"  - group  { 363698007 = 80891009, 116676008 = 55641003 }  (0 groups meet all of it, want [1..*])",
			"    - group 1: conjunction",
			"      - attribute  363698007 = 80891009  (it has 0, want [1..*])",
			"      + attribute  116676008 = 55641003  (it has 1, want [1..*])",
			"    - group 2: conjunction",
			"      + attribute  363698007 = 80891009  (it has 1, want [1..*])",
			"      - attribute  116676008 = 55641003  (it has 0, want [1..*])",
		}},
		{silentMI, "(<< 56265001 {{ + HISTORY-MIN }}) MINUS ^ 816080008", []string{
			"- exclusion  << 56265001 {{ + HISTORY-MIN }} MINUS ^ 816080008",
			"  + historySupplement  << 56265001 {{ + HISTORY-MIN }}  (association 900000000000527005 leads to 22298006 |hjerteinfarkt|)",
			"    - descendantOrSelfOf  << 56265001",
			"  + memberOf  ^ 816080008  (by reference set 816080008)",
		}},
		{heart, "<< (999999009 OR 123037004) AND ((22298006 . 363698007) {{ term = \"hjer\" }})", []string{
			"+ conjunction  << (999999009 OR 123037004) AND (22298006 . 363698007) {{ D term = \"hjer\" }}",
			"  + descendantOrSelfOf  << (999999009 OR 123037004)  (below 123037004 ||)",
			"  + descriptionFilter  (22298006 . 363698007) {{ D term = \"hjer\" }}  (description 670169009 passes: hjerte)",
			"    + dotted  22298006 . 363698007  (value of 22298006 |hjerteinfarkt|)",
		}},
		{infarction, "< (56265001 OR 80891009): [2..*] 363698007 = *", []string{
			"- refinement  < (56265001 OR 80891009): [2..*] 363698007 = *",
			"  + descendantOf  < (56265001 OR 80891009)  (below 56265001 ||)",
			"  - attribute  [2..*] 363698007 = *  (it has 1 such attributes, want [2..*])",
		}},
	}
	for _, tt := range tests {
		q, err := e.Compile(tt.in)
		if err != nil {
			t.Errorf("Compile(%s): %v", tt.in, err)
			continue
		}
		o, _ := p.Find(tt.code)
		why, err := q.Why(context.Background(), o)
		if err != nil {
			t.Errorf("Why(%s): %v", tt.in, err)
			continue
		}
		if diff := cmp.Diff(strings.Join(tt.want, "\n")+"\n", why.String()); diff != "" {
			t.Errorf("Why(%s) (-want +got):\n%s", tt.in, diff)
		}
	}
}

// TestExplain holds the tree to the plan, without the times.
func TestExplain(t *testing.T) {
	p := corner().open(t)
	e := ecl.NewEngine(p, nil, ecl.Options{CacheBytes: -1})
	q, err := e.Compile("<< 404684003: { 363698007 = << 80891009, [0..1] 116676008 = * }")
	if err != nil {
		t.Fatal(err)
	}
	x, err := q.Explain(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`, [0-9.]+[nµm]?s\n`).ReplaceAllString(x.String(), "\n")
	for _, want := range []string{
		"refinement  << 404684003: { 363698007 = << 80891009, [0..1] 116676008 = * }  estimated 4, has 2\n",
		"  descendantOrSelfOf  << 404684003  estimated 5, has 5\n",
		"  group  { 363698007 = << 80891009, [0..1] 116676008 = * }  estimated 4, kept 2 of 5\n",
		"    attribute  363698007 = << 80891009  estimated ",
		"      descendantOrSelfOf  << 80891009  estimated 2",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("Explain has no line %q:\n%s", want, got)
		}
	}
	if x.Size != 2 || len(x.Parts) != 2 {
		t.Errorf("Explain = %d concepts in %d parts, want 2 in 2", x.Size, len(x.Parts))
	}
}
