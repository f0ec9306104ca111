package icpc2_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/icpc2"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func repairs(sink *tabulartest.Sink) []string {
	var out []string
	for _, r := range sink.Repairs {
		out = append(out, r.Error())
	}
	return out
}

// TestRealEnglish holds the importer to the counts of the published workbook.
func TestRealEnglish(t *testing.T) {
	sinks := read(t, tabulartest.Real(t, "icpc2/icpc-2e-v7.0.xlsx"))
	codes, targets := sinks["icpc-2e"], sinks["map-icpc-2e-icd-10"]
	if len(sinks) != 2 || codes == nil || targets == nil || len(codes.BadRows)+len(targets.BadRows) > 0 {
		t.Fatalf("releases %v", sinks)
	}
	if err := codes.Whole(); err != nil {
		t.Error(err)
	}
	if codes.Codes() != 726 || len(codes.Concepts) != 726+18 {
		t.Errorf("%d codes of %d concepts, want 726 and 18 chapters", codes.Codes(), len(codes.Concepts))
	}
	if got := strings.Join(codes.Path("-32"), " ") + strings.Join(codes.Path("A05"), " "); got != "-A" {
		t.Errorf("chapters %s", got)
	}
	if m := targets.Maps[0]; m.Sources != 686 || m.Rows != 9913 || len(targets.Mappings) != m.Rows {
		t.Errorf("map of %d rows from %d codes, want 9913 from 686", m.Rows, m.Sources)
	}
	rows := map[int]bool{}
	for _, r := range targets.Repairs {
		rows[r.Line] = true
	}
	for _, line := range []int{107, 250, 278, 357, 657} {
		if !rows[line] {
			t.Errorf("row %d is not repaired: %v", line, repairs(targets))
		}
	}
	if len(rows) != 6 {
		t.Errorf("repaired rows of the map: %v", repairs(targets))
	}
	var k96 []string
	for _, m := range targets.Mappings {
		if m.Source == "K96" {
			k96 = append(k96, m.Target)
		}
	}
	if got := strings.Join(k96, " "); !strings.Contains(got, "K64.1 K64.2") {
		t.Errorf("K96 leads to %s", got)
	}
	if n := len(codes.Repairs); n != 10 {
		t.Errorf("%d rows repaired, want 10: %v", n, repairs(codes))
	}
}

var english = tabulartest.Workbook(tabulartest.Sheet{Name: "icpc", Rows: [][]string{
	{"Code", "preferred", "shortTitle", "inclusion", "exclusion", "criteria", "consider", "note", "icd10"},
	{"-30", "Looking at all ", "Look", "first; second"},
	{"A05", "Bad day", "Bad", "off colour", "very bad A06", "", "", "think", "R53"},
	{"K96", "Sore seat", "Sore", "", "", "", "", "", "K64,1; Z73.6, Z99.4; R53; R53;"},
}})

func TestEnglish(t *testing.T) {
	sinks := read(t, tabulartest.File("icpc-2e-v7.0.xlsx", english))
	codes, targets := sinks["icpc-2e"], sinks["map-icpc-2e-icd-10"]
	if len(codes.BadRows)+len(targets.BadRows) > 0 {
		t.Fatal(codes.BadRows, targets.BadRows)
	}
	want := []string{
		"icpc-2e-v7.0.xlsx!icpc:2:preferred: the space at the ends of the cell is left out",
		`icpc-2e-v7.0.xlsx!icpc:4:icd10: K64,1 is taken as K64.1, "Z73.6, Z99.4" is taken as 2 codes, R53 comes again, a semicolon without a code`,
	}
	if diff := cmp.Diff(want, repairs(codes)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want[1:], repairs(targets)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"exclusion=very bad A06", "note=think", "icd10=R53"}, codes.Values("A05")); diff != "" {
		t.Error(diff)
	}
	var terms []string
	for _, d := range codes.Designations["-30"] {
		terms = append(terms, d.Language+"/"+d.Use+": "+d.Term)
	}
	if diff := cmp.Diff([]string{"en/display: Looking at all", "en/short: Look", "en/inclusion: first", "en/inclusion: second"}, terms); diff != "" {
		t.Error(diff)
	}
	if codes.Display("A") != "General and unspecified" {
		t.Errorf("chapter A is %q", codes.Display("A"))
	}
	if m := targets.Maps[0]; m.Rows != 5 || m.Target != "http://hl7.org/fhir/sid/icd-10" {
		t.Errorf("map %+v", m)
	}
	sources, err := icpc2.NewSources([]terminology.SourceFile{tabulartest.File("icpc-2e-v7.0.xlsx", english)}, terminology.SourceOptions{Version: "2026-11-22", Today: "2026-11-22"})
	if err != nil {
		t.Fatal(err)
	}
	if r := sources[0].Release(); r.Version != "v7.0" || r.Date != "2026-11-22" || r.Language != "en" || r.System != icpc2.System {
		t.Errorf("release %+v", r)
	}
}

