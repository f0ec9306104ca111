package norpat_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/norpat"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026", Today: "2026-11-22"}

// load has the traps of the load file: parents by row, days in UTC, two spaces, letters
// in codes.
const load = `id,code,coding_scheme,valid_from,valid_until,code_display_text,parent_code
0,E10000,NORPAT,2001-12-31 23:00:00+00,,mikrobe,
5,E1010A,NORPAT,2017-10-14 22:00:00+00,,"rund  mikrobe, farget",0
6,E10X20,NORPAT,2001-12-31 23:00:00+00,2017-10-13 22:00:00+00,avlang mikrobe,
7,T 2Y610,NORPAT,2001-12-31 23:00:00+00,,vevsprøve,99
`

func read(tb testing.TB, file terminology.SourceFile) *tabulartest.Sink {
	tb.Helper()
	src, err := norpat.NewSource(file, options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	if _, err := src.Read(context.Background(), sink); err != nil || len(sink.BadRows) > 0 {
		tb.Fatal(err, sink.BadRows)
	}
	if err := sink.Whole(); err != nil {
		tb.Error(err)
	}
	return sink
}

// TestRealFile holds the importer to an excerpt of the real codes, which lacks some
// parents.
func TestRealFile(t *testing.T) {
	sink := read(t, tabulartest.Real(t, "norpat/norpat_codes.excerpt.csv"))
	missing := 0
	for code := range sink.Concepts {
		if strings.Contains(strings.Join(sink.Values(code), " "), "missing-parent=row ") {
			missing++
		}
	}
	if sink.Codes() != 35 || missing != 2 {
		t.Errorf("%d codes, %d without their parent, want 35 and 2", sink.Codes(), missing)
	}
	if got := sink.Concepts["E33450"]; got.From != 20020101 || got.To != 20171014 || !got.Inactive {
		t.Errorf("E33450 is %+v", got)
	}
	if got := sink.Display("E21600"); strings.Contains(got, "  ") {
		t.Errorf("E21600 is %q, with two spaces", got)
	}
}

func TestLoadFile(t *testing.T) {
	sink := read(t, tabulartest.File("norpat.csv", load))
	for code, want := range map[string]struct {
		path, text, values string
		from, to           terminology.Date
	}{
		"E10000": {"E", "mikrobe", "axis=E", 20020101, 0},
		"E1010A": {"E10000 E", "rund mikrobe, farget", "axis=E", 20171015, 0},
		"E10X20": {"E", "avlang mikrobe", "axis=E", 20020101, 20171014},
		"T2Y610": {"T", "vevsprøve", "missing-parent=row 99", 20020101, 0},
	} {
		c := sink.Concepts[code]
		if got := strings.Join(sink.Path(code), " "); got != want.path || sink.Display(code) != want.text || c.From != want.from || c.To != want.to {
			t.Errorf("%s: %q in %s, %+v, want %+v", code, sink.Display(code), got, c, want)
		}
		if got := strings.Join(sink.Values(code), " "); !strings.Contains(got, want.values) {
			t.Errorf("%s has the properties %s, want %s", code, got, want.values)
		}
	}
	if sink.Display("E") != "Etiologi" || !sink.Concepts["E"].Abstract {
		t.Errorf("axis E: %+v", sink.Concepts["E"])
	}
}

// TestByHeader: a table of the Directorate, with parents by code.
func TestByHeader(t *testing.T) {
	sink := read(t, tabulartest.File("f", "Kode;Tekst;Overordnet kode;Kreftregisteret\nM80000;svulst;;ja\nM80706;svulst av plateepitel;M 80000;nei\n"))
	if got := strings.Join(sink.Path("M80706"), " "); got != "M80000 M" {
		t.Errorf("M80706 is in %s", got)
	}
	if got := strings.Join(sink.Values("M80706"), " "); got != "Kreftregisteret=nei axis=M" {
		t.Errorf("properties %s", got)
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{"T 2Y610": "T2Y610", "m 80706": "M80706", "T02000": "T02000", "e48x00": "E48X00", "t": "T",
		"T0200": "", "T020000": "", "T02.00": "", "": "", "Ø02000": "", "X": ""} {
		if got := strings.Join(norpat.Normalize(in), " "); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	for name, tt := range map[string]struct {
		content string
		want    bool
	}{
		"the load file":  {load, true},
		"by form":        {"code;text\nT02000;x\nM 80706;y\n", true},
		"NCRP":           {"code;text\nSNA0UG;x\n", false},
		"ICD-10":         {"code;text\nE10.0;x\n", false},
		"another scheme": {"id,code,coding_scheme,code_display_text\n1,E10000,ANNEN,x\n", false},
		"APAT's pairs":   {"id,loc_code,proc_code,valid_from,valid_until\n1000,6719,5650,2022-03-14,\n", false},
	} {
		head, err := tabular.SniffFile(tabulartest.File("f", tt.content))
		if err != nil {
			t.Fatal(err)
		}
		if got := norpat.Match(head, false); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestBadRows(t *testing.T) {
	src, err := norpat.NewSource(tabulartest.File("f", load+"8,T1,NORPAT,,,kort,\n0,T02000,NORPAT,,,rad to ganger,\n"), options)
	if err != nil {
		t.Fatal(err)
	}
	sink := tabulartest.NewSink()
	_, err = src.Read(context.Background(), sink)
	want := []string{`f:6:code: "T1" is not a code of NORPAT: want the letter of an axis and five digits or letters, such as T02000`, "f:7: row 0 is given twice: it is E10000 before"}
	if err != nil || len(sink.BadRows) != 2 || sink.BadRows[0].Error() != want[0] || sink.BadRows[1].Error() != want[1] {
		t.Errorf("%v, %v, want %q", sink.BadRows, err, want)
	}
}

func Example() {
	src, err := norpat.NewSource(tabulartest.File("norpat.csv", load), terminology.SourceOptions{Version: "2026", Today: "2026-11-22"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.Name, sink.Codes(), err)
	fmt.Println(sink.Display("E1010A"), sink.Path("E1010A"), norpat.Normalize("T 2Y610"))
	// Output:
	// norpat 4 <nil>
	// rund mikrobe, farget [E10000 E] [T2Y610]
}

// FuzzRead states what holds for every file: whatever is said is whole, every code is
// canonical, and reading twice says the same.
func FuzzRead(f *testing.F) {
	f.Add(load)
	f.Add("Kode;Tekst;Overordnet kode\nM80000;svulst;\nM80706;y;M 80000\n")
	f.Fuzz(func(t *testing.T, content string) {
		src, err := norpat.NewSource(tabulartest.File("f", content), options)
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
			if got := norpat.Normalize(code); one.Display(code) == "" || !one.Concepts[code].Abstract && (len(got) != 1 || got[0] != code) {
				t.Fatalf("code %q with the display %q was said, Normalize gives %q", code, one.Display(code), got)
			}
		}
	})
}
