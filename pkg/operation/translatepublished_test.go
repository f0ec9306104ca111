package operation_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// publishedConcept is a concept of the published sample of the map to ICD-10, with the rows
// that hold for it.
type publishedConcept struct {
	ConceptID string `json:"conceptId"`
	Norwegian struct {
		Value string `json:"value"`
	} `json:"termNorwegianSCT"`
	Mapping []struct {
		Code     string `json:"icd10Code"`
		Group    string `json:"mapGroup"`
		Priority string `json:"mapPriority"`
		Sex      string `json:"genderSpecific"` // K, M or nothing
		Module   struct {
			ID string `json:"moduleId"`
		} `json:"module"`
	} `json:"mapping"`
}

// otherwise is a code that no row of the sample leads to.
const otherwise = "X99"

// publishedMapRows reads the sample of 1,000 concepts, and skips the test where it is not.
func publishedMapRows(t *testing.T) (list []publishedConcept, concepts []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(published, "fat-api", "icd10_codes_hp.json"))
	if err != nil {
		t.Skip("skipped: there is no such real data here:", err)
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		concepts = append(concepts, c.ConceptID)
		for _, m := range c.Mapping {
			if m.Code == otherwise {
				t.Fatalf("%s leads to %s, which the test takes for a code of its own", c.ConceptID, otherwise)
			}
		}
	}
	return list, concepts
}

// verdicts writes the matches of a translation as what became of the rows of its map.
func verdicts(r *operation.TranslateResponse) []string {
	var out []string
	for _, m := range r.Matches {
		s := fmt.Sprintf("%d.%d %s %s", m.Group, m.Priority, m.Coding.Code, m.State)
		if m.Fired {
			s += ", fired"
		}
		if m.Reason != "" {
			s += ": " + m.Reason
		}
		out = append(out, s)
	}
	return out
}

// TestNorwegianRowsWin: of one release with the published rows of both modules, in which each
// concept with Norwegian rows has International ones too, the Norwegian ones come first and
// only they apply, and the International ones are told as overridden.
func TestNorwegianRowsWin(t *testing.T) {
	list, concepts := publishedMapRows(t)
	var rows []snomedRow
	counts := map[string]int{}
	for _, c := range list {
		norwegian := false
		for _, m := range c.Mapping {
			counts[m.Module.ID]++
			norwegian = norwegian || m.Module.ID == norwegianModule
			rows = append(rows, snomedRow{m.Module.ID, c.ConceptID, m.Group, m.Priority, "TRUE", m.Code})
		}
		if norwegian { // in its first group, before and after Norwegian rows, and in one of its own
			rows = append(rows, snomedRow{internationalMaps, c.ConceptID, "1", "1", "TRUE", otherwise},
				snomedRow{internationalMaps, c.ConceptID, "1", "9", "OTHERWISE TRUE", otherwise}, snomedRow{internationalMaps, c.ConceptID, "9", "1", "TRUE", otherwise})
		}
	}
	data := t.TempDir()
	importInto(t, data, norwegianEdition("20250915", concepts, nil, rows), codesystem.Options{LenientIDs: true})
	s := laterServiceOf(t, data)
	overridden := 0
	for _, c := range list {
		resp, err := s.Translate(t.Context(), operation.TranslateRequest{Coding: coding(sct, c.ConceptID), Target: "icd-10"})
		if err != nil {
			t.Fatal(err)
		}
		var want, notes []string
		for _, m := range c.Mapping {
			want = append(want, m.Group+"."+m.Priority+" "+m.Code+" applies, fired")
		}
		slices.Sort(want)
		if len(c.Mapping) > 0 && c.Mapping[0].Module.ID == norwegianModule {
			for _, at := range []string{"1.1", "1.9", "9.1"} {
				want = append(want, at+" "+otherwise+" overridden: rows of an extension stand in its place")
			}
			notes = []string{"3 rows of the International Edition give way to the extension's"}
			overridden++
		}
		if diff := cmp.Diff(want, verdicts(resp)); diff != "" || resp.Result != (len(c.Mapping) > 0) {
			t.Errorf("%s, result %v (-want +got):\n%s", c.ConceptID, resp.Result, diff)
		}
		if diff := cmp.Diff(notes, resp.Notes); diff != "" {
			t.Errorf("%s: notes (-want +got):\n%s", c.ConceptID, diff)
		}
	}
	if counts[internationalMaps] != 914 || counts[norwegianModule] != 195 || len(counts) != 2 || overridden != 147 {
		t.Errorf("rows %v, %d concepts with Norwegian ones; want 914, 195 and 147", counts, overridden)
	}
	back, err := s.Translate(t.Context(), operation.TranslateRequest{Coding: terminology.Coding{System: "icd-10", Code: otherwise}, Target: sct, Reverse: true})
	if err != nil || back.Result || len(back.Matches) > 0 {
		t.Errorf("from %s in reverse: %v, %q; want none, since no row that leads to it holds", otherwise, err, verdicts(back))
	}
}

