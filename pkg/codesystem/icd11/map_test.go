package icd11_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/icd11"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// The headers of the maps of January 2024, and of two earlier and later layouts.
const (
	headerOne        = "10ClassKind\t10DepthInKind\ticd10Code\ticd10Chapter\ticd10Title\t11ClassKind\t11DepthInKind\tICD-11 FoundationURI\tLinearization (releaseURI)\ticd11Code\ticd11Chapter\ticd11Title\t2024-Jan-21"
	headerMultiple   = "10ClassKind\tDepth\ticd10Code\ticd10Chapter\ticd10Title\t11ClassKind\tDepth\tICD-11 Foundation URI\tLinearization (release) URI\ticd11Code\ticd11Chapter\ticd11Title\t2024-Jan-21"
	headerFrom       = "Linearization (release) URI\ticd11Code\ticd11Chapter\ticd11Title\ticd10Code\ticd10Chapter\ticd10Title\t2024-Jan-21"
	headerFoundation = "10ClassKind\t10DepthInKind\ticd10Code\ticd10Chapter\ticd10Title\tICD-11 FoundationURI\ticd11Title\t2024-Jan-21"
	header2020       = "icd10Code\ticd10Chapter\ticd10Title\tFoundation URI\tRelation\tLinearization (release) URI\tStatementDistance\ticd11Code\ticd11Title"
)

const mms = "http://id.who.int/icd/release/11/2024-01/mms/"

// whoMap is a small map in our own words.
func whoMap(header string, rows ...string) string {
	return header + "\r\n" + strings.ReplaceAll(strings.Join(rows, "\r\n"), "|", "\t") + "\r\n"
}

