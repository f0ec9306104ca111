package tabular_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// show reads all rows: line number and cells, or the error.
func show(rows func(func(*tabular.Record, error) bool)) []string {
	var out []string
	for rec, err := range rows {
		if err != nil {
			out = append(out, err.Error())
			continue
		}
		s := fmt.Sprint(rec.Line)
		for column, cell := range rec.Cells() {
			s += " " + column + "=" + cell
		}
		out = append(out, s)
	}
	return out
}

func TestDelimited(t *testing.T) {
	semicolon := tabular.Format{Delimiter: ';', Quoted: true}
	tests := []struct {
		name, content string
		format        tabular.Format
		want          []string
	}{
		{"byte order mark, CRLF and blank lines", "\ufeffICD10;Tekst\r\nA000;x\r\n\r\nA001;y", semicolon,
			[]string{"2 ICD10=A000 Tekst=x", "4 ICD10=A001 Tekst=y"}},
		{"quoted cells", "a;b\n\"K250\";\"Sår i magesekk;akutt \"\"m/blødning\"\"\"\n", semicolon,
			[]string{`2 a=K250 b=Sår i magesekk;akutt "m/blødning"`}},
		{"quote inside a cell", "a;b\nx;y \"z\"\n", semicolon, []string{`2 a=x b=y "z"`}},
		{"quoted cell over two lines", "a;b\nx;\"one\r\ntwo\"\ny;z\n", semicolon, []string{"2 a=x b=one\ntwo", "4 a=y b=z"}},
		{"no quotes where # is the delimiter", "a#b\nS96.0008#\"Acné excoriée\"\n", tabular.Format{Delimiter: '#'},
			[]string{`2 a=S96.0008 b="Acné excoriée"`}},
		{"empty cells after the last column", "a;b\nx;y;;\n", semicolon, []string{"2 a=x b=y"}},
		{"too few and too many cells", "a;b\nx\nx;y;z\nx;y\n", semicolon,
			[]string{"f:2: the row has 1 cell, the header 2 (is the delimiter ';'?)", "f:3: the row has 3 cells, the header 2", "4 a=x b=y"}},
		{"Latin-1", "a;b\nx;bl\xe5\nx;y\n", semicolon,
			[]string{"f:2: the text is not UTF-8: save the file as UTF-8 and import again", "3 a=x b=y"}},
		{"open quote", "a;b\nx;\"y\nz;1\n", semicolon, []string{`f:2: a cell begins with " and is not closed`}},
		{"text after a quote", "a;b\n\"x\"y;1\nz;2\n", semicolon, []string{"f:2: cell 1: text after its closing quote", "3 a=z b=2"}},
		{"column named twice", "a;a\n1;2\n", semicolon, []string{"f:1:a: the header names this column twice"}},
		{"header only", "a;b\n", semicolon, nil},
		{"nothing", "", semicolon, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, show(tabular.Delimited(strings.NewReader(tt.content), "f", tt.format))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDelimitedEndsAtAnEndlessLine(t *testing.T) {
	rows := show(tabular.Delimited(strings.NewReader("a;b\n"+strings.Repeat("x", 2<<20)+"\n1;2\n"), "f", tabular.Format{Delimiter: ';'}))
	if len(rows) != 1 || !strings.Contains(rows[0], "f:2: the line is longer") {
		t.Errorf("rows %.100q", rows)
	}
}

// TestQuotedLines: a quoted cell of many lines is looked at once, and rows go on behind it.
func TestQuotedLines(t *testing.T) {
	semicolon := tabular.Format{Delimiter: ';', Quoted: true}
	got := show(tabular.Delimited(strings.NewReader("a;b\n\"\"\"x\ny\"\"\n\"\"\";\"1\n\n2\"\nz;3\n\"q\n\"r;4\n\"s\n\xe5\";5\nt;6\n"), "f", semicolon))
	want := []string{"2 a=\"x\ny\"\n\" b=1\n\n2", "7 a=z b=3", "f:8: cell 1: text after its closing quote", "f:10: the text is not UTF-8: save the file as UTF-8 and import again", "12 a=t b=6"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	content := "a;b\n" + strings.Repeat("x;\""+strings.Repeat("\n", 30<<10)+"\"\n", 20)
	start := time.Now()
	if rows := show(tabular.Delimited(strings.NewReader(content), "f", semicolon)); len(rows) != 20 {
		t.Errorf("%d rows of quoted lines, want 20", len(rows))
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("quoted lines of %d kB took %v", len(content)>>10, took)
	}
}

// TestScanEndsInBlankLines: the context ends a file in which no rows come.
func TestScanEndsInBlankLines(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	file := tabulartest.File("f", "")
	blank := &blankLines{after: 8 << 20, cancel: cancel}
	file.Open = func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("a;b\n1;2\n"), blank)), nil
	}
	_, err := tabular.Scan(ctx, file, tabular.Format{Delimiter: ';'}, tabulartest.NewSink(), func(*tabular.Record) error { return nil })
	if terminology.KindOf(err) != terminology.Unavailable || blank.n > 9<<20 {
		t.Errorf("Scan = %v after %d bytes", err, blank.n)
	}
}

// blankLines are blank lines that cancel after some, and end after four times as many.
type blankLines struct {
	n, after int
	cancel   func()
}

func (b *blankLines) Read(p []byte) (int, error) {
	if b.n > 4*b.after {
		return 0, io.EOF
	}
	if b.n > b.after {
		b.cancel()
	}
	for i := range p {
		p[i] = '\n'
	}
	b.n += len(p)
	return len(p), nil
}

func TestJSON(t *testing.T) {
	const truncated = "the file ends inside its JSON array: it is truncated, fetch it again"
	tests := []struct {
		name, content string
		want          []string
	}{
		{"all kinds of value", `[{"a":"Kj\u00f8nn","b":null,"c":"","d":1.50,"e":true,"f":{"x":[1]}}]`, []string{`1 a=Kjønn b= c= d=1.50 e=true f={"x":[1]}`}},
		{"lines", "\ufeff[\n  {\n \"a\": \"1\"},\n\n {\"a\":\"2\"}\n]\n", []string{"2 a=1", "5 a=2"}},
		{"brackets and quotes in text", `[{"a":"],{\"\\"},{"a":"x"}]`, []string{`1 a=],{"\`, "1 a=x"}},
		{"bad element, and on", "[{\"a\":1},\n{\"a\" 2},\n[3],\n{\"a\":4}]",
			[]string{"1 a=1", "f:2: invalid character '2' after object key", "f:3: want a JSON object", "4 a=4"}},
		{"key twice", `[{"a":1,"a":2}]`, []string{"f:1:a: the object has this key twice"}},
		{"not UTF-8", "[{\"a\":\"bl\xe5\"}]", []string{"f:1: the text is not UTF-8: save the file as UTF-8 and import again"}},
		{"text over a line end", "[{\"a\":\"x\ny\"},\n{\"a\":\"z\"}]", []string{`f:1: invalid character '\n' in string literal`, "3 a=z"}},
		{"truncated in an object", "[{\"a\":1},\n{\"a\":", []string{"1 a=1", "f:2: " + truncated}},
		{"truncated between objects", "[{\"a\":1},\n", []string{"1 a=1", "f:2: " + truncated}},
		{"truncated before the end", "[{\"a\":1}\n", []string{"1 a=1", "f:2: " + truncated}},
		{"only begun", "[", []string{"f:1: " + truncated}},
		{"no comma", `[{"a":1} {"a":2}]`, []string{"1 a=1", "f:1: want a comma between objects, found '{'"}},
		{"comma before the end", `[{"a":1},]`, []string{"1 a=1", "f:1: want an object, found ']'"}},
		{"text after the end", "[{\"a\":1}]\n[", []string{"1 a=1", "f:2: text after the end of the JSON array"}},
		{"no array", `{"data":[]}`, []string{"f:1: want a JSON array of objects"}},
		{"empty array", "[ ]", nil},
		{"nothing", "", []string{"f:1: want a JSON array of objects"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, show(tabular.JSON(strings.NewReader(tt.content), "f"))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSniff(t *testing.T) {
	long := "code;text\n" + strings.Repeat("A000;æøå æøå æøå\n", 10_000)
	tests := []struct {
		name, content string
		format        tabular.Format
		columns       string
		err           string
	}{
		{"#", "system#code#text\nICD10#A00.0#x\n", tabular.Format{Delimiter: '#'}, "system code text", ""},
		{"semicolon", "\ufeffICD10;Tekst\r\nA000;x\r\n", tabular.Format{Delimiter: ';', Quoted: true}, "ICD10 Tekst", ""},
		{"header only", "a\tb", tabular.Format{Delimiter: '\t', Quoted: true}, "a b", ""},
		{"long, cut in the middle of a letter", long, tabular.Format{Delimiter: ';', Quoted: true}, "code text", ""},
		{"JSON", " \n[{\"code\":\"A01\",\"text\":\"x\"}]", tabular.Format{JSON: true}, "code text", ""},
		{"JSON cut off after an object", `[{"code":"A01"},{"co`, tabular.Format{JSON: true}, "code", ""},
		{"JSON cut off before that", `[{"co`, tabular.Format{}, "", "truncated, fetch it again"},
		{"JSON object", `{"a":1}`, tabular.Format{}, "", ""},
		{"Git-LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n", tabular.Format{}, "", "git lfs pull"},
		{"zip", "PK\x03\x04" + strings.Repeat("\x00", 26) + "Snapshot/a.txt", tabular.Format{}, "", "unpack it first"},
		{"workbook", "PK\x03\x04" + strings.Repeat("\x00", 26) + "[Content_Types].xml", tabular.Format{}, "", ""},
		{"UTF-16", "\xff\xfea\x00;\x00b\x00", tabular.Format{Delimiter: ';', Quoted: true, Encoding: tabular.UTF16}, "a b", ""},
		{"workbook cut off", "PK\x03\x04" + strings.Repeat("\x00", 26) + "[Content_Types].xml...xl/workbook.xml", tabular.Format{}, "", "truncated or damaged, fetch it again"},
		{"one word", "hello\n", tabular.Format{}, "", ""},
		{"nothing", "", tabular.Format{}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			head, err := tabular.Sniff(strings.NewReader(tt.content), "f")
			if (err == nil) != (tt.err == "") || err != nil && (!strings.Contains(err.Error(), tt.err) || terminology.KindOf(err) != terminology.Invalid) {
				t.Fatalf("Sniff: %v, want %q", err, tt.err)
			}
			if head.Format != tt.format || strings.Join(head.Columns, " ") != tt.columns {
				t.Errorf("Sniff = %+v %q, want %+v %q", head.Format, head.Columns, tt.format, tt.columns)
			}
		})
	}
}

func TestParseDay(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"start", "1999-01-01T00:00:00", "1999-01-01"},
		{"end keeps its day", "2004-12-31T23:59:00", "2004-12-31"},
		{"Oslo midnight in UTC, winter", "1998-12-31T23:00:00.000+00:00", "1999-01-01"},
		{"Oslo midnight in UTC, summer", "2017-06-30 22:00:00+00", "2017-07-01"},
		{"the same hour in winter is the day before", "2017-12-30 22:00:00+00", "2017-12-30"},
		{"day after the change in October", "2020-10-25T23:00:00Z", "2020-10-26"},
		{"before 1996 summer ended in September", "1995-10-14T22:30:00Z", "1995-10-14"},
		{"with another zone", "2020-01-01T00:00:00+02:00", "2019-12-31"},
		{"day alone", "2020-02-29", "2020-02-29"},
		{"space for T", "2020-02-29 23:59:00", "2020-02-29"},
		{"a zone and no seconds", "2020-12-31T23:30Z", "2021-01-01"},
		{"a short zone and no seconds", "2020-12-31 23:30+00", "2021-01-01"},
		{"a zone without a colon and no seconds", "2020-12-31T23:30+0000", "2021-01-01"},
		{"text for a time", "2024-01-01T:garbage", ""},
		{"no such day", "2021-02-29", ""},
		{"no such day with time", "2021-02-29T00:00:00", ""},
		{"Norwegian form", "29.02.2020", ""},
		{"text", "ukjent", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if day, ok := tabular.ParseDay(tt.in); day.String() != tt.want || ok != (tt.want != "") {
				t.Errorf("ParseDay(%q) = %v, %v, want %q", tt.in, day, ok, tt.want)
			}
		})
	}
}

func TestScanStops(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(context.Canceled)
	file := tabulartest.File("f", "a;b\n"+strings.Repeat("1;2\n", 1000))
	_, err := tabular.Scan(ctx, file, tabular.Format{Delimiter: ';'}, tabulartest.NewSink(), func(*tabular.Record) error { return nil })
	if terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Scan after cancel: %v", err)
	}
}

