package icd11_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/icd11"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestRead(t *testing.T) {
	sink := read(t, tabulartest.File("icd11.txt", tabulation(list)))
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows)
	}
	if err := sink.Whole(); err != nil {
		t.Error(err)
	}
	if len(sink.Concepts) != 24 || sink.Codes() != 16 || sink.Rows["icd11.txt"] != 24 {
		t.Errorf("%d concepts, %d codes, %d rows", len(sink.Concepts), sink.Codes(), sink.Rows["icd11.txt"])
	}
	for code, want := range map[string]string{
		"1A03.0": "1A03 BlockL2-1A0 BlockL1-1A0 01", "1B12": "BlockL1-1B1 01", "5A74.0": "5A74 05",
		"XA0NE9": "XA96N8 1154280071 X", "XK9J": "X", "05": "", "71556738": "X",
	} {
		if got := strings.Join(sink.Path(code), " "); got != want {
			t.Errorf("path of %s = %q, want %q", code, got, want)
		}
	}
	for code, want := range map[string]bool{"01": true, "BlockL1-1A0": true, "1154280071": true, "1A00": false, "XN8P1": false} {
		if got := sink.Concepts[code].Abstract; got != want {
			t.Errorf("%s: abstract %v, want %v", code, got, want)
		}
	}
	if got, want := sink.Display("1A03"), `Infection by "E. coli"`; got != want {
		t.Errorf("display of 1A03 = %q, want %q", got, want)
	}
	want := []string{"class-kind=category", "code-type=stem", "chapter=01", "residual=true", "primary-tabulation=true",
		"linearization-uri=http://id.who.int/icd/release/11/mms/344162786/other", "browser-link=https://icd.who.int/browse11/l-m/en#/344162786%2Fmms%2Fother"}
	if diff := cmp.Diff(want, sink.Values("1A03.Y")); diff != "" {
		t.Error(diff)
	}
	want = []string{"class-kind=block", "chapter=X", "foundation-uri=http://id.who.int/icd/entity/71556738",
		"linearization-uri=http://id.who.int/icd/release/11/mms/71556738", "browser-link=https://icd.who.int/browse11/l-m/en#/71556738"}
	if diff := cmp.Diff(want, sink.Values("71556738")); diff != "" {
		t.Error(diff)
	}
}

// TestWorkbook: the same table as a workbook says the same, but for the links, of which a
// workbook keeps the word that is shown.
func TestWorkbook(t *testing.T) {
	text := strings.TrimPrefix(tabulation(list), "\ufeff")
	sheet := tabulartest.Sheet{Name: "Sheet1"}
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		for i, c := range cells {
			if strings.HasPrefix(c, `"`) {
				cells[i] = strings.ReplaceAll(c[1:len(c)-1], `""`, `"`)
			}
			if strings.HasPrefix(cells[i], "=") {
				cells[i] = "browser"
			}
			if _, err := strconv.ParseFloat(cells[i], 64); err == nil {
				cells[i] = "'" + cells[i]
			}
		}
		sheet.Rows = append(sheet.Rows, cells)
	}
	of := func(sink *tabulartest.Sink) []string {
		var out []string
		for _, code := range sink.Order {
			line := fmt.Sprint(code, sink.Display(code), sink.Path(code), sink.Concepts[code].Abstract)
			for _, v := range sink.Values(code) {
				if !strings.HasPrefix(v, "browser-link") {
					line += " " + v
				}
			}
			out = append(out, line)
		}
		return out
	}
	workbook := read(t, tabulartest.File("icd11.xlsx", tabulartest.Workbook(sheet)))
	if len(workbook.BadRows) > 0 {
		t.Fatal(workbook.BadRows)
	}
	if diff := cmp.Diff(of(read(t, tabulartest.File("icd11.txt", text))), of(workbook)); diff != "" {
		t.Errorf("text and workbook (-text +workbook):\n%s", diff)
	}
	sources, err := icd11.NewSources([]terminology.SourceFile{tabulartest.File("icd11.xlsx", tabulartest.Workbook(sheet))}, options)
	if err != nil || sources[0].Release().Version != "2024-01" {
		t.Errorf("version of the workbook: %v", err)
	}
}

