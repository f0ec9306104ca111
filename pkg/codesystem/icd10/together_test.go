package icd10_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/icd10"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// readAll reads the only source of several files.
func readAll(t *testing.T, files ...terminology.SourceFile) *tabulartest.Sink {
	t.Helper()
	sources, err := icd10.NewSources(files, options)
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) != 1 {
		t.Fatalf("%d sources, want 1", len(sources))
	}
	sink := tabulartest.NewSink()
	if _, err := sources[0].Read(context.Background(), sink); err != nil {
		t.Fatal(err)
	}
	return sink
}

func TestWorkbook(t *testing.T) {
	sink := readAll(t, tabulartest.File("ICD-10.xlsx", tabulartest.Workbook(
		tabulartest.Sheet{Name: "Om", Rows: [][]string{{"Utgiver", "Etaten"}}},
		tabulartest.Sheet{Name: "Koder", Rows: [][]string{
			{"Kodeliste 2026"},
			{"Kode", "Tekst uten lengdebegrensning", "Tekst med maksimalt 60 tegn", "Gyldig fra", "Gyldig til", "Stjernekode", "Kjønn", "Merknad"},
			{"I21.0a", "Infarkt, lang tekst", "Infarkt", "36161", "", "", "", "x"},
			{"G01", "Betennelse", "", "36161", "43890.9993", "Ja", "K"},
		}})))
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows[0])
	}
	if diff := cmp.Diff([]string{"valid-from=1999-01-01", "Merknad=x"}, sink.Values("I21.0a")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"valid-from=1999-01-01", "valid-to=2020-02-29", "star-code=true", "sex=K"}, sink.Values("G01")); diff != "" {
		t.Error(diff)
	}
	if c := sink.Concepts["G01"]; !c.Inactive || c.To != 20200229 {
		t.Errorf("G01 is %+v", c)
	}
	if d := sink.Designations["I21.0a"]; len(d) != 2 || d[1].Term != "Infarkt" {
		t.Errorf("designations %+v", d)
	}
}

// TestNotOurs wants files of others in the same columns left alone.
func TestNotOurs(t *testing.T) {
	for name, content := range map[string]string{
		"procedures":        `[{"Kode":"AAA00","Tekst_uten_lengdebegrensning":"x"},{"Kode":"ZXD00","Tekst_uten_lengdebegrensning":"y"}]`,
		"ICPC-2":            tabulartest.Workbook(tabulartest.Sheet{Name: "A", Rows: [][]string{{"Kode", "Tekst uten lengdebegrensning"}, {"A01", "x"}, {"R05", "y"}}}),
		"pages of ICPC-2":   `{"data":[{"codeValue":"A","nameNorwegian":"x"},{"codeValue":"A.1","nameNorwegian":"x"},{"codeValue":"A01.0001","nameNorwegian":"x"}]}`,
		"codes, not titles": "A00\tx\nA01\ty\n",
	} {
		head, err := tabular.SniffFile(tabulartest.File("f", content))
		if err != nil || icd10.Match(head, false) {
			t.Errorf("%s is taken for ICD-10 (%v)", name, err)
		}
	}
}

// page is a page of the Directorate's service.
func page(total int, records ...string) string {
	return fmt.Sprintf(`{"data":[%s],"succeeded":true,"totalRecords":%d}`, strings.Join(records, ","), total)
}

const (
	pageRoot  = `{"codeValue":"ICD-10","nameNorwegian":"ICD-10","parentCode":"ICD-10","active":true}`
	pageI     = `{"codeValue":"I","nameNorwegian":"Infeksjoner","nameEnglish":"Infections","parentCode":"ICD-10","active":true,"statusChangedDate":"1998-12-31T23:00:00.000+00:00"}`
	pageBlock = `{"codeValue":"A00-A09","nameNorwegian":"Tarm","parentCode":"I","active":true}`
	pageA00   = `{"codeValue":"A00","nameNorwegian":"Kolera","compactCode":"A00","parentCode":"A00-A09","active":true}`
	pageOld   = `{"codeValue":"A00.0","nameNorwegian":"Gammel","compactCode":"A000","parentCode":"A00","active":false}`
	pageNew   = `{"codeValue":"A00.0","nameNorwegian":"Ny","compactCode":"A000","parentCode":"A99.8","active":true}`
)

