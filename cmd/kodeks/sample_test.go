package main

import (
	"context"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// sample answers from a handful of real codes: what commands make of answers is
// tested with it, what the answers should be is tested in operation.
type sample struct{ grpcserver.Operations } // of what no command asks it has nothing

const (
	sctVersion   = "http://snomed.info/sct/51000202101/version/20250915"
	icd10Version = "2026"
)

func sct(code, display string) terminology.Coding {
	return terminology.Coding{System: codesystem.SNOMED, Version: sctVersion, Code: code, Display: display}
}

func icd(code, display string) terminology.Coding {
	return terminology.Coding{System: codesystem.ICD10NO, Version: icd10Version, Code: code, Display: display}
}

var sctRelease = terminology.Release{
	Kind: terminology.KindCodeSystem, Name: "snomed-51000202101", System: codesystem.SNOMED, Version: sctVersion,
	Edition: "http://snomed.info/sct/51000202101", Date: "20250915", Title: "SNOMED CT, norsk utgave", Language: "nb",
	Maps: []terminology.MapInfo{{ID: "447562003", URL: "http://snomed.info/sct?fhir_cm=447562003", Title: "SNOMED CT til ICD-10", Source: codesystem.SNOMED, Target: codesystem.ICD10NO, Sources: 2, Rows: 3}},
}

var icdRelease = terminology.Release{
	Kind: terminology.KindCodeSystem, Name: "icd-10-no", System: codesystem.ICD10NO, Version: icd10Version,
	Date: "2026", Title: "ICD-10 (norsk utgave)", Language: "nb",
}

func use(code, display string) terminology.Coding {
	return terminology.Coding{System: codesystem.SNOMED, Code: code, Display: display}
}

var infarction = operation.LookupResponse{
	Found: true, Coding: sct("22298006", "hjerteinfarkt"), Release: sctRelease, Language: "nb",
	Info: terminology.ConceptInfo{Defined: true, Effective: 20020131, Module: "900000000000207008"},
	Designations: []operation.Designation{
		{ID: "751689013", Language: "en", Use: use("900000000000003001", "Fully specified name"), Term: "Myocardial infarction (disorder)", PreferredIn: []string{"en-US", "en-GB"}, Effective: 20170731},
		{ID: "37436014", Language: "en", Use: use("900000000000013009", "Synonym"), Term: "Myocardial infarction", PreferredIn: []string{"en-US", "en-GB"}},
		{ID: "37442013", Language: "en", Use: use("900000000000013009", "Synonym"), Term: "Cardiac infarction", AcceptableIn: []string{"en-US", "en-GB"}},
		{ID: "37437017", Language: "en", Use: use("900000000000013009", "Synonym"), Term: "Infarction of heart, NOS", Inactive: true},
		{ID: "1", Language: "nb", Use: use("900000000000013009", "Synonym"), Term: "hjerteinfarkt", PreferredIn: []string{"nb"}},
		{ID: "2", Language: "nb", Use: use("900000000000013009", "Synonym"), Term: "myokardinfarkt", AcceptableIn: []string{"nb"}},
		{ID: "3", Language: "nn", Use: use("900000000000013009", "Synonym"), Term: "hjarteinfarkt", PreferredIn: []string{"nn"}},
		{ID: "4", Language: "en", Use: use("900000000000550004", "Definition"), Term: "Necrosis of the myocardium, as a result of interruption of the blood supply to the area."},
	},
	Properties: []operation.Property{
		{Code: "sufficientlyDefined", Kind: terminology.ValueBoolean, Value: "true"},
		{Code: "363698007", Description: "funnsted", Group: 1, Value: "74281007", Display: "myokard"},
		{Code: "116676008", Description: "assosiert morfologi", Group: 1, Value: "55641003", Display: "infarkt"},
		{Code: "semanticTag", Kind: terminology.ValueString, Value: "disorder"},
	},
	Parents:    []terminology.Coding{sct("414545008", "iskemisk hjertesykdom"), sct("251061000", "nekrose av myokard")},
	Children:   []terminology.Coding{sct("57054005", "akutt hjerteinfarkt"), sct("1755008", "gammelt hjerteinfarkt")},
	ChildCount: 14,
}

var concepts = map[string]operation.LookupResponse{
	"22298006": infarction,
	"57054005": {Found: true, Coding: sct("57054005", "akutt hjerteinfarkt"), Release: sctRelease, Language: "nb"},
	"155728006": {Found: true, Coding: sct("155728006", "Appendicitis"), Release: sctRelease, Language: "en", Info: terminology.ConceptInfo{Inactive: true},
		Inactivation: sct("900000000000482003", "Duplicate component"),
		Associations: []operation.Association{
			{Kind: sct("900000000000527005", "samme som"), Target: sct("74400008", "appendisitt"), Replacement: true},
			{Kind: sct("900000000000523009", "POSSIBLY EQUIVALENT TO"), Target: sct("155729003", "Appendicitis"), Inactive: true, Replacement: true},
		}},
	"22298006:{263502005=424124008}": {Found: true, Composed: true, Release: sctRelease, Parents: []terminology.Coding{sct("22298006", "hjerteinfarkt")},
		Coding:  sct("22298006:{263502005=424124008}", "22298006|hjerteinfarkt|:{263502005|klinisk forløp|=424124008|plutselig debut|}"),
		Remarks: []string{"line 1, column 12: concept 263502005 is inactive"}},
	"I21.9": {Found: true, Coding: icd("I21.9", "Uspesifisert akutt hjerteinfarkt"), Release: icdRelease, Language: "nb",
		Designations: []operation.Designation{{Language: "nb", Use: use("display", ""), Term: "Uspesifisert akutt hjerteinfarkt", PreferredIn: []string{"nb"}}},
		Parents:      []terminology.Coding{icd("I21", "Akutt hjerteinfarkt")}},
	"R50.0": {Found: true, Coding: icd("R50.0", "Feber med frysninger"), Release: icdRelease, Language: "nb", Given: "r500",
		Info: terminology.ConceptInfo{Inactive: true, From: 19990101, To: 20091231}, Replacements: []terminology.Coding{icd("R50.8", "Annen spesifisert feber")},
		Validity: terminology.NoLongerValid, InForce: terminology.Period{From: 20260101},
		Issues: []operation.Issue{{Severity: operation.SeverityWarning, Type: "business-rule", Code: "code-rule", Expression: "code", Text: "The code 'R50.0' is no longer valid"}},
		Properties: []operation.Property{
			{Code: "valid-from", Kind: terminology.ValueDateTime, Value: "1999-01-01"}, {Code: "valid-to", Kind: terminology.ValueDateTime, Value: "2009-12-31"},
			{Code: "npr-valid-to", Kind: terminology.ValueDateTime, Value: "2010-12-31"}, {Code: "replaced-by", Value: "R50.8", Display: "Annen spesifisert feber"},
		}},
	"U07.1": {Coding: icd("U07.1", ""), Release: icdRelease, Validity: terminology.NotYetValid, InForce: terminology.Period{From: 20190101, To: 20191231},
		Issues: []operation.Issue{{Text: "The code 'http://hl7.org/fhir/sid/icd-10-no#U07.1' is not yet valid on 2019-06-30: version '2020' has it, which is in force from 2020-01-01"}}},
	"I20-I25": {Found: true, Coding: icd("I20-I25", "Iskemiske hjertesykdommer"), Release: icdRelease, Language: "nb", Info: terminology.ConceptInfo{Abstract: true}, ChildCount: 6,
		Children: []terminology.Coding{icd("I20", "Angina pectoris"), icd("I21", "Akutt hjerteinfarkt")}},
}

// systemOf does what a catalog does: any name of a code system, if installed.
func systemOf(name string) (string, error) {
	uri, _ := codesystem.Resolve(name)
	if uri != codesystem.SNOMED && uri != codesystem.ICD10NO {
		return "", &terminology.Error{Op: "operation", Kind: terminology.NotFound, Coding: terminology.Coding{System: name}}
	}
	return uri, nil
}

func (sample) Lookup(_ context.Context, req operation.LookupRequest) (*operation.LookupResponse, error) {
	system, err := systemOf(req.Coding.System)
	if err != nil {
		return nil, err
	}
	found, ok := concepts[strings.ToUpper(req.Coding.Code)]
	if !ok || found.Coding.System != system {
		return &operation.LookupResponse{Coding: terminology.Coding{System: system, Code: req.Coding.Code}}, nil
	}
	if req.Date == 0 {
		found.Validity, found.InForce, found.Issues = terminology.NotAsked, terminology.Period{}, nil
	}
	return &found, nil
}

func (sample) ValidateCode(_ context.Context, req operation.ValidateCodeRequest) (*operation.ValidateCodeResponse, error) {
	found, ok := concepts[req.Coding.Code]
	if !ok {
		text := "Unknown code '" + req.Coding.Code + "' in the CodeSystem '" + req.Coding.System + "'"
		return &operation.ValidateCodeResponse{Message: text, Issues: []operation.Issue{{Type: "code-invalid", Code: "invalid-code", Text: text, Expression: "code"}}}, nil
	}
	if req.Coding.Display != "" && req.Coding.Display != found.Coding.Display {
		return &operation.ValidateCodeResponse{Coding: found.Coding, Message: "Wrong Display Name '" + req.Coding.Display + "'"}, nil
	}
	resp := &operation.ValidateCodeResponse{Result: true, Coding: found.Coding, Given: found.Given}
	if req.Date != 0 && found.Validity == terminology.NoLongerValid {
		resp.Result, resp.Inactive, resp.Validity, resp.Replacements = false, true, found.Validity, found.Replacements
		resp.Message = found.Issues[0].Text
	}
	return resp, nil
}

func (sample) Subsumes(_ context.Context, req operation.SubsumesRequest) (*operation.SubsumesResponse, error) {
	resp := &operation.SubsumesResponse{System: req.System, Version: sctVersion}
	for _, code := range []string{req.CodeA, req.CodeB} {
		if _, ok := concepts[code]; !ok {
			resp.Unknown = append(resp.Unknown, code)
		}
	}
	switch {
	case len(resp.Unknown) > 0:
	case req.CodeA == req.CodeB:
		resp.Outcome = operation.SameConcept
	case req.CodeA == "22298006":
		resp.Outcome = operation.Subsuming
	default:
		resp.Outcome = operation.SubsumedBy
	}
	return resp, nil
}

func (sample) Search(_ context.Context, req operation.SearchRequest) (*operation.SearchResponse, error) {
	if !strings.HasPrefix(req.Text, "hjerte") {
		return &operation.SearchResponse{Exact: true}, nil
	}
	hits := []operation.SearchHit{
		{Coding: sct("22298006", "hjerteinfarkt"), Language: "nb", Term: "hjerteinfarkt", Tag: "disorder", Class: "begins",
			Marked: []terminology.TextSpan{{Start: 0, End: 9}}, Rank: operation.RankKeys{Class: 2, TierName: "nb (61000202103) preferred", Letters: 13, Document: 812}},
		{Coding: sct("57054005", "akutt hjerteinfarkt"), Language: "nb", Term: "akutt infarkt i hjertet", Tag: "disorder", Class: "words",
			Marked: []terminology.TextSpan{{Start: 6, End: 9}, {Start: 16, End: 22}}, Rank: operation.RankKeys{Class: 3, Tier: 1, TierName: "nb (61000202103) acceptable", Letters: 23, Document: 120_414}},
		{Coding: icd("I21.9", "Uspesifisert akutt hjerteinfarkt"), Language: "nb", Term: "Uspesifisert akutt hjerteinfarkt", Class: "words",
			Marked: []terminology.TextSpan{{Start: 19, End: 28}}, Rank: operation.RankKeys{Class: 3, Tier: 2, Letters: 32, Document: 7}},
	}
	if len(req.Systems) > 0 {
		hits = hits[:2]
	}
	hits = hits[min(req.Offset, len(hits)):]
	resp := &operation.SearchResponse{Hits: hits[:min(len(hits), max(req.Limit, 2))], Total: 1234}
	if req.Facets {
		resp.Facets = []operation.Facet{
			{Name: operation.FacetSystem, Values: []operation.FacetValue{{Value: codesystem.SNOMED, Display: "SNOMED CT, norsk utgave", Count: 1200}, {Value: codesystem.ICD10NO, Display: "ICD-10 (norsk utgave)", Count: 34}}},
			{Name: operation.FacetTag, Exact: true},
			{Name: operation.FacetLanguage, Exact: true},
		}
		for i := range 12 {
			resp.Facets[1].Values = append(resp.Facets[1].Values, operation.FacetValue{Value: "tag " + string(rune('a'+i)), Count: 100 - i})
		}
	}
	return resp, nil
}

func (sample) Translate(_ context.Context, req operation.TranslateRequest) (*operation.TranslateResponse, error) {
	found, ok := concepts[req.Coding.Code]
	if !ok || req.Coding.Code != "22298006" {
		return &operation.TranslateResponse{Source: found.Coding}, nil
	}
	m := operation.Match{Coding: icd("I21.9", "Uspesifisert akutt hjerteinfarkt"), Map: sctRelease.Maps[0].URL, MapTitle: sctRelease.Maps[0].Title,
		Group: 1, Priority: 2, Rule: "OTHERWISE TRUE", Advice: "ALWAYS I21.9", Category: "447637006"}
	old := m
	old.Coding, old.Priority, old.Rule, old.Advice = icd("I25.2", "Gammelt hjerteinfarkt"), 1, "IFA 1755008 | Old myocardial infarction (disorder) |", "IF OLD MYOCARDIAL INFARCTION CHOOSE I25.2"
	none := m
	none.Coding, none.Group, none.Priority, none.Advice, none.Relationship = terminology.Coding{}, 2, 1, "CANNOT BE CLASSIFIED", terminology.NotRelatedTo
	return &operation.TranslateResponse{Result: true, Source: infarction.Coding, Matches: []operation.Match{old, m, none}}, nil
}

func (sample) Expand(_ context.Context, req operation.ExpandRequest) (*operation.ExpandResponse, error) {
	if strings.HasSuffix(req.URL, "fhir_vs") && req.Count < 0 {
		return nil, &terminology.Error{Op: "operation.Expand", Kind: terminology.TooCostly, Coding: terminology.Coding{System: req.URL}}
	}
	resp := &operation.ExpandResponse{URL: req.URL, Total: 27, Exact: true, Offset: req.Offset, Used: []terminology.Release{sctRelease}}
	if req.Compose != nil {
		resp.URL = req.Compose.URL
	}
	resp.Codes = []operation.ExpandedCode{
		{Coding: sct("22298006", "hjerteinfarkt")},
		{Coding: sct("57054005", "akutt hjerteinfarkt"), Designations: []operation.Designation{{Language: "nn", Term: "akutt hjarteinfarkt"}}},
		{Coding: sct("161502000", "tidligere hjerteinfarkt"), Inactive: true},
	}
	if req.Count >= 0 {
		resp.Codes = resp.Codes[:min(req.Count, 3)]
	}
	return resp, nil
}

func (sample) List(context.Context) (*operation.ListResponse, error) {
	return &operation.ListResponse{Releases: []operation.InstalledRelease{
		{Release: sctRelease, Default: true, Concepts: 512345, Active: 370000, Terms: 1612345, Imported: "2026-11-22T01:02:03Z", Bytes: 912_345_678,
			Columns: []terminology.DisplayColumn{{Language: "en-US"}, {Language: "nb", Refset: "61000202103", Count: 149142}, {Language: "nn"}}},
		{Release: icdRelease, Default: true, InForce: terminology.Period{From: 20260101}, Concepts: 19634, Active: 19634, Terms: 19634, Imported: "2026-11-22T01:00:00Z", Bytes: 6_543_210,
			Columns: []terminology.DisplayColumn{{Language: "nb"}}},
	}}, nil
}