// TestPublishedRowsBySex: the published rows that are for one sex only, as rules and what
// applies otherwise, for patients of which it is known and not.
func TestPublishedRowsBySex(t *testing.T) {
	list, concepts := publishedMapRows(t)
	rules := map[string]string{"K": "IFA 248152002 | Female (finding) |", "M": "IFA 248153007 | Male (finding) |"}
	var rows []snomedRow
	counts, terms := map[string]int{}, map[string]string{}
	for _, c := range list {
		if c.Norwegian.Value != "" {
			terms[c.ConceptID] = c.Norwegian.Value
		}
		for _, m := range c.Mapping {
			if m.Sex == "" {
				continue
			}
			counts[m.Sex]++
			rows = append(rows, snomedRow{m.Module.ID, c.ConceptID, m.Group, "1", rules[m.Sex], m.Code}, snomedRow{m.Module.ID, c.ConceptID, m.Group, "2", "OTHERWISE TRUE", otherwise})
		}
	}
	if counts["K"] != 56 || counts["M"] != 8 || len(counts) != 2 {
		t.Fatalf("rows by sex: %v, want 56 of K and 8 of M", counts)
	}
	data := t.TempDir()
	importInto(t, data, norwegianEdition("20250915", concepts, terms, rows), codesystem.Options{LenientIDs: true})
	s := laterServiceOf(t, data)
	asked := 0
	for _, c := range list {
		for _, sex := range []string{"female", "male", ""} {
			var first, last, needs []string // what applies or may, and what does not
			for _, m := range c.Mapping {
				rule, other := m.Group+".1 "+m.Code, m.Group+".2 "+otherwise
				switch {
				case m.Sex == "":
				case sex == "":
					first = append(first, rule+" candidate", other+" candidate: applies when no row of its group before it does")
					needs = []string{"sex"}
				case (sex == "female") == (m.Sex == "K"):
					first, last = append(first, rule+" applies, fired"), append(last, other+" passed: row "+m.Group+".1 comes before it")
				default:
					first, last = append(first, other+" applies, fired"), append(last, rule+" rejected: the sex is "+sex)
				}
			}
			if len(first) == 0 {
				continue
			}
			asked++
			resp, err := s.Translate(t.Context(), operation.TranslateRequest{Coding: coding(sct, c.ConceptID), Target: "icd-10", Patient: operation.Patient{Sex: sex}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append(first, last...), verdicts(resp)); diff != "" || !resp.Result {
				t.Errorf("%s, sex %q (-want +got):\n%s", c.ConceptID, sex, diff)
			}
			if resp.Source.Display != terms[c.ConceptID] {
				t.Errorf("%s is %q, want its Norwegian term", c.ConceptID, resp.Source.Display)
			}
			if diff := cmp.Diff(needs, resp.Needs); diff != "" {
				t.Errorf("%s, sex %q: needs (-want +got):\n%s", c.ConceptID, sex, diff)
			}
		}
	}
	if len(terms) < 900 {
		t.Errorf("%d Norwegian terms", len(terms))
	}
	if asked < 3*50 {
		t.Errorf("%d questions", asked)
	}
}
