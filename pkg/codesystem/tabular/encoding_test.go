package tabular_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
)

func TestEncoding(t *testing.T) {
	latin := func(s string) string { s, _ = charmap.Windows1252.NewEncoder().String(s); return s }
	wide := func(s string) string {
		s, _ = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
		return s
	}
	ascii := "kode;tekst\n" + strings.Repeat("A00;Kolera\n", 10_000)
	const notUTF8 = "the text is not UTF-8: save the file as UTF-8 and import again"
	tests := []struct {
		name, content string
		want          tabular.Encoding
		last          string
	}{
		{"UTF-8", "kode;tekst\nA00;blålilla\n", tabular.UTF8, "2 kode=A00 tekst=blålilla"},
		{"UTF-8 with mark", "\ufeffkode;tekst\nA00;blå\n", tabular.UTF8, "2 kode=A00 tekst=blå"},
		{"Latin-1", latin("kode;tekst\nA00;Sår på «øyet» – høyre\n"), tabular.Windows1252, "2 kode=A00 tekst=Sår på «øyet» – høyre"},
		{"Latin-1 in the header", latin("kode;kjønn\nA00;M\n"), tabular.Windows1252, "2 kode=A00 kjønn=M"},
		{"Latin-1 in JSON", latin(`[{"kode":"A00","tekst":"Sår"}]`), tabular.Windows1252, "1 kode=A00 tekst=Sår"},
		{"Latin-1 with a pair that UTF-8 has", latin("kode;tekst\nA00;«SJØ» er på øya, åpent sår, blødning, rødt øye, tåre, å, ø, æ, Å, Æ, øre, tå, år, gå, stå, få, må, rå, blå, grå, ås, ål, æ, ø, å\n"),
			tabular.Windows1252, "2 kode=A00 tekst=«SJØ» er på øya, åpent sår, blødning, rødt øye, tåre, å, ø, æ, Å, Æ, øre, tå, år, gå, stå, få, må, rå, blå, grå, ås, ål, æ, ø, å"},
		{"Latin-1 far behind the beginning", ascii + latin("A01;Sår\n"), tabular.Windows1252, "10002 kode=A01 tekst=Sår"},
		{"UTF-8 far behind the beginning", ascii + "A01;Sår\n", tabular.UTF8, "10002 kode=A01 tekst=Sår"},
		{"UTF-8 with one bad byte", "kode;tekst\nA00;blå og grønn\nA01;r\xf8d\n", tabular.UTF8, "f:3: " + notUTF8},
		{"no text of Windows-1252", "kode;tekst\nA00;\x81\x8d\n", tabular.UTF8, "f:2: " + notUTF8},
		{"signs without letters", "kode;tekst\nA00;\xa4\xb6\xbf\n", tabular.UTF8, "f:2: " + notUTF8},
		{"UTF-16", wide("kode\ttekst\r\nA00\tblå\r\n"), tabular.UTF16, "2 kode=A00 tekst=blå"},
		{"UTF-16, long", wide(strings.ReplaceAll(ascii, ";", "\t") + "A01\tblå\n"), tabular.UTF16, "10002 kode=A01 tekst=blå"},
		{"packed Latin-1", tabulartest.Gzip(latin("kode;tekst\nA00;Sår\n")), tabular.Windows1252, "2 kode=A00 tekst=Sår"},
		{"packed workbook", tabulartest.Gzip(tabulartest.Workbook(tabulartest.Sheet{Name: "A", Rows: [][]string{{"Kode", "Tekst"}, {"A00", "Sår"}}})), tabular.UTF8, "2 Kode=A00 Tekst=Sår"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			head, rows := both(t, "f", tt.content)
			if head.Format.Encoding != tt.want || len(rows) == 0 || rows[len(rows)-1] != tt.last {
				t.Errorf("taken for %v, rows end with %q, want %v, %q", head.Format.Encoding, rows[max(0, len(rows)-1):], tt.want, tt.last)
			}
		})
	}
}

func TestHeadIsDecoded(t *testing.T) {
	head, _ := both(t, "f", "kode;kj\xf8nn\nA00;M\n")
	if head.First != "kode;kjønn" || strings.Join(head.Columns, " ") != "kode kjønn" {
		t.Errorf("first line %q, columns %q", head.First, head.Columns)
	}
}

func TestGzip(t *testing.T) {
	good := tabulartest.Gzip("kode;tekst\n" + strings.Repeat("A00;Kolera\n", 1000))
	for _, tt := range []struct{ name, content, want string }{
		{"truncated", good[:len(good)-9], "f: the packed file ends too early: it is truncated, fetch it again"},
		{"damaged", good[:20] + "\x00\x00\x00\x00" + good[24:], "f: the packed file"},
		{"only its mark", "\x1f\x8b", "f: the packed file"},
		{"twice", tabulartest.Gzip(good), "packed by gzip twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, rows := both(t, "f", tt.content); !strings.Contains(rows[len(rows)-1], tt.want) {
				t.Errorf("rows end with %q, want %q", rows[len(rows)-1], tt.want)
			}
		})
	}
}

// TestGzipBomb reads a file that unpacks to a thousand times its size.
func TestGzipBomb(t *testing.T) {
	content := tabulartest.Gzip("kode;tekst\n" + strings.Repeat("A00;"+strings.Repeat("x", 10_000)+"\n", 2500))
	start := time.Now()
	n, last := 0, error(nil)
	for _, err := range tabular.Rows(strings.NewReader(content), "f", tabular.Format{Delimiter: ';', Gzip: true}) {
		n, last = n+1, err
	}
	if last == nil || !strings.Contains(last.Error(), "that is no table of codes") || n > 2000 || time.Since(start) > time.Minute {
		t.Errorf("%d rows in %v, then %v", n, time.Since(start), last)
	}
}