func mapSource(tb testing.TB, f terminology.SourceFile) *icd11.MapSource {
	tb.Helper()
	s, err := icd11.NewMapSource(f, options)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// said writes the rows that a sink was told.
func said(sink *tabulartest.Sink) (rows []string) {
	for _, m := range sink.Mappings {
		rows = append(rows, fmt.Sprintf("%s -> %s (%s) %d.%d %s; %s; %s:%d", m.Source, m.Target, m.Display, m.Group, m.Priority, m.Relationship, m.Advice, m.File, m.Line))
	}
	return rows
}

func TestReadMap(t *testing.T) {
	for _, tt := range []struct {
		name, file, content string
		table               icd11.MapTable
		version             string
		want                []string
	}{
		{"to one category: a cluster, a block, a chapter, nothing", "one.txt", whoMap(headerOne,
			"category|2|A18.7|I|TB|category|1|http://id.who.int/icd/entity/1|"+mms+"807058764|1B12.3&XA0NE9/5A74.0|01|TB [Adrenal]",
			"block|1|A00-A09|I|Gut|block|1|http://id.who.int/icd/entity/588616678|"+mms+"588616678||01|Of the gut",
			"chapter|1|IV|IV|Glands|chapter|1|http://id.who.int/icd/entity/21500692|"+mms+"21500692|05|05|Glands and metabolism",
			"category|2|C95.7|II|Other|||No Mapping||||"),
			icd11.ToOne, "2024-01", []string{
				"A18.7 -> 1B12.3&XA0NE9/5A74.0 (TB [Adrenal]) 1.1 related-to; ; one.txt:2",
				"A00-A09 -> http://id.who.int/icd/release/11/mms/588616678 (Of the gut) 1.1 related-to; ; one.txt:3",
				"IV -> 05 (Glands and metabolism) 1.1 related-to; ; one.txt:4",
				"C95.7 ->  () 1.1 related-to; ; one.txt:5",
			}},
		{"to multiple categories, told by a source that comes again; a quote is a letter", "x.txt", whoMap(headerMultiple,
			`block|1|A00-A09|I|Gut|category|1|u|`+mms+`257068234|1A00|01|"Cholera`,
			"block|1|A00-A09|I|Gut|category|2|u|"+mms+"1528414070/unspecified|1A07.Z|01|Typhoid"),
			icd11.ToMultiple, "2024-01", []string{
				`A00-A09 -> 1A00 ("Cholera) 1.1 related-to; ; x.txt:2`,
				"A00-A09 -> 1A07.Z (Typhoid) 1.2 related-to; ; x.txt:3",
			}},
		{"to multiple categories, told by the name of the file", "10To11MapToMultipleCategories.txt", whoMap(headerMultiple, "category|1|A00|I|Cholera|category|1|u|"+mms+"257068234|1A00|01|Cholera"),
			icd11.ToMultiple, "2024-01", []string{"A00 -> 1A00 (Cholera) 1.1 related-to; ; 10To11MapToMultipleCategories.txt:2"}},
		{"from ICD-11", "from.txt", whoMap(headerFrom,
			mms+"1435254666|01|01|Infections|I|I|Certain infections",
			mms+"588616678||01|Of the gut|A04.9|I|Bacterial",
			mms+"2144774073|1B70|01|Cellulitis|No Mapping||"),
			icd11.FromOne, "2024-01", []string{
				"01 -> I (Certain infections) 1.1 related-to; ; from.txt:2",
				"http://id.who.int/icd/release/11/mms/588616678 -> A04.9 (Bacterial) 1.1 related-to; ; from.txt:3",
				"1B70 ->  () 1.1 related-to; ; from.txt:4",
			}},
		{"to the foundation: relation and distance have no column", "f.txt", whoMap(headerFoundation,
			"Category|1|A00|I|Cholera|http://id.who.int/icd/entity/257068234|Cholera|Equivalent|0",
			"Block|1|A00-A09|I|Gut|http://id.who.int/icd/entity/588616678|Of the gut|Subclass|-1",
			"Chapter|1|I|I|Inf|http://id.who.int/icd/entity/1435254666|Inf|Subclass|0",
			"Category|2|L73.9|XII|Follicular|No Mapping|||-1"),
			icd11.ToFoundation, "2024-01", []string{
				"A00 -> 257068234 (Cholera) 1.1 equivalent; ; f.txt:2",
				"A00-A09 -> 588616678 (Of the gut) 1.1 source-is-narrower-than-target; Subclass, distance -1; f.txt:3",
				"I -> 1435254666 (Inf) 1.1 source-is-narrower-than-target; Subclass; f.txt:4",
				"L73.9 ->  () 1.1 related-to; ; f.txt:5",
			}},
		{"an older layout, whose relation has a column, and no stamp", "2020.txt", whoMap(header2020,
			"A00|I|Cholera|http://id.who.int/icd/entity/257068234|Equivalent|http://id.who.int/icd/release/11/mms/257068234|0|1A00|Cholera",
			"A01|I|Typhoid|http://id.who.int/icd/entity/2|EquaivalentMappingNotAlone|http://id.who.int/icd/release/11/mms/2|1|1A07|Typhoid"),
			icd11.ToOne, "2026-11-22", []string{
				"A00 -> 1A00 (Cholera) 1.1 equivalent; ; 2020.txt:2",
				"A01 -> 1A07 (Typhoid) 1.1 related-to; EquaivalentMappingNotAlone, distance 1; 2020.txt:3",
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := tabulartest.File(tt.file, tt.content)
			head, err := tabular.SniffFile(file)
			if err != nil || !icd11.MatchMap(head) || icd11.Match(head) {
				t.Fatalf("MatchMap = %v, Match = %v, %v; want true, false", icd11.MatchMap(head), icd11.Match(head), err)
			}
			s, sink := mapSource(t, file), tabulartest.NewSink()
			release, err := s.Read(context.Background(), sink)
			if err != nil || len(sink.BadRows) > 0 {
				t.Fatalf("Read = %v, bad rows %v", err, sink.BadRows)
			}
			if s.Table() != tt.table || release.Version != tt.version || release.Kind != terminology.KindConceptMap {
				t.Errorf("table %d, release %+v; want %d, version %s", s.Table(), release, tt.table, tt.version)
			}
			if diff := cmp.Diff(tt.want, said(sink)); diff != "" {
				t.Error("rows (-want +got):\n", diff)
			}
		})
	}
}

func TestReadMapBadRows(t *testing.T) {
	for _, tt := range []struct{ name, header, row, want string }{
		{"no ICD-10 code", headerOne, "category|2||I|TB|category|1|u|" + mms + "1|1B12|01|x", `f:2:icd10Code: "" is not an ICD-10 code, such as A00.0, A00-A09 or IV`},
		{"half a block", headerOne, "block|1|A00-|I|TB|category|1|u|" + mms + "1|1B12|01|x", `f:2:icd10Code: "A00-" is not an ICD-10 code, such as A00.0, A00-A09 or IV`},
		{"a cluster with a hole", headerOne, "category|2|A18.7|I|TB|category|1|u|" + mms + "1|1B12.3&xa|01|x", `f:2:icd11Code: "1B12.3&xa" is not an ICD-11 code or a cluster of them, such as 1A00 or 1B12.3&XA0NE9/5A74.0`},
		{"neither code nor URI", headerOne, "category|2|A18.7|I|TB|category|1|u||||x", `f:2: "" is not the URI of an entity of ICD-11, and there is no code: want one of them`},
		{"no entity", headerFoundation, "Category|1|A00|I|Cholera|http://example.org/1|Cholera|Equivalent|0", `f:2:ICD-11 FoundationURI: "http://example.org/1" is not the URI of an entity of ICD-11, such as http://id.who.int/icd/entity/257068234`},
		{"a number for a relation", headerFoundation, "Category|1|A00|I|Cholera|http://id.who.int/icd/entity/1|Cholera|7|0", `f:2: "7", want a relation, such as Equivalent or Subclass`},
		{"no rows", headerFrom, "", "f: the file holds no rows"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sink := tabulartest.NewSink()
			if _, err := mapSource(t, tabulartest.File("f", whoMap(tt.header, tt.row))).Read(context.Background(), sink); err != nil {
				t.Fatal(err)
			}
			if len(sink.BadRows) != 1 || sink.BadRows[0].Error() != tt.want {
				t.Errorf("bad rows %v, want %s", sink.BadRows, tt.want)
			}
		})
	}
}

