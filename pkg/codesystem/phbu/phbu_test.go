package phbu_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/phbu"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026", Today: "2026-11-22"}

// codes has one code of ICD-10 on two axes, one without its point, and codes of the
// axes that are not of ICD-10.
const codes = `Akse;Kode;Tekst;Gyldig fra;Gyldig til;Merknad
1;F90;Uro;2000-01-01;;
1;F900;Uro av en type;2000-01-01;;se veileder
Akse II;F81.0;Vansker med lesing;2000-01-01;;
4;F90.0;Uro som følge;2000-01-01;2019-12-31;
5;3.0;Belastning;2022-01-01;;
6;91-100;Godt nivå;2000-01-01;;
`

func read(tb testing.TB, content string) *tabulartest.Sink {
	tb.Helper()
	src, err := phbu.NewSource(tabulartest.File("phbu.csv", content), options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	if _, err := src.Read(context.Background(), sink); err != nil {
		tb.Fatal(err)
	}
	return sink
}

func TestRead(t *testing.T) {
	sink := read(t, codes)
	if len(sink.BadRows) > 0 || sink.Codes() != 6 {
		t.Fatalf("%d codes, %v", sink.Codes(), sink.BadRows)
	}
	if err := sink.Whole(); err != nil {
		t.Error(err)
	}
	for code, want := range map[string]struct{ text, path, values string }{
		"1:F90":    {"Uro", "1", "axis=1"},
		"1:F90.0":  {"Uro av en type", "1:F90 1", "Merknad=se veileder axis=1"},
		"2:F81.0":  {"Vansker med lesing", "2", "axis=2"},
		"4:F90.0":  {"Uro som følge", "4", "axis=4"},
		"5:3.0":    {"Belastning", "5", "axis=5"},
		"6:91-100": {"Godt nivå", "6", "axis=6"},
	} {
		if got := strings.Join(sink.Path(code), " "); sink.Display(code) != want.text || got != want.path || !strings.HasSuffix(strings.Join(sink.Values(code), " "), want.values) {
			t.Errorf("%s is %q in %s with %q, want %+v", code, sink.Display(code), got, sink.Values(code), want)
		}
		if got := phbu.Normalize(code); !slices.Equal(got, []string{code}) {
			t.Errorf("Normalize(%q) = %q, want itself", code, got)
		}
	}
	if !sink.Concepts["4:F90.0"].Inactive || sink.Concepts["1:F90.0"].Inactive || !sink.Concepts["4"].Abstract {
		t.Errorf("%+v", sink.Concepts)
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"1:F900": "1:F90.0", "1 f90.0": "1:F90.0", "Akse 2": "", "II:F81": "2:F81", "7:F90": "", "": "", "4:": "",
		"F900": "1:F90.0 2:F90.0 3:F90.0 4:F90.0 5:F90.0 6:F90.0",
	} {
		if got := strings.Join(phbu.Normalize(in), " "); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	for name, tt := range map[string]struct {
		content string
		want    bool
	}{
		"codes with an axis": {codes, true},
		"no axis":            {"Kode;Tekst\nF90.0;x\n", false},
		"axes of others":     {"Axis;code;text\nT;T02000;x\n", false},
	} {
		head, err := tabular.SniffFile(tabulartest.File("f", tt.content))
		if err != nil {
			t.Fatal(err)
		}
		if got := phbu.Match(head); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestBadRows(t *testing.T) {
	sink := read(t, "Akse;Kode;Tekst\n1;F90.0;x\n9;F91;y\n;F92;z\n1;F900;v\n")
	var got []string
	for _, row := range sink.BadRows {
		got = append(got, row.Error())
	}
	want := []string{`phbu.csv:3:Kode: "9:F91": want the axis, 1 to 6, and its code, such as 1:F90.0`, "phbu.csv:4:Akse: code F92 has no axis", "phbu.csv:5: code 1:F90.0 is given twice: 1:F90.0 on line 2"}
	if !slices.Equal(got, want) {
		t.Errorf("bad rows %q, want %q", got, want)
	}
	if _, err := phbu.NewSource(tabulartest.File("f", "Kode;Tekst\nF90.0;x\n"), options); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("no column of axes: %v", err)
	}
}

// TestNumbers: what workbooks make of the codes of axes 5 and 6 is told or refused.
func TestNumbers(t *testing.T) {
	book := tabulartest.Workbook(tabulartest.Sheet{Name: "A", Rows: [][]string{{"Akse", "Kode", "Tekst"},
		{"5", "3", "x"}, {"5", "1.1000000000000001", "y"}, {"5", "'4.0", "z"}, {"6", "91-100", "u"}, {"6", "45931", "v"}, {"5", "F90", "w"}}})
	sink := read(t, book)
	if got := strings.Join(sink.Order, " "); got != "5 6 5:3 5:1.1 5:4.0 6:91-100" {
		t.Errorf("codes %s", got)
	}
	var bad []string
	for _, row := range sink.BadRows {
		bad = append(bad, row.Error())
	}
	if diff := cmp.Diff([]string{`phbu.csv!A:6:Kode: "6:45931": a code of axis 6 is a number such as 91-100`, `phbu.csv!A:7:Kode: "5:F90": a code of axis 5 is a number such as 3.0`}, bad); diff != "" {
		t.Error(diff)
	}
	if len(sink.Repairs) != 1 || sink.Repairs[0].Error() != "phbu.csv!A:2:Kode: 5:3 has no digit behind its point: as a number of a workbook 3.0 loses it" {
		t.Errorf("repairs %v", sink.Repairs)
	}
}

func Example() {
	src, err := phbu.NewSource(tabulartest.File("phbu.csv", codes), options)
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.System, sink.Codes(), err)
	fmt.Println(sink.Display("1:F90.0"), sink.Path("1:F90.0"))
	fmt.Println(sink.Display("4:F90.0"), sink.Path("4:F90.0"))
	// Output:
	// urn:oid:2.16.578.1.12.4.1.1.7112 6 <nil>
	// Uro av en type [1:F90 1]
	// Uro som følge [4]
}

// FuzzRead states what holds for every file: whatever is said is whole, every code is
// canonical, and reading twice says the same.
func FuzzRead(f *testing.F) {
	f.Add(codes)
	f.Add("Akse,code,text\nI,f90,x\n")
	f.Fuzz(func(t *testing.T, content string) {
		src, err := phbu.NewSource(tabulartest.File("f", content), options)
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
		if err := one.Whole(); err != nil {
			t.Fatal(err)
		}
		for _, code := range one.Order {
			if got := phbu.Normalize(code); !one.Concepts[code].Abstract && !slices.Equal(got, []string{code}) {
				t.Fatalf("code %q was said, Normalize gives %q", code, got)
			}
		}
	})
}
