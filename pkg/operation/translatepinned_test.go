package operation_test

import (
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