// TestRealWHOMaps: the published maps, by the figures that are known of them.
func TestRealWHOMaps(t *testing.T) {
	for _, tt := range []struct {
		file                                          string
		table                                         icd11.MapTable
		rows, sources, none, and, or, equal, narrower int
	}{
		{"10To11MapToOneCategory.txt", icd11.ToOne, 12597, 12597, 5, 783, 62, 0, 0},
		{"10To11MapToMultipleCategories.txt", icd11.ToMultiple, 15658, 12597, 1, 859, 121, 0, 0},
		{"11To10MapToOneCategory.txt", icd11.FromOne, 17908, 17908, 36, 0, 0, 0, 0},
		{"foundation_10To11MapToOneCategory.txt", icd11.ToFoundation, 12597, 12597, 4, 0, 0, 7858, 4735},
	} {
		t.Run(tt.file, func(t *testing.T) {
			s, sink := mapSource(t, tabulartest.Real(t, "icd11/"+tt.file)), tabulartest.NewSink()
			release, err := s.Read(context.Background(), sink)
			if err != nil || len(sink.BadRows) > 0 {
				t.Fatalf("Read = %v, bad rows %v", err, sink.BadRows)
			}
			got := tt
			got.table, got.rows, got.sources = s.Table(), len(sink.Mappings), release.Maps[0].Sources
			got.none, got.and, got.or, got.equal, got.narrower = 0, 0, 0, 0, 0
			for i, m := range sink.Mappings {
				uri := strings.HasPrefix(m.Target, "http")
				count := func(n *int, is bool) {
					if is {
						*n++
					}
				}
				count(&got.none, m.Target == "")
				count(&got.and, strings.Contains(m.Target, "&"))
				count(&got.or, strings.Contains(m.Target, "/") && !uri)
				count(&got.equal, m.Relationship == terminology.Equivalent)
				count(&got.narrower, m.Relationship == terminology.SourceIsNarrower)
				if m.Target != "" && m.Display == "" || m.File != tt.file || m.Line != uint32(i+2) || m.Source == "" {
					t.Fatalf("row %d is %+v", i, m)
				}
			}
			if got != tt || release.Version != "2024-01" {
				t.Errorf("read %+v of version %s, want %+v of 2024-01", got, release.Version, tt)
			}
			for _, m := range sink.Mappings {
				if m.Source == "A18.7" && tt.table == icd11.ToOne && (m.Target != "1B12.3&XA0NE9/5A74.0" ||
					m.Display != "Tuberculosis of endocrine glands [Adrenal gland] [Acquired adrenocortical insufficiency]") {
					t.Errorf("A18.7 leads to %s %q", m.Target, m.Display)
				}
			}
		})
	}
}

