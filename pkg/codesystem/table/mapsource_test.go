package table_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const localMap = `
map:
  url: http://example.org/fhir/ConceptMap/lokal
  name: map-lokal-icd-10
  title: Lokale diagnoser til ICD-10
  version: "2026"
  source: urn:oid:1.2.3
  target: http://hl7.org/fhir/sid/icd-10-no
  columns:
    source: [Kode, Lokal kode]
    target: ICD-10
    display: Tekst
    relationship: {column: Forhold, values: {equivalent: ["=", lik], source-is-narrower-than-target: [videre]}, default: related-to}
    group: Gruppe
    priority: Prioritet
    rule: Regel
    advice: Merknad
    depends-on: [{column: Avdeling, property: "http://example.org/avdeling"}]
    products: [{column: Tillegg, property: "http://example.org/tillegg", system: "http://hl7.org/fhir/sid/icd-10-no"}]
`

const localRows = `Lokal kode;ICD-10;Tekst;Forhold;Gruppe;Prioritet;Regel;Merknad;Avdeling;Tillegg;Annet
HJ1;I21.9;Akutt  hjerteinfarkt;=;;;;;;;x
HJ2;I20.0;Ustabil angina;videre;1;1;IFA 248152002 | Female (finding) |;bare kvinner;Hjerte;;
HJ2;I20.9;Angina;;1;2;OTHERWISE TRUE;;;Z95.1;
HJ3;;;not-related-to;;;;;;;
HJ3;I51.9;;Wider;;;;;;;
`

func readMap(tb testing.TB, mapping, content string) (*tabulartest.Sink, terminology.Release) {
	tb.Helper()
	s, err := table.NewMapSource(tabulartest.File("map.csv", content), parse(tb, mapping), options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	release, err := s.Read(context.Background(), sink)
	if err != nil {
		tb.Fatal(err)
	}
	return sink, release
}

func TestMapSource(t *testing.T) {
	sink, release := readMap(t, localMap, localRows)
	if len(sink.BadRows) > 0 {
		t.Fatal(bad(sink))
	}
	const url = "http://example.org/fhir/ConceptMap/lokal"
	info := terminology.MapInfo{ID: url, URL: url, Title: "Lokale diagnoser til ICD-10", Source: "urn:oid:1.2.3", Target: "http://hl7.org/fhir/sid/icd-10-no", Sources: 3, Rows: 5, Ordered: true}
	if diff := cmp.Diff(terminology.Release{Kind: terminology.KindConceptMap, Name: "map-lokal-icd-10", System: url, Version: "2026", Date: "2026", Title: info.Title,
		Language: "nb", Source: info.Source, Target: info.Target, Maps: []terminology.MapInfo{info}}, release); diff != "" {
		t.Error("release (-want +got):\n", diff)
	}
	row := func(line uint32, source, target, display string, r terminology.Relationship) terminology.Mapping {
		return terminology.Mapping{Map: url, Source: source, Target: target, Display: display, Relationship: r, Group: 1, Priority: 1, File: "map.csv", Line: line}
	}
	want := []terminology.Mapping{
		row(2, "HJ1", "I21.9", "Akutt hjerteinfarkt", terminology.Equivalent),
		row(3, "HJ2", "I20.0", "Ustabil angina", terminology.SourceIsNarrower),
		row(4, "HJ2", "I20.9", "Angina", terminology.RelatedTo),
		row(5, "HJ3", "", "", terminology.NotRelatedTo),
		row(6, "HJ3", "I51.9", "", terminology.SourceIsNarrower),
	}
	want[1].Rule, want[1].Advice = "IFA 248152002 | Female (finding) |", "bare kvinner"
	want[1].DependsOn = []terminology.MapTerm{{Property: "http://example.org/avdeling", Value: terminology.Coding{Display: "Hjerte"}}}
	want[2].Rule, want[2].Priority = "OTHERWISE TRUE", 2
	want[2].Products = []terminology.MapTerm{{Property: "http://example.org/tillegg", Value: terminology.Coding{System: "http://hl7.org/fhir/sid/icd-10-no", Code: "Z95.1"}}}
	want[4].Priority = 2
	if diff := cmp.Diff(want, sink.Mappings); diff != "" {
		t.Error("rows (-want +got):\n", diff)
	}
}

func TestMapSourceBadRows(t *testing.T) {
	sink, _ := readMap(t, localMap, `Lokal kode;ICD-10;Tekst;Forhold;Gruppe;Prioritet;Regel;Merknad;Avdeling;Tillegg
;I21.9;;;;;;;;
HJ1;I21.9;;nesten;;;;;;
HJ1;I21.9;;;en;;;;;
HJ1;I21.9;;;;65536;;;;
`)
	want := `map.csv:2:Lokal kode: the row has no source code
map.csv:3:Forhold: "nesten" is no relationship: want one of equivalent, source-is-narrower-than-target, source-is-broader-than-target, related-to, not-related-to, or a word of map.columns.relationship.values
map.csv:4:Gruppe: "en", want a number from 1 to 65535
map.csv:5:Prioritet: "65536", want a number from 1 to 65535`
	if got := bad(sink); got != want {
		t.Errorf("bad rows:\n%s\nwant:\n%s", got, want)
	}
	for column, want := range map[string]string{
		"Regel":    `map.columns.rule: column "Regel" is not in the file`,
		"Avdeling": `map.columns.depends-on[0].column: column "Avdeling" is not in the file`,
		"ICD-10":   `map.columns.target: column "ICD-10" is not in the file`,
	} {
		_, err := table.NewMapSource(tabulartest.File("map.csv", strings.Replace(localRows, column, "Noe", 1)), parse(t, localMap), options)
		if err == nil || terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("without %s: %v, want %s", column, err, want)
		}
	}
}

