package fhir_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/kodeks/kodeks/internal/golden"
	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func ExampleAppendSubsumes() {
	var p fhir.Parameters
	p.Reset(fhir.Subsumes)
	out, err := fhir.AppendSubsumes(nil, fhir.R4, &p, &operation.SubsumesResponse{Outcome: operation.Subsuming})
	fmt.Println(string(out), err)

	_, err = fhir.AppendSubsumes(nil, fhir.R4, &p, &operation.SubsumesResponse{System: "http://hl7.org/fhir/sid/icpc-2", Unknown: []string{"T9O"}})
	fmt.Println(terminology.Message(err))
	// Output:
	// {"resourceType":"Parameters","parameter":[{"name":"outcome","valueCode":"subsumes"}]} <nil>
	// Unknown code 'T9O' in the CodeSystem 'http://hl7.org/fhir/sid/icpc-2'
}

const (
	sct     = "http://snomed.info/sct"
	icd10   = "http://hl7.org/fhir/sid/icd-10-no"
	edition = "http://snomed.info/sct/51000202101/version/20250915"
)

func snomed(code, display string) terminology.Coding {
	return terminology.Coding{System: sct, Version: edition, Code: code, Display: display}
}

// infarction is what a look-up of 22298006 says, in nynorsk with fallback.
func infarction() *operation.LookupResponse {
	synonym := terminology.Coding{System: sct, Code: "900000000000013009", Display: "Synonym"}
	definition := terminology.Coding{System: sct, Code: "900000000000550004", Display: "Definition"}
	return &operation.LookupResponse{
		Found: true, Coding: snomed("22298006", "hjerteinfarkt"), Language: "nb", Fallback: true,
		Release: terminology.Release{Name: "snomed-51000202101", Title: "SNOMED CT Norwegian Edition", System: sct, Version: edition},
		Info:    terminology.ConceptInfo{Defined: true, Effective: 20020131, Module: "900000000000207008"},
		Designations: []operation.Designation{
			{ID: "1", Language: "nb", Use: synonym, Term: "hjerteinfarkt", PreferredIn: []string{"nb"}},
			{ID: "2", Language: "en", Use: synonym, Term: "Myocardial infarction"},
			{ID: "3", Language: "en", Use: definition, Term: "Gross necrosis of the myocardium, as a result of \"interruption\" of the blood supply."},
		},
		Properties: []operation.Property{
			{Code: "363698007", Description: "Finding site", Group: 1, Kind: terminology.ValueCode, Value: "74281007", Display: "Myocardium structure"},
			{Code: "1142135004", Description: "Has presentation strength numerator value", Kind: terminology.ValueDecimal, Value: "2.50"},
			{Code: "note", Kind: terminology.ValueInteger, Value: "not a number"},
			{Code: "billable", Kind: terminology.ValueBoolean, Value: "true"},
		},
		Parents:    []terminology.Coding{snomed("57809008", "sykdom i myokard")},
		Children:   []terminology.Coding{snomed("57054005", "akutt hjerteinfarkt"), snomed("1755008", "gammelt hjerteinfarkt")},
		ChildCount: 2,
	}
}

