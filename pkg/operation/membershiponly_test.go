package operation_test

import (
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestMembershipOnly wants result to follow membership alone: one coding that is in is
// enough, whatever there is to say of the others, of displays and of how codes stand.
func TestMembershipOnly(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	with := operation.With{Resources: [][]byte{berriesIn("1", "cloud", "blue", "bear!"), setOf("some", `{"include":[{"system":"`+berries+`","concept":[{"code":"cloud"},{"code":"bear"}]}]}`)}}
	in, retired, out := terminology.Coding{System: berries, Code: "cloud"}, terminology.Coding{System: berries, Code: "bear"}, terminology.Coding{System: berries, Code: "blue"}
	unknown, foreign := terminology.Coding{System: berries, Code: "straw"}, terminology.Coding{System: "http://example.org/nothing", Code: "1"}
	named := terminology.Coding{System: berries, Code: "cloud", Display: "another name"}
	for _, tt := range []struct {
		name          string
		codings       []terminology.Coding
		whole, member bool // the result, and that of membership only
		errors        int  // that membership only tells
	}{
		{"in", []terminology.Coding{in}, true, true, 0},
		{"in, by a wrong display", []terminology.Coding{named}, false, true, 0},
		{"in, and retired", []terminology.Coding{retired}, true, true, 0},
		{"not in", []terminology.Coding{out}, false, false, 1},
		{"in, and one that is not", []terminology.Coding{in, out}, true, true, 0},
		{"one that is not, and in", []terminology.Coding{out, in}, true, true, 0},
		{"in, and an unknown code", []terminology.Coding{in, unknown}, false, true, 0},
		{"in, and an unknown code system", []terminology.Coding{in, foreign}, false, true, 0},
		{"an unknown code", []terminology.Coding{unknown}, false, false, 1},
		{"an unknown code system", []terminology.Coding{foreign}, false, false, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := operation.ValidateRequest{With: with, Form: operation.FormConcept, ValueSet: berrySet("some"), Codings: tt.codings}
			whole, err := s.Validate(t.Context(), req)
			if err != nil || whole.Result != tt.whole {
				t.Errorf("Validate: %v, %v, want %v\n%+v", whole.Result, err, tt.whole, whole.Issues)
			}
			req.Membership = true
			member, err := s.Validate(t.Context(), req)
			if err != nil || member.Result != tt.member {
				t.Errorf("Validate, membership only: %v, %v, want %v\n%+v", member.Result, err, tt.member, member.Issues)
			}
			wrong := slices.DeleteFunc(slices.Clone(member.Issues), func(i operation.Issue) bool { return i.Severity != operation.SeverityError })
			if len(wrong) != tt.errors || tt.member && len(tt.codings) == 1 && len(member.Issues) > 0 {
				t.Errorf("Validate, membership only, tells %+v, want %d errors", member.Issues, tt.errors)
			}
		})
	}
}

// TestRulesWithoutValueSet wants activeOnly and check-system-version followed without a
// value set too.
func TestRulesWithoutValueSet(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	resources := [][]byte{berriesIn("1", "cloud", "bear!"), berriesIn("2", "cloud", "bear!")}
	for _, tt := range []struct {
		name, code, version string
		active              bool
		check               []string
		want                bool
		issue               string
	}{
		{name: "retired", code: "bear", want: true},
		{name: "active only, and it is", code: "cloud", active: true, want: true},
		{name: "active only, and it is not", code: "bear", active: true, issue: "STATUS_CODE_WARNING_CODE"},
		{name: "the version that is wanted", code: "cloud", version: "1", check: []string{berries + "|1"}, want: true},
		{name: "another version than is wanted", code: "cloud", version: "1", check: []string{berries + "|2"}, issue: "VALUESET_VERSION_CHECK"},
		{name: "no version, and one that is wanted", code: "cloud", check: []string{berries + "|1"}, want: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: operation.With{Resources: resources, Versions: operation.VersionRules{Check: tt.check}}, ActiveOnly: tt.active,
				Codings: []terminology.Coding{{System: berries, Version: tt.version, Code: tt.code}}})
			if err != nil || resp.Result != tt.want || firstError(resp) != tt.issue {
				t.Errorf("Validate: %v, %v, want %v and %q\n%+v", resp.Result, err, tt.want, tt.issue, resp.Issues)
			}
		})
	}
}

// TestUnfinishedFilterOfImport wants a filter without value told alike wherever it stands.
func TestUnfinishedFilterOfImport(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	with := operation.With{Resources: [][]byte{berriesIn("1", "cloud"),
		setOf("unfinished", `{"include":[{"system":"`+berries+`","filter":[{"property":"concept","op":"is-a"}]}]}`), setOf("importer", `{"include":[{"valueSet":["`+berrySet("unfinished")+`"]}]}`)}}
	for _, url := range []string{berrySet("unfinished"), berrySet("importer")} {
		resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: with, ValueSet: url, Codings: []terminology.Coding{{System: berries, Code: "cloud"}}})
		if err != nil || resp.Result || firstError(resp) != "UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE" {
			t.Errorf("Validate in %s: %+v, %v", url, resp, err)
		}
		if _, err := s.Expand(t.Context(), operation.ExpandRequest{With: with, URL: url, Count: -1}); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("Expand %s: %v, want Invalid", url, err)
		}
	}
}
