package operation_test

import (
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func validate(t *testing.T, code string, include ...operation.ConceptSet) *operation.ValidateCodeResponse {
	t.Helper()
	req := operation.ValidateCodeRequest{Coding: terminology.Coding{System: sct, Code: code}}
	if len(include) > 0 {
		req.Compose = &operation.Compose{URL: "http://example.org/set", Include: include}
	}
	resp, err := service.ValidateCode(t.Context(), req)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return resp
}

func filters(list ...operation.Filter) operation.ConceptSet {
	return operation.ConceptSet{System: sct, Filters: list}
}

// TestExpressionsInValueSets asks whether expressions are in value sets of all kinds.
func TestExpressionsInValueSets(t *testing.T) {
	const infarction = "22298006:{363698007=74281007}"
	isA := operation.Filter{Property: "concept", Op: "is-a", Value: "22298006"}
	for _, tt := range []struct {
		name string
		set  operation.ConceptSet
		code string
		want bool
	}{
		{"everything", filters(), infarction, true},
		{"is-a", filters(isA), infarction, true},
		{"is-a, another concept", filters(operation.Filter{Property: "concept", Op: "is-a", Value: "73211009"}), infarction, false},
		{"is-not-a", filters(operation.Filter{Property: "concept", Op: "is-not-a", Value: "73211009"}), infarction, true},
		{"with expressions", filters(isA, operation.Filter{Property: "expressions", Op: "=", Value: "true"}), infarction, true},
		{"without expressions", filters(isA, operation.Filter{Property: "expressions", Op: "=", Value: "false"}), infarction, false},
		{"without expressions, a concept", filters(isA, operation.Filter{Property: "expressions", Op: "=", Value: "false"}), "22298006", true},
		{"constraint", filters(operation.Filter{Property: "constraint", Op: "=", Value: "<< 64572001 : 363698007 = << 74281007"}), infarction, true},
		{"constraint that does not select it", filters(operation.Filter{Property: "constraint", Op: "=", Value: "<< 73211009"}), infarction, false},
		{"enumerated, written otherwise", operation.ConceptSet{System: sct, Concepts: []operation.ConceptReference{{Code: "22298006"}, {Code: "22298006 |hjerteinfarkt| : { 363698007 = 74281007 }"}}}, infarction, true},
		{"enumerated, only its focus", operation.ConceptSet{System: sct, Concepts: []operation.ConceptReference{{Code: "22298006"}}}, infarction, false},
		{"members of a reference set", filters(operation.Filter{Property: "concept", Op: "in", Value: "723264001"}), infarction, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			resp := validate(t, tt.code, tt.set)
			if resp.Result != tt.want {
				t.Errorf("result %v, want %v: %s", resp.Result, tt.want, resp.Message)
			}
			if resp.Coding.Code != tt.code || resp.Coding.Display == "" {
				t.Errorf("coding %+v", resp.Coding)
			}
		})
	}
}

func TestExpressionsAreValidated(t *testing.T) {
	for code, want := range map[string]struct {
		result bool
		text   string
	}{
		"22298006:{363698007=74281007}": {true, ""},
		"22298006:363698007=74281007":   {true, "stands in no group"},
		"22298006:{363698007=22298006}": {false, "breaks the concept model"},
		"22298006:{363698007=74281008}": {false, "Not a valid expression"},
		"22298006:{363698007=":          {false, "line 1, column 21"},
	} {
		resp := validate(t, code)
		texts := ""
		for _, i := range resp.Issues {
			texts += i.Severity.String() + ": " + i.Text + "\n"
		}
		if resp.Result != want.result || !strings.Contains(texts, want.text) {
			t.Errorf("%s: result %v, want %v with %q: %s", code, resp.Result, want.result, want.text, texts)
		}
	}
}

func TestExpressionsSubsume(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want operation.Subsumption
	}{
		{"64572001", "64572001:{363698007=74281007}", operation.Subsuming},
		{"22298006", "22298006:{363698007=74281007}", operation.SameConcept}, // that is its site
		{"64572001:{363698007=74281007}", "22298006:{363698007=74281007}", operation.Subsuming},
		{"22298006:{363698007=74281007}", "73211009", operation.NotSubsumed},
		{"22298006:{363698007=74281007}", "22298006 |x|: { 363698007 = 74281007 |y| }", operation.SameConcept},
		{"22298006:{363698007=74281007}", "64572001", operation.SubsumedBy},
		{"22298006:{363698007=74281007", "64572001", operation.NoAnswer},
	} {
		resp, err := service.Subsumes(t.Context(), operation.SubsumesRequest{System: sct, CodeA: tt.a, CodeB: tt.b})
		if err != nil || resp.Outcome != tt.want {
			t.Errorf("%s, %s: %v, %v, want %v", tt.a, tt.b, resp, err, tt.want)
		}
		if tt.want == operation.NoAnswer && len(resp.Reasons) != 1 {
			t.Errorf("%s: reasons %v", tt.a, resp.Reasons)
		}
	}
}

