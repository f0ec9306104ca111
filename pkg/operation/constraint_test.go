package operation_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// evaluated is a whole answer of EvaluateConstraint.
type evaluated struct {
	Head operation.ConstraintHead
	Rows []operation.ConstraintRow
}

func evaluate(ctx context.Context, req operation.ConstraintRequest) (*evaluated, error) {
	var all *evaluated
	err := service.EvaluateConstraint(ctx, req, func(p *operation.ConstraintPart) error {
		if p.Head != nil {
			all = &evaluated{Head: *p.Head}
		}
		for _, r := range p.Rows { // the values are valid until we return
			r.Values, r.Displays = slices.Clone(r.Values), slices.Clone(r.Displays)
			all.Rows = append(all.Rows, r)
		}
		return nil
	})
	return all, err
}

func TestEvaluateConstraint(t *testing.T) {
	for name, req := range map[string]operation.ConstraintRequest{
		"descendants":           {Expression: "< 22298006 |Myocardial infarction|"},
		"nynorsk":               {Expression: "descendantOrSelfOf 57054005", Languages: languages(t, "nn")},
		"refinement":            {Expression: "< 64572001 : 363698007 = << 74281007"},
		"page":                  {Expression: "<< 22298006", Offset: 2, Limit: 3},
		"behind-the-end":        {Expression: "<< 22298006", Offset: 100},
		"inactive":              {Expression: "* {{ C active = 0 }}"},
		"nothing":               {Expression: "<< 22298006 MINUS << 22298006"},
		"columns":               {Expression: `^ [referencedComponentId, mapTarget] 447562003 {{ M mapTarget = wild:"I2*" }}`},
		"columns-page":          {Expression: "^ [mapTarget] 447562003", Offset: 3, Limit: 2},
		"one-column":            {Expression: "^ [targetComponentId] 900000000000527005"},
		"unknown-column":        {Expression: "^ [mapColour] 447562003"},
		"warnings":              {Expression: "<< 155728006\n OR << 12345678"},
		"by-short-name":         {System: "snomed", Expression: "< 1755008"},
		"by-edition":            {Version: "http://snomed.info/sct/51000202101", Expression: "< 73211009", Limit: 1},
		"older-version":         {Version: older, Expression: "< 73211009", Limit: 1},
		"not-a-constraint":      {Expression: "< 22298006 AND"},
		"mixed-operators":       {Expression: "< 22298006 AND\n< 64572001 OR < 71388002"},
		"no-text":               {},
		"not-snomed":            {System: icd, Expression: "< 22298006"},
		"unknown-system":        {System: "loinc", Expression: "< 22298006"},
		"unknown-version":       {Version: "19990131", Expression: "< 22298006"},
		"negative-offset":       {Expression: "< 22298006", Offset: -1},
		"negative-limit":        {Expression: "< 22298006", Limit: -1},
		"columns-in-brackets":   {Expression: "(^ [mapTarget] 447562003) AND < 22298006"},
		"several-in-a-big-page": {Expression: "^ [*] 900000000000527005", Limit: 1},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := evaluate(t.Context(), req)
			check(t, "constraint/evaluate-"+name, resp, err)
		})
	}
}

// TestPagesOfConstraint states that pages put together are the whole, and that the total
// and the count say how much that is.
func TestPagesOfConstraint(t *testing.T) {
	for _, expression := range []string{"*", "< 404684003", "^ [referencedComponentId, mapTarget] 447562003", "< 138875005 MINUS < 404684003"} {
		whole, err := evaluate(t.Context(), operation.ConstraintRequest{Expression: expression})
		if err != nil {
			t.Fatal(err)
		}
		var pages []operation.ConstraintRow
		for len(pages) < whole.Head.Total {
			page, err := evaluate(t.Context(), operation.ConstraintRequest{Expression: expression, Offset: len(pages), Limit: 37})
			if err != nil || len(page.Rows) == 0 {
				t.Fatalf("page of %s from %d: %v, %d rows", expression, len(pages), err, len(page.Rows))
			}
			pages = append(pages, page.Rows...)
		}
		if diff := cmp.Diff(whole.Rows, pages); diff != "" {
			t.Errorf("%s: whole -, pages +\n%s", expression, diff)
		}
		counted, err := service.CountConstraint(t.Context(), operation.ConstraintRequest{Expression: expression})
		if err != nil || counted.Total != len(whole.Rows) || whole.Head.Total != len(whole.Rows) {
			t.Errorf("%s: counted %v, %v, total %d, %d rows", expression, counted, err, whole.Head.Total, len(whole.Rows))
		}
	}
}

