package operation_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestChainTellsWhatItAssumed: the code at the end of a chain rests on what a row on the way
// was judged by.
func TestChainTellsWhatItAssumed(t *testing.T) {
	const told = "the age at onset is not known, and was taken to be the age"
	for _, tt := range []struct {
		patient operation.Patient
		want    string
		told    bool
	}{
		{operation.Patient{Age: "40y"}, "c1 related-to applies > N39.0 > c1", true},
		{operation.Patient{AgeAtOnset: "40y"}, "c1 related-to applies > N39.0 > c1", false},
		{operation.Patient{}, "c1 related-to candidate > N39.0 > c1", false},
	} {
		req := operation.TranslateRequest{Coding: coding(sct, "68566005"), Target: "http://example.org/c", Patient: tt.patient}
		req.Resources = append(codeSystems(), mapOf("http://example.org/ic", "http://hl7.org/fhir/sid/icd-10", "http://example.org/c", "", "N39.0 c1 equivalent"))
		resp, err := service.Translate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if got := matches(resp); len(got) != 1 || got[0] != tt.want || slices.Contains(resp.Notes, told) != tt.told {
			t.Errorf("%+v: %q, notes %q; want %q, told: %v", tt.patient, got, append(resp.Notes, resp.Message), tt.want, tt.told)
		}
	}
}

// TestManyWays joins code systems between which there are so many maps that there are more
// ways than could be followed, over two maps and over three.
func TestManyWays(t *testing.T) {
	const n = 110
	req := operation.TranslateRequest{Coding: coding("http://example.org/a", "a1"), Target: "http://example.org/c"}
	req.Resources = codeSystems()
	for i := range n {
		req.Resources = append(req.Resources, mapOf(fmt.Sprintf("http://example.org/ab%d", i), "http://example.org/a", "http://example.org/b", "", "a1 b1 related-to"),
			mapOf(fmt.Sprintf("http://example.org/bd%d", i), "http://example.org/b", "http://example.org/d", "", "b1 d1 related-to"),
			mapOf(fmt.Sprintf("http://example.org/dc%d", i), "http://example.org/d", "http://example.org/c", "", "d1 c1 related-to"))
	}
	if _, err := service.Translate(t.Context(), req); terminology.KindOf(err) != terminology.TooCostly {
		t.Errorf("over three maps: %v, want kind TooCostly", err)
	}
	req.Target = "http://example.org/d"
	if _, err := service.Translate(t.Context(), req); terminology.KindOf(err) != terminology.TooCostly {
		t.Errorf("over two maps: %v, want kind TooCostly", err)
	}
}
