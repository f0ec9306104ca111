package icpc2_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/icpc2"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026", Today: "2026-11-22"}

// read reads all releases of a file, by their names.
func read(tb testing.TB, file terminology.SourceFile) map[string]*tabulartest.Sink {
	tb.Helper()
	sources, err := icpc2.NewSources([]terminology.SourceFile{file}, options)
	if err != nil {
		tb.Fatal(err)
	}
	sinks := map[string]*tabulartest.Sink{}
	for _, src := range sources {
		sink := tabulartest.NewSink()
		release, err := src.Read(context.Background(), sink)
		if err != nil {
			tb.Fatal(err)
		}
		sinks[release.Name] = sink
	}
	return sinks
}

// TestRealFiles holds the importer to the counts of the published files.
func TestRealFiles(t *testing.T) {
	for _, tt := range []struct {
		file, release string
		codes, groups int
		paths         map[string]string
	}{
		{"icpc2/tsm-icpc2.csv", "icpc-2", 708, 17, map[string]string{"A01": "A", "A191": "A"}},
		{"icpc2/tsm-icpc2.json", "icpc-2", 708, 17, nil},
		{"icpc2/navikt-ICPC2.json", "icpc-2", 708, 17, nil},
		{"icpc2/skde-icpc2.csv", "icpc-2", 747, 18, map[string]string{"30": "-", "R33": "R", "A01": "A"}},
		{"icpc2/tsm-icpc2b.csv", "icpc-2b", 16292, 708 + 17, map[string]string{"A01.0001": "A01 A", "A191.0000": "A191 A"}},
		{"icpc2/tsm-icpc2b.json", "icpc-2b", 16292, 708 + 17, nil},
	} {
		t.Run(tt.file, func(t *testing.T) {
			file := tabulartest.Real(t, tt.file)
			sinks := read(t, file)
			sink := sinks[tt.release]
			if len(sinks) != 1 || sink == nil {
				t.Fatalf("releases %v, want only %s", sinks, tt.release)
			}
			if len(sink.BadRows) > 0 {
				t.Fatalf("bad rows, the first: %v", sink.BadRows[0])
			}
			if groups := len(sink.Concepts) - sink.Codes(); sink.Codes() != tt.codes || groups != tt.groups {
				t.Errorf("%d codes and %d groups, want %d and %d", sink.Codes(), groups, tt.codes, tt.groups)
			}
			if err := sink.Whole(); err != nil {
				t.Error(err)
			}
			for code, want := range tt.paths {
				if got := strings.Join(sink.Path(code), " "); got != want {
					t.Errorf("path of %s = %q, want %q", code, got, want)
				}
			}
			normalize := icpc2.Normalize
			if tt.release == "icpc-2b" {
				normalize = icpc2.NormalizeB
				if diff := cmp.Diff([]string{"icpc2=A191"}, sink.Values("A191.0000")); diff != "" {
					t.Error(diff)
				}
			}
			for _, code := range sink.Order {
				if got := normalize(code); len(got) == 0 || got[0] != code {
					t.Errorf("Normalize(%q) = %q, want itself first", code, got)
				}
			}
		})
	}
}

func TestRealMap(t *testing.T) {
	sink := read(t, tabulartest.Real(t, "icpc2/skde-icpc2_beriket.csv"))["map-icpc-2b-icd-10-no"]
	if sink == nil || len(sink.BadRows) > 0 {
		t.Fatalf("sink %v", sink)
	}
	info := sink.Maps[0]
	if len(sink.Mappings) != 16391 || info.Rows != 16391 || info.Sources != 16391 || len(sink.Concepts) != 0 {
		t.Errorf("%d rows, %+v, want 16391", len(sink.Mappings), info)
	}
	lower := 0
	for _, m := range sink.Mappings {
		if strings.ToUpper(m.Target) != m.Target {
			lower++
		}
	}
	if lower != 21 {
		t.Errorf("%d targets with lower-case letters, want 21", lower)
	}
	want := terminology.Mapping{Map: icpc2.MapURL, Source: "A01.0001", Target: "R52.9", Group: 1, Priority: 1, File: "skde-icpc2_beriket.csv", Line: 3}
	if diff := cmp.Diff(want, sink.Mappings[1]); diff != "" {
		t.Error(diff)
	}
}