// TestEvaluateConstraintEnds wants the evaluation to end when the receiver is done with
// it, and when its context ends.
func TestEvaluateConstraintEnds(t *testing.T) {
	enough := errors.New("enough")
	for _, expression := range []string{"*", "^ [mapTarget] 447562003"} {
		parts := 0
		err := service.EvaluateConstraint(t.Context(), operation.ConstraintRequest{Expression: expression}, func(*operation.ConstraintPart) error {
			parts++
			return enough
		})
		if err != enough || parts != 1 {
			t.Errorf("%s: %v after %d parts, want the error of the receiver after one", expression, err, parts)
		}
		ctx, cancel := context.WithCancel(t.Context())
		rows := 0
		err = service.EvaluateConstraint(ctx, operation.ConstraintRequest{Expression: expression}, func(p *operation.ConstraintPart) error {
			cancel()
			rows += len(p.Rows)
			return nil
		})
		if terminology.KindOf(err) != terminology.Unavailable && expression == "*" || rows > 512 {
			t.Errorf("%s with a context that ends: %v after %d rows", expression, err, rows)
		}
	}
}

// TestEvaluateConstraintInParts wants a large answer in parts of bounded size, and
// nothing made for each row of it.
func TestEvaluateConstraintInParts(t *testing.T) {
	heads, parts, rows, total := 0, 0, 0, 0
	err := service.EvaluateConstraint(t.Context(), operation.ConstraintRequest{Expression: "^ [refsetId, referencedComponentId] *"}, func(p *operation.ConstraintPart) error {
		if p.Head != nil {
			if parts+heads > 0 || len(p.Rows) > 0 {
				t.Error("the head is not the first part by itself")
			}
			heads, total = heads+1, p.Head.Total
			return nil
		}
		if len(p.Rows) == 0 || len(p.Rows) > 512 {
			t.Errorf("a part of %d rows", len(p.Rows))
		}
		parts, rows = parts+1, rows+len(p.Rows)
		return nil
	})
	if err != nil || heads != 1 || parts < 2 || rows != total {
		t.Errorf("%d heads, %d parts, %d of %d rows, %v", heads, parts, rows, total, err)
	}
	allocs := testing.AllocsPerRun(20, func() {
		err := service.EvaluateConstraint(t.Context(), operation.ConstraintRequest{Expression: "*"}, func(p *operation.ConstraintPart) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
	})
	if allocs > 60 { // of 439 concepts
		t.Errorf("%.0f allocations for 439 concepts, want 60 at most", allocs)
	}
}

// BenchmarkEvaluateConstraint gives all concepts of the sample.
func BenchmarkEvaluateConstraint(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		err := service.EvaluateConstraint(b.Context(), operation.ConstraintRequest{Expression: "*"}, func(p *operation.ConstraintPart) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
	}
}

func TestCountConstraint(t *testing.T) {
	for name, req := range map[string]operation.ConstraintRequest{
		"concepts":         {Expression: "< 404684003"},
		"rows":             {Expression: "^ [mapTarget] 447562003"},
		"page":             {Expression: "< 404684003", Offset: 3, Limit: 2}, // all are counted
		"not-a-constraint": {Expression: "<< hjerte"},
		"not-snomed":       {System: icpc, Expression: "*"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := service.CountConstraint(t.Context(), req)
			check(t, "constraint/count-"+name, resp, err)
		})
	}
}

