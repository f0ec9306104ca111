package codesystem_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/codesystem"
	"github.com/kodeks/kodeks/pkg/codesystem/table"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/codesystem/volven"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	nkpkCSV   = "Kodeverk;Kode;Tekst\nNCSP;NFB40;x\nNCMP;AAFE00;y\nNCRP;SNA0UG;z\n"
	nkpkFAT   = `[{"Kode":"NFB40","Tekst_uten_lengdebegrensning":"x","Gyldig_fra":"2010-01-01T00:00:00"}]`
	norpatCSV = "id,code,coding_scheme,valid_from,valid_until,code_display_text,parent_code\n0,E10000,NORPAT,2001-12-31 23:00:00+00,,mikrobe,\n"
	phbuCSV   = "Akse;Kode;Tekst\n1;F90.0;x\n4;F90.0;y\n"
	volvenA   = `{"id":9901,"name":"Vær","codeValues":[{"id":1,"name":"Sol","value":"S","sortKey":1}],"active":true}`
	volvenB   = "{\n \"id\": \"9902\",\n \"name\": \"Føre\",\n \"concepts\": [{\"code\": \"1\", \"display\": \"Glatt\"}]\n}"
	mapped    = `
system: {uri: "urn:oid:1.2.3", name: lokal, title: Lokale koder, short: [lok], aliases: [1.2.4]}
columns: {code: Kode, display: Navnet}
`
	mappedCSV = "Kode;Navnet;Mer\nA;Alfa;x\n"
)

// TestDetectNorwegian: the files of code systems whose readers share package table.
func TestDetectNorwegian(t *testing.T) {
	for name, tt := range map[string]struct {
		input        codesystem.Input
		system, want string
	}{
		"procedures, several of one file": {folder("x", "nkpk.csv", nkpkCSV), "", "ncsp ncmp ncrp"},
		"one of them":                     {folder("x", "nkpk.csv", nkpkCSV), "2.16.578.1.12.4.1.1.7220", "ncmp"},
		"all of them as one":              {folder("x", "nkpk.csv", nkpkCSV), "nkpk", "nkpk"},
		"in the columns of ICD-10":        {folder("x", "ncsp.json", nkpkFAT, "icd10.json", icd10JSON), "", "icd-10-no ncsp"},
		"pathology":                       {folder("x", "norpat.csv", norpatCSV), "", "norpat"},
		"mental health of the young":      {folder("x", "phbu.csv", phbuCSV), "", "phbu"},
		"administrative lists, many":      {folder("x", "a.json", volvenA, "b.json", volvenB), "", "volven-9901 volven-9902"},
		"one administrative list":         {folder("x", "a.json", volvenA, "b.json", volvenB, "5.csv", icd10CSV), "9902", "volven-9902"},
		"all together":                    {folder("x", "1.csv", nkpkCSV, "2.csv", norpatCSV, "3.csv", phbuCSV, "4.json", volvenA, "5.csv", icd10CSV), "", "ncsp ncmp ncrp norpat phbu volven-9901 icd-10-no"},
		"those that are not asked for":    {folder("x", "4.json", volvenA, "5.csv", icd10CSV), "icd-10", "icd-10-no"},
	} {
		t.Run(name, func(t *testing.T) {
			sources, err := codesystem.Detect([]codesystem.Input{tt.input}, codesystem.Options{System: tt.system, Today: today})
			if err != nil || names(sources) != tt.want {
				t.Errorf("Detect = %q, %v, want %q", names(sources), err, tt.want)
			}
		})
	}
}

