package table

import (
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestRelationshipWords: a word means what the mapping says of it, each time, also when it is
// one of another relationship or the mapping gives the words of one to another.
func TestRelationshipWords(t *testing.T) {
	r := Relation{Default: "lik", Values: map[string]Names{
		"equivalent": {"lik"}, "source-is-narrower-than-target": {"equivalent", "videre"}, "source-is-broader-than-target": {"source-is-narrower-than-target"}, "related-to": {"nær"}}}
	for word, want := range map[string]terminology.Relationship{
		"lik": terminology.Equivalent, "LIK": terminology.Equivalent, "": terminology.Equivalent, "equivalent": terminology.SourceIsNarrower, "videre": terminology.SourceIsNarrower,
		"source-is-narrower-than-target": terminology.SourceIsBroader, "nær": terminology.RelatedTo, "not-related-to": terminology.NotRelatedTo,
	} {
		for range 50 {
			if got, ok := r.relationship(word); got != want || !ok {
				t.Fatalf("%q: %v, %v; want %v", word, got, ok, want)
			}
		}
	}
}

// TestRelationshipWordTwice: a word has one meaning.
func TestRelationshipWordTwice(t *testing.T) {
	m, err := Parse("kart.yaml", []byte("map: {url: 'urn:m', name: m, source: 'urn:a', target: 'urn:b', columns: {source: Fra, target: Til, relationship: {column: F, values: {equivalent: [lik], related-to: [Lik]}}}}"))
	if err != nil {
		t.Fatal(err)
	}
	if err = m.Check(); terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), "equivalent and related-to") {
		t.Errorf("%v, want kind Invalid and both meanings", err)
	}
}