func TestPages(t *testing.T) {
	const page = `{"succeeded":true,"errors":[],"meta":{"x":[{}]},"data":[
{"codeValue":"A00","active":true},
{"codeValue":"A01"}],
"pageNumber":1,"totalRecords":5}`
	for _, tt := range []struct {
		name, content string
		key           string
		want          []string
		total         int
	}{
		{"a page", page, "data", []string{"2 codeValue=A00 active=true", "3 codeValue=A01"}, 5},
		{"pages one after the other", page + "\n" + `{"data":[],"totalRecords":5}{"data":[{"codeValue":"A02"}]}`, "data",
			[]string{"2 codeValue=A00 active=true", "3 codeValue=A01", "5 codeValue=A02"}, 5},
		{"another key", `{"id":1,"codeValues":[{"value":"x"}]}`, "codeValues", []string{"1 value=x"}, 0},
		{"no array of objects", `{"a":1,"b":["x"],"c":{"d":[{}]}}`, "", nil, 0},
		{"lines of objects without an array", `{"code":"A00"}` + "\n" + `{"code":"A01"}`, "", nil, 0},
		{"cut off in a row", page[:len(page)-30], "data", []string{"2 codeValue=A00 active=true", "3 codeValue=A01", "f:4: the file ends inside its JSON array: it is truncated, fetch it again"}, 0},
		{"cut off after the array", page[:len(page)-1], "data", []string{"2 codeValue=A00 active=true", "3 codeValue=A01", "f:4: the file ends inside its JSON array: it is truncated, fetch it again"}, 0},
		{"second page without rows", page + `{"x":1}`, "data", []string{"2 codeValue=A00 active=true", "3 codeValue=A01", `f:4: want a JSON array of objects: the object has none under "data"`}, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			head, rows := both(t, "f", tt.content)
			if head.Format.Key != tt.key || head.Format.JSON != (tt.key != "") {
				t.Fatalf("format %+v, want the key %q", head.Format, tt.key)
			}
			if tt.key == "" {
				return
			}
			if diff := cmp.Diff(tt.want, rows); diff != "" {
				t.Error(diff)
			}
			if tt.total == 0 {
				return
			}
			if n, _ := tabular.Announced(tabulartest.File("f", tt.content), head.Format); n != tt.total {
				t.Errorf("Announced = %d, want %d", n, tt.total)
			}
		})
	}
}

func TestHeadlessAndRagged(t *testing.T) {
	got := show(tabular.Delimited(strings.NewReader("\ufeffA00-A09\tTarm\nB15-B19\tLever\n"), "f", tabular.Format{Delimiter: '\t', Headless: true}))
	if diff := cmp.Diff([]string{"1 1=A00-A09 2=Tarm", "2 1=B15-B19 2=Lever"}, got); diff != "" {
		t.Error(diff)
	}
	got = show(tabular.Delimited(strings.NewReader("a;b;b\nx\n1;2;3;4\n"), "f", tabular.Format{Delimiter: ';', Ragged: true}))
	if diff := cmp.Diff([]string{"2 a=x b= b=", "3 a=1 b=2 b=3 4=4"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseSerialDay(t *testing.T) {
	for in, want := range map[string]string{
		"43890.999305555553": "2020-02-29", "41299": "2013-01-25", "1": "1900-01-01", "59": "1900-02-28", "60": "", "61": "1900-03-01",
		"2958465.9": "9999-12-31", "2958466": "", "0": "", "0.5": "", "-3": "", "NaN": "", "1e400": "", "2020-02-29": "", "": "",
	} {
		if day, ok := tabular.ParseSerialDay(in); day.String() != want || ok != (want != "") {
			t.Errorf("ParseSerialDay(%q) = %v, %v, want %q", in, day, ok, want)
		}
	}
}

func ExampleSniffFile() {
	file := tabulartest.File("list.xlsx", tabulartest.Workbook(tabulartest.Sheet{Name: "Codes", Rows: [][]string{{"Version 7"}, {"Code", "Valid from"}, {"A00", "41299"}}}))
	head, err := tabular.SniffFile(file)
	fmt.Println(head.Format.Sheet, head.Format.Header, head.Columns, err)
	in, _ := file.Open()
	for rec, err := range tabular.Rows(in.(io.Reader), file.Name, head.Format) {
		day, _ := head.Format.Day(rec.Cell("Valid from"))
		fmt.Println(rec.File, rec.Line, rec.Cell("Code"), day, err)
	}
	// Output:
	// Codes 2 [Code Valid from] <nil>
	// list.xlsx!Codes 3 A00 2013-01-25 <nil>
}

// FuzzSniff states what holds for every file: what Sniff finds a format for, Rows reads
// in that format, and it ends.
func FuzzSniff(f *testing.F) {
	f.Add("kode;tekst\nA00;bl\xe5\n")
	f.Add(`{"data":[{"a":1}],"totalRecords":3}{"data":[]}`)
	f.Add("\xff\xfea\x00;\x00b\x00")
	f.Add(tabulartest.Gzip("kode;tekst\nA00;x\n"))
	f.Fuzz(func(t *testing.T, content string) {
		head, err := tabular.SniffFile(tabulartest.File("f", content))
		if err != nil {
			return
		}
		n := 0
		for _, err := range tabular.Rows(strings.NewReader(content), "f", head.Format) {
			if n++; err == nil && head.Format == (tabular.Format{}) {
				break
			}
		}
		if n < len(head.Sample) {
			t.Fatalf("%d rows in the sample, %d in the file, format %+v", len(head.Sample), n, head.Format)
		}
	})
}
