package operation_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// icdToLetters is a map by itself, from ICD-10 to a code system that is not installed.
var icdToLetters = imported{"map.csv", "map: {url: 'urn:map', name: map-icd-letters, title: Fra ICD-10, source: 'http://hl7.org/fhir/sid/icd-10', target: 'urn:letters', columns: {source: Fra, target: Til}}",
	"Fra;Til\nI21.0;old\nI22.0;new\n"}

// TestChainOfAPinnedVersion: the first map of a chain is of the release that the source
// names, as that of a direct translation is; without a version, of the default one.
func TestChainOfAPinnedVersion(t *testing.T) {
	const edition = "http://snomed.info/sct/51000202101"
	data := t.TempDir()
	concepts := []string{"22298006", "54329005", "57054005"}
	importInto(t, data, norwegianEdition("20250315", concepts, nil, []snomedRow{
		{internationalMaps, "22298006", "1", "1", "TRUE", "I21.0"},
		{internationalMaps, "54329005", "1", "1", "TRUE", "I21.0"},
	}), codesystem.Options{})
	importInto(t, data, norwegianEdition("20250915", concepts, nil, []snomedRow{
		{internationalMaps, "22298006", "1", "1", "TRUE", "I22.0"},
		{internationalMaps, "57054005", "1", "1", "TRUE", "I22.0"},
	}), codesystem.Options{})
	importFile(t, data, icdToLetters, "2026")
	s := laterServiceOf(t, data)
	for range 2 { // the second time the roads are known
		for _, tt := range []struct{ version, code, icd, letters string }{
			{"", "22298006", "I22.0", "new"},
			{edition + "/version/20250915", "22298006", "I22.0", "new"},
			{edition + "/version/20250315", "22298006", "I21.0", "old"},
			{edition + "/version/20250315", "54329005", "I21.0", "old"},
			{edition + "/version/20250315", "57054005", "", ""},
			{edition + "/version/20250915", "54329005", "", ""},
			{"", "57054005", "I22.0", "new"},
		} {
			for target, code := range map[string]string{"icd-10": tt.icd, "urn:letters": tt.letters} {
				resp, err := s.Translate(t.Context(), operation.TranslateRequest{Coding: terminology.Coding{System: sct, Code: tt.code, Version: tt.version}, Target: target})
				if err != nil {
					t.Fatal(err)
				}
				var got, want []string
				for _, m := range resp.Matches {
					got = append(got, m.Coding.Code)
				}
				if code != "" {
					want = []string{code}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s of %q to %s (-want +got):\n%s", tt.code, tt.version, target, diff)
				}
			}
		}
		// Backwards, a road that ends at the source of the maps begins at ICD-10.
		resp, err := s.Translate(t.Context(), operation.TranslateRequest{Coding: terminology.Coding{System: "urn:letters", Code: "new"}, Target: sct})
		if err != nil || len(resp.Matches) != 2 {
			t.Errorf("backwards: %+v, %v; want the 2 of the default release", resp, err)
		}
	}
}

// TestReverseOfAPinnedVersion: a map of a code system to itself that is read in reverse is
// that of the release which the code is asked for in.
func TestReverseOfAPinnedVersion(t *testing.T) {
	data := t.TempDir()
	file := imported{"b.csv", "system: {uri: 'urn:b', name: b, title: B}\ncolumns: {code: Kode, display: Tekst, replaced-by: Ny}", ""}
	for version, rows := range map[string]string{"2025": "B1;en;B3\nB2;to;\nB3;tre;\n", "2026": "B1;en;\nB2;to;B3\nB3;tre;\n"} {
		file.content = "Kode;Tekst;Ny\n" + rows
		importFile(t, data, file, version)
	}
	s := laterServiceOf(t, data)
	for version, want := range map[string]string{"": "B2 2026", "2026": "B2 2026", "2025": "B1 2025"} {
		resp, err := s.Translate(t.Context(), operation.TranslateRequest{Coding: terminology.Coding{System: "urn:b", Code: "B3", Version: version}, Target: "urn:b", Reverse: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.Matches) != 1 || resp.Matches[0].Coding.Code+" "+resp.Matches[0].MapVersion != want {
			t.Errorf("in version %q: %+v, want %s", version, resp.Matches, want)
		}
	}
}

// TestProductsOfAChain: what goes with the targets on the way goes with the last of them.
func TestProductsOfAChain(t *testing.T) {
	product := func(url, from, to, code, target, gives string) []byte {
		return fmt.Appendf(nil, `{"resourceType":"ConceptMap","url":%q,"version":"1","status":"active","group":[{"source":%q,"target":%q,"element":[{"code":%q,"target":[{"code":%q,"relationship":"equivalent","product":[{"attribute":"urn:side","valueCode":%q}]}]}]}]}`, url, from, to, code, target, gives)
	}
	req := operation.TranslateRequest{Coding: coding("http://example.org/a", "a1"), Target: "http://example.org/c"}
	req.Resources = append(codeSystems(), product("http://example.org/ab", "http://example.org/a", "http://example.org/b", "a1", "b1", "first"), product("http://example.org/bc", "http://example.org/b", "http://example.org/c", "b1", "c1", "second"))
	resp, err := service.Translate(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	want := []terminology.MapTerm{{Property: "urn:side", Value: terminology.Coding{Code: "first"}}, {Property: "urn:side", Value: terminology.Coding{Code: "second"}}}
	if len(resp.Matches) != 1 || !cmp.Equal(want, resp.Matches[0].Products) {
		t.Errorf("%+v, want products %+v", resp.Matches, want)
	}
}