// newer has the columns of 2025: URIs with the release, a parent, a note of two lines, the
// English title of a translation; and a column that nobody has seen.
const newer = "Foundation URI\tLinearization URI\tCode\tBlockId\tTitle\tTitleEN\tClassKind\tDepthInKind\tIsResidual\tChapterNo\tBrowserLink\tIsLeaf\tPrimary tabulation\tGrouping1\tCodingNote\tParent\tWeight\r\n" +
	"http://id.who.int/icd/entity/1435254666\thttp://id.who.int/icd/release/11/2025-01/mms/1435254666\t\t\tInfecciones\tInfections\tchapter\t1\tFalse\t01\t\"=hyperlink(\"\"https://icd.who.int/browse/2025-01/mms/es#1435254666\"\",\"\"x\"\")\"\tFalse\t\t\t\thttp://id.who.int/icd/release/11/2025-01/mms\t\r\n" +
	"http://id.who.int/icd/entity/257068234\thttp://id.who.int/icd/release/11/2025-01/mms/257068234\t1A00\t\t- Cólera\t- Cholera\tcategory\t1\tFalse\t01\t\tTrue\tTrue\tBlockL9-1A0\t\"One line\r\nand another\"\thttp://id.who.int/icd/release/11/2025-01/mms/1435254666\t7\r\n"

func TestNewerColumns(t *testing.T) {
	sink := read(t, tabulartest.File("SimpleTabulation-ICD-11-MMS-es.txt", newer))
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows)
	}
	want := []string{"class-kind=category", "code-type=stem", "chapter=01", "primary-tabulation=true", "coding-note=One line\nand another",
		"foundation-uri=http://id.who.int/icd/entity/257068234", "linearization-uri=http://id.who.int/icd/release/11/2025-01/mms/257068234", "Weight=7", "grouping=BlockL9-1A0"}
	if diff := cmp.Diff(want, sink.Values("1A00")); diff != "" {
		t.Error(diff)
	}
	if d := sink.Designations["1A00"]; len(d) != 2 || d[0].Language != "es" || d[0].Term != "Cólera" || d[1].Language != "en" || d[1].Term != "Cholera" {
		t.Errorf("designations %+v", d)
	}
	if got := strings.Join(sink.Path("1A00"), " "); got != "01" {
		t.Errorf("path %q", got)
	}
}

// TestReleases: what a file is of stands in its URIs, or in its header.
func TestReleases(t *testing.T) {
	plain := tabulation(list)
	for _, tt := range []struct{ name, content, version, language string }{
		{"list.txt", plain, "2024-01", "en"},
		{"list.txt", strings.Replace(plain, "2024 Jan 21", "2023 December 5", 1), "2023-12", "en"},
		{"list.txt", strings.Replace(plain, "\tVersion:2024 Jan 21 - 22:30 UTC", "", 1), "2026-11-22", "en"},
		{"list.txt", newer, "2025-01", "es"},
		{"list-fr.txt", strings.ReplaceAll(plain, "/en#", ""), "2024-01", "fr"},
		{"list.txt", tabulartest.Gzip(plain), "2024-01", "en"},
	} {
		sources, err := icd11.NewSources([]terminology.SourceFile{tabulartest.File(tt.name, tt.content)}, options)
		if err != nil {
			t.Error(err)
			continue
		}
		r := sources[0].Release()
		if r.Version != tt.version || r.Date != tt.version || r.Language != tt.language || r.System != icd11.System || r.CaseSens {
			t.Errorf("%s: %+v, want %s in %s", tt.name, r, tt.version, tt.language)
		}
		sink := tabulartest.NewSink()
		if _, err := sources[0].Read(context.Background(), sink); err != nil || len(sink.BadRows) > 0 {
			t.Errorf("%s: %v, %v", tt.name, err, sink.BadRows)
		}
	}
}

