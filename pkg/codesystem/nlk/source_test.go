package nlk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/nlk"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026", Today: "2026-11-22"}

func read(tb testing.TB, file terminology.SourceFile) *tabulartest.Sink {
	tb.Helper()
	src, err := nlk.NewSource(file, options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	if _, err := src.Read(context.Background(), sink); err != nil {
		tb.Fatal(err)
	}
	return sink
}

// TestRealFiles holds the importer to the counts of the published workbook, and to the
// same content in the file that was made of it.
func TestRealFiles(t *testing.T) {
	book := read(t, tabulartest.Real(t, "nlk/Norsk Laboratoriekodeverk 7280.77.xlsx"))
	text := read(t, tabulartest.Real(t, "nlk/norsk_laboratoriekodeverk_7280.77-clean_full.csv"))
	for name, sink := range map[string]*tabulartest.Sink{"workbook": book, "text": text} {
		if len(sink.BadRows) > 0 || len(sink.Order) != 11391 {
			t.Fatalf("%s: %d codes, bad rows %v, want 11391 and none", name, len(sink.Order), sink.BadRows)
		}
		ended, replaced, again := 0, 0, 0
		for _, code := range sink.Order {
			if got := nlk.Normalize(code); len(got) != 1 || got[0] != code {
				t.Errorf("Normalize(%q) = %q, want itself", code, got)
			}
			if sink.Concepts[code].To != 0 {
				ended++
			}
			for _, p := range sink.Properties[code] {
				if p.Code == "replaced-by" {
					replaced++
				}
			}
		}
		for _, r := range sink.Repairs {
			if strings.Contains(r.Error(), "again, valid until 2025-10-31") {
				again++
			}
		}
		if len(sink.Maps) != 1 || sink.Maps[0].URL != "urn:kodeks:map:nlk:replaced-by" || len(sink.Mappings) != 1221 || sink.Mappings[0].Line == 0 || sink.Mappings[0].File == "" {
			t.Errorf("%s: maps %+v, %d rows, the first %+v", name, sink.Maps, len(sink.Mappings), sink.Mappings[0])
		}
		if ended != 1712 || replaced != 1221 || again != 4 {
			t.Errorf("%s: %d codes with an end, %d replaced, %d repaired for being given twice, want 1712, 1221 and 4", name, ended, replaced, again)
		}
		if c := sink.Concepts["NPU62708"]; c.Inactive || c.From != 20250923 {
			t.Errorf("%s: NPU62708 is %+v, want the row that is valid", name, c)
		}
		if err := sink.Whole(); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(text.Concepts, book.Concepts); diff != "" {
		t.Errorf("concepts (-text +workbook):\n%.2000s", diff)
	}
	if diff := cmp.Diff(text.Designations, book.Designations); diff != "" {
		t.Errorf("designations (-text +workbook):\n%.2000s", diff)
	}
	if diff := cmp.Diff(text.Properties, book.Properties); diff != "" {
		t.Errorf("properties (-text +workbook):\n%.2000s", diff)
	}
	want := []string{"valid-from=2013-01-25", "valid-to=2020-02-29", "replaced-by=NPU29069", "specialty=Medisinsk biokjemi"}
	if diff := cmp.Diff(want, book.Values("NOR05001")); diff != "" {
		t.Error(diff)
	}
	if n := len(book.Repairs); n < 20 || n > 60 {
		t.Errorf("%d repairs in the workbook, the first %v", n, book.Repairs[0])
	}
}

var header = []string{"Kode", "Gyldig fra", "Gyldig til", "Erstattes av", "Norsk bruksnavn", "Kodedefinisjon", "Komponent", "System", "Egenskapsart", "Enhet", "Primært fagområde", "Ny kolonne"}

func TestWorkbook(t *testing.T) {
	sink := read(t, tabulartest.File("Norsk 7280.3.xlsx", tabulartest.Workbook(tabulartest.Sheet{Name: "Nlk", Rows: [][]string{
		header,
		{"NPU12345 ", "45739", "45961.999305555553", "NPU12345", "P-Prøve "},
		{"NPU12345", "45923", "", "", "P-Prøve", "P\u2014Test; subst.c. = ?\u00a0mmol/L", "Prøvestoff", "Plasma", "stoffkonsentrasjon", "mmol/L", "Medisinsk biokjemi", "noe"},
		{"NOR00001", "41299", "43890.999305555553", "NOR00002 ", "U-Gammel"},
		{"NOR00002", "43891", "60000", "", "U-Ny"},
	}})))
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows[0])
	}
	var repairs []string
	for _, r := range sink.Repairs {
		repairs = append(repairs, r.Error())
	}
	want := []string{
		`Norsk 7280.3.xlsx!Nlk:2:Kode: "NPU12345 " is taken as "NPU12345"`,
		"Norsk 7280.3.xlsx!Nlk:3:Kodedefinisjon: \"P\u2014Test; subst.c. = ?\\u00a0mmol/L\" is taken as \"P\u2014Test; subst.c. = ? mmol/L\"",
		`Norsk 7280.3.xlsx!Nlk:2: "NPU12345 " is code NPU12345 again, valid until 2025-10-31: the row of line 3 is taken`,
		`Norsk 7280.3.xlsx!Nlk:4:Erstattes av: "NOR00002 " is taken as "NOR00002"`,
	}
	if diff := cmp.Diff(want, repairs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"NPU12345", "NOR00001", "NOR00002"}, sink.Order); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"valid-from=2013-01-25", "valid-to=2020-02-29", "replaced-by=NOR00002"}, sink.Values("NOR00001")); diff != "" {
		t.Error(diff)
	}
	values := []string{"valid-from=2025-09-23", "component=Prøvestoff", "system=Plasma", "kind-of-property=stoffkonsentrasjon", "unit=mmol/L", "specialty=Medisinsk biokjemi", "Ny kolonne=noe"}
	if diff := cmp.Diff(values, sink.Values("NPU12345")); diff != "" {
		t.Error(diff)
	}
	if !sink.Concepts["NOR00001"].Inactive || sink.Concepts["NOR00002"].Inactive {
		t.Error("NOR00001 has ended, NOR00002 will end")
	}
	d := sink.Designations["NPU12345"]
	if len(d) != 3 || d[0].Language != "nb" || d[1].Use != terminology.UseSearch || d[1].Term != "P-Prøve, Prøvestoff, Plasma, stoffkonsentrasjon" || d[2].Language != "en" || d[2].Use != terminology.UseDefinition {
		t.Errorf("designations %+v", d)
	}
}