func TestExpressionsAreLookedUp(t *testing.T) {
	resp, err := service.Lookup(t.Context(), operation.LookupRequest{Coding: terminology.Coding{System: sct, Code: "22298006:{363698007=74281007}"}})
	if err != nil || !resp.Found || !resp.Composed || len(resp.Parents) == 0 || len(resp.Properties) == 0 {
		t.Fatalf("%+v, %v", resp, err)
	}
	resp, err = service.Lookup(t.Context(), operation.LookupRequest{Coding: terminology.Coding{System: sct, Code: "22298006:{363698007="}})
	if err != nil || resp.Found || !strings.Contains(resp.NotExpression, "column 21") {
		t.Errorf("%+v, %v", resp, err)
	}
	for code, want := range map[string]string{"22298006": "", "22298006:{363698007=74281007}": ""} {
		resp, err := service.Lookup(t.Context(), operation.LookupRequest{Coding: terminology.Coding{System: sct, Code: code}, Properties: []string{"normalForm", "normalFormTerse"}})
		if err != nil || len(resp.Properties) != 2 || !strings.Contains(resp.Properties[0].Value, "|") || strings.Contains(resp.Properties[1].Value, "|") {
			t.Errorf("normal form of %s: %+v, %v%s", code, resp, err, want)
		}
	}
}

// TestConstraintsAgreeWithTheirExpansion asks of every concept of SNOMED CT whether it
// is in value sets made by constraints, both ways in which a client may name them.
func TestConstraintsAgreeWithTheirExpansion(t *testing.T) {
	all := expand(t, operation.ExpandRequest{URL: sct + "?fhir_vs", Count: -1})
	for _, constraint := range []string{"<< 22298006", "< 64572001 : 363698007 = *", "<< 404684003 MINUS << 64572001", "^ *"} {
		compose := &operation.Compose{Include: []operation.ConceptSet{filters(operation.Filter{Property: "constraint", Op: "=", Value: constraint})}}
		in := map[string]bool{}
		for _, c := range expand(t, operation.ExpandRequest{Compose: compose, Count: -1}).Codes {
			in[c.Coding.Code] = true
		}
		implicit := expand(t, operation.ExpandRequest{URL: sct + "?fhir_vs=ecl/" + constraint, Count: -1})
		if len(implicit.Codes) != len(in) || len(in) == 0 {
			t.Errorf("%s: %d by filter, %d by URL", constraint, len(in), len(implicit.Codes))
		}
		for _, c := range all.Codes {
			if got := validate(t, c.Coding.Code, compose.Include...).Result; got != in[c.Coding.Code] {
				t.Errorf("%s: %s is valid %v, expanded %v", constraint, c.Coding.Code, got, in[c.Coding.Code])
			}
		}
	}
}

// TestDisplaysOfExpressions: the display of an expression is its rendering, or the
// expression itself with terms that its concepts have; a text definition is no display.
func TestDisplaysOfExpressions(t *testing.T) {
	for display, want := range map[string]bool{
		"22298006|hjerteinfarkt|:{363698007|funnsted|=74281007|myokard|}":   true,
		"22298006 |Heart attack| : { 363698007 |Finding site| = 74281007 }": true,
		"22298006 |Broken leg| : { 363698007 |Finding site| = 74281007 }":   false,
		"73211009":   false,
		"Broken leg": false,
	} {
		resp, err := service.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: terminology.Coding{System: sct, Code: "22298006:{363698007=74281007}", Display: display}})
		if err != nil || resp.Result != want {
			t.Errorf("%s: %+v, %v, want %v", display, resp, err, want)
		}
	}
	found, err := service.Lookup(t.Context(), operation.LookupRequest{Coding: terminology.Coding{System: sct, Code: "22298006"}})
	if err != nil {
		t.Fatal(err)
	}
	definitions := 0
	for _, d := range found.Designations {
		if d.Use.Code != "900000000000550004" {
			continue
		}
		definitions++
		resp, err := service.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: terminology.Coding{System: sct, Code: "22298006", Display: d.Term}})
		if err != nil || resp.Result {
			t.Errorf("a text definition as display: %+v, %v", resp, err)
		}
	}
	if definitions == 0 {
		t.Error("22298006 has no text definition")
	}
}

// TestWrongDisplaysOfExpressions wants the display of an expression judged as that of a code.
func TestWrongDisplaysOfExpressions(t *testing.T) {
	const infarction = "22298006:{363698007=74281007}"
	set := setOf("all", `{"include":[{"system":"`+sct+`"}]}`)
	right := validate(t, infarction).Coding.Display
	for _, tt := range []struct {
		name, display   string
		lenient, member bool
		want            string // of the issue: its severity and kind; none: the display is right
	}{
		{name: "as it is shown", display: right},
		{name: "in other case", display: strings.ToUpper(right)},
		{name: "other words", display: "smerte i brystet", want: "error: Display_Name_for__should_be_one_of__instead_of"},
		{name: "the same expression with other blanks", display: strings.Replace(right, " ", "  ", 1)},
		{name: "other words, and they matter less", display: "smerte i brystet", lenient: true, want: "warning: Display_Name_for__should_be_one_of__instead_of"},
		{name: "other words, and only membership matters", display: "smerte i brystet", member: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			given := terminology.Coding{System: sct, Code: infarction, Display: tt.display}
			resp, err := service.Validate(t.Context(), operation.ValidateRequest{Codings: []terminology.Coding{given}, Definition: set, Lenient: tt.lenient, Membership: tt.member})
			if err != nil {
				t.Fatal(err)
			}
			got, text := "", ""
			for _, i := range resp.Issues {
				if i.Code == "invalid-display" {
					got, text = i.Severity.String()+": "+i.ID, i.Text
				}
			}
			if got != tt.want || resp.Result != !strings.HasPrefix(tt.want, "error") {
				t.Errorf("result %v, issue %q, want %q: %s", resp.Result, got, tt.want, resp.Message)
			}
			if tt.want != "" && !strings.HasSuffix(text, "Valid display is '"+right+"' (nb) (for the language(s) '--')") {
				t.Errorf("text %q", text)
			}
		})
	}
}