func TestValidateConstraint(t *testing.T) {
	for name, req := range map[string]operation.ConstraintRequest{
		"good":            {Expression: "descendantOf 404684003 |Clinical finding| : 363698007 = << 80891009"},
		"warnings":        {Expression: "<< 155728006 OR << 12345678 OR ^ 22298006"},
		"mixed-operators": {Expression: "< 22298006 AND\n  < 64572001 OR < 71388002"},
		"cut-short":       {Expression: "< 22298006 :"},
		"words":           {Expression: "hjerteinfarkt"},
		"unknown-column":  {Expression: "^ [mapColour] 447562003"},
		"too-deep":        {Expression: strings.Repeat("(", 5000) + "*" + strings.Repeat(")", 5000)},
		"not-snomed":      {System: icd, Expression: "*"},
		"unknown-system":  {System: "loinc", Expression: "*"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := service.ValidateConstraint(t.Context(), req)
			check(t, "constraint/validate-"+name, resp, err)
		})
	}
}

func TestExplainConstraint(t *testing.T) {
	const refinement = `< 64572001 : { 363698007 = << 80891009, 116676008 = 55641003 }`
	for name, req := range map[string]operation.ExplainConstraintRequest{
		"plan":                    {Expression: refinement},
		"plan-nynorsk":            {Expression: "<< 22298006 MINUS 57054005", Languages: languages(t, "nn")},
		"plan-columns":            {Expression: "^ [mapTarget] 447562003"},
		"plan-text":               {Expression: `< 64572001 {{ term = "22298006 hjerte" }}`},
		"selected":                {Expression: refinement, Code: "57054005"},
		"not-selected":            {Expression: refinement, Code: "73211009"},
		"expression":              {Expression: "<< 22298006 : 263502005 = *", Code: "22298006:263502005=424124008"},
		"expression-is-not":       {Expression: "< 73211009", Code: "22298006:263502005=424124008"},
		"filter-of-expression":    {Expression: `<< 22298006 {{ term = "x" }}`, Code: "22298006:263502005=424124008"},
		"filter-above-expression": {Expression: `< (22298006 {{ term = "x" }})`, Code: "22298006:263502005=424124008"},
		"unknown-code":            {Expression: refinement, Code: "22298007"},
		"not-an-expression":       {Expression: refinement, Code: "22298006:263502005="},
		"not-a-constraint":        {Expression: "< hjerte", Code: "22298006"},
		"not-snomed":              {System: icd, Expression: "*"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := service.ExplainConstraint(t.Context(), req)
			if err == nil {
				if req.Code == "" && resp.Elapsed <= 0 {
					t.Errorf("the evaluation took %v", resp.Elapsed)
				}
				resp.Elapsed = 0
				for i, p := range resp.Plan { // the rest changes with the machine, and with what was asked before
					resp.Plan[i] = operation.PlanPart{Depth: p.Depth, Operation: p.Operation, Text: p.Text, Display: p.Display}
				}
			}
			check(t, "constraint/explain-"+name, resp, err)
		})
	}
}

// TestExplainLongConstraint wants the texts of a plan to stay short, however long the
// constraint: each part holds all that are in it.
func TestExplainLongConstraint(t *testing.T) {
	const levels = 90
	long := strings.Repeat("(22298006 OR 57054005 OR 1755008 OR (57054005 AND 22298006 AND ", levels) + "1755008" + strings.Repeat("))", levels)
	for _, code := range []string{"", "22298006"} {
		resp, err := service.ExplainConstraint(t.Context(), operation.ExplainConstraintRequest{Expression: long, Code: code})
		if err != nil || len(resp.Plan)+len(resp.Reasons) < levels {
			t.Fatalf("%d parts, %v", len(resp.Plan)+len(resp.Reasons), err)
		}
		for _, p := range resp.Plan {
			if len(p.Text) > 4096 || len(p.Display) > 4096 || !utf8.ValidString(p.Display) {
				t.Errorf("a text of %d bytes, with terms of %d", len(p.Text), len(p.Display))
			}
		}
		for _, p := range resp.Reasons {
			if len(p.Text) > 4096 || len(p.Display) > 4096 {
				t.Errorf("a text of %d bytes, with terms of %d", len(p.Text), len(p.Display))
			}
		}
	}
}
