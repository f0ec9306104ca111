package icd10who_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/icd10who"
	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026", Today: "2026-11-22"}

func read(tb testing.TB, file terminology.SourceFile) *tabulartest.Sink {
	tb.Helper()
	src, err := icd10who.NewSource(file, options)
	if err != nil {
		tb.Fatal(err)
	}
	sink := tabulartest.NewSink()
	if _, err := src.Read(context.Background(), sink); err != nil {
		tb.Fatal(err)
	}
	return sink
}

// TestRealFile holds the reader to the counts of the edition of 2019.
func TestRealFile(t *testing.T) {
	file := tabulartest.Real(t, "icd10-who/icd_10_v2019.xml")
	sink := read(t, file)
	if len(sink.BadRows) > 0 {
		t.Fatalf("bad rows, the first: %v", sink.BadRows[0])
	}
	if err := sink.Whole(); err != nil {
		t.Error(err)
	}
	kinds := map[string]int{}
	for code := range sink.Concepts {
		kinds[sink.Values(code)[0]]++
	}
	want := map[string]int{"kind=chapter": 22, "kind=block": 274, "kind=category": 2050, "kind=subcategory": 10196}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	if sink.Codes() != 2050+10196 || sink.Rows[file.Name] != 12542 || int64(sink.Bytes) != file.Size {
		t.Errorf("%d codes, %d items, %d bytes", sink.Codes(), sink.Rows[file.Name], sink.Bytes)
	}
	for code, want := range map[string]string{"A00.0": "A00 A00-A09 I", "C50.1": "C50 C50-C50 C00-C75 C00-C97 II", "A00": "A00-A09 I", "U07.1": "U07 U00-U49 XXII"} {
		if got := strings.Join(sink.Path(code), " "); got != want {
			t.Errorf("path of %s = %q, want %q", code, got, want)
		}
	}
}

const small = `<icd_10_v2019>
<item type="chapter"><name>I</name><description>What spreads</description>
<item type="block"><name>A00-A09</name><description>In the gut</description>
<item type="category"><name>A00</name><description>Rice &amp; water</description>
<item type="subcategory"><name>A00.0</name><description>Rice
  and water, of old</description></item></item></item></item></icd_10_v2019>`

func TestRead(t *testing.T) {
	sink := read(t, tabulartest.File("f.xml", small))
	if len(sink.BadRows) > 0 || len(sink.Concepts) != 4 || sink.Codes() != 2 {
		t.Fatalf("%d concepts, %d codes, bad rows %v", len(sink.Concepts), sink.Codes(), sink.BadRows)
	}
	if got := sink.Display("A00.0") + "; " + sink.Display("A00"); got != "Rice and water, of old; Rice & water" {
		t.Errorf("displays %q", got)
	}
	if got := strings.Join(sink.Path("A00.0"), " "); got != "A00 A00-A09 I" {
		t.Errorf("path %q", got)
	}
}

// TestBadRows says what a person sees of each mistake in a file.
func TestBadRows(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"not a category", "<name>A00</name>", "<name>A0</name>", `f.xml:4:item/name: "A0" is not the code of a category of ICD-10`},
		{"unknown kind", "subcategory", "leaf", `f.xml:5:item/name: "A00.0" is not the code of a leaf of ICD-10`},
		{"no title", "In the gut", " ", `f.xml:3:item/description: A00-A09 has no title`},
		{"in another category", "A00.0", "A01.0", `f.xml:5:item/name: A01.0 is inside A00`},
		{"given twice", "</item></item></item></item>", `</item></item></item><item type="category"><name>A00</name><description>x</description></item></item>`, `f.xml:6:item/name: A00 is given twice: also on line 4`},
		{"another element", "<name>I</name>", "<name>I</name><note/>", "f.xml:2:note: want <name>, <description> or <item>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sink := read(t, tabulartest.File("f.xml", strings.Replace(small, tt.old, tt.new, 1)))
			if len(sink.BadRows) != 1 || sink.BadRows[0].Error() != tt.want {
				t.Errorf("bad rows %v, want %s", sink.BadRows, tt.want)
			}
		})
	}
	if sink := read(t, tabulartest.File("f.xml", "<icd_10_v2019/>")); len(sink.BadRows) != 1 {
		t.Errorf("a file without items: %v", sink.BadRows)
	}
}

func TestNotICD10(t *testing.T) {
	for _, content := range []string{"<ClaML/>", "<icd_10_v19/>", "no", ""} {
		if _, err := icd10who.NewSource(tabulartest.File("f", content), options); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("NewSource(%q): %v", content, err)
		}
	}
	if icd10who.Match(markup.Root{Name: "icd_10"}) || !icd10who.Match(markup.Root{Name: "icd_10_v2016"}) {
		t.Error("Match knows the file by the name of its first element")
	}
	src, err := icd10who.NewSource(tabulartest.File("f", small[:len(small)-9]), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Read(context.Background(), tabulartest.NewSink()); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("Read of a file that is cut off: %v", err)
	}
}

func Example() {
	file := tabulartest.File("icd10.xml", `<icd_10_v2019><item type="category"><name>A00</name><description>Cholera</description></item></icd_10_v2019>`)
	src, err := icd10who.NewSource(file, terminology.SourceOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.System, release.Version, err)
	fmt.Println(sink.Order, sink.Display("A00"))
	// Output:
	// http://hl7.org/fhir/sid/icd-10 2019 <nil>
	// [A00] Cholera
}

// FuzzRead states what holds for every input: reading ends, and what is read without
// a bad row is whole: every code has one title and at most one parent.
func FuzzRead(f *testing.F) {
	f.Add(small)
	f.Add(`<icd_10_v2019><item type="block"><name>C50-C50</name><description>x</description><item type="category"/></item></icd_10_v2019>`)
	f.Fuzz(func(t *testing.T, content string) {
		src, err := icd10who.NewSource(tabulartest.File("f", content), options)
		if err != nil {
			return
		}
		sink := tabulartest.NewSink()
		if _, err := src.Read(context.Background(), sink); err != nil || len(sink.BadRows) > 0 {
			return
		}
		if err := sink.Whole(); err != nil && len(sink.Order) < 20 {
			t.Fatal(err)
		}
		if sink.Rows["f"] != len(sink.Order) || len(sink.Order) == 0 {
			t.Fatalf("%d items, %d codes", sink.Rows["f"], len(sink.Order))
		}
	})
}
