package operation_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/importer"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// twoVersions answers from two versions of ICD-10, of which the files differ, and of
// SNOMED CT, in the older of which appendicitis NOS (155728006) is still active.
func twoVersions(t *testing.T) *operation.Service {
	t.Helper()
	data, before := t.TempDir(), filepath.Join(t.TempDir(), "snomed")
	snomed := filepath.Join("..", "..", "testdata", "snomed")
	if err := os.CopyFS(before, os.DirFS(snomed)); err != nil {
		t.Fatal(err)
	}
	concepts := filepath.Join(before, "SnomedCT_International_Sample_20250901", "Snapshot", "Terminology", "sct2_Concept_Snapshot_INT_20250901.txt")
	text, err := os.ReadFile(concepts)
	if err != nil {
		t.Fatal(err)
	}
	active := strings.Replace(string(text), "155728006\t20020131\t0", "155728006\t20010131\t1", 1)
	if active == string(text) {
		t.Fatal("the sample has no inactive 155728006")
	}
	if err := os.WriteFile(concepts, []byte(active), 0o600); err != nil {
		t.Fatal(err)
	}
	fixture := func(name string) string { return filepath.Join("testdata", "validity", name) }
	for _, one := range []struct {
		path    string
		options codesystem.Options
	}{
		{fixture("icd10-2025.json"), codesystem.Options{Version: "2025"}},
		{fixture("icd10-2026.json"), codesystem.Options{Version: "2026"}},
		{before, codesystem.Options{VersionURI: older}},
		{snomed, codesystem.Options{}},
	} {
		in, err := importer.OpenInputs([]string{one.path})
		if err != nil {
			t.Fatal(err)
		}
		one.options.Today = "2026-11-22"
		sources, err := codesystem.Detect(in.List, one.options)
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range sources {
			if _, err := importer.Run(context.Background(), src, wiring.ImportOptions(data, "test")); err != nil {
				t.Fatal(err)
			}
		}
		if err := in.Close(); err != nil {
			t.Fatal(err)
		}
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{Language: "nb"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return operation.New(c, operation.Options{Languages: language.Of(language.Bokmal)})
}

func TestValidity(t *testing.T) {
	s := twoVersions(t)
	const newer = "http://snomed.info/sct/51000202101/version/20250915"
	const edition = "http://snomed.info/sct/51000202101"
	tests := []struct {
		name, system, version, code string
		day                         terminology.Date
		answered                    string // version
		want                        terminology.Validity
		replaced                    string
		result                      bool
		says                        string // part of the first issue about it
	}{
		{"the newest, without a day", icd, "", "A00.0", 0, "2026", terminology.NotAsked, "", true, ""},
		{"ended, without a day", icd, "", "A01.0", 0, "2026", terminology.NotAsked, "A01.5", true, "has a status of inactive"},
		{"valid in the first version", icd, "", "A00.0", 20250630, "2025", terminology.Valid, "", true, ""},
		{"its last day", icd, "", "A01.0", 20251231, "2025", terminology.Valid, "", true, ""},
		{"the day after", icd, "", "A01.0", 20260101, "2026", terminology.NoLongerValid, "A01.5", false, "is no longer valid on 2026-01-01: it was valid from 1999-01-01 to 2025-12-31; it is replaced by 'A01.5' (Tyfoid, siste ord, prøve)"},
		{"a chain, to what is valid then", icd, "", "A01.4", 20250630, "2025", terminology.NoLongerValid, "A01.0", false, "replaced by 'A01.0'"},
		{"a chain, to its end", icd, "", "A01.4", 20260630, "2026", terminology.NoLongerValid, "A01.5", false, "replaced by 'A01.5'"},
		{"announced", icd, "", "A01.5", 20251231, "2025", terminology.NotYetValid, "", false, "is not yet valid on 2025-12-31: it is valid from 2026-01-01"},
		{"its first day", icd, "", "A01.5", 20260101, "2026", terminology.Valid, "", true, ""},
		{"in the next version only", icd, "", "A09.1", 20250630, "2025", terminology.NotYetValid, "", false, "is not yet valid on 2025-06-30: version '2026' has it, which is in force from 2026-01-01"},
		{"in the next version only, which tells its first day", icd, "", "A09.9", 20250630, "2025", terminology.NotYetValid, "", false, "is not yet valid on 2025-06-30: it is valid from 2026-01-01"},
		{"in the version before only", icd, "", "A09.0", 20260630, "2026", terminology.NoLongerValid, "", false, "is no longer valid on 2026-06-30: version '2025' has it, and no version that is in force after 2025-12-31"},
		{"in the next version only, which tells that it had ended", icd, "", "A09.8", 20250630, "2025", terminology.NoLongerValid, "A09.9", false, "it was valid from 1999-01-01 to 2009-12-31; it is replaced by 'A09.9'"},
		{"an explicit version wins", icd, "2026", "A09.1", 20250630, "2026", terminology.Valid, "", true, ""},
		{"an explicit version that lacks it", icd, "2025", "A09.9", 20250630, "2025", terminology.NotAsked, "", false, "Unknown code"},
		{"before the oldest, as the code tells", icd, "", "A00.0", 20200630, "2025", terminology.Valid, "", true, "No version of the CodeSystem 'http://hl7.org/fhir/sid/icd-10-no' that was in force on 2020-06-30 is installed: the oldest, '2025', is in force from 2025-01-01, and tells that the code was valid on that day"},
		{"before the oldest, before the code", icd, "", "A00.0", 19981231, "2025", terminology.NotYetValid, "", false, "it is valid from 1999-01-01"},
		{"before the oldest, no day told", icd, "", "A09.0", 20200630, "2025", terminology.NotInForce, "", false, "is in force from 2025-01-01"},
		{"unknown everywhere", icd, "", "X99.9", 20250630, "2025", terminology.NotAsked, "", false, "Unknown code"},
		{"unknown before the oldest", icd, "", "X99.9", 20200630, "2025", terminology.NotInForce, "", false, "Unknown code"},
		{"in another form", icd, "", "a010+", 20251231, "2025", terminology.Valid, "", true, "The code 'a010+' was read as 'A01.0'"},
		{"SNOMED CT, the older version", sct, "", "155728006", 20250401, older, terminology.Valid, "", true, ""},
		{"SNOMED CT, the newer version", sct, "", "155728006", 20251001, newer, terminology.NoLongerValid, "74400008", false, "it is replaced by '74400008'"},
		{"SNOMED CT, an edition", sct, edition, "155728006", 20250401, older, terminology.Valid, "", true, ""},
		{"SNOMED CT, a version wins", sct, newer, "155728006", 20250401, newer, terminology.NoLongerValid, "74400008", false, "it was valid until 2002-01-30"},
		{"SNOMED CT, before the oldest", sct, "", "22298006", 20240101, older, terminology.NotInForce, "", false, "No version of the CodeSystem 'http://snomed.info/sct' that was in force on 2024-01-01 is installed"},
		{"SNOMED CT, an expression", sct, "", "22298006:363698007=80891009", 20251001, newer, terminology.Valid, "", true, ""},
		{"SNOMED CT, an expression with a code that has ended", sct, "", "155728006:363698007=80891009", 20251001, newer, terminology.NoLongerValid, "", false, "#155728006' is no longer valid"},
		{"SNOMED CT, an expression before the oldest", sct, "", "22298006:363698007=80891009", 20240101, older, terminology.NotInForce, "", false, "No version"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := terminology.Coding{System: tt.system, Version: tt.version, Code: tt.code}
			found, err := s.Lookup(t.Context(), operation.LookupRequest{Coding: c, Date: tt.day})
			if err != nil {
				t.Fatal(err)
			}
			if found.Release.Version != tt.answered || found.Validity != tt.want || codes(found.Replacements) != tt.replaced {
				t.Errorf("Lookup: %s by %s, replaced by %q, want %s by %s and %q", found.Validity, found.Release.Version, codes(found.Replacements), tt.want, tt.answered, tt.replaced)
			}
			for _, i := range found.Issues {
				if i.Severity == operation.SeverityError {
					t.Errorf("Lookup, which has answered, says error: %s", i.Text)
				}
			}
			valid, err := s.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: c, Date: tt.day})
			if err != nil {
				t.Fatal(err)
			}
			if valid.Result != tt.result || valid.Validity != tt.want || valid.Coding.Version != tt.answered {
				t.Errorf("ValidateCode: %v, %s by %s, want %v, %s by %s: %s", valid.Result, valid.Validity, valid.Coding.Version, tt.result, tt.want, tt.answered, valid.Message)
			}
			if valid.Inactive != (tt.want == terminology.NoLongerValid && found.Found || tt.day == 0 && tt.says != "") {
				t.Errorf("ValidateCode: inactive %v", valid.Inactive)
			}
			if tt.says == "" && len(valid.Issues) > 0 && found.Found && !found.Composed || tt.says != "" && !slices.ContainsFunc(valid.Issues, func(i operation.Issue) bool { return strings.Contains(i.Text, tt.says) }) {
				t.Errorf("ValidateCode says %v, want %q", valid.Issues, tt.says)
			}
		})
	}
}

