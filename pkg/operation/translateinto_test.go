package operation_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestIntoAnotherVersion: the members of a value set of another version than the code's are
// found in that version, which is told.
func TestIntoAnotherVersion(t *testing.T) {
	const older = "http://snomed.info/sct/51000202101/version/20250315"
	req := operation.TranslateRequest{Coding: coding(sct, "54329005"), Into: sct + "?fhir_vs=refset/1991000202102"}
	want, err := service.Translate(t.Context(), req)
	if err != nil || !want.Result {
		t.Fatalf("%+v, %v", want, err)
	}
	req.Coding.Version = older
	newer := want.Matches[0].Coding.Version
	pinned := operation.TranslateRequest{Coding: coding(sct, "54329005"), Into: older + "?fhir_vs=refset/1991000202102"}
	for name, r := range map[string]struct {
		req     operation.TranslateRequest
		version string
	}{"a code of an older version": {req, newer}, "a value set of an older version": {pinned, older}} {
		got, err := service.Translate(t.Context(), r.req)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(matches(want), matches(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for _, m := range got.Matches {
			if m.Coding.Version != r.version {
				t.Errorf("%s: a member of version %s, want %s", name, m.Coding.Version, r.version)
			}
		}
		if notes := strings.Join(got.Notes, "\n"); !strings.Contains(notes, r.version) {
			t.Errorf("%s: notes %q, want version %s", name, notes, r.version)
		}
	}
	pinned.Coding = terminology.Coding{System: sct, Code: "54329005", Version: older}
	if got, err := service.Translate(t.Context(), pinned); err != nil || len(got.Notes) > 0 || len(got.Matches) != len(want.Matches) {
		t.Errorf("both of the older version: %+v, %v", got, err)
	}
}
