package operation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// repeated is a list of JSON, n times the same.
func repeated(n int, text string) string {
	return strings.TrimSuffix(strings.Repeat(text+",", n), ",")
}

// TestRequestsHaveOneBudget asks of value sets whose parts are cheap and costly together:
// each request is refused, says where its work ended, and is answered with more of it.
func TestRequestsHaveOneBudget(t *testing.T) {
	small := operation.New(installed, operation.Options{MaxWork: 10_000_000})
	large := operation.New(installed, operation.Options{})
	system := `"system":"` + berries + `"`
	chained := [][]byte{setOf("25", `{"include":[{`+system+`}]}`)}
	for i := range 25 {
		chained = append(chained, setOf(fmt.Sprint(i), `{"include":[`+repeated(300, `{`+system+`,"valueSet":["`+berrySet(fmt.Sprint(i+1))+`"]}`)+`]}`))
	}
	for name, tt := range map[string]struct {
		compose string
		more    [][]byte
		where   string
	}{
		"filters":     {compose: `{"include":[{` + system + `,"filter":[` + repeated(2000, `{"property":"display","op":"regex","value":"(cloud|blue|crow|bear) [12]"}`) + `]}]}`, where: "value set " + berrySet("it") + ", include[0].filter["},
		"includes":    {compose: `{"include":[` + repeated(20_000, `{`+system+`,"concept":[{"code":"blue"}]}`) + `]}`, where: "value set " + berrySet("it") + ", include["},
		"a list":      {compose: `{"include":[{` + system + `,"filter":[{"property":"concept","op":"in","value":"` + strings.Repeat("none,", 100_000) + `cloud"}]}]}`, where: "value set " + berrySet("it") + ", include[0].filter[0]"},
		"imports":     {compose: `{"include":[{"valueSet":["` + berrySet("0") + `"]}]}`, more: chained, where: "value set " + berrySet("")},
		"constraints": {compose: `{"include":[{"system":"` + sct + `","filter":[` + repeated(3000, `{"property":"constraint","op":"=","value":"<< 404684003 : 363698007 = (<< 80891009 OR << 74281007)"}`) + `]}]}`, where: "value set " + berrySet("it") + ", include[0].filter["},
	} {
		t.Run(name, func(t *testing.T) {
			with := operation.With{Resources: slices.Concat([][]byte{berriesIn("1", "cloud", "blue"), setOf("it", tt.compose)}, tt.more)}
			coding := terminology.Coding{System: berries, Code: "cloud"}
			if name == "constraints" {
				coding = terminology.Coding{System: sct, Code: "22298006"}
			}
			for door, ask := range map[string]func(context.Context, *operation.Service) error{
				"Expand": func(ctx context.Context, s *operation.Service) error {
					_, err := s.Expand(ctx, operation.ExpandRequest{With: with, URL: berrySet("it"), Count: 0})
					return err
				},
				"Validate": func(ctx context.Context, s *operation.Service) error {
					_, err := s.Validate(ctx, operation.ValidateRequest{With: with, ValueSet: berrySet("it"), Codings: []terminology.Coding{coding}})
					return err
				},
			} {
				if err := ask(t.Context(), small); terminology.KindOf(err) != terminology.TooCostly || !strings.Contains(err.Error(), tt.where) {
					t.Errorf("%s: %v, want TooCostly at %s", door, err, tt.where)
				}
				if err := ask(t.Context(), large); err != nil {
					t.Errorf("%s with the work of every day: %v", door, err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if err := ask(ctx, small); terminology.KindOf(err) != terminology.Unavailable {
					t.Errorf("%s when nobody waits: %v, want Unavailable", door, err)
				}
			}
		})
	}
}

// TestBatchHasOneBudget validates a code that takes a third of the budget of a request, in one
// batch and one by one.
func TestBatchHasOneBudget(t *testing.T) {
	s := operation.New(installed, operation.Options{MaxWork: 10_000_000})
	long := setOf("it", `{"include":[{"system":"`+berries+`","filter":[{"property":"concept","op":"in","value":"`+strings.Repeat("none,", 20_000)+`cloud"}]}]}`)
	req := operation.ValidateRequest{With: operation.With{Resources: [][]byte{berriesIn("1", "cloud"), long}}, ValueSet: berrySet("it"), Codings: []terminology.Coding{{System: berries, Code: "cloud"}}}
	b := s.Batch()
	defer b.Close()
	for i := range 6 {
		resp, err := b.Validate(t.Context(), req)
		if ok := err == nil && resp.Result; ok != (i < 3) || !ok && terminology.KindOf(err) != terminology.TooCostly {
			t.Errorf("Validate %d of a batch: %+v, %v; want three answers, and then TooCostly", i, resp, err)
		}
		if resp, err := s.Validate(t.Context(), req); err != nil || !resp.Result {
			t.Errorf("Validate: %+v, %v", resp, err)
		}
	}
	together := terminology.WithBudget(t.Context(), 10_000_000) // such as the entries of a Bundle
	for i := range 6 {
		if _, err := s.Validate(together, req); (err == nil) != (i < 3) {
			t.Errorf("Validate %d of requests that come together: %v, want three answers", i, err)
		}
	}
}

// TestManyCodings validates a concept of thousands of codings that nobody knows, each of
// which has something to tell of its own.
func TestManyCodings(t *testing.T) {
	req := operation.ValidateRequest{Form: operation.FormConcept, With: operation.With{Resources: [][]byte{berriesIn("1", "cloud"), setOf("it", `{"include":[{"system":"`+berries+`"}]}`)}}, ValueSet: berrySet("it")}
	for i := range 3000 {
		req.Codings = append(req.Codings, terminology.Coding{System: fmt.Sprintf("http://example.org/%d", i), Code: "cloud"})
	}
	for _, set := range []string{"", berrySet("it")} {
		req.ValueSet = set
		_, err := operation.New(installed, operation.Options{MaxWork: 50_000_000}).Validate(t.Context(), req)
		if terminology.KindOf(err) != terminology.TooCostly || !strings.Contains(err.Error(), "coding[") {
			t.Errorf("Validate in %q: %v, want TooCostly in a coding", set, err)
		}
	}
	resp, err := operation.New(installed, operation.Options{}).Validate(t.Context(), req)
	if err != nil || resp.Result || len(resp.Unknown) != len(req.Codings) {
		t.Errorf("Validate: %v, want %d code systems that are not known", err, len(req.Codings))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, set := range []string{berrySet("it"), ""} {
		req.ValueSet = set
		if _, err := operation.New(installed, operation.Options{}).Validate(ctx, req); terminology.KindOf(err) != terminology.Unavailable {
			t.Errorf("Validate in %q when nobody waits: %v, want Unavailable", set, err)
		}
	}
}

// TestManyRules states that a rule for a version answers alike among a few and among
// thousands, by each name of the code system, and that of two rules the first counts.
func TestManyRules(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	resources := [][]byte{berriesIn("1", "cloud", "blue"), berriesIn("2", "cloud", "crow"), setOf("it", `{"include":[{"system":"`+berries+`"},{"system":"`+icpc+`","concept":[{"code":"K75"}]}]}`)}
	var others []string
	for i := range 20_000 {
		others = append(others, fmt.Sprintf("http://example.org/other/%d|1", i))
	}
	for _, rules := range [][]string{
		{berries + "|1"}, {berries + "|2", berries + "|1"}, {"icpc-2|none", berries + "|1"}, {icpc + "|none"}, nil,
	} {
		for _, set := range []func(*operation.VersionRules, []string){
			func(v *operation.VersionRules, list []string) { v.Default = list },
			func(v *operation.VersionRules, list []string) { v.Check = list },
			func(v *operation.VersionRules, list []string) { v.Force = list },
		} {
			ask := func(list []string) (*operation.ExpandResponse, string) {
				with := operation.With{Resources: resources}
				set(&with.Versions, list)
				resp, err := s.Expand(t.Context(), operation.ExpandRequest{With: with, URL: berrySet("it"), Count: -1})
				if err != nil {
					return nil, err.Error()
				}
				return resp, ""
			}
			few, errFew := ask(rules)
			many, errMany := ask(slices.Concat(others[:10_000], rules, others[10_000:]))
			if errFew != errMany {
				t.Errorf("%v: %q among a few, %q among many", rules, errFew, errMany)
			}
			if diff := cmp.Diff(few, many); diff != "" {
				t.Errorf("%v (-among a few +among many):\n%s", rules, diff)
			}
		}
	}
}

// TestImportsHaveTheBudget asks of a value set with many imports, none of which is known: to
// look for them takes of the budget, and ends when nobody waits.
func TestImportsHaveTheBudget(t *testing.T) {
	s := operation.New(installed, operation.Options{MaxWork: 10_000_000})
	var urls []string
	for i := range 20_000 {
		urls = append(urls, fmt.Sprintf("%q", berrySet(fmt.Sprint("none", i))))
	}
	with := operation.With{Resources: [][]byte{berriesIn("1", "cloud"), setOf("it", `{"include":[{"valueSet":[`+strings.Join(urls, ",")+`]}]}`)}}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	for ctx, want := range map[context.Context]terminology.Kind{t.Context(): terminology.TooCostly, done: terminology.Unavailable} {
		_, err := s.Expand(ctx, operation.ExpandRequest{With: with, URL: berrySet("it"), Count: 0})
		if terminology.KindOf(err) != want {
			t.Errorf("Expand: %v, want %v", err, want)
		}
		_, err = s.Validate(ctx, operation.ValidateRequest{With: with, ValueSet: berrySet("it"), Codings: []terminology.Coding{{System: berries, Code: "cloud"}}})
		if terminology.KindOf(err) != want {
			t.Errorf("Validate: %v, want %v", err, want)
		}
	}
}

// TestTranslationsHaveOneBudget translates a code of many targets until the budget of what
// comes together is used up.
func TestTranslationsHaveOneBudget(t *testing.T) {
	const url, icd = "http://example.org/ConceptMap/many", "http://hl7.org/fhir/sid/icd-10"
	var lines []string
	for source := range 10 {
		for target := range 500 {
			lines = append(lines, fmt.Sprintf("S%d A%02d.%02d related-to", source, target/100, target%100))
		}
	}
	s := operation.New(installed, operation.Options{MaxWork: 500_000_000})
	req := operation.TranslateRequest{With: operation.With{Resources: [][]byte{berriesIn("1", "S0"), mapOf(url, berries, icd, "", lines...)}}, URL: url, Coding: terminology.Coding{System: berries, Code: "S0"}}
	if resp, err := s.Translate(t.Context(), req); err != nil || len(resp.Matches) != 500 {
		t.Fatalf("Translate: %v, want 500 matches", err)
	}
	ctx, answers := terminology.WithBudget(t.Context(), 10_000_000), 0 // such as the codings of a concept
	for range 100 {
		if _, err := s.Translate(ctx, req); err == nil {
			answers++
		} else if terminology.KindOf(err) != terminology.TooCostly {
			t.Fatal(err)
		}
	}
	if answers < 1 || answers > 20 {
		t.Errorf("%d of 100 translations that come together are answered, want some and then TooCostly", answers)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Translate(gone, req); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Translate when nobody waits: %v, want Unavailable", err)
	}
}
