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

// TestSource reads the fixture, whose mapping has nearly every key.
func TestSource(t *testing.T) {
	m := parse(t, fixture(t, "lokal.yaml"))
	sink := read(t, m, fixture(t, "lokal.csv"))
	if len(sink.BadRows) > 0 {
		t.Fatal(bad(sink))
	}
	if err := sink.Whole(); err != nil {
		t.Error(err)
	}
	want := map[string]terminology.Concept{
		"L":  {Code: "L", Abstract: true},
		"L1": {Code: "L1", From: 20200201},
		"L2": {Code: "L2", From: 20200201, To: 20211231, Inactive: true},
		"L3": {Code: "L3", Inactive: true},
	}
	if diff := cmp.Diff(want, sink.Concepts); diff != "" {
		t.Errorf("concepts (-want +got):\n%s", diff)
	}
	terms := []terminology.Designation{
		{Concept: "L1", Language: "nb", Use: "display", Term: "Måling av blodtrykk", Preferred: true},
		{Concept: "L1", Language: "nb", Use: "short", Term: "BT"},
		{Concept: "L1", Language: "nn", Use: "display", Term: "Måling av blodtrykk på armen", Preferred: true},
		{Concept: "L1", Language: "nb", Use: "synonym", Term: "Blodtrykksmåling"},
		{Concept: "L1", Language: "nb", Use: "synonym", Term: "BT-måling"},
		{Concept: "L1", Language: "nb", Use: "definition", Term: "Med mansjett"},
	}
	if diff := cmp.Diff(terms, sink.Designations["L1"]); diff != "" {
		t.Errorf("terms of L1 (-want +got):\n%s", diff)
	}
	for code, want := range map[string]string{
		"L1": "price=1200.50 count=3 emergency=true valid-from=2020-02-01 status=i bruk sort-order=2 Region=Nord copyright=ingen",
		"L2": "valid-from=2020-02-01 valid-to=2021-12-31 status=i bruk replaced-by=L1 sort-order=3 Region=Sør copyright=ingen",
	} {
		if got := strings.Join(sink.Values(code), " "); got != want {
			t.Errorf("properties of %s:\n%s, want\n%s", code, got, want)
		}
	}
	replaced := []terminology.Mapping{
		{Map: "urn:kodeks:map:lokal:replaced-by", Source: "L2", Target: "L1", Group: 1, Priority: 1, File: "codes.csv", Line: 4},
		{Map: "urn:kodeks:map:lokal:replaced-by", Source: "L3", Target: "L1", Group: 1, Priority: 1, File: "codes.csv", Line: 5},
	}
	if diff := cmp.Diff(replaced, sink.Mappings); diff != "" {
		t.Errorf("replacements (-want +got):\n%s", diff)
	}
	for _, code := range []string{"L1", "L2", "L3"} { // L3 names its parent in small letters
		if got := strings.Join(sink.Parents[code], " "); got != "L" {
			t.Errorf("parents of %s: %s", code, got)
		}
	}
}

func TestRelease(t *testing.T) {
	m := parse(t, fixture(t, "lokal.yaml"))
	for version, want := range map[string]string{"": "2026", "2027": "2027"} {
		sources, err := table.NewSources(tabulartest.File("f", fixture(t, "lokal.csv")), m, terminology.SourceOptions{Version: version, Today: "2026-11-22"})
		if err != nil {
			t.Fatal(err)
		}
		got := sources[0].Release()
		r := terminology.Release{Kind: terminology.KindCodeSystem, Name: "lokal", System: "urn:oid:2.16.578.1.12.4.1.1.9999", Version: want, Date: want,
			Title: "Lokale koder", Language: "nb", Short: []string{"lok"}, Aliases: []string{"2.16.578.1.12.4.1.1.9998"}}
		if diff := cmp.Diff(r, got); diff != "" {
			t.Errorf("version %q (-want +got):\n%s", version, diff)
		}
	}
}

