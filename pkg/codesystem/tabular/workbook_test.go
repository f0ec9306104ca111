package tabular_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

type sheet = tabulartest.Sheet

// both sniffs a file and reads its rows.
func both(t testing.TB, name, content string) (tabular.Head, []string) {
	t.Helper()
	head, err := tabular.SniffFile(tabulartest.File(name, content))
	if err != nil {
		return head, []string{err.Error()}
	}
	return head, show(tabular.Rows(strings.NewReader(content), name, head.Format))
}

func TestWorkbook(t *testing.T) {
	info := sheet{Name: "Om", Rows: [][]string{{"Utgiver", "Etaten"}, {"Kontakt", "Noen"}}}
	tests := []struct {
		name   string
		sheets []sheet
		sheet  string
		header int
		want   []string
	}{
		{"sheet of its own, raw cells", []sheet{{Name: "Nlk", Rows: [][]string{{"Kode", "Gyldig fra"}, {"NOR05001", "43890.999305555553"}, {"NPU1 ", ""}}}}, "Nlk", 1,
			[]string{"2 Kode=NOR05001 Gyldig fra=43890.9993055556", "3 Kode=NPU1  Gyldig fra="}},
		{"behind a sheet about it", []sheet{info, {Name: "Koder", Rows: [][]string{{"Prosedyrekode", "Tekst"}, {"AAA00", "x"}}}}, "Koder", 1,
			[]string{"2 Prosedyrekode=AAA00 Tekst=x"}},
		{"below a title", []sheet{{Name: "Ark1", Rows: [][]string{{"Kodeverk for laboratorier"}, {}, {"Versjon", "77"}, {"Kode", "Tekst\nfull", "Enhet"}, {}, {"-30", "Kodein", ""}}}}, "Ark1", 4,
			[]string{"6 Kode=-30 Tekst full=Kodein Enhet="}},
		{"no column of codes by name", []sheet{{Name: "Ark1", Rows: [][]string{{"ICD10", "Tekst"}, {"A00", "kodes sammen med B00"}}}}, "Ark1", 1,
			[]string{"2 ICD10=A00 Tekst=kodes sammen med B00"}},
		{"a cell beyond the header", []sheet{{Name: "A", Rows: [][]string{{"Kode", "Tekst"}, {"A00", "x", "y"}, {"A01", "z", " "}, {"A02", "z"}}}}, "A", 1,
			[]string{"f.xlsx!A:2: the row has 3 cells, the header 2", "3 Kode=A01 Tekst=z", "4 Kode=A02 Tekst=z"}},
		{"column named twice", []sheet{{Name: "A", Rows: [][]string{{"Kode", "Kode"}, {"A00", "x"}}}}, "A", 1,
			[]string{"f.xlsx!A:1:Kode: the header names this column twice"}},
		{"nothing like a table", []sheet{{Name: "A", Rows: [][]string{{"Hei"}, {"1", "2"}}}}, "", 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			head, rows := both(t, "f.xlsx", tabulartest.Workbook(tt.sheets...))
			if head.Format.Sheet != tt.sheet || head.Format.Header != tt.header {
				t.Errorf("found the sheet %q and the header in row %d, want %q and %d", head.Format.Sheet, head.Format.Header, tt.sheet, tt.header)
			}
			if tt.sheet == "" {
				return
			}
			if diff := cmp.Diff(tt.want, rows); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNumbers: numbers are as Excel shows them, texts as they are, and the two are told
// apart.
func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		cell, want string
		number     bool
	}{
		{"1.1000000000000001", "1.1", true}, {"-0.30000000000000004", "-0.3", true}, {"20250923", "20250923", true}, {"0.5", "0.5", true},
		{"1E+5", "100000", true}, {"9.0000000000020698E+17", "900000000000207000", true}, {"1.5E-300", "1.5e-300", true},
		{"'900000000000207008", "900000000000207008", false}, {"'1.1000000000000001", "1.1000000000000001", false}, {"'1,5", "1,5", false},
	} {
		content := tabulartest.Workbook(sheet{Name: "A", Rows: [][]string{{"Kode", "x", "Verdi"}, {"A00", "", tt.cell}}})
		for rec, err := range tabular.Rows(strings.NewReader(content), "f.xlsx", tabular.Format{Workbook: true, Sheet: "A", Header: 1}) {
			if err != nil || rec.Cell("Verdi") != tt.want || rec.Number(2) != tt.number || rec.Number(0) || rec.Number(1) || rec.Number(3) {
				t.Errorf("%s: %+v, %v, want %s, a number: %v", tt.cell, rec, err, tt.want, tt.number)
			}
		}
	}
	for rec := range tabular.JSON(strings.NewReader(`[{"a":"1.5","b":-1.5,"c":true}]`), "f") {
		if rec.Number(0) || !rec.Number(1) || rec.Number(2) {
			t.Errorf("numbers of JSON: %+v", rec)
		}
	}
}

// TestOthers: sheets of codes that are shown but not read are named.
func TestOthers(t *testing.T) {
	codes := [][]string{{"Kode", "Tekst"}, {"A00", "x"}}
	head, _ := both(t, "f.xlsx", tabulartest.Workbook(sheet{Name: "Om", Rows: [][]string{{"Utgiver", "Etaten"}}}, sheet{Name: "NCSP", Rows: codes},
		sheet{Name: "Endringer", Rows: [][]string{{"Dato", "Hva"}, {"2020", "x"}}}, sheet{Name: "NCMP", Rows: codes}, sheet{Name: "NCRP", Rows: codes}))
	if head.Format.Sheet != "NCSP" || strings.Join(head.Others, " ") != "NCMP NCRP" {
		t.Errorf("sheet %q, others %q", head.Format.Sheet, head.Others)
	}
}

func TestSniffSheet(t *testing.T) {
	file := tabulartest.File("f.xlsx", tabulartest.Workbook(sheet{Name: "A", Rows: [][]string{{"Kode", "Tekst"}, {"1A", "x"}}}, sheet{Name: "B", Rows: [][]string{{"Fra", "Til"}, {"x", "y"}}}))
	head, err := tabular.SniffSheet(file, "B")
	if err != nil || head.Format.Sheet != "B" || strings.Join(head.Columns, " ") != "Fra Til" || len(head.Sheets) != 2 {
		t.Errorf("SniffSheet(B) = %+v, %v", head, err)
	}
	if _, err := tabular.SniffSheet(file, "C"); terminology.KindOf(err) != terminology.Invalid || !strings.Contains(err.Error(), `no sheet "C": there is A, B`) {
		t.Errorf("SniffSheet(C): %v", err)
	}
}

// bomb is a workbook whose sheet unpacks to more than it says, or says that it unpacks to
// a gigabyte.
func bomb(t testing.TB, says uint64) string {
	t.Helper()
	var packed, b bytes.Buffer
	f, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err == nil {
		_, err = f.Write(make([]byte, 32<<20))
		err = errors.Join(err, f.Close())
	}
	z := zip.NewWriter(&b)
	for _, part := range []string{"[Content_Types].xml", "xl/workbook.xml"} {
		_, bad := z.Create(part)
		err = errors.Join(err, bad)
	}
	w, bad := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: says})
	if bad == nil {
		_, bad = w.Write(packed.Bytes())
	}
	if err := errors.Join(err, bad, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHostileWorkbook(t *testing.T) {
	good := tabulartest.Workbook(sheet{Name: "A", Rows: [][]string{{"Kode", "Tekst"}, {"A00", "x"}}})
	wide := make([]string, 50_000)
	for i := range wide {
		wide[i] = "1"
	}
	part := func(xml string) string { return tabulartest.WithPart(good, "xl/worksheets/sheet1.xml", xml) }
	const head = `<worksheet><sheetData><row r="1"><c t="str"><v>Kode</v></c><c t="str"><v>Tekst</v></c></row>`
	for _, tt := range []struct{ name, content, want string }{
		{"truncated", good[:len(good)-100], "f.xlsx: the workbook is truncated or damaged, fetch it again"},
		{"cut to its beginning", good[:60], "f.xlsx: the workbook is truncated or damaged, fetch it again"},
		{"unpacks to a gigabyte", bomb(t, 1<<30), "unpacks to 1073741824 and more: that is no table of codes"},
		{"unpacks to a gigabyte and hides it", bomb(t, 16), "f.xlsx: the workbook is damaged"},
		{"far too many columns", tabulartest.Workbook(sheet{Name: "A", Rows: [][]string{{"Kode", "Tekst"}, wide}}), "row 2"},
		{"far too many columns without names", part(head + `<row>` + strings.Repeat("<c><v>1</v></c>", 100_000) + `</row></sheetData></worksheet>`), "row 2 has more than 16384 cells"},
		{"sheet breaks off", part(head + `<row r="2"><c t="str"><v>A00`), "unexpected EOF"},
		{"sheet is broken", part(head + `<row r="2"><c t="str"><v>A00</v></c></row><row r="3"<</row></sheetData></worksheet>`), "syntax error"},
		{"rows out of order", part(head + `<row r="7"/><row r="3"/></sheetData></worksheet>`), `row "3" comes after row 7`},
		{"a row that no sheet has", part(head + `<row r="9223372036854775807"><c/></row></sheetData></worksheet>`), "row 9223372036854775807 comes after row 1: a sheet has at most 1048576 rows"},
		{"a row far beyond any sheet", part(head + `<row r="99999999999999999999999"><c/></row></sheetData></worksheet>`), "a sheet has at most 1048576 rows"},
		{"a row behind the last", part(head + `<row r="1048576"/><row/></sheetData></worksheet>`), "the sheet has more than 1048576 rows"},
		{"old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "save it as .xlsx"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			name := "f.xlsx"
			if tt.name == "old workbook" {
				name = "f.xls"
			}
			_, rows := both(t, name, tt.content)
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 1<<30 {
				t.Errorf("allocates %d MB", used>>20)
			}
			if len(rows) == 0 || !strings.Contains(rows[len(rows)-1], tt.want) {
				t.Errorf("rows %.300q, want %q last", rows, tt.want)
			}
		})
	}
}

