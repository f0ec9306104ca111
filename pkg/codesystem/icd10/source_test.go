package icd10_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/icd10"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// today is later than all that the tests hold to be past.
var options = terminology.SourceOptions{Version: "2026", Today: "2026-11-22"}

func read(tb testing.TB, file terminology.SourceFile) *tabulartest.Sink {
	tb.Helper()
	src, err := icd10.NewSource(file, options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	if _, err := src.Read(context.Background(), sink); err != nil {
		tb.Fatal(err)
	}
	return sink
}

// TestRealFiles holds the importer to the counts of the published files.
func TestRealFiles(t *testing.T) {
	for _, tt := range []struct {
		file  string
		codes int
	}{
		{"icd10-no/tsm-icd10.csv", 19634},
		{"icd10-no/tsm-icd10.json", 19634},
		{"icd10-no/navikt-ICD10.json", 19634},
		{"icd10-no/skde-ICD10.csv", 19521},
	} {
		t.Run(tt.file, func(t *testing.T) {
			file := tabulartest.Real(t, tt.file)
			sink := read(t, file)
			if len(sink.BadRows) > 0 {
				t.Fatalf("bad rows, the first: %v", sink.BadRows[0])
			}
			if sink.Codes() != tt.codes || sink.Rows[file.Name] != tt.codes || int64(sink.Bytes) != file.Size {
				t.Errorf("codes %d, rows %d, bytes %d, want %d codes and %d bytes", sink.Codes(), sink.Rows[file.Name], sink.Bytes, tt.codes, file.Size)
			}
			if err := sink.Whole(); err != nil {
				t.Error(err)
			}
			for code := range sink.Concepts {
				if path := sink.Path(code); !sink.Concepts[code].Abstract && (len(path) < 1 || sink.Display(path[len(path)-1]) == "") {
					t.Errorf("%s is in no chapter: %v", code, path)
				}
				if got := icd10.Normalize(code); len(got) != 1 || got[0] != code {
					t.Errorf("Normalize(%q) = %q, want itself", code, got)
				}
			}
			for code, want := range map[string]string{
				"A00.0":  "A00-A09 I",
				"I21.0a": "I21.0 I20-I25 IX",
				"C50.1":  "C50 II",
				"V0n.0a": "V0n-X59 XX",
				"V8n.0a": "V80-V89 V0n-X59 XX",
				"X5n.0a": "W7n-X59 W0n-X59 V0n-X59 XX",
				"V9s.0a": "V9s V0n-X59 XX",
				"Y4n":    "Y4n-Y59 XX",
				"U07.1":  "U00-U49 XXII",
			} {
				if _, ok := sink.Concepts[code]; !ok {
					t.Errorf("%s is not in this file", code)
					continue
				}
				if got := strings.Join(sink.Path(code), " "); got != want {
					t.Errorf("path of %s = %q, want %q", code, got, want)
				}
			}
			groups := len(sink.Concepts) - sink.Codes()
			t.Logf("%d codes, %d groups", sink.Codes(), groups)
		})
	}
}

func TestRealDownload(t *testing.T) {
	sink := read(t, tabulartest.Real(t, "fat-api/download-ICD10.sample.json"))
	if len(sink.BadRows) > 0 || len(sink.Concepts) != 8 || sink.Codes() != 6 {
		t.Fatalf("%d concepts, %d codes, bad rows %v", len(sink.Concepts), sink.Codes(), sink.BadRows)
	}
	want := []string{"valid-from=1999-01-01", "npr-reportable=true", "npr-valid-from=1999-01-01", "unspecific=true"}
	if diff := cmp.Diff(want, sink.Values("A00.9")); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(sink.Path("A00.9"), " "); got != "A00 A00-A09 I" {
		t.Errorf("path %q", got)
	}
}

const download = `[
 {"Kode": "A00.0", "Tekst_uten_lengdebegrensning": "Kolera som skyldes Vibrio cholerae 01, biovar cholerae", "Tekst_med_maksimalt_60_tegn": "Kolera, biovar cholerae",
  "Gyldig_fra": "1998-12-31T23:00:00.000+00:00", "Gyldig_til": null, "Rapporteres_til_NPR": "Ja", "NPR_Gyldig_til": "2004-12-31T23:59:00",
  "Stjernekode": "", "Tilleggskode": "Ja", "Kjønn": "K", "Foreldrekode": "A00", "Foreldrekodetekst": "Kolera (cholera)", "Nytt_felt": 7},
 {"Kode": "A00", "Tekst_uten_lengdebegrensning": "Kolera (cholera)", "Rapporteres_til_NPR": null, "Foreldrekode": "A00-A09", "Foreldrekodetekst": "Infeksiøse tarmsykdommer"},
 {"Kode": "I", "Tekst_uten_lengdebegrensning": "(A00-B99) Visse infeksjonssykdommer og parasittsykdommer", "Foreldrekode": null},
 {"Kode": "Y4n", "Tekst_uten_lengdebegrensning": "Bivirkning", "Gyldig_til": "2026-11-21T23:59:00", "Foreldrekode": "Y4n"}
]`

func TestDownload(t *testing.T) {
	sink := read(t, tabulartest.File("ICD10.json", download))
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows)
	}
	want := []string{"valid-from=1999-01-01", "npr-reportable=true", "npr-valid-to=2004-12-31", "additional-code=true", "sex=K", "Nytt_felt=7"}
	if diff := cmp.Diff(want, sink.Values("A00.0")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"npr-reportable=false"}, sink.Values("A00")); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(sink.Path("A00.0"), " "); got != "A00 A00-A09 I" {
		t.Errorf("path of A00.0 = %q: a block without a row of its own stands under its chapter", got)
	}
	if got := sink.Concepts["A00-A09"]; !got.Abstract || sink.Display("A00-A09") != "Infeksiøse tarmsykdommer" {
		t.Errorf("the parent that has no row: %+v, %q", got, sink.Display("A00-A09"))
	}
	if sink.Concepts["A00"].Abstract || !sink.Concepts["I"].Abstract {
		t.Error("a category is a code, a chapter is not")
	}
	if !sink.Concepts["Y4n"].Inactive || sink.Concepts["A00.0"].Inactive || len(sink.Path("Y4n")) != 0 {
		t.Errorf("Y4n ended yesterday and is its own parent: %+v, %v", sink.Concepts["Y4n"], sink.Path("Y4n"))
	}
	if d := sink.Designations["A00.0"]; len(d) != 2 || d[1].Use != terminology.UseShort || d[1].Term != "Kolera, biovar cholerae" || d[1].Preferred {
		t.Errorf("designations of A00.0: %+v", d)
	}
}