func ExampleDelimited() {
	in := strings.NewReader("code;text\nA00.0;Kolera\nA00.1\n")
	for rec, err := range tabular.Delimited(in, "icd10.csv", tabular.Format{Delimiter: ';', Quoted: true}) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(rec.Line, rec.Cell("code"), rec.Cell("text"))
	}
	// Output:
	// 2 A00.0 Kolera
	// icd10.csv:3: the row has 1 cell, the header 2 (is the delimiter ';'?)
}

func ExampleJSON() {
	in := strings.NewReader("[\n{\"Kode\": \"A00.0\", \"Gyldig_til\": null},\n{\"Kode\": \"A0")
	for rec, err := range tabular.JSON(in, "ICD10.json") {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(rec.Line, rec.Cell("Kode"))
	}
	// Output:
	// 2 A00.0
	// ICD10.json:3: the file ends inside its JSON array: it is truncated, fetch it again
}

// FuzzDelimited states what holds for every input: cells written with quotes are
// read back unchanged, and any bytes end in rows as wide as the header.
func FuzzDelimited(f *testing.F) {
	f.Add("a;b\nx;y\n", "x", `y "z"`)
	f.Add("a;b\n\"x\n", "æ;\n", "")
	f.Fuzz(func(t *testing.T, content, one, two string) {
		for rec, err := range tabular.Delimited(strings.NewReader(content), "f", tabular.Format{Delimiter: ';', Quoted: true}) {
			if err == nil && rec.Line < 1 {
				t.Fatalf("line %d", rec.Line)
			}
		}
		if !utf8.ValidString(one) || !utf8.ValidString(two) || strings.Contains(one+two, "\r") || len(one+two) > 10_000 {
			return
		}
		quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		written := "a;b\n" + quote(one) + ";" + quote(two) + "\n"
		for rec, err := range tabular.Delimited(strings.NewReader(written), "f", tabular.Format{Delimiter: ';', Quoted: true}) {
			if err != nil || rec.Cell("a") != one || rec.Cell("b") != two {
				t.Fatalf("wrote %q, read %+v, %v", written, rec, err)
			}
		}
	})
}

// FuzzJSON states what holds for every input: it says as many rows as
// encoding/json finds objects in a valid array, and a text that is no valid array
// of objects has at least one error.
func FuzzJSON(f *testing.F) {
	f.Add(`[{"a":"x"},{"b":null}]`)
	f.Add(`[{"a":"x"},`)
	f.Add("[{\"a\":\"\\\"]},\"}\n,{}]")
	f.Fuzz(func(t *testing.T, content string) {
		rows, bad, same := 0, 0, false
		for _, err := range tabular.JSON(strings.NewReader(content), "f") {
			if err != nil {
				bad++
				same = same || strings.Contains(err.Error(), "twice")
			} else {
				rows++
			}
		}
		want, ok := objects(content)
		if ok && !same && (rows != want || bad != 0) || !ok && bad == 0 {
			t.Fatalf("%d rows and %d bad, want %d objects (valid: %v)", rows, bad, want, ok)
		}
	})
}