func TestBadRows(t *testing.T) {
	const head = "kode;gyldig_fra;gyldig_til;erstattes_av;norsk_bruksnavn\n"
	for _, tt := range []struct{ name, rows, want string }{
		{"no code", "NPU1;;;;x\n", `f:2:kode: "NPU1" is not a code of NLK`},
		{"lower case", "npu00001;;;;x\n", `f:2:kode: "npu00001" is not a code of NLK`},
		{"no name", "NPU00001;;;; \n", `f:2: code NPU00001 has no name`},
		{"no date", "NPU00001;31.12.2020;;;x\n", `f:2:gyldig_fra: "31.12.2020" is not a date`},
		{"replaced by a text", "NPU00001;;;se annen;x\n", `f:2:erstattes_av: "se annen" is not a code of NLK`},
		{"twice, both valid", "NPU00001;;;;x\nNPU00001 ;;;;y\n", `f:3: code NPU00001 is given twice, first on line 2`},
		{"twice, both ended", "NPU00001;;2020-01-01;;x\nNPU00001;;2021-01-01;;y\n", `f:3: code NPU00001 is given twice, first on line 2`},
		{"header only", "", "f: the file holds no codes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sink := read(t, tabulartest.File("f", head+tt.rows))
			if len(sink.BadRows) != 1 || sink.BadRows[0].Error() != tt.want {
				t.Errorf("bad rows %v, want %s", sink.BadRows, tt.want)
			}
		})
	}
}

// TestDates: a number is a day in a workbook only, and no year is one; what ends before it
// begins is refused.
func TestDates(t *testing.T) {
	const csv = "Kode;Norsk bruksnavn;Gyldig fra;Gyldig til\n"
	for content, want := range map[string]string{
		csv + "NOR90001;x;2024;\n":                 `f:2:Gyldig fra: "2024" is not a date`,
		csv + "NOR90001;x;41299;\n":                `f:2:Gyldig fra: "41299" is not a date`,
		csv + "NOR90001;x;2024-01-02;2024-01-01\n": "f:2: code NOR90001 is valid from 2024-01-02 to 2024-01-01",
		tabulartest.Workbook(tabulartest.Sheet{Name: "A", Rows: [][]string{{"Kode", "Norsk bruksnavn", "Gyldig fra"}, {"NOR90001", "x", "41299"}, {"NOR90002", "x", "2024"}}}): `f!A:3:Gyldig fra: "2024" is not a date`,
	} {
		sink := read(t, tabulartest.File("f", content))
		if len(sink.BadRows) != 1 || sink.BadRows[0].Error() != want {
			t.Errorf("bad rows %v, want %s", sink.BadRows, want)
		}
		if c, ok := sink.Concepts["NOR90001"]; ok && c.From != 20130125 {
			t.Errorf("a serial day of a workbook: %+v", c)
		}
	}
}