func TestPages(t *testing.T) {
	sink := readAll(t, tabulartest.File("1.json", page(6, pageRoot, pageI, pageBlock)), tabulartest.File("2.json", page(6, pageA00, pageOld, pageNew)))
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows[0])
	}
	if err := sink.Whole(); err != nil {
		t.Error(err)
	}
	if got := strings.Join(sink.Path("A00.0"), " "); got != "A00 A00-A09 I ICD-10" {
		t.Errorf("path of A00.0: %s", got)
	}
	if sink.Display("A00.0") != "Ny" || sink.Concepts["A00.0"].Inactive || sink.Codes() != 2 {
		t.Errorf("A00.0 is %s, %+v of %d codes", sink.Display("A00.0"), sink.Concepts["A00.0"], sink.Codes())
	}
	if diff := cmp.Diff([]string{"status-changed=1999-01-01"}, sink.Values("I")); diff != "" {
		t.Error(diff)
	}
	if d := sink.Designations["I"]; len(d) != 2 || d[1].Language != "en" || d[1].Term != "Infections" {
		t.Errorf("designations of I: %+v", d)
	}
	var repairs []string
	for _, r := range sink.Repairs {
		repairs = append(repairs, r.Error())
	}
	if diff := cmp.Diff([]string{"2.json:1: code A00.0 again, inactive: the row of line 1 is taken", "2.json:1:parentCode: the parent A99.8 of A00.0 is not there: it is put below A00"}, repairs); diff != "" {
		t.Error(diff)
	}
	short := readAll(t, tabulartest.File("1.json", page(21526, pageRoot, pageI, pageBlock, pageA00)))
	if len(short.BadRows) != 1 || short.BadRows[0].Error() != "1.json: the pages hold 4 of 21526 records: put all pages in one folder" {
		t.Errorf("one page of many: %v", short.BadRows)
	}
}

func TestTitles(t *testing.T) {
	blocks := tabulartest.File("blocks.tsv", "A00-A09\tTarmen\nA15-A19\tLungen\nB99\tResten\n")
	chapters := tabulartest.File("chapters.tsv", "A00-B99\tKapittel en\nII\tKapittel to\n")
	sink := readAll(t, blocks, tabulartest.File("codes.csv", "ICD10;Tekst\nA000;Kolera\n"), chapters)
	if len(sink.BadRows) > 0 || sink.Display("A00-A09") != "Tarmen" || sink.Display("I") != "Kapittel en" || sink.Codes() != 1 {
		t.Errorf("%d codes, A00-A09 %q, I %q, bad %v", sink.Codes(), sink.Display("A00-A09"), sink.Display("I"), sink.BadRows)
	}
	if _, err := icd10.NewSources([]terminology.SourceFile{blocks}, options); terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), "put it in one folder with the codes") {
		t.Errorf("titles alone: %v", err)
	}
	bad := readAll(t, tabulartest.File("codes.csv", "ICD10;Tekst\nA000;Kolera\n"), tabulartest.File("b.tsv", "A00-A09\tx\nA15-A19\t\n"))
	if len(bad.BadRows) != 1 || bad.BadRows[0].Line != 2 {
		t.Errorf("a block without a title: %v", bad.BadRows)
	}
}

func TestRealTitles(t *testing.T) {
	sink := readAll(t, tabulartest.Real(t, "icd10-no/skde-ICD10.csv"), tabulartest.Real(t, "icd10-no/blocks-2016.tsv"))
	if len(sink.BadRows) > 0 || sink.Codes() != 19521 || sink.Display("A15-A19") != "Tuberkulose" || sink.Display("V0n-X59") != "Ulykker" || len(sink.Repairs) != 10 {
		t.Errorf("%d codes, A15-A19 %q, bad rows %v", sink.Codes(), sink.Display("A15-A19"), sink.BadRows)
	}
	t.Logf("%d repairs", len(sink.Repairs))
	if err := sink.Whole(); err != nil {
		t.Error(err)
	}
}

func TestTyped(t *testing.T) {
	for in, want := range map[string]string{"A000": "A00.0", "A00.0": "A00.0", "a00.0": "A00.0", "A17.0+": "A17.0", "A17.0†": "A17.0", "G01*": "G01", "i210A": "I21.0a"} {
		if got := icd10.Normalize(in); len(got) != 1 || got[0] != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestTrailingSeparators: a separator at the end of the header and of rows makes no
// column.
func TestTrailingSeparators(t *testing.T) {
	sink := readAll(t, tabulartest.File("codes.csv", "\ufeffICD10;Tekst;\r\nA000;Kolera;\r\nA001;Bl\u00e5 kolera;;\r\n"))
	if len(sink.BadRows) > 0 || sink.Codes() != 2 || sink.Display("A00.1") != "Bl\u00e5 kolera" || len(sink.Values("A00.0")) > 0 {
		t.Errorf("%d codes, %q, %q, %v", sink.Codes(), sink.Display("A00.1"), sink.Values("A00.0"), sink.BadRows)
	}
}