// TestParents: the ways to find the code above a code.
func TestParents(t *testing.T) {
	tests := []struct{ name, columns, rows, want, bad string }{
		{name: "by code", columns: "  parent: {code: Over}", rows: "Kode;Tekst;Over\nA1;x;A\nA;y;\n", want: "A1<A"},
		{name: "a root that is its own parent", columns: "  parent: {code: Over}", rows: "Kode;Tekst;Over\nA1;x;A\nA;y;A\n", want: "A1<A"},
		{name: "by row", columns: "  parent: {row: Over, id: Nr}", rows: "Nr;Kode;Tekst;Over\n7;A1;x;9\n9;A;y;\n", want: "A1<A"},
		{name: "by prefix, the longest that is there", columns: "  parent: {prefix: [1, 3, 5]}", rows: "Kode;Tekst\nÅ;x\nÅBC;y\nÅBCDE;z\nÅBD12;v\n", want: "ÅBC<Å ÅBCDE<ÅBC ÅBD12<Å"},
		{name: "by axis", columns: "  axis: Akse\n  parent: {code: Over}", rows: "Akse;Kode;Tekst;Over\n1;A;x;\n2;A;y;\n2;B;z;A\n", want: "2:B<2:A"},
		{name: "one that is missing", columns: "  parent: {code: Over}", rows: "Kode;Tekst;Over\nA1;x;A\n", bad: "codes.csv:2: the parent A of A1 is not in the file"},
		{name: "a row that is missing", columns: "  parent: {row: Over, id: Nr}", rows: "Nr;Kode;Tekst;Over\n7;A1;x;9\n", bad: "codes.csv:2: the parent row 9 of A1 is not in the file"},
		{name: "one that is missing and kept", columns: "  parent: {code: Over, missing: keep}", rows: "Kode;Tekst;Over\nA1;x;A\n"},
		{name: "a row given twice", columns: "  parent: {row: Over, id: Nr}", rows: "Nr;Kode;Tekst;Over\n7;A;x;\n7;B;y;\n", bad: "codes.csv:3: row 7 is given twice: it is A before"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := read(t, parse(t, plain(tt.columns)), tt.rows)
			var got []string
			for _, code := range sink.Order {
				for _, parent := range sink.Parents[code] {
					got = append(got, code+"<"+parent)
				}
			}
			if strings.Join(got, " ") != tt.want || bad(sink) != tt.bad {
				t.Errorf("parents %q, bad rows %q, want %q and %q", got, bad(sink), tt.want, tt.bad)
			}
		})
	}
	sink := read(t, parse(t, plain("  parent: {code: Over, missing: keep}")), "Kode;Tekst;Over\nA1;x;A\n")
	if got := sink.Values("A1"); !cmp.Equal(got, []string{"missing-parent=A"}) {
		t.Errorf("a parent that is kept: %q", got)
	}
}

