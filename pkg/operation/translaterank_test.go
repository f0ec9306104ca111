package operation_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// rankedFiles are a code system of rubrics, a finer one that has their codes, ICD-10, and
// maps of both, of which that of the rubrics lists targets by their codes, or as given.
func rankedFiles(lists string) []imported {
	var many strings.Builder
	for n := range 10 { // what shows how the map lists targets
		fmt.Fprintf(&many, "L%d;K0%d.0;\nL%d;K0%d.1;\n", n, n, n, n)
	}
	return []imported{
		{"a.csv", "system: {uri: 'urn:rubrics', name: rubrics, title: Rubrikker, language: nb}\ncolumns: {code: Kode, display: Tekst}",
			"Kode;Tekst\nR95;Kronisk obstruktiv lungesykdom\nK90;Hjerneslag\nR80;Influensa\nK99;Karsykdom\n"},
		{"f.csv", "system: {uri: 'urn:finer', name: finer, title: Finere, language: nb}\ncolumns: {code: Kode, display: Tekst, parent: {code: Over}}",
			"Kode;Tekst;Over\nR80;Influensa;\nR80.1;Influensa;R80\nK99;Noe annet enn karsykdom;\n"},
		{"i.csv", "system: {uri: 'http://hl7.org/fhir/sid/icd-10-no', name: icd-10-no, title: ICD-10, language: nb}\ncolumns: {code: Kode, display: Tekst}",
			"Kode;Tekst\nJ43.8;Annet spesifisert emfysem\nJ43.9;Uspesifisert emfysem\nJ44.0;Kronisk obstruktiv lungesykdom med akutt infeksjon\nJ44.8;Annen spesifisert kronisk obstruktiv lungesykdom\nJ44.9;Uspesifisert kronisk obstruktiv lungesykdom\n" +
				"G46.3;Syndrom som skyldes hjernestammeslag\nI60.9;Uspesifisert subaraknoidalblødning\nI64;Hjerneslag, ikke spesifisert som blødning eller infarkt\nJ10.1;Influensa, virus påvist\nJ11.1;Influensa, virus ikke påvist\nI77.6;Arteritt\nI99;Annen karsykdom\n"},
		{"map.csv", "map: {url: 'urn:map', name: map-rubrics, title: Rubrikker til ICD-10, source: 'urn:rubrics', target: 'http://hl7.org/fhir/sid/icd-10-no', columns: {source: Fra, target: Til, relationship: {column: Forhold, default: related-to, values: {equivalent: equivalent}}}}",
			"Fra;Til;Forhold\n" + many.String() + lists},
		{"finer.csv", "map: {url: 'urn:finermap', name: map-finer, title: Finere til ICD-10, source: 'urn:finer', target: 'http://hl7.org/fhir/sid/icd-10-no', columns: {source: Fra, target: Til}}",
			"Fra;Til\nR80.1;J11.1\nK99;I77.6\n"},
	}
}

// TestRanked: which of the targets that a map lists by their codes comes first, and why; what
// the map itself says goes before.
func TestRanked(t *testing.T) {
	const listed = "R95;J43.8;\nR95;J43.9;\nR95;J44.0;\nR95;J44.8;\nR95;J44.9;\nK90;G46.3;\nK90;I60.9;\nK90;I64;\nR80;J10.1;\nR80;J11.1;\nK99;I77.6;\nK99;I99;\n"
	unlisted := ""
	for n := range 10 {
		unlisted += fmt.Sprintf("M%d;K1%d.1;\nM%d;K1%d.0;\n", n, n, n, n)
	}
	for _, tt := range []struct{ name, lists, code, want, why string }{
		{"words of the terms", listed, "R95", "J44.9 J44.0", "its term agrees"},
		{"words, and a code for what is not specified", listed, "K90", "I64 I60.9", "its term agrees"},
		{"a code of the same term in a finer code system", listed, "R80", "J11.1 J10.1", "Finere til ICD-10 gives it for the same term"},
		{"the same code of a finer code system, which means another thing", listed, "K99", "I99 I77.6", "its term agrees"},
		{"what the map says of how near they are", strings.Replace(listed, "K90;G46.3;", "K90;G46.3;equivalent", 1), "K90", "G46.3 I64", "the map says that it is nearest"},
		{"a map whose order is its author's", unlisted + listed, "R95", "J43.8 J43.9", ""},
	} {
		s := serviceOfFiles(t, rankedFiles(tt.lists))
		for range 2 { // the second time the order is known
			resp, err := s.Translate(t.Context(), operation.TranslateRequest{Coding: coding("urn:rubrics", tt.code), Target: "icd-10"})
			if err != nil {
				t.Fatal(err)
			}
			if len(resp.Matches) < 2 || resp.Matches[0].Coding.Code+" "+resp.Matches[1].Coding.Code != tt.want || !strings.Contains(resp.Matches[0].Reason, tt.why) {
				t.Errorf("%s: %q, %q; want %s, %q", tt.name, matches(resp), resp.Matches[0].Reason, tt.want, tt.why)
			}
			for _, m := range resp.Matches[1:] {
				if m.Reason != "" {
					t.Errorf("%s: %s has a reason: %s", tt.name, m.Coding.Code, m.Reason)
				}
			}
		}
	}
}