func mapping(t *testing.T, text string) *table.Mapping {
	t.Helper()
	m, err := table.Parse("columns.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestDetectMapped: a mapping goes before what the content tells.
func TestDetectMapped(t *testing.T) {
	for name, tt := range map[string]struct{ yaml, system, want string }{
		"a table that nobody knows":  {mapped, "", "lokal"},
		"by one of its names":        {mapped, "LOK", "lokal"},
		"by its OID":                 {mapped, "urn:oid:1.2.4", "lokal"},
		"by a name that it has not":  {mapped, "icd-10", `the mapping has no code system that is known as "icd-10", only lokal`},
		"a system of the list":       {strings.NewReplacer(`"urn:oid:1.2.3", name: lokal, title: Lokale koder, short: [lok], aliases: [1.2.4]`, "2.16.578.1.12.4.1.1.7010").Replace(mapped), "apat", "norpat"},
		"a name of another system":   {strings.Replace(mapped, "[lok]", "[icd-10]", 1), "", `the mapping calls urn:oid:1.2.3 "icd-10", which is a name of ICD-10 (norsk utgave)`},
		"an OID of another system":   {strings.Replace(mapped, "1.2.4", "2.16.578.1.12.4.1.1.7170", 1), "", "which is a name of ICPC-2 (norsk utgave)"},
		"the releases of another":    {strings.Replace(mapped, "name: lokal", "name: icd-10-no", 1), "", `"icd-10-no", which is a name of ICD-10 (norsk utgave)`},
		"a column that is not there": {strings.Replace(mapped, "Navnet", "Navn", 1), "", `columns.display: column "Navn" is not in the file; its columns are Kode, Navnet, Mer`},
	} {
		t.Run(name, func(t *testing.T) {
			sources, err := codesystem.Detect([]codesystem.Input{folder("x", "a.csv", mappedCSV, "README", "Les dette.\n")},
				codesystem.Options{Mapping: mapping(t, tt.yaml), System: tt.system, Today: today})
			if err == nil && names(sources) != tt.want || err != nil && (!strings.Contains(err.Error(), tt.want) || terminology.KindOf(err) != terminology.Invalid) {
				t.Errorf("Detect = %q, %v, want %q", names(sources), err, tt.want)
			}
		})
	}
	if _, err := codesystem.Detect([]codesystem.Input{folder("x", "README", "Les dette.\n")}, codesystem.Options{Mapping: mapping(t, mapped), Today: today}); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("no table: %v", err)
	}
}

// TestMappedNotes: what is beside the tables, and in them beside the sheet that is read, is
// told.
func TestMappedNotes(t *testing.T) {
	rows := [][]string{{"Kode", "Navnet"}, {"A", "x"}}
	book := tabulartest.Workbook(tabulartest.Sheet{Name: "En", Rows: rows}, tabulartest.Sheet{Name: "To", Rows: rows})
	var notes []string
	_, err := codesystem.Detect([]codesystem.Input{folder("x", "a.xlsx", book, "README", "Les dette.\n", "b.bin", "\x00\x01")},
		codesystem.Options{Mapping: mapping(t, mapped), Today: today, Note: func(s string) { notes = append(notes, s) }})
	want := []string{"x: of a.xlsx only the sheet En is read: left out, though they have a column of codes: To; save each as a file of its own to import it", "x: left out, as no table: README, b.bin"}
	if err != nil || !slices.Equal(notes, want) {
		t.Errorf("notes %q, %v, want %q", notes, err, want)
	}
}

// TestListsOfOthers: a list with the number of a code system that has a reader of its own
// does not take its place.
func TestListsOfOthers(t *testing.T) {
	refused := 0
	for _, system := range codesystem.Systems() {
		for _, name := range append([]string{system.URI}, system.Aliases...) {
			number := name[strings.LastIndex(name, ".")+1:]
			if uri, ok := volven.Resolve(name); !ok || uri != volven.Volven+"."+number {
				continue
			}
			content := strings.Replace(volvenA, "9901", number, 1)
			if _, err := codesystem.Detect([]codesystem.Input{folder("x", "a.json", content)}, codesystem.Options{Today: today}); err == nil || !strings.Contains(err.Error(), number+" is the number of ") {
				t.Errorf("a list with the number of %s: %v", system.Title, err)
			}
			refused++
		}
	}
	if refused < 9 {
		t.Errorf("only %d code systems have a number", refused)
	}
}

// TestDetectMappedVersion: what the user says goes before the mapping, and that before
// the day of the import.
func TestDetectMappedVersion(t *testing.T) {
	said := strings.Replace(mapped, "name: lokal,", `name: lokal, version: "2025",`, 1)
	for _, tt := range []struct{ yaml, version, want string }{{mapped, "", today}, {said, "", "2025"}, {said, "2026", "2026"}} {
		sources, err := codesystem.Detect([]codesystem.Input{folder("x", "a.csv", mappedCSV)}, codesystem.Options{Mapping: mapping(t, tt.yaml), Version: tt.version, Today: today})
		if err != nil {
			t.Fatal(err)
		}
		release, err := sources[0].Read(context.Background(), tabulartest.NewSink())
		if err != nil || release.Version != tt.want || release.Date != tt.want {
			t.Errorf("version %q: %+v, %v, want %s", tt.version, release, err, tt.want)
		}
	}
}

// TestNames: those of the list, and those that a release tells.
func TestNames(t *testing.T) {
	local := terminology.Release{System: "urn:oid:1.2.3", Short: []string{"lok"}, Aliases: []string{"1.2.4", "http://example.org/lok", ""}}
	if got, want := codesystem.Names(local), []string{"urn:oid:1.2.3", "lok", "1.2.3", "1.2.4", "urn:oid:1.2.4", "http://example.org/lok"}; !slices.Equal(got, want) {
		t.Errorf("Names = %q, want %q", got, want)
	}
	got := codesystem.Names(terminology.Release{System: codesystem.ICPC2, Short: []string{"icpc-2", "min"}})
	for _, want := range []string{codesystem.ICPC2, "icpc-2", "2.16.578.1.12.4.1.1.7170", "urn:oid:2.16.578.1.12.4.1.1.7170", "min"} {
		if !slices.Contains(got, want) {
			t.Errorf("Names of ICPC-2 lack %s: %q", want, got)
		}
	}
}

// TestMappedMap: a map names its code systems by any name of theirs, and its codes are
// taken in the form of their publisher.
func TestMappedMap(t *testing.T) {
	const yaml = `
map: {url: "http://example.org/fhir/ConceptMap/lokal", name: map-lokal, source: ICPC-2, target: "urn:oid:2.16.578.1.12.4.1.1.7110",
  columns: {source: Kode, target: ICD-10}}`
	o := codesystem.Options{Today: today, Mapping: mapping(t, yaml)}
	sources, err := codesystem.Detect([]codesystem.Input{folder("x", "map.csv", "Kode;ICD-10\nk75;i219\n-30;Z000\n")}, o)
	if err != nil || names(sources) != "map-lokal" {
		t.Fatalf("Detect = %q, %v, want map-lokal", names(sources), err)
	}
	sink := tabulartest.NewSink()
	if _, err := sources[0].Read(context.Background(), sink); err != nil || len(sink.BadRows) > 0 {
		t.Fatalf("Read = %v, bad rows %v", err, sink.BadRows)
	}
	if m := sink.Maps[0]; m.Source != codesystem.ICPC2 || m.Target != codesystem.ICD10NO {
		t.Errorf("the map is from %s to %s", m.Source, m.Target)
	}
	got := ""
	for _, m := range sink.Mappings {
		got += m.Source + " " + m.Target + ", "
	}
	if want := "K75 I21.9, -30 Z00.0, "; got != want {
		t.Errorf("rows %s, want %s", got, want)
	}
	o.System, o.Mapping = "icpc-2", mapping(t, yaml)
	if _, err := codesystem.Detect([]codesystem.Input{folder("x", "map.csv", "Kode;ICD-10\nK75;I21.9\n")}, o); err == nil || !strings.Contains(err.Error(), "leave it out") {
		t.Errorf("with a system: %v, want an error", err)
	}
}