func codes(list []terminology.Coding) string {
	var out []string
	for _, c := range list {
		out = append(out, c.Code)
	}
	return strings.Join(out, " ")
}

// TestExpandOn expands on days: the version in force answers, what is not yet valid is
// not there, what no longer is is inactive.
func TestExpandOn(t *testing.T) {
	s := twoVersions(t)
	inactive := false
	tests := []struct {
		name string
		req  operation.ExpandRequest
		want string // codes, inactive ones in brackets; or the kind of the error
	}{
		{"no day", operation.ExpandRequest{}, "I A00-A09 A00 A00.0 A01 [A01.0] [A01.4] A01.5 A09 A09.1 [A09.8] A09.9"},
		{"the first version", operation.ExpandRequest{Date: 20250630}, "I A00-A09 A00 A00.0 A01 A01.0 [A01.4] A09 A09.0"},
		{"its active ones", operation.ExpandRequest{Date: 20250630, ActiveOnly: true}, "I A00-A09 A00 A00.0 A01 A01.0 A09 A09.0"},
		{"its active ones by definition", operation.ExpandRequest{Date: 20250630, Compose: &operation.Compose{Inactive: &inactive, Include: []operation.ConceptSet{{System: icd}}}}, "I A00-A09 A00 A00.0 A01 A01.0 A09 A09.0"},
		{"the second version", operation.ExpandRequest{Date: 20260101}, "I A00-A09 A00 A00.0 A01 [A01.0] [A01.4] A01.5 A09 A09.1 [A09.8] A09.9"},
		{"by words", operation.ExpandRequest{Date: 20250630, Text: "tyfoid avløst", ActiveOnly: true}, "A01.0"},
		{"by words, on another day", operation.ExpandRequest{Date: 20260630, Text: "tyfoid avløst", ActiveOnly: true}, ""},
		{"an explicit version", operation.ExpandRequest{Date: 20250630, Compose: &operation.Compose{Include: []operation.ConceptSet{{System: icd, Version: "2026"}}}}, "I A00-A09 A00 A00.0 A01 A01.0 [A01.4] A09 A09.1 [A09.8]"},
		{"before the oldest", operation.ExpandRequest{Date: 20240630}, "not found"},
		{"before the oldest, an explicit version", operation.ExpandRequest{Date: 20240630, Compose: &operation.Compose{Include: []operation.ConceptSet{{System: icd, Version: "2025"}}}}, "I A00-A09 A00 A00.0 A01 A01.0 A01.4 A09 A09.0"},
	}
	for _, tt := range tests {
		for range 2 { // the second time from what is kept
			if tt.req.Count = -1; tt.req.Compose == nil {
				tt.req.URL = "http://hl7.org/fhir/sid/icd-10-no?vs"
			}
			resp, err := s.Expand(t.Context(), tt.req)
			got := ""
			if err != nil {
				got = terminology.KindOf(err).String()
			} else {
				var out []string
				for _, c := range resp.Codes {
					code := c.Coding.Code
					if c.Inactive {
						code = "[" + code + "]"
					}
					out = append(out, code)
				}
				got = strings.Join(out, " ")
			}
			if got != tt.want {
				t.Errorf("%s: %s, want %s (%v)", tt.name, got, tt.want, err)
			}
		}
	}
}

