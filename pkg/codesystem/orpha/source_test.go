package orpha_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/orpha"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

var options = terminology.SourceOptions{Version: "2026-11-22", Today: "2026-11-22"}

// sink keeps the rows of all maps.
type sink struct {
	*tabulartest.Sink
	mappings []terminology.Mapping
}

func newSink() *sink { return &sink{Sink: tabulartest.NewSink()} }

func (s *sink) Mapping(m terminology.Mapping) error {
	if !slices.ContainsFunc(s.Maps, func(info terminology.MapInfo) bool { return info.ID == m.Map }) {
		return fmt.Errorf("no map %s", m.Map)
	}
	s.mappings = append(s.mappings, m)
	return nil
}

func sample(tb testing.TB, name string) terminology.SourceFile {
	tb.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return tabulartest.File(name, string(b))
}

func read(tb testing.TB, files ...terminology.SourceFile) (*sink, terminology.Release) {
	tb.Helper()
	src, err := orpha.NewSource(files, options)
	if err != nil {
		tb.Fatal(err)
	}
	s := newSink()
	release, err := src.Read(context.Background(), s)
	if err != nil {
		tb.Fatal(err)
	}
	return s, release
}

func TestRead(t *testing.T) {
	s, release := read(t, sample(t, "en_product3_147.xml"), sample(t, "en_product1.xml"), sample(t, "en_product3_146.xml"), sample(t, "nb_product1.xml"))
	if len(s.BadRows) > 0 {
		t.Fatal(s.BadRows)
	}
	if release.System != orpha.System || release.Version != "2025-06-24" || release.Date != "2025-06-24" {
		t.Errorf("release %+v", release)
	}
	if diff := cmp.Diff([]string{"58", "77", "59", "60", "90"}, s.Order); diff != "" {
		t.Error(diff)
	}
	var terms []string
	for _, d := range s.Designations["58"] {
		terms = append(terms, d.Language+"/"+d.Use+": "+d.Term)
	}
	want := []string{"en/display: A rare shaking", "en/synonym: Shaker disease", "en/synonym: Müller shaking", "en/definition: One who shakes, rarely.", "nb/display: Sjelden skjelving"}
	if diff := cmp.Diff(want, terms); diff != "" {
		t.Error(diff)
	}
	want = []string{"expert-link=http://example.org/?code=58&lng=en", "type=Disease", "group=Disorder",
		"icd-10=E75.2 (NTBT, Inclusion term, Validated)", "icd-11=8A44.4 (E)", "omim=203450", "icd-10=G31.8 (ND)"}
	if diff := cmp.Diff(want, s.Values("58")); diff != "" {
		t.Error(diff)
	}
	if !s.Concepts["77"].Inactive || s.Concepts["58"].Inactive {
		t.Error("an obsolete entry is inactive, no other")
	}
	if diff := cmp.Diff([]string{"flag=Inactive: Obsolete", "replaced-by=58"}, s.Values("77")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"type=Category", "classification=Of the young"}, s.Values("90")); diff != "" {
		t.Error(diff)
	}
	if got := s.Parents["59"]; !cmp.Equal(got, []string{"90", "58", "60"}) || !cmp.Equal(s.Parents["58"], []string{"60"}) {
		t.Errorf("parents of 59 %v, of 58 %v", got, s.Parents["58"])
	}
}

func TestMaps(t *testing.T) {
	s, _ := read(t, sample(t, "en_product1.xml"))
	var rows []string
	for _, m := range s.mappings {
		rows = append(rows, fmt.Sprintf("%s %s %s %d %s %s:%d", m.Source, m.Relationship, m.Target, m.Priority, m.Advice, m.File, m.Line))
	}
	want := []string{"58 source-is-narrower-than-target E75.2 1 NTBT, Inclusion term, Validated en_product1.xml:14", "58 related-to G31.8 2 ND en_product1.xml:23",
		"58 equivalent 8A44.4 1 E en_product1.xml:19", "58 related-to 203450 1  en_product1.xml:22", "77 related-to 58 1  en_product1.xml:32"}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	if len(s.Maps) != 4 || s.Maps[3].URL != "urn:kodeks:map:orphanet:replaced-by" || s.Maps[2].Target != "http://www.omim.org" || s.Maps[0].Source != orpha.System || s.Maps[0].Target != "http://hl7.org/fhir/sid/icd-10" {
		t.Errorf("maps %+v", s.Maps)
	}
}