// TestRankedWithResources: what a request brings changes the order as if it were installed:
// the order that was kept is not taken for it.
func TestRankedWithResources(t *testing.T) {
	const listed = "R95;J43.8;\nR95;J43.9;\nR95;J44.9;\n"
	s := serviceOfFiles(t, rankedFiles(listed))
	req := operation.TranslateRequest{Coding: terminology.Coding{System: "urn:rubrics", Code: "R95"}, Target: "icd-10"}
	for _, tt := range []struct {
		resource, want string
	}{
		{"", "J44.9"},
		{`{"resourceType":"CodeSystem","url":"urn:rubrics","version":"9","status":"active","content":"complete","language":"nb","concept":[{"code":"R95","display":"Emfysem"}]}`, "J43.9"},
		{"", "J44.9"},
	} {
		req.Resources, req.Coding.Version = nil, ""
		if tt.resource != "" {
			req.Resources, req.Coding.Version = [][]byte{[]byte(tt.resource)}, "9"
		}
		resp, err := s.Translate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.Matches) != 3 || resp.Matches[0].Coding.Code != tt.want {
			t.Errorf("with %q: %q, want %s first", tt.resource, matches(resp), tt.want)
		}
	}
}

// TestRankedWithPriorities: targets that their author gives priorities stay in that order,
// though in most lists it is that of the codes.
func TestRankedWithPriorities(t *testing.T) {
	files := rankedFiles("")
	m := &files[3]
	m.mapping = strings.Replace(m.mapping, "target: Til,", "target: Til, priority: Nr,", 1)
	rows := "Fra;Til;Forhold;Nr\nR95;J44.9;;3\nR95;J43.8;;1\nR95;J43.9;;2\n"
	for n := range 30 {
		rows += fmt.Sprintf("L%d;K%d.0;;1\nL%d;K%d.1;;2\n", n, n+10, n, n+10)
	}
	m.content = rows
	resp, err := serviceOfFiles(t, files).Translate(t.Context(), operation.TranslateRequest{Coding: coding("urn:rubrics", "R95"), Target: "icd-10"})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range resp.Matches {
		if m.Priority != i+1 || m.Reason != "" {
			t.Errorf("match %d is %s of priority %d, %q, want the order of the priorities", i, m.Coding.Code, m.Priority, m.Reason)
		}
	}
	if len(resp.Matches) != 3 {
		t.Errorf("%q, want 3 matches", matches(resp))
	}
}

// TestRankingHasABudget: to compare very many targets is too costly for a request that has
// little work, and what is known of them afterwards is not.
func TestRankingHasABudget(t *testing.T) {
	var many strings.Builder
	for n := range 900 {
		fmt.Fprintf(&many, "R95;A%02d.%d;\n", n/10, n%10)
	}
	s := serviceOfFiles(t, rankedFiles(many.String()))
	ask := func(ctx context.Context) error {
		resp, err := s.Translate(ctx, operation.TranslateRequest{Coding: coding("urn:rubrics", "R95"), Target: "icd-10"})
		if err == nil && (len(resp.Matches) != 900 || resp.Matches[0].Reason == "") {
			t.Errorf("%d matches, %q; want 900, and why the first is first", len(resp.Matches), resp.Matches[0].Reason)
		}
		return err
	}
	few := func() context.Context { return terminology.WithBudget(t.Context(), 5_000_000) }
	if err := ask(few()); terminology.KindOf(err) != terminology.TooCostly {
		t.Errorf("with little work: %v, want TooCostly", err)
	}
	if err := ask(t.Context()); err != nil {
		t.Error(err)
	}
	if err := ask(few()); err != nil {
		t.Errorf("once the order is known: %v", err)
	}
}
