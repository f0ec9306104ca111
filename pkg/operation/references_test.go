package operation_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestReferencesOfVersions wants what a value set says of a code in one version of its code
// system told of that version alone, in expansions and validations alike.
func TestReferencesOfVersions(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	include := func(version, rest string) string {
		if version != "" {
			version = `"version":"` + version + `",`
		}
		return `{"system":"` + berries + `",` + version + `"concept":[` + rest + `]}`
	}
	with := operation.With{Resources: [][]byte{berriesIn("1.0", "cloud", "crow"), berriesIn("1.5", "cloud", "crow"), berriesIn("2.0", "cloud", "crow"),
		setOf("named", `{"include":[`+include("1.x", `{"code":"cloud","display":"molte"}`)+`,`+include("2.0", `{"code":"cloud","display":"multe"},{"code":"crow"}`)+`]}`),
		setOf("half", `{"include":[`+include("1.5", `{"code":"cloud"}`)+`,`+include("2.0", `{"code":"cloud","display":"multe"}`)+`]}`),
		setOf("any", `{"include":[`+include("", `{"code":"cloud","display":"bær"}`)+`]}`)}}
	for _, tt := range []struct {
		set, version, display, want, shown string
		ok                                 bool
	}{
		{"named", "1.5", "molte", "1.5", "molte", true},
		{"named", "1.0", "molte", "1.0", "molte", true},
		{"named", "2.0", "multe", "2.0", "multe", true},
		{"named", "2.0", "molte", "2.0", "multe", false},
		{"named", "2.0", "cloud 2.0", "2.0", "multe", true},
		{"named", "", "multe", "2.0", "multe", true},
		{"named", "", "molte", "1.5", "molte", true},
		{"named", "", "", "2.0", "multe", true},
		{"half", "1.5", "", "1.5", "cloud 1.5", true},
		{"half", "1.5", "multe", "1.5", "cloud 1.5", false},
		{"any", "1.0", "bær", "1.0", "bær", true},
		{"any", "", "", "2.0", "bær", true},
	} {
		coding := terminology.Coding{System: berries, Version: tt.version, Code: "cloud", Display: tt.display}
		resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: with, Form: operation.FormCoding, ValueSet: berrySet(tt.set), Codings: []terminology.Coding{coding}})
		if err != nil || resp.Result != tt.ok || resp.Coding.Version != tt.want || resp.Coding.Display != tt.shown {
			t.Errorf("Validate %+v in %s: %+v, %v, want %v, %s of %s", coding, tt.set, resp, err, tt.ok, tt.shown, tt.want)
		}
	}
	for set, want := range map[string]map[string]string{
		"named": {"1.5|cloud": "molte", "2.0|cloud": "multe", "2.0|crow": "crow 2.0"},
		"half":  {"1.5|cloud": "cloud 1.5", "2.0|cloud": "multe"},
		"any":   {"2.0|cloud": "bær"},
	} {
		resp, err := s.Expand(t.Context(), operation.ExpandRequest{With: with, URL: berrySet(set), Count: -1, Details: true})
		if err != nil || len(resp.Codes) != len(want) {
			t.Fatalf("Expand %s: %+v, %v", set, resp, err)
		}
		for _, c := range resp.Codes {
			if got := c.Coding.Display; got != want[c.Coding.Version+"|"+c.Coding.Code] {
				t.Errorf("Expand %s: %+v, want %v", set, c.Coding, want)
			}
		}
	}
}

// TestInferredCodeSystem wants code systems that are not known told as the cause of a failure,
// and not beside a code whose code system was found.
func TestInferredCodeSystem(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	const nothing = "http://example.org/nothing"
	with := operation.With{Resources: [][]byte{berriesIn("1.0", "cloud"), setOf("mixed", `{"include":[{"system":"`+nothing+`"},{"system":"`+berries+`"}]}`)}}
	for code, causes := range map[string]int{"cloud": 0, "straw": 1} {
		req := operation.ValidateRequest{With: with, ValueSet: berrySet("mixed"), Codings: []terminology.Coding{{Code: code}}, InferSystem: true}
		resp, err := s.Validate(t.Context(), req)
		if err != nil || resp.Result != (causes == 0) || len(resp.CausedBy) != causes {
			t.Errorf("Validate %s: %+v, %v, want %d causes", code, resp, err, causes)
		}
	}
}
