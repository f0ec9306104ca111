package icd10cm_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/icd10cm"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2021", Today: "2026-11-22"}

func read(tb testing.TB, file terminology.SourceFile) *tabulartest.Sink {
	tb.Helper()
	src, err := icd10cm.NewSource(file, options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	if _, err := src.Read(context.Background(), sink); err != nil {
		tb.Fatal(err)
	}
	return sink
}

// lines writes an order file of code, flag and long title.
func lines(rows ...[3]string) string {
	var b strings.Builder
	for i, r := range rows {
		fmt.Fprintf(&b, "%05d %-7s %s %-60s %s\r\n", i+1, r[0], r[1], r[2][:min(len(r[2]), 8)], r[2])
	}
	return b.String()
}

var small = lines([3]string{"S52", "0", "A broken forearm"}, [3]string{"S525", "0", "Broken far below"},
	[3]string{"S52521A", "1", "Bent, first visit"}, [3]string{"T14", "0", "Elsewhere"}, [3]string{"T1490XA", "1", "Hurt, first visit"})

func TestRealFile(t *testing.T) {
	file := tabulartest.Real(t, "icd10-cm/icd10cm-order-Jan-2021.txt.gz")
	sink := read(t, file)
	if len(sink.BadRows) > 0 {
		t.Fatalf("bad rows, the first: %v", sink.BadRows[0])
	}
	if len(sink.Concepts) != 95358 || sink.Codes() != 72621 || sink.Rows[file.Name] != 95358 || int64(sink.Bytes) != file.Size {
		t.Errorf("%d concepts, %d codes, %d of %d bytes", len(sink.Concepts), sink.Codes(), sink.Bytes, file.Size)
	}
	if err := sink.Whole(); err != nil {
		t.Error(err)
	}
	roots := 0
	for code := range sink.Concepts {
		if got := icd10cm.Normalize(strings.ToLower(strings.Replace(code, ".", "", 1))); len(got) != 1 || got[0] != code {
			t.Fatalf("Normalize of %s without dot = %q", code, got)
		}
		if len(sink.Path(code)) == 0 {
			roots++
		}
	}
	if got := strings.Join(sink.Path("E08.37X1"), " "); got != "E08.37 E08.3 E08" || roots != 1911 {
		t.Errorf("path of E08.37X1 = %q, %d categories", got, roots)
	}
}

func TestRead(t *testing.T) {
	sink := read(t, tabulartest.File("f", small))
	if len(sink.BadRows) > 0 || sink.Codes() != 2 {
		t.Fatalf("%d codes, bad rows %v", sink.Codes(), sink.BadRows)
	}
	if diff := cmp.Diff([]string{"S52", "S52.5", "S52.521A", "T14", "T14.90XA"}, sink.Order); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(sink.Path("S52.521A"), " ") + " " + strings.Join(sink.Path("T14.90XA"), " "); got != "S52.5 S52 T14" {
		t.Errorf("paths %q", got)
	}
	if d := sink.Designations["S52"]; len(d) != 2 || d[1].Use != terminology.UseShort || d[1].Term != "A broken" || sink.Values("S52")[0] != "billable=false" {
		t.Errorf("designations of S52: %+v", d)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	io.WriteString(w, small)
	w.Close()
	if again := read(t, tabulartest.File("f", packed.String())); !cmp.Equal(again, sink, cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Bytes" }, cmp.Ignore())) {
		t.Error("packed by gzip it is another file")
	}
}

// TestBadRows says what a person sees of each mistake in a file.
func TestBadRows(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"not a code", "S525 ", "S5/5 ", `f:2:code: "S5/5" is not an ICD-10-CM code`},
		{"flag", "S525    0", "S525    2", `f:2:header: "2", want 0 or 1`},
		{"number", "00002", "0000x", `f:2:number: "0000x", want five digits`},
		{"a line is missing", "00005", "00006", `f:5:number: 00006 after 00004: a line is missing or has come twice`},
		{"given twice", "00004 T14 ", "00004 S52 ", `f:4:code: S52 is given twice: also on line 1`},
		{"shifted", "00002 ", "00002", `f:2: want spaces between number, code, flag, short and long title`},
		{"short line", "\r\n00002", "\r\nx\r\n00002", `f:2: the line has 1 characters, want a long title from the 78th on`},
		{"not UTF-8", "Bent", "B\xe9nt", `f:3: the text is not UTF-8`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sink := read(t, tabulartest.File("f", strings.Replace(small, tt.old, tt.new, 1)))
			if len(sink.BadRows) != 1 || sink.BadRows[0].Error() != tt.want {
				t.Errorf("bad rows %v, want %s", sink.BadRows, tt.want)
			}
		})
	}
}

func TestNotOrderFile(t *testing.T) {
	for _, content := range []string{"", "code;text\nA00;x\n", "00001 A00     0 Cholera\n", strings.Replace(small, "00001", "00007", 1)} {
		if _, err := icd10cm.NewSource(tabulartest.File("f", content), options); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("NewSource(%q): %v", content, err)
		}
	}
	src, err := icd10cm.NewSource(tabulartest.File("f", small+strings.Repeat("x", 5000)), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Read(context.Background(), tabulartest.NewSink()); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("Read of a line without end: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := src.Read(ctx, tabulartest.NewSink()); err == nil {
		t.Error("Read after cancel: no error")
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{"s52521a": "S52.521A", " S52.521A ": "S52.521A", "C7A": "C7A", "A00.": "A00", "A00.-": "A00", "A0": "", "S52.521AA": "", "1A0": "", "S525.21A": "", "I21-": "I21"} {
		if got := strings.Join(icd10cm.Normalize(in), " "); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func Example() {
	file := tabulartest.File("order.txt", fmt.Sprintf("%-16s%-61s%s\n", "00001 A00     0", "Cholera", "Cholera"))
	src, err := icd10cm.NewSource(file, terminology.SourceOptions{Version: "2021"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.System, release.Version, err)
	fmt.Println(sink.Display("A00"), sink.Values("A00"))
	fmt.Println(icd10cm.Normalize("s52521a"))
	// Output:
	// http://hl7.org/fhir/sid/icd-10-cm 2021 <nil>
	// Cholera [billable=false]
	// [S52.521A]
}

// FuzzRead states what holds for every input: reading ends, and what is read without
// a bad row is whole, with as many codes as lines, each of which is its own canonical
// form.
func FuzzRead(f *testing.F) {
	f.Add(small)
	f.Fuzz(func(t *testing.T, content string) {
		src, err := icd10cm.NewSource(tabulartest.File("f", content), options)
		if err != nil {
			return
		}
		sink := tabulartest.NewSink()
		if _, err := src.Read(context.Background(), sink); err != nil || len(sink.BadRows) > 0 {
			return
		}
		if err := sink.Whole(); err != nil || sink.Rows["f"] != len(sink.Order) {
			t.Fatal(err, sink.Rows, sink.Order)
		}
		for _, code := range sink.Order {
			if got := icd10cm.Normalize(code); len(got) != 1 || got[0] != code {
				t.Fatalf("Normalize(%q) = %q", code, got)
			}
		}
	})
}