func TestEnglishBadRows(t *testing.T) {
	for rows, want := range map[string]string{
		"A05\tx\tx\t\tR5-3\n": `f:2:icd10: "R5-3" is not an ICD-10 code`,
		"C05\tx\tx\t\tR53\n":  `f:2:Code: "C05" is not a code of ICPC-2`,
		"A05\t \tx\t\tR53\n":  `f:2:preferred: code A05 has no text`,
	} {
		sink := read(t, tabulartest.File("f", "Code\tpreferred\tshortTitle\tinclusion\ticd10\n"+rows))["icpc-2e"]
		if len(sink.BadRows) != 1 || sink.BadRows[0].Error() != want {
			t.Errorf("bad rows %v, want %s", sink.BadRows, want)
		}
	}
}

func TestPages(t *testing.T) {
	one := `{"data":[{"codeValue":"ICPC-2","nameNorwegian":"ICPC-2","parentCode":"ICPC-2","active":true},
{"codeValue":"A","nameNorwegian":"Allment","nameEnglish":"General","parentCode":"ICPC-2","active":true},
{"codeValue":"A.1","nameNorwegian":"Symptomer","parentCode":"A","active":true}],"totalRecords":5}`
	two := `{"data":[{"codeValue":"A01","nameNorwegian":"Smerte","parentCode":"A.9","active":true,"statusChangedDate":"2003-12-31T23:00:00.000+00:00"},
{"codeValue":"A01.0001","compactCode":"A010001","nameNorwegian":"Vond dag","parentCode":"A01","active":false}],"totalRecords":5}`
	sources, err := icpc2.NewSources([]terminology.SourceFile{tabulartest.File("1.json", one), tabulartest.File("2.json", two)}, options)
	if err != nil || len(sources) != 2 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	a, b := tabulartest.NewSink(), tabulartest.NewSink()
	for i, sink := range []*tabulartest.Sink{a, b} {
		if _, err := sources[i].Read(t.Context(), sink); err != nil || len(sink.BadRows) > 0 {
			t.Fatal(err, sink.BadRows)
		}
		if err := sink.Whole(); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]string{"A", "A.1", "A01"}, a.Order); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`2.json:1:parentCode: the parent A.9 of A01 is not there: it is put below "A"`}, repairs(a)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"status-changed=2004-01-01"}, a.Values("A01")); diff != "" {
		t.Error(diff)
	}
	if !b.Concepts["A01.0001"].Inactive || strings.Join(b.Path("A01.0001"), " ") != "A01 A" {
		t.Errorf("A01.0001 is %+v below %v", b.Concepts["A01.0001"], b.Path("A01.0001"))
	}
	short := read(t, tabulartest.File("1.json", one))["icpc-2"]
	if len(short.BadRows) != 1 || !strings.Contains(short.BadRows[0].Error(), "the pages hold 3 of 5 records") {
		t.Errorf("one page of two: %v", short.BadRows)
	}
}

func TestNorwegianWorkbook(t *testing.T) {
	file := tabulartest.File("ICPC-2.xlsx", tabulartest.Workbook(tabulartest.Sheet{Name: "Koder", Rows: [][]string{
		{"Kode", "Tekst uten lengdebegrensning", "Tekst med maksimalt 60 tegn", "Gyldig fra", "Gyldig til"},
		{"30", "Undersøkelse", "Us", "37987"}, {"-31", "Annen", "An"}, {"A01", "Smerte", "", "37987", "45961.9993"}, {"A191", "Uro"},
	}}))
	sink := read(t, file)["icpc-2"]
	if sink == nil || len(sink.BadRows) > 0 || sink.Codes() != 4 {
		t.Fatalf("sink %+v", sink)
	}
	if c := sink.Concepts["A01"]; !c.Inactive || c.From != 20040101 || c.To != 20251031 {
		t.Errorf("A01 is %+v", c)
	}
	for _, other := range []string{tabulartest.Workbook(tabulartest.Sheet{Name: "K", Rows: [][]string{{"Kode", "Tekst uten lengdebegrensning"}, {"A00.0", "x"}, {"A00.1", "x"}}}),
		`{"data":[{"codeValue":"A00-A09","nameNorwegian":"x"},{"codeValue":"A00.0","nameNorwegian":"x"}]}`} {
		head, err := tabular.SniffFile(tabulartest.File("f.xlsx", other))
		if err != nil || icpc2.Match(head, false) {
			t.Errorf("ICD-10 is taken for ICPC-2 (%v)", err)
		}
	}
}

func TestTyped(t *testing.T) {
	for in, want := range map[string]string{"30": "30 -30", "-30": "30 -30", "A30": "A30 30 -30", "a01": "A01", "A191": "A191", "C01": ""} {
		if got := strings.Join(icpc2.Normalize(in), " "); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}