// TestBadRows: what cannot be understood is told with line and column.
func TestBadRows(t *testing.T) {
	tests := []struct{ name, columns, rows, want string }{
		{"no code", "", "Kode;Tekst\n ;x\n", "codes.csv:2:Kode: the row has no code"},
		{"no text", "", "Kode;Tekst\nA;\n", "codes.csv:2:Tekst: code A has no text"},
		{"a code twice", "", "Kode;Tekst\nA;x\nB;y\na;z\n", "codes.csv:4: code a is given twice: A on line 2"},
		{"not a number", "  properties: [{column: N, type: integer}]", "Kode;Tekst;N\nA;x;to\n", `codes.csv:2:N: "to" is not a whole number`},
		{"not a decimal", "  properties: [{column: N, type: decimal}]", "Kode;Tekst;N\nA;x;1e9\n", `codes.csv:2:N: "1e9" is not a number`},
		{"a decimal in two ways", "  properties: [{column: N, type: decimal}]", "Kode;Tekst;N\nA;x;1,200.5\n",
			`codes.csv:2:N: "1,200.5" has both a comma and a point: say in the mapping which is the decimal, file: {decimal: ","}`},
		{"not yes or no", "  abstract: {column: N}", "Kode;Tekst;N\nA;x;kanskje\n", `codes.csv:2:N: "kanskje", want ja or nei`},
		{"not a date", "  valid-from: N", "Kode;Tekst;N\nA;x;i fjor\n", `codes.csv:2:N: "i fjor" is not a date`},
		{"text behind a date", "  valid-from: N", "Kode;Tekst;N\nA;x;2024-01-01T:garbage\n", `codes.csv:2:N: "2024-01-01T:garbage" is not a date`},
		{"a comma before three digits", "  properties: [{column: N, type: decimal}]", "Kode;Tekst;N\nA;x;1,234\n",
			`codes.csv:2:N: "1,234": its "," may stand before decimals or before thousands: say in the mapping which is the decimal, file: {decimal: ","} or "."`},
		{"a date in two ways", "  valid-from: N", "Kode;Tekst;N\nA;x;01/02/2020\n",
			`codes.csv:2:N: "01/02/2020": it could be read in two ways: say in the mapping which is the day, file: {dates: dd/mm/yyyy}`},
		{"valid backwards", "  valid-from: N\n  valid-to: M", "Kode;Tekst;N;M\nA;x;2020-01-02;2020-01-01\n", "codes.csv:2: code A is valid from 2020-01-02 to 2020-01-01"},
		{"no codes", "", "Kode;Tekst\n", "codes.csv: the file holds no codes"},
		{"no axis", "  axis: N", "Kode;Tekst;N\nA;x;\n", "codes.csv:2:N: code A has no axis"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := bad(read(t, parse(t, plain(tt.columns)), tt.rows)); got != tt.want {
				t.Errorf("bad rows\n%s, want\n%s", got, tt.want)
			}
		})
	}
}

// TestDates: a day in any form that can be read in one way, and in the one that is said.
func TestDates(t *testing.T) {
	for _, tt := range []struct{ said, cell, want string }{
		{"", "2020-02-01", "2020-02-01"},
		{"", "1.2.2020", "2020-02-01"},
		{"", "20200201", "2020-02-01"},
		{"", "31/12/2020", "2020-12-31"},
		{"", "12/31/2020", "2020-12-31"},
		{"", "03/03/2020", "2020-03-03"},
		{"", "2001-12-31 23:00:00+00", "2002-01-01"},
		{"", "2022-03-14 23:00:00.000 +0000", "2022-03-15"},
		{"", "2004-12-31T23:59:00", "2004-12-31"},
		{"", "01.02.2020 00:00:00", "2020-02-01"},
		{"mm/dd/yyyy", "01/02/2020", "2020-01-02"},
		{"dd/mm/yyyy", "01/02/2020", "2020-02-01"},
		{"excel", "43890.9993", "2020-02-29"},
		{"yyyy-mm-dd", "2001-12-31 23:00:00+00", "2002-01-01"},
		{"yyyy-mm-dd", "2001-12-31T23:00:00Z", "2002-01-01"},
		{"dd.mm.yyyy", "31.12.2001 23:30 +0000", "2002-01-01"},
		{"dd.mm.yyyy", "1.2.2020 00:00", "2020-02-01"},
		{"", "2001-12-31T23:00Z", "2002-01-01"},
		{"", "2001-12-31 23:00+00", "2002-01-01"},
		{"", "31.12.2001 23:00:00 +0000", "2002-01-01"},
	} {
		said := ""
		if tt.said != "" {
			said = "file: {dates: " + tt.said + "}\n"
		}
		sink := read(t, parse(t, said+plain("  valid-from: Fra")), "Kode;Tekst;Fra\nA;x;"+tt.cell+"\n")
		if got := sink.Concepts["A"].From.String(); got != tt.want {
			t.Errorf("%q, said %q: %s, want %s; %s", tt.cell, tt.said, got, tt.want, bad(sink))
		}
	}
}