func TestRealWorkbooks(t *testing.T) {
	for _, tt := range []struct {
		name, sheet string
		columns     int
		rows        int
	}{
		{"nlk/Norsk Laboratoriekodeverk 7280.77.xlsx", "Nlk", 17, 11395},
		{"icpc2/icpc-2e-v7.0.xlsx", "icpc-2e-v6..0", 9, 726},
	} {
		t.Run(tt.sheet, func(t *testing.T) {
			file := tabulartest.Real(t, tt.name)
			head, err := tabular.SniffFile(file)
			if err != nil || head.Format.Sheet != tt.sheet || len(head.Columns) != tt.columns {
				t.Fatalf("SniffFile = %+v %q, %v", head.Format, head.Columns, err)
			}
			sink := tabulartest.NewSink()
			n, err := tabular.Scan(t.Context(), file, head.Format, sink, func(*tabular.Record) error { return nil })
			if n != tt.rows || err != nil || len(sink.BadRows) > 0 || int64(sink.Bytes) != file.Size {
				t.Errorf("Scan = %d, %v, bad %v, want %d", n, err, sink.BadRows, tt.rows)
			}
		})
	}
}

func BenchmarkWorkbook(b *testing.B) {
	rows := [][]string{{"Kode", "Gyldig fra", "Tekst"}}
	for i := range 10_000 {
		rows = append(rows, []string{fmt.Sprintf("NPU%05d", i), "41299", "P-Natrium"})
	}
	content := tabulartest.Workbook(sheet{Name: "A", Rows: rows})
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range tabular.Rows(strings.NewReader(content), "f.xlsx", tabular.Format{Workbook: true, Sheet: "A", Header: 1}) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// FuzzWorkbook states what holds for every sheet: its rows come in ascending order and
// as wide as the header, and any bytes end in rows or an error.
func FuzzWorkbook(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c t="str"><v>Kode</v></c><c t="str"><v>Tekst</v></c></row><row r="2"><c t="s"><v>0</v></c></row></sheetData></worksheet>`, `<sst><si><t>x</t></si></sst>`)
	f.Add(`<worksheet><sheetData><row><c r="B1" t="b"><v>1</v></c></row></sheetData></worksheet>`, `<sst>`)
	f.Add(`<worksheet><sheetData><row r="1"><c t="str"><v>Kode</v></c></row><row r="9223372036854775807"><c/></row></sheetData></worksheet>`, `<sst/>`)
	good := tabulartest.Workbook(sheet{Name: "A"})
	f.Fuzz(func(t *testing.T, xml, texts string) {
		content := tabulartest.WithPart(tabulartest.WithPart(good, "xl/worksheets/sheet1.xml", xml), "xl/sharedStrings.xml", texts)
		head, err := tabular.SniffFile(tabulartest.File("f.xlsx", content))
		if err != nil {
			if terminology.KindOf(err) != terminology.Invalid {
				t.Fatalf("SniffFile: %v", err)
			}
			return
		}
		line := 0
		for rec, err := range tabular.Rows(strings.NewReader(content), "f.xlsx", head.Format) {
			if row := (*terminology.RowError)(nil); err != nil && !errors.As(err, &row) {
				t.Fatalf("Rows: %v", err)
			}
			if err == nil && (rec.Line <= line || rec.Line > 1<<20) {
				t.Fatalf("row %d after row %d", rec.Line, line)
			} else if err == nil {
				line = rec.Line
			}
		}
	})
}