// TestValidateInValueSetOn asks for a member of a value set on a day.
func TestValidateInValueSetOn(t *testing.T) {
	s := twoVersions(t)
	inactive := false
	active := &operation.Compose{URL: "http://example.org/active", Inactive: &inactive, Include: []operation.ConceptSet{{System: icd}}}
	for _, tt := range []struct {
		code string
		day  terminology.Date
		want bool
	}{{"A01.0", 20251231, true}, {"A01.0", 20260101, false}, {"A01.5", 20251231, false}, {"A01.5", 20260101, true}, {"A09.0", 20251231, true}} {
		resp, err := s.ValidateCode(t.Context(), operation.ValidateCodeRequest{Coding: coding(icd, tt.code), Compose: active, Date: tt.day})
		if err != nil || resp.Result != tt.want {
			t.Errorf("%s on %s: %+v, %v, want %v", tt.code, tt.day, resp, err, tt.want)
		}
	}
}

// TestListInForce lists the days on which each version is in force.
func TestListInForce(t *testing.T) {
	resp, err := twoVersions(t).List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range resp.Releases {
		got[r.Name+" "+r.Date] = r.InForce.String()
	}
	for release, want := range map[string]string{
		"icd-10-no 2025": "from 2025-01-01 to 2025-12-31", "icd-10-no 2026": "from 2026-01-01",
		"snomed-51000202101 20250315": "from 2025-03-15 to 2025-09-14", "snomed-51000202101 20250915": "from 2025-09-15",
	} {
		if got[release] != want {
			t.Errorf("%s is in force %q, want %q", release, got[release], want)
		}
	}
}