// TestHistory: rows of one code that were valid at different times are one concept.
func TestHistory(t *testing.T) {
	m := parse(t, plain("  valid-from: Fra\n  valid-to: Til"))
	sink := read(t, m, "Kode;Tekst;Fra;Til\nA;gammel;2000-01-01;2009-12-31\nA;ny;2010-01-01;\nA;eldst;1990-01-01;1999-12-31\n")
	if len(sink.BadRows) > 0 || sink.Display("A") != "ny" || sink.Concepts["A"] != (terminology.Concept{Code: "A", From: 19900101}) {
		t.Errorf("%s: %q, %+v", bad(sink), sink.Display("A"), sink.Concepts["A"])
	}
	var old []string
	for _, d := range sink.Designations["A"] {
		if d.Inactive {
			old = append(old, d.Term)
		}
	}
	if got := strings.Join(old, " "); got != "gammel eldst" {
		t.Errorf("terms of earlier rows: %q", got)
	}
	if got := bad(read(t, m, "Kode;Tekst;Fra;Til\nA;x;2000-01-01;2010-01-01\nA;y;2010-01-01;\n")); got != "codes.csv:3: code A is given twice: A on line 2" {
		t.Errorf("two rows valid on one day: %q", got)
	}
}

// TestHistoryIsKept: a code whose times adjoin is valid since the first, with what only an
// earlier row says; a gap between them is told.
func TestHistoryIsKept(t *testing.T) {
	m := parse(t, plain("  valid-from: Fra\n  valid-to: Til\n  replaced-by: Ny\n  designations: [{column: Engelsk, language: en, use: display}]"))
	sink := read(t, m, "Kode;Tekst;Fra;Til;Ny;Engelsk;Enhet;Farge\n1;A;2000-01-01;2010-12-31;2;a;kg;blå\n1;B;2011-01-01;;;;;rød\n"+
		"2;x;2000-01-01;2004-12-31;;;g;\n2;z;2010-01-01;2019-12-31;;;;\n2;y;2006-01-01;2009-12-31;;;mg;\n")
	if len(sink.BadRows) > 0 {
		t.Fatal(bad(sink))
	}
	if want := (terminology.Concept{Code: "1", From: 20000101}); sink.Concepts["1"] != want {
		t.Errorf("a code of two times that adjoin is %+v, want %+v", sink.Concepts["1"], want)
	}
	if want := (terminology.Concept{Code: "2", From: 20000101, To: 20191231, Inactive: true}); sink.Concepts["2"] != want {
		t.Errorf("a code of three times is %+v, want %+v", sink.Concepts["2"], want)
	}
	if diff := cmp.Diff([]string{"valid-from=2000-01-01", "Farge=rød", "earlier=2000-01-01/2010-12-31 A", "Enhet=kg"}, sink.Values("1")); diff != "" {
		t.Error(diff)
	}
	want := []string{"valid-from=2000-01-01", "valid-to=2019-12-31", "earlier=2006-01-01/2009-12-31 y", "Enhet=mg", "not-valid=2005-01-01/2005-12-31", "earlier=2000-01-01/2004-12-31 x"}
	if diff := cmp.Diff(want, sink.Values("2")); diff != "" {
		t.Error(diff)
	}
	english := 0
	for _, d := range sink.Designations["1"] {
		if d.Language == "en" && d.Term == "a" {
			english++
		}
	}
	if english != 1 {
		t.Errorf("the English term of the earlier row comes %d times", english)
	}
	var repairs []string
	for _, r := range sink.Repairs {
		repairs = append(repairs, r.Error())
	}
	if diff := cmp.Diff([]string{
		`codes.csv:2: code 1 is given for several times, here 2000-01-01/2010-12-31 as "A": it is said once, with the text of line 3`,
		`codes.csv:6: code 2 is given for several times, here 2006-01-01/2009-12-31 as "y": it is said once, with the text of line 5`,
		`codes.csv:4: code 2 is given for several times, here 2000-01-01/2004-12-31 as "x": it is said once, with the text of line 5, and valid through the gap 2005-01-01/2005-12-31`,
	}, repairs); diff != "" {
		t.Error(diff)
	}
	if got := bad(read(t, m, "Kode;Tekst;Fra;Til;Ny;Engelsk;Enhet;Farge\n1;A;2000-01-01;2004-12-31;;;;\n1;C;2010-01-01;;;;;\n1;B;2004-12-31;2009-12-31;;;;\n")); !strings.Contains(got, "code 1 is given twice") {
		t.Errorf("a row that overlaps an earlier one: %q", got)
	}
}