// TestAnswers pins whole responses, byte for byte but for white space. To change one
// on purpose, run go test -update and read the diff: it is the change that every
// client sees.
func TestAnswers(t *testing.T) {
	retired := operation.Issue{Severity: operation.SeverityWarning, Type: "business-rule", Code: "code-comment", Text: "The concept '155304006' has a status of inactive and its use should be reviewed", Expression: "code"}
	unknown := operation.Issue{Type: "code-invalid", Code: "invalid-code", Text: "Unknown code 'I21.99' in the CodeSystem '" + icd10 + "' version '2026'", Expression: "code"}
	wrong := &operation.ValidateResponse{Found: true, Coding: terminology.Coding{System: icd10, Version: "2026", Code: "I21.99"}, Message: unknown.Text, Issues: []operation.Issue{unknown}}
	tests := []struct {
		name, query, body string
		op                *fhir.Operation
		write             func([]byte, fhir.Version, *fhir.Parameters) ([]byte, error)
	}{
		{"lookup", "displayLanguage=nn", "", fhir.Lookup, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendLookup(b, v, p, infarction())
		}},
		{"lookup-two-properties", "property=parent&property=inactive", "", fhir.Lookup, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendLookup(b, v, p, infarction())
		}},
		{"lookup-unknown-code", "", "", fhir.Lookup, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendLookup(b, v, p, &operation.LookupResponse{Coding: terminology.Coding{System: icd10, Version: "2026", Code: "I21.99"}})
		}},
		{"validate-inactive", "", "", fhir.CodeSystemValidateCode, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendValidate(b, v, p, &operation.ValidateResponse{Found: true, Result: true, Coding: snomed("155304006", "Acute myocardial infarction"), Inactive: true, Issues: []operation.Issue{retired}})
		}},
		{"validate-unknown-code", "", "", fhir.CodeSystemValidateCode, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendValidate(b, v, p, wrong)
		}},
		{"validate-concept", "", `{"resourceType":"Parameters","parameter":[{"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"` + icd10 + `","code":"I21.99"},{"system":"` + sct + `","code":"22298006"}],"text":"infarkt"}}]}`,
			fhir.CodeSystemValidateCode, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
				return fhir.AppendValidate(b, v, p, &operation.ValidateResponse{Found: true, Coding: snomed("22298006", "hjerteinfarkt"), Message: unknown.Text, Issues: []operation.Issue{unknown}})
			}},
		{"validate-concept-all-wrong", "", `{"resourceType":"Parameters","parameter":[{"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"http://loinc.org","code":"1-8"},{"system":"` + icd10 + `","code":"I21.99"}]}}]}`,
			fhir.CodeSystemValidateCode, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
				return fhir.AppendValidate(b, v, p, &operation.ValidateResponse{Message: unknown.Text, Issues: []operation.Issue{unknown}, Unknown: []string{"http://loinc.org"}})
			}},
		{"expand", "url=http://snomed.info/sct?fhir_vs=isa/57809008&count=2&offset=0&filter=infarkt&displayLanguage=nb&includeDesignations=true&excludeNested=true", "", fhir.Expand, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendExpand(b, v, p, &operation.ExpandResponse{URL: sct + "?fhir_vs=isa/57809008", LanguageList: "nb", Total: 31, Exact: true, Published: 20250915,
				Codes: []operation.ExpandedCode{{Coding: snomed("22298006", "hjerteinfarkt"), Designations: infarction().Designations[:2]}, {Coding: snomed("155304006", "Acute myocardial infarction"), Inactive: true}},
				Used:  []terminology.Release{{System: sct, Version: edition}}})
		}},
		{"expand-count-zero", "url=http://snomed.info/sct?fhir_vs&count=0", "", fhir.Expand, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendExpand(b, v, p, &operation.ExpandResponse{URL: sct + "?fhir_vs", Total: 2258, Exact: true, Used: []terminology.Release{{System: sct, Version: edition}}})
		}},
		{"expand-posted", "", `{"resourceType":"ValueSet","url":"http://example.org/vs","version":"3","name":"Infarkt","status":"draft","compose":{"include":[{"system":"` + icd10 + `","concept":[{"code":"I21"}]}]}}`, fhir.Expand, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendExpand(b, v, p, &operation.ExpandResponse{Definition: []byte(`{"resourceType":"ValueSet","url":"http://example.org/vs","version":"3","name":"Infarkt","status":"draft","compose":{}}`), Total: 1, Exact: true, Codes: []operation.ExpandedCode{{Coding: terminology.Coding{System: icd10, Code: "I21", Display: "Akutt hjerteinfarkt"}, Abstract: true}}, Used: []terminology.Release{{System: icd10, Version: "2026"}}})
		}},
		{"translate", "", "", fhir.Translate, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendTranslate(b, v, p, []*operation.TranslateResponse{{Result: true, Source: snomed("22298006", "hjerteinfarkt"), Matches: []operation.Match{
				{Coding: terminology.Coding{System: icd10, Code: "I21.9", Display: "Uspesifisert akutt hjerteinfarkt"}, Relationship: terminology.SourceIsNarrower, Map: sct + "?fhir_cm=447562003", Group: 1, Priority: 1, Rule: "TRUE", Advice: "ALWAYS I21.9"},
				{Relationship: terminology.NotRelatedTo, Map: sct + "?fhir_cm=447562003", Group: 2, Priority: 1},
			}}})
		}},
		{"translate-evaluated", "", "", fhir.Translate, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			const refset, urinary = sct + "?fhir_cm=447562003", "IFA 445518008 | Age at onset of clinical finding (observable entity) | < 28.0 days"
			hop := operation.Hop{Coding: snomed("68566005", "urinveisinfeksjon"), Relationship: terminology.SourceIsNarrower}
			return fhir.AppendTranslate(b, v, p, []*operation.TranslateResponse{{Result: true, Source: snomed("197927001", ""), Needs: []string{"age at onset"}, Notes: []string{"197927001 has no row in the map"}, Matches: []operation.Match{
				{Coding: terminology.Coding{System: icd10, Code: "N39.0"}, Map: refset, Group: 1, Priority: 2, Rule: "OTHERWISE TRUE", State: operation.Applies, Fired: true, File: "Refset/Map/map.txt", Line: 7, From: hop.Coding, Path: []operation.Hop{hop}},
				{Coding: terminology.Coding{System: icd10, Code: "P39.3"}, Map: refset, Group: 1, Priority: 1, Rule: urinary, State: operation.Candidate, Needs: []string{"age at onset"}},
				{Coding: terminology.Coding{System: icd10, Code: "P39.4"}, Map: refset, Group: 1, Priority: 1, Rule: urinary, State: operation.Rejected, Reason: "the age at onset is 2 years"},
				{Coding: terminology.Coding{System: icd10, Code: "P39.5"}, Map: refset, State: operation.Overridden, Reason: "not shown"},
				{Coding: terminology.Coding{System: icd10, Code: "X"}, Map: "http://example.org/map", Relationship: terminology.Equivalent, Products: []terminology.MapTerm{
					{Property: "http://example.org/route", Value: terminology.Coding{Display: "oral"}}, {Property: "http://example.org/site", Value: terminology.Coding{System: sct, Code: "64033007"}}}},
			}}})
		}},
		{"translate-no-match", "", "", fhir.Translate, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendTranslate(b, v, p, []*operation.TranslateResponse{{Message: "no map has a row for the code"}})
		}},
		{"metadata", "", "", fhir.Metadata, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendCapabilityStatement(b, v, about(v)), nil
		}},
		{"metadata-terminology", "", "", fhir.Metadata, func(b []byte, v fhir.Version, p *fhir.Parameters) ([]byte, error) {
			return fhir.AppendTerminologyCapabilities(b, v, about(v), &operation.ListResponse{Releases: []operation.InstalledRelease{
				{Release: terminology.Release{Kind: terminology.KindCodeSystem, System: sct, Version: edition}, Default: true, Columns: []terminology.DisplayColumn{{Language: "nb"}, {Language: "en-US"}, {Language: "nb"}}},
				{Release: terminology.Release{Kind: terminology.KindCodeSystem, System: icd10, Version: "2026"}, Default: true},
				{Release: terminology.Release{Kind: terminology.KindCodeSystem, System: sct, Version: "http://snomed.info/sct/51000202101/version/20250315"}},
				{Release: terminology.Release{Kind: terminology.KindConceptMap, System: "http://example.org/map"}},
			}}), nil
		}},
	}
	for _, tt := range tests {
		for _, v := range []fhir.Version{fhir.R4, fhir.R5} {
			name := folders[v] + "/" + tt.name
			t.Run(name, func(t *testing.T) {
				p := fhir.Parameters{}
				p.Reset(tt.op)
				if err := p.ReadQuery(tt.query); err != nil {
					t.Fatal(err)
				}
				if tt.body != "" {
					if err := p.ReadBody([]byte(tt.body)); err != nil {
						t.Fatal(err)
					}
				}
				got, err := tt.write(nil, v, &p)
				if err != nil {
					got = fhir.AppendOutcome(nil, err)
				}
				var b bytes.Buffer
				if err := json.Indent(&b, got, "", "  "); err != nil {
					t.Fatalf("%v in %s", err, got)
				}
				b.WriteByte('\n')
				golden.Equal(t, name+".json", b.Bytes())
			})
		}
	}
}

// folders are where the answers of a version of FHIR are pinned.
var folders = map[fhir.Version]string{fhir.R4: "r4", fhir.R5: "r5"}

// about is what a server says of itself at the address of a version.
func about(v fhir.Version) fhir.Server {
	return fhir.Server{Software: "Kodeks", Version: "0.1.0", Released: "2026-11-22", BaseURL: "https://example.org/fhir/" + folders[v],
		Formats: []string{"application/fhir+json"}, Interactions: []fhir.Interaction{{Code: "read"}, {Code: "update", Writes: true}}, Operations: fhir.Operations, System: []string{"batch"}}
}