// TestLanguages: files of one release in several languages are one source, whose hierarchy
// is that of the English one.
func TestLanguages(t *testing.T) {
	spanish := strings.NewReplacer("/en#", "/es#", "- Cholera", "- Cólera", "Version:", "Version:").Replace(tabulation(list))
	files := []terminology.SourceFile{tabulartest.File("es.txt", spanish), tabulartest.File("en.txt", tabulation(list))}
	sink := read(t, files...)
	if len(sink.BadRows) > 0 {
		t.Fatal(sink.BadRows)
	}
	if d := sink.Designations["1A00"]; len(d) != 2 || d[0].Language != "en" || d[1].Language != "es" || d[1].Term != "Cólera" {
		t.Errorf("designations of 1A00: %+v", d)
	}
	if _, err := icd11.NewSources([]terminology.SourceFile{files[1], files[1]}, options); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("two English files of one release: %v", err)
	}
	more := tabulartest.File("es.txt", tabulation(list+"1C00 | 999 | - - Uno más\n"))
	more = tabulartest.File("es.txt", strings.Replace(readAll(t, more), "/en#", "/es#", -1))
	if sink := read(t, more, files[1]); len(sink.BadRows) != 1 || !strings.Contains(sink.BadRows[0].Error(), "in no row of en.txt") {
		t.Errorf("a row that the English file lacks: %v", sink.BadRows)
	}
	other := strings.Replace(tabulation(list), "2024 Jan", "2023 Jan", 1)
	if sources, err := icd11.NewSources([]terminology.SourceFile{files[1], tabulartest.File("old.txt", other)}, options); err != nil || len(sources) != 2 {
		t.Errorf("two releases: %d sources, %v", len(sources), err)
	}
}