// TestLateKeys: keys of JSON that the first objects lack mean what they mean.
func TestLateKeys(t *testing.T) {
	sink := read(t, tabulartest.File("f", `[{"Kode":"NOR90001","Norsk_bruksnavn":"x"},{"Kode":"NOR90002","Norsk_bruksnavn":"y","Gyldig_fra":"2020-01-01","Gyldig_til":"2021-01-01"}]`))
	if want := (terminology.Concept{Code: "NOR90002", Inactive: true, From: 20200101, To: 20210101}); sink.Concepts["NOR90002"] != want || len(sink.BadRows) > 0 {
		t.Errorf("%+v, want %+v; %v", sink.Concepts["NOR90002"], want, sink.BadRows)
	}
}

func TestVersion(t *testing.T) {
	const content = "Kode;Norsk bruksnavn\nNPU00001;x\n"
	for _, tt := range []struct{ name, version, want string }{
		{"Norsk Laboratoriekodeverk 7280.77.xlsx", "2026-11-22", "7280.77"},
		{"nlk.csv", "2026-11-22", "2026-11-22"},
		{"nlk 7280.77.csv", "2025", "2025"},
	} {
		src, err := nlk.NewSource(tabulartest.File(tt.name[:len(tt.name)-4]+"csv", content), terminology.SourceOptions{Version: tt.version, Today: "2026-11-22"})
		if err != nil {
			t.Fatal(err)
		}
		if r := src.Release(); r.Version != tt.want || r.Date != tt.version {
			t.Errorf("%s: version %s of %s, want %s of %s", tt.name, r.Version, r.Date, tt.want, tt.version)
		}
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"NPU03429": "NPU03429", " npu03429 ": "NPU03429", "NPU 03429": "NPU03429", "npu-03429": "NPU03429", "03429": "NPU03429 NOR03429",
		"nor05001": "NOR05001", "NPU3429": "", "P-Natrium": "", "": "", "DNK35302": "",
	} {
		if got := strings.Join(nlk.Normalize(in), " "); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func Example() {
	file := tabulartest.File("nlk.csv", "kode;gyldig_til;erstattes_av;norsk_bruksnavn\nNOR05001;2020-02-29 23:59:00;NPU29069;P-ACE\n")
	src, err := nlk.NewSource(file, terminology.SourceOptions{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.Name, release.System, err)
	fmt.Println(sink.Display("NOR05001"), sink.Concepts["NOR05001"].Inactive, sink.Values("NOR05001"))
	// Output:
	// nlk http://helsedir.no/fhir/CodeSystem/no-kodeverk-7280-nlk <nil>
	// P-ACE true [valid-to=2020-02-29 replaced-by=NPU29069]
}

// FuzzRead states what holds for every input: what is said without a bad row is whole,
// its codes are canonical, and no cell is said with space at its ends.
func FuzzRead(f *testing.F) {
	f.Add("kode;gyldig_fra;gyldig_til;erstattes_av;norsk_bruksnavn;synonymer\nNPU00001;41299;43890.99;NPU00002 ;x;a, b\nNPU00002;;;;y;\n")
	f.Add("Kode\tNorsk bruksnavn\tKomponent\nNOR00001\tx\u00a0\ty\nNOR00001 \tx\ty\n")
	f.Fuzz(func(t *testing.T, content string) {
		src, err := nlk.NewSource(tabulartest.File("f", content), options)
		if err != nil {
			return
		}
		sink := tabulartest.NewSink()
		if _, err := src.Read(context.Background(), sink); err != nil || len(sink.BadRows) > 0 {
			return
		}
		if err := sink.Whole(); err != nil {
			t.Fatal(err)
		}
		for _, code := range sink.Order {
			if got := nlk.Normalize(code); len(got) != 1 || got[0] != code {
				t.Fatalf("code %q was said, Normalize gives %q", code, got)
			}
			for _, p := range sink.Properties[code] {
				if p.Value != strings.TrimSpace(p.Value) || p.Value == code && p.Kind == terminology.ValueCode {
					t.Fatalf("%s has the property %+v", code, p)
				}
			}
		}
	})
}
