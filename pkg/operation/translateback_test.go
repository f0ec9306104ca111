package operation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ruledFiles are two code systems, in one of which codes look alike, and a map between
// them with rules: random ones of some sources.
func ruledFiles(seed uint64) []imported {
	random := rand.New(rand.NewPCG(seed, 1))
	targets := []string{"1.1", "11", "110", "58", "580", "58.1", "58.10", "ab", "AB"}
	rules := []string{"", "TRUE", "OTHERWISE TRUE", "IFA 248152002 | Female |", "IFA 248153007 | Male |", "IFA 424144002 | Age | < 18.0 years", "IFA 424144002 | Age | >= 18.0 years AND IFA 248152002"}
	var a, rows strings.Builder
	for n := range 30 {
		fmt.Fprintf(&a, "A%d;en\n", n)
		for group := range 1 + random.IntN(2) {
			for priority := range 1 + random.IntN(4) {
				place := fmt.Sprint(priority + 1)
				switch n % 5 {
				case 0: // in the order of the file
					place = ""
				case 1: // several with the first priority
					place = "1"
				}
				fmt.Fprintf(&rows, "A%d;%s;%d;%s;%s\n", n, targets[random.IntN(len(targets))], group+1, place, rules[random.IntN(len(rules))])
			}
		}
	}
	return []imported{
		{"a.csv", "system: {uri: 'urn:a', name: a, title: A}\ncolumns: {code: Kode, display: Tekst}", "Kode;Tekst\n" + a.String()},
		{"b.csv", "system: {uri: 'urn:b', name: b, title: B, case-sensitive: true}\ncolumns: {code: Kode, display: Tekst, parent: {code: Over}}",
			"Kode;Tekst;Over\n1.1;en;\n11;to;\n110;tre;\n58;fire;\n580;fem;\n58.1;seks;58\n58.10;sju;58.1\nab;liten;\nAB;stor;\n"},
		{"map.csv", "map: {url: 'urn:map', name: map-a-b, title: A til B, source: 'urn:a', target: 'urn:b', columns: {source: Fra, target: Til, group: Gruppe, priority: Nr, rule: Regel}}",
			"Fra;Til;Gruppe;Nr;Regel\n" + rows.String()},
	}
}

// TestReverseLaw states what holds of every map with rules and every patient: a row that is
// read in reverse is judged as when its source is translated, and leads to no other code.
func TestReverseLaw(t *testing.T) {
	patients := []operation.Patient{{}, {Sex: "female"}, {Sex: "male", Age: "17y"}, {Sex: "female", Age: "18y"}, {Sex: "other", Age: "63y"}}
	for seed := range uint64(3) {
		s := serviceOfFiles(t, ruledFiles(seed))
		for _, p := range patients {
			forward := map[string][]string{} // of each target
			for n := range 30 {
				resp, err := s.Translate(t.Context(), operation.TranslateRequest{URL: "urn:map", Coding: coding("urn:a", fmt.Sprintf("A%d", n)), Patient: p})
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range resp.Matches {
					forward[m.Coding.Code] = append(forward[m.Coding.Code], fmt.Sprintf("A%d %d.%d %s %v", n, m.Group, m.Priority, m.State, m.Fired))
				}
			}
			for _, target := range []string{"1.1", "11", "110", "58", "580", "58.1", "58.10", "ab", "AB"} {
				resp, err := s.Translate(t.Context(), operation.TranslateRequest{URL: "urn:map", Coding: coding("urn:b", target), Reverse: true, Patient: p})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, m := range resp.Matches {
					got = append(got, fmt.Sprintf("%s %d.%d %s %v", m.Coding.Code, m.Group, m.Priority, m.State, m.Fired))
				}
				slices.Sort(got)
				slices.Sort(forward[target])
				if diff := cmp.Diff(forward[target], got); diff != "" {
					t.Fatalf("seed %d, %+v: rows that lead to %s (-forward +reverse):\n%s", seed, p, target, diff)
				}
			}
		}
	}
}

// TestPrefixFollowsTheCodeSystem: what begins with a code is more special than it where its
// code system says so, and not where codes only look alike.
func TestPrefixFollowsTheCodeSystem(t *testing.T) {
	files := ruledFiles(0)
	files[2].content = "Fra;Til;Gruppe;Nr;Regel\nA0;58;;;\nA1;580;;;\nA2;58.1;;;\nA3;58.10;;;\nA4;110;;;\nA5;1.1;;;\n"
	s := serviceOfFiles(t, files)
	for code, want := range map[string]string{"58": "A0 A2 A3", "58.1": "A2 A3", "580": "A1", "11": "", "110": "A4"} {
		resp, err := s.Translate(t.Context(), operation.TranslateRequest{URL: "urn:map", Coding: coding("urn:b", code), Reverse: true, Prefix: true})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range resp.Matches {
			got = append(got, m.Coding.Code)
		}
		if slices.Sort(got); strings.Join(got, " ") != want {
			t.Errorf("%s: from %q, want %q", code, got, want)
		}
	}
}

// TestPrefixOfNumbers: of a code system that is not installed, the beginning of a number
// means nothing.
func TestPrefixOfNumbers(t *testing.T) {
	const url, foundation = "http://example.org/ConceptMap/entities", "http://example.org/entities"
	req := operation.TranslateRequest{URL: url, Reverse: true, Prefix: true}
	req.Resources = [][]byte{mapOf(url, sct, foundation, "", "22298006 1234567 equivalent", "57054005 12 equivalent", "73211009 E11.9 equivalent")}
	for code, want := range map[string]int{"123": 0, "1234567": 1, "12345678": 0, "E11": 1} {
		req.Coding = terminology.Coding{System: foundation, Code: code}
		resp, err := service.Translate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.Matches) != want {
			t.Errorf("%s: %d matches, want %d: %+v", code, len(resp.Matches), want, resp.Matches)
		}
	}
}