// FuzzReadMap states what holds for every input: reading ends, two readings say the same,
// and each row that is said has a source, its line, and a target with a code or none.
func FuzzReadMap(f *testing.F) {
	f.Add(whoMap(headerOne, "category|2|A18.7|I|TB|category|1|http://id.who.int/icd/entity/1|"+mms+"807058764|1B12.3&XA0NE9/5A74.0|01|TB [Adrenal]"))
	f.Add(whoMap(headerMultiple, "block|1|A00-A09|I|Gut|category|1|u|"+mms+"257068234|1A00|01|x", "block|1|A00-A09|I|Gut|category|1|u|"+mms+"1||01|x"))
	f.Add(whoMap(headerFrom, mms+"588616678||01|Of the gut|A04.9|I|Bacterial", mms+"1|1B70|01|C|No Mapping||"))
	f.Add(whoMap(headerFoundation, "Category|1|A00|I|Cholera|http://id.who.int/icd/entity/257068234|Cholera|Equivalent|0"))
	f.Fuzz(func(t *testing.T, content string) {
		s, err := icd11.NewMapSource(tabulartest.File("f", content), options)
		if err != nil {
			return
		}
		one, two := tabulartest.NewSink(), tabulartest.NewSink()
		_, err = s.Read(context.Background(), one)
		_, again := s.Read(context.Background(), two)
		if (err == nil) != (again == nil) || !cmp.Equal(said(one), said(two)) {
			t.Fatalf("two readings differ: %v, %v", err, again)
		}
		for _, m := range one.Mappings {
			if m.Source == "" || m.Line < 2 || strings.TrimSpace(m.Target) != m.Target {
				t.Fatalf("the row %+v", m)
			}
		}
	})
}

func ExampleNewMapSource() {
	content := "icd10Code\ticd10Title\tLinearization (release) URI\ticd11Code\ticd11Title\t2024-Jan-21\r\n" +
		"A18.7\tTuberculosis of adrenal glands\thttp://id.who.int/icd/release/11/2024-01/mms/807058764\t1B12.3&XA0NE9/5A74.0\tTuberculosis of endocrine glands [Adrenal gland]\r\n"
	s, err := icd11.NewMapSource(tabulartest.File("map.txt", content), terminology.SourceOptions{})
	fmt.Println(s.Release().Title, s.Release().Version, err)
	sink := tabulartest.NewSink()
	_, err = s.Read(context.Background(), sink)
	fmt.Println(sink.Mappings[0].Source, sink.Mappings[0].Target, err)

	_, err = icd11.NewMapSource(tabulartest.File("codes.txt", "Code\tTitle\n1A00\tCholera\n"), terminology.SourceOptions{})
	fmt.Println(err)
	// Output:
	// ICD-10 to ICD-11 MMS, one category (WHO) 2024-01 <nil>
	// A18.7 1B12.3&XA0NE9/5A74.0 <nil>
	// icd11.NewMapSource: invalid input: codes.txt: not a map between ICD-10 and ICD-11: its columns are Code, Title
}