// FuzzMapSource states what holds for every table: each row that is said has a source,
// a line, and a place among those of its source; two readings say the same.
func FuzzMapSource(f *testing.F) {
	f.Add(localRows)
	f.Add("Kode;ICD-10;Tekst;Forhold;Gruppe;Prioritet;Regel;Merknad;Avdeling;Tillegg\na;b;\"c\nd\";;;;;;;\n")
	m := parse(f, localMap)
	f.Fuzz(func(t *testing.T, content string) {
		s, err := table.NewMapSource(tabulartest.File("map.csv", content), m, options)
		if err != nil {
			return
		}
		one, two := tabulartest.NewSink(), tabulartest.NewSink()
		_, err = s.Read(context.Background(), one)
		_, again := s.Read(context.Background(), two)
		if (err == nil) != (again == nil) || !cmp.Equal(one.Mappings, two.Mappings) {
			t.Fatalf("two readings differ: %v, %v", err, again)
		}
		for _, m := range one.Mappings {
			if m.Source == "" || m.Line == 0 || m.Group == 0 && m.Priority == 0 {
				t.Fatalf("the row %+v", m)
			}
		}
	})
}

func ExampleNewMapSource() {
	m, err := table.Parse("map.yaml", []byte(`
map: {url: "http://example.org/fhir/ConceptMap/lokal", name: map-lokal, source: "urn:oid:1.2.3", target: "http://snomed.info/sct",
  columns: {source: Kode, target: SNOMED CT}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := table.NewMapSource(tabulartest.File("map.csv", "Kode;SNOMED CT\nHJ1;22298006\n"), m, terminology.SourceOptions{Version: "2026"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	_, err = s.Read(context.Background(), sink)
	fmt.Println(sink.Mappings[0].Source, sink.Mappings[0].Target, sink.Mappings[0].Relationship, err)

	_, err = table.NewMapSource(tabulartest.File("map.csv", "Kode;SCT\nHJ1;22298006\n"), m, terminology.SourceOptions{})
	fmt.Println(err)
	// Output:
	// HJ1 22298006 related-to <nil>
	// table.NewMapSource: invalid input: map.csv, by map.yaml: map.columns.target: column "SNOMED CT" is not in the file; its columns are Kode, SCT
}