// TestBadRows says what a person sees of each mistake in a file.
func TestBadRows(t *testing.T) {
	const head = "Linearization URI\tCode\tBlockId\tTitle\tClassKind\tIsResidual\tChapterNo\tPrimary tabulation\tParent\n" +
		"http://id.who.int/icd/release/11/mms/1\t\t\tInfections\tchapter\tFalse\t01\t\t\n"
	row := func(cells ...string) string {
		all := make([]string, 9)
		copy(all, cells)
		return strings.Join(all, "\t") + "\n"
	}
	uri := func(s string) string { return "http://id.who.int/icd/release/11/mms/" + s }
	for _, tt := range []struct {
		name, rows string
		want       []string
	}{
		{"no URI", row("", "1A00", "", "- a", "category"), []string{`f:3:Linearization URI: "" is not the URI of an entity of ICD-11, such as http://id.who.int/icd/release/11/mms/257068234`}},
		{"URI of something else", row("http://id.who.int/icd/release/10/mms/7", "1A00", "", "- a", "category"),
			[]string{`f:3:Linearization URI: "http://id.who.int/icd/release/10/mms/7" is not the URI of an entity of ICD-11, such as http://id.who.int/icd/release/11/mms/257068234`}},
		{"category without a code", row(uri("2"), "", "", "- a", "category"), []string{`f:3:Code: "" is not an ICD-11 code, such as 1A00 or 1A03.0`}},
		{"lower case", row(uri("2"), "1a00", "", "- a", "category"), []string{`f:3:Code: "1a00" is not an ICD-11 code, such as 1A00 or 1A03.0`}},
		{"code twice", row(uri("2"), "1A00", "", "- a", "category") + row(uri("3"), "1A00", "", "- b", "category"), []string{"f:4: code 1A00 is given twice: 1A00 on line 3"}},
		{"URI twice", row(uri("2"), "1A00", "", "- a", "category") + row(uri("2"), "1A01", "", "- b", "category"),
			[]string{"f:4:Linearization URI: http://id.who.int/icd/release/11/mms/2 is given twice: on line 3 for 1A00"}},
		{"no title", row(uri("2"), "1A00", "", "- ", "category"), []string{"f:3:Title: category 1A00 has no title"}},
		{"dash too many", row(uri("2"), "1A00", "", "- - - a", "category"), []string{"f:3:Title: 1A00 has 3 dashes, and the row before it that could be its parent has 0"}},
		{"no dash", row(uri("2"), "1A00", "", "a", "category"), []string{"f:3:Title: category 1A00 stands in no chapter: its title has no dashes"}},
		{"unknown kind", row(uri("2"), "1A00", "", "- a", "rubric"), []string{`f:3:ClassKind: "rubric", want chapter, block or category`}},
		{"chapter without a number", row(uri("2"), "", "", "a", "chapter"), []string{`f:3:ChapterNo: "" is not the number of a chapter, such as 01 or X`}},
		{"neither true nor false", row(uri("2"), "1A00", "", "- a", "category", "maybe"), []string{`f:3:IsResidual: "maybe", want True or False`}},
		{"parent that is nowhere", row(uri("2"), "1A00", "", "- a", "category", "", "", "", uri("77")),
			[]string{"f:3:Parent: the parent http://id.who.int/icd/release/11/mms/77 of 1A00 is in no row before it"}},
		{"too few cells", uri("2") + "\t1A00\n", []string{"f:3: the row has 2 cells, the header 9"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sink := read(t, tabulartest.File("f", head+tt.rows))
			var got []string
			for _, row := range sink.BadRows {
				got = append(got, row.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	short := strings.Replace(tabulation(list), "\tTrue\t\t\t\t\t\r\n", "\tTrue\r\n", 1)
	if sink := read(t, tabulartest.File("f", short)); len(sink.BadRows) != 1 {
		t.Errorf("a row that is cut short below a stamp: %v", sink.BadRows)
	}
}

func TestNotTabulation(t *testing.T) {
	for name, content := range map[string]string{
		"map from ICD-10":          "10ClassKind\t10DepthInKind\ticd10Code\ticd10Chapter\ticd10Title\t11ClassKind\t11DepthInKind\tICD-11 FoundationURI\tLinearization (releaseURI)\ticd11Code\ticd11Chapter\ticd11Title\t2024-Jan-21\n",
		"map to ICD-10":            "Linearization (release) URI\ticd11Code\ticd11Chapter\ticd11Title\ticd10Code\ticd10Chapter\ticd10Title\t2024-Jan-21\n",
		"map with all columns":     strings.Replace(header, "BlockId", "icd10Code", 1) + "\n",
		"tabulation without codes": strings.Replace(header, "\tCode", "", 1) + "\n",
		"another table":            "id;name\n1;x\n",
		"empty":                    "",
	} {
		_, err := icd11.NewSources([]terminology.SourceFile{tabulartest.File("f", content)}, options)
		if terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("%s: %v, want kind Invalid", name, err)
		}
	}
}

func TestReadStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	sources, err := icd11.NewSources([]terminology.SourceFile{tabulartest.File("f", tabulation(list))}, options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sources[0].Read(ctx, tabulartest.NewSink()); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Read after cancel: %v", err)
	}
}

func ExampleNewSources() {
	file := tabulartest.File("icd11.txt", tabulation(list))
	sources, err := icd11.NewSources([]terminology.SourceFile{file}, terminology.SourceOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := sources[0].Read(context.Background(), sink)
	fmt.Println(release.System, release.Version, err)
	fmt.Println(sink.Display("1A00"), sink.Path("1A00"))
	// Output:
	// http://id.who.int/icd/release/11/mms 2024-01 <nil>
	// Cholera [BlockL2-1A0 BlockL1-1A0 01]
}

// building passes to a builder what a release keeps.
type building struct {
	*tabulartest.Sink
	b *basic.Builder
}

func (s building) Concept(c terminology.Concept) error         { return s.b.Concept(c) }
func (s building) Designation(d terminology.Designation) error { return s.b.Designation(d) }
func (s building) Parent(child, parent string) error           { return s.b.Parent(child, parent) }
func (s building) Property(p terminology.Property) error       { return s.b.Property(p) }

// FuzzRead states what holds for every input: reading ends, two readings say the same, and
// what is said without a bad row is whole, has canonical codes and can be built.
func FuzzRead(f *testing.F) {
	f.Add(tabulation(list))
	f.Add(newer)
	f.Add("Linearization URI\tCode\tTitle\tClassKind\tChapterNo\nhttp://id.who.int/icd/entity/1\t\tx\tchapter\t01\n")
	f.Fuzz(func(t *testing.T, content string) {
		sources, err := icd11.NewSources([]terminology.SourceFile{tabulartest.File("f", content)}, options)
		if err != nil {
			return
		}
		one, two := tabulartest.NewSink(), tabulartest.NewSink()
		_, err = sources[0].Read(context.Background(), one)
		_, again := sources[0].Read(context.Background(), two)
		if (err == nil) != (again == nil) || !cmp.Equal(one.Order, two.Order) {
			t.Fatalf("two readings differ: %v, %v", err, again)
		}
		if err != nil || len(one.BadRows) > 0 {
			return
		}
		for _, code := range one.Order {
			if one.Display(code) == "" {
				t.Fatalf("%s has no display", code)
			}
			if got := icd11.Normalize(code); !one.Concepts[code].Abstract && (len(got) == 0 || got[len(got)-1] != code && got[0] != code) {
				t.Fatalf("code %q was said, Normalize gives %q", code, got)
			}
		}
		b := basic.NewBuilder()
		release, err := sources[0].Read(context.Background(), building{one, b})
		if err == nil && len(one.BadRows) == 0 {
			_, err = b.Build(release, basic.DefaultRules())
		}
		if err != nil {
			t.Fatalf("what was read without a bad row cannot be built: %v", err)
		}
	})
}