// download has both code systems in one file, and both spellings of the column
// that says whether a code of ICPC-2 has codes in ICPC-2B.
const download = `[
 {"Kode":"A","Tekst_uten_lengdebegrensning":"Allment og uspesifisert","Kodeverk":"ICPC-2","Foreldrekode":null},
 {"Kode":"A01.0001","Tekst_uten_lengdebegrensning":"Kronisk generell smerte","Kodeverk":"ICPC-2B","Foreldrekode":"A01","Foreldrekodetekst":"Smerte generell/flere steder"},
 {"Kode":"A01","Tekst_uten_lengdebegrensning":"Smerte generell/flere steder","Tekst_med_maksimalt_60_tegn":"Smerte generell","Gyldig_fra":"2004-01-01T00:00:00",
  "Gyldig_til":"2026-11-21T23:59:00","Kodeverk":"ICPC-2","Tilhørighet_i_ICPC-2B":"Ja","Foreldrekode":"A.1","Foreldrekodetekst":"x"},
 {"Kode":"A.1","Tekst_uten_lengdebegrensning":"(A01-A29) Symptomer og plager","Kodeverk":"ICPC-2","Foreldrekode":"A"},
 {"Kode":"A02","Tekst_uten_lengdebegrensning":"Frysninger","Kodeverk":"ICPC-2","Tilhørighet_i_ICPC_2B":"Ja","Foreldrekode":"A.1"},
 {"Kode":"A1910000","Tekst_uten_lengdebegrensning":"Kjønnsinkongruens","Kodeverk":"ICPC-2B","Foreldrekode":"A191","Foreldrekodetekst":"Kjønnsinkongruens"}
]`

func TestDownload(t *testing.T) {
	sinks := read(t, tabulartest.File("ICPC2.json", download))
	a, b := sinks["icpc-2"], sinks["icpc-2b"]
	if len(sinks) != 2 || a == nil || b == nil || len(a.BadRows)+len(b.BadRows) > 0 {
		t.Fatalf("releases %v", sinks)
	}
	if diff := cmp.Diff([]string{"A", "A01", "A.1", "A02"}, a.Order); diff != "" {
		t.Errorf("ICPC-2: %s", diff)
	}
	if diff := cmp.Diff([]string{"A191", "A", "A01.0001", "A01", "A.1", "A191.0000"}, b.Order); diff != "" {
		t.Errorf("ICPC-2B has what is above its codes, and A02 is not: %s", diff)
	}
	if a.Codes() != 2 || b.Codes() != 2 {
		t.Errorf("codes %d and %d, want 2 and 2", a.Codes(), b.Codes())
	}
	if got := strings.Join(b.Path("A01.0001"), " "); got != "A01 A.1 A" {
		t.Errorf("path of A01.0001 = %q", got)
	}
	if got := strings.Join(b.Path("A191.0000"), " "); got != "A191 A" {
		t.Errorf("path of A191.0000 = %q", got)
	}
	if !a.Concepts["A01"].Inactive || a.Concepts["A02"].Inactive {
		t.Error("A01 ended yesterday, A02 did not")
	}
	want := []string{"valid-from=2004-01-01", "valid-to=2026-11-21", "belongs-to-icpc-2b=Ja"}
	if diff := cmp.Diff(want, a.Values("A01")); diff != "" {
		t.Error(diff)
	}
	if d := a.Designations["A01"]; len(d) != 2 || d[1].Use != terminology.UseShort {
		t.Errorf("designations of A01: %+v", d)
	}
}

