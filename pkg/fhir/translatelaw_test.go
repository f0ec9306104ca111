package fhir_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestTranslateVersionsLaw states what holds of every answer: R4 and R5 tell the same facts,
// and only the words for how near a target is, and the name of the map, differ.
func TestTranslateVersionsLaw(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for n := range 200 {
		var resp operation.TranslateResponse
		for i := range random.IntN(4) {
			m := operation.Match{Coding: terminology.Coding{System: "urn:b", Version: "2", Code: fmt.Sprint(i), Display: "b"}, Relationship: terminology.Relationship(random.IntN(4)),
				Map: "urn:map", MapVersion: []string{"", "1"}[random.IntN(2)], Group: random.IntN(2), Priority: random.IntN(2), Advice: []string{"", "råd"}[random.IntN(2)],
				State: []operation.MatchState{operation.Applies, operation.Candidate}[random.IntN(2)], Reason: []string{"", "grunn"}[random.IntN(2)], File: "f.csv", Line: 3}
			resp.Matches, resp.Result = append(resp.Matches, m), true
		}
		text := map[fhir.Version][]byte{}
		for _, v := range []fhir.Version{fhir.R4, fhir.R5} {
			p, err := parameters(fhir.Translate, "", "")
			if err != nil {
				t.Fatal(err)
			}
			if text[v], err = fhir.AppendTranslate(nil, v, p, []*operation.TranslateResponse{&resp}); err != nil {
				t.Fatal(err)
			}
		}
		r4 := bytes.ReplaceAll(text[fhir.R4], []byte(`"name":"source","valueUri"`), []byte(`"name":"originMap","valueCanonical"`))
		for r := terminology.RelatedTo; r <= terminology.NotRelatedTo; r++ {
			r4 = bytes.ReplaceAll(r4, []byte(`"equivalence","valueCode":"`+r.Equivalence()+`"`), []byte(`"relationship","valueCode":"`+r.String()+`"`))
		}
		if !bytes.Equal(r4, text[fhir.R5]) {
			t.Fatalf("answer %d: R4, in the words of R5\n%s\nR5\n%s", n, r4, text[fhir.R5])
		}
	}
}