// TestDecimals: a number is what the file writes, or it is a bad row.
func TestDecimals(t *testing.T) {
	for _, tt := range []struct{ decimal, cell, text, number string }{ // cell as text, and as a number of a workbook; "" is bad
		{",", "1.5", "", "1.5"}, {",", "1,5", "1.5", ""}, {",", "1.234", "1234", "1.234"}, {",", "1.234.567,25", "1234567.25", ""}, {",", "1 234,5", "1234.5", ""},
		{",", "12.34,5", "", ""}, {",", "1,2,3", "", ""}, {".", "1,234", "1234", ""}, {".", "1,5", "", ""}, {".", "1.234", "1.234", "1.234"},
		{"", "1.5", "1.5", "1.5"}, {"", "1,5", "1.5", ""}, {"", "1,234", "", ""}, {"", "1.234", "", "1.234"}, {"", "0,234", "0.234", ""}, {"", "1234,567", "1234.567", ""},
		{"", "1,234,567", "1234567", ""}, {"", "1 234,567", "1234.567", ""}, {"", "-1.25", "-1.25", "-1.25"}, {"", "+7", "7", ""}, {"", ".5", "0.5", ""}, {"", "5,", "", ""},
	} {
		said := ""
		if tt.decimal != "" {
			said = "file: {decimal: '" + tt.decimal + "'}\n"
		}
		m := parse(t, said+plain("  properties: [{column: N, type: decimal}]"))
		sink := read(t, m, "Kode;Tekst;N\nA;x;\""+tt.cell+"\"\n")
		if got := strings.TrimPrefix(strings.Join(sink.Values("A"), " "), "N="); got != tt.text || (tt.text == "") != (len(sink.BadRows) == 1) {
			t.Errorf("%q, decimal %q: %s, want %s; %s", tt.cell, tt.decimal, got, tt.text, bad(sink))
		}
		for _, cell := range []string{tt.cell, "'" + tt.cell} {
			want := tt.text
			if cell == tt.cell && tt.number != "" {
				want = tt.number
			} else if cell == tt.cell {
				continue // no number of a workbook
			}
			sink := read(t, m, tabulartest.Workbook(tabulartest.Sheet{Name: "A", Rows: [][]string{{"Kode", "Tekst", "N"}, {"A", "x", cell}}}))
			if got := strings.TrimPrefix(strings.Join(sink.Values("A"), " "), "N="); got != want {
				t.Errorf("%q of a workbook, decimal %q: %s, want %s; %s", cell, tt.decimal, got, want, bad(sink))
			}
		}
	}
}

// TestLateKeys: keys of JSON that the first objects lack mean what they mean in the first.
func TestLateKeys(t *testing.T) {
	var b strings.Builder
	b.WriteString("[")
	for i := range 3000 {
		fmt.Fprintf(&b, "{\"Kode\":\"A%d\",\"Tekst\":\"en tekst av noe lengde, så det blir mye\"},\n", i)
	}
	b.WriteString(`{"Kode":"B","Tekst":"y","GYLDIG-fra":"2020-01-01","gyldig_til":"2021-01-01","N":"1,5"},{"Kode":"C","Tekst":"y","Fra":"2022-01-01","GYLDIG-fra":"2023-01-01"}]`)
	sink := read(t, parse(t, plain("  valid-from: [Fra, Gyldig fra]\n  valid-to: Gyldig til\n  properties: [{column: n, type: decimal}]")), b.String())
	if want := (terminology.Concept{Code: "B", From: 20200101, To: 20210101, Inactive: true}); sink.Concepts["B"] != want || len(sink.BadRows) > 0 {
		t.Errorf("B is %+v, want %+v; %s", sink.Concepts["B"], want, bad(sink))
	}
	if got := strings.Join(sink.Values("B"), " "); got != "valid-from=2020-01-01 valid-to=2021-01-01 n=1.5" {
		t.Errorf("B has %s", got)
	}
	if sink.Concepts["C"].From != 20220101 {
		t.Errorf("C is %+v, want the first of the names", sink.Concepts["C"])
	}
}