// TestBadRows says what a person sees of each mistake in a file.
func TestBadRows(t *testing.T) {
	for _, tt := range []struct{ name, file, old, new, want string }{
		{"fewer disorders than it says", "en_product1.xml", `DisorderList count="4"`, `DisorderList count="5"`, `en_product1.xml:4:DisorderList/count: says "5" and holds 4: the file is not whole`},
		{"fewer synonyms than it says", "en_product1.xml", `SynonymList count="2"`, `SynonymList count="3"`, `en_product1.xml:10:SynonymList/count: says "3" and holds 2: it is not whole`},
		{"no number", "en_product1.xml", `<OrphaCode>59<`, `<OrphaCode>ORPHA59<`, `en_product1.xml:39:Disorder/OrphaCode: "ORPHA59", want a number`},
		{"no name", "en_product1.xml", `Shaking of the young`, ``, `en_product1.xml:39:Disorder/Name: disorder 59 has no name`},
		{"given twice", "en_product1.xml", `<OrphaCode>60<`, `<OrphaCode>59<`, `en_product1.xml:40:Disorder/OrphaCode: disorder 59 is given twice in "en": also in en_product1.xml:39`},
		{"a reference to nothing", "en_product1.xml", `<Reference>203450</Reference>`, ``, `en_product1.xml:22:ExternalReference: a reference needs Source and Reference`},
		{"fewer nodes than it says", "en_product3_146.xml", `ChildList count="2"`, `ChildList count="3"`, `en_product3_146.xml:5:ClassificationNodeChildList/count: says "3" and holds 2: the file is not whole`},
		{"a node of no disorder", "en_product3_146.xml", `<Disorder id="14"><OrphaCode>60</OrphaCode><Name lang="en">Things that shake</Name></Disorder>`, ``, `en_product3_146.xml:5:ClassificationNodeChildList: want <Disorder> before it`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := os.ReadFile("testdata/" + tt.file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(b), tt.old) {
				t.Fatalf("the sample has no %s", tt.old)
			}
			s, _ := read(t, tabulartest.File(tt.file, strings.Replace(string(b), tt.old, tt.new, 1)))
			if len(s.BadRows) == 0 || s.BadRows[0].Error() != tt.want {
				t.Errorf("bad rows %v, want %s", s.BadRows, tt.want)
			}
		})
	}
}

func TestNotOrphanet(t *testing.T) {
	for name, content := range map[string]string{
		"another element": "<ClaML/>", "no XML": "x", "cut off": "<JDBOR><DisorderList", "nothing that we know": "<JDBOR><Availability/></JDBOR>",
		"genes": "<JDBOR><DisorderList count='1'><Disorder><OrphaCode>58</OrphaCode><DisorderGeneAssociationList count='0'/></Disorder></DisorderList></JDBOR>",
	} {
		if _, err := orpha.NewSource([]terminology.SourceFile{tabulartest.File("f", content)}, options); terminology.KindOf(err) != terminology.Invalid {
			t.Errorf("%s: NewSource: %v, want kind Invalid", name, err)
		}
	}
	if orpha.Match(markup.Root{Name: "ClaML"}) || !orpha.Match(markup.Root{Name: "JDBOR"}) {
		t.Error("Match knows Orphadata by its first element")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	src, err := orpha.NewSource([]terminology.SourceFile{sample(t, "nb_product1.xml")}, options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Read(ctx, newSink()); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Read after cancel: %v", err)
	}
}

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{"58": "58", "ORPHA:58": "58", "orpha58": "58", "Orphanet_58": "58", "Orpha 58": "58", "058": "", "": "", "ORPHA:": "", "58a": "", "1234567890": ""} {
		if got := strings.Join(orpha.Normalize(in), " "); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", in, got, want)
		}
	}
}

func Example() {
	file := tabulartest.File("en_product1.xml", `<JDBOR date="2025-06-24 07:03:44"><DisorderList count="1">
<Disorder id="11"><OrphaCode>58</OrphaCode><Name lang="en">Alexander disease</Name></Disorder></DisorderList></JDBOR>`)
	src, err := orpha.NewSource([]terminology.SourceFile{file}, terminology.SourceOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := tabulartest.NewSink()
	release, err := src.Read(context.Background(), sink)
	fmt.Println(release.System, release.Version, err)
	fmt.Println(sink.Order, sink.Display("58"))
	// Output:
	// https://www.orpha.net 2025-06-24 <nil>
	// [58] Alexander disease
}

// FuzzRead states what holds for every input: reading ends, and what is read without
// a bad row can be built into a release, but for a hierarchy that goes round in a
// circle and for more languages or properties than we keep.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"en_product1.xml", "nb_product1.xml", "en_product3_146.xml", "en_product3_147.xml"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Fuzz(func(t *testing.T, content string) {
		src, err := orpha.NewSource([]terminology.SourceFile{tabulartest.File("f", content)}, options)
		if err != nil {
			return
		}
		s := &building{sink: newSink(), b: basic.NewBuilder()}
		release, err := src.Read(context.Background(), s)
		if err != nil || len(s.BadRows) > 0 {
			return
		}
		_, err = s.b.Build(release, basic.DefaultRules())
		if err != nil && !strings.Contains(err.Error(), "cycle") && terminology.KindOf(err) != terminology.NotSupported {
			t.Fatalf("what was read without a bad row cannot be built: %v", err)
		}
	})
}

// building passes to a builder what a release keeps.
type building struct {
	*sink
	b *basic.Builder
}

func (s *building) Concept(c terminology.Concept) error         { return s.b.Concept(c) }
func (s *building) Designation(d terminology.Designation) error { return s.b.Designation(d) }
func (s *building) Parent(child, parent string) error           { return s.b.Parent(child, parent) }
func (s *building) Property(p terminology.Property) error       { return s.b.Property(p) }
