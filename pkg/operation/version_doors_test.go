package operation_test

import (
	"errors"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestVersionRules asks look-up, both validations and expansion by the same rules: the same
// version answers, or none does.
func TestVersionRules(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	const system, set = "http://example.org/fruit", "http://example.org/vs/fruit"
	for _, tt := range []struct {
		name    string
		rules   operation.VersionRules
		version string // of the coding
		want    string // version that answers; "": none may
	}{
		{name: "none", want: "1.1.0"},
		{name: "default", rules: operation.VersionRules{Default: []string{system + "|1.0.0"}}, want: "1.0.0"},
		{name: "default with a wildcard", rules: operation.VersionRules{Default: []string{system + "|1.0.x"}}, want: "1.0.0"},
		{name: "a wildcard at the end", rules: operation.VersionRules{Default: []string{system + "|1.x"}}, want: "1.1.0"},
		{name: "forced", rules: operation.VersionRules{Force: []string{system + "|1.0.x"}}, want: "1.0.0"},
		{name: "checked, and chosen by that", rules: operation.VersionRules{Check: []string{system + "|1.0.x"}}, want: "1.0.0"},
		{name: "checked, and allowed", rules: operation.VersionRules{Check: []string{system + "|1.0.x"}}, version: "1.0.0", want: "1.0.0"},
		{name: "checked, and not allowed", rules: operation.VersionRules{Check: []string{system + "|1.0.x"}}, version: "1.1.0"},
		{name: "a version that is not there", rules: operation.VersionRules{Default: []string{system + "|2.x"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			with := operation.With{Resources: fruit(), Versions: tt.rules}
			coding := terminology.Coding{System: system, Version: tt.version, Code: "pear"}
			lookup, err := s.Lookup(t.Context(), operation.LookupRequest{With: with, Coding: coding})
			if got := versionOrNone(lookup, err); got != tt.want {
				t.Errorf("Lookup answers from version %q, %v, want %q", got, err, tt.want)
			}
			for _, url := range []string{"", set} {
				resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: with, Form: operation.FormCoding, ValueSet: url, Codings: []terminology.Coding{coding}})
				if err != nil || resp.Result != (tt.want != "") || resp.Result && resp.Coding.Version != tt.want {
					t.Errorf("Validate in %q: %+v, %v, want version %q", url, resp, err, tt.want)
				}
			}
			if tt.version != "" {
				return
			}
			expansion, err := s.Expand(t.Context(), operation.ExpandRequest{With: with, URL: set, Count: -1})
			if tt.want == "" {
				if err == nil {
					t.Errorf("Expand answers, want none")
				}
			} else if err != nil || expansion.Codes[0].Coding.Version != tt.want {
				t.Errorf("Expand: %+v, %v, want version %q", expansion, err, tt.want)
			}
		})
	}
}

func versionOrNone(resp *operation.LookupResponse, err error) string {
	if err != nil {
		return ""
	}
	return resp.Release.Version
}

// TestLookupChecksVersion wants the words of the ecosystem of a version that is not allowed.
func TestLookupChecksVersion(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	_, err := s.Lookup(t.Context(), operation.LookupRequest{
		With:   operation.With{Resources: fruit(), Versions: operation.VersionRules{Check: []string{"http://example.org/fruit|1.0.0"}}},
		Coding: terminology.Coding{System: "http://example.org/fruit", Version: "1.1.0", Code: "pear"},
	})
	var told *operation.IssueError
	if !errors.As(err, &told) || told.Issues[0].ID != "VALUESET_VERSION_CHECK" {
		t.Errorf("Lookup: %v, want that the version is not allowed", err)
	}
}

// TestWildcardOnDay asks of SNOMED CT and ICD-10 what a wildcard means on a day: a version
// that had begun, or the oldest, and that it was not in force.
func TestWildcardOnDay(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	list, err := s.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, r := range list.Releases {
		if r.InForce.From == 0 || r.Concepts == 0 {
			continue
		}
		for day, inForce := range map[terminology.Date]bool{r.InForce.From: true, 19000101: false} {
			resp, err := s.Lookup(t.Context(), operation.LookupRequest{Date: day,
				With:   operation.With{Versions: operation.VersionRules{Force: []string{r.System + "|*"}}},
				Coding: terminology.Coding{System: r.System, Code: "no such code"}})
			if err != nil {
				t.Fatal(err)
			}
			if got := resp.InForce.From != 0 && resp.InForce.From <= day; got != inForce {
				t.Errorf("%s on %s: version %s, in force %s, want in force %v", r.System, day, resp.Release.Version, resp.InForce, inForce)
			}
			asked++
		}
	}
	if asked == 0 {
		t.Error("no release has days")
	}
}

// TestVersionRulesByAnyName names a code system in the rule, the value set and the coding
// by its URI or its OID, in all ways: the version of the rule answers, in each operation.
func TestVersionRulesByAnyName(t *testing.T) {
	const uri, oid = "http://example.org/herbs", "urn:oid:2.16.578.1.99"
	s := operation.New(installed, operation.Options{})
	herbs := func(version, code string) []byte {
		return []byte(`{"resourceType":"CodeSystem","url":"` + uri + `","identifier":[{"system":"urn:ietf:rfc:3986","value":"` + oid + `"}],"version":"` + version + `","status":"active","content":"complete","concept":[{"code":"` + code + `"}]}`)
	}
	for _, set := range []string{uri, oid} {
		resources := [][]byte{herbs("1", "dill"), herbs("2", "thyme"), []byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/herbs","status":"active","compose":{"include":[{"system":"` + set + `"}]}}`)}
		for _, rule := range []string{uri + "|1", oid + "|1"} {
			for kind, rules := range map[string]operation.VersionRules{"default": {Default: []string{rule}}, "check": {Check: []string{rule}}, "force": {Force: []string{rule}}} {
				with := operation.With{Resources: resources, Versions: rules}
				expanded, err := s.Expand(t.Context(), operation.ExpandRequest{With: with, URL: "http://example.org/vs/herbs", Count: -1})
				if err != nil || len(expanded.Codes) != 1 || expanded.Codes[0].Coding.Code != "dill" {
					t.Errorf("%s %s: Expand of a set of %s: %+v, %v, want dill", kind, rule, set, expanded, err)
				}
				for _, system := range []string{uri, oid} {
					for code, want := range map[string]bool{"dill": true, "thyme": false} {
						for _, url := range []string{"", "http://example.org/vs/herbs"} {
							resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: with, ValueSet: url, Codings: []terminology.Coding{{System: system, Code: code}}})
							if err != nil || resp.Result != want {
								t.Errorf("%s %s: Validate %s#%s in %q of %s: %+v, %v, want %v", kind, rule, system, code, url, set, resp, err, want)
							}
						}
					}
				}
			}
		}
	}
}