const several = `
systems:
  column: Verk
  list:
    - {value: [A, Alfa], uri: "urn:oid:1.1", name: a}
    - {value: B, uri: "urn:oid:1.2", name: b}
    - {value: C, uri: "urn:oid:1.3", name: c}
columns: {code: Kode, display: Tekst}
`

// TestSystems: a source for each system that the file holds.
func TestSystems(t *testing.T) {
	sources, err := table.NewSources(tabulartest.File("f", "Verk,Kode,Tekst\nb,1,x\nAlfa,1,y\na,2,z\n"), parse(t, several), options)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sources {
		sink := tabulartest.NewSink()
		if _, err := s.Read(context.Background(), sink); err != nil || len(sink.BadRows) > 0 {
			t.Fatal(err, bad(sink))
		}
		got = append(got, fmt.Sprint(s.Release().Name, sink.Order))
	}
	if want := "a[1 2] b[1]"; strings.Join(got, " ") != want {
		t.Errorf("sources %q, want %q", got, want)
	}
	sink := read(t, parse(t, several), "Verk,Kode,Tekst\nb,1,x\nD,1,y\n")
	if got := bad(sink); got != `codes.csv:3:Verk: "D", want one of A, Alfa, B, C` {
		t.Errorf("a row of no system: %q", got)
	}
}