// TestBadRows says what a person sees of each mistake in a file.
func TestBadRows(t *testing.T) {
	const fat = `[{"Kode":"A00","Tekst_uten_lengdebegrensning":"Kolera","Foreldrekode":"I"},
{"Kode":"I","Tekst_uten_lengdebegrensning":"Kapittel"},
`
	for _, tt := range []struct {
		name, content string
		want          []string
	}{
		{"code given twice", "system#code#text\nICD10#A00.0#a\nICD10#A00.0#b\n",
			[]string{"f:3: code A00.0 is given twice: A00.0 on line 2"}},
		{"codes that differ by case only", "code;text\nI21.0a;x\nI210a;y\n",
			[]string{"f:3: code I21.0a is given twice: I21.0a on line 2"}},
		{"no code", "ICD10;Tekst\nA00;a\nkolera;b\n;c\n",
			[]string{`f:3:ICD10: "kolera" is not an ICD-10 code, block or chapter`, `f:4:ICD10: "" is not an ICD-10 code, block or chapter`}},
		{"upper-case suffix", "ICD10;Tekst\nI210A;a\n",
			[]string{`f:2:ICD10: "I210A" is not an ICD-10 code, block or chapter`}},
		{"no text", "ICD10;Tekst\nA00; \n", []string{"f:2:Tekst: code A00 has no text"}},
		{"other system in between", "system#code#text\nICD10#A00.0#a\nICPC2#A01#b\n", []string{`f:3:system: system "ICPC2", want "ICD10"`}},
		{"too few cells", "ICD10;Tekst\nA00\n", []string{`f:2: the row has 1 cell, the header 2 (is the delimiter ';'?)`}},
		{"reportable is neither Ja nor empty", fat + `{"Kode":"A00.0","Tekst_uten_lengdebegrensning":"x","Rapporteres_til_NPR":"Nei"}]`,
			[]string{`f:3:Rapporteres_til_NPR: "Nei", want "Ja", "" or null`}},
		{"not a date", fat + `{"Kode":"A00.0","Tekst_uten_lengdebegrensning":"x","Gyldig_fra":"31.12.2004"}]`,
			[]string{`f:3:Gyldig_fra: "31.12.2004" is not a date`}},
		{"a year and a number of a workbook are no days in a text", fat + `{"Kode":"A00.0","Tekst_uten_lengdebegrensning":"x","Gyldig_fra":"2020"},
{"Kode":"A00.1","Tekst_uten_lengdebegrensning":"x","Gyldig_fra":"36161"}]`,
			[]string{`f:3:Gyldig_fra: "2020" is not a date`, `f:4:Gyldig_fra: "36161" is not a date`}},
		{"parent that is nowhere", fat + `{"Kode":"A01.0","Tekst_uten_lengdebegrensning":"x","Foreldrekode":"A01"}]`,
			[]string{"f:3:Foreldrekode: the parent A01 of A01.0 is not in the file"}},
		{"truncated", fat + `{"Kode":"A0`, []string{"f:3: the file ends inside its JSON array: it is truncated, fetch it again"}},
		{"header only", "ICD10;Tekst\n", []string{"f: the file holds no codes"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sink := read(t, tabulartest.File("f", tt.content))
			var got []string
			for _, row := range sink.BadRows {
				got = append(got, row.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBadRowsEndReading(t *testing.T) {
	src, err := icd10.NewSource(tabulartest.File("f", "ICD10;Tekst\n"+strings.Repeat("x;y\n", 1000)), options)
	if err != nil {
		t.Fatal(err)
	}
	sink := tabulartest.NewSink()
	if _, err := src.Read(context.Background(), sink); err == nil || len(sink.BadRows) != tabulartest.MaxBad {
		t.Errorf("Read: %v after %d bad rows, want an error after %d", err, len(sink.BadRows), tabulartest.MaxBad)
	}
}

func TestReadStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var rows strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&rows, "A%02d.%d;x\n", i/10, i%10)
	}
	src, err := icd10.NewSource(tabulartest.File("f", "ICD10;Tekst\n"+rows.String()), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Read(ctx, tabulartest.NewSink()); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Read after cancel: %v", err)
	}
}

func TestNotICD10(t *testing.T) {
	for name, content := range map[string]string{
		"ICPC-2 by its system":  "system#code#text\nICPC2#A01#x\n",
		"ICPC-2 by its codes":   `[{"code":"A01","text":"x"},{"code":"A191","text":"y"}]`,
		"ICPC-2 of the FAT":     `[{"Kode":"A01","Tekst_uten_lengdebegrensning":"x","Kodeverk":"ICPC-2"}]`,
		"other table":           "id;name\n1;x\n",
		"text without any cell": "hello\n",
		"empty":                 "",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := icd10.NewSource(tabulartest.File("f", content), options)
			if terminology.KindOf(err) != terminology.Invalid {
				t.Errorf("NewSource: %v, want kind Invalid", err)
			}
		})
	}
}

func Example() {
	file := tabulartest.File("icd10.csv", "system#code#text\nICD10#I21.0#Akutt transmuralt hjerteinfarkt i fremre vegg\n")
	src, err := icd10.NewSource(file, terminology.SourceOptions{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.System, release.Version, err)
	fmt.Println(sink.Display("I21.0"), sink.Path("I21.0"))
	// Output:
	// http://hl7.org/fhir/sid/icd-10-no 2026 <nil>
	// Akutt transmuralt hjerteinfarkt i fremre vegg [I20-I25 IX]
}

// FuzzRead states what holds for every input: whatever is said is whole, every
// code is canonical, and reading ends. Reading twice says the same.
func FuzzRead(f *testing.F) {
	f.Add("system#code#text\nICD10#A00.0#a\n")
	f.Add("\ufeffICD10;Tekst\r\nK250;\"a;b \"\"c\"\"\"\r\n")
	f.Add(download)
	f.Add(`[{"code":"V0n0a","text":"x"},{"code":"I21","text":"y"}]`)
	f.Fuzz(func(t *testing.T, content string) {
		src, err := icd10.NewSource(tabulartest.File("f", content), options)
		if err != nil {
			return
		}
		one, two := tabulartest.NewSink(), tabulartest.NewSink()
		_, err = src.Read(context.Background(), one)
		_, again := src.Read(context.Background(), two)
		if (err == nil) != (again == nil) || !cmp.Equal(one.Order, two.Order) {
			t.Fatalf("two readings differ: %v, %v", err, again)
		}
		if err != nil || len(one.BadRows) > 0 {
			return
		}
		for _, code := range one.Order {
			if got := icd10.Normalize(code); code != "ICD-10" && (len(got) != 1 || got[0] != code) {
				t.Fatalf("code %q was said, Normalize gives %q", code, got)
			}
			if one.Display(code) == "" {
				t.Fatalf("%s has no display", code)
			}
		}
	})
}