// TestBadRows says what a person sees of each mistake in a file.
func TestBadRows(t *testing.T) {
	const mapHeader = "ICPC2B_ICD10_Kode;ICPC2_Kode;ICPC2B_tekst;icpc2_Kap;icpc2_type;ICPC2B_kode\n"
	for _, tt := range []struct {
		name, content string
		want          []string
	}{
		{"code given twice, once without dot", "system#code#text#parent_code#parent_text\nICPC2B#A01.0000#x#A01#y\nICPC2B#A010000#x#A01#y\n",
			[]string{"f:3: code A01.0000 is given twice, first on line 2"}},
		{"no such chapter", "icpc2_kode;icpc2_tekst;icpc2_Kap;icpc2_type\nA01;x;A;1\nC01;x;C;1\n",
			[]string{`f:3:icpc2_kode: "C01" is not a code of ICPC-2`}},
		{"code in another chapter", "icpc2_kode;icpc2_tekst;icpc2_Kap;icpc2_type\nA01;x;B;1\n",
			[]string{"f:2:icpc2_Kap: code A01 is not in chapter B"}},
		{"code system that is neither", `[{"Kode":"A01","Tekst_uten_lengdebegrensning":"x","Kodeverk":"ICPC-3"}]`,
			[]string{`f:1:Kodeverk: "ICPC-3", want ICPC-2 or ICPC-2B`}},
		{"a year is no day", `[{"Kode":"A01","Tekst_uten_lengdebegrensning":"x","Kodeverk":"ICPC-2","Gyldig_til":"2020"}]`,
			[]string{`f:1:Gyldig_til: "2020" is not a date`}},
		{"parent without text", "system#code#text#parent_code#parent_text\nICPC2B#A01.0000#x#A01#\n",
			[]string{"f:2: the parent A01 of A01.0000 is not in the file"}},
		{"map: source and target are no codes", mapHeader + "R529;A01;x;A;1;A01\nR5-2;A01;x;A;1;A010000\n",
			[]string{`f:2:ICPC2B_kode: "A01" is not an ICPC-2B code`, `f:3:ICPC2B_ICD10_Kode: "R5-2" is not an ICD-10 code`}},
		{"map: parent does not fit", mapHeader + "R529;A02;x;A;1;A010000\n", []string{"f:2:ICPC2_Kode: A02, but the ICPC-2B code is A01.0000"}},
		{"map: header only", mapHeader, []string{"f: the file holds no rows"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, sink := range read(t, tabulartest.File("f", tt.content)) {
				for _, row := range sink.BadRows {
					got = append(got, row.Error())
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMapOrder(t *testing.T) {
	sink := read(t, tabulartest.File("f", "ICPC2B_kode,ICPC2B_ICD10_Kode\nA010001,R529\nA02.0000,I21.0a\nA010001,R520\nA01.0001,R52.9\n"))["map-icpc-2b-icd-10-no"]
	want := []terminology.Mapping{
		{Map: icpc2.MapURL, Source: "A01.0001", Target: "R52.9", Group: 1, Priority: 1, File: "f", Line: 2},
		{Map: icpc2.MapURL, Source: "A02.0000", Target: "I21.0a", Group: 1, Priority: 1, File: "f", Line: 3},
		{Map: icpc2.MapURL, Source: "A01.0001", Target: "R52.0", Group: 1, Priority: 2, File: "f", Line: 4},
	}
	if diff := cmp.Diff(want, sink.Mappings); diff != "" {
		t.Error(diff)
	}
	info := terminology.MapInfo{ID: icpc2.MapURL, URL: icpc2.MapURL, Title: "ICPC-2B til ICD-10 (norsk utgave)",
		Source: icpc2.SystemB, Target: "http://hl7.org/fhir/sid/icd-10-no", Sources: 2, Rows: 3}
	if diff := cmp.Diff([]terminology.MapInfo{info}, sink.Maps); diff != "" {
		t.Error(diff)
	}
}

func Example() {
	file := tabulartest.File("icpc2b.csv", "system#code#text#parent_code#parent_text\nICPC2B#A01.0001#Kronisk generell smerte#A01#Smerte generell/flere steder\n")
	sources, err := icpc2.NewSources([]terminology.SourceFile{file}, terminology.SourceOptions{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := sources[0].Read(context.Background(), sink)
	fmt.Println(release.Name, release.System, err)
	fmt.Println(sink.Path("A01.0001"), sink.Values("A01.0001"))
	// Output:
	// icpc-2b urn:oid:2.16.578.1.12.4.1.1.7171 <nil>
	// [A01 A] [icpc2=A01]
}

// FuzzRead states what holds for every input: whatever is said without a bad row
// is whole, every code is canonical, and every ICPC-2B code is below its ICPC-2
// code.
func FuzzRead(f *testing.F) {
	f.Add("system#code#text\nICPC2#A01#a\n")
	f.Add("\ufefficpc2_kode;icpc2_tekst;icpc2_Kap;icpc2_type\r\n30;a;;3\r\nR33;b;R;3\r\n")
	f.Add("ICPC2B_kode,ICPC2B_ICD10_Kode\nA010001,R529\n")
	f.Add("system#code#text#parent_code#parent_text\nICPC2B#A01.0000#x#A01#y\n")
	f.Add(download)
	f.Add("Code\tpreferred\tshortTitle\tinclusion\tnote\ticd10\nA01\tPain \tP\ta; b\tx\tR52,1; R52.2;\n-30\tTest\tT\t\t\t\n")
	f.Add(`{"data":[{"codeValue":"A01","nameNorwegian":"x","parentCode":"A.1","active":true}],"totalRecords":1}`)
	f.Fuzz(func(t *testing.T, content string) {
		sources, err := icpc2.NewSources([]terminology.SourceFile{tabulartest.File("f", content)}, options)
		if err != nil {
			return
		}
		for _, src := range sources {
			sink := tabulartest.NewSink()
			if _, err := src.Read(context.Background(), sink); err != nil || len(sink.BadRows) > 0 {
				continue
			}
			for _, code := range sink.Order {
				normalize := icpc2.Normalize
				if src.Content() == icpc2.ICPC2B {
					normalize = icpc2.NormalizeB
				}
				if got := normalize(code); len(got) == 0 || !strings.Contains(strings.Join(got, " "), code) {
					t.Fatalf("code %q was said, Normalize gives %q", code, got)
				}
				if sink.Display(code) == "" {
					t.Fatalf("%s has no display", code)
				}
			}
			for _, m := range sink.Mappings {
				if src.Content() == icpc2.EnglishToICD10 {
					if got := icpc2.Normalize(m.Source); !slices.Contains(got, m.Source) {
						t.Fatalf("mapping from %q, Normalize gives %q", m.Source, got)
					}
				} else if got := icpc2.NormalizeB(m.Source); len(got) != 1 || got[0] != m.Source {
					t.Fatalf("mapping from %q, which is not canonical", m.Source)
				}
			}
		}
	})
}