// TestFormats: the same table as publishers write it.
func TestFormats(t *testing.T) {
	for name, tt := range map[string]struct{ file, content string }{
		"Windows-1252, found out": {"", "Kode;Tekst\r\nA;M\xe5ling av s\xf8vn\r\n"},
		"Windows-1252, said":      {"file: {encoding: windows-1252}\n", "Kode;Tekst\r\nA;M\xe5ling av s\xf8vn\r\n"},
		"byte order mark":         {"", "\ufeffKode\tTekst\nA\tMåling av søvn\n"},
		"a delimiter that is said, with more of others in the header": {"file: {delimiter: ':'}\n", "Kode:Tekst:a;b;c;d\nA:Måling av søvn:\n"},
		"JSON":                        {"", `[{"Kode":"A","Tekst":"Måling av søvn"}]`},
		"a header in other case":      {"", "KODE;  tekst \nA;Måling av søvn\n"},
		"JSON in which keys may lack": {"", `[{"Kode":"A","Tekst":"Måling av søvn"},{"Kode":"B","Tekst":"x","Fra":"2020-01-01"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			sink := read(t, parse(t, tt.file+plain("")), tt.content)
			if got := sink.Display("A"); got != "Måling av søvn" || len(sink.BadRows) > 0 {
				t.Errorf("%q, %s", got, bad(sink))
			}
		})
	}
}

// TestNotThisTable: the error names the key, the column and those that there are.
func TestNotThisTable(t *testing.T) {
	for name, tt := range map[string]struct{ yaml, content, want string }{
		"no such column": {plain("  valid-from: Fra"), "Kode;Tekst;Til\nA;x;\n",
			`table.NewSources: invalid input: f.csv, by columns.yaml: columns.valid-from: column "Fra" is not in the file; its columns are Kode, Tekst, Til`},
		"none of several": {strings.Replace(plain(""), "code: Kode", "code: [Kodeverdi, Nr]", 1), "Kode;Tekst\nA;x\n",
			`table.NewSources: invalid input: f.csv, by columns.yaml: columns.code: column "Kodeverdi" or "Nr" is not in the file; its columns are Kode, Tekst`},
		"not a table": {plain(""), "bare tekst\n", "table.NewSources: invalid input: f.csv is not a table: want delimited text with a header, a workbook, or a JSON array of objects"},
	} {
		_, err := table.NewSources(tabulartest.File("f.csv", tt.content), parse(t, tt.yaml), options)
		if err == nil || err.Error() != tt.want || terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

func TestReadStops(t *testing.T) {
	var rows strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&rows, "A%d;x\n", i)
	}
	sources, err := table.NewSources(tabulartest.File("f", "Kode;Tekst\n"+rows.String()), parse(t, plain("")), options)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := sources[0].Read(ctx, tabulartest.NewSink()); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Read after cancel: %v", err)
	}
}

func Example() {
	m, err := table.Parse("columns.yaml", []byte(`
system: {uri: "urn:oid:2.16.578.1.12.4.1.1.9999", name: lokal, title: Lokale koder, short: [lok]}
columns:
  code: Kode
  display: Tekst
  parent: {prefix: [1, 3]}
  valid-to: Gyldig til
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	file := tabulartest.File("lokal.csv", "Kode;Tekst;Gyldig til\nL;Lokale målinger;\nL01;Måling av puls;31.12.2020\n")
	sources, err := table.NewSources(file, m, terminology.SourceOptions{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := sources[0].Read(context.Background(), sink)
	fmt.Println(release.Name, release.Short, release.Version, err)
	fmt.Println(sink.Display("L01"), sink.Parents["L01"], sink.Concepts["L01"].Inactive)

	_, err = table.NewSources(tabulartest.File("annen.csv", "Nr;Tekst\n1;x\n"), m, terminology.SourceOptions{})
	fmt.Println(terminology.Message(err))
	// Output:
	// lokal [lok] 2026 <nil>
	// Måling av puls [L] true
	// annen.csv, by columns.yaml: columns.code: column "Kode" is not in the file; its columns are Nr, Tekst
	// columns.valid-to: column "Gyldig til" is not in the file; its columns are Nr, Tekst
}

// FuzzRead states what holds for every table: reading twice says the same, and what is
// said without bad rows is whole and can be built, or has a cycle.
func FuzzRead(f *testing.F) {
	const columns = "  parent: {code: Over}\n  valid-from: Fra\n  valid-to: Til\n  properties: [{column: N, type: decimal}]\n"
	m := parse(f, plain(columns))
	f.Add("Kode;Tekst;Over;Fra;Til;N\nA1;x;A;2020-01-01;;1,5\nA;y;;;31.12.2020;2\n")
	f.Add("Kode;Tekst;Over;Fra;Til;N\nA;x;B;;;\nB;y;A;;;\n")
	f.Add("Kode;Tekst;Over;Fra;Til;N\nA;x;;2000-01-01;2001-01-01;\nA;y;;2002-01-01;;\n")
	f.Add(`[{"Kode":"A","Tekst":"x","Over":null,"Fra":"20200101","Til":"","N":1e5}]`)
	f.Fuzz(func(t *testing.T, content string) {
		sources, err := table.NewSources(tabulartest.File("f", content), m, options)
		if err != nil {
			return
		}
		one, two := tabulartest.NewSink(), tabulartest.NewSink()
		_, err = sources[0].Read(context.Background(), one)
		_, again := sources[0].Read(context.Background(), two)
		if (err == nil) != (again == nil) || !cmp.Equal(one.Order, two.Order) || bad(one) != bad(two) {
			t.Fatalf("two readings differ: %v, %v", err, again)
		}
		if err != nil || len(one.BadRows) > 0 {
			return
		}
		for _, code := range one.Order {
			if one.Display(code) == "" || len(one.Parents[code]) > 1 {
				t.Fatalf("%q has the display %q and the parents %q", code, one.Display(code), one.Parents[code])
			}
		}
		if err := built(one); err != nil && terminology.KindOf(err) != terminology.Invalid && terminology.KindOf(err) != terminology.NotSupported {
			t.Fatal(err)
		}
	})
}
